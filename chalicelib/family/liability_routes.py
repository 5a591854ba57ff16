"""What families' wallets hold and did, as their merchant sees it, over HTTP."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

import msgspec

from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND
from chalicelib.edge.operation import MERCHANT, Call, operation
from chalicelib.family import admin, admin_views, ledger, liability
from chalicelib.family.admin_views import FamilyLedger
from chalicelib.family.liability import Owed

POSITION = re.compile(r"20\d\d-[0-9T:.-]+Z#[0-9A-Z]+")
"""Where a family stands in the list of all."""


class From(msgspec.Struct, forbid_unknown_fields=True):
    """Where an answer goes on that did not reach the end."""

    cursor: Annotated[str, msgspec.Meta(min_length=1, max_length=1024)] | None = None


class WalletsOwed(msgspec.Struct, kw_only=True):
    """What families' wallets hold: all of them, or those since the cursor."""

    wallets: Owed
    """Of all families, closed ones too."""
    closed: Owed
    """Of closed families alone: their last owners spend it."""
    whole: bool
    """Whether these are all; where there are more, ask with the cursor and add them."""
    cursor: str | None
    as_of: datetime


@operation(
    auth=MERCHANT,
    role="viewer",
    query=From,
    answer=WalletsOwed,
    name="family_liability",
    summary="What all families' wallets hold",
    description="A thousand families an answer; a family that was made in the last second may be missing. What is not"
    " used of punch cards, and sold codes that nobody has redeemed, are not in it.",
)
def owed(call: Call[None]) -> WalletsOwed:
    """The sum over families."""
    asked: From = call.query
    after = cursor.position(asked.cursor, POSITION)
    wallets, closed, more = liability.owed(call.mid, after)
    return WalletsOwed(
        wallets=wallets,
        closed=closed,
        whole=after is None and more is None,
        cursor=cursor.of_position(more),
        as_of=clock.now(),
    )


@operation(
    auth=MERCHANT,
    role="viewer",
    query=Page,
    answer=FamilyLedger,
    name="family_movements",
    summary="All that a family's wallet did, the newest first",
    description="That a family with minors was looked at is in the merchant's log.",
    problems=(NOT_FOUND,),
)
def movements(call: Call[None]) -> FamilyLedger:
    """A page of the ledger."""
    page: Page = call.query
    before = cursor.position(page.cursor, ledger.POSITION)
    rows, more = admin.movements(call.mid, call.key_id, call.path["family_id"], page.limit, before)
    return admin_views.movements(rows, cursor.of_position(more))
