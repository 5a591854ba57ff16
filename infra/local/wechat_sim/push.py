"""Message push in safe mode, JSON or XML: sealed, signed, and told again until it is taken, three times at most."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from infra.local.wechat_sim import crypto, push_xml
from infra.local.wechat_sim.consents import Event
from infra.local.wechat_sim.faults import PUSH_KINDS, Faults
from infra.local.wechat_sim.notices import Answer, Attempt
from infra.local.wechat_sim.world import Address, Order, Shipment, World

SETTLEMENT = "trade_manage_order_settlement"
SHIPPING_REMINDER = "trade_manage_remind_shipping"
MOST_ATTEMPTS = 4
PAUSE = timedelta(seconds=5)
TAKEN = (200, b"success")
SETTLES_AFTER = timedelta(days=10)
MANUAL = 2
VARIANTS = frozenset({"good", "bad_signature"})
FORMATS = ("json", "xml")
JSON, XML = "application/json", "text/xml"


@dataclass
class Push:
    """One message to a mini-program's server."""

    appid: str
    message: dict[str, Any]
    due_at: datetime | None
    attempts: list[Attempt] = field(default_factory=list)
    failures: int = 0
    in_flight: bool = False
    taken: bool = False


@dataclass(frozen=True)
class Letter:
    """A message as it goes out."""

    push: Push
    kind: str
    url: str
    headers: dict[str, str]
    body: bytes


class Pushes:
    """All messages, in the order in which they were made."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self.all: list[Push] = []
        self._scheduled: list[Push] = []

    def tell(self, order: Order, event: str = SETTLEMENT, *, scheduled: bool = True) -> Push | None:
        """Tell of an order; None where its mini-program wants no messages."""
        if order.appid not in self._world.addresses:
            return None
        push = Push(order.appid, self._message(order, event), self._world.clock.now() if scheduled else None)
        self.all.append(push)
        if scheduled:
            self._scheduled.append(push)
        return push

    def happened(self, event: Event) -> None:
        """Tell of something that is about no order, where its mini-program wants messages."""
        if event.appid not in self._world.addresses:
            return
        head = self._head(event.appid, event.openid, event.name)
        push = Push(event.appid, head | event.members, event.due_at)
        self.all.append(push)
        self._scheduled.append(push)

    def question(self, address: Address, echo: str) -> str:
        """The address that asks whether this is the mini-program's server: it answers ``echo``."""
        signed = self._signed(address)
        return f"{address.url}?{urlencode({**signed, 'echostr': echo})}"

    def claim(self) -> Letter | None:
        """The first message that is due, ready to go; nobody else gets it until `record`."""
        now = self._world.clock.now()
        self._scheduled = [push for push in self._scheduled if push.due_at or push.in_flight]
        for push in self._scheduled:
            if push.due_at and push.due_at <= now and not push.in_flight:
                fault = self._faults.take("push", _about(push), PUSH_KINDS)
                if fault and fault.kind == "late":
                    push.due_at = now + timedelta(seconds=fault.seconds)
                    continue
                push.in_flight = True
                return self.letter(push, fault.kind if fault else "good")
        return None

    def record(self, letter: Letter, answer: Answer) -> None:
        """Note what came back, and whether to come again."""
        now, push = self._world.clock.now(), letter.push
        push.in_flight = False
        push.attempts.append(Attempt(now, letter.kind, letter.headers, letter.body, answer))
        if answer == TAKEN:
            push.taken = True
            push.due_at = now if letter.kind == "duplicate" else None
        elif push.due_at is not None:
            push.failures += 1
            push.due_at = now + PAUSE if push.failures < MOST_ATTEMPTS else None

    def waiting(self) -> bool:
        """Whether one is on its way."""
        return any(push.in_flight for push in self._scheduled)

    def letter(self, push: Push, kind: str = "good") -> Letter:
        """The message as it goes out."""
        address, appid = self._world.addresses[push.appid], push.appid
        media, written = (XML, push_xml.document) if address.format == "xml" else (JSON, _json)
        noise = self._world.letters(16).encode()
        sealed = crypto.push_seal(address.aes_key, noise, written(push.message), appid)
        query = self._signed(address)
        signature = crypto.push_sign(address.token, query["timestamp"], query["nonce"], sealed)
        query |= {"openid": push.message["FromUserName"], "encrypt_type": "aes"}
        query["msg_signature"] = signature[::-1] if kind == "bad_signature" else signature
        body = written({"ToUserName": push.message["ToUserName"], "Encrypt": sealed})
        return Letter(push, kind, f"{address.url}?{urlencode(query)}", {"Content-Type": media}, body)

    def _signed(self, address: Address) -> dict[str, str]:
        timestamp = str(int(self._world.clock.now().timestamp()))
        nonce = self._world.letters(10, "0123456789")
        signature = crypto.push_sign(address.token, timestamp, nonce)
        return {"signature": signature, "timestamp": timestamp, "nonce": nonce}

    def _head(self, appid: str, openid: str, event: str) -> dict[str, Any]:
        now = _seconds(self._world.clock.now())
        ours = {"ToUserName": f"gh_{appid[-12:]}", "FromUserName": openid}
        return {**ours, "CreateTime": now, "MsgType": "event", "Event": event}

    def _message(self, order: Order, event: str) -> dict[str, Any]:
        now = self._world.clock.now()
        message = {
            **self._head(order.appid, order.openid, event),
            "transaction_id": order.transaction_id,
            "merchant_id": order.mchid,
            "sub_merchant_id": "",
            "merchant_trade_no": order.out_trade_no,
            "pay_time": _seconds(order.paid_at or now),
        }
        if event != SETTLEMENT:
            return message | {"msg": "请尽快发货"}
        shipment = self._world.shipments.get((order.mchid, order.out_trade_no), Shipment())
        message["shipped_time"] = _seconds(shipment.uploads[-1].at if shipment.uploads else now)
        if shipment.received_at is None:
            return message | {"estimated_settlement_time": _seconds(now + SETTLES_AFTER)}
        return message | {
            "confirm_receive_method": MANUAL,
            "confirm_receive_time": _seconds(shipment.received_at),
            "settlement_time": _seconds(now),
        }


def _json(members: dict[str, Any]) -> bytes:
    return json.dumps(members, ensure_ascii=False).encode()


def _about(push: Push) -> str:
    """What a fault may be meant for: the event, and its order or else its user."""
    message = push.message
    return f"{message['Event']} {message.get('merchant_trade_no', message['FromUserName'])}"


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
