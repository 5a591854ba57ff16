"""The control API under ``/_sim/``: set the scene, act as the user, move time, break things, look inside."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from infra.local.wechat_sim import bill, crypto, login, orders, refunds, tokens
from infra.local.wechat_sim.clock import BEIJING, rfc3339
from infra.local.wechat_sim.notices import ACKNOWLEDGED, VARIANTS, Attempt, Notice
from infra.local.wechat_sim.refusal import ControlRefusal
from infra.local.wechat_sim.world import Merchant, Order, Refund

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
    number, mchid = str(asked["out_trade_no"]), asked.get("mchid")
    found = [o for (m, n), o in sim.world.orders.items() if n == number and mchid in (None, m)]
    if len(found) != 1:
        raise ControlRefusal(404 if not found else 409, "no such order" if not found else "say which mchid")
    return found[0]


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


def _shown_notice(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "mchid": notice.mchid,
        "url": notice.url,
        "event_type": notice.event_type,
        "out_trade_no": notice.out_trade_no,
        "due_at": notice.due_at.isoformat() if notice.due_at else None,
        "acknowledged": notice.acknowledged,
        "attempts": [_shown_attempt(attempt) for attempt in notice.attempts],
    }


def _shown_attempt(attempt: Attempt) -> dict[str, Any]:
    status, answer = attempt.answer or (None, b"")
    return {
        "at": attempt.at.isoformat(),
        "kind": attempt.kind,
        "headers": attempt.headers,
        "body": attempt.body.decode(),
        "status": status,
        "answer": answer.decode(errors="replace"),
    }


def _notifications(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    wanted = asked.get("out_trade_no")
    return 200, {"notifications": [_shown_notice(n) for n in sim.notices.all if wanted in (None, n.out_trade_no)]}


def _notify(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    variant = asked.get("variant", "good")
    if variant not in VARIANTS:
        raise ControlRefusal(400, f"no such variant; known: {sorted(VARIANTS)}")
    with sim.lock:
        sim.settle()
        order = _order(sim, asked)
        refund: Refund | None = None
        if "out_refund_no" in asked:
            refund = sim.world.refunds[order.mchid, asked["out_refund_no"]]
        notice = sim.notices.about(order, refund, variant)
        parcel = sim.notices.parcel(notice, variant, field=asked.get("field", "amount"))
    answer = sim.deliver(asked.get("url", notice.url), parcel.headers, parcel.body)
    with sim.lock:
        notice.attempts.append(Attempt(sim.clock.now(), variant, parcel.headers, parcel.body, answer))
        if variant == "good" and answer and answer[0] in ACKNOWLEDGED and "url" not in asked:
            notice.acknowledged, notice.due_at = True, None
    status, body = answer or (None, b"")
    return 200, {"status": status, "body": body.decode(errors="replace"), "sent_headers": parcel.headers}


def _flush(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    told = sim.flush()
    with sim.lock:
        return 200, {"delivered": [_shown_notice(notice) for notice in told]}


def _bill(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any] | bytes]:
    merchant = sim.world.merchants.get(asked["mchid"])
    if merchant is None:
        raise ControlRefusal(404, "no such merchant")
    today = sim.clock.now().astimezone(BEIJING).date()
    day = date.fromisoformat(asked["date"]) if "date" in asked else today
    return 200, bill.file(sim.world, merchant, day, asked.get("bill_type", "ALL")) or b""


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
    ("GET", "notifications"): _notifications,
    ("POST", "notify"): _notify,
    ("POST", "flush"): _flush,
    ("GET", "bill"): _bill,
}
UNLOCKED = (_notify, _flush)
"""Acts that wait for the merchant's answer, during which the merchant asks us in turn."""


def _route(method: str, path: str) -> tuple[Act, str]:
    name = path.removeprefix(PREFIX)
    found = re.fullmatch(r"orders/([^/]+)", name)
    act = ROUTES.get((method, "orders/*" if found else name))
    if act is None:
        raise ControlRefusal(404, f"no such control call; known: {sorted(f'{m} {PREFIX}{n}' for m, n in ROUTES)}")
    return act, found.group(1) if found else ""
