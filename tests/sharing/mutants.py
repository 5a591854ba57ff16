"""What must not go wrong with shares and entries, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

SHARES, ENTRIES, RULES, LINKS, PROOF = (
    f"chalicelib/sharing/{name}.py" for name in ("shares", "entries", "rules", "links", "proof")
)

OPENED: tuple[Mutant, ...] = (
    sabotage(SHARES, "anybody shares what is another's", "is Sharers.OWNER and thing.owner != uid", "is Sharers.OWNER and False"),
    sabotage(SHARES, "a look fails for a share that cannot be written", "except (Lost, RippleError) as unwritten:", "except ZeroDivisionError as unwritten:"),
    sabotage(SHARES, "a link is shown for ever", "and now < row.link_until", ""),
    sabotage(SHARES, "every look writes", "    if row is None:\n", "    if True:\n"),
    sabotage(RULES, "Moments invite", "if opening.scene_value in TIMELINE:", "if False:"),
    sabotage(RULES, "an entry through an ended campaign counts", "None if opening.at < opening.until else NotCounted.ENDED", "None"),
    sabotage(RULES, "credit lasts for ever", "if entry is None or now >= entry.until:", "if entry is None:"),
    sabotage(RULES, "the first share keeps the credit", "if entry.share != opening.share or", "if"),
    sabotage(RULES, "a window is never renewed", " or entry.until <= opening.at:", ":"),
    sabotage(RULES, "stronger evidence is forgotten", "return opening.evidence.rank > entry.evidence.rank", "return False"),
    sabotage(ENTRIES, "the first opening is overwritten", "first_at=before.first_at if before else opening.at,", "first_at=opening.at,"),
    sabotage(ENTRIES, "every opening writes", "elif rules.tells_more(before, opening):", "else:"),
    sabotage(PROOF, "another's login proves it", "session.openid == user.openid and ", ""),
    sabotage(PROOF, "any card proves it", 'session.openid == user.openid and any(said.get("activityId") == activity for activity in known)', "session.openid == user.openid"),
    sabotage(PROOF, "what the client says is proof", "        return Evidence.CLAIMED\n    account", "        return Evidence.PROVED\n    account"),
    sabotage(PROOF, "a card is proved for ever", "if clock.now() < activity.made_at + PRIVATE_PROVED_WITHIN}", "}"),
    sabotage(LINKS, "links are made for anybody", "user is None or row.uid != uid", "user is None"),
    sabotage(LINKS, "a link is made every time", "if row.short_link and row.link_until and now < row.link_until:", "if False:"),
    sabotage(LINKS, "links are made at any rate", 'if not rate.take(mid, "short_link", LINKS):', "if False:"),
    sabotage(LINKS, "older private cards prove nothing", "[*kept, new]", "[new]"),
    sabotage("chalicelib/groupbuy/service.py", "a seat does not say by whom its owner came", "sat.came_by = attributed(found.item(Entry, entry), now)", "pass"),
    sabotage("chalicelib/bargain/service.py", "a help does not say by whom its giver came", "given.came_by = attributed(found.item(Entry, entry), now)", "pass"),
    sabotage("chalicelib/bargain/service.py", "nobody counts how fast somebody helps", "        pace.note(own_pace, found, now)\n", ""),
    sabotage("chalicelib/sharing/pace.py", "an hour never ends", "if pace is not None and now < pace.since + HOUR else 0", "if pace is not None else 0"),
    sabotage("chalicelib/sharing/tickets.py", "a ticket tells its bearer what speaks against him", "if secrets.data_kid not in secrets.data_keys:\n        plain = Ticket(sub=ticket.sub, target=ticket.target, seen_at=ticket.seen_at)", "if True:\n        plain = ticket"),
    sabotage("chalicelib/sharing/tickets.py", "what one was told is another's too", 'msgspec.json.encode(ticket), f"{AUDIENCE}|{ticket.sub}")', 'msgspec.json.encode(ticket), AUDIENCE + "|")'),
)  # fmt: skip
