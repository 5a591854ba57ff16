"""Transfers to users: offered under their own number once, confirmed, withdrawn, failed or timed out.

As documented: paths, fields, states and their order, the 24 hours, the 30 days, what an answer lacks, the calls a
second. Ours: the statuses of NOT_FOUND and ALREADY_EXISTS; that a number which was refused is still free; that a scene
nobody approved is an INVALID_REQUEST; that bodies are compared as they were sent, sealed names too; the 24 hours begin
when the user is asked.
"""

from __future__ import annotations

import string
from datetime import datetime, timedelta
from typing import Any

from infra.local.wechat_sim import fields, transfer_fields
from infra.local.wechat_sim.clock import rfc3339
from infra.local.wechat_sim.faults import Fault
from infra.local.wechat_sim.operations import Operations, Transfer
from infra.local.wechat_sim.refusal import PayRefusal, invalid
from infra.local.wechat_sim.world import Merchant, World

CONFIRM_TIME = timedelta(hours=24)
KNOWN_FOR = timedelta(days=30)
CANCEL_SECONDS = 2.0
"""How long a withdrawal takes unless a fault says otherwise."""

CALLS_A_SECOND = {"transfer": 100, "transfer_query": 100, "transfer_cancel": 20}
LOCK = "LOCK"
"""The step in which a transfer gets its money, or stays PROCESSING without."""


def account(world: World, mchid: str) -> Operations:
    """The merchant's operations account, empty at first."""
    return world.operations.setdefault(mchid, Operations())


def create(world: World, merchant: Merchant, body: bytes, *, key_id: str | None, fault: Fault | None) -> dict[str, Any]:
    """POST …/transfer-bills: the same number and body again show the same transfer, another body is refused."""
    _pace(world, merchant, "transfer")
    sent = fields.document(body)
    name = transfer_fields.check(merchant, sent, key_id)
    now, number = world.clock.now(), sent["out_bill_no"]
    known = world.transfers.get((merchant.mchid, number))
    if known:
        if known.body != sent:
            raise PayRefusal(400, "ALREADY_EXISTS", "商户单号已存在，且与首次请求的参数不一致")
        if known.state == "PROCESSING" and known.due_at is None:
            _lock(world, known, now)
        return _offered(known)
    kind = fault.kind if fault else ""
    _check_rules(world, merchant, sent, kind)
    made = Transfer(
        mchid=merchant.mchid,
        appid=merchant.appid,
        out_bill_no=number,
        transfer_bill_no="1330" + world.letters(36, string.digits),
        body=sent,
        user_name=name,
        created_at=now,
        changed_at=now,
    )
    world.transfers[made.mchid, number] = made
    world.running_transfers.append(made)
    if fault and kind in ("accepted", "processing"):
        made.state, made.due_at, made.then = kind.upper(), now + timedelta(seconds=fault.seconds), LOCK
    elif kind == "risk":
        enter(world, made, "FAIL", now, reason="TRANSFER_RISK")
    else:
        made.closing_lag = fault.seconds if fault and kind == "late_close" else 0.0
        _lock(world, made, now)
    return _offered(made)


def _check_rules(world: World, merchant: Merchant, sent: dict[str, Any], kind: str) -> None:
    if kind == "no_auth":
        raise PayRefusal(403, "NO_AUTH", "此IP地址不允许调用该接口")
    if (merchant.appid, sent["openid"]) not in world.openids:
        raise invalid("/openid", "openid与appid不匹配", sent["openid"])
    if sent["transfer_scene_id"] not in world.scenes.get(merchant.mchid, ("1000",)):
        raise PayRefusal(400, "INVALID_REQUEST", "商户未获得该转账场景")
    short = account(world, merchant.mchid).available < sent["transfer_amount"]
    if kind == "not_enough" or (short and kind not in ("accepted", "processing", "risk")):
        raise PayRefusal(403, "NOT_ENOUGH", "运营账户余额不足，请充值后原单重试")


def _pace(world: World, merchant: Merchant, endpoint: str) -> None:
    second = int(world.clock.now().timestamp())
    last, calls = world.paces.get((merchant.mchid, endpoint), (second, 0))
    calls = calls + 1 if last == second else 1
    world.paces[merchant.mchid, endpoint] = (second, calls)
    if calls > CALLS_A_SECOND[endpoint]:
        raise PayRefusal(429, "FREQUENCY_LIMITED", "频率超限，请降低频率后原单重试", detail_code=268447840)


def query(world: World, merchant: Merchant, *, number: str, by: str) -> dict[str, Any]:
    """GET …/out-bill-no/{number} or …/transfer-bill-no/{number}: of the last 30 days, and never its package."""
    _pace(world, merchant, "transfer_query")
    return shown(_find(world, merchant, number, by))


