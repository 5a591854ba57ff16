"""Breaking a row of letters into lines, by `spacing`'s rules as long as a line has room for them."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.pictures.spacing import Row, is_mark, may_part

SLACK = 1e-6
"""Ems by which sums of widths are inexact."""

NARROWER = [1 - step / 40 for step in range(1, 21)]
"""Shares of the line's width that are tried so that the last line is not a single letter."""

ADDRESS_MARKS = frozenset("/?&=-_.")
"""Behind them an address that is longer than a line is best broken."""


class Span(NamedTuple):
    """The letters of one line: from ``start`` to before ``stop``."""

    start: int
    stop: int


def paragraphs(row: Row) -> list[Span]:
    """The row between its ends of line."""
    ends = [index for index, letter in enumerate(row.letters) if letter.text == "\n"]
    starts = [0, *(end + 1 for end in ends)]
    return [Span(start, stop) for start, stop in zip(starts, [*ends, len(row.letters)], strict=True) if start < stop]


def broken(row: Row, paragraph: Span, width: float) -> list[Span]:
    """The paragraph in lines of at most so many ems, which is no less than its widest letter has.

    Where the last line would be a single letter, all are made as narrow as as many lines can be.
    """
    lines = _filled(row, paragraph, width)
    if len(lines) == 1 or not _is_orphan(row, lines[-1]):
        return lines
    widest, balanced = max(row.width(index, index + 1) for index in range(*paragraph)), lines
    for share in NARROWER:
        if width * share < widest:
            break
        tried = _filled(row, paragraph, width * share)
        if len(tried) > len(lines) or _forced(row, tried) > _forced(row, lines):
            break
        if not _is_orphan(row, tried[-1]):
            balanced = tried
    return balanced


def _is_orphan(row: Row, line: Span) -> bool:
    return sum(not is_mark(letter) for letter in row.letters[slice(*line)]) <= 1


def _forced(row: Row, lines: list[Span]) -> int:
    """How many lines begin where none may."""
    return sum(not row.breaks[line.start] for line in lines[1:])


def _filled(row: Row, paragraph: Span, width: float) -> list[Span]:
    """Each line as full as it can be."""
    lines, start = list[Span](), paragraph.start
    while start < paragraph.stop:
        after = _next(row, start, paragraph.stop, width)
        lines.append(Span(start, _without_blank(row, after)))
        start = after
    return lines


def _without_blank(row: Row, stop: int) -> int:
    return stop - 1 if row.letters[stop - 1].is_space else stop


def _next(row: Row, start: int, stop: int, width: float) -> int:
    """Where the line after the one that begins at ``start`` begins."""
    fits = allowed = start
    for after in range(start + 1, stop + 1):
        if row.width(start, _without_blank(row, after)) > width + SLACK:
            break
        fits = after
        if after == stop or row.breaks[after]:
            allowed = after
    if allowed > start:
        return allowed
    return _by_force(row, start, fits)


def _by_force(row: Row, start: int, fits: int) -> int:
    """A word is longer than the line, or marks are: an address is broken behind a mark of its own."""
    letters = row.letters
    for after in range(fits, (start + fits) // 2, -1):
        if letters[after - 1].shape in ADDRESS_MARKS and not letters[after].is_space:
            return after
    for after in range(fits, start, -1):
        if not letters[after].is_space and may_part(letters[after - 1], letters[after]):
            return after
    return fits
