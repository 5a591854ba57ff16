"""What must not go wrong with goods on their way, with money back, and with the warehouse, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

SHEET, TRACKING, DELIVERY, UPLOAD, CASES, PAYBACK, RULES, FILE = (
    f"chalicelib/fulfilment/{name}.py"
    for name in ("sheet", "tracking", "delivery", "upload", "cases", "payback", "rules", "file")
)
EVENTS, PUSH = "chalicelib/push/events.py", "chalicelib/wechat/push.py"
POINTS = "chalicelib/campaigns/pickup.py"

SENT: tuple[Mutant, ...] = (
    sabotage(SHEET, "nobody wrote down who looked at addresses", 'audit.add(tx, mid, actor, "receiver.look", "sheet", **facts)', "pass"),
    sabotage("chalicelib/core/sheets.py", "a spreadsheet runs a cell", "cell.lstrip().startswith(FORMULA)", "False"),
    sabotage(SHEET, "what has gone out is packed again", "if order.delivery == delivery]", "]"),
    sabotage(SHEET, "what is asked back is packed without a word", "if order.case is not None:", "if False:"),
    sabotage(TRACKING, "orders of one file share an intent", "_send(part(intent, group.oid), mid", "_send(intent, mid"),
    sabotage(TRACKING, "an order goes out without its bad line", "        if group.wrong:", "        if False:"),
    sabotage(TRACKING, "an upload's key is taken for anything", "    begin(intent)", "    pass"),
    sabotage(TRACKING, "sent with other parcels is sent", "{(p.carrier, p.number) for p in shipment.parcels} == set(group.parcels)", "True"),
    sabotage(TRACKING, "time never runs short", "elif in_time():", "else:"),
    sabotage(DELIVERY, "WeChat speaks of any payment of an order", '"wechat", lambda order: order.captured == attempt', '"wechat", lambda order: True'),
    sabotage(EVENTS, "what went out counts as received", 'if not message.happened("confirm_receive_time"):', "if False:"),
    sabotage(EVENTS, "another account's numbers are ours", 'if message.text("merchant_id") != merchant(mid).mchid:', "if False:"),
    sabotage(EVENTS, "a message is acknowledged that could not be stored", "if unfit.problem.status >= 500:", "if False:"),
    sabotage(PUSH, "a message need not be signed", "if not hmac.compare_digest(ours.encode(), signature.encode(\"utf-8\", \"replace\")):", "if False:"),
    sabotage(PUSH, "a message to another mini-program is ours", "if not hmac.compare_digest(whose, account.appid.encode()):", "if False:"),
)  # fmt: skip

GOODS: tuple[Mutant, ...] = (
    sabotage(DELIVERY, "any code opens", 'if not hmac.compare_digest((order.pickup_code or "").encode(), code.strip().upper().encode()):', "if False:"),
    sabotage(POINTS, "a buyer comes to a point that there is not", "    if point is None:", "    if False:"),
    sabotage(POINTS, "goods that are sent are fetched", "        if asked is not None:", "        if False:"),
    sabotage(POINTS, "the first of several points is taken without a word", "len(points) <= 1", "True"),
    sabotage(RULES, "any text names an order", "SCANNED.fullmatch(", "SCANNED.search("),
    sabotage(DELIVERY, "nothing counts as received", '    _complete(order, shipment, "time")', "    pass"),
    sabotage(DELIVERY, "late goods are no trouble", "stuck.add(tx, order.mid, NOT_SHIPPED, order.number, facts)", "pass"),
    sabotage(DELIVERY, "goods that went out stay late", "        if complete:\n            stuck.add_end(", "        if False:\n            stuck.add_end("),
    sabotage(DELIVERY, "an order that has no time left waits for ever", "    if now < until:\n        update_one(order, [], when=leased, due=until)\n        return\n    _complete", "    if True:\n        update_one(order, [], when=leased, due=until)\n        return\n    _complete"),
    sabotage(DELIVERY, "parcels replace one another", "sent = [*before, *(Parcel(carrier, number, now) for carrier, number in parcels)]", "sent = [Parcel(carrier, number, now) for carrier, number in parcels]"),
    sabotage(DELIVERY, "nobody wrote down who sent it", 'audit.add(tx, order.mid, intent.actor, "order.send", order.oid, parcels=" ".join(numbers))', "pass"),
    sabotage(UPLOAD, "goods of a refunded order are told", "    if order.state != OrderState.CONFIRMED:", "    if False:"),
    sabotage(UPLOAD, "what WeChat has is a refusal", "had = refused.code == SAME or (", "had = ("),
    sabotage(UPLOAD, "everything goes by express", "logistics=KINDS[order.fulfilment],", "logistics=Logistics.EXPRESS,"),
    sabotage(UPLOAD, "a presale that has gone is told", "or order.delivery not in (None, Delivery.WAITING)", ""),
    sabotage(RULES, "a correction may be made twice", "    if shipment.corrected:", "    if False:"),
    sabotage(RULES, "money may be asked for for ever", "if order.ask_until is not None and now > order.ask_until:", "if False:"),
    sabotage(RULES, "more than is live goes back", "if amount_fen > live_fen:", "if False:"),
    sabotage(RULES, "the last refund may leave money behind", "last = payment.refunds == MOST_REFUNDS - 1 and amount_fen < payment.live_fen", "last = False"),
    sabotage("chalicelib/fulfilment/cases.py", "all of it is more than is left", "amount = min(amount, live)", "pass"),
    sabotage(RULES, "a fifty-first refund is begun", "    if last or payment.refunds >= MOST_REFUNDS:", "    if last:"),
    sabotage(RULES, "nothing can be returned that was not sent", "if goods_back and order.delivery in TO_SEND:", "if False:"),
    sabotage(RULES, "a part costs all", "        total += line.quantity * own.price_fen", "        total = order.total_fen"),
    sabotage(PAYBACK, "units that never went are not sold again", "unsent = order.delivery == Delivery.WAITING", "unsent = False"),
    sabotage(PAYBACK, "units that went are sold again", "unsent = order.delivery == Delivery.WAITING", "unsent = True"),
    sabotage(PAYBACK, "the play hears of no refund", "given = PLAYS[order.play].give_back(tx, order, read, unsent=unsent)", "given: list[Action] = []"),
    sabotage(PAYBACK, "nobody wrote down who gave it back", 'audit.add(tx, order.mid, intent.actor, "order.refund", oid, amount_fen=str(amount), note=note)', "pass"),
    sabotage(CASES, "a case that nobody answers is no trouble", 'stuck.add(tx, case.mid, UNANSWERED, case.number, {"amount_fen": case.amount_fen})', "pass"),
    sabotage(CASES, "money goes before the goods are back", "        if case.goods_back:", "        if False:"),
    sabotage(CASES, "anybody decides about a case", "or (buyer and order.uid != intent.actor)", ""),
    sabotage(CASES, "anybody asks for money", "if order is None or order.uid != intent.actor:", "if order is None:"),
    sabotage(FILE, "anybody sees an order", "    if found.order.uid != uid:", "    if False:"),
    sabotage(FILE, "a day's list runs on", "after=after or begins, until=ends)", "after=after or begins)"),
)  # fmt: skip
