"""Spending is watched: whatever moves a budget has somebody look at all of it within a minute.

A look reads every shard and compares with the look before, so that it is nothing to it whether the stream's records
come late, twice or not at all. It warns at four fifths of a budget, and pauses a campaign whose running hour outruns
its other hours (`rules`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from msgspec.structs import replace
from pynamodb.expressions.condition import Condition

from chalicelib.campaigns import service
from chalicelib.campaigns.items import Campaign, StockShard, campaign_key
from chalicelib.campaigns.problems import WRONG_STATE
from chalicelib.campaigns.states import CampaignState
from chalicelib.core import clock, log
from chalicelib.core.errors import RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.metrics import count
from chalicelib.core.store import read_one
from chalicelib.core.table import due_entry
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import Lost, Transaction, update_one, upsert_one
from chalicelib.merchants import audit
from chalicelib.rewards import rules
from chalicelib.rewards.budgets import Sums, sums
from chalicelib.rewards.items import Watch, watch_key
from chalicelib.rewards.rules import Pace

SOON = timedelta(seconds=30)
"""How long after the first of many draws somebody looks; the next minute's sweep finds it."""

AGAIN = timedelta(seconds=60)
"""When it is looked again after a look that saw something move: what moved meanwhile is found then."""

SYSTEM = "system"
"""Who did it, in the audit log, where no key did."""


def moved(shards: Sequence[StockShard]) -> None:
    """Budgets have changed (what the stream tells of `StockShard`): one write for each campaign."""
    for mid, cid in dict.fromkeys((shard.mid, shard.cid) for shard in shards):
        key = watch_key(mid, cid)
        pk, sk = due_entry(key.pk, clock.now() + SOON)
        begun = [Watch.gsi2pk.set(Watch.gsi2pk | pk), Watch.gsi2sk.set(Watch.gsi2sk | sk)]
        upsert_one(key, [*begun, Watch.asked.add(1)], when={})


@timed(
    Time(
        f"{span(SOON)} after something of a campaign's budget was taken, then every {span(AGAIN)} while it moves",
        "its merchant is warned of a budget that is low; a campaign whose budget races is paused",
        "what is taken is never more than there is; only the warning comes later",
    )
)
def watch_due(watch: Watch) -> None:
    """Look at a campaign's budgets (the due handler of `Watch`)."""
    leased: dict[str, Condition] = {"leased": Watch.gsi2sk == watch.gsi2sk}
    campaign = read_one(Campaign, campaign_key(watch.mid, watch.cid))
    if campaign is None:
        raise LookupError(f"the campaign of a watch: {watch.cid}")
    now, found = clock.now(), sums(campaign)
    before = watch.paces or {}
    paces = {one.name: rules.looked(before.get(one.name, Pace()), one.taken, now) for one in found}
    low = [one for one in found if rules.is_low(paces[one.name], one.total)]
    for one in low:
        paces[one.name] = replace(paces[one.name], warned_of=one.total)
        count("BudgetLow", mid=watch.mid, campaign=watch.cid, budget=one.name)
        log.warning("budget_low", campaign=watch.cid, budget=one.name, taken=one.taken, total=one.total)
    racing = [one for one in found if rules.races(paces[one.name], one.total, now)]
    for one in racing if campaign.status is CampaignState.PUBLISHED else ():
        _pause(campaign, one, paces[one.name])
        paces[one.name] = replace(paces[one.name], paused_in=rules.hour_of(now))
    if paces == before:
        _rest(watch, leased)
        return
    tx = Transaction()
    tx.update("watch", watch, [Watch.paces.set(paces)], when=leased, due=now + AGAIN)
    if low:
        said = {one.name.removeprefix("~"): f"{one.taken} of {one.total}" for one in low}
        audit.add(tx, watch.mid, SYSTEM, "campaign.budget-low", watch.cid, **said)
    tx.commit()


def _rest(watch: Watch, leased: Mapping[str, Condition]) -> None:
    """Nothing has moved since the last look: wait for the stream, unless it has told of something during this one."""
    as_seen = Watch.asked == watch.asked
    try:
        update_one(watch, [], when={**leased, "as_seen": as_seen}, due=None)
    except Lost:
        update_one(watch, [], when=leased, due=clock.now() + AGAIN)


def _pause(campaign: Campaign, one: Sums, pace: Pace) -> None:
    """Pause a campaign once for each hour of each budget, as the merchant would, and ring."""
    hour = pace.hours[-1]
    count("SpendingPaused", mid=campaign.mid, campaign=campaign.cid, budget=one.name)
    log.error("spending_paused", campaign=campaign.cid, budget=one.name, drawn=hour.drawn, total=one.total)
    key = f"{campaign.cid}-{one.name}-{clock.iso(hour.since)}"
    intent = Intent(mid=campaign.mid, actor=SYSTEM, route="watch", key=key, fingerprint=key)
    try:
        service.move(intent, campaign.cid, "pause", budget=one.name.removeprefix("~"), drawn=str(hour.drawn))
    except RippleError as refused:
        if refused.problem is not WRONG_STATE:  # its merchant was faster
            raise
