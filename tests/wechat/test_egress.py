"""Transfers through the function with the fixed address: sent once and as they are, and nothing else with them."""

from __future__ import annotations

import base64
import json
import random
import string
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ReadTimeoutError

from chalicelib.core import aws, clock
from chalicelib.core.config import config
from chalicelib.wechat import bill, fundflow, http, pay, transfer
from chalicelib.wechat.egress import Errand, Outcome, way_out
from chalicelib.wechat.forwarding import NotOurs, forwarded
from chalicelib.wechat.http import Response, Transport, Unknown, WechatError
from chalicelib.wechat.transfer import BILLS, TransferState
from tests.emulator import Call, Emulator, Raw
from tests.wechat.scene import Scene
from tests.wechat.transfers import DAY, body, confirm, funds, offered, rich

NAME = "ripple-test-egress"
BASE = "http://wechat-pay.test"


@dataclass
class Function:
    """Lambda with the one function that has the fixed address, and the address's own way to WeChat."""

    way: Transport
    events: list[dict[str, Any]] = field(default_factory=list)
    lost: bool = False
    """The function runs, and its answer is lost."""
    says: tuple[int, dict[str, str], bytes] | None = None
    """What Lambda answers without running it."""
    seconds: list[float] = field(default_factory=list)

    def __call__(self, call: Call) -> Exception | AWSResponse | None:
        if call.service != "lambda":
            return None
        assert call.request is not None
        assert call.operation == "Invoke"
        assert call.request.url.endswith(f"/2015-03-31/functions/{NAME}/invocations")
        self.events.append(json.loads(call.body))
        status, headers, content = self.says or (200, {}, b"")
        if self.says is None:
            with http.use_transport(self.way):
                content = json.dumps(forwarded(self.events[-1])).encode()
        if self.lost:
            return ReadTimeoutError(endpoint_url=call.request.url)
        told = HTTPHeaders()
        for name, value in headers.items():
            told[name] = value
        return AWSResponse(call.request.url, status, told, Raw(content))


class Blocked:
    """The process's own way out, which WeChat does not let call."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
        self.asked.append(url)
        raise Unknown("not from here")


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A deployment with a fixed address."""
    monkeypatch.setenv("RIPPLE_EGRESS_FUNCTION", NAME)
    config.cache_clear()
    yield
    monkeypatch.undo()
    config.cache_clear()


@pytest.fixture
def function(scene: Scene, emulator: Emulator, named: None) -> Function:
    """The function of that deployment."""
    rich(scene)
    there = emulator.before = Function(http.transport())
    return there


@pytest.fixture
def blocked(function: Function) -> Iterator[Blocked]:
    """Whatever leaves otherwise is lost."""
    way = Blocked()
    with http.use_transport(way):
        yield way


def test_a_transfer_goes_through_the_function_and_is_paid(scene: Scene, function: Function, blocked: Blocked) -> None:
    asked = offered(scene)
    assert (asked.state, asked.out_bill_no) == (TransferState.WAIT_USER_CONFIRM, "T1")
    confirm(scene, asked)
    assert transfer.query(scene.account, "T1") == msgspec.structs.replace(
        asked,
        state=TransferState.SUCCESS,
        state_name="SUCCESS",
        package_info=None,
        mchid=scene.account.mchid,
        openid=scene.openid,
        amount=100,
        update_time=clock.now(),
    )
    assert funds(scene) == (999_900, 0, 100)
    offered(scene, "T2")
    assert transfer.cancel(scene.account, "T2")
    assert [event["method"] for event in function.events] == ["POST", "GET", "POST", "POST"]
    assert blocked.asked == []


def test_the_request_arrives_as_it_was_signed(scene: Scene, function: Function) -> None:
    seen: list[tuple[str, str, dict[str, str], bytes | None, float]] = []
    way = function.way

    class Looks:
        def send(self, *sent: Any) -> Response:
            seen.append(sent)
            return way.send(*sent)

    function.way = Looks()
    wanted = body(scene, remark="奖励·第一位")
    transfer.create(scene.account, wanted)
    transfer.query(scene.account, "T1")
    (method, url, headers, sent, timeout), (_, _, _, nothing, _) = seen
    assert (method, url, timeout) == ("POST", BASE + BILLS, 5.0)
    assert sent == msgspec.json.encode(wanted)
    assert base64.b64decode(function.events[0]["body"]) == sent
    assert nothing is None
    assert set(headers) == {"Accept", "User-Agent", "Wechatpay-Serial", "Authorization", "Content-Type"}
    assert headers == function.events[0]["headers"]
    assert headers["Authorization"].startswith("WECHATPAY2-SHA256-RSA2048 mchid=")


