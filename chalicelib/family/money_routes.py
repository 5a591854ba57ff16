"""A family's wallet over HTTP: filling it, its ledger, its months."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.money import PriceFen
from chalicelib.edge.operation import USER, Call, operation
from chalicelib.family import filling, ledger, money_views
from chalicelib.family.items import month_of
from chalicelib.family.money_problems import ADULTS_ONLY, BALANCE_SHORT
from chalicelib.family.money_views import Filled, Ledger, MonthSummary
from chalicelib.family.problems import FAMILY_ENDED, FAMILY_UNKNOWN, MEMBER_FROZEN, NOT_OWNER


class Fill(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How much of one's own balance."""

    fen: PriceFen


class AskMonth(msgspec.Struct, forbid_unknown_fields=True):
    """Which month of China, this one where it is not said; and where to go on."""

    month: Annotated[str, Meta(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")] | None = None
    cursor: Annotated[str, Meta(min_length=1, max_length=1024)] | None = None


@operation(
    auth=USER,
    body=Fill,
    answer=Filled,
    status=201,
    idempotent=True,
    summary="Put some of my balance into my family's wallet",
    description="It is the family's to spend from then on, and its owner's once it is closed. Where the owner pays, he"
    " alone may.",
    problems=(FAMILY_UNKNOWN, NOT_OWNER, ADULTS_ONLY, FAMILY_ENDED, MEMBER_FROZEN, BALANCE_SHORT),
)
def fill(call: Call[Fill]) -> Filled:
    """Move balance into the wallet."""
    fid, fen = call.path["family_id"], call.body.fen
    filling.fill(call.intent, fid, fen)
    return Filled(family_id=fid, filled_fen=fen, promises=list(money_views.FILLED))


@operation(
    auth=USER,
    query=Page,
    answer=Ledger,
    summary="Who spent whose money on what",
    description="The owner sees all; a member his own orders, and what came in where the owner lets him see it.",
    problems=(FAMILY_UNKNOWN,),
)
def show(call: Call[None]) -> Ledger:
    """A page of the ledger, newest first."""
    page: Page = call.query
    before = cursor.position(page.cursor, ledger.POSITION)
    sight = ledger.sight(call.mid, call.path["family_id"], call.uid)
    return money_views.page(call.mid, sight, page.limit, before)


@operation(
    auth=USER,
    query=AskMonth,
    answer=MonthSummary,
    summary="A month of the wallet, member by member",
    description="An order counts in the month, in China, in which it was made. The owner sees all, a member his own.",
    problems=(FAMILY_UNKNOWN,),
)
def month(call: Call[None]) -> MonthSummary:
    """The sums of a month."""
    asked: AskMonth = call.query
    since = cursor.position(asked.cursor, ledger.POSITION)
    sight = ledger.sight(call.mid, call.path["family_id"], call.uid)
    return money_views.month(call.mid, sight, asked.month or month_of(clock.now()), since)
