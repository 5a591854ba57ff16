"""What of requests and payers must not be wrong and is no condition, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

ASKS, RULES, PAYER, ITEMS, ROUTES, VIEWS, WAITING = (
    f"chalicelib/family/{name}.py"
    for name in ("asks", "ask_rules", "payer", "ask_items", "ask_routes", "ask_views", "waiting")
)
PAYERS, PLACING, SERVICE = (f"chalicelib/orders/{name}.py" for name in ("payers", "placing", "service"))
SHOWN, TOLD, SEEN = "chalicelib/orders/views.py", "chalicelib/orders/payment.py", "chalicelib/fulfilment/views.py"
UPLOAD, GROUPS, BARGAINS, CARDS = (
    f"chalicelib/{name}.py" for name in ("fulfilment/upload", "groupbuy/carts", "bargain/carts", "punchcards/carts")
)

ASKED: tuple[Mutant, ...] = (
    sabotage(RULES, "owners ask themselves", "    if family.owner == uid:\n        raise RippleError(OWNER_ASKS)", "    if False:\n        raise RippleError(OWNER_ASKS)"),
    sabotage(RULES, "whoever asked decides as the owner", "    if ask.uid == uid:\n        raise RippleError(OWNER_ASKS)", "    if False:\n        raise RippleError(OWNER_ASKS)"),
    sabotage(RULES, "anybody decides", "    if family.owner != uid:\n        raise RippleError(NOT_OWNER)", "    if False:\n        raise RippleError(NOT_OWNER)"),
    sabotage(RULES, "a sixth request", "    if len(left) >= MOST_OPEN:\n", "    if len(left) > MOST_OPEN:\n"),
    sabotage(RULES, "what has ended counts as open", "left = [ask.ask_id for ask in asks if is_open(ask, now)]", "left = [ask.ask_id for ask in asks]"),
    sabotage(RULES, "members see each other's requests", "if ask is None or uid not in (ask.uid, family.owner):", "if ask is None:"),
    sabotage(RULES, "the owner withdraws", "    if ask.uid != uid:\n        raise RippleError(NOT_ASKER)", "    if False:\n        raise RippleError(NOT_ASKER)"),
    sabotage(ROUTES, "a decision needs no key", '    idempotent=True,\n    name="approve_ask"', '    name="approve_ask"'),
    sabotage(RULES, "a request is anybody's", "ask.uid != uid or ", ""),
    sabotage(RULES, "the owner pays any price", "    if ask.total_fen != total_fen:\n", "    if False:\n"),
    sabotage(RULES, "what ended otherwise is the same", "    if ask.state not in (AskState.OPEN, state):\n", "    if False:\n"),
    sabotage(ASKS, "members find the requests of all", "if family.owner == uid else (member_asks_index", "if family else (member_asks_index"),
    sabotage(ASKS, "who may not spend asks", "        standing.insist_may_spend(family, member, now)\n", ""),
    sabotage(ASKS, "the owner reads that he is a stranger", "        if refused.problem is not FAMILY_UNKNOWN:\n", "        if True:\n"),
    sabotage(WAITING, "others find what waits for the owner", "if isinstance(row, ToPay) and row.payer == uid]", "if isinstance(row, ToPay)]"),
    sabotage(WAITING, "what is paid waits for the owner", " if order.state is OrderState.HELD]", "]"),
    sabotage(WAITING, "what is over waits for the owner", "clock.now() + LAST_CALL", "clock.now()"),
    sabotage(WAITING, "what was never paid counts as paid", " if order.state in PAID]", "]"),
    sabotage(WAITING, "the oldest that was paid is first", "limit=limit, forward=False", "limit=limit"),
    sabotage(WAITING, "strangers look for orders", "        raise RippleError(FAMILY_UNKNOWN)\n", "        pass\n"),
    sabotage(WAITING, "what has ended waits for the owner", "sum(is_open(ask, clock.now())", "sum(True"),
    sabotage(WAITING, "members count everybody's requests", "    if role is Role.OWNER:\n", "    if True:\n"),
    sabotage(PAYER, "what was paid is forgotten", "timedelta(days=400)", "timedelta(days=1)"),
    sabotage(VIEWS, "members are told why the owner may not", "ask.uid != uid and is_open", "is_open"),
    sabotage(VIEWS, "the owner is told of what is over", "ask.uid != uid and is_open(ask, now)", "ask.uid != uid"),
    sabotage(RULES, "who has left may be approved", "member is None or member.state is MemberState.REMOVED", "member is None"),
    sabotage(RULES, "the owner is not told that the wallet is short", "    caps.room(family, member, month_of(now)).all_of(ask.total_fen)\n", ""),
    sabotage(PAYER, "an owner is his own payer", "        if family.owner == bill.uid:\n", "        if False:\n"),
    sabotage(PAYER, "who owned it takes a request", "            if family.owner != named.by:\n", "            if False:\n"),
    sabotage(PAYER, "frozen members name the owner", "        standing.insist_may_spend(family, member, now)\n", ""),
    sabotage(PAYER, "the wallet's own writes are not enough", "        if not standing.paid_from(order, named.fid):\n", "        if True:\n"),
    sabotage(PLACING, "nobody pays nothing", "    if wish.payer is not None and order.cash_fen:\n", "    if wish.payer is not None:\n"),
    sabotage(PLACING, "the buyer pays what another is to pay", "    if order.payer is not None:\n        return Placed(order, None)\n", ""),
    sabotage(PLACING, "a client says what only the server says", 'pattern=r"^[0-9A-Z]{1,40}$"', 'pattern=r"^[0-9A-Z.]{1,400}$"'),
    sabotage(PLACING, "the buyer is asked for the money", "prepay.freeze(order, collected_from.openid)", "prepay.freeze(order, user.openid)"),
    sabotage(TOLD, "the buyer's money is expected", "_insist_fits(order, payers.paying(order, user), trade)", "_insist_fits(order, user, trade)"),
    sabotage(PAYERS, "the buyer is given parameters", "    if order.payer not in (None, uid):\n", "    if False:\n"),
    sabotage(SERVICE, "a payer cancels", "    own, user = _seen(mid, uid, oid)\n    if own.uid != uid:\n", "    own, user = _seen(mid, uid, oid)\n    if False:\n"),
    sabotage(SHOWN, "the buyer is told to pay", "asked = order.payer is None or (payer is not None and payer.mine)", "asked = True"),
    sabotage(SEEN, "the payer sees the receiver", "receiver_shown(file.receiver) if own else None", "receiver_shown(file.receiver)"),
    sabotage(SEEN, "the payer fetches the goods", "if own and order.delivery == Delivery.WAITING", "if order.delivery == Delivery.WAITING"),
    sabotage(UPLOAD, "WeChat is told of another's payment", "user_key(order.mid, order.payer or order.uid)", "user_key(order.mid, order.uid)"),
    sabotage(GROUPS, "a full group is asked for", "        if group.left < 1:\n", "        if False:\n"),
    sabotage(GROUPS, "a group that is over is asked for", "        if group.status is not GroupState.OPEN:\n", "        if False:\n"),
    sabotage(CARDS, "whoever asks need not read", "        _insist_read(mid, cart)\n", ""),
    sabotage(BARGAINS, "an order that stands is the answer", ", anew=True)", ")"),
)  # fmt: skip


def broken_by() -> dict[str, Mutant]:
    """What breaks each promise."""
    return {
        "requests_are_ordered_once": sabotage(ITEMS, "a request forgets its order", "Ask.oid.set(order.oid), ", ""),
        "requests_are_paid_as_decided": sabotage(PAYER, "what is taken counts as approved", "named.ask_id), AskState.TAKEN, order)", "named.ask_id), AskState.APPROVED, order)"),
        "open_requests_are_few": sabotage(ASKS, "nobody looks after a request", "        new.set_due(new.until)\n", ""),
        "requests_end": sabotage(ASKS, "a request is left open", "_ends(AskState.EXPIRED, now), when={\"leased\"", "[Ask.decided_at.set(now)], when={\"leased\""),
        "payers_pay": next(mutant for mutant in ASKED if mutant.name == "orders/placing.py: nobody pays nothing"),
    }  # fmt: skip
