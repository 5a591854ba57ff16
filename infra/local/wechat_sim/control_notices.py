"""The control API's acts on notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.wechat_sim import confirmation, orders
from infra.local.wechat_sim.notices import ACKNOWLEDGED, VARIANTS, Attempt, Notice
from infra.local.wechat_sim.refusal import ControlRefusal
from infra.local.wechat_sim.world import Refund

if TYPE_CHECKING:
    from infra.local.wechat_sim.app import Simulator
    from infra.local.wechat_sim.control import Asked


def _shown_notice(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "mchid": notice.mchid,
        "url": notice.url,
        "event_type": notice.event_type,
        "out_trade_no": notice.out_trade_no,
        "out_bill_no": notice.out_bill_no,
        "due_at": notice.due_at.isoformat() if notice.due_at else None,
        "acknowledged": notice.acknowledged,
        "attempts": [shown_attempt(attempt) for attempt in notice.attempts],
    }


def shown_attempt(attempt: Attempt) -> dict[str, Any]:
    """One delivery and its answer, for people."""
    status, answer = attempt.answer or (None, b"")
    return {
        "at": attempt.at.isoformat(),
        "kind": attempt.kind,
        "headers": attempt.headers,
        "body": attempt.body.decode(),
        "status": status,
        "answer": answer.decode(errors="replace"),
    }


def notifications(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """GET notifications: all that were made, and what came of each attempt."""
    order, transfer = asked.get("out_trade_no"), asked.get("out_bill_no")
    found = [n for n in sim.notices.all if order in (None, n.out_trade_no) and transfer in (None, n.out_bill_no)]
    return 200, {"notifications": [_shown_notice(notice) for notice in found]}


def notify(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST notify: one notification now, good or wrong in the way of ``variant``."""
    variant = asked.get("variant", "good")
    if variant not in VARIANTS:
        raise ControlRefusal(400, f"no such variant; known: {sorted(VARIANTS)}")
    with sim.lock:
        sim.settle()
        notice = _wanted(sim, asked, variant)
        parcel = sim.notices.parcel(notice, variant, field=asked.get("field", "amount"))
    answer = sim.deliver(asked.get("url", notice.url), parcel.headers, parcel.body)
    with sim.lock:
        notice.attempts.append(Attempt(sim.clock.now(), variant, parcel.headers, parcel.body, answer))
        if variant == "good" and answer and answer[0] in ACKNOWLEDGED and "url" not in asked:
            notice.acknowledged, notice.due_at = True, None
    status, body = answer or (None, b"")
    return 200, {"status": status, "body": body.decode(errors="replace"), "sent_headers": parcel.headers}


def _wanted(sim: Simulator, asked: Asked, variant: str) -> Notice:
    if "out_bill_no" in asked:
        transfer = confirmation.named(sim.world, str(asked["out_bill_no"]), asked.get("mchid"))
        return sim.notices.about_transfer(transfer, variant)
    order = orders.named(sim.world, str(asked["out_trade_no"]), asked.get("mchid"))
    refund: Refund | None = None
    if "out_refund_no" in asked:
        refund = sim.world.refunds[order.mchid, asked["out_refund_no"]]
    return sim.notices.about(order, refund, variant)


def flush(sim: Simulator, number: str, asked: Asked) -> tuple[int, dict[str, Any]]:
    """POST flush: all that are due."""
    told = sim.flush()
    with sim.lock:
        return 200, {"delivered": [_shown_notice(notice) for notice in told]}