def test_refusals_come_back_as_wechats_own(scene: Scene, function: Function) -> None:
    for kind, code in (("not_enough", "NOT_ENOUGH"), ("no_auth", "NO_AUTH")):
        scene.fault("transfer", kind)
        with pytest.raises(WechatError) as refusal:
            offered(scene)
        assert refusal.value.code == code
    assert transfer.query(scene.account, "T404") is None


@pytest.mark.parametrize("kind", ["lost", "slow", "bad_signature", "unsigned", "stale_answer", "garbled"])
def test_what_cannot_be_proved_to_be_wechats_is_unknown(scene: Scene, function: Function, kind: str) -> None:
    scene.fault("transfer", kind)
    with pytest.raises(Unknown):
        offered(scene)
    assert len(function.events) == 1
    assert offered(scene).package_info


def test_a_lost_answer_of_the_function_is_unknown_and_never_asked_for_again(scene: Scene, function: Function) -> None:
    function.lost = True
    with pytest.raises(Unknown):
        offered(scene)
    assert len(function.events) == 1
    function.lost = False
    assert offered(scene).package_info
    assert funds(scene)[1] == 100


FAILED = {"X-Amz-Function-Error": "Unhandled"}
ANSWER = json.dumps({"answer": {"status": 200, "headers": {}, "body": "AAAA"}}).encode()


@pytest.mark.parametrize(
    "said",
    [
        (429, {"x-amzn-errortype": "TooManyRequestsException"}, b"{}"),
        (403, {"x-amzn-errortype": "AccessDeniedException"}, b"{}"),
        (404, {"x-amzn-errortype": "ResourceNotFoundException"}, b"{}"),
        (500, {"x-amzn-errortype": "ServiceException"}, b"{}"),
        (200, FAILED, b'{"errorMessage": "NotOurs"}'),
        (200, FAILED, b'{"answer": null, "unknown": "timeout"}'),
        (200, {}, b""),
        (200, {}, b"null"),
        (200, {}, b"{}"),
        (200, {}, b"\xff"),
        (200, {}, b'{"answer": {"status": "200", "headers": {}, "body": ""}}'),
        (200, {}, ANSWER),
    ],
)
def test_a_function_that_does_not_say_what_became_of_it_is_unknown(
    scene: Scene, function: Function, said: tuple[int, dict[str, str], bytes]
) -> None:
    function.says = said
    with pytest.raises(Unknown):
        offered(scene)
    assert len(function.events) == 1


def test_a_failed_function_is_told_of_in_the_log(
    scene: Scene, function: Function, capsys: pytest.CaptureFixture[str]
) -> None:
    for said, event in (((200, FAILED, b"{}"), "egress_failed"), ((200, {}, b"-"), "egress_garbled")):
        function.says = said
        with pytest.raises(Unknown):
            offered(scene)
        assert f'"event":"{event}"' in capsys.readouterr().out


