"""What of live codes must not be wrong and is no condition, and what breaks each promise about them."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

SERVICE, RULES, FINDING, ADMIN, TARGETS, DETAIL, VIEWS, LISTING, TIMERS = (
    f"chalicelib/livecodes/{name}.py"
    for name in ("service", "rules", "finding", "admin", "target_admin", "detail", "views", "listing", "timers")
)
ADMIN_VIEWS, ROUTES = "chalicelib/livecodes/admin_views.py", "chalicelib/livecodes/admin_routes.py"
ENTRIES = "chalicelib/sharing/entries.py"

LED: tuple[Mutant, ...] = (
    sabotage(SERVICE, "a place is asked for again and again", "    if seen.mine is not None and seen.stays:\n        return seen.mine\n", ""),
    sabotage(SERVICE, "a code that does not run gives places", "    rules.insist_running(seen.code)\n", ""),
    sabotage(SERVICE, "refused on what a few parts show", "    for everything in (False, True):\n", "    for everything in (False, False):\n"),
    sabotage(SERVICE, "nobody hears that it is full", '            count("LiveCodeFull", mid=mid, lid=lid)\n', "            pass\n"),
    sabotage(SERVICE, "nobody hears that little is left", '        count("LiveCodeLow", mid=mid, lid=lid)\n', "        pass\n"),
    sabotage(SERVICE, "nobody came by anybody", "came_by=attributed(found.item(Entry, keys[2]), clock.now()),", "came_by=None,"),
    sabotage(SERVICE, "what was lost is believed", "        finding.forget(mid, lid)\n        raise\n", "        raise\n"),
    sabotage(RULES, "everybody tries the first part first", "zlib.crc32(uid.encode()) % target.parts", "0"),
    sabotage(RULES, "closed targets are tried", "for target in targets if target.state is TargetState.OPEN for part", "for target in targets for part"),
    sabotage(RULES, "an old QR code takes people", "and (part.until is None or now < part.until)", ""),
    sabotage(RULES, "an old QR code is called full", "problems.QR_EXPIRED if room else problems.FULL", "problems.FULL"),
    sabotage(RULES, "an old QR code is good", "Standing.EXPIRED if target.is_over(now) else Standing.GOOD", "Standing.GOOD"),
    sabotage(RULES, "anybody's group may be for five hundred", "MOST_OF_GROUP if to.by_hand else MOST_BY_SCANNING", "MOST_OF_GROUP"),
    sabotage(RULES, "a QR code is good for ever", "if not now < to.until <= now + QR_LIFE:", "if not now < to.until:"),
    sabotage(RULES, "a group becomes a page", "if type(target.to) is not type(to):", "if False:"),
    sabotage(RULES, "the parts of a code are without number", "    if taken + len(capacities) > MOST_PARTS:\n", "    if False:\n"),
    sabotage(RULES, "a target never grows wider", "return max(target.parts, min(", "return min(target.parts, min("),
    sabotage(RULES, "a merchant is told when it is too late", "for event in (until - NOTICE, until)]", "for event in (until,)]"),
    sabotage(RULES, "a merchant is told of closed groups", "t.state is TargetState.OPEN and t.until is not None", "t.until is not None"),
    sabotage(FINDING, "a live code is read each time", "        _kept[mid, lid] = found\n", ""),
    sabotage(FINDING, "a live code is believed for ever", "kept.until > time.monotonic()", "True"),
    sabotage(ADMIN, "a code made again is another", "            intent.insist_same(made.fingerprint)\n            return made\n", "            raise RippleError(problems.TARGETS_FULL)\n"),
    sabotage(ADMIN, "any text may stand", "        for match in copy_lint.matches(text, FORBIDDEN):\n", "        for match in copy_lint.matches(text, []):\n"),
    sabotage(ADMIN, "a draft is a campaign", "if campaign is None or campaign.version == 0:", "if campaign is None:"),
    sabotage(ADMIN, "an edition that is not the last is edited", "    if code.edition != edition:\n", "    if False:\n"),
    sabotage(ADMIN, "an ended code is edited", "    if code.status is LiveState.ENDED:\n", "    if False:\n"),
    sabotage(ADMIN, "nobody wrote down who changed it", "    audit.add(tx, code.mid, actor, act, code.lid, **(detail or {}))\n", ""),
    sabotage(ADMIN, "what was changed is believed as it was", "    finding.forget(mid, lid)\n    return live_code", "    return live_code"),
    sabotage(ADMIN, "a campaign is never taken away", "            actions.append(LiveCode.campaign.remove())\n", "            pass\n"),
    sabotage(TARGETS, "a capacity falls below what is taken", "        if sum(part.left for part in parts) < -more:\n", "        if False:\n"),
    sabotage(TARGETS, "an edit sent again is another", "if code.edition == edition + 1 and wish_of(before) == wish:", "if False:"),
    sabotage(TARGETS, "what is over must be renewed before it is renamed", "if (wish.to, wish.capacity) != (before.to, before.capacity):", "if True:"),
    sabotage(DETAIL, "an ended code has a card", "    if code.status is LiveState.ENDED:\n        return None\n", ""),
    sabotage(DETAIL, "who has a place may ask for none", "    if seen.stays:\n        return None\n", ""),
    sabotage(VIEWS, "an old QR code is shown", "if file is not None and now < to.until else None", "if file is not None else None"),
    sabotage(VIEWS, "a link outlives its QR code", "files.lent(file, to.until)", "files.lent(file)"),
    sabotage(LISTING, "one part's people are listed", "for part in range(target.parts)]\n    keys, more", "for part in range(1)]\n    keys, more"),
    sabotage(LISTING, "a day begins two pages", "if isinstance(item, ScanDay) and item.day != before:", "if isinstance(item, ScanDay):"),
    sabotage(ADMIN_VIEWS, "nobody is listed by name", "nickname=seen(one.user),", "nickname=seen(None),"),
    sabotage(ROUTES, "a target's number may be anything", "if not text.isdecimal() or not text.isascii() or len(text) > 3:", "if not text.isdecimal():"),
    sabotage(TIMERS, "a merchant is not told", "    if ending:\n", "    if False:\n"),
    sabotage(ENTRIES, "another mark leads nowhere", "    for mark in MARKS.values():\n", "    for mark in ():\n"),
    sabotage(ENTRIES, "a mark leads to what is not there", "and mark.is_there(mid, named[1]):", "and named[1]:"),
)  # fmt: skip

BROKEN: dict[str, Mutant] = {
    "live_capacities_are_exact": sabotage(SERVICE, "a place is taken of nothing", "[Part.left.add(-1), Part.taken.add(1)]", "[Part.left.add(0), Part.taken.add(1)]"),
    "live_scans_are_counted": sabotage(SERVICE, "a scan counts twice for its day", "[ScanDay.n.add(1)]", "[ScanDay.n.add(2)]"),
    "one_identity_one_group": sabotage(SERVICE, "everybody is sent for the first time", "turn = before.turn + 1 if before is not None else 1", "turn = 1"),
    "live_parts_are_as_their_target": sabotage(TARGETS, "a closed target's parts stay open", "[Part.state.set(state)], when={})", "[], when={})"),
    "live_qr_codes_are_looked_after": sabotage(ADMIN, "nothing is due after a change", "when=as_read, due=rules.next_event(then, where, now))", "when=as_read, due=None)"),
}  # fmt: skip
"""What breaks each promise about live codes."""
