"""Shares: one id for each user and object, written down when it is first shown."""

from __future__ import annotations

from chalicelib.core import clock, log
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.table import Key
from chalicelib.core.transaction import Lost, beginning, upsert_one
from chalicelib.sharing import objects
from chalicelib.sharing.items import Sharing, share_id, share_key
from chalicelib.sharing.objects import Shareable, Sharers
from chalicelib.sharing.plugged import KINDS
from chalicelib.sharing.views import Share


def key_of(mid: MerchantId, uid: UserId, kind: str, ident: str) -> Key:
    """What a detail reads with the rest, so that showing a share again writes nothing."""
    return share_key(mid, share_id(mid, uid, kind, ident))


def shown(mid: MerchantId, uid: UserId, thing: Shareable, row: Sharing | None) -> Share | None:
    """The card that a user may send of ``thing``; ``row`` is what stands at `key_of`. None where he may send none.

    The first time it is written down. A look never fails for that: what could not be written is written at the next.
    """
    if KINDS[thing.kind].sharers is Sharers.OWNER and thing.owner != uid:
        return None
    ident = share_id(mid, uid, thing.kind, thing.id)
    if row is None:
        _begin(mid, uid, thing)
    now = clock.now()
    alive = row is not None and row.link_until is not None and now < row.link_until
    return Share(
        title=thing.title,
        image_url=thing.image_url,
        path=objects.path(thing.kind, thing.id, ident),
        share_id=ident,
        scene=objects.mark(ident),
        short_link=row.short_link if alive and row else None,
    )


def _begin(mid: MerchantId, uid: UserId, thing: Shareable) -> None:
    key = key_of(mid, uid, thing.kind, thing.id)
    row = Sharing(
        *key,
        uid=uid,
        kind=thing.kind,
        object=thing.id,
        title=thing.title,
        campaign=thing.campaign,
        ends_at=thing.ends_at,
        created_at=clock.now(),
        activities=[],
    )
    try:
        upsert_one(key, beginning(row), when={"absent": Sharing.pk.does_not_exist()})
    except (Lost, RippleError) as unwritten:
        log.warning("share_not_written", share=row.share_id, raised=unwritten)
