"""Packet campaigns in plain Python: what a merchant published, and what is known of everything in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from tests.orders import model as orders
from tests.redpacket import shop

FORMS: dict[str, dict[str, Any]] = {"balance": shop.BALANCE, "points": shop.POINTS, "coupon": shop.COUPON}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the merchant published of one campaign."""

    kind: str
    """unlock | order | gift: what its packets are."""
    form: str
    """balance | points | coupon"""
    nodes: tuple[tuple[int, int], ...] = ()
    """So many friends in all, so much more."""
    shares: tuple[tuple[int, int], ...] = ()
    """So much for the friend, so much for the owner."""
    whole: int
    """For how many packets the budget is enough."""
    spare: int
    """What it has beside."""
    starts: int = 0
    active: int | None = None
    helps: int = 1
    today: int = 1
    only_new: bool = False
    least: int = 0
    """What of an order must stay paid, in fen."""
    life: timedelta
    passes_after: timedelta

    @property
    def pays(self) -> bool:
        """Whether anybody gets balance, of which one must be surer."""
        owned = self.form == "coupon" and any(own for _, own in self.shares)
        return self.form == "balance" or owned

    @property
    def size(self) -> int:
        """How many friends fill one packet."""
        return self.nodes[-1][0] if self.nodes else len(self.shares)

    @property
    def total(self) -> int:
        """What one packet promises."""
        return sum(more for _, more in self.nodes) + sum(friend + own for friend, own in self.shares)

    @property
    def currency(self) -> str:
        """What it is counted in: a coupon in the fen that it takes off."""
        return "points" if self.form == "points" else "fen"

    @property
    def own_form(self) -> str:
        """In which form an owner has his part of a share: a coupon is for friends."""
        return "balance" if self.form == "coupon" else self.form

    @property
    def budget(self) -> int:
        """What all packets together may promise."""
        return self.whole * self.total + self.spare

    def reached(self, helps: int) -> int:
        """How many nodes so many friends reach."""
        return sum(friends <= helps for friends, _ in self.nodes)

    @property
    def document(self) -> dict[str, Any]:
        """As its merchant writes it."""
        form, budget = FORMS[self.form], {self.currency: self.budget}
        life, passes = int(self.life.total_seconds()), int(self.passes_after.total_seconds())
        if self.kind == "unlock":
            return shop.unlock_offer(
                nodes=[{"friends": friends, "amount": more} for friends, more in self.nodes],
                form=form,
                budget=budget,
                packet_seconds=life,
                who_may_help="new_user" if self.only_new else "any",
                limits={"starts": self.starts, "active": self.active, "helps": self.helps, "helps_a_day": self.today},
                held_helps_pass_after_seconds=passes,
            )
        if self.kind == "gift":
            ((friend, _),) = self.shares
            return shop.gift_offer(
                gift={"amount": friend, "form": form},
                budget=budget,
                per_giver=self.starts,
                packet_seconds=life,
                held_claims_pass_after_seconds=passes,
            )
        limits = {"claims": self.helps, "claims_a_day": self.today}
        timing = {"life_seconds": life, "held_claims_pass_after_seconds": passes}
        return shop.goods(
            [{"friend": friend, "own": own} for friend, own in self.shares],
            packet={"form": form, **limits, **timing},
            after={"budget": budget, "least_paid_fen": self.least},
            pay_window_seconds=600,
        )


@dataclass(kw_only=True)
class Packet:
    cid: str
    user: str
    expires: datetime
    due: datetime | None
    res: int
    order: str | None = None
    status: str = "active"
    n: int = 0
    held: int = 0
    granted: int = 0
    spent: int = 0


@dataclass(kw_only=True)
class Act:
    """A help or a claim."""

    state: str
    day: date
    due: datetime | None = None
    slot: int | None = None
    friend: int | None = None
    own: int | None = None
    back: int = 0
    debt: int | None = None


@dataclass(kw_only=True)
class Order(orders.Order):
    cid: str
    live: int = 0
    """What of its money pays for it, in fen."""
    refunds: int = 0


@dataclass
class Limit:
    starts: int = 0
    active: int = 0
    helps: int = 0
    day: date | None = None
    """On which he helped or claimed last."""
    today: int = 0
    helped: list[str] = field(default_factory=list)
    """Whose packets, the last one last."""


BEIJING = timezone(timedelta(hours=8))


def day_of(now: datetime) -> date:
    """The merchant's day."""
    return now.astimezone(BEIJING).date()


def next_day(now: datetime) -> datetime:
    """When his next one begins."""
    return datetime.combine(day_of(now) + timedelta(days=1), time(), BEIJING)


def _terms(kind: str, **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Terms]:
    return st.builds(
        Terms,
        kind=st.just(kind),
        form=st.sampled_from(["balance", "balance", "points", "coupon"]),
        whole=st.sampled_from([1, 2, 3, 5, 17]),
        spare=st.integers(0, 1),
        life=st.sampled_from([timedelta(hours=0.5), timedelta(hours=1), timedelta(hours=5)]),
        passes_after=st.sampled_from([timedelta(seconds=seconds) for seconds in (600, 1200, 7200)]),
        **more,
    )


NODES = (((1, 100), (3, 200)), ((1, 5), (2, 6), (3, 7)), ((2, 300), (4, 1)), ((4, 400),))
SHARES = (((400, 200), (200, 200)), ((300, 100),) * 3, ((1, 0), (2, 1), (3, 2), (4, 3)), ((50, 0),), ((9, 500),) * 4)

UNLOCKED = _terms(
    "unlock",
    nodes=st.sampled_from(NODES),
    starts=st.integers(1, 6),
    active=st.integers(1, 3),
    helps=st.integers(2, 8),
    today=st.integers(1, 5),
    only_new=st.sampled_from([False, False, False, True]),
)
BROUGHT = _terms(
    "order",
    shares=st.sampled_from(SHARES),
    helps=st.integers(2, 8),
    today=st.integers(1, 5),
    least=st.sampled_from([0, 5000, 8900]),
)
GIVEN = _terms("gift", shares=st.sampled_from([((500, 0),), ((1, 0),)]), starts=st.integers(1, 3))

KINDS = (("unlock",), ("order",), ("unlock", "order"), ("order", "gift"))
TERMS = st.sampled_from(KINDS).flatmap(
    lambda kinds: st.tuples(*({"unlock": UNLOCKED, "order": BROUGHT, "gift": GIVEN}[kind] for kind in kinds))
)
"""What a merchant may publish: only who has ordered may give."""
