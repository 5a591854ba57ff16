"""What must not go wrong with QR codes, sheets of them, and who gets one; each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

QR, SHEETS, ASKING = (f"chalicelib/pictures/{name}.py" for name in ("qr", "sheets", "asking"))
DESK, TYPED = "chalicelib/voucher/desk_routes.py", "chalicelib/voucher/routes.py"
PICKUP, RULES = "chalicelib/fulfilment/pickup_routes.py", "chalicelib/fulfilment/rules.py"

DRAWN: tuple[Mutant, ...] = (
    sabotage(QR, "codes have no quiet zone", "\nMARGIN = 4\n", "\nMARGIN = 0\n"),
    sabotage(QR, "codes are corrected little", "QRCode(error_correction=ERROR_CORRECT_M)", "QRCode(error_correction=1)"),
    sabotage(QR, "modules of large codes are small", "max(LEAST_MODULE, ", "max(2, "),
    sabotage(QR, "small codes are small", "ceil(LEAST_SIDE / ", "ceil(99 / "),
    sabotage(QR, "a module of each run is missing in SVG", "MARGIN + left, after - left))", "MARGIN + left, after - left - 1))"),
    sabotage(QR, "SVG is PNG", "content = _svg(rows) if errand", "content = _png(rows) if errand"),
    sabotage(SHEETS, "what fills no page is left out", "ceil(len(errand.labels) / A_PAGE)", "max(1, len(errand.labels) // A_PAGE)"),
    sabotage(SHEETS, "every page is the first", "labels = self._errand.labels[frame * A_PAGE : (frame + 1) * A_PAGE]", "labels = self._errand.labels[:A_PAGE]"),
    sabotage(SHEETS, "a sheet has a date", "        creationDate=None,\n", ""),
    sabotage(SHEETS, "codes are as large as fits, in broken dots", "qr.painted(rows, CODE // side)", "qr.painted(rows, CODE // side).resize((CODE - 3, CODE - 3))"),
    sabotage(SHEETS, "letters of wide codes are cut", "max(SMALLEST, min(LARGEST, fits))", "LARGEST"),
    sabotage(SHEETS, "nothing says where to cut", "        _marks(page)\n", ""),
    sabotage(SHEETS, "nothing is written below a code", "    _written(page, label.below,", "    _written(page, \"\","),
    sabotage(ASKING, "busy is an unknown outcome", "    except Unknown as unknown:\n", "    except ZeroDivisionError as unknown:\n"),
    sabotage(DESK, "a merchant prints what is no code of his", "    counter.place_at(call.mid, call.body.code)\n    return qr_shown", "    return qr_shown"),
    sabotage(TYPED, "what is no code is drawn", "return qr_shown.drawn(written, call.body.form)", "return qr_shown.drawn(call.body.code, call.body.form)"),
    sabotage(PICKUP, "anybody sees what the buyer shows", 'file.own(call.mid, call.uid, call.path["order_id"])', 'file.whole(call.mid, call.path["order_id"])'),
    sabotage(RULES, "a buyer's code is shown when the goods are his", "order.delivery != Delivery.WAITING or order.pickup_code is None", "order.pickup_code is None"),
)  # fmt: skip
