"""What WeChat tells of goods by itself: believed only when genuine, and it changes an order once or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.secrets import MerchantSecrets, merchant_secrets, store_secrets
from chalicelib.merchants.items import Merchant
from infra.local.client import Reply
from infra.local.wechat_sim.crypto import push_sign
from infra.local.wechat_sim.push import SHIPPING_REMINDER
from infra.local.wechat_sim.world import Shipment, Upload
from tests import invariants
from tests.fulfilment.shop import PARCEL, Bought, bought
from tests.town import Town, send


@pytest.fixture
def here(town: Town) -> Town:
    """A town whose merchant is told."""
    town.listen()
    return town


def on_its_way(town: Town) -> Bought:
    order = bought(town)
    order.send(PARCEL).expect(200)
    town.stream()
    town.hear()
    return order


def number(order: Bought) -> str:
    return f"{order.order_id}-1"


def received_in_wechat(order: Bought) -> None:
    order.town.act("/_sim/receive", out_trade_no=number(order))


def tell(order: Bought, **more: Any) -> tuple[int, Any]:
    """WeChat tells of it now, as often as it likes."""
    answer = order.town.act("/_sim/events", out_trade_no=number(order), **more)
    return answer["status"], answer["body"]


def pushes(town: Town) -> list[Any]:
    found: list[Any] = town.control("GET", "/_sim/pushes", {}, None).expect(200)["pushes"]
    return found


def stored(town: Town) -> list[dict[str, Any]]:
    return [item.serialize() for item in town.items()]


def test_who_confirms_in_wechat_has_received_it_here_too(here: Town) -> None:
    order = on_its_way(here)
    assert [len(push["attempts"]) for push in pushes(here)] == [1]
    assert order.record["goods"]["state"] == "sent"
    clock.advance(3600)
    received_in_wechat(order)
    here.hear()
    goods = order.record["goods"]
    assert (goods["state"], goods["received_by"]) == ("done", "wechat")
    assert clock.parse(goods["received_at"]) == clock.now()
    told = order.record["timeline"][-1]
    assert (told["what"], told["detail"]) == ("received_wechat", "微信确认收货")
    assert all(push["taken"] for push in pushes(here))
    invariants.at_rest(here.items(), here.sim.world)


@pytest.mark.parametrize("fault", ["duplicate", "lost", "bad_signature"])
def test_told_twice_or_late_it_is_received_once(here: Town, fault: str) -> None:
    order = on_its_way(here)
    here.act("/_sim/faults", endpoint="push", kind=fault)
    received_in_wechat(order)
    here.hear()
    clock.advance(5)
    here.hear()
    assert order.record["goods"]["received_by"] == "wechat"
    assert [attempt["kind"] for attempt in pushes(here)[-1]["attempts"]] == [fault, "good"]
    before = stored(here)
    assert [tell(order) for _ in range(3)] == [(200, "success")] * 3
    assert stored(here) == before


def test_who_said_so_here_first_stays_the_one_who_said_it(here: Town) -> None:
    order = on_its_way(here)
    order.received().expect(200)
    received_in_wechat(order)
    assert tell(order) == (200, "success")
    assert order.record["goods"]["received_by"] == "user"


def test_that_goods_went_out_is_no_receipt(here: Town) -> None:
    order = on_its_way(here)
    before = stored(here)
    assert tell(order) == (200, "success")
    assert stored(here) == before


def test_while_a_case_is_open_the_case_decides(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    order = on_its_way(here)
    order.ask(goods_back=True).expect(201)
    received_in_wechat(order)
    before = stored(here)
    capsys.readouterr()
    assert tell(order) == (200, "success")
    assert '"why":"case_open"' in capsys.readouterr().out
    assert stored(here) == before
    order.desk("cases/1/refuse", {"answer": "it is as we said"}).expect(200)
    assert tell(order) == (200, "success")
    assert order.record["goods"]["received_by"] == "wechat"


def test_what_we_did_not_send_is_not_received(here: Town) -> None:
    """The merchant entered it by hand in WeChat."""
    order = bought(here)
    upload = Upload(clock.now(), 1, 1, [{"tracking_no": "X100", "express_company": "YTO"}], all_delivered=True)
    here.sim.world.shipments[here.merchant.mchid, number(order)] = Shipment([upload])
    received_in_wechat(order)
    before = stored(here)
    assert tell(order) == (200, "success")
    assert stored(here) == before
    order.send(PARCEL, complete=False).expect(200)
    assert tell(order) == (200, "success")
    assert order.record["goods"]["state"] == "part"


def test_what_went_back_is_not_received(here: Town) -> None:
    order = on_its_way(here)
    received_in_wechat(order)
    order.refund().expect(200)
    before = stored(here)
    assert tell(order) == (200, "success")
    assert stored(here) == before


@pytest.mark.parametrize("field", ["merchant_trade_no", "merchant_id"])
@pytest.mark.parametrize("value", ["", "somebodys-1", "01ARZ3NDEKTSV4RRFFQ69G5FAV-1", "x" * 500, 7, None])
def test_what_is_not_ours_changes_nothing(here: Town, field: str, value: Any) -> None:
    order = on_its_way(here)
    before = stored(here)
    here.sim.world.shipments[here.merchant.mchid, number(order)].received_at = clock.now()
    push = here.sim.pushes.tell(here.sim.world.orders[here.merchant.mchid, number(order)])
    assert push is not None
    push.message[field] = value
    here.hear()
    assert push.taken
    assert stored(here) == before


def test_another_attempt_of_the_order_is_not_the_one_it_is_paid_by(here: Town) -> None:
    order = on_its_way(here)
    before = stored(here)
    received_in_wechat(order)
    here.sim.pushes.all[-1].message["merchant_trade_no"] = f"{order.order_id}-2"
    here.hear()
    assert stored(here) == before


def test_a_reminder_is_counted_and_any_other_event_is_acknowledged(
    here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    order = on_its_way(here)
    before = stored(here)
    capsys.readouterr()
    assert tell(order, event=SHIPPING_REMINDER) == (200, "success")
    assert '"ShippingReminders":1' in capsys.readouterr().out
    assert tell(order, event="user_info_modified") == (200, "success")
    said = capsys.readouterr().out
    assert '"kind":"user_info_modified"' in said
    assert order.order_id not in said
    assert stored(here) == before


def test_a_forged_one_is_a_401_counted_and_changes_nothing(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    order = on_its_way(here)
    received_in_wechat(order)
    before = stored(here)
    capsys.readouterr()
    status, _ = tell(order, variant="bad_signature")
    assert status == 401
    assert "ForgedNotification" in capsys.readouterr().out
    assert stored(here) == before


def test_what_is_refused_comes_three_times_again(here: Town) -> None:
    order = on_its_way(here)
    here.emulator.before = lambda call: ReadTimeoutError(endpoint_url="x") if "Transact" in call.operation else None
    received_in_wechat(order)
    for _ in range(6):
        here.hear()
        clock.advance(5)
    assert [attempt["status"] for attempt in pushes(here)[-1]["attempts"]] == [503] * 4
    here.emulator.before = None
    assert tell(order) == (200, "success")
    assert order.record["goods"]["received_by"] == "wechat"


def ask(mid: str, token: str, **changes: str) -> Reply:
    query = {"signature": push_sign(token, "1794398400", "12"), "timestamp": "1794398400", "nonce": "12"}
    query |= {"echostr": "1234567890", "and_what_wechat_adds_later": "x", **changes}
    return send("GET", f"/notify/wechat/{mid}/push?" + "&".join(f"{n}={v}" for n, v in query.items()), {}, None)


def test_the_question_is_answered_with_its_own_text_and_nothing_else(town: Town) -> None:
    token = merchant_secrets(MerchantId(town.merchant.mid)).push_token
    reply = ask(town.merchant.mid, token)
    assert (reply.status, reply.body, reply.headers["content-type"]) == (200, "1234567890", "text/plain")
    forged = ask(town.merchant.mid, "tokenofsomebody")
    assert (forged.status, forged.body["code"]) == (401, "notification_refused")
    assert ask(town.second().mid, token).status == 401
    assert ask("01NOBODY", token).status == 404


def test_a_merchant_without_a_push_key_is_not_there(town: Town) -> None:
    mid = MerchantId(town.merchant.mid)
    secrets = merchant_secrets(mid)
    bare = {name: getattr(secrets, name) for name in MerchantSecrets.__struct_fields__ if not name.startswith("push_")}
    store_secrets(mid, MerchantSecrets(**bare))
    assert ask(mid, "").status == 404
    assert ask(mid, secrets.push_token).status == 404
    assert send("POST", f"/notify/wechat/{mid}/push", {}, b"{}").status == 404


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"Encrypt": 7}', b"\xff", b"x" * 70_000])
def test_garbage_is_a_4xx(here: Town, body: bytes) -> None:
    reply = send("POST", f"/notify/wechat/{here.merchant.mid}/push", {"Content-Type": "text/xml"}, body)
    assert 400 <= reply.status < 500


def test_it_takes_one_read_of_the_order_and_one_write(here: Town) -> None:
    order = on_its_way(here)
    received_in_wechat(order)
    here.emulator.calls.clear()
    assert tell(order) == (200, "success")
    made = [call.operation for call in here.emulator.calls if call.service == "dynamodb"]
    merchants = made.count("GetItem")
    assert sorted(made) == sorted(["BatchGetItem", "TransactWriteItems", *["GetItem"] * merchants])
    assert merchants <= 2
    assert [type(item) for item in here.items()].count(Merchant) == 1
