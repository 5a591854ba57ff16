"""The control API under ``/_sim/``: set the scene, act as the user, move time, break things, look inside."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from infra.local.wechat_sim import (
    bill,
    control_cards,
    control_codes,
    control_messages,
    control_notices,
    control_push,
    control_transfers,
    control_users,
    crypto,
    fund_flow,
    login,
    orders,
    refunds,
    shipping,
    tokens,
)
from infra.local.wechat_sim.clock import BEIJING, rfc3339
from infra.local.wechat_sim.refusal import ControlRefusal
from infra.local.wechat_sim.world import Difference, Merchant, Order, Shipment

if TYPE_CHECKING:
    from infra.local.wechat_sim.app import Simulator

PREFIX = "/_sim/"
Asked = Mapping[str, Any]
Act = Callable[["Simulator", str, Asked], "tuple[int, dict[str, Any] | bytes]"]


def handle(
    sim: Simulator, method: str, path: str, params: dict[str, str], body: bytes
) -> tuple[int, dict[str, str], bytes]:
    """One control call; ``asked`` of the acts is the query and the JSON body together."""
    answer: dict[str, Any] | bytes
    try:
        act, number = _route(method, path)
        asked = {**params, **(_document(body) if body else {})}
        if act in UNLOCKED:
            status, answer = act(sim, number, asked)
        else:
            with sim.lock:
                sim.settle()
                status, answer = act(sim, number, asked)
    except ControlRefusal as refusal:
        status, answer = refusal.status, {"error": refusal.error}
    except KeyError as missing:
        status, answer = 400, {"error": f"missing {missing.args[0]}"}
    except (TypeError, ValueError) as wrong:
        status, answer = 400, {"error": str(wrong)}
    if isinstance(answer, bytes):
        return status, {"Content-Type": "text/csv; charset=utf-8"}, answer
    return status, {"Content-Type": "application/json"}, json.dumps(answer, ensure_ascii=False).encode()


def _document(body: bytes) -> dict[str, Any]:
    sent = json.loads(body)
    if not isinstance(sent, dict):
        raise ValueError("not a JSON object")
    return sent


def _merchant(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    if len(str(asked["apiv3_key"]).encode()) != 32:
        raise ControlRefusal(400, "apiv3_key has 32 characters")
    mchid, public_key = str(asked["mchid"]), crypto.read_public_key(asked["public_key"])
    known = sim.world.merchants.get(mchid)
    other = sim.world.app(asked["appid"])
    if other is not None and other.mchid != mchid:
        raise ControlRefusal(409, "this appid belongs to another merchant")
    made = Merchant(
        mchid=mchid,
        appid=asked["appid"],
        appsecret=asked["appsecret"],
        apiv3_key=asked["apiv3_key"],
        serial=asked["serial"],
        public_key=public_key,
        key=known.key if known else sim.world.new_key(),
        public_key_id=known.public_key_id if known else f"PUB_KEY_ID_01{mchid}{sim.world.letters(14, '0123456789')}",
    )
    sim.world.merchants[mchid] = made
    key = crypto.public_pem(made.key.public_key())
    return 201, {"wechatpay_public_key": key, "wechatpay_public_key_id": made.public_key_id}


def _user(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    blocked = bool(asked.get("blocked", False))
    who = login.user(sim.world, asked["name"], unionid=bool(asked.get("unionid", True)), blocked=blocked)
    apps = [m.appid for m in sim.world.merchants.values()]
    openids = {appid: login.openid(sim.world, appid, who) for appid in apps}
    return 201, {"name": who.name, "unionid": who.unionid, "openids": openids}


def _login_code(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    appid = asked["appid"]
    if sim.world.app(appid) is None:
        raise ControlRefusal(404, "no such appid")
    openid = asked.get("openid") or login.openid(sim.world, appid, login.user(sim.world, asked["name"]))
    return 201, {"code": login.new_code(sim.world, appid, openid), "openid": openid}


def _kill_token(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    tokens.kill(sim.world, asked["appid"])
    return 200, {}


def _order(sim: Simulator, asked: Asked) -> Order:
    return orders.named(sim.world, str(asked["out_trade_no"]), asked.get("mchid"))


def _wanted(sim: Simulator, asked: Asked) -> tuple[Order, str | None]:
    prepay_id = asked.get("prepay_id")
    if "params" in asked:
        prepay_id = orders.check_params(sim.world, asked["params"])
    if prepay_id is None:
        return _order(sim, asked), None
    if prepay_id not in sim.world.prepays:
        raise ControlRefusal(404, "no such prepay_id")
    return sim.world.prepays[prepay_id], prepay_id


def _pay(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    order, prepay_id = _wanted(sim, asked)
    orders.pay(sim.world, order, prepay_id, asked.get("openid"))
    if asked.get("notify", True):
        sim.notices.tell_payment(order)
    return 200, {"out_trade_no": order.out_trade_no, "transaction_id": order.transaction_id}


def _cancel(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    order, _ = _wanted(sim, asked)
    return 200, {"out_trade_no": order.out_trade_no, "state": order.state(sim.clock.now())}


def _shown_order(sim: Simulator, order: Order) -> dict[str, Any]:
    return orders.transaction(order, sim.clock.now()) | {
        "openid": order.openid,
        "payable_until": rfc3339(order.payable_until),
        "prepay_ids": list(order.prepay_ids),
        "refunds": [refunds.shown(r) for r in order.refunds],
    }


def _one_order(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    return 200, _shown_order(sim, _order(sim, {**asked, "out_trade_no": number}))


def _all_orders(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    mchid = asked.get("mchid")
    return 200, {"orders": [_shown_order(sim, o) for (m, _), o in sim.world.orders.items() if mchid in (None, m)]}


def _clock(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    sim.clock.advance(float(asked.get("advance_seconds", 0)))
    sim.settle()
    return 200, {"now": sim.clock.now().isoformat(), "offset_seconds": sim.clock.offset.total_seconds()}


def _add_fault(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    options = {name: asked[name] for name in ("count", "seconds", "after", "match", "field") if name in asked}
    sim.faults.add(asked["endpoint"], asked["kind"], **options)
    return 201, {"faults": sim.faults.pending()}


def _clear_faults(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    sim.faults.clear()
    return 200, {"faults": []}


def _list_faults(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    return 200, {"faults": sim.faults.pending()}


def _bill(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any] | bytes]:
    merchant = sim.world.merchants.get(asked["mchid"])
    if merchant is None:
        raise ControlRefusal(404, "no such merchant")
    today = sim.clock.now().astimezone(BEIJING).date()
    day = date.fromisoformat(asked["date"]) if "date" in asked else today
    return 200, bill.file(sim.world, merchant, day, asked.get("bill_type", "ALL")) or b""


def _differ(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    made = Difference(
        mchid=asked["mchid"],
        kind=asked["kind"],
        out_trade_no=asked.get("out_trade_no", ""),
        out_refund_no=asked.get("out_refund_no", ""),
        fen=asked.get("fen", 0),
        day=date.fromisoformat(asked["date"]) if "date" in asked else None,
        out_bill_no=asked.get("out_bill_no", ""),
    )
    (fund_flow if made.out_bill_no else bill).differ(sim.world, made)
    return 201, {"differences": len(sim.world.bill_differences)}


def _agree(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    sim.world.bill_differences.clear()
    return 200, {"differences": 0}


def _shown_shipment(mchid: str, order: Order, shipment: Shipment) -> dict[str, Any]:
    return {
        "mchid": mchid,
        "out_trade_no": order.out_trade_no,
        "order_state": shipping.order_state(order, shipment),
        "reshipped": shipment.reshipped,
        "uploads": [vars(upload) | {"at": upload.at.isoformat()} for upload in shipment.uploads],
        "special": shipment.special and vars(shipment.special),
    }


def _shipments(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    world, mchid = sim.world, asked.get("mchid")
    known = [(key, shipment) for key, shipment in world.shipments.items() if mchid in (None, key[0])]
    return 200, {"shipments": [_shown_shipment(key[0], world.orders[key], shipment) for key, shipment in known]}


def _receive(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    order = _order(sim, asked)
    state = shipping.receive(sim.world, order)
    sim.pushes.tell(order)
    return 200, {"order_state": state}


def _publish(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    day = date.fromisoformat(asked["date"])
    sim.world.published.add((str(asked["mchid"]), day))
    return 200, {"published": day.isoformat()}


def _ready(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    return 200, {"now": sim.clock.now().isoformat(), "merchants": sorted(sim.world.merchants)}


ROUTES: dict[tuple[str, str], Act] = {
    ("GET", "ready"): _ready,
    ("POST", "merchants"): _merchant,
    ("POST", "users"): _user,
    ("POST", "login-codes"): _login_code,
    ("POST", "tokens/kill"): _kill_token,
    ("POST", "pay"): _pay,
    ("POST", "cancel"): _cancel,
    ("GET", "orders"): _all_orders,
    ("GET", "orders/*"): _one_order,
    ("POST", "clock"): _clock,
    ("GET", "faults"): _list_faults,
    ("POST", "faults"): _add_fault,
    ("DELETE", "faults"): _clear_faults,
    ("GET", "notifications"): control_notices.notifications,
    ("POST", "notify"): control_notices.notify,
    ("POST", "flush"): control_notices.flush,
    ("GET", "bill"): _bill,
    ("POST", "bill/publish"): _publish,
    ("POST", "bill/differences"): _differ,
    ("DELETE", "bill/differences"): _agree,
    ("GET", "shipments"): _shipments,
    ("POST", "receive"): _receive,
    ("POST", "visits"): control_users.visit,
    ("POST", "ranks"): control_users.rank,
    ("POST", "words"): control_users.word,
    ("POST", "allowances"): control_users.allowance,
    ("GET", "checked"): control_users.checked,
    ("POST", "looks"): control_users.look,
    ("POST", "push"): control_push.address,
    ("GET", "pushes"): control_push.pushes,
    ("POST", "events"): control_push.event,
    **control_cards.ROUTES,
    **control_codes.ROUTES,
    **control_messages.ROUTES,
    **control_transfers.ROUTES,
}
UNLOCKED = (control_notices.notify, control_notices.flush, control_push.address, control_push.event)
"""Acts that wait for the merchant's answer, during which the merchant asks us in turn."""


def _route(method: str, path: str) -> tuple[Act, str]:
    name = path.removeprefix(PREFIX)
    found = re.fullmatch(r"orders/([^/]+)", name)
    act = ROUTES.get((method, "orders/*" if found else name))
    if act is None:
        raise ControlRefusal(404, f"no such control call; known: {sorted(f'{m} {PREFIX}{n}' for m, n in ROUTES)}")
    return act, found.group(1) if found else ""
