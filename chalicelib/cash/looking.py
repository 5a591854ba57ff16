"""Looking at cash: what would be refused if its user asked for it now, and what its campaign was called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import msgspec

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns.items import Snapshot, snapshot_key
from chalicelib.cash import rules
from chalicelib.cash.items import CashDay, CashPause, CashYear, day_key, pause_key, year_key
from chalicelib.cash.problems import CASH_DAY_FULL, CASH_YEAR_FULL
from chalicelib.cash.service import insist_paying
from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import CampaignId, MerchantId
from chalicelib.core.store import read_all
from chalicelib.rewards import minors
from chalicelib.rewards.cash import Cash
from chalicelib.rewards.states import CashState

ANY_NAME = "·"
"""That a name is asked for is said apart, and refuses nothing beforehand."""


class Refusal(msgspec.Struct, frozen=True):
    """What it would be refused for, and from when on that may be otherwise."""

    error: RippleError
    until: datetime | None


class Looked(msgspec.Struct, frozen=True):
    """Some of a user's cash, and what is known of it."""

    cash: Sequence[Cash]
    refusals: dict[str, Refusal]
    """Of what can be claimed but for them, by its id."""
    titles: dict[tuple[str, int], str]
    """What a campaign was called, by its id and version."""


def look(mid: MerchantId, uid: str, cash: Sequence[Cash]) -> Looked:
    """See what is known of a user's cash, in one read round."""
    now = clock.now()
    today = clock.day_of(now).isoformat()
    counted = day_key(mid, uid, today), year_key(mid, uid, today[:4])
    claimable = [one for one in cash if one.state is CashState.CLAIMABLE]
    pauses = {one.cid: pause_key(mid, one.cid) for one in claimable}
    snapshots = {(one.cid, one.version): snapshot_key(mid, CampaignId(one.cid), one.version) for one in cash}
    me = user_key(mid, uid)
    found = {item.key: item for item in read_all([*snapshots.values(), *pauses.values(), *counted, me])}
    day, year, user = (found.get(key) for key in (*counted, me))
    refusals = dict[str, Refusal]()
    for one in claimable:
        pause = found.get(pauses[one.cid])
        try:
            if isinstance(user, User):
                minors.insist_cash_is_for(user)
            terms = insist_paying(mid)
            rules.insist_may_tap(
                one,
                pause if isinstance(pause, CashPause) else None,
                terms.limits,
                day if isinstance(day, CashDay) else None,
                year if isinstance(year, CashYear) else None,
                ANY_NAME,
                now,
            )
            if rules.scene(terms, one.why) is None:
                raise rules.refused_till(now + rules.PAUSE)
        except RippleError as refused:
            refusals[one.cash_id] = Refusal(refused, _until(refused, now))
    titles = {
        known: item.offer.title for known, key in snapshots.items() if isinstance(item := found.get(key), Snapshot)
    }
    return Looked(cash, refusals, titles)


def _until(refused: RippleError, now: datetime) -> datetime | None:
    """When it may be otherwise: what the refusal tells, or when the merchant's day or year is over."""
    told = refused.facts.get("since", refused.facts.get("retry_at"))
    if told is not None:
        return clock.parse(told)
    today = clock.day_of(now)
    if refused.problem is CASH_DAY_FULL:
        return datetime.combine(today + timedelta(days=1), time(), clock.BEIJING).astimezone(UTC)
    if refused.problem is CASH_YEAR_FULL:
        return datetime(today.year + 1, 1, 1, tzinfo=clock.BEIJING).astimezone(UTC)
    return None
