"""The month of a family of four that the documents tell, step by step."""

from __future__ import annotations

from chalicelib.core import clock
from chalicelib.family.items import month_of
from infra.local import family_month
from tests.town import Town
from tests.voucher.files import colleague


def test_a_family_lives_through_its_month(town: Town) -> None:
    people = {name: town.person(name) for name in family_month.FAMILY}
    told = list[str]()

    def a_day(fid: str) -> None:
        clock.advance(86_400)
        for person in people.values():
            person.come_back()

    kept = family_month.live(
        people,
        town.admin,
        colleague(town),
        town.campaign(),
        month_of(clock.now()),
        a_day=a_day,
        paid=lambda person, order: town.hear(),
        tell=told.append,
    )
    assert len(told) == len(family_month.STEPS)
    sums = {line["member"]["user_id"]: line for line in kept["summary"]["members"]}
    spent = {name: (sums[kept[name]]["spent_fen"], sums[kept[name]]["approved_fen"]) for name in people}
    assert spent == family_month.SPENT
    assert sums[kept["dad"]]["back_fen"] == family_month.SIZE
