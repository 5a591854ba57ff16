"""Transfers (商家转账): money from the merchant's operations account to a user, who confirms it in WeChat within 24 h.

The number is the idempotency key. Until WeChat has said FAIL or CANCELLED of it, a new number could pay a second time:
after any refusal and any doubt ask about, or send again, the same number with the same body.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote

import msgspec

from chalicelib.core.money import Fen
from chalicelib.wechat import signing
from chalicelib.wechat.account import PayAccount
from chalicelib.wechat.egress import way_out
from chalicelib.wechat.http import Unknown, WechatError
from chalicelib.wechat.payhttp import ask
from chalicelib.wechat.trade import instant

BILLS = "/v3/fund-app/mch-transfer/transfer-bills"
NUMBER = re.compile(r"[0-9A-Za-z]{1,32}")

NAME_ALLOWED = Fen(30)
"""Below this WeChat refuses a payee's name."""

NAME_NEEDED = Fen(200_000)
"""From this on WeChat refuses a transfer without the payee's name (rules M4)."""

ABSENT = frozenset({"NOT_FOUND", "ORDER_NOT_EXIST", "RESOURCE_NOT_EXISTS"})
"""How parts of WeChat Pay say that there is no such number."""


class TransferState(StrEnum):
    """WeChat's states of a transfer, in its own spelling; OTHER stands for one it may add."""

    ACCEPTED = "ACCEPTED"
    PROCESSING = "PROCESSING"
    """The money is being locked; where it stays so, the operations account lacks it: top up, send the number again."""
    WAIT_USER_CONFIRM = "WAIT_USER_CONFIRM"
    """The money is locked and the user is asked; may last a little longer than the 24 h in which he can say yes."""
    TRANSFERING = "TRANSFERING"
    """Confirmed, and not yet known how it ends; the user may open the page again."""
    SUCCESS = "SUCCESS"
    FAIL = "FAIL"
    """Ended without payment, for ``fail_reason``; nobody confirmed in time is one (OVERDUE_CLOSE)."""
    CANCELING = "CANCELING"
    """Being withdrawn; how it ends only a query tells."""
    CANCELLED = "CANCELLED"
    OTHER = "OTHER"


class Transfer(msgspec.Struct, frozen=True):
    """A transfer as WeChat has it. What the answer to that question does not say is None."""

    out_bill_no: str
    transfer_bill_no: str
    """WeChat's own number."""
    state: TransferState
    state_name: str
    """The state as sent."""
    fail_reason: str | None
    """WeChat's word for why it failed, of a list that grows."""
    package_info: str | None
    """What the client app needs for the confirmation; only ever in the answer to `create`."""
    mchid: str | None
    openid: str | None
    amount: Fen | None
    create_time: datetime | None
    update_time: datetime | None

    @property
    def over(self) -> bool:
        """Whether it will never change again."""
        return self.state in (TransferState.SUCCESS, TransferState.FAIL, TransferState.CANCELLED)


class _Document(msgspec.Struct):
    out_bill_no: str
    transfer_bill_no: str
    state: str
    fail_reason: str | None = None
    package_info: str | None = None
    mch_id: str | None = None
    openid: str | None = None
    transfer_amount: int | None = None
    create_time: str | None = None
    update_time: str | None = None


def read(document: dict[str, Any]) -> Transfer:
    """The transfer in a decoded ``document``. Raises ValueError when a field is missing or of another type."""
    wire = msgspec.convert(document, _Document)
    return Transfer(
        out_bill_no=wire.out_bill_no,
        transfer_bill_no=wire.transfer_bill_no,
        state=TransferState(wire.state) if wire.state in TransferState.__members__ else TransferState.OTHER,
        state_name=wire.state,
        fail_reason=wire.fail_reason or None,
        package_info=wire.package_info or None,
        mchid=wire.mch_id or None,
        openid=wire.openid or None,
        amount=None if wire.transfer_amount is None else Fen(wire.transfer_amount),
        create_time=instant(wire.create_time),
        update_time=instant(wire.update_time),
    )


