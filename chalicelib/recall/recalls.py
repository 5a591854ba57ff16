"""What a merchant does with recalls: he starts one, looks at it, and may end it before its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.campaigns.kinds.coupon import CouponOffer
from chalicelib.campaigns.live import Live, live
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import INVALID_FIELD, NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.store import query, read_all, read_one
from chalicelib.core.transaction import Transaction
from chalicelib.merchants import audit
from chalicelib.notices.moments import Moment
from chalicelib.notices.setup import voice_now
from chalicelib.recall import problems, rules, service
from chalicelib.recall.items import Recall, recall_index, recall_key
from chalicelib.recall.states import RecallState, Segment


class Wish(msgspec.Struct, frozen=True):
    """Whom a merchant wants to tell something, with a coupon of which template, and until when."""

    segment: Segment
    moment: Moment
    campaign_id: CampaignId
    until: datetime


def start(intent: Intent, wish: Wish) -> Recall:
    """Start a recall: it is due at once. Again with the same key is the same.

    Raises `NO_SEGMENTS`, `NO_TEMPLATE`, `NOT_RUNNING`, and `INVALID_FIELD`.
    """
    mid, key = intent.mid, recall_key(intent.mid, intent.ident("recall"))

    def attempt(read: Read) -> Recall:
        made = read(key).item(Recall, key)
        if made is not None:
            intent.insist_same(made.fingerprint)
            return made
        now = clock.now()
        rules.insist_may_call(wish.segment, wish.moment, wish.until, now)
        service.terms_of(mid)
        if not voice_now(mid).tells(wish.moment):
            raise RippleError(problems.NO_TEMPLATE)
        _template(mid, wish.campaign_id).insist_running(now)
        recall = Recall(
            *key,
            segment=wish.segment,
            moment=wish.moment,
            cid=wish.campaign_id,
            until=wish.until,
            state=RecallState.RUNNING,
            fingerprint=intent.fingerprint,
            created_at=now,
        )
        recall.gsi1pk, recall.gsi1sk = recall_index(mid), f"{clock.iso(now)}#{recall.rid}"
        recall.set_due(now)
        tx = Transaction()
        tx.put("recall", recall)
        told = {"segment": wish.segment.value, "moment": wish.moment.value, "campaign_id": wish.campaign_id}
        audit.add(tx, mid, intent.actor, "recall.start", recall.rid, **told)
        tx.commit()
        return recall

    return decided_or_refused(attempt)


def cancel(intent: Intent, rid: str) -> Recall:
    """End a recall: nobody is told anything more; who has a coupon keeps it. Again is the same.

    Raises `RECALL_OVER`.
    """
    mid, keys = intent.mid, (record_key(intent), recall_key(intent.mid, rid))

    def attempt(read: Read) -> Recall:
        found = read(*keys)
        recall = found.item(Recall, keys[1])
        if recall is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[keys[0]]) is not None or recall.state is RecallState.CANCELLED:
            return recall
        if recall.state is not RecallState.RUNNING:
            raise RippleError(problems.RECALL_OVER)
        now = clock.now()
        tx = Transaction()
        ended = [Recall.state.set(RecallState.CANCELLED), Recall.ended_at.set(now)]
        tx.update("recall", recall, ended, when={"running": Recall.state == RecallState.RUNNING}, due=None)
        add_record(tx, intent)
        audit.add(tx, mid, intent.actor, "recall.cancel", rid)
        tx.commit()
        return one(mid, rid)

    return decided_or_refused(attempt)


def one(mid: MerchantId, rid: str) -> Recall:
    """A recall. Raises `NOT_FOUND`."""
    recall = read_one(Recall, recall_key(mid, rid))
    if recall is None:
        raise RippleError(NOT_FOUND)
    return recall


def page(mid: MerchantId, limit: int, after: dict[str, Any] | None) -> tuple[list[Recall], dict[str, Any] | None]:
    """A page of a merchant's recalls, the newest first."""
    found = query(recall_index(mid), index="gsi1", limit=limit, forward=False, after=after)
    return [item for item in read_all(found.keys) if isinstance(item, Recall)], found.after


def _template(mid: MerchantId, cid: CampaignId) -> Live[CouponOffer]:
    try:
        return live(mid, cid, CouponOffer)
    except RippleError:
        reason = ("不是已发布的优惠券活动", "no published coupon campaign")
        raise RippleError(INVALID_FIELD, "/campaign_id", reason=reason) from None
