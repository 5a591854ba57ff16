"""What must not go wrong between a merchant and his warehouse, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

SHEET, TRACKING = "chalicelib/fulfilment/sheet.py", "chalicelib/fulfilment/tracking.py"

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
)  # fmt: skip
