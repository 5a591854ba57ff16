"""What must not go wrong with who counts, who waits and what strangers read, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

VERDICT, SIGHTINGS, RISK, TICKETS, HELD = (
    f"chalicelib/sharing/{name}.py" for name in ("verdict", "sightings", "risk", "tickets", "held")
)
NAMES, MASK, ACCOUNTS = (f"chalicelib/accounts/{name}.py" for name in ("names", "mask", "items"))
ROUTES = "chalicelib/sharing/held_routes.py"
WECHAT_RISK, CONTENT, HTTP = (f"chalicelib/wechat/{name}.py" for name in ("risk", "content", "http"))

GUARDED: tuple[Mutant, ...] = (
    sabotage(VERDICT, "an unknown rank holds newcomers", "Weight(1, 5,", "Weight(3, 5,"),
    sabotage(VERDICT, "cash is given to the unknown", "Weight(1, 5,", "Weight(1, 4,"),
    sabotage(VERDICT, "what holds adds up to denial", "HOLD_AT, DENY_AT = 5, 100", "HOLD_AT, DENY_AT = 5, 12"),
    sabotage(VERDICT, "a signal counts for the other side", "points = sum(", "points = 105 - sum("),
    sabotage(VERDICT, "eleven accounts are a household", "(Signal.DEVICE_FARMED, devices > DEVICE_FARMED),", "(Signal.DEVICE_FARMED, devices > DEVICE_FARMED + 1),"),
    sabotage(VERDICT, "three accounts are too many", "DEVICE_SHARED < devices <= DEVICE_FARMED", "DEVICE_SHARED <= devices <= DEVICE_FARMED"),
    sabotage(VERDICT, "nobody acts too fast", "facts.looked < LOOKED)", "facts.looked < -LOOKED)"),
    sabotage(SIGHTINGS, "a crowded address is written to by everybody", "if not fresh and others < kind.most:", "if not fresh:"),
    sabotage(SIGHTINGS, "every look is written down", "if not fresh and others < kind.most:", "if others < kind.most:"),
    sabotage(SIGHTINGS, "calls are counted", "others = sum(name != account for name in lately)", "others = len(lately)"),
    sabotage(SIGHTINGS, "a device never forgets", "if at > now - window}", "if at > 0}"),
    sabotage(SIGHTINGS, "the table tells where people are", 'table(mid).key("SEEN", _hashed(secret, kind.name, place))', 'table(mid).key("SEEN", place)'),
    sabotage(SIGHTINGS, "the table tells who was there", '_hashed(secret, "account", user.unionid or user.uid)[:ACCOUNT_LETTERS]', "user.uid"),
    sabotage(SIGHTINGS, "two accounts of a person are two", "user.unionid or user.uid", "user.uid"),
    sabotage(SIGHTINGS, "storage that fails fails the page", "except (RippleError, Undecodable) as why:", "except Undecodable as why:"),
    sabotage(SIGHTINGS, "a sighting that is lost fails the page", "except (Lost, RippleError) as why:", "except RippleError as why:"),
    sabotage(SIGHTINGS, "any text is a device", "if seen.device and _DEVICE.fullmatch(seen.device) else None", ""),
    sabotage(SIGHTINGS, "every phone of a household is a place", "HOUSEHOLD = 64", "HOUSEHOLD = 128"),
    sabotage(RISK, "a rank is asked for at every look", "(ASKED_AGAIN if user.rank is None else KEPT)", "ASKED_AGAIN"),
    sabotage(RISK, "no answer is kept for a day", "(ASKED_AGAIN if user.rank is None else KEPT)", "KEPT"),
    sabotage(RISK, "an old rank stays", "User.rank.remove() if found is None else", "User.fails.remove() if found is None else"),
    sabotage(RISK, "WeChat's silence fails the page", "except (Unknown, RippleError) as why:", "except RippleError as why:"),
    sabotage(RISK, "WeChat's refusal fails the page", "except WechatError as refused:", "except ZeroDivisionError as refused:"),
    sabotage(RISK, "a page waits as long as it takes", "client_ip=address, until=until)", "client_ip=address)"),
    sabotage(HTTP, "time that is over is not over", "if left <= 0:", "if left < -10:"),
    sabotage(TICKETS, "anybody's ticket passes", "(said[\"mid\"], ticket.sub, ticket.target) != (mid, uid, target)", "ticket.target != target"),
    sabotage(TICKETS, "a ticket is for anything", "(said[\"mid\"], ticket.sub, ticket.target) != (mid, uid, target)", "(said[\"mid\"], ticket.sub) != (mid, uid)"),
    sabotage(TICKETS, "a ticket works at once", "if clock.now() < ticket.seen_at + LOOKED:", "if False:"),
    sabotage(TICKETS, "a ticket forgets the device", "device_accounts=counted.device,", "device_accounts=None,"),
    sabotage(ACCOUNTS, "two accounts of a person are strangers", "or (self.unionid is not None and self.unionid == other.unionid)", ""),
    sabotage(ACCOUNTS, "all who have no unionid are one", "self.unionid is not None and self.unionid == other.unionid", "self.unionid == other.unionid"),
    sabotage(HELD, "what is decided is decided again", "if not holding.waits(item):", "if False:"),
    sabotage(HELD, "a decision is not remembered", "        add_record(tx, intent, decision=decision.value)\n", ""),
    sabotage(HELD, "nobody wrote down who decided", "audit.add(tx, mid, intent.actor,", "(lambda *_, **__: None)(tx, mid, intent.actor,"),
    sabotage(HELD, "an id has many spellings", " and _id_of(key) == held_id:", ":"),
    sabotage(HELD, "anything stored can be decided", "if class_of(key) in HELD and", "if class_of(key) and"),
    sabotage(HELD, "what is decided is still shown", "if type(item) in HELD and HELD[type(item)].waits(item)]", "if type(item) in HELD]"),
    sabotage(HELD, "several are one", "decide(part(intent, held_id), held_id,", "decide(intent, held_id,"),
    sabotage(HELD, "a key for several is taken for anything", "    begin(intent)\n", ""),
    sabotage(HELD, "one that is refused stops all", "if refused.problem.status >= 500:", "if True:"),
    sabotage(ROUTES, "one page is all there is", "cursor=cursor.of_position(more), now", "cursor=None, now"),
    sabotage(NAMES, "a doubtful name is shown", "Suggest.REVIEW: NameState.REVIEW", "Suggest.REVIEW: NameState.SHOWN"),
    sabotage(NAMES, "a bad name is doubtful", "Suggest.RISKY: NameState.REFUSED", "Suggest.RISKY: NameState.REVIEW"),
    sabotage(NAMES, "a name that nobody looked at is shown", "if found else NameState.UNCHECKED", "if found else NameState.SHOWN"),
    sabotage(NAMES, "nobody asks about it again", 'owe(tx, "check", user.mid, CHECK, naming, {"uid": user.uid})\n    user.named_at', "pass\n    user.named_at"),
    sabotage(NAMES, "a refused name is taken again", "if nickname == user.nickname and user.name_state is NameState.REFUSED:", "if False:"),
    sabotage(NAMES, "WeChat is asked about a name for ever", "if clock.now() >= entry.created_at + VISIT:", "if False:"),
    sabotage(NAMES, "a visit changes nothing", "if user.nickname is None or user.name_state not in (None, NameState.UNCHECKED):", "if True:"),
    sabotage(NAMES, "a visit that cannot be noted fails the login", "except (Lost, RippleError) as why:", "except Lost as why:"),
    sabotage(NAMES, "a visit that comes too late fails the login", "except (Lost, RippleError) as why:", "except RippleError as why:"),
    sabotage(NAMES, "the merchant decides about a name that he did not see", "if user.nickname != nickname or", "if"),
    sabotage(NAMES, "what was decided is decided again", "if user.nickname != nickname or user.name_state not in WAITING:", "if user.nickname != nickname:"),
    sabotage(NAMES, "nobody wrote down who cleared it", "audit.add(tx, intent.mid,", "(lambda *_, **__: None)(tx, intent.mid,"),
    sabotage(NAMES, "who comes again waits anew", "user.named_at or user.created_at", "clock.now()"),
    sabotage(MASK, "others see a whole name", "return mask(public_name(user) if user else None)", "return (public_name(user) if user else None) or NOBODY"),
    sabotage(CONTENT, "who is away is refused", "if refusal.code == AWAY:", "if False:"),
    sabotage(WECHAT_RISK, "any number is a rank", "if type(found) is not int or not LOWEST <= found <= HIGHEST:", "if type(found) is not int:"),
)  # fmt: skip
