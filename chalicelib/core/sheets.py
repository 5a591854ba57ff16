"""Rows as a CSV that a spreadsheet opens and runs nothing of."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

MARK = "\ufeff"
"""Excel takes a text for UTF-8 when it begins with this, and for GBK in China otherwise."""

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a spreadsheet may run begins so; the wide forms count where Chinese or Japanese is written."""

_DIGITS = re.compile(r"\+?[0-9]+")


def harmless(cell: str) -> str:
    """The cell as a spreadsheet shows it and never runs it.

    >>> harmless("=1+1"), harmless("+8613812341234")
    ("'=1+1", '+8613812341234')
    """
    if _DIGITS.fullmatch(cell):
        return cell
    return f"'{cell}" if cell.startswith(("\t", "\r", "\n")) or cell.lstrip().startswith(FORMULA) else cell


def written(rows: Iterable[Sequence[str]]) -> str:
    """Rows as the text of a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return MARK + text.getvalue()
