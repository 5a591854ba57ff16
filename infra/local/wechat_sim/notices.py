"""Notifications: sealed, signed, sent again on WeChat's schedule until acknowledged; and every way they go wrong."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from infra.local.wechat_sim import crypto, orders, refunds, transfers
from infra.local.wechat_sim.authorization import PROBE_MARK, STALE_SECONDS, signature_headers, spoiled
from infra.local.wechat_sim.clock import rfc3339
from infra.local.wechat_sim.faults import Faults
from infra.local.wechat_sim.operations import Transfer
from infra.local.wechat_sim.refusal import ControlRefusal
from infra.local.wechat_sim.world import Merchant, Order, Refund, World

RETRY_SECONDS = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)
"""WeChat's pauses after each attempt that was not acknowledged; 24 h 4 min in all, then it gives up."""

ACKNOWLEDGED = (200, 204)
REORDER_SECONDS = 15
ATTEMPT_KINDS = frozenset({"duplicate", "reordered", "lost", "bad_signature", "stale", "probe"})
UNPROVEN = frozenset({"bad_signature", "wrong_key", "wrong_serial", "probe", "no_headers"})
"""Forgeries whose signature does not verify: these may claim what never happened."""
VARIANTS = UNPROVEN | {
    "good", "stale", "tampered", "wrong_tag", "bad_json", "bad_base64", "wrong_algorithm", "other_apiv3_key",
}  # fmt: skip

Answer = tuple[int, bytes] | None
"""Status and body of the merchant's answer; None when there was none."""

Deliver = Callable[[str, dict[str, str], bytes], Answer]
"""Carries a notification to its URL."""


@dataclass
class Attempt:
    """One delivery and what came back."""

    at: datetime
    kind: str
    headers: dict[str, str]
    body: bytes
    answer: Answer


@dataclass
class Notice:
    """One event that a merchant is to be told of."""

    id: str
    mchid: str
    url: str
    event_type: str
    summary: str
    original_type: str
    resource: dict[str, Any]
    created_at: datetime
    due_at: datetime | None
    attempts: list[Attempt] = field(default_factory=list)
    failures: int = 0
    acknowledged: bool = False
    in_flight: bool = False
    held_back: bool = False

    @property
    def out_trade_no(self) -> str:
        """The order it is about, if any."""
        return str(self.resource.get("out_trade_no", ""))

    @property
    def out_bill_no(self) -> str:
        """The transfer it is about, if any."""
        return str(self.resource.get("out_bill_no", ""))

    @property
    def about(self) -> str:
        """What a fault's ``match`` is looked for in."""
        return f"{self.url} {self.out_trade_no}{self.out_bill_no}"


@dataclass(frozen=True)
class Parcel:
    """A notification as it goes out, with exactly the bytes that were signed."""

    notice: Notice
    kind: str
    headers: dict[str, str]
    body: bytes


