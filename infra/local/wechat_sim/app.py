"""The whole machine: one lock around the state, faults before and after each act."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from infra.local.wechat_sim import authorization, control, crypto, portraits, refunds, transfers
from infra.local.wechat_sim.clock import Clock
from infra.local.wechat_sim.endpoints import API, ApiAct, PayCall, pay_route
from infra.local.wechat_sim.faults import OUTCOMES, Fault, Faults
from infra.local.wechat_sim.mini_codes import File
from infra.local.wechat_sim.notices import Answer, Deliver, Notice, Notices
from infra.local.wechat_sim.push import Pushes
from infra.local.wechat_sim.refusal import ApiRefusal, ControlRefusal, Dropped, PayRefusal
from infra.local.wechat_sim.world import Merchant, World

FLUSH_SECONDS = 20.0


class Reply(NamedTuple):
    """An answer, and how many seconds it keeps the caller waiting."""

    status: int
    headers: dict[str, str]
    body: bytes
    delay: float = 0.0


API_REFUSALS = {
    "busy": (-1, "system error"),
    "quota": (45011, "api minute-quota reach limit"),
    "conflict": (10060019, "数据已发生变化，请重试"),
    "not_visible": (10060001, "支付单不存在"),
    "invalid_page": (41030, "invalid page"),
    "overlap": (43108, "concurrent messages to one user"),
}
"""What a fault of that kind answers instead of the act."""

BAD_GATEWAY = Reply(502, {"Content-Type": "text/html"}, b"<html>502 Bad Gateway</html>")


def nowhere(url: str, headers: dict[str, str], body: bytes) -> Answer:
    """The default delivery: nobody is listening."""
    return None


def nobody(url: str) -> Answer:
    """The default question: nobody answers."""
    return None


class Simulator:
    """A WeChat. `deliver`: where its notifications go. `ask`: who answers its questions.

    ``now``: where real time comes from; ``rng``: where ids come from; ``new_key``: where RSA keys come from (tests keep
    a few, since making one takes a tenth of a second).
    """

    clock: Clock
    world: World
    base_url: str

    def __init__(
        self,
        *,
        now: Callable[[], datetime] | None = None,
        rng: random.Random | None = None,
        new_key: Callable[[], RSAPrivateKey] = crypto.new_key,
        base_url: str = "http://wechat.simulator",
    ) -> None:
        self.clock = Clock(now)
        self.world = World(self.clock, rng or random.SystemRandom(), new_key)
        self.faults = Faults()
        self.notices = Notices(self.world, self.faults)
        self.pushes = Pushes(self.world, self.faults)
        self.deliver: Deliver = nowhere
        self.ask: Callable[[str], Answer] = nobody
        self.base_url = base_url
        self.lock = threading.RLock()

    def handle(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Answer one request; ``target`` is path and query. Raises `Dropped` when the answer is lost."""
        reply = self.exchange(method, target, headers, body)
        return reply.status, reply.headers, reply.body

    def exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """The same, with the delay that a fault asked for."""
        path, _, query = target.partition("?")
        params = dict(parse_qsl(query, keep_blank_values=True))
        if path.startswith(control.PREFIX):
            return Reply(*control.handle(self, method, path, params, body))
        if method == "GET" and path.startswith(portraits.PREFIX):
            return self._portrait(path)
        lower = {name.lower(): value for name, value in headers.items()}
        with self.lock:
            self.settle()
            if (method, path) in API:
                reply = self._api(*API[method, path], target, params, body)
            else:
                reply = self._pay(method, target, path, params, lower, body)
            self.settle()
            return reply

    def control(self, method: str, target: str, document: dict[str, Any] | None = None) -> dict[str, Any]:
        """The control API from inside a test. Raises `ControlRefusal`."""
        status, _, body = self.handle(method, target, {}, json.dumps(document or {}).encode())
        answer: dict[str, Any] = json.loads(body)
        if status >= 400:
            raise ControlRefusal(status, str(answer["error"]))
        return answer

    def settle(self) -> None:
        """Let happen what time has brought: refunds and transfers end, their notifications are made."""
        refunds.finish_due(self.world)
        while self.world.finished_refunds:
            self.notices.tell_refund(self.world.finished_refunds.pop(0))
        transfers.advance_due(self.world)
        while self.world.finished_transfers:
            self.notices.tell_transfer(self.world.finished_transfers.pop(0))
        while self.world.shipped:
            self.pushes.tell(self.world.shipped.pop(0))
        while self.world.events:
            self.pushes.happened(self.world.events.pop(0))

    def flush(self) -> list[Notice]:
        """Deliver everything that is due now, messages too, and wait for what is on its way; the notifications."""
        told: list[Notice] = []
        patience = time.monotonic() + FLUSH_SECONDS
        while time.monotonic() < patience:
            notice = self.deliver_next()
            if notice is not None:
                told.append(notice)
                continue
            if self.push_next():
                continue
            with self.lock:
                if not self.notices.waiting() and not self.pushes.waiting():
                    break
            time.sleep(0.01)
        return told

    def deliver_next(self) -> Notice | None:
        """Deliver one due notification, outside the lock; None when none is due."""
        with self.lock:
            self.settle()
            parcel = self.notices.claim()
        if parcel is None:
            return None
        answer = None if parcel.kind == "lost" else self.deliver(parcel.notice.url, parcel.headers, parcel.body)
        with self.lock:
            self.notices.record(parcel, answer)
        return parcel.notice

    def push_next(self) -> bool:
        """Push one due message, outside the lock; False when none is due."""
        with self.lock:
            self.settle()
            letter = self.pushes.claim()
        if letter is None:
            return False
        answer = None if letter.kind == "lost" else self.deliver(letter.url, letter.headers, letter.body)
        with self.lock:
            self.pushes.record(letter, answer)
        return True

    def _api(self, endpoint: str, act: ApiAct, target: str, params: dict[str, str], body: bytes) -> Reply:
        fault = self.faults.take(endpoint, target + body.decode(errors="replace"))
        kind = fault.kind if fault else ""
        delay = fault.seconds if fault and kind == "slow" else 0.0
        self.world.answered_after = timedelta(seconds=delay)
        answer: dict[str, Any] | File
        try:
            if kind in API_REFUSALS:
                raise ApiRefusal(*API_REFUSALS[kind])
            if fault and _stops_before(fault):
                return _broken(fault)
            answer = act(self.world, params, body)
        except ApiRefusal as refusal:
            rid = "-".join(self.world.letters(8, "0123456789abcdef") for _ in range(3))
            answer = {"errcode": refusal.errcode, "errmsg": f"{refusal.errmsg} rid: {rid}"}
        if fault and (kind == "lost" or kind == "5xx"):
            return _broken(fault)
        if isinstance(answer, File):
            arrives = answer.content[: len(answer.content) // 2] if kind == "garbled" else answer.content
            return Reply(200, {"Content-Type": answer.media}, arrives, delay)
        content = b"<html>" if kind == "garbled" else json.dumps(answer, ensure_ascii=False).encode()
        return Reply(200, {"Content-Type": "text/plain"}, content, delay)

    def _portrait(self, path: str) -> Reply:
        with self.lock:
            fault = self.faults.take("portrait", path)
        return Reply(*portraits.answered(path, fault))

    def _pay(
        self, method: str, target: str, path: str, params: dict[str, str], headers: Mapping[str, str], body: bytes
    ) -> Reply:
        merchant = authorization.merchant_of(self.world, headers)
        fault: Fault | None = None
        detail_code = 0
        try:
            endpoint, act, number = pay_route(method, path)
            merchant = authorization.authenticate(self.world, method, target, headers, body)
            fault = self.faults.take(endpoint, target + body.decode(errors="replace"))
            if fault and fault.kind == "busy":
                raise PayRefusal(500, "SYSTEM_ERROR", "系统异常，请稍后重试")
            if fault and fault.kind == "quota":
                raise PayRefusal(429, "FREQUENCY_LIMITED", "频率限制", detail_code=268447840)
            if fault and _stops_before(fault):
                return _broken(fault)
            outcome = fault if fault and fault.kind in OUTCOMES else None
            answer = act(self, PayCall(merchant, params, body, number, headers.get("wechatpay-serial"), outcome))
            status = 204 if answer is None else 200
        except PayRefusal as refusal:
            status, answer, detail_code = refusal.status, refusal.document, refusal.detail_code
            if fault and fault.kind == "old_names":
                answer["code"] = answer["code"].replace("_", "")
        if fault and fault.kind in ("lost", "5xx"):
            return _broken(fault)
        request_id = f"{self.world.letters(40, '0123456789ABCDEF')}-{detail_code}"
        return self._signed(merchant, status, answer, fault, request_id)

    def _signed(
        self,
        merchant: Merchant | None,
        status: int,
        answer: dict[str, Any] | bytes | None,
        fault: Fault | None,
        request_id: str,
    ) -> Reply:
        kind = fault.kind if fault else ""
        delay = fault.seconds if fault and kind == "slow" else 0.0
        headers = {"Request-ID": request_id, "Content-Type": "application/json; charset=utf-8"}
        if isinstance(answer, bytes):
            arrives = answer[: len(answer) // 2] if kind == "garbled" else answer
            return Reply(status, headers | {"Content-Type": "text/plain"}, arrives, delay)
        content = b"" if answer is None else json.dumps(answer, ensure_ascii=False).encode()
        if kind == "garbled":
            status, content = 200, b"<html>"
        if merchant is not None and kind != "unsigned":
            age = authorization.STALE_SECONDS if kind == "stale_answer" else 0
            headers |= authorization.signature_headers(self.world, merchant, content, age_seconds=age)
            if kind == "bad_signature":
                headers["Wechatpay-Signature"] = authorization.spoiled(headers["Wechatpay-Signature"])
        return Reply(status, headers, content, delay)


def _stops_before(fault: Fault) -> bool:
    return fault.kind == "unreachable" or (fault.kind == "5xx" and not fault.after)


def _broken(fault: Fault) -> Reply:
    if fault.kind == "5xx":
        return BAD_GATEWAY
    raise Dropped(fault.kind)
