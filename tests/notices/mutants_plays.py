"""What must not go wrong with what people are told of orders and plays, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

MONEY, REMINDING, STEPS, PLACING, OWING, REFUND = (
    f"chalicelib/orders/{name}.py" for name in ("messages", "reminding", "steps", "placing", "owing", "refund")
)
GROUP, BARGAIN, PACKET, GOODS, HELPS = (
    f"chalicelib/{room}/messages.py" for room in ("groupbuy", "bargain", "redpacket", "fulfilment", "sharing")
)
SETTLING, DELIVERY = "chalicelib/groupbuy/timers.py", "chalicelib/fulfilment/delivery.py"
REASONS, RULES = "chalicelib/notices/reasons.py", "chalicelib/notices/rules.py"

TOLD: tuple[Mutant, ...] = (
    sabotage("chalicelib/groupbuy/live.py", "a full group waits for the sweep", "if group.status is GroupState.SUCCEEDED and group.gsi2sk", "if False and group.gsi2sk"),
    sabotage(MONEY, "the buyer is told that another's money is back", "UserId(order.payer or order.uid)", "UserId(order.uid)"),
    sabotage(MONEY, "a payer is told of what he did not pay", "_parts_fen(refund) if order.payer is None else 0", "_parts_fen(refund)"),
    sabotage(MONEY, "a refund is its money alone", "refund.amount_fen + also, at)", "refund.amount_fen, at)"),
    sabotage(MONEY, "every payment opens its order", "about or (ORDER, order.oid)", "(ORDER, order.oid)"),
    sabotage(STEPS, "nobody hears that he has paid", "    messages.add_paid(tx, order, about)\n", ""),
    sabotage(PLACING, "who pays without money is told nothing", "    if order.paid_at is not None:\n", "    if False:\n"),
    sabotage(OWING, "what goes back without money is told to nobody", "    if not amount_fen and back:\n", "    if False:\n"),
    sabotage(REFUND, "nobody hears that money is back", "    messages.add_arrived(tx, mid, oid, attempt, cause, at)\n", ""),
    sabotage(REMINDING, "the buyer is reminded of what another pays", "uid != (order.payer or order.uid)", "uid != order.uid"),
    sabotage(REMINDING, "anybody is reminded of an order", " or uid != (order.payer or order.uid)", ""),
    sabotage(SETTLING, "nobody hears how his group ended", "    messages.add_outcome(tx, group, order)\n", ""),
    sabotage(GROUP, "every group has succeeded", "won = group.status is GroupState.SUCCEEDED", "won = True"),
    sabotage(GROUP, "a full group calls for friends", " or group.left < 1:", ":"),
    sabotage(GROUP, "who has not paid is reminded", "if seat is None or seat.state is not SeatState.PAID:", "if seat is None:"),
    sabotage(GROUP, "a group that is over asks on", "if group.status in (GroupState.SUCCEEDED, GroupState.FAILED):", "if False:"),
    sabotage(BARGAIN, "a friend is reminded of a bargain", " or bargain.uid != uid", ""),
    sabotage(BARGAIN, "the claim window ends with the bargain", "if bargain.claim_until is None:", "if True:"),
    sabotage(BARGAIN, "whoever cannot help is asked", "elif may_help or (", "elif True or ("),
    sabotage(PACKET, "a friend is reminded of a packet", " or packet.uid != uid", ""),
    sabotage(PACKET, "the next node is the last", '"left": missing[0],', '"left": missing[-1],'),
    sabotage(HELPS, "a help that was refused was taken", 'Decision.REJECTED: "未通过"', 'Decision.REJECTED: "已生效"'),
    sabotage(HELPS, "a help that nobody needed was taken", 'Decision.MOOT: "未通过"', 'Decision.MOOT: "已生效"'),
    sabotage("chalicelib/bargain/held.py", "nobody hears of his help", "    add_told(tx, given.mid", "    0 and add_told(tx, given.mid"),
    sabotage("chalicelib/redpacket/held.py", "nobody hears of his claim", "    add_told(tx, act.mid", "    0 and add_told(tx, act.mid"),
    sabotage(GOODS, "what had gone out goes out again", "if order.fulfilment is Fulfilment.EXPRESS and not parcels:", "if False:"),
    sabotage(GOODS, "a carrier is its id", "carrier_name(parcels[0][0])", "parcels[0][0]"),
    sabotage(GOODS, "one of several parcels is all", 'f"+{len(parcels) - 1}"', '""'),
    sabotage(GOODS, "an order that is given up asks on", "(Moment.REFUNDED,) if order.state is OrderState.REFUND else ()", "(Moment.REFUNDED,)"),
    sabotage(DELIVERY, "nobody hears that his goods are on their way", "        messages.add_sent(tx,", "        0 and messages.add_sent(tx,"),
    sabotage(REASONS, "what lives shortly is reminded of at once", "min(most, (end - begin) / 2)", "most"),
    sabotage(RULES, "an evening that is over is waited for", "evening = max(now, last_waking(best, terms, zone))", "evening = last_waking(best, terms, zone)"),
)  # fmt: skip