def cancel(world: World, merchant: Merchant, body: bytes, number: str, fault: Fault | None) -> dict[str, Any]:
    """POST …/out-bill-no/{number}/cancel, without a body: before the user confirms; may be repeated."""
    _pace(world, merchant, "transfer_cancel")
    if body:
        raise PayRefusal(400, "PARAM_ERROR", "该接口没有包体参数")
    found, now = _find(world, merchant, number, "out_bill_no"), world.clock.now()
    if found.state in ("ACCEPTED", "PROCESSING", "WAIT_USER_CONFIRM"):
        seconds = fault.seconds if fault and fault.kind == "canceling" else CANCEL_SECONDS
        overtaken = fault is not None and fault.kind == "overtaken" and found.locked
        outcome, reason = ("SUCCESS", None) if overtaken else ("CANCELLED", "MCH_CANCEL")
        if fault and fault.kind == "cancelled":
            enter(world, found, outcome, now, reason=reason)
        else:
            enter(world, found, "CANCELING", now)
            found.due_at, found.then, found.then_reason = now + timedelta(seconds=seconds), outcome, reason
    elif found.state not in ("CANCELING", "CANCELLED"):
        raise PayRefusal(400, "INVALID_REQUEST", "转账单当前状态不支持撤销")
    names = ("out_bill_no", "transfer_bill_no", "state", "update_time")
    whole = shown(found)
    return {name: whole[name] for name in names}


def _find(world: World, merchant: Merchant, number: str, by: str) -> Transfer:
    if by == "out_bill_no":
        found = world.transfers.get((merchant.mchid, number))
    else:
        mine = (t for t in world.transfers.values() if t.mchid == merchant.mchid)
        found = next((t for t in mine if t.transfer_bill_no == number), None)
    if found is None or world.clock.now() > found.created_at + KNOWN_FOR:
        raise PayRefusal(404, "NOT_FOUND", "转账单不存在")
    return found


def enter(world: World, transfer: Transfer, state: str, at: datetime, *, reason: str | None = None) -> None:
    """The transfer comes into ``state``."""
    transfer.state, transfer.changed_at, transfer.due_at, transfer.fail_reason = state, at, None, reason
    if state == "WAIT_USER_CONFIRM":
        transfer.package = world.letters(64) + "=="
        transfer.package_until = at + CONFIRM_TIME
        transfer.due_at = transfer.package_until + timedelta(seconds=transfer.closing_lag)
        transfer.then, transfer.then_reason = "FAIL", "OVERDUE_CLOSE"
    if transfer.over:
        account(world, transfer.mchid).settle(transfer, at)
        world.running_transfers.remove(transfer)
        world.finished_transfers.append(transfer)


def _lock(world: World, transfer: Transfer, at: datetime) -> None:
    if account(world, transfer.mchid).lock(transfer, at):
        enter(world, transfer, "WAIT_USER_CONFIRM", at)
    else:
        enter(world, transfer, "PROCESSING", at)


def advance_due(world: World) -> None:
    """Let those transfers go on whose time has come, the earliest first."""
    now = world.clock.now()
    while due := [(t.due_at, t) for t in world.running_transfers if t.due_at and t.due_at <= now]:
        at, transfer = min(due, key=lambda each: each[0])
        if transfer.then == LOCK:
            _lock(world, transfer, at)
        else:
            enter(world, transfer, transfer.then, at, reason=transfer.then_reason)


def _offered(transfer: Transfer) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "out_bill_no": transfer.out_bill_no,
        "transfer_bill_no": transfer.transfer_bill_no,
        "create_time": rfc3339(transfer.created_at),
        "state": transfer.state,
    }
    if transfer.state == "WAIT_USER_CONFIRM":
        answer["package_info"] = transfer.package
    return answer | ({"fail_reason": transfer.fail_reason} if transfer.fail_reason else {})


def shown(transfer: Transfer) -> dict[str, Any]:
    """The transfer as a query shows it."""
    answer = resource(transfer)
    return answer | {"appid": transfer.appid, "transfer_remark": transfer.body["transfer_remark"]}


def resource(transfer: Transfer) -> dict[str, Any]:
    """The transfer as a notification shows it."""
    told: dict[str, Any] = {
        "out_bill_no": transfer.out_bill_no,
        "transfer_bill_no": transfer.transfer_bill_no,
        "state": transfer.state,
        "mch_id": transfer.mchid,
        "transfer_amount": transfer.amount,
        "openid": transfer.openid,
        "create_time": rfc3339(transfer.created_at),
        "update_time": rfc3339(transfer.changed_at),
    }
    return told | ({"fail_reason": transfer.fail_reason} if transfer.fail_reason else {})
