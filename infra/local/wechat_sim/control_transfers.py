"""The control API's acts on transfers and on the account that pays them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.wechat_sim import confirmation, login, transfers
from infra.local.wechat_sim.operations import Operations, Transfer
from infra.local.wechat_sim.refusal import ControlRefusal
from infra.local.wechat_sim.transfer_fields import SCENES

if TYPE_CHECKING:
    from infra.local.wechat_sim.app import Simulator
    from infra.local.wechat_sim.control import Asked


def _shown(transfer: Transfer) -> dict[str, Any]:
    return transfers.shown(transfer) | {
        "package_info": transfer.package,
        "due_at": transfer.due_at.isoformat() if transfer.due_at else None,
        "user_name": transfer.user_name,
        "body": transfer.body,
    }


def all_transfers(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """GET transfers: all, or those of ``mchid``, or that of ``out_bill_no``."""
    mchid, wanted = asked.get("mchid"), asked.get("out_bill_no")
    found = [t for (m, n), t in sim.world.transfers.items() if mchid in (None, m) and wanted in (None, n)]
    return 200, {"transfers": [_shown(transfer) for transfer in found]}


def confirm(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST confirm-transfer: ``name`` (else the right user) confirms what ``params`` or ``out_bill_no`` names."""
    world = sim.world
    if "params" in asked:
        found = confirmation.asked(world, asked["params"])
    else:
        found = confirmation.named(world, str(asked["out_bill_no"]), asked.get("mchid"))
    who = login.openid(world, found.appid, login.user(world, asked["name"])) if "name" in asked else None
    reason, seconds = asked.get("fail_reason"), float(asked.get("seconds", 0))
    confirmation.confirm(world, found, who, reason=reason, seconds=seconds)
    sim.settle()
    return 200, _shown(found)


def fail(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST fail-transfer: it ends with ``fail_reason``, whatever it is doing."""
    found = confirmation.named(sim.world, str(asked["out_bill_no"]), asked.get("mchid"))
    confirmation.fail(sim.world, found, asked["fail_reason"])
    sim.settle()
    return 200, _shown(found)


def _shown_account(account: Operations) -> dict[str, Any]:
    return {"available": account.available, "locked": account.locked, "paid": account.paid}


def _account(sim: Simulator, asked: Asked) -> Operations:
    if asked["mchid"] not in sim.world.merchants:
        raise ControlRefusal(404, "no such merchant")
    return transfers.account(sim.world, asked["mchid"])


def balance(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """GET operations: what the account of ``mchid`` has, in fen."""
    return 200, _shown_account(_account(sim, asked))


def top_up(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST operations: ``fen`` more for ``mchid``, or less."""
    account, fen = _account(sim, asked), asked["fen"]
    if type(fen) is not int or fen == 0 or account.available + fen < 0:
        raise ControlRefusal(400, "fen is a whole number, not zero, and no more goes out than there is")
    account.top_up(fen, sim.clock.now())
    return 201, _shown_account(account)


def scenes(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST scenes: the transfer scenes that ``mchid`` has; 1000 alone where nothing was said."""
    _account(sim, asked)
    unknown = set(asked["scenes"]) - set(SCENES)
    if unknown:
        raise ControlRefusal(400, f"no such scenes: {sorted(unknown)}; known: {sorted(SCENES)}")
    sim.world.scenes[asked["mchid"]] = tuple(asked["scenes"])
    return 201, {"scenes": sorted(asked["scenes"])}


def real_name(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST real-names: the ``real_name`` that WeChat knows of ``name``; it is checked where a transfer has one."""
    login.user(sim.world, asked["name"]).real_name = str(asked["real_name"])
    return 201, {}


ROUTES = {
    ("GET", "transfers"): all_transfers,
    ("POST", "confirm-transfer"): confirm,
    ("POST", "fail-transfer"): fail,
    ("GET", "operations"): balance,
    ("POST", "operations"): top_up,
    ("POST", "scenes"): scenes,
    ("POST", "real-names"): real_name,
}
