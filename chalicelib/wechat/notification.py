"""WeChat Pay notifications: proved to be WeChat's, fresh and meant for this merchant, then decrypted and typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.wechat import refunds, signing
from chalicelib.wechat import trade as trades
from chalicelib.wechat import transfer as transfers
from chalicelib.wechat.account import PayAccount
from chalicelib.wechat.http import json_object
from chalicelib.wechat.refunds import Refund
from chalicelib.wechat.trade import Trade
from chalicelib.wechat.transfer import Transfer

ALGORITHM = "AEAD_AES_256_GCM"


class Forged(Exception):
    """Not provably a fresh notification of WeChat's to this merchant; ``reason`` is a fixed word. Answer 4xx."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Probe(Exception):
    """WeChat tests whether we verify signatures. Answer 4xx, and never alarm: the right one follows."""


@dataclass(frozen=True, slots=True)
class Notification:
    """One verified event. Duplicates and any order are normal: be idempotent by the order's number."""

    id: str
    event_type: str
    original_type: str
    resource: dict[str, Any]


class _Resource(msgspec.Struct):
    algorithm: str
    ciphertext: str
    nonce: str
    original_type: str = ""
    associated_data: str | None = None


class _Envelope(msgspec.Struct):
    id: str
    event_type: str
    resource: _Resource


def read(account: PayAccount, headers: Mapping[str, str], raw_body: bytes, now: datetime) -> Notification:
    """The event in ``raw_body`` (exactly the bytes received).

    Whatever the sender wrote, this raises `Forged` or `Probe` and nothing else; ValueError means that ``account``
    itself holds no usable keys.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    try:
        signing.verify(account, lower, raw_body, now)
        envelope = _form(raw_body)
        resource = envelope.resource
        if resource.algorithm != ALGORITHM:
            raise Forged("algorithm")
        plain = signing.decrypt(
            account,
            ciphertext=resource.ciphertext,
            nonce=resource.nonce,
            associated_data=resource.associated_data or "",
        )
    except signing.Unverified as unverified:
        if unverified.probe:
            raise Probe from None
        raise Forged(unverified.reason) from None
    try:
        return Notification(envelope.id, envelope.event_type, resource.original_type, json_object(plain))
    except ValueError:
        raise Forged("form") from None


def _form(raw_body: bytes) -> _Envelope:
    try:
        return msgspec.convert(json_object(raw_body), _Envelope)
    except ValueError:
        raise Forged("form") from None


def trade(event: Notification) -> Trade:
    """The payment that ``event`` tells of. Raises `Forged` when it is another kind of event or lacks a field."""
    if event.event_type != "TRANSACTION.SUCCESS":
        raise Forged("event_type")
    try:
        return trades.read(event.resource)
    except ValueError:
        raise Forged("form") from None


def refund(event: Notification) -> Refund:
    """The refund that ``event`` tells of. Raises `Forged` when it is another kind of event or lacks a field."""
    if not event.event_type.startswith("REFUND."):
        raise Forged("event_type")
    try:
        return refunds.read(event.resource)
    except ValueError:
        raise Forged("form") from None


def transfer(event: Notification) -> Transfer:
    """The transfer of whose end ``event`` tells. Raises `Forged` when it is another kind of event or lacks a field."""
    if event.event_type != "MCHTRANSFER.BILL.FINISHED":
        raise Forged("event_type")
    try:
        told = transfers.read(event.resource)
    except ValueError:
        raise Forged("form") from None
    if told.mchid is None or told.openid is None or told.amount is None:
        raise Forged("form")
    return told
