"""Bills made wrong on purpose: each way in which a line can differ is found, told once, listed and counted."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core.ids import MerchantId
from chalicelib.orders import comparing
from tests.orders.mornings import compared, morning, today
from tests.orders.test_desk import act
from tests.town import Town

Made = dict[str, Any]
Found = tuple[str, str]


class Day:
    """A day on which a group succeeded, three failed and were refunded, and somebody bought alone; then its bill."""

    def __init__(self, town: Town) -> None:
        self.town = town
        campaign = town.campaign(size=2, group_seconds=3600)
        _, opened = town.opened(campaign)
        _, joined = town.joined(opened["group_id"])
        failed = [town.opened(campaign)[1] for _ in range(3)]
        alone = town.person()
        bought = alone.buy(campaign).expect(201)
        alone.pay(bought).expect(200)
        self.paid = [f"{seat['order_id']}-1" for seat in (opened, joined, bought)]
        town.hear()
        self.date = today()
        town.pass_time(3600, tick=600)
        town.stream()
        town.pass_time(120)
        town.hear()
        self.back = [town.refunds(seat["order_id"])[0]["out_refund_no"] for seat in failed]

    def differ(self, **about: Any) -> None:
        """Let the bill be wrong."""
        self.town.act("/_sim/bill/differences", mchid=self.town.merchant.mchid, **about)

    def compare_again(self) -> int:
        """Compare the day once more; how many differences there are."""
        found = comparing.compare(MerchantId(self.town.merchant.mid), self.date)
        assert found is not None
        return found

    @property
    def stuck(self) -> list[Any]:
        """The rows that the merchant sees."""
        rows: list[Any] = self.town.admin.get("/v1/admin/stuck?limit=50")["stuck"]
        return rows

    @property
    def found(self) -> list[Found]:
        """Why, and of which number."""
        return sorted((row["reason"], row["number"]) for row in self.stuck)


@pytest.fixture
def traded(town: Town) -> Day:
    return Day(town)


def kinds(day: Day) -> dict[str, tuple[Made, Found]]:
    """Every kind of difference, each about a line of its own, and what is found of it."""
    (first, second, third), (one, two, three) = day.paid, day.back
    extra = {"kind": "extra", "fen": 300, "date": today().isoformat()}
    return {
        "no payment": ({"kind": "missing", "out_trade_no": first}, ("bill_lacks_payment", first)),
        "payment of another amount": (
            {"kind": "amount", "out_trade_no": second, "fen": 1},
            ("bill_payment_differs", second),
        ),
        "payment revoked": ({"kind": "status", "out_trade_no": third}, ("bill_payment_status", third)),
        "somebody's payment": ({**extra, "out_trade_no": "OLDSHOP-1"}, ("bill_payment_unknown", "OLDSHOP-1")),
        "no refund": ({"kind": "missing", "out_refund_no": one}, ("bill_lacks_refund", one)),
        "refund of another amount": ({"kind": "amount", "out_refund_no": two, "fen": 1}, ("bill_refund_differs", two)),
        "refund elsewhere": ({"kind": "status", "out_refund_no": three}, ("bill_refund_status", three)),
        "somebody's refund": (
            {**extra, "out_trade_no": first, "out_refund_no": "byhand-1"},
            ("bill_refund_unknown", "byhand-1"),
        ),
    }


KINDS = (
    "no payment", "payment of another amount", "payment revoked", "somebody's payment",
    "no refund", "refund of another amount", "refund elsewhere", "somebody's refund",
)  # fmt: skip


def test_nothing_differs_as_a_rule(traded: Day) -> None:
    morning(traded.town)
    assert traded.stuck == []
    (day,) = compared(traded.town)
    assert (day["payments"], day["refunds"], day["differences"]) == (6, 3, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_a_difference_is_found_told_once_and_comes_back_while_it_is_there(traded: Day, kind: str) -> None:
    made, found = kinds(traded)[kind]
    traded.differ(**made)
    morning(traded.town)
    assert traded.found == [found]
    (row,) = traded.stuck
    assert row["facts"]["day"] == traded.date.isoformat()
    assert max(fen for name, fen in row["facts"].items() if name.endswith("_fen")) > 0
    assert traded.compare_again() == 1
    assert traded.stuck == [row]
    assert act(traded.town, row, "resolve", {"note": "looked at"}).status == 204
    assert traded.stuck == []
    assert traded.compare_again() == 1
    assert traded.found == [found]
    assert [day["differences"] for day in compared(traded.town)] == [1]


def test_a_bill_that_is_wrong_in_every_way_is_found_wrong_in_every_way(traded: Day) -> None:
    wrong = kinds(traded)
    assert tuple(wrong) == KINDS
    for made, _ in wrong.values():
        traded.differ(**made)
    morning(traded.town)
    everything = sorted(found for _, found in wrong.values())
    assert traded.found == everything
    assert traded.compare_again() == len(everything)
    assert traded.found == everything
    assert [day["differences"] for day in compared(traded.town)] == [len(everything)]
    traded.town.control("DELETE", "/_sim/bill/differences", {}, None).expect(200)
    assert traded.compare_again() == 0


def test_one_line_may_be_wrong_in_two_ways(traded: Day) -> None:
    payment, refund = traded.paid[0], traded.back[0]
    for about in ({"out_trade_no": payment}, {"out_refund_no": refund}):
        traded.differ(kind="status", **about)
        traded.differ(kind="amount", fen=1, **about)
    morning(traded.town)
    assert traded.found == sorted(
        [
            ("bill_payment_differs", payment),
            ("bill_payment_status", payment),
            ("bill_refund_differs", refund),
            ("bill_refund_status", refund),
        ]
    )
