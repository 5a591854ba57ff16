"""Every morning the operations account's bill is compared with our transfers: nothing differs as a rule."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.merchants.cash import operations_fen, setup_key
from chalicelib.merchants.service import bill_due_at
from chalicelib.rewards.states import CashState
from tests.cash import books_shop as books
from tests.cash import shop
from tests.cash.shop import DAY
from tests.orders.mornings import morning, stuck, today
from tests.town import Town


def test_a_days_transfers_agree_with_the_bill(town: Town) -> None:
    campaign, day = books.opened(town), today()
    ann, ben = town.person("ann"), town.person("ben")
    books.paid(town, campaign, ann)
    books.asked(town, campaign, ben, amount=250)
    shop.cancel(town, ben)
    shop.wait_until(town, ben, "claimable")
    town.act("/_sim/operations", mchid=town.merchant.mchid, fen=-400)
    morning(town)
    (told,) = books.days(town)
    assert told["compared_at"] is not None
    del told["compared_at"]
    assert told == {
        "day": day.isoformat(),
        "transfers": 2,
        "transferred_fen": 350,
        "returns": 1,
        "returned_fen": 250,
        "other_came_fen": 100_000,
        "other_went_fen": 400,
        "balance_fen": 100_000 - 400 - 100,
        "differences": 0,
    }
    assert (books.booked(town, ann), books.booked(town, ben)) == ({day.isoformat(): -100}, {day.isoformat(): 0})
    assert stuck(town) == []


def test_the_balance_is_known_by_the_last_line_and_never_goes_back_in_time(town: Town) -> None:
    campaign, day = books.opened(town), today()
    clock.advance(60)
    books.paid(town, campaign, town.person())
    seen_at = clock.now()
    morning(town)
    setup = books.setup(town)
    assert (setup.seen_fen, setup.seen_at) == (99_900, seen_at)
    assert operations_fen(setup) == (99_900, seen_at)
    books.paid(town, campaign, town.person("later"))
    morning(town)
    assert books.setup(town).seen_fen == 99_800
    assert books.compare(town, day) == 0
    assert books.setup(town).seen_fen == 99_800


def test_the_balance_is_that_of_the_latest_line_wherever_it_stands_in_the_file(town: Town) -> None:
    campaign = books.opened(town)
    clock.advance(60)
    books.paid(town, campaign, town.person())
    books.movements(town).reverse()
    morning(town)
    assert books.days(town)[0]["balance_fen"] == books.setup(town).seen_fen == 99_900


def test_of_lines_of_one_instant_the_last_has_the_balance(town: Town) -> None:
    books.paid(town, books.opened(town), town.person())
    morning(town)
    assert books.days(town)[0]["balance_fen"] == 99_900


def test_a_day_on_which_nothing_moved_is_compared_too(town: Town) -> None:
    books.opened(town, fen=0)
    morning(town)
    assert [(day["transfers"], day["balance_fen"], day["differences"]) for day in books.days(town)] == [(0, None, 0)]
    assert books.setup(town).seen_fen is None


def test_money_that_left_the_day_before_it_was_confirmed_is_a_payment_all_the_same(town: Town) -> None:
    campaign, day, ann = books.opened(town), today(), town.person("ann")
    clock.advance(books.seconds_until(23, 50))
    tapped = books.asked(town, campaign, ann)
    clock.advance(1200)
    shop.confirm(town, tapped, ann)
    morning(town, days=0)
    assert books.booked(town, ann) == {day.isoformat(): -100}
    morning(town)
    assert [(one["transfers"], one["differences"]) for one in books.days(town)] == [(0, 0), (1, 0)]
    assert stuck(town) == []


def test_money_that_came_back_after_midnight_is_back_all_the_same(town: Town) -> None:
    campaign, day, ann = books.opened(town), today(), town.person("ann")
    books.asked(town, campaign, ann)
    town.pass_time(DAY + 120, 600)
    town.hear()
    assert shop.cash(town, ann).state is CashState.CLAIMABLE
    morning(town)
    morning(town)
    after = day + timedelta(days=1)
    assert books.booked(town, ann) == {day.isoformat(): -100, after.isoformat(): 100}
    told = {one["day"]: (one["transferred_fen"], one["returned_fen"], one["differences"]) for one in books.days(town)}
    assert told[day.isoformat()] == (100, 0, 0)
    assert told[after.isoformat()] == (0, 100, 0)
    assert stuck(town) == []


def test_an_end_that_was_heard_of_days_later_is_compared_on_the_day_it_was_heard(town: Town) -> None:
    campaign, ann = books.opened(town), town.person("ann")
    tapped = books.asked(town, campaign, ann)
    town.act("/_sim/faults", endpoint="transfer_query", kind="unreachable", count=10_000)
    town.act("/_sim/faults", endpoint="notify", kind="lost", count=100)
    assert tapped.confirm is not None
    ann.confirm_transfer(tapped.confirm).expect(200)
    number = shop.number_of(ann)
    books.differ(town, kind="missing", out_bill_no=number)
    morning(town, days=2)
    assert (shop.cash(town, ann).state, stuck(town)) == (CashState.WAITING, [])
    town.control("DELETE", "/_sim/faults", {}, None)
    heard = today()
    shop.wait_until(town, ann, "paid")
    morning(town)
    assert stuck(town) == [("flow_lacks_transfer", number)]
    assert [one["day"] for one in books.days(town) if one["differences"]] == [heard.isoformat()]


def test_days_that_were_missed_are_made_up_for_one_by_one(town: Town) -> None:
    campaign, first = books.opened(town), today()
    books.paid(town, campaign, town.person())
    morning(town, days=4)
    assert [day["day"] for day in books.days(town)] == [(first + timedelta(days=n)).isoformat() for n in (3, 2, 1, 0)]
    assert [day["differences"] for day in books.days(town)] == [0, 0, 0, 0]


@pytest.mark.parametrize("endpoint", ["fund_bill", "bill_file"])
@pytest.mark.parametrize("kind", ["garbled", "5xx", "lost", "unreachable"])
def test_a_bill_that_cannot_be_had_is_asked_for_again(town: Town, endpoint: str, kind: str) -> None:
    campaign = books.opened(town)
    books.paid(town, campaign, town.person())
    town.act("/_sim/faults", endpoint=endpoint, kind=kind, count=4)
    morning(town)
    assert books.days(town) == []
    town.pass_time(1800)
    assert [day["differences"] for day in books.days(town)] == [0]
    assert books.setup(town).flow_day == today().isoformat()


def test_a_refusal_of_the_account_is_waited_out_for_as_long_as_it_takes(town: Town) -> None:
    campaign = books.opened(town)
    books.paid(town, campaign, town.person())
    at_wechat = town.sim.world.merchants[town.merchant.mchid]
    town.sim.world.merchants[town.merchant.mchid] = type(at_wechat)(**{**vars(at_wechat), "serial": "0"})
    morning(town)
    town.pass_time(3600, 60)
    assert books.days(town) == []
    assert not books.setup(town).fails
    town.sim.world.merchants[town.merchant.mchid] = at_wechat
    town.pass_time(600, 60)
    assert [day["differences"] for day in books.days(town)] == [0]


def test_who_comes_too_early_comes_again(town: Town) -> None:
    books.opened(town)
    town.emulator.make_due(setup_key(MerchantId(town.merchant.mid)), clock.now())
    town.minute()
    setup = books.setup(town)
    assert (setup.due, books.days(town)) == (bill_due_at(today()), [])
    assert not setup.fails


def test_what_is_no_longer_kept_is_passed_over(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    books.opened(town)
    clock.advance(95 * DAY)
    town.minute()
    assert '"flow_too_old"' in capsys.readouterr().out
    assert books.setup(town).flow_day == "2026-11-12"
