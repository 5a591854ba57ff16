"""Two public SDKs, written by others against the real WeChat, agree with the simulator and with our clients."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter
from wechatpayv3 import SignType, WeChatPay, WeChatPayType
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from chalicelib.core import clock
from chalicelib.wechat import http, notification, pay, refunds, transfer
from infra.local.wechat_sim import Simulator
from infra.local.wechat_sim.in_process import InProcess
from infra.local.wechat_sim.server import Server
from tests.simulator.letters import access
from tests.wechat.letters import DATA, TEMPLATE, agree, template
from tests.wechat.scene import NOTIFY_URL, Scene, enter
from tests.wechat.transfers import REPORTS, body, known, params, rich

Letter = tuple[dict[str, str], bytes]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(Simulator()) as running:
        yield running


@pytest.fixture
def live(server: Server) -> Iterator[Scene]:
    """Our own clients beside the SDKs, in real time."""
    server.simulator.deliver = lambda url, headers, body: (204, b"")
    with http.use_transport(InProcess(server.simulator)):
        yield enter(server.simulator)


@pytest.fixture
def sdk(server: Server, live: Scene) -> WeChatPay:
    account = live.account
    made = WeChatPay(
        wechatpay_type=WeChatPayType.MINIPROG,
        mchid=account.mchid,
        private_key=account.private_key_pem,
        cert_serial_no=account.serial,
        appid=account.appid,
        apiv3_key=account.apiv3_key,
        notify_url=NOTIFY_URL,
        public_key=account.wechatpay_public_key_pem,
        public_key_id=account.wechatpay_public_key_id,
    )
    made._core._gate_way = server.url
    return made


def order(sdk: WeChatPay, live: Scene, number: str, **changed: Any) -> tuple[int, dict[str, Any]]:
    document = {
        "description": "三人团 · 橙子",
        "out_trade_no": number,
        "amount": {"total": 990, "currency": "CNY"},
        "payer": {"openid": live.openid},
    } | changed
    status, text = sdk.pay(**document)
    return status, json.loads(text)


def quietly_paid(sdk: WeChatPay, live: Scene, number: str) -> None:
    """Paid without a scheduled notification, which the server's own threads would deliver in between."""
    prepay_id = order(sdk, live, number)[1]["prepay_id"]
    live.sim.control("POST", "/_sim/pay", {"prepay_id": prepay_id, "notify": False})


