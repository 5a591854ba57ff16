"""Rewards over HTTP: statements, accounts, and what a merchant does with budgets."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.items import user_index
from chalicelib.campaigns.gifts import Funds
from chalicelib.campaigns.items import Campaign
from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND
from chalicelib.core.ids import CampaignId
from chalicelib.core.store import read_one
from chalicelib.edge.operation import MERCHANT, USER, Call, operation
from chalicelib.notices.asking import ask
from chalicelib.notices.moments import Moment
from chalicelib.rewards import books, budgets, rules, views
from chalicelib.rewards import statement as statements
from chalicelib.rewards.items import ENTRIES, Watch, watch_key
from chalicelib.rewards.ledger_views import Budgets, BudgetShown, HourShown, RebuiltShown, SumShown
from chalicelib.rewards.problems import BUDGET_SHORT, BUDGET_UNKNOWN
from chalicelib.rewards.rules import Pace
from chalicelib.rewards.views import Accounts, RewardRecords, Rewards


class Change(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How much, and of which of the campaign's budgets."""

    budget: Annotated[str, Meta(pattern=r"^[a-z]{1,16}$")]
    """As `GET …/budget` names it: fen, points, cash, or budget of a bargain campaign."""
    amount: Funds


@operation(auth=USER, query=Page, answer=Rewards, summary="Everything that I gained, lost or may yet get")
def mine(call: Call[None]) -> Rewards:
    """A page of the caller's statement, newest first; a page may be shorter than its limit."""
    found = _page(call, call.uid)
    shown = [views.line(found, one, call.language) for one in found.lines]
    wanted = ask(call.mid, call.language, Moment.REWARD_ARRIVED, Moment.REWARD_ENDING, Moment.CASH_ENDING)
    return Rewards(rewards=shown, cursor=cursor.encode(found.after), ask=wanted, now=clock.now())


@operation(auth=USER, answer=Accounts, summary="My balance and my points")
def my_accounts(call: Call[None]) -> Accounts:
    """What the caller has."""
    return views.accounts(statements.accounts(call.mid, call.uid))


@operation(
    auth=MERCHANT,
    role="viewer",
    query=Page,
    answer=RewardRecords,
    summary="A user's statement",
    problems=(NOT_FOUND,),
)
def statement(call: Call[None]) -> RewardRecords:
    """A page of a user's statement, with the reasons that he is not told."""
    uid = _user(call)
    found = _page(call, uid)
    shown = [views.record(found, one, call.language) for one in found.lines]
    return RewardRecords(rewards=shown, cursor=cursor.encode(found.after), now=clock.now())


@operation(auth=MERCHANT, role="viewer", answer=Accounts, summary="A user's balance and points", problems=(NOT_FOUND,))
def accounts(call: Call[None]) -> Accounts:
    """What a user has."""
    return views.accounts(statements.accounts(call.mid, _user(call)))


@operation(
    auth=MERCHANT,
    role="operator",
    answer=RebuiltShown,
    summary="Rebuild a user's balances and compare",
    description="Sums everything that was ever moved for the user. It only reports: nothing is changed.",
    problems=(NOT_FOUND,),
)
def rebuild(call: Call[None]) -> RebuiltShown:
    """Compare a user's balances with everything that was moved."""
    found = books.rebuild(call.mid, _user(call))
    sums = [SumShown(account=one.account, legs=one.legs, there=one.there, differs=one.differs) for one in found.sums]
    agree = not any(one.differs for one in sums)
    return RebuiltShown(sums=sums, agree=agree, steady=found.steady, now=clock.now())


@operation(
    auth=MERCHANT, role="viewer", answer=Budgets, summary="What is left of a campaign's budgets", problems=(NOT_FOUND,)
)
def budget(call: Call[None]) -> Budgets:
    """Every budget of a campaign over all of its shards."""
    return _budgets(budgets.campaign(call.mid, _campaign(call)))


@operation(
    auth=MERCHANT,
    role="owner",
    body=Change,
    answer=Budgets,
    idempotent=True,
    summary="Put more to a budget",
    problems=(NOT_FOUND, BUDGET_UNKNOWN),
)
def top_up(call: Call[Change]) -> Budgets:
    """More may be promised from now on."""
    return _budgets(budgets.top_up(call.intent, _campaign(call), call.body.budget, call.body.amount))


@operation(
    auth=MERCHANT,
    role="owner",
    body=Change,
    answer=Budgets,
    idempotent=True,
    summary="Take what is free from a budget",
    problems=(NOT_FOUND, BUDGET_UNKNOWN, BUDGET_SHORT),
)
def release(call: Call[Change]) -> Budgets:
    """Less may be promised from now on; what was promised stays promised."""
    return _budgets(budgets.release(call.intent, _campaign(call), call.body.budget, call.body.amount))


def _campaign(call: Call[None] | Call[Change]) -> CampaignId:
    return CampaignId(call.path["campaign_id"])


def _user(call: Call[None]) -> str:
    uid = call.path["user_id"]
    statements.insist_known(call.mid, uid)
    return uid


def _page(call: Call[None], uid: str) -> statements.Statement:
    page: Page = call.query
    after = cursor.decode(page.cursor, user_index(call.mid, uid), "gsi1", ENTRIES)
    return statements.page(call.mid, uid, page.limit, after)


def _budgets(campaign: Campaign) -> Budgets:
    watch = read_one(Watch, watch_key(campaign.mid, campaign.cid))
    paces = (watch.paces if watch else None) or {}
    shown = [_budget(one, paces.get(one.name, Pace())) for one in budgets.sums(campaign)]
    return Budgets(campaign_id=campaign.cid, status=campaign.status.value, budgets=shown, now=clock.now())


def _budget(one: budgets.Sums, pace: Pace) -> BudgetShown:
    return BudgetShown(
        budget=one.name.removeprefix("~"),
        currency=one.counted_in,
        said=one.said,
        added=one.added,
        total=one.total,
        left=one.left,
        taken=one.taken,
        used_percent=one.taken * 100 // one.total if one.total else 100,
        low=rules.is_used_up(one.taken, one.total),
        hours=[HourShown(since=hour.since, drawn=hour.drawn) for hour in pace.hours],
    )
