"""Who may see and use a family's cards: its members; of a closed family whoever owned it last, and nobody else."""

from __future__ import annotations

from datetime import datetime

from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found
from chalicelib.core.transaction import Transaction
from chalicelib.family import standing
from chalicelib.family.items import Family, family_key
from chalicelib.family.problems import FAMILY_UNKNOWN
from chalicelib.family.states import FamilyState


def sees(found: Found, mid: MerchantId, fid: str, uid: str) -> Family:
    """The family, for whoever may see its cards. Raises `FAMILY_UNKNOWN`."""
    family = found.item(Family, family_key(mid, fid))
    if family is None:
        raise RippleError(FAMILY_UNKNOWN)
    return family if _is_his(family, uid) else standing.seen(found, mid, fid, uid)[0]


def uses(found: Found, mid: MerchantId, fid: str, uid: str, now: datetime) -> Family:
    """The family, for whoever may use its cards now.

    Raises `FAMILY_UNKNOWN`, `FAMILY_ENDED`, `FAMILY_FROZEN`, `MEMBER_FROZEN`, `COOLING`.
    """
    family = sees(found, mid, fid, uid)
    if not _is_his(family, uid):
        standing.insist_may_spend(*standing.seen(found, mid, fid, uid), now)
    return family


def add_uses(tx: Transaction, family: Family, uid: str, now: datetime) -> None:
    """Insist in ``tx``, which writes neither family nor member, that somebody may use its cards."""
    if _is_his(family, uid):
        when = {"his": (Family.status == FamilyState.CLOSED) & (Family.owner == uid)}
        tx.check("family", family, when=when)
    else:
        standing.add_may_spend(tx, family.mid, family.fid, uid, now)


def _is_his(family: Family, uid: str) -> bool:
    """Whether the family is closed, and he owned it last."""
    return family.status is FamilyState.CLOSED and family.owner == uid
