"""What a code brings its user, inside somebody's transaction, and its way back."""

from __future__ import annotations

from datetime import datetime

from chalicelib.campaigns.gifts import AsCash, AsCoupon
from chalicelib.campaigns.kinds.brings import BringsCoupon, BringsGift, BringsPurse
from chalicelib.campaigns.kinds.codes import CodesOffer
from chalicelib.campaigns.stock import Drawn
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.rewards import give
from chalicelib.rewards.cash import cash_of
from chalicelib.rewards.give import Origin, coupon_of
from chalicelib.rewards.items import Coupon, Leg, Posting, coupon_key, posting_key, statement_entry
from chalicelib.rewards.states import Why
from chalicelib.rewards.windows import windows
from chalicelib.voucher import purses
from chalicelib.voucher.items import Used


def origin(made: Used) -> Origin:
    """Where what a code brings comes from."""
    return Origin(
        mid=made.mid,
        cid=CampaignId(made.cid),
        version=made.version,
        why=Why.CODE,
        ref=made.ref,
        subject=f"{made.bid}-{made.serial}",
    )


def keys(mid: MerchantId, uid: str, offer: CodesOffer) -> list[Key]:
    """What is read before it is given."""
    return give.keys(mid, uid, offer.gift) if offer.gift is not None else []


def add(tx: Transaction, offer: CodesOffer, made: Used, found: Found, now: datetime) -> list[Leg]:
    """The user has it when ``tx`` commits; the legs are to stand on the code. Nothing, where staff hand it over."""
    brings, uid = offer.brings, made.uid
    if uid is None:
        return []
    if isinstance(brings, BringsGift):
        held = [Drawn(0, brings.gift.amount)] if isinstance(brings.gift.form, AsCash) else []
        return give.add(tx, "value", uid, brings.gift, origin(made), found, now, held)
    if isinstance(brings, BringsCoupon):
        tx.put("value", coupon(made.mid, uid, brings, origin(made), now))
    if isinstance(brings, BringsPurse):
        purses.add(tx, offer, brings, made, found)
    return []


def coupon(mid: MerchantId, uid: str, brings: BringsCoupon, origin: Origin, now: datetime) -> Coupon:
    """The coupon of one user, with its terms."""
    coupon_id = coupon_of(origin.ref)
    made = Coupon(
        *coupon_key(mid, uid, coupon_id),
        cid=origin.cid,
        version=origin.version,
        why=Why.CODE_COUPON,
        subject=origin.subject,
        terms=brings.coupon,
        windows=windows(brings.validity, now),
        created_at=now,
    )
    made.gsi1pk, made.gsi1sk = statement_entry(mid, uid, now, coupon_id)
    return made


def coupon_brought(offer: CodesOffer, made: Used) -> str | None:
    """The id of the coupon that a redeemed code has become."""
    gift = offer.gift
    is_coupon = isinstance(offer.brings, BringsCoupon) or (gift is not None and isinstance(gift.form, AsCoupon))
    return coupon_of(made.ref) if made.uid is not None and is_coupon else None


def cash_brought(offer: CodesOffer, made: Used) -> str | None:
    """The id of the cash that a redeemed code has become."""
    return cash_of(made.ref) if made.uid is not None and offer.gives_cash else None


def taken_keys(offer: CodesOffer, seen: Used) -> list[Key]:
    """What is read before it is taken back."""
    if seen.uid is None:
        return []
    if isinstance(offer.brings, BringsPurse):
        return purses.taken_keys(seen)
    if offer.gift is not None:
        return give.taken_keys(seen.mid, seen.uid, offer.gift, seen.ref)
    return [coupon_key(seen.mid, seen.uid, coupon_of(seen.ref))] if isinstance(offer.brings, BringsCoupon) else []


def add_taken(tx: Transaction, offer: CodesOffer, seen: Used, found: Found, now: datetime, by: str) -> bool:
    """All that a redemption brought goes back when ``tx`` commits; False, and nothing in ``tx``, where some is gone.

    ``by`` is the merchant's key that undoes it.
    """
    uid = seen.uid
    if uid is None:
        return True
    if isinstance(offer.brings, BringsCoupon):
        if not give.coupon_unused(found, seen.mid, uid, seen.ref):
            return False
        give.add_coupon_taken(tx, "value", uid, origin(seen))
        return True
    if isinstance(offer.brings, BringsPurse):
        return purses.add_taken(tx, offer, offer.brings, seen, found, now, by)
    if offer.gift is None:
        return True
    if not give.all_there(found, seen.mid, uid, offer.gift, seen.ref):
        return False
    taken = give.add_taken(tx, "value", uid, offer.gift, origin(seen), found)
    posting = Posting(
        *posting_key(seen.mid, uid, seen.ref),
        why=Why.CODE_UNDONE,
        subject=f"{seen.bid}-{seen.serial}",
        cid=seen.cid,
        version=seen.version,
        legs=seen.legs,
        posted_at=seen.posted_at,
        back=taken.legs if taken is not None else None,
        back_at=now,
    )
    posting.gsi1pk, posting.gsi1sk = statement_entry(seen.mid, uid, now, seen.ref)
    tx.put("reversal", posting)
    return True
