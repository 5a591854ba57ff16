"""What every play's quote says in the same words: its lines, the freight and why, and until when goods go out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.campaigns.live import Live
from chalicelib.campaigns.offer import Fulfilment, Offer, PricedGoods
from chalicelib.campaigns.shipping import Charge, Free, Reason, Shipping
from chalicelib.core import clock
from chalicelib.core.ids import UserId
from chalicelib.core.money import yuan
from chalicelib.core.store import Found, read
from chalicelib.orders import quoted, tenders
from chalicelib.orders.brought import promised
from chalicelib.orders.quoted import Cost
from chalicelib.orders.tenders import Choice, Pay

SAID_IN_DAYS = 72
"""Hours from which on whole days are said as days."""

OUT = {
    Fulfilment.EXPRESS: ("内发货", "It is sent"),
    Fulfilment.CITY: ("内发货", "It is sent"),
    Fulfilment.PICKUP: ("内可自提", "It can be picked up"),
}
"""What has happened at the latest when the time to ship is over; what is virtual has none."""


class QuoteLine(msgspec.Struct, kw_only=True):
    """One line of a quote, with its reason in both languages."""

    label_zh: str
    label_en: str
    why_zh: str
    why_en: str
    amount_fen: int


class Promise(msgspec.Struct, frozen=True):
    """One thing that a buyer is told before he pays."""

    zh: str
    en: str


class QuotedPart(msgspec.Struct, kw_only=True):
    """What something else than money would pay."""

    tender: str
    ref: str
    amount_fen: int


class Quoted(msgspec.Struct, kw_only=True):
    """What a thing costs and why, before anything is held; a play's quote adds what is its own."""

    campaign_id: str
    sku_id: str
    title: str
    quantity: int
    lines: list[QuoteLine]
    """Price, what goes off it, freight; their sum is the total."""
    goods_fen: int
    freight_fen: int
    total_fen: int
    parts: list[QuotedPart]
    """What would pay of it before money does, of what was asked for in ``pay_with``."""
    cash_fen: int
    """What is left for money."""
    choices: list[Choice]
    """What of the asker's could pay, each by itself, and what could not and why; nothing of it is held."""
    province: str | None
    """Where the goods go, if the freight depends on it."""
    reference_price_fen: int
    reference_basis: str
    version: int
    rules_hash: str
    pay_window_seconds: int
    promises: list[Promise]
    """What happens when something does not go as hoped, and until when goods go out; shown before payment."""
    quote: str
    """To be sent with the order, which then costs just this, or is refused."""
    valid_until: datetime
    """The quote is taken before this."""
    now: datetime


def told(
    uid: UserId,
    campaign: Live[Any],
    sku: PricedGoods,
    cost: Cost,
    lines: list[QuoteLine],
    promises: list[Promise],
    pay_with: list[Pay],
) -> dict[str, Any]:
    """What `Quoted` says of a cost, with the token that it is honoured by.

    Raises what forbids paying with what is named, as an order would.
    """
    token, valid_until = quoted.sign(campaign.mid, uid, cost)
    bill = tenders.bill_of(campaign.mid, uid, sku, cost, pay_with)
    wanted = tenders.keys(campaign.mid, uid, pay_with)
    parts = tenders.parts(bill, read(*wanted) if wanted else Found({}))
    return {
        "campaign_id": cost.campaign_id,
        "sku_id": sku.sku_id,
        "title": sku.title,
        "quantity": cost.units,
        "lines": lines,
        "goods_fen": cost.goods_fen,
        "freight_fen": cost.freight_fen,
        "total_fen": cost.total_fen,
        "parts": [QuotedPart(tender=part.tender, ref=part.ref, amount_fen=part.fen) for part in parts],
        "cash_fen": cost.total_fen - sum(part.fen for part in parts),
        "choices": tenders.choices(bill),
        "province": cost.province,
        "reference_price_fen": sku.reference_price_fen,
        "reference_basis": sku.reference_basis,
        "version": cost.version,
        "rules_hash": campaign.hash,
        "pay_window_seconds": campaign.offer.pay_window_seconds,
        "promises": [
            *promises,
            *(Promise(zh, en) for zh, en in promised(campaign.offer.after_order)),
            *shipped(campaign.offer.shipping, sku.fulfilment),
        ],
        "quote": token,
        "valid_until": valid_until,
        "now": clock.now(),
    }


def of_freight(offer: Offer, freight: Charge) -> list[QuoteLine]:
    """The freight and its reason, also where it is nothing; none for what nobody brings."""
    if freight.reason is Reason.NOT_SENT:
        return []
    free_from = None if isinstance(offer.freight, Free) else offer.freight.free_from_fen
    why_zh, why_en = {
        Reason.FREE: ("包邮", "Free"),
        Reason.FLAT: ("全国统一运费", "The same everywhere"),
        Reason.REGION: (f"配送至{freight.province}", f"To {freight.province}"),
        Reason.OTHERWISE: (
            f"配送至{freight.province}（其他地区）",
            f"To {freight.province}, as elsewhere",
        ),
        Reason.FREE_FROM: (f"满 {yuan(free_from or 0)} 包邮", f"Free from {yuan(free_from or 0)} on"),
    }[freight.reason]
    return [QuoteLine(label_zh="运费", label_en="Freight", why_zh=why_zh, why_en=why_en, amount_fen=freight.fen)]


def shipped(shipping: Shipping, fulfilment: Fulfilment) -> list[Promise]:
    """Until when it goes out."""
    if fulfilment not in OUT:
        return []
    out_zh, out_en = OUT[fulfilment]
    hours = shipping.within_hours
    days = hours // 24 if hours >= SAID_IN_DAYS and hours % 24 == 0 else None
    zh, en = (f"{days} 天", f"{days} days") if days else (f"{hours} 小时", f"{hours} hours" if hours > 1 else "an hour")
    sort_zh, sort_en = ("预售商品，", "A presale: ") if shipping.presale else ("", "")
    said = f"{sort_en}{out_en.lower() if sort_en else out_en} within {en} of payment."
    return [Promise(f"发货时限：{sort_zh}付款后 {zh}{out_zh}", said)]
