"""What is still paid for the goods of a code, told before anything is ordered, and what is then paid."""

from __future__ import annotations

from chalicelib.campaigns.kinds.brings import BringsGoods
from chalicelib.campaigns.kinds.codes import CodesOffer
from chalicelib.campaigns.live import Live, live
from chalicelib.campaigns.shipping import Charge, charge
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.money import yuan
from chalicelib.orders import lines, placing, quoted
from chalicelib.orders.lines import Promise, QuoteLine
from chalicelib.orders.placing import Wish
from chalicelib.orders.quoted import Asked, Cost
from chalicelib.orders.tenders import Pay
from chalicelib.sharing.sightings import Seen
from chalicelib.voucher import service
from chalicelib.voucher.goods import HOLDER, goods_of
from chalicelib.voucher.goods_views import CodeQuote
from chalicelib.voucher.guesses import NOWHERE

KEPT = Promise("该商品库存已为兑换码预留", "A piece of stock waits for this code.")
AT_ONCE = Promise("无需支付，下单后立即生效", "Nothing is left to pay: the order stands at once.")
PAID = Promise("支付成功后订单即时生效", "The order stands as soon as it is paid.")
UNPAID = Promise(
    "未在时限内支付，订单取消，兑换码在有效期内可再次使用",
    "If it is not paid in time it is cancelled, and the code may be used again while it is good.",
)
LATE = Promise(
    "支付到账时订单已取消：若兑换码仍可用则订单恢复，否则自动全额退款",
    "Money that comes after that brings the order back while the code is free, and is refunded in full otherwise.",
)
USED_UP = Promise(
    "订单生效后兑换码即已使用，售后退款不恢复兑换码",
    "Once the order stands the code is used up: money that goes back after sale does not bring it back.",
)
"""What a quote promises, and the house keeps."""


def quote(
    mid: MerchantId, uid: UserId, text: str, province: str | None, pay_with: list[Pay], seen_from: Seen = NOWHERE
) -> CodeQuote:
    """What its holder would still pay, and the promises that go with it.

    Raises what `service.preview` raises or tells, `CODE_NO_GOODS`, `REGION_NEEDED`, `NOT_DELIVERED_THERE`, and what
    forbids paying with what is named.
    """
    seen = service.preview(mid, uid, text, seen_from)
    brings = goods_of(seen.offer)
    if seen.refusal is not None:
        raise seen.refusal
    campaign = live(mid, CampaignId(seen.batch.cid), CodesOffer)
    cost, freight = _priced(campaign, brings, province)
    said = [_goods_line(brings), *lines.of_freight(campaign.offer, freight)]
    ends = [PAID, UNPAID, LATE] if cost.total_fen else [AT_ONCE]
    promises = [KEPT, *ends, USED_UP]
    return CodeQuote(until=seen.batch.until, **lines.told(uid, campaign, brings.sku, cost, said, promises, pay_with))


def cost_of(intent: Intent, wish: Wish, campaign: Live[CodesOffer], brings: BringsGoods) -> Cost:
    """What is paid: as the wish's quote says, and without one what it costs now.

    Raises `REGION_NEEDED`, `NOT_DELIVERED_THERE`, `QUOTE_EXPIRED`, `QUOTE_UNFIT`.
    """
    province = placing.province_of(wish)
    if wish.quote is not None:
        return quoted.honoured(intent.mid, UserId(intent.actor), wish.quote, _asked(campaign, brings), province)
    return _priced(campaign, brings, province)[0]


def _asked(campaign: Live[CodesOffer], brings: BringsGoods) -> Asked:
    return Asked(campaign_id=campaign.cid, sku_id=brings.sku.sku_id, role=HOLDER, units=1)


def _priced(campaign: Live[CodesOffer], brings: BringsGoods, province: str | None) -> tuple[Cost, Charge]:
    asked = _asked(campaign, brings)
    freight = charge(campaign.offer.freight, brings.sku.fulfilment, brings.price_fen, province)
    cost = Cost(
        campaign_id=asked.campaign_id,
        sku_id=asked.sku_id,
        role=asked.role,
        units=asked.units,
        version=campaign.version,
        price_fen=brings.price_fen,
        freight_fen=freight.fen,
        province=freight.province,
    )
    return cost, freight


def _goods_line(brings: BringsGoods) -> QuoteLine:
    price = yuan(brings.price_fen)
    return QuoteLine(
        label_zh="兑换价", label_en="Price with the code", why_zh=price, why_en=price, amount_fen=brings.price_fen
    )
