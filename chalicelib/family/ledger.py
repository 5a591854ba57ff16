"""What came into a wallet and what orders took of it, by time: the ledger's pages, and who may look at what of it."""

from __future__ import annotations

import re
from typing import NamedTuple

from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import query, read
from chalicelib.family import standing
from chalicelib.family.items import Family, family_key
from chalicelib.family.problems import FAMILY_UNKNOWN
from chalicelib.family.rows import Move, Spend
from chalicelib.family.states import FamilyState, Mode, Why

Row = Spend | Move

KINDS: tuple[type[Spend], type[Move]] = (Spend, Move)

POSITION = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[^#]{1,120}#(SPD|MOV)")
"""Where a row stands among both kinds."""

POSITION_KIND = re.compile("#(SPD|MOV)$")
"""What a position has after the place of a row among its kind."""

LAST = "~"
"""After every position."""


class Sight(NamedTuple):
    """What somebody sees of a family's ledger."""

    family: Family
    uid: UserId
    all: bool
    """The owner: what everybody spent."""
    moves: bool
    """What others put in, too."""

    def order(self, row: Row) -> str | None:
        """The order of a row, for its buyer and the owner: what took value, or bought what came in or went back."""
        if isinstance(row, Spend):
            return row.oid
        mine = self.all or row.by == self.uid
        return row.subject if mine and row.why in (Why.TOPPED_UP, Why.TOP_UP_BACK) else None

    def shows(self, row: Row) -> bool:
        """Whether he sees a row: his own always."""
        mine = row.uid if isinstance(row, Spend) else row.by
        return self.all or mine == self.uid or (isinstance(row, Move) and self.moves)


def sight(mid: MerchantId, fid: str, uid: UserId) -> Sight:
    """What he sees: the owner all, also of a family that he was the last owner of; a member what is his.

    Members see what came in where the wallet is everybody's, or the owner shows what it holds. Raises `FAMILY_UNKNOWN`.
    """
    found = read(*standing.keys(mid, fid, uid))
    family = found.item(Family, family_key(mid, fid))
    if family is None or family.status is not FamilyState.CLOSED:
        family, _ = standing.seen(found, mid, fid, uid)
    owns = family.owner == uid
    if family.status is FamilyState.CLOSED and not owns:
        raise RippleError(FAMILY_UNKNOWN)
    return Sight(family, uid, owns, owns or family.mode is Mode.PURSE or bool(family.open_balance))


def newest(family: Family, limit: int, before: str | None) -> tuple[list[Row], str | None]:
    """A page of the ledger, newest first, and the position that the next begins after."""
    rows = [row for kind in KINDS for row in _some(family, kind, "", before or LAST, limit + 2, forward=False)]
    return _page([row for row in rows if before is None or position(row) < before], limit, forward=False)


def between(family: Family, since: str, until: str, limit: int) -> tuple[list[Row], str | None]:
    """The rows after ``since`` and before ``until``, oldest first: so many of them, and the position of the last.

    Both are positions, or the instants that these begin with.
    """
    rows = [row for kind in KINDS for row in _some(family, kind, since, until, limit + 2, forward=True)]
    return _page([row for row in rows if since < position(row) < until], limit, forward=True)


def position(row: Row) -> str:
    """Where a row stands among both kinds: by its time, then by its name."""
    prefix = type(row).prefix
    return f"{row.sk.removeprefix(prefix)}#{prefix[:-1]}"


def _page(rows: list[Row], limit: int, *, forward: bool) -> tuple[list[Row], str | None]:
    rows.sort(key=position, reverse=not forward)
    shown = rows[:limit]
    return shown, position(shown[-1]) if len(rows) > limit else None


def _some(family: Family, kind: type[Row], since: str, until: str, most: int, *, forward: bool) -> list[Row]:
    """So many rows of a kind from one position to another, or to what these begin with."""
    at_least, at_most = (kind.prefix + POSITION_KIND.sub("", place) for place in (since, until))
    rows, after = list[Row](), None
    while True:
        page = query(
            family.pk, at_least=at_least, at_most=at_most, limit=most - len(rows), forward=forward, after=after
        )
        rows += [item for item in page.items if isinstance(item, kind)]
        after = page.after
        if after is None or len(rows) >= most:
            return rows
