"""A recall at work: page by page, in waking hours, as long as there is something to give and to tell with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from pynamodb.expressions.update import Action

from chalicelib.campaigns.kinds.coupon import CouponOffer
from chalicelib.campaigns.live import live
from chalicelib.core import clock, log
from chalicelib.core.decision import decided
from chalicelib.core.ids import CampaignId
from chalicelib.core.times import Time, timed
from chalicelib.core.transaction import update_one
from chalicelib.merchants.service import merchant
from chalicelib.notices.setup import voice_now
from chalicelib.recall import calling, people, rules, service
from chalicelib.recall.calling import Round
from chalicelib.recall.items import Recall
from chalicelib.recall.states import Call, RecallState, Stop

PAGE = 25
"""People whom one turn of a recall looks at."""


@timed(
    Time(
        f"a merchant starts a recall: at once, and every minute while there are people left, {PAGE} at a time",
        "whoever of the segment may be told something gets his coupon and his message",
        "they get both later; nobody gets them twice",
    ),
    Time(
        "the end of the merchant's quiet hours, where it was quiet",
        "it goes on",
        "nobody is told anything",
    ),
)
def recall_due(recall: Recall) -> None:
    """One turn of a recall (the due handler of `Recall`)."""
    mid, now = recall.mid, clock.now()
    turn = Round(recall, live(mid, CampaignId(recall.cid), CouponOffer), service.terms_of(mid), voice_now(mid))
    why = _stop(turn, now)
    if why is not None:
        _end(recall, RecallState.STOPPED, why, Counter())
        return
    awake = rules.waking(now, turn.voice.terms, merchant(mid).time_zone)
    if awake is not None:
        _write(recall, [], awake)
        return
    where = people.lists(mid, recall.segment, turn.terms, recall.created_at)
    uids, more = people.page(where, PAGE, recall.place)
    came = Counter[Call]()
    for uid in uids:
        outcome = decided(partial(calling.call, turn, uid))
        if outcome is Call.ENDED:
            return
        if outcome is Call.NONE_LEFT:
            _end(recall, RecallState.STOPPED, Stop.COUPONS, came)
            return
        came[outcome] += 1
    if more is None:
        _end(recall, RecallState.DONE, None, came)
        return
    _write(recall, [Recall.place.set(more), *_counted(came)], now)


def _stop(turn: Round, now: datetime) -> Stop | None:
    """What is in the way of going on."""
    if now >= turn.recall.until:
        return Stop.TIME
    if not turn.campaign.is_running(now):
        return Stop.CAMPAIGN
    return None if turn.voice.tells(turn.recall.moment) else Stop.MESSAGES


def _end(recall: Recall, state: RecallState, why: Stop | None, came: Counter[Call]) -> None:
    said: list[Action] = [Recall.state.set(state), Recall.ended_at.set(clock.now()), *_counted(came)]
    if why is not None:
        said.append(Recall.why.set(why))
    _write(recall, said, None)
    log.info("recall_ended", rid=recall.rid, state=state.value, why=why)


def _write(recall: Recall, actions: Sequence[Action], due: datetime | None) -> None:
    """What a turn comes to, while it still is the one that drives the recall."""
    update_one(recall, actions, when={"leased": Recall.gsi2sk == recall.gsi2sk}, due=due)


def _counted(came: Counter[Call]) -> list[Action]:
    """What came of a page; those whom it told counted themselves."""
    return [
        Recall.looked.add(came.total()),
        Recall.without.add(came[Call.WITHOUT]),
        Recall.unwanted.add(came[Call.UNWANTED]),
        Recall.lately.add(came[Call.LATELY]),
    ]
