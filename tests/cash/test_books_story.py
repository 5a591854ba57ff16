"""Bad days of cash, from the taps to the books: whatever happened, the account's bills agree with what we know."""

from __future__ import annotations

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from infra.local.client import Person
from tests import invariants
from tests.cash import books_shop as books
from tests.cash import shop
from tests.orders.mornings import morning, stuck
from tests.town import Town

CROWD = 12


def crowd(town: Town, campaign: str) -> list[Person]:
    """People who have cash to ask for."""
    people = [town.person(f"crowd-{n}") for n in range(CROWD)]
    for person in people:
        shop.given(town, campaign, person)
    return people


def ask(town: Town, person: Person) -> None:
    """He asks as often as he is let, and confirms where WeChat asks him."""
    person.come_back()
    try:
        tapped = shop.tap(town, person)
    except RippleError:
        return
    if tapped.confirm is not None:
        person.confirm_transfer(tapped.confirm)


def settled(town: Town, campaign: str, people: list[Person]) -> None:
    """Everybody is paid once, the bills of all days agree, and nothing else is owed."""
    morning(town, days=2)
    assert stuck(town) == []
    told = books.days(town)
    assert {day["differences"] for day in told} == {0}
    assert all(day["compared_at"] for day in told)
    assert {shop.cash(town, person).state.value for person in people} == {"paid"}
    owed, account = books.owed(town, campaign), shop.operations(town)
    assert (owed["owed_fen"], owed["paid_fen"]) == (0, 100 * CROWD)
    assert (account["locked"], account["paid"]) == (0, 100 * CROWD)
    assert sum(day["transferred_fen"] - day["returned_fen"] for day in told) == 100 * CROWD
    year = town.admin.get("/v1/admin/cash/years/2026?limit=50")["users"]
    assert [(one["paid_times"], one["paid_fen"]) for one in year] == [(1, 100)] * CROWD
    invariants.check(town.items())


def test_an_hour_without_money_ends_with_everybody_paid_and_no_difference(town: Town) -> None:
    campaign = books.opened(town, fen=0)
    people = crowd(town, campaign)
    for minute in range(60):
        ask(town, people[minute % CROWD])
        town.pass_time(60)
    assert books.owed(town, campaign)["paused"]["why"] == "NOT_ENOUGH"
    shop.fill(town)
    for minute in range(120):
        ask(town, people[minute % CROWD])
        town.pass_time(60)
        town.hear()
    settled(town, campaign, people)


def test_an_hour_in_which_nothing_of_wechat_answers_ends_with_everybody_paid_and_no_difference(town: Town) -> None:
    campaign = books.opened(town)
    people = crowd(town, campaign)
    for endpoint, kind in (("transfer", "lost"), ("transfer", "unreachable"), ("transfer", "5xx")):
        town.act("/_sim/faults", endpoint=endpoint, kind=kind, count=CROWD)
    for endpoint in ("transfer", "transfer_query", "transfer_cancel"):
        town.act("/_sim/faults", endpoint=endpoint, kind="unreachable", count=100_000)
    for minute in range(60):
        ask(town, people[minute % CROWD])
        town.pass_time(60)
    town.control("DELETE", "/_sim/faults", {}, None)
    for minute in range(120):
        ask(town, people[minute % CROWD])
        town.pass_time(60)
        town.hear()
    settled(town, campaign, people)


def test_a_day_on_which_nobody_confirms_ends_with_all_money_back_and_no_difference(town: Town) -> None:
    campaign = books.opened(town)
    people = crowd(town, campaign)
    for person in people:
        shop.tap(town, person)
        clock.advance(60)
    town.pass_time(shop.DAY + 3600, 600)
    town.hear()
    assert shop.operations(town)["locked"] == 0
    assert {shop.cash(town, person).n for person in people} == {2}
    for person in people:
        ask(town, person)
    town.hear()
    morning(town)
    settled(town, campaign, people)
