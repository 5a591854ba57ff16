"""What of messages about rewards and in families must not be wrong and is no condition: one line each."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

TELLING, GRANTS, KEPT, POINTS = (f"chalicelib/rewards/{name}.py" for name in ("telling", "grants", "cash", "reminding"))
GIVING, OFFERED, CLAIMS = (f"chalicelib/coupons/{name}.py" for name in ("service", "reminding", "rules"))
ENDS, TIMERS, PAGES = (f"chalicelib/cash/{name}.py" for name in ("reminding", "timers", "views"))
ASKS, ANSWERS, HOME = (f"chalicelib/family/{name}.py" for name in ("asks", "ask_telling", "detail"))
PACKETS = "chalicelib/redpacket/values.py"

TOLD_OF_REWARDS: tuple[Mutant, ...] = (
    sabotage(TELLING, "cash is told of before it can be claimed", "    if isinstance(gift.form, AsCash) and gift.form.hold_days:\n", "    if False:\n"),
    sabotage(TELLING, "a message says what a friend ordered", "derived(origin.ref) if origin.why in OF_FRIENDS else origin.ref", "origin.ref"),
    sabotage(TELLING, "points have a page each", '        return "reward", POINTS\n', '        return "reward", origin.ref\n'),
    sabotage(GRANTS, "who has just tapped is told", "    if grant.why is not Why.RAIN or grant.state is GrantState.REVIEW:\n", "    if True:\n"),
    sabotage(GRANTS, "what was checked is not told", " or grant.state is GrantState.REVIEW:\n", ":\n"),
    sabotage(KEPT, "nobody looks when a hold is over", "cash.since if form.hold_days and voice(mid).tells(Moment.REWARD_ARRIVED) else cash.until", "cash.until"),
    sabotage(TIMERS, "nobody is told that a hold is over", "        if cash.since <= now < cash.until:\n", "        if False:\n"),
    sabotage(PACKETS, "who claims is told of it", "    if claim.decided_at is not None:\n", "    if True:\n"),
    sabotage(PACKETS, "an owner is not told of his share", '        telling.add_arrived(tx, "owner_told", packet.uid, its, to_owner(packet, claim), now)\n', ""),
    sabotage(PACKETS, "an owner is not told of a step", '    telling.add_arrived(tx, "told", packet.uid, gift, origin, now)\n', ""),
    sabotage(GIVING, "nobody is told of a coupon that is given", '        telling.add_coupon(tx, "told", coupon, now)\n', ""),
    sabotage(OFFERED, "who may not spend is reminded", "    try:\n        family.insist_may_use(now)\n    except RippleError:\n        return None\n", ""),
    sabotage(OFFERED, "strangers are reminded", "one.coupon_id == coupon_id", "True"),
    sabotage(CLAIMS, "the last piece is told of first", "return min(left, key=lambda piece", "return max(left, key=lambda piece"),
    sabotage(ENDS, "a minor is reminded of cash", "        if minors.is_minor(found.item(User, me)):\n", "        if False:\n"),
    sabotage(POINTS, "anything is points", "if ident == POINTS else None", "if ident else None"),
    sabotage(PAGES, "what is on its way asks for its end", "    if cash.state is not CashState.CLAIMABLE or now > cash.until:\n", "    if now > cash.until:\n"),
    sabotage(ASKS, "whoever waited in vain hears nothing", "    ask_telling.add_answer(tx, due, AskState.EXPIRED, now)\n", ""),
    sabotage(ANSWERS, "a no is a yes", 'AskState.REFUSED: "已拒绝"', 'AskState.REFUSED: "已同意"'),
    sabotage(ANSWERS, "an owner is told another's name", ".get(ask.uid, mask.NOBODY)", ".get(ask.fid, mask.NOBODY)"),
    sabotage(HOME, "an owner waits for his own answer", "Moment.FAMILY_REQUEST if owner else Moment.FAMILY_ANSWER", "Moment.FAMILY_ANSWER"),
)  # fmt: skip
