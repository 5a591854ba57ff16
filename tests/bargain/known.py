"""A bargain campaign in plain Python: what its merchant published, and what is known of everything in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from tests.bargain import shop
from tests.orders import model as orders


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the merchant published; amounts in fen."""

    start: int
    cut: int
    parts: int
    front_loaded: bool
    self_cut: bool
    early: bool
    reserved: bool
    """Whether a bargain has its unit from its start on, or its order takes it."""
    only_new: bool
    stock: int
    whole_cuts: int | None
    """For how many bargains the budget is enough, if there is one."""
    spare: int
    """What it has beside."""
    most_starts: int
    most_active: int
    most_helps: int
    most_today: int
    claim: timedelta
    passes_after: timedelta
    lifetime: timedelta = timedelta(seconds=3600)
    pay_window: timedelta = timedelta(seconds=600)

    @property
    def budget(self) -> int | None:
        """What all bargains together may cut."""
        return None if self.whole_cuts is None else self.whole_cuts * self.cut + self.spare

    @property
    def document(self) -> dict[str, Any]:
        """As its merchant writes it."""
        limits = self.most_starts, self.most_active, self.most_helps, self.most_today
        return shop.offer(
            skus=[
                {
                    **shop.SKU,
                    "start_price_fen": self.start,
                    "floor_price_fen": self.start - self.cut,
                    "stock": self.stock,
                }
            ],
            cuts=self.parts,
            split="front_loaded" if self.front_loaded else "equal",
            self_cut=self.self_cut,
            early_purchase=self.early,
            reserve="start" if self.reserved else "order",
            who_may_help="new_user" if self.only_new else "any",
            budget_fen=self.budget,
            limits=dict(zip(("starts", "active", "helps", "helps_a_day"), limits, strict=True)),
            bargain_seconds=int(self.lifetime.total_seconds()),
            claim_seconds=int(self.claim.total_seconds()),
            pay_window_seconds=int(self.pay_window.total_seconds()),
            held_helps_pass_after_seconds=int(self.passes_after.total_seconds()),
        )

    @property
    def slots(self) -> list[int]:
        """What each help cuts: all alike, or the first a half, but so that a fen is left for each other."""
        if not self.front_loaded:
            return _shared(self.cut, self.parts)
        first = min(self.cut - self.cut // 2, self.cut - self.parts + 1)
        return [first, *_shared(self.cut - first, self.parts - 1)]


def _shared(total: int, parts: int) -> list[int]:
    each, rest = divmod(total, parts)
    return [each + 1] * rest + [each] * (parts - rest)


@dataclass(kw_only=True)
class Bargain:
    user: str
    helps: int
    expires: datetime
    due: datetime | None
    units: int
    escrow: int
    status: str = "active"
    held: int = 0
    claim: datetime | None = None
    buys: int = 0
    order: str | None = None
    rest: timedelta | None = None
    """What is left of its time while an early order freezes it."""
    to_close: bool = False

    @property
    def frozen(self) -> bool:
        """Whether an early order keeps its price and its time where they are."""
        return self.status == "ordering" and self.rest is not None


@dataclass(kw_only=True)
class Help:
    state: str
    day: date
    slot: int | None = None
    due: datetime | None = None


@dataclass(kw_only=True)
class Order(orders.Order):
    bargain: str
    price: int
    units: int


@dataclass
class Limit:
    starts: int = 0
    active: int = 0
    helps: int = 0
    day: date | None = None
    """On which he helped last."""
    today: int = 0
    helped: list[str] = field(default_factory=list)
    """Whom, the last one last."""


BEIJING = timezone(timedelta(hours=8))


def day_of(now: datetime) -> date:
    """The merchant's day."""
    return now.astimezone(BEIJING).date()


def next_day(now: datetime) -> datetime:
    """When his next one begins."""
    return datetime.combine(day_of(now) + timedelta(days=1), time(), BEIJING)


TERMS = st.builds(
    Terms,
    start=st.just(9900),
    cut=st.sampled_from([4, 3000, 3001, 9899]),
    parts=st.integers(2, 4),
    early=st.sampled_from([True, True, True, False]),
    stock=st.integers(1, 20),
    whole_cuts=st.one_of(st.none(), st.integers(1, 20)),
    spare=st.integers(0, 3),
    most_starts=st.integers(1, 12),
    most_active=st.integers(1, 3),
    most_helps=st.integers(2, 12),
    most_today=st.integers(1, 6),
    claim=st.sampled_from([timedelta(hours=0.5), timedelta(hours=2)]),
    passes_after=st.sampled_from([timedelta(seconds=seconds) for seconds in (600, 1200, 7200)]),
    lifetime=st.sampled_from([timedelta(hours=0.5), timedelta(hours=1), timedelta(hours=5)]),
    **{name: st.booleans() for name in ("front_loaded", "self_cut", "reserved", "only_new")},
)
"""What a merchant may publish."""
