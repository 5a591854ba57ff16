"""What a seat costs and why, told before anything is held, and what is then paid for it."""

from __future__ import annotations

from chalicelib.campaigns.kinds.groupbuy import AtExpiry, GroupBuyOffer, GroupBuySku
from chalicelib.campaigns.live import Live, live
from chalicelib.campaigns.offer import sku_of
from chalicelib.campaigns.problems import NOT_RUNNING
from chalicelib.campaigns.shipping import Charge, charge
from chalicelib.campaigns.states import CampaignState
from chalicelib.core.errors import RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.money import yuan
from chalicelib.groupbuy import rules
from chalicelib.groupbuy.states import SeatRole
from chalicelib.groupbuy.views import Quote
from chalicelib.orders import lines, placing, quoted
from chalicelib.orders.lines import Promise, QuoteLine
from chalicelib.orders.placing import Wish
from chalicelib.orders.quoted import Asked, Cost
from chalicelib.orders.tenders import Pay

PROMISES = (
    Promise(
        "开团支付成功时若库存不足以满团，将自动全额退款",
        "If too few units are left for the whole group when the leader pays, he is refunded in full.",
    ),
    Promise("付款后在成团或结束前不能退出", "Who has paid cannot leave before the group is decided."),
    Promise(
        "活动暂停期间不能开团或参团，已占位的仍可支付",
        "While the campaign is paused nobody opens or joins; seats already held may be paid.",
    ),
    Promise("活动结束后，已开的团仍可继续成团", "When the campaign ends, groups that are open may still be completed."),
    Promise(
        "商家提前关闭的团将全额退款；若已占位者付款后恰好满员则成团",
        "A group that the merchant closes is refunded in full, unless payments for seats already held complete it.",
    ),
)
REFUNDED = Promise("到期未满员将自动全额退款", "A group that does not fill by its end is refunded in full.")
HONOURED = Promise(
    "到期未满员时，已付款者仍按拼团价成交", "If it does not fill by its end, whoever paid keeps the group price."
)
ALONE = Promise("支付成功后订单即时生效", "The order stands as soon as it is paid.")
"""What a quote promises, and the house keeps."""


def quote(
    mid: MerchantId,
    uid: UserId,
    cid: CampaignId,
    sku_id: str | None,
    role: SeatRole,
    province: str | None,
    pay_with: list[Pay],
    units: int | None = None,
) -> Quote:
    """What a seat would cost now, and the promises that go with it. Nothing is held by asking.

    ``units`` are those of a seat in a group that stands, whatever new ones have.

    Raises `NOT_RUNNING`, `SKU_UNKNOWN`, `NO_SOLO`, `REGION_NEEDED`, `NOT_DELIVERED_THERE`, and what forbids paying with
    what is named.
    """
    campaign = live(mid, cid, GroupBuyOffer)
    if campaign.status is not CampaignState.PUBLISHED:
        raise RippleError(NOT_RUNNING, status=campaign.status.value)
    offer = campaign.offer
    sku = sku_of(offer.skus, sku_id)
    asked = Asked(campaign_id=cid, sku_id=sku.sku_id, role=role.value, units=units or offer.units_per_seat)
    cost, freight = _priced(campaign, sku, role, asked, province)
    said = [*_goods_lines(sku, role, cost), *lines.of_freight(offer, freight)]
    return Quote(
        **lines.told(uid, campaign, sku, cost, said, _promises(offer, role), pay_with),
        need=offer.size,
        group_seconds=offer.group_seconds,
        at_expiry=offer.at_expiry,
    )


def cost_of(
    intent: Intent, wish: Wish, campaign: Live[GroupBuyOffer], sku: GroupBuySku, role: SeatRole, units: int
) -> Cost:
    """What is paid for units of a SKU: as the wish's quote says, and without one what they cost now.

    Raises `NO_SOLO`, `REGION_NEEDED`, `NOT_DELIVERED_THERE`, `QUOTE_EXPIRED`, `QUOTE_UNFIT`.
    """
    asked = Asked(campaign_id=campaign.cid, sku_id=sku.sku_id, role=role.value, units=units)
    province = placing.province_of(wish)
    if wish.quote is not None:
        return quoted.honoured(intent.mid, UserId(intent.actor), wish.quote, asked, province)
    return _priced(campaign, sku, role, asked, province)[0]


def _priced(
    campaign: Live[GroupBuyOffer], sku: GroupBuySku, role: SeatRole, asked: Asked, province: str | None
) -> tuple[Cost, Charge]:
    price = rules.price_of(sku, role)
    freight = charge(campaign.offer.freight, sku.fulfilment, price * asked.units, province)
    cost = Cost(
        campaign_id=asked.campaign_id,
        sku_id=asked.sku_id,
        role=asked.role,
        units=asked.units,
        version=campaign.version,
        price_fen=price,
        freight_fen=freight.fen,
        province=freight.province,
    )
    return cost, freight


def _goods_lines(sku: GroupBuySku, role: SeatRole, cost: Cost) -> list[QuoteLine]:
    label_zh, label_en = ("单独购买价", "Solo price") if role is SeatRole.SOLO else ("拼团价", "Group price")
    each, units = cost.price_fen if role is SeatRole.SOLO else sku.price_fen, cost.units
    times = f"{yuan(each)} × {units}"
    lines = [QuoteLine(label_zh=label_zh, label_en=label_en, why_zh=times, why_en=times, amount_fen=each * units)]
    if (off := cost.price_fen - each) != 0:
        times = f"-{yuan(-off)} × {units}"
        zh, en = "团长优惠", "Leader's discount"
        lines.append(QuoteLine(label_zh=zh, label_en=en, why_zh=times, why_en=times, amount_fen=off * units))
    return lines


def _promises(offer: GroupBuyOffer, role: SeatRole) -> list[Promise]:
    if role is SeatRole.SOLO:
        return [ALONE]
    honoured = offer.at_expiry is AtExpiry.HONOUR_PRICE
    return [*(PROMISES[:1] if role is SeatRole.LEADER else ()), HONOURED if honoured else REFUNDED, *PROMISES[1:]]
