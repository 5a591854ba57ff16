"""What must not go wrong between a merchant and his warehouse, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

SHEET, TRACKING = "chalicelib/fulfilment/sheet.py", "chalicelib/fulfilment/tracking.py"
DELIVERY, EVENTS, PUSH = "chalicelib/fulfilment/delivery.py", "chalicelib/push/events.py", "chalicelib/wechat/push.py"

SENT: tuple[Mutant, ...] = (
    sabotage(SHEET, "nobody wrote down who looked at addresses", 'audit.add(tx, mid, actor, "receiver.look", "sheet", **facts)', "pass"),
    sabotage(SHEET, "a spreadsheet runs a cell", "cell.lstrip().startswith(FORMULA)", "False"),
    sabotage(SHEET, "what has gone out is packed again", "if order.delivery == delivery]", "]"),
    sabotage(SHEET, "what is asked back is packed without a word", "if order.case is not None:", "if False:"),
    sabotage(TRACKING, "orders of one file share an intent", 'key=f"{intent.key}/{oid}"', "key=intent.key"),
    sabotage(TRACKING, "an order goes out without its bad line", "        if group.wrong:", "        if False:"),
    sabotage(TRACKING, "an upload's key is taken for anything", "    _begin(intent)", "    pass"),
    sabotage(TRACKING, "sent with other parcels is sent", "{(p.carrier, p.number) for p in shipment.parcels} == set(group.parcels)", "True"),
    sabotage(TRACKING, "time never runs short", "elif in_time():", "else:"),
    sabotage(DELIVERY, "WeChat speaks of any payment of an order", '"wechat", lambda order: order.captured == attempt', '"wechat", lambda order: True'),
    sabotage(EVENTS, "what went out counts as received", 'if not message.happened("confirm_receive_time"):', "if False:"),
    sabotage(EVENTS, "another account's numbers are ours", 'if message.text("merchant_id") != merchant(mid).mchid:', "if False:"),
    sabotage(EVENTS, "a message is acknowledged that could not be stored", "if unfit.problem.status >= 500:", "if False:"),
    sabotage(PUSH, "a message need not be signed", "if not hmac.compare_digest(ours.encode(), signature.encode(\"utf-8\", \"replace\")):", "if False:"),
    sabotage(PUSH, "a message to another mini-program is ours", "if not hmac.compare_digest(whose, account.appid.encode()):", "if False:"),
)  # fmt: skip