def transfer_body(
    account: PayAccount,
    *,
    out_bill_no: str,
    scene: str,
    reports: Mapping[str, str],
    openid: str,
    amount: Fen,
    remark: str,
    notify_url: str,
    name: str | None = None,
    perception: str | None = None,
    red_packet: bool = False,
) -> dict[str, Any]:
    """The body of a transfer, to be kept: a repeat must carry it as it is, and a ``name`` is sealed anew each time.

    ``scene`` is the approved scene's id, ``reports`` exactly what WeChat wants to be told in that scene (texts of at
    most 32 characters), ``remark`` at most 32 characters, ``perception`` what the user sees it as (the scene's usual
    one if None), ``red_packet`` for up to 200 yuan where the scene has it. ``name`` is the payee's real one, checked by
    WeChat; it is needed from `NAME_NEEDED` on and left out below `NAME_ALLOWED`. Raises ValueError without it where it
    is needed, and for a number that is not 1 to 32 letters and digits.
    """
    if not NUMBER.fullmatch(out_bill_no):
        raise ValueError("a transfer's number is 1 to 32 letters and digits")
    if amount >= NAME_NEEDED and not name:
        raise ValueError("a transfer of this amount names its payee")
    body: dict[str, Any] = {
        "appid": account.appid,
        "out_bill_no": out_bill_no,
        "transfer_scene_id": scene,
        "openid": openid,
        "transfer_amount": int(amount),
        "transfer_remark": remark,
        "notify_url": notify_url,
        "transfer_scene_report_infos": [{"info_type": kind, "info_content": text} for kind, text in reports.items()],
    }
    if name and amount >= NAME_ALLOWED:
        body["user_name"] = signing.encrypt(account, name)
    if perception:
        body["user_recv_perception"] = perception
    if red_packet:
        body["user_recv_style"] = {"type": "RED_PACKET"}
    return body


def create(account: PayAccount, body: dict[str, Any]) -> Transfer:
    """Offer the transfer of `transfer_body` to its user; the same body again finds the same transfer.

    While it waits for the user, ``package_info`` is there, on a repeat too. No error ends the attempt. Raises
    `Unknown`, `Quota`, or `WechatError`: NOT_ENOUGH (the operations account), ALREADY_EXISTS or PARAMS_DIFFER (this
    number came with another body), NO_AUTH (this address may not call), PARAM_ERROR, INVALID_REQUEST and others.
    """
    found = _read(ask(account, "POST", BILLS, body, via=way_out()), str(body["out_bill_no"]))
    if found.state is TransferState.WAIT_USER_CONFIRM and found.package_info is None:
        raise Unknown("answer without package_info")
    return found


def client_params(account: PayAccount, package_info: str) -> dict[str, str]:
    """The arguments of ``wx.requestMerchantTransfer``. Its success on the client proves nothing: query."""
    return {"mchId": account.mchid, "appId": account.appid, "package": package_info}


def query(account: PayAccount, out_bill_no: str) -> Transfer | None:
    """The transfer as WeChat has it, without ``package_info``, or None where it has none.

    None proves little: a `create` may still be on its way, and WeChat tells of the last 30 days only. Raises `Unknown`,
    `Quota`, `WechatError`.
    """
    return _unless_absent(account, "GET", _path(out_bill_no), out_bill_no)


def cancel(account: PayAccount, out_bill_no: str) -> Transfer | None:
    """Withdraw a transfer that nobody has confirmed: CANCELING or CANCELLED, or None where WeChat has none.

    May be repeated; how it ends only `query` tells. Raises `Unknown`, `Quota`, or `WechatError`: INVALID_REQUEST (too
    late: query) and others.
    """
    return _unless_absent(account, "POST", f"{_path(out_bill_no)}/cancel", out_bill_no)


def _unless_absent(account: PayAccount, method: str, path: str, out_bill_no: str) -> Transfer | None:
    try:
        return _read(ask(account, method, path, via=way_out()), out_bill_no)
    except WechatError as refusal:
        if refusal.status == 404 and refusal.code in ABSENT:
            return None
        raise


def _path(out_bill_no: str) -> str:
    return f"{BILLS}/out-bill-no/{quote(out_bill_no, safe='')}"


def _read(answer: dict[str, Any] | None, out_bill_no: str) -> Transfer:
    try:
        found = read(answer or {})
    except ValueError as wrong:
        raise Unknown("answer is no transfer") from wrong
    if found.out_bill_no != out_bill_no:
        raise Unknown("answer is about another transfer")
    return found