def test_the_function_has_the_time_that_it_needs_and_one_try(
    scene: Scene, function: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    client = aws.client

    def seen(service: str, **options: Any) -> Any:
        made.append(client(service, **options))
        return made[-1]

    monkeypatch.setattr(aws, "client", seen)
    offered(scene)
    [lent] = made
    assert lent.meta.service_model.service_name == "lambda"
    assert lent.meta.config.read_timeout == 9.0
    assert lent.meta.config.retries["total_max_attempts"] == 1


def test_the_operations_accounts_bill_comes_through_the_function(
    scene: Scene, function: Function, blocked: Blocked
) -> None:
    today = date(2026, 11, 11)
    scene.sim.base_url = BASE
    confirm(scene, offered(scene))
    clock.advance(DAY)
    assert [each.amount for each in fundflow.operations_flow(scene.account, today).movements()] == [1_000_000, -100]
    paths = [event["url"].removeprefix(BASE).partition("?")[0] for event in function.events[1:]]
    assert paths == ["/v3/bill/fundflowbill", "/v3/billdownload/file"]
    assert blocked.asked == []


def test_everything_else_leaves_as_it_did(scene: Scene, function: Function) -> None:
    scene.prepared()
    assert pay.query(scene.account, "ORDER000001")
    clock.advance(DAY)
    assert bill.trade_bill(scene.account, date(2026, 11, 11)) == bill.EMPTY
    assert function.events == []


def test_without_a_function_nothing_is_invoked(scene: Scene, emulator: Emulator) -> None:
    rich(scene)
    assert config().egress_function == ""
    assert way_out() is http.transport()
    with emulator.counting() as calls:
        confirm(scene, offered(scene))
    assert calls == []


class Says:
    """A WeChat that answers everything alike."""

    def __init__(self, answer: bytes = b"{}") -> None:
        self.answer = answer
        self.asked: list[str] = []

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
        self.asked.append(url)
        return Response(200, {"request-id": "1"}, self.answer)


def errand(method: str, url: str, *, sent: bytes | None = None) -> dict[str, Any]:
    built: dict[str, Any] = msgspec.to_builtins(Errand(method, url, {}, sent, 5.0))
    return built


FLOW = "/v3/bill/fundflowbill?bill_date=2026-11-11&account_type=OPERATION"
FILE = "/v3/billdownload/file?token=aB3_-%2B&tartype=gzip"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", BILLS),
        ("GET", f"{BILLS}/out-bill-no/Ab1"),
        ("POST", f"{BILLS}/out-bill-no/{'9' * 32}/cancel"),
        ("GET", FLOW),
        ("GET", FILE),
    ],
)
def test_what_belongs_to_the_operations_account_is_sent(method: str, path: str) -> None:
    wechat = Says()
    with http.use_transport(wechat):
        assert forwarded(errand(method, BASE + path))["answer"]["status"] == 200
    assert wechat.asked == [BASE + path]


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", BASE + BILLS),
        ("DELETE", BASE + BILLS),
        ("POST", f"{BASE}{BILLS}?x=1"),
        ("POST", f"{BASE}{BILLS}#x"),
        ("POST", f"{BASE}{BILLS}/"),
        ("POST", f"{BASE}{BILLS}\n"),
        ("POST", f"{BASE}/x{BILLS}"),
        ("POST", f"{BASE}//other.test{BILLS}"),
        ("POST", f"http://other.test{BILLS}"),
        ("POST", f"{BASE}.other.test{BILLS}"),
        ("POST", f"{BASE}@other.test{BILLS}"),
        ("POST", f"{BASE}:81{BILLS}"),
        ("POST", f"https://wechat-pay.test{BILLS}"),
        ("POST", f"{BASE}/v3/refund/domestic/refunds"),
        ("POST", f"{BASE}/v3/pay/transactions/jsapi"),
        ("POST", f"{BASE}{BILLS}/out-bill-no/../../../../pay/transactions/jsapi"),
        ("GET", f"{BASE}{BILLS}/out-bill-no/{'9' * 33}"),
        ("GET", f"{BASE}{BILLS}/out-bill-no/T%2F1"),
        ("GET", f"{BASE}{BILLS}/out-bill-no/"),
        ("GET", f"{BASE}{BILLS}/out-bill-no/T1/cancel"),
        ("POST", f"{BASE}{BILLS}/out-bill-no/T1"),
        ("GET", f"{BASE}/v3/bill/fundflowbill?bill_date=2026-11-11&account_type=BASIC"),
        ("GET", f"{BASE}/v3/bill/tradebill?bill_date=2026-11-11&bill_type=ALL"),
        ("POST", BASE + FLOW),
        ("GET", f"{BASE}/v3/billdownload/file"),
        ("GET", f"{BASE}/v3/billdownload/file?token=a b"),
        ("GET", f"{BASE}/v3/billdownload/file?token=a#b"),
        ("GET", "http://169.254.169.254/latest/meta-data/"),
        ("GET", ""),
        ("POST", BILLS),
    ],
)
def test_nothing_else_is_sent(method: str, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    wechat = Says()
    with http.use_transport(wechat), pytest.raises(NotOurs):
        forwarded(errand(method, url))
    assert wechat.asked == []
    assert '"event":"egress_refused"' in capsys.readouterr().out


@pytest.mark.parametrize("change", [{"body": "?"}, {"headers": None}, {"url": 1}, {"timeout": "5"}])
def test_an_event_that_is_no_errand_is_refused(change: dict[str, Any]) -> None:
    wechat = Says()
    with http.use_transport(wechat), pytest.raises(msgspec.ValidationError):
        forwarded(errand("POST", BASE + BILLS) | change)
    assert wechat.asked == []


def test_bodies_of_any_bytes_come_back_whole() -> None:
    every = bytes(range(256)) * 3
    with http.use_transport(Says(every)):
        told = json.loads(json.dumps(forwarded(errand("GET", BASE + FILE))))
    outcome = msgspec.convert(told, Outcome)
    assert outcome.answer
    assert outcome.answer.headers == {"request-id": "1"}
    assert zlib.decompress(outcome.answer.body) == every


def test_a_large_bill_comes_through_deflated(scene: Scene, function: Function) -> None:
    row = b"`2026-11-11 20:00:00,`1330000000000000000000000000000000000000,`0.30\r\n"
    large = row * (20_000_000 // len(row))
    function.way = Says(large)
    assert way_out().send("GET", BASE + FILE, {}, None, 20.0).body == large


def test_what_does_not_fit_is_unknown_and_told_of(function: Function, capsys: pytest.CaptureFixture[str]) -> None:
    letters = random.Random(1).choices(string.printable.encode(), k=6_000_000)
    function.way = Says(bytes(letters))
    with pytest.raises(Unknown, match="too large"):
        way_out().send("GET", BASE + FILE, {}, None, 20.0)
    assert '"event":"egress_too_large"' in capsys.readouterr().out
