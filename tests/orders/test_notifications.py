"""Notifications of WeChat Pay: believed only when genuine, fresh and ours; taken once, whatever comes twice or late."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.orders.items import Payment
from chalicelib.orders.stuck import StuckMoney
from infra.local.client import Person
from tests.town import Town, send


@pytest.fixture
def held(town: Town) -> tuple[Person, dict[str, Any], str]:
    """A member who has paid and of whom WeChat has not told yet; his seat; the payment's number."""
    _, opened = town.opened(town.campaign(size=2))
    member = town.person()
    seat = member.join(opened["group_id"]).expect(201)
    member.pay(seat, notify=False).expect(200)
    return member, seat, f"{seat['order_id']}-1"


FORGERIES = [
    *("bad_signature", "wrong_key", "wrong_serial", "no_headers", "stale", "probe"),
    *("wrong_tag", "bad_json", "bad_base64", "wrong_algorithm", "other_apiv3_key"),
]


def tell(town: Town, number: str, variant: str = "good", **more: str) -> int:
    status: int = town.act("/_sim/notify", out_trade_no=number, variant=variant, **more)["status"]
    return status


def payments(town: Town, seat: dict[str, Any]) -> list[Payment]:
    return [i for i in town.items() if isinstance(i, Payment) and seat["order_id"] in i.pk]


def stuck(town: Town) -> list[StuckMoney]:
    return [item for item in town.items() if isinstance(item, StuckMoney)]


def test_told_twice_it_is_recorded_once(town: Town, held: tuple[Person, dict[str, Any], str]) -> None:
    member, seat, number = held
    assert [tell(town, number) for _ in range(3)] == [204, 204, 204]
    assert len(payments(town, seat)) == 1
    group = member.group(seat["group_id"])
    assert (group["paid"], group["status"]) == (2, "succeeded")


@pytest.mark.parametrize("variant", FORGERIES)
def test_what_is_not_genuine_and_fresh_is_a_401_and_changes_nothing(
    town: Town, held: tuple[Person, dict[str, Any], str], variant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    member, seat, number = held
    capsys.readouterr()
    assert tell(town, number, variant) == 401
    out = capsys.readouterr().out
    assert ("ForgedNotification" in out) == (variant != "probe")
    assert "StuckMoney" not in out
    assert member.order(seat["order_id"])["state"] == "held"
    assert payments(town, seat) == []
    assert stuck(town) == []


@pytest.mark.parametrize("field", ["amount", "currency", "appid", "mchid", "openid"])
def test_a_genuine_one_that_differs_is_stuck_money_once_alarmed_each_time_and_a_422(
    town: Town, held: tuple[Person, dict[str, Any], str], field: str, capsys: pytest.CaptureFixture[str]
) -> None:
    member, seat, number = held
    capsys.readouterr()
    assert tell(town, number, "tampered", field=field) == 422
    assert '"StuckMoney":1' in capsys.readouterr().out
    assert tell(town, number, "tampered", field=field) == 422
    assert '"StuckMoney":1' in capsys.readouterr().out
    (row,) = stuck(town)
    assert (row.number, row.reason) == (number, "payment_differs")
    assert member.order(seat["order_id"])["state"] == "held"
    assert tell(town, number) == 204
    assert member.order(seat["order_id"])["state"] == "paid"


def test_the_two_last_payments_complete_the_group_in_either_order(town: Town) -> None:
    _, opened = town.opened(town.campaign())
    seats = []
    for _ in range(2):
        member = town.person()
        seat = member.join(opened["group_id"]).expect(201)
        member.pay(seat, notify=False).expect(200)
        seats.append(seat)
    for seat in reversed(seats):
        assert tell(town, f"{seat['order_id']}-1") == 204
    assert member.group(opened["group_id"])["status"] == "succeeded"


def test_a_notification_with_another_merchants_name_in_the_path_is_refused(
    town: Town, held: tuple[Person, dict[str, Any], str]
) -> None:
    _, _, number = held
    for mid in ("01NOBODY", "a-b", "x" * 128):
        reply = send("POST", f"/notify/wechat/{mid}/pay", {"Content-Type": "application/json"}, b"{}")
        assert reply.status == 404
    assert tell(town, number, url=f"http://127.0.0.1:9/notify/wechat/{town.second().mid}/pay") == 401
    assert stuck(town) == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b'{"id": 1}', b"x" * 70_000])
def test_garbage_is_a_4xx(town: Town, body: bytes) -> None:
    reply = send("POST", f"/notify/wechat/{town.merchant.mid}/pay", {"Content-Type": "application/json"}, body)
    assert 400 <= reply.status < 500


def test_a_payment_of_no_order_of_ours_is_stuck_money(town: Town, held: tuple[Person, dict[str, Any], str]) -> None:
    _, seat, number = held
    assert payments(town, seat) == []
    order = next(i for i in town.items() if i.pk.endswith(seat["order_id"]) and i.sk == "META")
    town.emulator.forget(order.key)
    assert tell(town, number) == 422
    assert [row.reason for row in stuck(town)] == ["payment_of_no_order"]
    town.emulator.restore(order)


def test_storage_that_fails_is_a_5xx_and_wechat_comes_again(
    town: Town, held: tuple[Person, dict[str, Any], str]
) -> None:
    member, seat, number = held
    from botocore.exceptions import ReadTimeoutError

    town.emulator.before = lambda call: ReadTimeoutError(endpoint_url="x") if call.service == "dynamodb" else None
    assert tell(town, number) == 503
    town.emulator.before = None
    assert tell(town, number) == 204
    assert member.order(seat["order_id"])["state"] == "paid"


def test_stale_means_five_minutes(town: Town, held: tuple[Person, dict[str, Any], str]) -> None:
    member, seat, number = held
    caught: list[tuple[str, dict[str, str], bytes]] = []
    deliver = town.sim.deliver

    def catch(url: str, headers: dict[str, str], body: bytes) -> None:
        caught.append((url, headers, body))

    town.sim.deliver = catch
    tell_status = town.act("/_sim/notify", out_trade_no=number)
    assert tell_status["status"] is None
    (_, headers, body) = caught[0]
    path = f"/notify/wechat/{town.merchant.mid}/pay"
    clock.advance(301)
    assert send("POST", path, headers, body).status == 401
    assert member.order(seat["order_id"])["state"] == "held"
    town.sim.deliver = deliver
