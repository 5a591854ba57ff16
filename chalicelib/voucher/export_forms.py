"""What an export's file may be."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.pictures.errands import MOST_LABELS

MOST_ON_SHEETS = MOST_LABELS
"""Codes of a batch that is exported as sheets: one call draws them all."""


class Form(StrEnum):
    """How the codes are written."""

    CSV = "csv"
    """A line a code, for machines and printing houses."""
    PDF = "pdf"
    """Sheets of QR codes with their letters, to be printed and cut."""

    @property
    def media(self) -> str:
        """As which it is fetched."""
        return "application/pdf" if self is Form.PDF else "text/csv; charset=utf-8"
