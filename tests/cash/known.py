"""Cash in plain Python: what a merchant published, and what is known of each claim, pause and limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import NamedTuple

from hypothesis import strategies as st

BEIJING = timezone(timedelta(hours=8))
ON_ITS_WAY = ("sending", "waiting", "cancelling")
OPEN = ("claimable", "review", *ON_ITS_WAY)
SETTLED = ("paid", "returned")


PAUSE = timedelta(minutes=5)
CROWD = timedelta(seconds=30)
SURELY_ABSENT = timedelta(seconds=90)
GIVE_UP = timedelta(days=1)
SURE = timedelta(days=25)
FORGOTTEN = timedelta(days=29)
LONGER = timedelta(days=1)
REVIEW = timedelta(days=7)
CLEARED_FOR = timedelta(days=3)
RANK_KEPT = timedelta(hours=24)
CONFIRM_TIME = timedelta(hours=24)
FIRST_LOOK = timedelta(seconds=60)
GIFT_AGAIN = timedelta(minutes=1)
LONGEST = {"waiting": timedelta(minutes=30)}
"""Between two questions about an attempt; of all others it is as long as `PAUSE`."""
ACCOUNT = ("NOT_ENOUGH", "NO_AUTH")
"""Refusals that are the merchant's account's."""
DOUBTFUL = 3


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the merchant published of one campaign that gives cash."""

    amounts: tuple[int, ...]
    hold_days: int
    claim_days: int
    commission: bool
    """Whether it is paid in WeChat's scene of commissions."""
    budget: int

    @property
    def scene(self) -> str:
        return "1005" if self.commission else "1000"


class Limits(NamedTuple):
    """What one user may ask for."""

    times_a_day: int
    fen_a_day: int
    fen_a_year: int


CAMPAIGNS = st.lists(
    st.builds(
        Terms,
        amounts=st.sampled_from(((100,), (100, 200), (50, 150, 300))),
        hold_days=st.sampled_from((0, 0, 0, 1)),
        claim_days=st.sampled_from((1, 2, 5, 10)),
        commission=st.booleans(),
        budget=st.sampled_from((700, 2000, 2000)),
    ),
    min_size=1,
    max_size=3,
)
LIMITS = st.builds(
    Limits,
    times_a_day=st.sampled_from((1, 2, 3)),
    fen_a_day=st.sampled_from((300, 500)),
    fen_a_year=st.sampled_from((500, 900, 5000)),
)


class Window(NamedTuple):
    """When somebody looks after a claim: neither before nor after."""

    first: datetime
    last: datetime


def at(instant: datetime) -> Window:
    """Then, to the millisecond."""
    return Window(instant, instant + timedelta(milliseconds=1))


@dataclass(kw_only=True)
class Claim:
    cid: str
    user: str
    ref: str
    amount: int
    since: datetime
    until: datetime
    due: Window | None
    state: str = "claimable"
    n: int = 1
    tapped: datetime | None = None
    intent: datetime | None = None
    asked: datetime | None = None
    """Since when it is known that WeChat asks him."""
    day: str | None = None
    """On whose limits, and its year's, it counts."""
    cleared: bool = False
    revoked: bool = False
    note: str | None = None
    failed: str | None = None
    gift: str = "granted"
    gift_due: datetime | None = None
    gift_debt: int = 0

    @property
    def on_its_way(self) -> bool:
        return self.state in ON_ITS_WAY


@dataclass
class Pause:
    """A campaign's cash waits."""

    until: datetime
    why: str
    since: datetime


@dataclass
class Taken:
    """What a user has taken of a day's or a year's limits."""

    times: int = 0
    fen: int = 0
    paid: int = 0
    paid_fen: int = 0


def day_of(now: datetime) -> str:
    """The merchant's day."""
    return now.astimezone(BEIJING).date().isoformat()


def next_day(now: datetime) -> datetime:
    """When the merchant's next day begins."""
    tomorrow: date = now.astimezone(BEIJING).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), BEIJING)
