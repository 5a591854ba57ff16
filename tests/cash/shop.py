"""A merchant who pays cash, cash that somebody has, and what he, WeChat and the workers do with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from chalicelib.campaigns.gifts import AsCash
from chalicelib.cash import service
from chalicelib.cash.items import Transfer
from chalicelib.cash.numbers import number
from chalicelib.cash.service import Tapped
from chalicelib.core import clock, due
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.core.transaction import Transaction
from chalicelib.merchants.cash import CashLimits, CashSetup, CashTerms, Commission, Marketing, MerchantKind, setup_key
from chalicelib.rewards.cash import Cash, CashTally, cash_key, cash_of
from chalicelib.rewards.states import Why
from infra.local.client import Person
from tests.rewards import shop as rewards
from tests.town import Town

ADDRESS = "203.0.113.9"
HOUR, DAY = 3600, 86_400
REF = "gift-1"
AT_ONCE = AsCash(hold_days=0, claim_days=30)
TERMS = CashTerms(
    kind=MerchantKind.COMPANY,
    marketing=Marketing(),
    commission=Commission(post="推广员", description="好友下单的推荐奖励"),
    egress_address=ADDRESS,
    operations_fen=10_000_000,
    limits=CashLimits(times_a_day=3, fen_a_day=1_000, fen_a_year=2_000),
)


def mid_of(town: Town) -> MerchantId:
    """The merchant."""
    return MerchantId(town.merchant.mid)


def set_up(town: Town, terms: CashTerms = TERMS) -> None:
    """The merchant has said how he pays cash; again is another word of his."""
    now = clock.now()
    said = CashSetup(*setup_key(mid_of(town)), terms=terms, edition=clock.iso(now), said_at=now)
    Transaction().put("setup", said, when={}).commit()


def fill(town: Town, fen: int = 100_000) -> None:
    """Money comes to the operations account, or goes."""
    town.act("/_sim/operations", mchid=town.merchant.mchid, fen=fen)


def operations(town: Town) -> dict[str, int]:
    """What the operations account has."""
    path = f"/_sim/operations?mchid={town.merchant.mchid}"
    found: dict[str, int] = town.control("GET", path, {}, None).expect(200)
    return found


def offer(cash: int = 100_000, **changes: Any) -> dict[str, Any]:
    """A document with a budget of cash."""
    document = rewards.offer(**changes)
    gift = {"amount": 100, "form": {"as": "cash", "hold_days": 0, "claim_days": 30}}
    return {**document, "after_order": {"gift": gift, "budget": {"cash": cash}}}


def opened(town: Town, fen: int = 100_000, **changes: Any) -> str:
    """A campaign of a merchant who is ready, with so much in his account."""
    set_up(town)
    if fen:
        fill(town, fen)
    return town.campaign(offer(**changes))


def given(
    town: Town, campaign: str, person: Person, ref: str = REF, amount: int = 100, form: AsCash = AT_ONCE, **more: Any
) -> str:
    """Somebody's cash, by its id."""
    rewards.give(town, campaign, person, ref, amount, form, **more)
    return cash_of(ref)


def cash(town: Town, person: Person, ref: str = REF) -> Cash:
    """Somebody's cash as it stands."""
    found = read_one(Cash, cash_key(mid_of(town), person.uid, cash_of(ref)))
    assert found is not None
    return found


def tap(town: Town, person: Person, ref: str = REF, name: str | None = None) -> Tapped:
    """He asks for it."""
    return service.tap(mid_of(town), person.uid, cash_of(ref), real_name=name, address="198.51.100.7")


def cancel(town: Town, person: Person, ref: str = REF) -> Cash:
    """He takes that back."""
    return service.cancel(mid_of(town), person.uid, cash_of(ref))


def fall_due(town: Town, person: Person, ref: str = REF) -> None:
    """A worker takes it now."""
    entry = cash(town, person, ref)
    assert entry.gsi2sk is not None
    due.handle(entry.key, entry.gsi2sk)


def number_of(person: Person, ref: str = REF, n: int = 1) -> str:
    """What WeChat knows an attempt by."""
    return number(person.uid, cash_of(ref), n)


def at_wechat(town: Town, person: Person, ref: str = REF, n: int = 1) -> dict[str, Any] | None:
    """An attempt as the simulator has it."""
    path = f"/_sim/transfers?out_bill_no={number_of(person, ref, n)}"
    found: list[dict[str, Any]] = town.control("GET", path, {}, None).expect(200)["transfers"]
    return found[0] if found else None


def confirm(town: Town, tapped: Tapped, person: Person, **options: Any) -> None:
    """He confirms on WeChat's page, and WeChat tells of it."""
    assert tapped.confirm is not None
    person.confirm_transfer(tapped.confirm, **options).expect(200)
    town.hear()


def ended(town: Town, person: Person) -> list[Transfer]:
    """His attempts that ended, in their order."""
    rows = [item for item in town.items() if isinstance(item, Transfer) and item.uid == person.uid]
    return sorted(rows, key=lambda row: row.sk)


def tally(town: Town, campaign: str) -> dict[str, int]:
    """What a campaign has given as cash, by where it is."""
    shards = [item for item in town.items() if isinstance(item, CashTally) and item.pk.endswith(campaign)]
    names = ("claimable", "flight", "paid", "returned")
    return {name: sum(getattr(shard, name) or 0 for shard in shards) for name in names}


def wait_until(town: Town, person: Person, state: str, ref: str = REF, hours: float = 48, tick: float = 60.0) -> None:
    """Let time pass, with workers and WeChat's word, until it is there."""
    end = clock.now() + timedelta(hours=hours)
    while cash(town, person, ref).state.value != state:
        assert clock.now() < end, cash(town, person, ref).state
        town.pass_time(tick, tick)
        town.hear()


def with_limits(**limits: Any) -> CashTerms:
    """Other limits."""
    return msgspec.structs.replace(TERMS, limits=msgspec.structs.replace(TERMS.limits, **limits))


COMMISSION = Why.INVITE_COMMISSION
