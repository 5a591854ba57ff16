"""What of the merchant's desk and of minors must not be wrong and is no condition, and what breaks each promise."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

RULES, ADJUSTING, ADMIN, FREEZING, NAMES = (
    f"chalicelib/family/{name}.py" for name in ("admin_rules", "adjusting", "admin", "freezing", "names")
)
MINORS, GRANTS, REVIEW, GIVE, THANKS = (
    f"chalicelib/rewards/{name}.py" for name in ("minors", "grants", "review", "give", "thanks")
)
PROMISING, THRESHOLDS, REACHING, BOARD = (
    f"chalicelib/invite/{name}.py" for name in ("promising", "thresholds", "reaching", "board")
)
TIMERS, PACKETS = "chalicelib/redpacket/timers.py", "chalicelib/redpacket/rules.py"
CASH, LOOKING, CODES = "chalicelib/cash/service.py", "chalicelib/cash/looking.py", "chalicelib/voucher/rules.py"

ADJUSTED: tuple[Mutant, ...] = (
    sabotage(RULES, "who asked for an adjustment may approve it", "    if key == adjustment.by or person(name)", "    if person(name)"),
    sabotage(RULES, "one person with two keys adjusts alone", "key == adjustment.by or person(name) == person(adjustment.by_name)", "key == adjustment.by"),
    sabotage(RULES, "an adjustment waits for ever", "    if now >= adjustment.until:\n", "    if False:\n"),
    sabotage(RULES, "what was decided is decided again", "    if adjustment.state is not AdjustmentState.WAITING:\n", "    if False:\n"),
    sabotage(RULES, "many little adjustments take nobody else", "return before + abs(fen)", "return abs(fen)"),
    sabotage(RULES, "what leaves counts for nothing", "return before + abs(fen)", "return before + max(fen, 0)"),
    sabotage(RULES, "a day never ends", "if family.adjusted_on == day_of(now) else 0", ""),
    sabotage(RULES, "a minus has no bound", "    if there + fen < 0:\n", "    if False:\n"),
    sabotage(RULES, "bought value has no cap", "    if kind is Kind.PAID and fen > 0 and there + fen > most_paid:\n", "    if False:\n"),
    sabotage(RULES, "what is above its cap cannot be taken out", "kind is Kind.PAID and fen > 0 and there", "kind is Kind.PAID and there"),
    sabotage(RULES, "the merchant undoes what the owner froze", "    if seen == BY_OWNER:\n", "    if False:\n"),
    sabotage(RULES, "what the owner froze is forgotten", 'return f"{key}{AND_OWNER}" if before == BY_OWNER else key', "return key"),
    sabotage(ADJUSTING, "what waits is in no list", "            made.list_to_decide()\n", "            made.set_due(made.until)\n"),
    sabotage(ADJUSTING, "what is decided is still listed", "return [Adjustment.state.set(state), Adjustment.decided_at.set(now), *listed]", "return [Adjustment.state.set(state), Adjustment.decided_at.set(now)]"),
    sabotage(ADJUSTING, "a worker who comes early ends it", "    if now < leased.until:\n", "    if False:\n"),
    sabotage(ADJUSTING, "a move says nothing of why", "        note=made.note,\n        at=now,\n", "        at=now,\n"),
    sabotage(ADMIN, "nobody writes down who looked at a minor's family", '    if any(member.role is Role.MINOR for member in members):\n', "    if False:\n"),
    sabotage(ADMIN, "nobody writes down who looked at a minor", '        note_view(mid, actor, "user.family.view", uid)\n', "        pass\n"),
    sabotage(ADMIN, "a minor who has left is nobody's", "if any(member.role is Role.MINOR for", "if any(member.role is Role.MINOR and member.left_at is None for"),
    sabotage(FREEZING, "what a family said is not the shop's to say", " and (not minor or user.minor_by not in (None, BY_FAMILY)):", ":"),
    sabotage(FREEZING, "who is a minor is one since the shop said it", "user.minor_since or clock.now()", "clock.now()"),
    sabotage(ADMIN, "what is over counts as open", "one.state is InvitationState.OPEN and now <= one.until", "one.state is InvitationState.OPEN"),
    sabotage(FREEZING, "a closed wallet is frozen once more", "        if freezes is is_by_shop(owner.frozen_by):\n", "        if False:\n"),
    sabotage(RULES, "whom the owner froze is unfrozen after he left", "member.state is MemberState.REMOVED and is_by_shop(member.frozen_by)", "member.state is MemberState.REMOVED"),
    sabotage(FREEZING, "who has left is frozen", "    if member.state is MemberState.REMOVED:\n", "    if False:\n"),
    sabotage(ADMIN, "the oldest rows are shown", "key=lambda row: row.at, reverse=True)", "key=lambda row: row.at)"),
    sabotage(ADMIN, "a status is asked for and not looked at", "if status in (None, family.status)", "if True"),
    sabotage(NAMES, "any name is decided", "if family.name != name or family.name_state not in WAITING:", "if family.name_state not in WAITING:"),
    sabotage(NAMES, "a name that is decided waits on", "Family.name_state.set(state), Family.gsi1pk.remove(), Family.gsi1sk.remove()]", "Family.name_state.set(state)]"),
)  # fmt: skip

SPARED: tuple[Mutant, ...] = (
    sabotage(MINORS, "cash is for minors", "isinstance(form, AsCash) or why in OF_INVITING", "why in OF_INVITING"),
    sabotage(MINORS, "minors earn by inviting", "isinstance(form, AsCash) or why in OF_INVITING", "isinstance(form, AsCash)"),
    sabotage(GRANTS, "what is nothing for a minor waits for ever", "if isinstance(ruling, Go | Ask) and is_kept(grant):", "if False:"),
    sabotage(GRANTS, "the merchant is asked about a minor", "isinstance(ruling, Go | Ask) and is_kept", "isinstance(ruling, Go) and is_kept"),
    sabotage(REVIEW, "what is approved for a minor is never decided", "    if yes and grants.is_kept(grant):\n", "    if False:\n"),
    sabotage(THANKS, "a minor is promised cash for his order", "kept = buyer in found and minors.is_minor(found.item(User, buyer))", "kept = False"),
    sabotage(PROMISING, "what a minor would get is reserved", "            if one.uid in minor:\n", "            if False:\n"),
    sabotage(PROMISING, "a minor's friends count", "if offer.thresholds and earns else None", "if offer.thresholds else None"),
    sabotage(THRESHOLDS, "friends of whom became a minor count", "    if doubted or minors.is_minor(found.item(User, parent)):\n", "    if doubted:\n"),
    sabotage(REACHING, "a minor has commission", "    if minors.is_minor(found.item(User, him)):\n        return\n", ""),
    sabotage(BOARD, "a leaderboard shows minors", "if not minors.is_minor(one.user)", "if True"),
    sabotage(TIMERS, "a minor's packet waits for ever", "    elif values.is_kept(packet):\n        _stop(packet, now)\n", ""),
    sabotage(TIMERS, "a minor's packet is over while a help is held", "    if packet.held > 0:\n        _settle(packet, now)\n    else:\n        _expire(packet, Packet", "    if False:\n        _settle(packet, now)\n    else:\n        _expire(packet, Packet"),
    sabotage(PACKETS, "a minor starts a packet of cash", "    minors.insist_may_have(user, plan.form)\n", ""),
    sabotage(CASH, "a minor asks for cash", "        minors.insist_cash_is_for(user)\n", ""),
    sabotage(LOOKING, "a minor is told that he may ask for cash", "                minors.insist_cash_is_for(user)\n", "                pass\n"),
    sabotage(CODES, "a minor redeems a code of cash", "    if offer.gives_cash:\n        minors.insist_cash_is_for(user)\n", ""),
)  # fmt: skip

PROMISED: dict[str, Mutant] = {
    "adjustments_take_two": sabotage(RULES, "whoever asked approves", "    if key == adjustment.by or person(name) == person(adjustment.by_name):\n", "    if False:\n"),
    "adjustments_move_once": sabotage(ADJUSTING, "a move tells of one fen too many", "granted=made.of(Kind.GRANTED),", "granted=made.of(Kind.GRANTED) + 1,"),
    "adjustments_are_looked_after": sabotage(ADJUSTING, "a lapsed adjustment is still due", "update_one(leased, _over(AdjustmentState.LAPSED, now), when=waits, due=None)", "update_one(leased, _over(AdjustmentState.LAPSED, now), when=waits, due=now)"),
    "minors_are_given_nothing": sabotage(GIVE, "who becomes a minor is given cash", 'when={"no_minor": User.minor_since.does_not_exist()}', 'when={"no_minor": User.pk.exists()}'),
    "adjustments_end": sabotage(ADJUSTING, "an adjustment is never over", "    if now < leased.until:\n", "    if True:\n"),
}  # fmt: skip
"""What breaks each promise in a run in which nothing but that promise can fail."""
