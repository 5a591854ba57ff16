"""What members and the shop see of punch cards: what is left of each, and who used what of it, and when."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.accounts import mask
from chalicelib.campaigns.views import why_not
from chalicelib.core import clock
from chalicelib.core.errors import Language, RippleError
from chalicelib.family.topup_views import MayGoBack
from chalicelib.orders.lines import Quoted
from chalicelib.orders.views import OrderHeld
from chalicelib.punchcards import returning, rules
from chalicelib.punchcards.cards import Seen
from chalicelib.punchcards.desk import Done
from chalicelib.punchcards.items import Card, CardUse


class CardQuote(Quoted, kw_only=True):
    """What a card costs and promises, and the merchant's terms; nothing is held by asking."""

    units: int
    filing_number: str
    filed_with: str
    terms: str
    """The edition of the terms, to be sent with the order by whoever has read them."""
    terms_zh: str
    terms_en: str
    refund_days: int


class CardOrder(OrderHeld, kw_only=True):
    """A new order of a card, and what ``wx.requestPayment`` takes; without ``pay`` (202) ask again."""

    campaign_id: str
    family_id: str


class CardView(msgspec.Struct, kw_only=True):
    """A card of a family's."""

    order_id: str
    """The order that bought it, by which it is called."""
    campaign_id: str
    sku_id: str
    title: str
    state: str
    """good | used_up | paid_back"""
    units: int
    left: int
    used: int
    back_units: int
    """Units that were paid back."""
    price_fen: int
    back_fen: int
    bought_at: datetime


class UseView(msgspec.Struct, kw_only=True):
    """Units that somebody used of a card."""

    use_id: str
    units: int
    who: str
    """His nickname, masked."""
    mine: bool
    """Whether that is the caller."""
    at: datetime
    undone_at: datetime | None
    """When the shop gave them back to the card."""


class Cards(msgspec.Struct, kw_only=True):
    """A page of a family's cards."""

    cards: list[CardView]
    cursor: str | None
    now: datetime


class CardShown(CardView, kw_only=True):
    """A card, by whom it was bought, and a page of what was used of it, latest first."""

    buyer: str
    """The nickname of whoever bought it, masked."""
    refund: MayGoBack | None
    """What may go back to whoever bought it, if that is the caller."""
    uses: list[UseView]
    cursor: str | None
    now: datetime


class CardBack(msgspec.Struct, kw_only=True):
    """What goes back of a card, the way it was paid; nothing is left of the card."""

    family_id: str
    order_id: str
    refund_fen: int
    back_units: int
    """That were not used."""
    refund_number: str
    now: datetime


class UseRecord(msgspec.Struct, kw_only=True):
    """A use as its merchant sees it."""

    use_id: str
    family_id: str
    order_id: str
    user_id: str
    units: int
    by: str
    """The key that scanned the pass."""
    at: datetime
    undone_at: datetime | None
    undone_by: str | None
    note: str | None


class Used(msgspec.Struct, kw_only=True):
    """A use, and what is left of its card."""

    use: UseRecord
    title: str
    units: int
    """Of the whole card."""
    left: int
    now: datetime


class CardRecord(CardView, kw_only=True):
    """A card as its merchant sees it."""

    family_id: str
    buyer_id: str
    most_back_fen: int
    """What may be paid back at most, for what is not used."""
    uses: list[UseRecord]
    cursor: str | None
    now: datetime


def card(one: Card) -> CardView:
    """A card."""
    return CardView(
        order_id=one.oid,
        campaign_id=one.cid,
        sku_id=one.sku,
        title=one.title,
        state=one.state.value,
        units=one.units,
        left=one.left,
        used=one.used,
        back_units=one.back_units or 0,
        price_fen=one.price_fen,
        back_fen=one.back_fen or 0,
        bought_at=one.bought_at,
    )


def shown(seen: Seen, uid: str, cursor: str | None, language: Language) -> CardShown:
    """A card as ``uid`` sees it."""
    uses = [
        UseView(
            use_id=use.use_id,
            units=use.units,
            who=mask.seen(seen.people.get(use.uid)),
            mine=use.uid == uid,
            at=use.at,
            undone_at=use.undone_at,
        )
        for use in seen.uses
    ]
    buyer = mask.seen(seen.people.get(seen.card.uid))
    said = msgspec.structs.asdict(card(seen.card))
    refund = _refund(seen.card, language) if seen.card.uid == uid else None
    return CardShown(**said, buyer=buyer, refund=refund, uses=uses, cursor=cursor, now=clock.now())


def _refund(one: Card, language: Language) -> MayGoBack:
    """What may go back to its buyer, as the rules say."""
    bought, now = returning.bought(one), clock.now()
    fen, refused = 0, None
    try:
        rules.insist_in_time(one, now)
        fen = rules.payable_back(bought.order, one, bought.live_fen, None)
    except RippleError as refusal:
        refused = refusal
    return MayGoBack(refundable_fen=fen, until=rules.refund_until(one), why_not=why_not(refused, language))


def record(seen: Seen, cursor: str | None) -> CardRecord:
    """A card as its merchant sees it."""
    one = seen.card
    return CardRecord(
        **msgspec.structs.asdict(card(one)),
        family_id=one.fid,
        buyer_id=one.uid,
        most_back_fen=rules.most_back_fen(one, returning.bought(one).live_fen),
        uses=[_use(use) for use in seen.uses],
        cursor=cursor,
        now=clock.now(),
    )


def used(done: Done) -> Used:
    """A use that was made or undone."""
    one = done.card
    return Used(use=_use(done.use), title=one.title, units=one.units, left=one.left, now=clock.now())


def _use(use: CardUse) -> UseRecord:
    return UseRecord(
        use_id=use.use_id,
        family_id=use.fid,
        order_id=use.oid,
        user_id=use.uid,
        units=use.units,
        by=use.by,
        at=use.at,
        undone_at=use.undone_at,
        undone_by=use.undone_by,
        note=use.note,
    )
