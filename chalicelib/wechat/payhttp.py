"""One signed question to WeChat Pay, and its answer proved to be WeChat's before anything is believed."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.core import clock, log
from chalicelib.core.config import config
from chalicelib.wechat import signing
from chalicelib.wechat.account import PayAccount
from chalicelib.wechat.http import USER_AGENT, Quota, Transport, Unknown, WechatError, json_object, transport

PAY_SECONDS = 5.0

OLD_SPELLINGS = {
    "ORDERNOTEXIST": "ORDER_NOT_EXIST",
    "ORDERPAID": "ORDER_PAID",
    "ORDERCLOSED": "ORDER_CLOSED",
    "OUTTRADENOUSED": "OUT_TRADE_NO_USED",
    "NOAUTH": "NO_AUTH",
    "SYSTEMERROR": "SYSTEM_ERROR",
    "BANKERROR": "BANK_ERROR",
    "RULELIMIT": "RULE_LIMIT",
    "NOTENOUGH": "NOT_ENOUGH",
    "SIGNERROR": "SIGN_ERROR",
    "PARAMERROR": "PARAM_ERROR",
    "INVALIDREQUEST": "INVALID_REQUEST",
    "FREQUENCYLIMITED": "FREQUENCY_LIMITED",
    "RATELIMIT_EXCEED": "RATELIMIT_EXCEEDED",
    "RESOURCE_NOT_EXIST": "RESOURCE_NOT_EXISTS",
    "RESOURCENOTEXISTS": "RESOURCE_NOT_EXISTS",
}
"""Names that older parts of WeChat Pay still answer."""

BY_REQUEST_ID = {
    "268512771": "ORDER_NOT_EXIST",
    "268498688": "PARAMS_DIFFER",
    "268449538": "ORDER_PAID",
}
"""What the number after the last ``-`` of Request-ID says more exactly than the code; messages are never read."""

SLOW_DOWN = frozenset({"FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED"})
UNDECIDED = frozenset({"SYSTEM_ERROR", "BANK_ERROR"})


def ask(
    account: PayAccount,
    method: str,
    path: str,
    body: dict[str, Any] | None = None,
    *,
    via: Transport | None = None,
) -> dict[str, Any] | None:
    """The JSON answer, or None for 204. Raises `Unknown`, `Quota`, `WechatError` (code in today's spelling).

    ``via`` carries it, or else the process's transport. An answer whose signature cannot be verified decides nothing,
    refusals included: `Unknown`.
    """
    payload = b"" if body is None else msgspec.json.encode(body)
    headers = {
        "Accept": "application/json",
        "User-Agent": USER_AGENT,
        "Wechatpay-Serial": account.wechatpay_public_key_id,
        "Authorization": signing.authorization(account, method, path, payload.decode()),
    }
    if body is not None:
        headers["Content-Type"] = "application/json"
    url = config().wechat_pay_url + path
    answer = (via or transport()).send(method, url, headers, payload or None, PAY_SECONDS)
    request_id = answer.headers.get("request-id")
    called = {"path": path.partition("?")[0], "method": method, "wechat_request_id": request_id}
    try:
        signing.verify(account, answer.headers, answer.body, clock.now())
    except signing.Unverified as unverified:
        log.warning("wechat_pay_unverified", **called, status=answer.status, reason=unverified.reason)
        raise Unknown(f"unverified: {unverified.reason}") from None
    if answer.status == 204:
        return None
    try:
        document = json_object(answer.body)
    except ValueError:
        log.warning("wechat_pay_garbled", **called, status=answer.status)
        raise Unknown("garbled answer") from None
    if 200 <= answer.status < 300:
        return document
    code = _code(document, request_id)
    log.warning("wechat_pay_error", **called, status=answer.status, wechat_code=code)
    if answer.status == 429 or code in SLOW_DOWN:
        raise Quota(code)
    if code in UNDECIDED or (answer.status >= 500 and code not in DECIDED_5XX):
        raise Unknown(code)
    raise WechatError(code, status=answer.status, message=str(document.get("message", "")), request_id=request_id)


DECIDED_5XX = frozenset({"OPENID_MISMATCH", "INVALID_TRANSACTIONID"})
"""Refusals that WeChat documents under status 500."""


def _code(document: dict[str, Any], request_id: str | None) -> str:
    sent = str(document.get("code", "")).upper()
    code = OLD_SPELLINGS.get(sent, sent)
    if code in ("INVALID_REQUEST", "PARAM_ERROR"):
        return BY_REQUEST_ID.get((request_id or "").rpartition("-")[2], code)
    return code
