"""What stands in an export's CSV: a line a code, the same bytes whenever they are made again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chalicelib.core import files
from chalicelib.core.sheets import MARK
from chalicelib.voucher import codes
from chalicelib.voucher.codes import Size
from chalicelib.voucher.items import Batch
from chalicelib.voucher.letters import grouped

PART_BYTES = files.LEAST_PART
"""Bytes of a part, but for the last: some 220,000 codes of 14 letters."""

HEAD = "serial,code"
END = "\r\n"


def part(batch: Batch, first: int, *, bom: bool) -> tuple[bytes, int]:
    """The lines from serial ``first`` on, `PART_BYTES` or a line more of them, and the serial that comes after them.

    The first part begins with the head, and with a mark for Excel where one is wanted.
    """
    head = ((MARK if bom else "") + HEAD + END).encode() if first == 0 else b""
    serials = range(first, batch.size)
    lines, length, after = list[str](), len(head), batch.size
    for serial, code in zip(serials, written(batch, serials), strict=True):
        line = f"{serial},{code}{END}"
        lines.append(line)
        length += len(line)
        if length >= PART_BYTES:
            after = serial + 1
            break
    return head + "".join(lines).encode("ascii"), after


def written(batch: Batch, serials: range) -> Iterator[str]:
    """The codes of a batch's serials as they are shown, one after the other."""
    return map(grouped, _letters(batch, serials))


def _letters(batch: Batch, serials: range) -> Iterator[str]:
    """The codes of a batch's serials, one after the other."""
    if not batch.stored:
        return codes.many(batch.mid, batch.key_version, Size(batch.letters), batch.bid, serials)
    again = _drawn_again(batch)
    return (codes.stored(batch.mid, batch.bid, n, again.get(n, 0), batch.letters) for n in serials)


def _drawn_again(batch: Batch) -> Mapping[int, int]:
    """How often a stored code was drawn again, by its serial; never, of those that are not named."""
    return {int(serial): n for serial, n in (batch.redrawn or {}).items()}
