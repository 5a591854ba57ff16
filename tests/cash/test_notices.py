"""What WeChat tells of transfers: believed where it is genuine and ours, kept for a person where it contradicts."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.cash import settling
from chalicelib.rewards.cash import cash_of
from chalicelib.rewards.states import CashState
from chalicelib.wechat import transfer
from infra.local.client import Person
from tests.cash import shop
from tests.town import Town


def stuck(town: Town) -> list[tuple[str, str]]:
    found = town.admin.get("/v1/admin/stuck")["stuck"]
    return [(row["reason"], row["number"]) for row in found]


def told(town: Town, person: Person, **changes: Any) -> transfer.Transfer:
    at_wechat = shop.at_wechat(town, person)
    assert at_wechat is not None
    return transfer.read({**at_wechat, **changes})


def test_a_notice_that_comes_twice_changes_nothing(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    town.sim.faults.add("notify", "duplicate")
    shop.confirm(town, shop.tap(town, ann), ann)
    before = shop.cash(town, ann)
    town.hear()
    assert shop.cash(town, ann).serialize() == before.serialize()
    assert not stuck(town)


def test_without_any_notice_the_payment_is_found_by_asking(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    town.sim.faults.add("notify", "lost", count=None)
    shop.confirm(town, shop.tap(town, ann), ann)
    assert shop.cash(town, ann).state is CashState.WAITING
    shop.wait_until(town, ann, "paid")


@pytest.mark.parametrize("kind", ["bad_signature", "tampered", "stale"])
def test_a_forged_notice_is_refused(town: Town, kind: str) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    town.sim.faults.add("notify", kind)
    shop.confirm(town, shop.tap(town, ann), ann)
    assert shop.cash(town, ann).state is CashState.WAITING


def test_a_late_word_of_a_former_attempt_ends_nothing(town: Town) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    shop.tap(town, ann)
    town.act("/_sim/fail-transfer", out_bill_no=shop.number_of(ann), fail_reason="TRANSFER_RISK")
    town.hear()
    shop.tap(town, ann)
    settling.settle(shop.mid_of(town), ann.uid, cash_of(shop.REF), 1, told(town, ann))
    assert (shop.cash(town, ann).state, shop.cash(town, ann).n) == (CashState.WAITING, 2)
    assert not stuck(town)


@pytest.mark.parametrize("first", ["paid", "failed"])
def test_a_word_that_contradicts_what_was_heard_is_for_a_person(town: Town, first: str) -> None:
    ann, campaign = town.person("ann"), shop.opened(town)
    shop.given(town, campaign, ann)
    tapped = shop.tap(town, ann)
    options = {} if first == "paid" else {"fail_reason": "TRANSFER_RISK"}
    shop.confirm(town, tapped, ann, **options)
    before = shop.cash(town, ann).state
    other = told(town, ann, state="FAIL" if first == "paid" else "SUCCESS")
    for _ in range(2):
        settling.settle(shop.mid_of(town), ann.uid, cash_of(shop.REF), 1, other)
    assert shop.cash(town, ann).state is before
    assert stuck(town) == [("transfer_contradicts", shop.number_of(ann))]
