"""Packets as they are stored, as they are shown, and as the model has them, in the same words."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from chalicelib.campaigns.gifts import ESCROWS
from chalicelib.campaigns.items import StockShard
from chalicelib.core import clock
from chalicelib.core.outbox import OutboxEntry
from chalicelib.orders.follows import FOLLOWS
from chalicelib.redpacket import items
from chalicelib.rewards.give import coupon_of
from chalicelib.rewards.items import LOCKED, Account, Coupon, Posted
from tests.orders.model import Stored
from tests.redpacket import worth
from tests.redpacket.known import Act, Packet
from tests.redpacket.model import Model
from tests.town import Town

SHOWN = {
    "counted": "counted",
    "owed": "on_its_way",
    "granted": "granted",
    "clawed": "taken_back",
    "held": "checking",
}


class Observed(Stored):
    """What is stored, in the model's words."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.packets = [packet for packet in self.items if isinstance(packet, items.Packet)]
        self.acts = [act for act in self.items if isinstance(act, items.Act)]
        self.limits = [limit for limit in self.items if isinstance(limit, items.Limit)]

    def told(self) -> dict[str, Any]:
        accounts = [account for account in self.items if isinstance(account, Account)]
        return {
            "budgets": self._budgets(),
            "packets": {
                str(p.rid): (
                    (p.status.value, p.uid, p.order, p.n, p.held, p.granted),
                    (p.res, p.spent, sum(drawn.units for drawn in p.drawn)),
                    (p.expires_at, p.due),
                )
                for p in self.packets
            },
            "acts": {(str(a.rid), str(a.uid)): _act(a) for a in self.acts},
            "orders": {k: (o.state.value, self.money.get(k), o.deadline) for k, o in self.orders.items()},
            "untold": sorted((e.payload["oid"], event_of(e)) for e in self._of(OutboxEntry, "effect", FOLLOWS)),
            "limits": {
                (n.sk.split("#", 1)[1], n.pk.split("#", 1)[1]): (
                    *(n.starts or 0, n.active or 0, n.helps or 0),
                    *(n.day, n.today or 0, n.helped or []),
                )
                for n in self.limits
            },
            "accounts": {
                (str(a.uid), a.currency.value): (a.balance, a.debt or 0) for a in accounts if a.balance or a.debt
            },
            "coupons": {(str(c.uid), c.coupon_id): _piece(c) for c in self.items if isinstance(c, Coupon)},
            "moved": self._moved(),
        }

    def _of(self, kind: type[Any], name: str, value: str) -> list[Any]:
        return [item for item in self.items if isinstance(item, kind) and getattr(item, name) == value]

    def _budgets(self) -> dict[str, int]:
        left = Counter[str]()
        for shard in self.items:
            if isinstance(shard, StockShard) and shard.pk.split("#")[3] in ESCROWS.values():
                left[shard.cid] += shard.left
        return dict(left)

    def _moved(self) -> dict[tuple[str, str], int]:
        moved = Counter[tuple[str, str]]()
        for item in self.items:
            for leg in item.all_legs if isinstance(item, Posted) else ():
                moved[leg.account, leg.currency.value] += leg.amount
        return _some(moved)


def event_of(entry: OutboxEntry) -> str:
    """What an order did, or the number of what went back of it, as its followers will hear."""
    return "confirmed" if entry.payload["event"] == "confirmed" else entry.number.rsplit("-", 1)[1]


def _act(act: items.Act) -> tuple[Any, ...]:
    claim = act if isinstance(act, items.Claim) else None
    back = sum(leg.amount for leg in claim.back or [] if leg.amount > 0) if claim else 0
    worth = (claim.friend, claim.own, back, claim.debt) if claim else (None, None, 0, None)
    return act.state.value, act.day, act.slot, act.due, worth


def _piece(coupon: Coupon) -> str:
    if (taken := coupon.taken(0)) is not None:
        return worth.LOCKED if taken.startswith(LOCKED) else worth.USED
    return worth.INVALID if coupon.invalid_at else worth.FREE


def _some(counted: Counter[tuple[str, str]]) -> dict[tuple[str, str], int]:
    return {key: number for key, number in counted.items() if number}


def told(model: Model) -> dict[str, Any]:
    return {
        "budgets": model.budgets,
        "packets": {
            k: (
                (p.status, p.user, p.order, p.n, p.held, p.granted),
                (p.res, p.spent, p.res + p.spent),
                (p.expires, p.due),
            )
            for k, p in model.packets.items()
        },
        "acts": {
            k: (a.state, a.day.isoformat(), a.slot, a.due, (a.friend, a.own, a.back, a.debt))
            for k, a in model.acts.items()
        },
        "orders": {k: (o.state, o.money, o.deadline) for k, o in model.orders.items()},
        "untold": sorted(model.untold),
        "limits": {
            k: (n.starts, n.active, n.helps, n.day and n.day.isoformat(), n.today, n.helped)
            for k, n in model.limits.items()
            if n.starts or n.day
        },
        "accounts": {k: (a.balance, a.debt) for k, a in model.accounts.items() if a.balance or a.debt},
        "coupons": {(user, coupon_of(given)): state for (user, given), state in model.coupons.items()},
        "moved": _some(model.moved),
    }


