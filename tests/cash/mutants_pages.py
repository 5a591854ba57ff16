"""What must never be wrong of what users read of cash, of who owns its budget, and of its promises: one line each."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

ROOM, VALUE, PACKETS = "chalicelib/cash", "chalicelib/rewards", "chalicelib/redpacket"
WORDS, VIEWS, LOOKING, ROUTES, RULES = (
    f"{ROOM}/{name}.py" for name in ("words", "views", "looking", "routes", "rules")
)
STORE, GIVE, GRANTS, LINES, THANKS = (f"{VALUE}/{name}.py" for name in ("cash", "give", "grants", "lines", "thanks"))

PAGED = (
    sabotage(WORDS, "what WeChat thinks is told", 'return FAILURES.get(cash.failed, NOT_PAID) if cash.failed else None', 'return FAILURES.get(cash.failed, NAME_WRONG) if cash.failed else None'),
    sabotage(WORDS, "who is too late is asked to confirm", "return TOO_LATE if until is not None and now >= until else", "return TOO_LATE if False else"),
    sabotage(VIEWS, "what would be refused can be claimed", "cash.state is CashState.CLAIMABLE and refusal is None", "cash.state is CashState.CLAIMABLE"),
    sabotage(VIEWS, "a failure is told of what is on its way again", "cash.state is not CashState.CLAIMABLE or clock.now() > cash.until:", "False:"),
    sabotage(LOOKING, "what has no scene can be claimed", "if rules.scene(terms, one.why) is None:", "if False:"),
    sabotage(f"{ROOM}/timers.py", "nobody hears that money is missing", "asked_at >= cash.tapped_at + rules.UNFUNDED:", "False:"),
    sabotage(VIEWS, "nobody looks again", "if cash.state not in MOVING:", "if True:"),
    sabotage(VIEWS, "everybody looks every three seconds", "max(SOON, min(LONGEST, int(been / 4)))", "SOON"),
    sabotage(LOOKING, "a pause is seen too late", "pause if isinstance(pause, CashPause) else None,", "None,"),
    sabotage(LOOKING, "a full day lasts two", "today + timedelta(days=1)", "today + timedelta(days=2)"),
    sabotage(ROUTES, "what is on its way is done", "(CashState.REVIEW, CashState.SENDING, CashState.CANCELLING)", "(CashState.REVIEW, CashState.CANCELLING)"),
    sabotage(ROUTES, "nobody knows where a claim comes from", "address=call.client_ip or None", "address=None"),
    sabotage(RULES, "a time is told before it has come", "timedelta(seconds=59, milliseconds=999)", "timedelta(0)"),
    sabotage(f"{VALUE}/words.py", "what waits can be claimed", "if cash.state is CashState.CLAIMABLE and now < cash.since:", "if False:"),
    sabotage(f"{VALUE}/words.py", "what was taken back was not claimed", "return CASH_BACK if cash.note == TAKEN_BACK else NEUTRAL", "return CASH[cash.state]"),
    sabotage(LINES, "what nobody claimed was given", "if line.state is not Standing.GRANTED or found.state is not CashState.RETURNED:", "if True:"),
    sabotage(LINES, "cash costs its campaign nothing", "held = sum(part.units for part in found.drawn)", "held = line.drawn"),
    sabotage(THANKS, "cash is in the account when it is given", "said = {**SAID, **CASH_SAID} if isinstance(grant.gift.form, AsCash) else SAID", "said = SAID"),
    sabotage("chalicelib/orders/brought.py", "cash is promised at once", "    if isinstance(form, AsCash):\n        zh_more", "    if False:\n        zh_more"),
    sabotage(f"{PACKETS}/detail.py", "friends are told where cash is claimed", "cash_id=values.cash_of_node(packet, plan, k) if own else None", "cash_id=values.cash_of_node(packet, plan, k)"),
    sabotage(f"{PACKETS}/values.py", "a packet keeps what its cash owns", "actions.append(Packet.drawn.set(left) if give.owns_budget(gift) else Packet.spent.add(node.amount))", "actions.append(Packet.spent.add(node.amount))"),
    sabotage(GRANTS, "a grant keeps what its cash owns", "    if give.owns_budget(grant.gift):\n", "    if False:\n"),
    sabotage(GIVE, "what was paid is nobody's debt", "    if there.state is CashState.PAID:\n", "    if False:\n"),
)  # fmt: skip


def broken_by() -> dict[str, Mutant]:
    """What breaks each promise about cash."""
    forgotten = sabotage(STORE, "cash is due at no time", "else cash.until)\n", "else None)\n")
    return {
        "cash_is_rebuilt": sabotage(STORE, "cash is a fen more", "        amount=amount,\n", "        amount=amount + 1,\n"),
        "cash_is_given_once": sabotage(STORE, "nobody knows what gave it", "        ref=ref,\n", '        ref="",\n'),
        "cash_owns_its_budget": sabotage(STORE, "cash owns nothing", "        drawn=list(drawn),\n", "        drawn=[],\n"),
        "cash_is_counted": sabotage(STORE, "a fen more is counted", "[CashTally.claimable.add(amount)]", "[CashTally.claimable.add(amount + 1)]"),
        "cash_is_looked_after": forgotten,
        "cash_is_posted": sabotage(f"{ROOM}/settling.py", "what nobody asked for moves nothing", "note, [Cash.legs.set(legs), Cash.posted_at.set(clock.now())])", "note, [])"),
        "cash_reviews_are_listed": sabotage(STORE, "all cash is listed for the merchant", "cash.gsi1pk, cash.gsi1sk = user_index", "cash.gsi3pk, cash.gsi3sk = user_index"),
        "cash_ends": forgotten,
    }  # fmt: skip
