"""An export's file as sheets of QR codes: each says just the letters that are typed, and has them below it."""

from __future__ import annotations

from chalicelib.pictures.asking import ask
from chalicelib.pictures.errands import DrawnSheet, DrawSheet, Label
from chalicelib.voucher.export_file import written
from chalicelib.voucher.items import Batch


def drawn(batch: Batch) -> bytes:
    """The sheets of a batch's codes, the same bytes whenever they are drawn again. Raises `Unknown`: ask again."""
    labels = [Label(text=code, below=code) for code in written(batch, range(batch.size))]
    sheet = ask(DrawSheet(title=batch.label, subtitle=f"{batch.bid} · {batch.size}", labels=labels), DrawnSheet)
    assert isinstance(sheet, DrawnSheet)
    return sheet.content