def letters(live: Scene) -> list[Letter]:
    came: list[Letter] = []

    def take(url: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        came.append((headers, body))
        return 204, b""

    live.sim.deliver = take
    return came


def test_wechatpayv3_orders_queries_and_closes(sdk: WeChatPay, live: Scene) -> None:
    status, answer = order(sdk, live, "SDKORDER01")
    assert status == 200 and answer["prepay_id"].startswith("wx")
    status, text = sdk.query(out_trade_no="SDKORDER01")
    assert (status, json.loads(text)["trade_state"]) == (200, "NOTPAY")
    for _ in range(2):
        assert sdk.close(out_trade_no="SDKORDER01")[0] == 204
    status, text = sdk.query(out_trade_no="SDKORDER01")
    assert (status, json.loads(text)["trade_state"]) == (200, "CLOSED")


def test_wechatpayv3_sees_refusals(sdk: WeChatPay, live: Scene) -> None:
    assert order(sdk, live, "bad number")[1]["code"] == "PARAM_ERROR"
    status, text = sdk.query(out_trade_no="SDKORDER404")
    assert (status, json.loads(text)["code"]) == (404, "ORDER_NOT_EXIST")


def test_wechatpayv3_refunds_what_our_client_sees(sdk: WeChatPay, live: Scene) -> None:
    quietly_paid(sdk, live, "SDKORDER02")
    amount = {"refund": 100, "total": 990, "currency": "CNY"}
    status, text = sdk.refund(out_refund_no="SDKRF1", out_trade_no="SDKORDER02", amount=amount)
    assert (status, json.loads(text)["status"]) == (200, "PROCESSING")
    found = refunds.query_refund(live.account, "SDKRF1")
    assert found and found.refund_id == json.loads(text)["refund_id"]
    status, text = sdk.query_refund(out_refund_no="SDKRF1")
    assert (status, json.loads(text)["amount"]["refund"]) == (200, 100)


def test_wechatpayv3_reads_the_notification_that_we_read(sdk: WeChatPay, live: Scene) -> None:
    came = letters(live)
    quietly_paid(sdk, live, "SDKORDER03")
    live.sim.control("POST", "/_sim/notify", {"out_trade_no": "SDKORDER03"})
    headers, body = came[-1]
    theirs, ours = sdk.callback(headers, body), notification.read(live.account, headers, body, clock.now())
    assert (theirs["id"], theirs["event_type"], theirs["resource"]) == (ours.id, ours.event_type, ours.resource)


@pytest.mark.parametrize("variant", ["bad_signature", "wrong_key", "probe", "wrong_tag"])
def test_what_we_refuse_wechatpayv3_refuses(sdk: WeChatPay, live: Scene, variant: str) -> None:
    came = letters(live)
    number = f"SDK{variant}"
    quietly_paid(sdk, live, number)
    live.sim.control("POST", "/_sim/notify", {"out_trade_no": number, "variant": variant})
    headers, body = came[-1]
    with pytest.raises((notification.Forged, notification.Probe)):
        notification.read(live.account, headers, body, clock.now())
    assert not sdk.callback(headers, body)


def test_wechatpayv3_signs_client_params_as_we_do(sdk: WeChatPay, live: Scene) -> None:
    params = pay.client_params(live.account, live.prepared("SDKORDER04"))
    lines = [live.account.appid, params["timeStamp"], params["nonceStr"], params["package"]]
    assert sdk.sign(lines, sign_type=SignType.RSA_SHA256) == params["paySign"]


def test_our_request_signature_is_the_sdks(sdk: WeChatPay, live: Scene) -> None:
    from chalicelib.wechat import signing

    header = signing.authorization(live.account, "POST", "/v3/x?y=1", '{"中":1}')
    members = dict(part.split("=", 1) for part in header.partition(" ")[2].split(","))
    values = {name: value.strip('"') for name, value in members.items()}
    lines = ["POST", "/v3/x?y=1", values["timestamp"], values["nonce_str"], '{"中":1}']
    assert sdk.sign(lines) == values["signature"]


def sdk_transfer(sdk: WeChatPay, live: Scene, number: str, **changed: Any) -> tuple[int, dict[str, Any]]:
    rich(live)
    document: dict[str, Any] = {
        "out_bill_no": number,
        "transfer_scene_id": "1000",
        "openid": live.openid,
        "transfer_amount": 100,
        "transfer_remark": "拆红包奖励",
        "transfer_scene_report_infos": [{"info_type": kind, "info_content": text} for kind, text in REPORTS.items()],
    } | changed
    status, text = sdk.mch_transfer_bills(**document)
    return status, json.loads(text)


def test_wechatpayv3_transfers_what_our_client_sees_and_withdraws_it(sdk: WeChatPay, live: Scene) -> None:
    status, answer = sdk_transfer(sdk, live, "SDKT1")
    assert (status, answer["state"]) == (200, "WAIT_USER_CONFIRM")
    ours = known(live, "SDKT1")
    assert (ours.transfer_bill_no, ours.amount) == (answer["transfer_bill_no"], 100)
    for asked in ({"out_bill_no": "SDKT1"}, {"transfer_bill_no": answer["transfer_bill_no"]}):
        status, text = sdk.mch_transfer_bills_query(**asked)
        assert (status, json.loads(text)["state"], "package_info" in json.loads(text)) == (
            200,
            "WAIT_USER_CONFIRM",
            False,
        )
    status, text = sdk.mch_transfer_bills_cancel(out_bill_no="SDKT1")
    assert (status, json.loads(text)["state"]) == (200, "CANCELING")
    status, text = sdk.mch_transfer_bills_query(out_bill_no="SDKT404")
    assert (status, json.loads(text)["code"]) == (404, "NOT_FOUND")


def test_our_transfer_and_wechatpayv3s_are_one_body(sdk: WeChatPay, live: Scene) -> None:
    status, answer = sdk_transfer(sdk, live, "SDKT2", notify_url=NOTIFY_URL)
    again = transfer.create(live.account, body(live, "SDKT2", notify_url=NOTIFY_URL))
    assert (status, again.package_info) == (200, answer["package_info"])


def test_a_name_that_wechatpayv3_sealed_is_opened_as_ours(sdk: WeChatPay, live: Scene) -> None:
    assert sdk_transfer(sdk, live, "SDKT3", user_name="王小明")[0] == 200
    transfer.create(live.account, body(live, "SDKT4", name="王小明"))
    found = live.sim.control("GET", "/_sim/transfers")["transfers"]
    names = {each["out_bill_no"]: each["user_name"] for each in found}
    assert names["SDKT3"] == names["SDKT4"] == "王小明"


def test_wechatpayv3_reads_the_notice_of_a_transfer_that_we_read(sdk: WeChatPay, live: Scene) -> None:
    came = letters(live)
    rich(live)
    offer = transfer.create(live.account, body(live, "SDKT5", notify_url=NOTIFY_URL))
    live.sim.control("POST", "/_sim/confirm-transfer", {"params": params(live, offer)})
    live.sim.control("POST", "/_sim/notify", {"out_bill_no": "SDKT5"})
    headers, letter = next(each for each in came if transfer_number(sdk, each) == "SDKT5")
    theirs, ours = sdk.callback(headers, letter), notification.read(live.account, headers, letter, clock.now())
    assert (theirs["event_type"], theirs["resource"]) == (ours.event_type, ours.resource)
    assert notification.transfer(ours).amount == 100


def transfer_number(sdk: WeChatPay, came: Letter) -> str:
    return str(sdk.callback(*came)["resource"].get("out_bill_no"))


class ToPort(HTTPAdapter):
    """Sends what was meant for WeChat to the simulator."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._netloc = urlsplit(url).netloc

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        parts = urlsplit(str(request.url))
        request.url = parts._replace(scheme="http", netloc=self._netloc).geturl()
        return super().send(request, *args, **options)


@pytest.fixture
def client(server: Server, live: Scene) -> WeChatClient:
    made = WeChatClient(live.app.appid, live.app.appsecret, access_token="unused")
    made._http.mount("https://api.weixin.qq.com", ToPort(server.url))
    return made


def test_wechatpy_logs_in(client: WeChatClient, live: Scene) -> None:
    code = live.sim.control("POST", "/_sim/login-codes", {"appid": live.app.appid, "name": "alice"})["code"]
    assert client.wxa.code_to_session(code)["openid"] == live.openid
    with pytest.raises(WeChatClientException) as refusal:
        client.wxa.code_to_session(code)
    assert refusal.value.errcode == 40163


def test_wechatpy_sends_a_message_and_reads_the_same_refusal(client: WeChatClient, live: Scene) -> None:
    template(live)
    agree(live)
    data = {key: {"value": value} for key, value in DATA.items()}
    client.session.set(client.access_token_key, access(live))
    assert client.wxa.send_subscribe_message(live.openid, TEMPLATE, data)["msgid"] > 2**53
    with pytest.raises(WeChatClientException) as refusal:
        client.wxa.send_subscribe_message(live.openid, TEMPLATE, data)
    assert refusal.value.errcode == 43101
