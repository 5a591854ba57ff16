"""Codes that bring value for a family's wallet: given value, or bought where the codes are sold.

It goes to the family of whoever redeems the code, who must belong to one that is there; undone, it comes back whole.
"""

from __future__ import annotations

from datetime import datetime

from pynamodb.expressions.condition import Condition

from chalicelib.campaigns.kinds.brings import BringsPurse
from chalicelib.campaigns.kinds.codes import CodesOffer, Funding
from chalicelib.core.decision import Read
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.family import lots, purse, standing
from chalicelib.family.items import Belonging, Family, belonging_key, family_key
from chalicelib.family.states import Why
from chalicelib.family.topup_problems import CODE_NEEDS_FAMILY
from chalicelib.merchants import wallet
from chalicelib.voucher.items import Used


def family_of(read: Read, mid: MerchantId, uid: str | None, offer: CodesOffer) -> str | None:
    """The family of whoever redeems, where its wallet is to be filled; nothing is read otherwise."""
    if uid is None or not isinstance(offer.brings, BringsPurse):
        return None
    key = belonging_key(mid, uid)
    belongs = read(key).item(Belonging, key)
    return belongs.fid if belongs is not None else None


def keys(mid: MerchantId, fid: str | None) -> list[Key]:
    """The wallet that is to be filled."""
    return [family_key(mid, fid)] if fid is not None else []


def insist_fits(mid: MerchantId, offer: CodesOffer, fid: str | None, found: Found) -> Family | None:
    """The family whose wallet takes what a code brings; None for a code that brings none of that.

    Raises `CODE_NEEDS_FAMILY`, `FAMILY_ENDED`, and `WALLET_FULL` where codes are sold.
    """
    if not isinstance(offer.brings, BringsPurse):
        return None
    family = found.item(Family, family_key(mid, fid)) if fid is not None else None
    if family is None:
        raise RippleError(CODE_NEEDS_FAMILY)
    standing.insist_there(family)
    if offer.funding is Funding.SOLD:
        purse.insist_room(family, offer.brings.fen, wallet.cap_fen(mid))
    return family


def add(tx: Transaction, offer: CodesOffer, brings: BringsPurse, made: Used, found: Found) -> None:
    """The wallet has it when ``tx`` commits. Raises what `insist_fits` does."""
    mid, fen = made.mid, brings.fen
    family = insist_fits(mid, offer, made.family, found)
    if family is None or made.uid is None or made.at is None:
        raise LookupError(f"whose wallet a code fills: {made.ref}")
    when: dict[str, Condition] = {"there": Family.status.is_in(*standing.STAYS)}
    if offer.funding is Funding.SOLD:
        when["room"] = Family.paid <= family.paid + purse.room_fen(family, wallet.cap_fen(mid)) - fen
        when["arriving"] = purse.as_seen(family)
    sold = [Family.paid.add(fen), Family.credits.add(1)]
    tx.update("family", family, sold if offer.funding is Funding.SOLD else [Family.granted.add(fen)], when=when)
    tx.check("belonging", belonging_key(mid, made.uid), when={"his": Belonging.fid == family.fid})
    _add_move(tx, offer, made, family.fid, made.at, made.ref, Why.CODE, fen, made.by or made.uid)


def taken_keys(seen: Used) -> list[Key]:
    """What is read before it is taken back."""
    return keys(seen.mid, seen.family)


def add_taken(
    tx: Transaction, offer: CodesOffer, brings: BringsPurse, seen: Used, found: Found, now: datetime, by: str
) -> bool:
    """All of it leaves the wallet that it came to; False, and nothing in ``tx``, where some of it was spent."""
    (key,) = taken_keys(seen)
    family = found.item(Family, key)
    sold = offer.funding is Funding.SOLD
    if family is None:
        return False
    there = lots.left_of(family, _subject(seen)) if sold else family.granted
    if there < brings.fen:
        return False
    if sold:
        as_read = {"paid": Family.paid == family.paid, "credits": standing.same(Family.credits, family.credits)}
        tx.update("family", family, [Family.paid.add(-brings.fen)], when=as_read)
    else:
        enough = {"enough": Family.granted >= brings.fen}
        tx.update("family", family, [Family.granted.add(-brings.fen)], when=enough)
    _add_move(tx, offer, seen, family.fid, now, f"{seen.ref}-undone", Why.CODE_UNDONE, -brings.fen, by)
    return True


def _add_move(
    tx: Transaction, offer: CodesOffer, code: Used, fid: str, at: datetime, ref: str, why: Why, fen: int, by: str
) -> None:
    """The wallet's own line of it; bought value and given are apart."""
    granted, paid = (0, fen) if offer.funding is Funding.SOLD else (fen, 0)
    purse.add_move(tx, code.mid, fid, at, ref, why, granted=granted, paid=paid, by=by, subject=_subject(code))


def _subject(code: Used) -> str:
    """What the wallet's lines call a code."""
    return f"{code.bid}-{code.serial}"
