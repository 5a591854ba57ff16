"""What a word brings its user, inside somebody's transaction."""

from __future__ import annotations

from datetime import datetime

from chalicelib.campaigns.gifts import AsCoupon
from chalicelib.campaigns.kinds.brings import BringsCoupon
from chalicelib.campaigns.kinds.word import WordOffer
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.rewards import give
from chalicelib.rewards.give import Origin, coupon_of
from chalicelib.rewards.items import Leg
from chalicelib.rewards.states import Why
from chalicelib.voucher import values
from chalicelib.voucher.word_items import Spoken


def keys(mid: MerchantId, uid: str, offer: WordOffer) -> list[Key]:
    """What is read before it is given."""
    return give.keys(mid, uid, offer.gift) if offer.gift is not None else []


def add(tx: Transaction, offer: WordOffer, made: Spoken, found: Found, now: datetime) -> list[Leg]:
    """The user has it when ``tx`` commits; the legs are to stand on the redemption."""
    origin = Origin(
        mid=made.mid,
        cid=CampaignId(made.cid),
        version=made.version,
        why=Why.WORD,
        ref=made.ref,
        subject=offer.word,
    )
    if isinstance(offer.brings, BringsCoupon):
        tx.put("value", values.coupon(made.mid, made.uid, offer.brings, origin, now))
        return []
    return give.add(tx, "value", made.uid, offer.brings.gift, origin, found, now)


def coupon_brought(offer: WordOffer, made: Spoken) -> str | None:
    """The id of the coupon that a redemption has become."""
    gift = offer.gift
    return coupon_of(made.ref) if gift is None or isinstance(gift.form, AsCoupon) else None