def card(model: Model, rid: str) -> dict[str, Any]:
    """What everybody is told of a packet."""
    packet, terms = model.packets[rid], model.of(rid)
    return {
        "kind": terms.kind,
        "status": packet.status,
        "need": terms.size,
        "have": packet.n,
        "left": terms.size - packet.n,
        "ends_at": packet.expires,
    }


def record(model: Model, rid: str) -> dict[str, Any]:
    """What its merchant is told."""
    packet = model.packets[rid]
    return {
        **card(model, rid),
        "owner_id": packet.user,
        "order_id": packet.order,
        "held": packet.held,
        "granted": packet.granted,
        "currency": model.of(rid).currency,
        "reserved": packet.res,
        "spent": packet.spent,
        "acts": {user: _recorded(act) for (where, user), act in model.acts.items() if where == rid},
    }


def _recorded(act: Act) -> tuple[Any, ...]:
    slot = None if act.slot is None else act.slot + 1
    return act.state, slot, act.friend, act.own, act.debt, act.due if act.state == "held" else None


def page(model: Model, rid: str, user: str, now: datetime) -> dict[str, Any]:
    """What a user is told."""
    packet, terms, act = model.packets[rid], model.of(rid), model.acts.get((rid, user))
    own = packet.user == user
    refused = None if own else model.forbids(user, rid, now)
    may = not own and refused is None
    reached = terms.reached(packet.n)
    return {
        **card(model, rid),
        "mine": own,
        "next": _next(model, rid, packet),
        "nodes": [(*node, k < reached, k < packet.granted) for k, node in enumerate(terms.nodes)],
        "takers": [friend for friend, _ in terms.shares[: packet.n]] if terms.shares else [None] * packet.n,
        "gained": (_gained(model, rid) or None) if own else None,
        "order_id": packet.order if own else None,
        "my_act": act and (SHOWN.get(act.state, "not_counted"), act.friend),
        "may_help": may and terms.kind == "unlock",
        "may_claim": may and terms.kind != "unlock",
        "why_not": refused,
        "help_ticket": may,
    }


def _next(model: Model, rid: str, packet: Packet) -> tuple[int | None, int | None] | None:
    """What the next tap gives whoever taps, and the owner."""
    terms = model.of(rid)
    if packet.n == terms.size:
        return None
    if terms.nodes:
        return None, terms.nodes[terms.reached(packet.n)][1]
    friend, own = terms.shares[packet.n]
    return friend, own or None


def _gained(model: Model, rid: str) -> int:
    packet, terms = model.packets[rid], model.of(rid)
    return sum(more for _, more in terms.nodes[: packet.granted]) + sum(own for _, own in terms.shares[: packet.n])


def record_shown(body: dict[str, Any]) -> dict[str, Any]:
    """The merchant's answer, in the words of `record`."""
    plain = ("owner_id", "order_id", "held", "granted", "currency", "reserved", "spent")
    acts = {
        a["user_id"]: (
            *(a["state"], a["slot"], a["friend_amount"], a["own_amount"], a["debt"]),
            _instant(a["passes_at"]),
        )
        for a in body["acts"]
    }
    return {**card_shown(body["packet"]), **{name: body[name] for name in plain}, "acts": acts}


def page_shown(body: dict[str, Any]) -> dict[str, Any]:
    """A user's answer, in the words of `page`."""
    tap, mine = body["next"], body["my_act"]
    return {
        **card_shown(body),
        **{name: body[name] for name in ("mine", "order_id", "may_help", "may_claim")},
        "next": tap and (_worth(tap["you"]), _worth(tap["owner"])),
        "nodes": [(n["friends"], _worth(n["gives"]), n["reached"], n["granted"]) for n in body["nodes"]],
        "takers": [_worth(taker["got"]) for taker in body["takers"]],
        "gained": _worth(body["gained"]),
        "my_act": mine and (mine["state"], _worth(mine["got"])),
        "why_not": body["why_not"] and body["why_not"]["code"],
        "help_ticket": body["help_ticket"] is not None,
    }


def card_shown(body: dict[str, Any]) -> dict[str, Any]:
    """A card that was answered, in the words of `card`."""
    plain = {name: body[name] for name in ("kind", "status", "need", "have", "left")}
    return {**plain, "ends_at": _instant(body["ends_at"])}


def _worth(shown: dict[str, Any] | None) -> int | None:
    return shown["amount"] if shown else None


def _instant(text: str | None) -> datetime | None:
    return clock.parse(text) if text else None
