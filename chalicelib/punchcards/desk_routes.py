"""Punch cards over HTTP, for the shop: units used and given back at the desk, and what is not used paid back."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from chalicelib.core import cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND
from chalicelib.core.money import PriceFen
from chalicelib.edge.operation import MERCHANT, Call, operation
from chalicelib.family.items import family_key
from chalicelib.punchcards import cards, desk, problems, returning, views
from chalicelib.punchcards.routes import SPENDING, FamilyIdText
from chalicelib.punchcards.views import CardRecord, Used

UseIdText = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{26}\.[0-9A-Z]{26}$")]
Note = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class ScannedPass(msgspec.Struct, forbid_unknown_fields=True):
    """A pass that the staff scanned, and how many units it is to use."""

    pass_: Annotated[str, msgspec.Meta(min_length=1, max_length=2048)] = msgspec.field(name="pass")
    """The text of its QR code."""
    units: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1


class WhichUse(msgspec.Struct, forbid_unknown_fields=True):
    """Which use is undone, and why, for the audit log."""

    family_id: FamilyIdText
    use_id: UseIdText
    note: Note


class PaidBack(msgspec.Struct, forbid_unknown_fields=True):
    """Why a card is paid back, for the audit log; and how much, where that is less than what is not used of it."""

    note: Note
    amount_fen: PriceFen | None = None


@operation(
    auth=MERCHANT,
    role="operator",
    body=ScannedPass,
    answer=Used,
    status=201,
    idempotent=True,
    name="use_card",
    summary="Take units off a family's punch card",
    description="With the pass that a member shows. Render the service when this is answered.",
    problems=(
        *SPENDING,
        NOT_FOUND,
        problems.CARD_PASS_UNFIT,
        problems.CARD_PASS_USED,
        problems.CARD_UNITS_SHORT,
        problems.CARD_PAID_BACK,
    ),
)
def use(call: Call[ScannedPass]) -> Used:
    """Use a card."""
    return views.used(desk.use(call.intent, call.body.pass_, call.body.units))


@operation(
    auth=MERCHANT,
    role="operator",
    body=WhichUse,
    answer=Used,
    idempotent=True,
    name="undo_card_use",
    summary="Give the units of a use back to its card",
    description="Within a day, and once.",
    problems=(NOT_FOUND, problems.CARD_USE_UNDONE, problems.CARD_UNDO_LATE, problems.CARD_PAID_BACK),
)
def undo(call: Call[WhichUse]) -> Used:
    """Undo a use."""
    return views.used(desk.undo(call.intent, call.body.family_id, call.body.use_id, call.body.note))


@operation(
    auth=MERCHANT,
    role="viewer",
    query=Page,
    answer=CardRecord,
    name="inspect_card",
    summary="A punch card, what may be paid back for it, and every use",
    problems=(NOT_FOUND,),
)
def inspect(call: Call[None]) -> CardRecord:
    """A card of the merchant's."""
    return _record(call, call.query)


@operation(
    auth=MERCHANT,
    role="owner",
    body=PaidBack,
    answer=CardRecord,
    idempotent=True,
    name="pay_card_back",
    summary="Pay back what is not used of a punch card",
    description="At most its share of the price, rounded down. Nothing is left of the card then. Money goes back the"
    " way it was paid.",
    problems=(
        NOT_FOUND,
        problems.CARD_PAID_BACK,
        problems.CARD_UNITS_SHORT,
        problems.CARD_REFUND_MOST,
        problems.CARD_UNPAID,
    ),
)
def pay_back(call: Call[PaidBack]) -> CardRecord:
    """Pay a card back."""
    returning.pay_back(call.intent, call.path["order_id"], call.body.amount_fen, call.body.note)
    return _record(call, Page())


def _record(call: Call[Any], asked: Page) -> CardRecord:
    oid = call.path["order_id"]
    fid = cards.family_with(call.mid, oid)
    after = cursor.decode(asked.cursor, family_key(call.mid, fid).pk, begins=cards.uses_begin(oid))
    seen = cards.inspect(call.mid, fid, oid, asked.limit, after)
    return views.record(seen, cursor.encode(seen.after))
