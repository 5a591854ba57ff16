"""What must not go wrong with invites, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

SERVICE, RULES, COUNTING, GRAPH, BOARD, VIEWS, ITEMS, SHAPES = (
    f"chalicelib/invite/{name}.py"
    for name in ("service", "rules", "counting", "graph", "board", "views", "items", "shapes")
)
TOMBSTONE = "chalicelib/accounts/tombstone.py"
STORE = "chalicelib/core/store.py"

INVITED: tuple[Mutant, ...] = (
    sabotage(RULES, "anybody invites himself", "    if parent.is_same_person(child):", "    if False:"),
    sabotage(RULES, "an ended campaign's board goes on", "if campaign is not None and campaign.is_running(now) else", "if campaign is not None else"),
    sabotage(RULES, "an edge names everybody above", "[:DEPTH]", ""),
    sabotage(SERVICE, "a second inviter is answered like the first", "if offered is None or offered.uid != edge.parent:", "if False:"),
    sabotage(SERVICE, "a key is for any invitation", "        intent.insist_same(edge.fingerprint)\n", ""),
    sabotage(SERVICE, "evidence of another share counts", "if entry is not None and entry.share == offered.share else None", ""),
    sabotage(SERVICE, "who returns is new", "if tombstone.returned(found, child) else verdict", "if False else verdict"),
    sabotage(SERVICE, "the blocked invite", "if parent is None or parent.status is not UserState.ACTIVE:", "if parent is None:"),
    sabotage(SERVICE, "a campaign's own definition is not asked", 'getattr(offer, "new_user", rule), offer.starts_at', "rule, offer.starts_at"),
    sabotage(TOMBSTONE, "a stone says who it was", "digest = hmac.new(secret, f\"{user.mid}|{who}\".encode(), hashlib.sha256).hexdigest()", "digest = who"),
    sabotage(COUNTING, "a star is never spread", "more.append(Descendants.spread.set(SHARDS))", "pass"),
    sabotage(COUNTING, "an edge is counted at no time", "    tx.upsert(f\"ancestor{depth}\", descendants_key(mid, ancestor, shard), more)", "    pass"),
    sabotage(COUNTING, "a board that lost looks no more", "        update_one(tally, [], when=leased, due=clock.now() + PAUSE)", "        update_one(tally, [], when=leased, due=None)"),
    sabotage(COUNTING, "the latest is the last that was counted", "if seen is None or seen.last_at < edge.bound_at:", "if seen is None:"),
    sabotage(ITEMS, "the later stands first", "{LATEST - int(reached_at.timestamp() * 1000):015d}", "{int(reached_at.timestamp() * 1000):015d}"),
    sabotage(GRAPH, "children of one shard are shown", "for shard in range(shards)]\n    keys, more", "for shard in range(1)]\n    keys, more"),
    sabotage(GRAPH, "numbers of one shard are shown", "for item in (first, *rest.values())", "for item in (first,)"),
    sabotage(GRAPH, "the chain ends at the fifth", "        at = chain[-1]\n", "        return chain[:limit], None\n"),
    sabotage(VIEWS, "children are shown by their names", "        nickname=shown.nickname,\n        avatar_url=shown.avatar_url,\n        new_user", "        nickname=str(bound.user and bound.user.nickname),\n        avatar_url=shown.avatar_url,\n        new_user"),
    sabotage(BOARD, "the last stand first", "reverse=True", "reverse=False"),
    sabotage(STORE, "a page after another ends the listing", "limit + 2  #", "limit + 1  #"),
    sabotage(SERVICE, "an edge says of no device", "device=where.device,", "device=None,"),
    sabotage(SERVICE, "an edge says of no network", "network=where.network,", "network=None,"),
    sabotage(SHAPES, "a shape is looked at by everybody", "if kept is not None and now < kept.looked_at + _kept(kept.shape):", "if False:"),
    sabotage(SHAPES, "a farm has an hour to grow in", "return KEPT_CLEAR if shape == Shape() else KEPT", "return KEPT"),
    sabotage(SHAPES, "storage that fails fails the page", "except (RippleError, Undecodable) as why:", "except Undecodable as why:"),
    sabotage(SHAPES, "a spoiled edge fails the page", "except (RippleError, Undecodable) as why:", "except RippleError as why:"),
    sabotage(SHAPES, "a shape that is not kept fails the page", "except (Lost, RippleError) as why:", "except Lost as why:"),
    sabotage(SHAPES, "nobody has time to come back", "for at, child in latest if at < now - BACK_WITHIN]", "for at, child in latest]"),
    sabotage(SHAPES, "whoever comes at last came back", " and user.came_back_at <= accepted_at + BACK_WITHIN", ""),
    sabotage(SHAPES, "who was here before was never here", "if accepted_at >= user.created_at + APART:", "if False:"),
    sabotage(SHAPES, "a star is looked for in one shard", "settled = _latest(lists, now,", "settled = _latest(lists[:1], now,"),
    sabotage(SHAPES, "a star hides under those who came since", "if shards > 1 or len(latest) == LOOKED_AT:", "if shards > 1:"),
    sabotage(SHAPES, "a star is one for ever", "for at, child in came if at >= now - RECENT]", "for at, child in came]"),
    sabotage(SHAPES, "nobody looks up a line", " or is_chain([marks for _, marks in _marked(found, line, now)])", ""),
)  # fmt: skip
