"""A bargain as it is stored, as it is shown, and as the model has it, in the same words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.bargain import items
from chalicelib.campaigns.items import StockShard
from chalicelib.campaigns.kinds.bargain import BUDGET
from chalicelib.core import clock
from tests.bargain.model import LIVE, Model
from tests.orders.model import Stored
from tests.town import Town

SHOWN = {"counted": "counted", "held": "checking"}


class Observed(Stored):
    """What is stored, in the model's words."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.bargains = [bargain for bargain in self.items if isinstance(bargain, items.Bargain)]
        self.helps = [given for given in self.items if isinstance(given, items.Help)]
        self.limits = {limit.pk.split("#", 1)[1]: limit for limit in self.items if isinstance(limit, items.Limit)}
        self.shards = [shard for shard in self.items if isinstance(shard, StockShard)]

    def told(self) -> dict[str, Any]:
        return {
            "stock": sum(shard.left for shard in self.shards if BUDGET not in shard.pk),
            "budget": sum(shard.left for shard in self.shards if BUDGET in shard.pk),
            "bargains": {
                str(b.bid): (
                    (b.status.value, b.helps, b.held, b.buys or 0, b.order, b.to_close is not None),
                    (b.expires_at, b.claim_until, b.due),
                    (sum(drawn.units for drawn in b.units), sum(drawn.units for drawn in b.escrow)),
                )
                for b in self.bargains
            },
            "helps": {(str(h.bid), str(h.uid)): (h.state.value, h.slot, h.day, h.due) for h in self.helps},
            "orders": {k: (o.state.value, self.money.get(k), o.total_fen, o.deadline) for k, o in self.orders.items()},
            "limits": {
                k: (n.starts or 0, n.active or 0, n.helps or 0, n.day, n.today or 0, n.helped or [])
                for k, n in self.limits.items()
            },
        }


def told(model: Model) -> dict[str, Any]:
    return {
        "stock": model.stock,
        "budget": model.budget,
        "bargains": {
            k: (
                (b.status, b.helps, b.held, b.buys, b.order, b.to_close),
                (b.expires, b.claim, b.due),
                (b.units, b.escrow),
            )
            for k, b in model.bargains.items()
        },
        "helps": {k: (h.state, h.slot, h.day.isoformat(), h.due) for k, h in model.helps.items()},
        "orders": {k: (o.state, o.money, o.price, o.deadline) for k, o in model.orders.items()},
        "limits": {
            k: (n.starts, n.active, n.helps, n.day and n.day.isoformat(), n.today, n.helped)
            for k, n in model.limits.items()
            if n.starts or n.day
        },
    }


def card(model: Model, bid: str, now: datetime) -> dict[str, Any]:
    """What everybody is told of a bargain."""
    bargain, parts = model.bargains[bid], model.terms.parts
    return {
        "status": bargain.status,
        "need": parts,
        "have": bargain.helps,
        "left": parts - bargain.helps,
        "price_fen": model.price(bid),
        "ends_at": model.ends(bid, now),
        "claim_until": bargain.claim,
    }


def record(model: Model, bid: str, now: datetime) -> dict[str, Any]:
    """What its merchant is told."""
    bargain = model.bargains[bid]
    return {
        **card(model, bid, now),
        "held": bargain.held,
        "reserved_fen": bargain.escrow if bargain.status in LIVE else 0,
        "spent_fen": bargain.escrow if bargain.status == "bought" else 0,
        "closing": bargain.to_close and bargain.status == "ordering",
        "order_id": bargain.order,
        "helps": {
            user: (given.state, None if given.slot is None else given.slot + 1, given.due)
            for (where, user), given in model.helps.items()
            if where == bid
        },
    }


def page(model: Model, bid: str, user: str, now: datetime) -> dict[str, Any]:
    """What a user is told."""
    bargain, given = model.bargains[bid], model.helps.get((bid, user))
    own = bargain.user == user
    refused = model.forbids_buy(bid, now) if own else model.forbids_help(user, bid, now)
    cuts = model.terms.slots[int(model.terms.self_cut) : bargain.helps]
    return {
        **card(model, bid, now),
        "slots": [{"cut_fen": cut, "taken": n < bargain.helps} for n, cut in enumerate(model.terms.slots)],
        "helps": cuts,
        "mine": own,
        "my_help": given and SHOWN.get(given.state, "not_counted"),
        "order_id": bargain.order if own else None,
        "may_help": not own and refused is None,
        "may_buy": own and refused is None,
        "why_not": refused,
        "help_ticket": not own and refused is None,
    }


def record_shown(body: dict[str, Any]) -> dict[str, Any]:
    """The merchant's answer, in the words of `record`."""
    helps = {h["user_id"]: (h["state"], h["slot"], _instant(h["passes_at"])) for h in body["helps"]}
    wanted = ("held", "reserved_fen", "spent_fen", "closing", "order_id")
    return {**card_shown(body["bargain"]), **{name: body[name] for name in wanted}, "helps": helps}


def page_shown(body: dict[str, Any]) -> dict[str, Any]:
    """A user's answer, in the words of `page`."""
    wanted = ("slots", "mine", "order_id", "may_help", "may_buy")
    return {
        **card_shown(body),
        **{name: body[name] for name in wanted},
        "helps": [helper["cut_fen"] for helper in body["helps"]],
        "my_help": body["my_help"] and body["my_help"]["state"],
        "why_not": body["why_not"] and body["why_not"]["code"],
        "help_ticket": body["help_ticket"] is not None,
    }


def card_shown(body: dict[str, Any]) -> dict[str, Any]:
    """A card that was answered, in the words of `card`."""
    plain = {name: body[name] for name in ("status", "need", "have", "left", "price_fen")}
    return {**plain, "ends_at": _instant(body["ends_at"]), "claim_until": _instant(body["claim_until"])}


def _instant(text: str | None) -> datetime | None:
    return clock.parse(text) if text else None
