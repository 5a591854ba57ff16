"""A card that comes about with its order's payment, and reading a family's cards and what was used of each."""

from __future__ import annotations

from typing import Any, NamedTuple

from chalicelib.accounts.items import User, user_key
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found, query, read, read_one
from chalicelib.core.transaction import Transaction
from chalicelib.family import standing
from chalicelib.family.items import family_key
from chalicelib.orders.items import Order, order_key
from chalicelib.orders.play import PaymentRef
from chalicelib.punchcards import holders
from chalicelib.punchcards.items import CARDS, PLAY, USES, Card, CardUse, card_key, family_of, units_of


class Seen(NamedTuple):
    """A card, a page of its uses, latest first, with who they were by, and where the next begins."""

    card: Card
    uses: list[CardUse]
    people: dict[str, User]
    after: dict[str, Any] | None


def add_card(tx: Transaction, order: Order) -> None:
    """The order is paid in ``tx``: the card that it buys is its family's."""
    ref, line = PaymentRef.of(order), order.lines[0]
    units = units_of(order.object_id)
    card = Card(
        *card_key(order.mid, family_of(order.object_id), order.oid),
        uid=order.uid,
        cid=ref.cid,
        sku=line.sku_id,
        title=line.title,
        units=units,
        left=units,
        price_fen=order.total_fen,
        bought_at=order.paid_at,
    )
    tx.put("card", card)


def page(
    mid: MerchantId, fid: str, uid: str, limit: int, after: dict[str, Any] | None
) -> tuple[list[Card], dict[str, Any] | None]:
    """A page of a family's cards, and where the next begins. Raises `FAMILY_UNKNOWN`."""
    holders.sees(read(*standing.keys(mid, fid, uid)), mid, fid, uid)
    rows = query(family_key(mid, fid).pk, begins=CARDS, limit=limit, after=after)
    return [row for row in rows.items if isinstance(row, Card)], rows.after


def one(mid: MerchantId, fid: str, uid: str, oid: str, limit: int, after: dict[str, Any] | None) -> Seen:
    """A card as a member sees it, with so many of its uses. Raises `FAMILY_UNKNOWN`, `NOT_FOUND`."""
    found = read(*standing.keys(mid, fid, uid), card_key(mid, fid, oid))
    holders.sees(found, mid, fid, uid)
    return _seen(found, mid, fid, oid, limit, after)


def family_with(mid: MerchantId, oid: str) -> str:
    """The family whose card an order bought. Raises `NOT_FOUND`."""
    order = read_one(Order, order_key(mid, oid))
    if order is None or order.play != PLAY:
        raise RippleError(NOT_FOUND)
    return family_of(order.object_id)


def inspect(mid: MerchantId, fid: str, oid: str, limit: int, after: dict[str, Any] | None) -> Seen:
    """A card as its merchant sees it. Raises `NOT_FOUND`."""
    return _seen(read(card_key(mid, fid, oid)), mid, fid, oid, limit, after)


def uses_begin(oid: str) -> str:
    """How the sort keys of a card's uses begin."""
    return f"{USES}{oid}."


def _seen(found: Found, mid: MerchantId, fid: str, oid: str, limit: int, after: dict[str, Any] | None) -> Seen:
    card = found.item(Card, card_key(mid, fid, oid))
    if card is None:
        raise RippleError(NOT_FOUND)
    rows = query(family_key(mid, fid).pk, begins=uses_begin(oid), limit=limit, forward=False, after=after)
    uses = [row for row in rows.items if isinstance(row, CardUse)]
    wanted = {user_key(mid, uid): uid for uid in (card.uid, *(use.uid for use in uses))}
    known = read(*wanted)
    people = {uid: user for key, uid in wanted.items() if (user := known.item(User, key)) is not None}
    return Seen(card, uses, people, rows.after)
