"""Punch cards over HTTP, for families."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from chalicelib.campaigns.gifts import SkuId
from chalicelib.campaigns.problems import NOT_RUNNING, SKU_UNKNOWN
from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND
from chalicelib.core.ids import CampaignId
from chalicelib.edge.operation import USER, Answer, Call, operation
from chalicelib.family.items import family_key
from chalicelib.family.problems import COOLING, FAMILY_ENDED, FAMILY_FROZEN, FAMILY_UNKNOWN, MEMBER_FROZEN
from chalicelib.family.topup_problems import TOPUP_CLOSED, TOPUP_TERMS
from chalicelib.family.topup_routes import Edition
from chalicelib.orders.placing import REFUSALS, PayWith, Wish
from chalicelib.orders.play import PaymentRef
from chalicelib.orders.problems import TENDER_TWICE, TENDER_UNKNOWN
from chalicelib.orders.views import payable
from chalicelib.pictures import qr_shown
from chalicelib.pictures.problems import PICTURES_BUSY
from chalicelib.pictures.qr_shown import QrCode, ToDraw
from chalicelib.punchcards import buying, cards, passes, problems, quotes, returning, views
from chalicelib.punchcards.items import CARDS
from chalicelib.punchcards.passes import CardPass
from chalicelib.punchcards.views import CardBack, CardOrder, CardQuote, Cards, CardShown

FamilyIdText = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{26}$")]

SPENDING = (FAMILY_UNKNOWN, FAMILY_ENDED, FAMILY_FROZEN, MEMBER_FROZEN, COOLING)
PASSING = (*SPENDING, NOT_FOUND, problems.CARD_UNITS_SHORT, problems.CARD_PAID_BACK)


class AskCardQuote(msgspec.Struct, forbid_unknown_fields=True):
    """Which card is to be quoted. It needs to be named only where the campaign has several."""

    sku_id: SkuId | None = None
    pay_with: PayWith = []


class CardWish(Wish, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Which card is bought, and for which family, by somebody who has read the terms."""

    family_id: FamilyIdText
    terms: Edition
    """Which edition of them, as the quote said."""


class CardPassQr(QrCode, kw_only=True):
    """A pass as a QR code."""

    until: datetime
    """It is good before this."""
    left: int
    """Units of the card that are left."""
    now: datetime


@operation(
    auth=USER,
    body=AskCardQuote,
    answer=CardQuote,
    name="quote_card",
    summary="What a punch card costs and promises, and the merchant's terms",
    description="Show the terms before the user pays. Nothing is held by asking.",
    problems=(NOT_FOUND, NOT_RUNNING, SKU_UNKNOWN, TOPUP_CLOSED, TENDER_UNKNOWN, TENDER_TWICE),
)
def quote(call: Call[AskCardQuote]) -> CardQuote:
    """Price, promises and terms; nothing is held."""
    asked = call.body
    return quotes.quote(call.mid, call.uid, CampaignId(call.path["campaign_id"]), asked.sku_id, asked.pay_with)


@operation(
    auth=USER,
    body=CardWish,
    answer=CardOrder,
    status=201,
    also=(202,),
    idempotent=True,
    name="buy_card",
    summary="Buy a punch card for my family",
    description="It is the family's as soon as it is paid; where nothing is left to pay, at once.",
    problems=(*SPENDING, NOT_RUNNING, SKU_UNKNOWN, TOPUP_CLOSED, TOPUP_TERMS, problems.CARDS_SOLD_OUT, *REFUSALS),
)
def buy(call: Call[CardWish]) -> Answer[CardOrder]:
    """Order a card."""
    asked = call.body
    placed = buying.buy(call.intent, CampaignId(call.path["campaign_id"]), asked.family_id, asked.terms, asked)
    shown = payable(placed.order, placed.pay)
    held = CardOrder(
        order_id=placed.order.oid,
        state=shown.order.state,
        total_fen=placed.order.total_fen,
        cash_fen=placed.order.cash_fen,
        pay_until=placed.order.deadline,
        pay=shown.pay,
        now=shown.order.now,
        campaign_id=PaymentRef.of(placed.order).cid,
        family_id=asked.family_id,
    )
    return Answer(held, status=202 if placed.pay is None and shown.order.payable else 201)


@operation(
    auth=USER,
    query=Page,
    answer=Cards,
    name="family_cards",
    summary="My family's punch cards",
    problems=(FAMILY_UNKNOWN,),
)
def listed(call: Call[None]) -> Cards:
    """A page of a family's cards."""
    asked: Page = call.query
    fid = call.path["family_id"]
    after = cursor.decode(asked.cursor, family_key(call.mid, fid).pk, begins=CARDS)
    found, more = cards.page(call.mid, fid, call.uid, asked.limit, after)
    return Cards(cards=[views.card(one) for one in found], cursor=cursor.encode(more), now=clock.now())


@operation(
    auth=USER,
    query=Page,
    answer=CardShown,
    name="show_card",
    summary="A punch card of my family's, and who used what of it, and when",
    problems=(FAMILY_UNKNOWN, NOT_FOUND),
)
def show(call: Call[None]) -> CardShown:
    """A card with a page of its uses, latest first."""
    asked: Page = call.query
    fid, oid = call.path["family_id"], call.path["order_id"]
    after = cursor.decode(asked.cursor, family_key(call.mid, fid).pk, begins=cards.uses_begin(oid))
    seen = cards.one(call.mid, fid, call.uid, oid, asked.limit, after)
    return views.shown(seen, call.uid, cursor.encode(seen.after), call.language)


@operation(
    auth=USER,
    answer=CardPass,
    name="card_pass",
    summary="A pass for one use of a card, for the staff to scan",
    description="Draw it as a QR code. It is good for two minutes and for one use: ask for a new one each time.",
    problems=PASSING,
)
def new_pass(call: Call[None]) -> CardPass:
    """What tells the staff which card, and who uses it. Nothing is written."""
    return _pass(call)


@operation(
    auth=USER,
    query=ToDraw,
    answer=CardPassQr,
    name="card_pass_qr",
    summary="A pass for one use of a card as a QR code",
    description="It is a new pass each time, and good as one is.",
    problems=(*PASSING, PICTURES_BUSY),
)
def pass_qr(call: Call[None]) -> CardPassQr:
    """Draw a new pass."""
    wanted: ToDraw = call.query
    made = _pass(call)
    code = qr_shown.drawn(made.qr, wanted.form)
    return CardPassQr(**msgspec.structs.asdict(code), until=made.until, left=made.left, now=made.now)


@operation(
    auth=USER,
    answer=CardBack,
    idempotent=True,
    name="refund_card",
    summary="Have what is not used of a punch card paid back, the way it was paid",
    description="By whoever bought it, for seven days and without a reason. Nothing is left of the card then.",
    problems=(
        NOT_FOUND,
        problems.CARD_UNPAID,
        problems.CARD_REFUND_LATE,
        problems.CARD_PAID_BACK,
        problems.CARD_UNITS_SHORT,
    ),
)
def refund(call: Call[None]) -> CardBack:
    """Take the rest of a card back."""
    fid, oid = call.path["family_id"], call.path["order_id"]
    back = returning.refund(call.intent, fid, oid)
    return CardBack(
        family_id=fid,
        order_id=oid,
        refund_fen=back.fen,
        back_units=back.units,
        refund_number=back.number,
        now=clock.now(),
    )


def _pass(call: Call[Any]) -> CardPass:
    return passes.pass_of(call.mid, call.path["family_id"], call.uid, call.path["order_id"])
