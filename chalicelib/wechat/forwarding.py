"""What the function with the fixed address does: it sends one signed request to WeChat Pay as it is, and nothing else.

It holds no key and reads no table. Where it is asked for anything that is no business of the operations account, it
sends nothing and fails, so that its alarm rings.
"""

from __future__ import annotations

import re
import zlib
from typing import Any

import msgspec

from chalicelib.core import log
from chalicelib.core.config import config
from chalicelib.wechat.egress import Errand, Outcome
from chalicelib.wechat.fundflow import BILL
from chalicelib.wechat.http import Response, Unknown, transport
from chalicelib.wechat.transfer import BILLS, NUMBER

ALLOWED = (
    ("POST", re.compile(BILLS)),
    ("GET", re.compile(rf"{BILLS}/out-bill-no/{NUMBER.pattern}")),
    ("POST", re.compile(rf"{BILLS}/out-bill-no/{NUMBER.pattern}/cancel")),
    ("GET", re.compile(rf"{BILL}\?bill_date=[0-9-]{{10}}&account_type=OPERATION")),
    ("GET", re.compile(r"/v3/billdownload/file\?[!-\"$-~]+")),
)
"""Methods, and all that may follow the base of WeChat Pay's addresses: what `transfer` and `fundflow` ask for."""

LARGEST_ANSWER = 6_000_000
"""Bytes of an outcome as JSON: Lambda hands over 6 MB. A bill deflates to a third, so that 60,000 lines fit."""


class NotOurs(Exception):
    """The function was asked to send what it does not send; nothing was sent."""


def forwarded(event: dict[str, Any]) -> dict[str, Any]:
    """Send the `Errand` once and tell its `Outcome`, both in JSON's own types. Raises `NotOurs`, ValidationError."""
    log.clear()
    errand = msgspec.convert(event, Errand)
    if not _ours(errand.method, errand.url):
        log.error("egress_refused", method=errand.method, url=errand.url.partition("?")[0])
        raise NotOurs("no business of the operations account")
    told: dict[str, Any] = msgspec.to_builtins(_sent(errand))
    return told


def _ours(method: str, url: str) -> bool:
    base = config().wechat_pay_url
    return url.startswith(base) and any(
        method == allowed and path.fullmatch(url.removeprefix(base)) for allowed, path in ALLOWED
    )


def _sent(errand: Errand) -> Outcome:
    try:
        came = transport().send(errand.method, errand.url, errand.headers, errand.body, errand.timeout)
    except Unknown as lost:
        log.warning("egress_unknown", reason=lost.reason)
        return Outcome(unknown=lost.reason)
    outcome = Outcome(Response(came.status, came.headers, zlib.compress(came.body)))
    size = len(msgspec.json.encode(outcome))
    log.info("egress_sent", method=errand.method, status=came.status, size=size)
    if size > LARGEST_ANSWER:
        log.error("egress_too_large", size=size)
        return Outcome(unknown="the answer is too large")
    return outcome
