"""What a merchant sees of cash, over HTTP."""

from __future__ import annotations

import re
from datetime import date

import msgspec

from chalicelib.accounts.items import user_index
from chalicelib.campaigns.items import status_index
from chalicelib.cash import admin, admin_views, flow, years
from chalicelib.cash import liability as owed
from chalicelib.cash.admin_views import (
    CampaignCashShown,
    FlowDays,
    LiabilityShown,
    UserCash,
    Year,
)
from chalicelib.cash.days import days_index
from chalicelib.core import clock, cursor
from chalicelib.core.cursor import Page
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import CampaignId
from chalicelib.core.store import read_one
from chalicelib.edge.operation import MERCHANT, Answer, Call, operation
from chalicelib.merchants.cash import CashSetup, setup_key
from chalicelib.merchants.cash_views import operations
from chalicelib.rewards.cash import LISTED

YEAR = re.compile(r"20[0-9]{2}")
POSITION = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
"""Where a user stands in a year: his id."""


class ToCompare(msgspec.Struct, forbid_unknown_fields=True):
    """Which day is to be compared."""

    day: date
    """In China's time."""


@operation(
    auth=MERCHANT,
    role="viewer",
    answer=CampaignCashShown,
    name="campaign_cash",
    summary="What a campaign owes in cash, and whether its cash waits",
    problems=(NOT_FOUND,),
)
def owed_by_campaign(call: Call[None]) -> CampaignCashShown:
    """A campaign's cash, to the fen."""
    found = admin_views.owed(owed.of_campaign(call.mid, CampaignId(call.path["campaign_id"])))
    return CampaignCashShown(**msgspec.structs.asdict(found), now=clock.now())


@operation(
    auth=MERCHANT,
    role="viewer",
    query=Page,
    answer=LiabilityShown,
    name="cash_liability",
    summary="What all campaigns owe in cash, beside what the operations account has",
)
def liability(call: Call[None]) -> LiabilityShown:
    """A page of the campaigns that give cash; ended ones too, for as long as they are kept."""
    page: Page = call.query
    after = cursor.decode(page.cursor, status_index(call.mid), "gsi1")
    found, more = owed.of_merchant(call.mid, page.limit, after)
    setup = read_one(CashSetup, setup_key(call.mid))
    return LiabilityShown(
        campaigns=[admin_views.owed(one) for one in found],
        cursor=cursor.encode(more),
        operations=operations(setup) if setup is not None else None,
        now=clock.now(),
    )


@operation(
    auth=MERCHANT,
    role="viewer",
    query=Page,
    answer=FlowDays,
    name="cash_days",
    summary="Days compared with the operations account's bills",
)
def days_compared(call: Call[None]) -> FlowDays:
    """A page of days with WeChat's sums and how many differences there were."""
    page: Page = call.query
    after = cursor.decode(page.cursor, days_index(call.mid), "gsi1")
    found, more = flow.compared(call.mid, page.limit, after)
    return FlowDays(days=[admin_views.day(one) for one in found], cursor=cursor.encode(more))


@operation(
    auth=MERCHANT,
    role="operator",
    body=ToCompare,
    status=202,
    idempotent=True,
    name="compare_cash_day",
    summary="Compare a day with the operations account's bill, again or before the morning",
    description="It is done within a minute, or as soon as WeChat has the bill; look at `GET /v1/admin/cash/days`.",
    problems=(NOT_FOUND,),
)
def compare_day(call: Call[ToCompare]) -> None:
    """Ask for a day's comparison."""
    flow.ask(call.intent, call.body.day)


@operation(
    auth=MERCHANT,
    role="operator",
    query=Page,
    answer=Year,
    name="cash_year",
    summary="What each user was paid in a year",
    problems=(NOT_FOUND,),
)
def year(call: Call[None]) -> Year:
    """A page of those who asked for cash in a year."""
    found, more = _year(call)
    return Year(
        year=call.path["year"],
        users=[admin_views.year_line(one) for one in found],
        cursor=cursor.of_position(more),
    )


@operation(
    auth=MERCHANT,
    role="operator",
    query=Page,
    answer=bytes,
    media="text/csv; charset=utf-8",
    name="cash_year_sheet",
    summary="What each user was paid in a year, as a sheet",
    description="One row a user. Where there is more, X-Next-Cursor is the next `cursor`.",
    problems=(NOT_FOUND,),
)
def year_sheet(call: Call[None]) -> Answer[bytes]:
    """The same page as a CSV."""
    found, more = _year(call)
    headers = {"Content-Disposition": f'attachment; filename="cash-{call.path["year"]}.csv"'}
    following = cursor.of_position(more)
    body = years.sheet(call.path["year"], found)
    return Answer(body, headers={**headers, "X-Next-Cursor": following} if following else headers)


@operation(
    auth=MERCHANT,
    role="viewer",
    query=Page,
    answer=UserCash,
    name="inspect_cash",
    summary="A user's cash, and every attempt to transfer it",
    problems=(NOT_FOUND,),
)
def inspect(call: Call[None]) -> UserCash:
    """A page of a user's cash, with the numbers that WeChat knows."""
    page: Page = call.query
    uid = call.path["user_id"]
    after = cursor.decode(page.cursor, user_index(call.mid, uid), "gsi1", LISTED)
    found, more = admin.of_user(call.mid, uid, page.limit, after)
    return UserCash(cash=[admin_views.cash_line(one) for one in found], cursor=cursor.encode(more))


def _year(call: Call[None]) -> tuple[list[years.Paid], str | None]:
    """Raises NOT_FOUND for what is no year."""
    if not YEAR.fullmatch(call.path["year"]):
        raise RippleError(NOT_FOUND)
    page: Page = call.query
    after = cursor.position(page.cursor, POSITION)
    return years.page(call.mid, call.path["year"], page.limit, after)