class Notices:
    """All notifications, by time."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self.all: list[Notice] = []
        self._scheduled: list[Notice] = []

    def tell_payment(self, order: Order, *, scheduled: bool = True) -> Notice:
        """The order was paid."""
        resource = orders.transaction(order, self._world.clock.now()) | {"trade_state": "SUCCESS"}
        url = str(order.body["notify_url"])
        return self._add(order.mchid, url, "TRANSACTION.SUCCESS", "支付成功", "transaction", resource, scheduled)

    def tell_refund(self, refund: Refund, *, scheduled: bool = True) -> Notice | None:
        """The refund came to its end; told only where it was made with a notify_url."""
        url = refund.body.get("notify_url")
        if not url:
            return None
        kind = f"REFUND.{refund.status}"
        return self._add(refund.mchid, url, kind, "退款通知", "refund", refunds.resource(refund), scheduled)

    def tell_transfer(self, transfer: Transfer, *, scheduled: bool = True) -> Notice | None:
        """The transfer came to its end, whichever; told only where it was made with a notify_url."""
        url = transfer.body.get("notify_url")
        if not url:
            return None
        told, kind = transfers.resource(transfer), "MCHTRANSFER.BILL.FINISHED"
        return self._add(transfer.mchid, url, kind, "商家转账单据终态通知", "mch_payment", told, scheduled)

    def _add(
        self, mchid: str, url: str, event: str, summary: str, original: str, resource: dict[str, Any], scheduled: bool
    ) -> Notice:
        now = self._world.clock.now()
        number = f"EV-{self._world.letters(33, '0123456789abcdef')}"
        notice = Notice(number, mchid, url, event, summary, original, resource, now, now if scheduled else None)
        if scheduled:
            late = self._faults.take("notify", notice.about, frozenset({"late"}))
            if late:
                notice.due_at = now + timedelta(seconds=late.seconds)
            changed = self._faults.take("notify", notice.about, frozenset({"tampered"}))
            if changed:
                notice.resource = tampered(resource, changed.field)
            self._scheduled.append(notice)
        self.all.append(notice)
        return notice

    def claim(self) -> Parcel | None:
        """The earliest notification that is due, ready to go; nobody else gets it until `record`."""
        now = self._world.clock.now()
        self._scheduled = [n for n in self._scheduled if n.due_at or n.in_flight]
        due = [(n.due_at, i) for i, n in enumerate(self._scheduled) if n.due_at and n.due_at <= now and not n.in_flight]
        for _, index in sorted(due):
            notice = self._scheduled[index]
            fault = self._faults.take("notify", notice.about, ATTEMPT_KINDS)
            kind = fault.kind if fault else "good"
            if kind == "reordered":
                notice.held_back, notice.due_at = True, now + timedelta(seconds=REORDER_SECONDS)
                continue
            notice.in_flight = True
            return self.parcel(notice, kind)
        return None

    def record(self, parcel: Parcel, answer: Answer) -> None:
        """Note what came back, and when to come again."""
        now, notice = self._world.clock.now(), parcel.notice
        notice.in_flight = False
        notice.attempts.append(Attempt(now, parcel.kind, parcel.headers, parcel.body, answer))
        if answer is not None and answer[0] in ACKNOWLEDGED:
            notice.acknowledged = True
            notice.due_at = now if parcel.kind == "duplicate" else None
        elif notice.due_at is not None:
            step = notice.failures
            notice.failures += 1
            notice.due_at = now + timedelta(seconds=RETRY_SECONDS[step]) if step < len(RETRY_SECONDS) else None
        for other in self._scheduled:
            if other.held_back and other is not notice:
                other.held_back, other.due_at = False, now

    def waiting(self) -> bool:
        """Whether one is on its way."""
        return any(notice.in_flight for notice in self._scheduled)

    def parcel(self, notice: Notice, kind: str = "good", *, field: str = "amount") -> Parcel:
        """The notification as it goes out; ``kind`` is one of `VARIANTS` or `ATTEMPT_KINDS`."""
        merchant = self._world.merchants[notice.mchid]
        resource = tampered(notice.resource, field) if kind == "tampered" else notice.resource
        document = self._envelope(notice, merchant, resource, kind)
        body = b'{"id":' if kind == "bad_json" else json.dumps(document, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Accept": "*/*", "User-Agent": "Mozilla/4.0"}
        if kind != "no_headers":
            headers |= self._signature(merchant, body, kind)
        return Parcel(notice, kind, headers, body)

    def _envelope(self, notice: Notice, merchant: Merchant, resource: dict[str, Any], kind: str) -> dict[str, Any]:
        nonce = self._world.letters(12)
        plain = json.dumps(resource, ensure_ascii=False).encode()
        key = self._world.letters(32) if kind == "other_apiv3_key" else merchant.apiv3_key
        sealed = crypto.seal(key, nonce, notice.original_type, plain)
        if kind == "wrong_tag":
            sealed = base64.b64encode(base64.b64decode(sealed)[:-16] + bytes(16)).decode()
        return {
            "id": notice.id,
            "create_time": rfc3339(notice.created_at),
            "resource_type": "encrypt-resource",
            "event_type": notice.event_type,
            "summary": notice.summary,
            "resource": {
                "original_type": notice.original_type,
                "algorithm": "AEAD_AES_128_GCM" if kind == "wrong_algorithm" else "AEAD_AES_256_GCM",
                "ciphertext": "%%%" if kind == "bad_base64" else sealed,
                "associated_data": notice.original_type,
                "nonce": nonce,
            },
        }

    def _signature(self, merchant: Merchant, body: bytes, kind: str) -> dict[str, str]:
        age = STALE_SECONDS if kind == "stale" else 0
        headers = signature_headers(self._world, merchant, body, age_seconds=age)
        if kind == "bad_signature":
            headers["Wechatpay-Signature"] = spoiled(headers["Wechatpay-Signature"])
        elif kind == "probe":
            headers["Wechatpay-Signature"] = PROBE_MARK + headers["Wechatpay-Signature"][:300]
        elif kind == "wrong_serial":
            headers["Wechatpay-Serial"] = "PUB_KEY_ID_" + self._world.letters(24, "0123456789")
        elif kind == "wrong_key":
            lines = (headers["Wechatpay-Timestamp"].encode(), headers["Wechatpay-Nonce"].encode(), body)
            headers["Wechatpay-Signature"] = crypto.sign(crypto.new_key(), *lines)
        return headers

    def about(self, order: Order, refund: Refund | None, variant: str) -> Notice:
        """The notification of an order or refund, made (but not scheduled) where there is none yet."""
        kind, number = ("refund", refund.out_refund_no) if refund else ("transaction", order.out_trade_no)
        name = "out_refund_no" if refund else "out_trade_no"
        known = self._known(order.mchid, kind, name, number)
        if known:
            return known
        if refund:
            made = self.tell_refund(refund, scheduled=False) if refund.status != "PROCESSING" else None
            if made is None:
                raise ControlRefusal(409, "the refund is still running or has no notify_url")
            return made
        if order.paid_at:
            return self.tell_payment(order, scheduled=False)
        if variant not in UNPROVEN:
            raise ControlRefusal(409, "the order is not paid: only a forgery could say so")
        return self._claimed(order)

    def _known(self, mchid: str, kind: str, name: str, number: str) -> Notice | None:
        for notice in reversed(self.all):
            if (notice.mchid, notice.original_type, notice.resource.get(name)) == (mchid, kind, number):
                return notice
        return None

    def about_transfer(self, transfer: Transfer, variant: str) -> Notice:
        """The notification of a transfer, made (but not scheduled) where there is none yet."""
        known = self._known(transfer.mchid, "mch_payment", "out_bill_no", transfer.out_bill_no)
        if known:
            return known
        if not transfer.over and variant not in UNPROVEN:
            raise ControlRefusal(409, "the transfer is not over: only a forgery could say so")
        told = transfer if transfer.over else replace(transfer, state="SUCCESS")
        made = self.tell_transfer(told, scheduled=False)
        if made is None:
            raise ControlRefusal(409, "the transfer has no notify_url")
        if told is not transfer:
            self.all.remove(made)
        return made

    def _claimed(self, order: Order) -> Notice:
        lie = deepcopy(order)
        lie.paid_at, lie.transaction_id = self._world.clock.now(), "4200" + self._world.letters(24, "0123456789")
        notice = self.tell_payment(lie, scheduled=False)
        self.all.remove(notice)
        return notice


def tampered(resource: dict[str, Any], field: str) -> dict[str, Any]:
    """The same event with one thing changed."""
    changed = deepcopy(resource)
    if field == "amount" and "transfer_amount" in changed:
        changed["transfer_amount"] += 1
    elif field == "amount":
        changed["amount"]["total"] += 1
        changed["amount"]["payer_total"] += 1
    elif field == "currency":
        changed["amount"]["currency"] = "USD"
    elif field == "openid" and "payer" in changed:
        changed["payer"]["openid"] = "o" + "X" * 27
    elif field in changed:
        changed[field] = f"{changed[field]}9"
    else:
        raise ControlRefusal(400, f"no field {field} to change")
    return changed
