"""The page on which a user confirms a transfer, and everything else that ends one from WeChat's side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from infra.local.wechat_sim import transfers
from infra.local.wechat_sim.operations import Transfer
from infra.local.wechat_sim.refusal import ControlRefusal
from infra.local.wechat_sim.world import World

FAIL_REASONS = frozenset(
    {
        "ACCOUNT_FROZEN",
        "ACCOUNT_NOT_EXIST",
        "DAY_RECEIVED_COUNT_EXCEED",
        "DAY_RECEIVED_QUOTA_EXCEED",
        "ID_CARD_NOT_CORRECT",
        "MERCHANT_REJECT",
        "NAME_NOT_CORRECT",
        "OPENID_INVALID",
        "OTHER_FAIL_REASON_TYPE",
        "OVERDUE_CLOSE",
        "PAYEE_ACCOUNT_ABNORMAL",
        "PAYER_ACCOUNT_ABNORMAL",
        "PRODUCT_AUTH_CHECK_FAIL",
        "REALNAME_ACCOUNT_RECEIVED_QUOTA_EXCEED",
        "REAL_NAME_CHECK_FAIL",
        "RECEIVE_ACCOUNT_NOT_CONFIGURE",
        "TRANSFER_QUOTA_EXCEED",
        "TRANSFER_REMARK_SET_FAIL",
        "TRANSFER_RISK",
        "TRANSFER_SCENE_INVALID",
        "TRANSFER_SCENE_UNAVAILABLE",
    }
)


def named(world: World, number: str, mchid: str | None) -> Transfer:
    """The one transfer of that number, of that merchant where one is named. Raises `ControlRefusal`."""
    found = [t for (m, n), t in world.transfers.items() if n == number and mchid in (None, m)]
    if len(found) != 1:
        raise ControlRefusal(404 if not found else 409, "no such transfer" if not found else "say which mchid")
    return found[0]


def asked(world: World, params: Mapping[str, str]) -> Transfer:
    """The transfer that the arguments of wx.requestMerchantTransfer open, after the check of the WeChat client."""
    if not {"mchId", "appId", "package"} <= set(params) <= {"mchId", "appId", "package", "openId"}:
        raise ControlRefusal(409, "wrong arguments of wx.requestMerchantTransfer")
    package = params["package"]
    found = next((t for t in world.transfers.values() if t.package and t.package == package), None)
    if found is None:
        raise ControlRefusal(404, "no such package")
    if (params["mchId"], params["appId"]) != (found.mchid, found.appid):
        raise ControlRefusal(409, "the package is of another merchant or mini-program")
    if params.get("openId", found.openid) != found.openid:
        raise ControlRefusal(409, "你的微信号与商家指定的微信号不一致")
    return found


def confirm(world: World, transfer: Transfer, openid: str | None, *, reason: str | None, seconds: float) -> None:
    """The user taps "收款". Raises `ControlRefusal` when WeChat would not let him.

    With a ``reason`` it fails; with ``seconds`` that is known only so much later, until when he may tap again.
    """
    now = world.clock.now()
    if transfer.state not in ("WAIT_USER_CONFIRM", "TRANSFERING"):
        raise ControlRefusal(409, f"transfer is {transfer.state}")
    if openid is not None and openid != transfer.openid:
        raise ControlRefusal(409, "你的微信号与商家指定的微信号不一致")
    waiting = transfer.state == "WAIT_USER_CONFIRM"
    if waiting and transfer.package_until and now >= transfer.package_until:
        raise ControlRefusal(409, "the package is older than 24 hours")
    real_name = world.openids[transfer.appid, transfer.openid].real_name
    if transfer.user_name and real_name and transfer.user_name != real_name:
        reason = "NAME_NOT_CORRECT"
    outcome = "FAIL" if _known(reason) else "SUCCESS"
    if seconds > 0:
        transfers.enter(world, transfer, "TRANSFERING", now)
        transfer.due_at, transfer.then, transfer.then_reason = now + timedelta(seconds=seconds), outcome, reason
    else:
        transfers.enter(world, transfer, outcome, now, reason=reason)


def fail(world: World, transfer: Transfer, reason: str) -> None:
    """WeChat ends it, whatever it is doing. Raises `ControlRefusal` where it is over."""
    if transfer.over:
        raise ControlRefusal(409, f"transfer is {transfer.state}")
    _known(reason)
    transfers.enter(world, transfer, "FAIL", world.clock.now(), reason=reason)


def _known(reason: str | None) -> bool:
    if reason is not None and reason not in FAIL_REASONS:
        raise ControlRefusal(400, f"no such fail_reason; known: {sorted(FAIL_REASONS)}")
    return reason is not None
