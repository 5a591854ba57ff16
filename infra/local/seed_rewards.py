"""The demo's documents that give something: what its orders bring, coupons, packets and invitations.

Each begins from the demo's group-buy and keeps its time, its host and its goods' name.
"""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]
"""A campaign's document."""

BUDGET = {"fen": 10_000_000, "points": 10_000_000}
"""So large that a day of walks does not look like a rush to the watch (`rewards.watch`)."""

TEN_OFF_FEN = 1000


def rewarding(offer: Document) -> Document:
    """The group-buy, whose orders bring a packet of two equal shares, both sides gaining, and a point for each yuan."""
    shares = [{"friend": 200, "own": 100}] * 2
    return {
        **offer,
        "rule_sheet": {
            **offer["rule_sheet"],
            "result": "成团后按拼团价发货。付款得两份红包，每份好友得 2 元、您得 1 元；每付 1 元得 1 积分。赠完即止。",
        },
        "after_order": {
            "packet": {"shares": shares, "form": {"as": "balance"}},
            "points_per_yuan": 1,
            "budget": BUDGET,
        },
    }


def demo_coupons(offer: Document) -> Document:
    """Ten yuan off of fifty, one for each user, ten thousand in all, good for thirty days."""
    return {
        **_like(offer),
        "kind": "coupon",
        "title": f"{_goods(offer)} 优惠券",
        "description": "领取后下单时使用。",
        "rule_sheet": _sheet(
            offer,
            rules_text="每人限领一张，商品满 50 元可用，下单时抵扣 10 元。",
            eligibility="所有用户均可领取。",
            result="领取后立即到账，有效期 30 天。",
            refund_terms="订单全额退款后券退回，有效期不变。",
        ),
        "coupon": {
            "title": "满 50 减 10",
            "off": {"kind": "amount", "fen": TEN_OFF_FEN},
            "threshold_fen": 5000,
        },
        "validity": {"kind": "after_claim", "days": 30},
        "total": 10_000,
        "share": {"title": f"领券买{_goods(offer)}"},
    }


def demo_unlock(offer: Document) -> Document:
    """A packet that friends help to open: ¥1 of balance for the first one, ¥2 more when there are three."""
    return {
        **_like(offer),
        "kind": "unlock",
        "title": f"{_goods(offer)} 好友一起拆",
        "description": "邀请好友一起拆，每一档金额固定并提前公示。",
        "rule_sheet": _sheet(
            offer,
            rules_text="发起后 24 小时内，1 位好友确认得 1 元余额，3 位好友确认再得 2 元余额。",
            eligibility="所有用户均可发起和参与，同一好友对同一红包只能参与一次。",
            result="达成后一分钟内到账，逾期未达成的部分不发放。先到先得，送完即止。",
            refund_terms="本活动不收取费用。",
        ),
        "nodes": [{"friends": 1, "amount": 100}, {"friends": 3, "amount": 200}],
        "form": {"as": "balance"},
        "budget": {"fen": BUDGET["fen"]},
        "share": {"title": "帮我拆红包"},
    }


def demo_invite(offer: Document) -> Document:
    """Points for a new friend who accepts, balance for his first order, and a welcome for him."""
    return {
        **_like(offer),
        "kind": "invite",
        "title": f"{_goods(offer)} 邀请新朋友",
        "description": "新朋友接受邀请、首次下单，双方都有奖励。",
        "rule_sheet": _sheet(
            offer,
            rules_text="从未在本店下单的好友接受邀请得 3 元优惠券；您得 50 积分，好友首次单独购买后您再得 5 元余额。",
            eligibility="所有用户均可邀请，从未在本店下单的用户接受邀请才计入。",
            result="接受邀请的奖励 3 天后发放，首单的奖励在售后期结束且满 7 天后发放。先到先得，送完即止。",
            refund_terms="好友的订单全额退款后，对应奖励收回。",
        ),
        "stages": [
            {"on": "accepted", "gift": {"amount": 50, "form": {"as": "points"}}, "hold_days": 3},
            {"on": "first_order", "gift": {"amount": 500, "form": {"as": "balance"}}, "hold_days": 7},
        ],
        "welcome": {"gift": {"amount": 300, "form": {"as": "coupon", "title": "新朋友券"}}},
        "budget": BUDGET,
        "share": {"title": f"一起来买{_goods(offer)}"},
    }


def _like(offer: Document) -> Document:
    return {name: offer[name] for name in ("starts_at", "ends_at")}


def _goods(offer: Document) -> str:
    title: str = offer["skus"][0]["title"]
    return title


def _sheet(offer: Document, **texts: str) -> dict[str, str]:
    return {**offer["rule_sheet"], **texts}
