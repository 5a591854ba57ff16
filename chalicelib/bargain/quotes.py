"""What a bargain costs now and why, told before anything is ordered, and what is then paid for it."""

from __future__ import annotations

from chalicelib.bargain import problems, rules
from chalicelib.bargain.items import Bargain, BargainId, bargain_key
from chalicelib.bargain.states import BargainState
from chalicelib.bargain.views import BargainQuote
from chalicelib.campaigns.kinds.bargain import BargainOffer, BargainSku, Reserve
from chalicelib.campaigns.live import Live, live
from chalicelib.campaigns.offer import sku_of
from chalicelib.campaigns.shipping import Charge, charge
from chalicelib.core import clock
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.money import yuan
from chalicelib.core.store import read_one
from chalicelib.orders import lines, placing, quoted
from chalicelib.orders.lines import Promise, QuoteLine
from chalicelib.orders.placing import Wish
from chalicelib.orders.quoted import Asked, Cost
from chalicelib.orders.tenders import Pay

BUYER = "buyer"
"""What a payer is in a bargain: its owner, who buys."""

ALONE = Promise("支付成功后订单即时生效", "The order stands as soon as it is paid.")
FROZEN = Promise(
    "下单后价格锁定、砍价计时暂停，好友暂时不能助力；未支付则恢复剩余时间",
    "An order freezes the price and the time left, and nobody helps; if it is not paid, the time goes on.",
)
CLAIM = Promise("领取时限在下单后继续计时", "At the floor the claim window runs on while the order is open.")
NOT_RESERVED = Promise("库存未预留，以下单时为准", "Stock is not reserved before the order; it may be gone by then.")
"""What a quote promises, and the house keeps."""


def quote(mid: MerchantId, uid: UserId, bid: BargainId, province: str | None, pay_with: list[Pay]) -> BargainQuote:
    """What its owner would pay now, and the promises that go with it. Nothing is frozen by asking.

    Raises `NOT_FOUND`, what `rules.insist_may_buy` raises, `REGION_NEEDED`, `NOT_DELIVERED_THERE`, and what forbids
    paying with what is named.
    """
    bargain = read_one(Bargain, bargain_key(mid, bid))
    if bargain is None or bargain.uid != uid:
        raise RippleError(NOT_FOUND)
    campaign = live(mid, bargain.cid, BargainOffer)
    offer = campaign.offer
    rules.insist_may_buy(offer, bargain, clock.now())
    sku = sku_of(offer.skus, bargain.sku)
    cost, freight = _priced(campaign, bargain, sku, province)
    said = [*_goods_lines(bargain), *lines.of_freight(offer, freight)]
    promises = _promises(offer, bargain)
    return BargainQuote(bargain_id=bid, **lines.told(uid, campaign, sku, cost, said, promises, pay_with))


def cost_of(intent: Intent, wish: Wish, campaign: Live[BargainOffer], bargain: Bargain, sku: BargainSku) -> Cost:
    """What is paid: as the wish's quote says if that still is the price, and without one what it costs now.

    Raises `PRICE_MOVED`, `REGION_NEEDED`, `NOT_DELIVERED_THERE`, `QUOTE_EXPIRED`, `QUOTE_UNFIT`.
    """
    province = placing.province_of(wish)
    if wish.quote is None:
        return _priced(campaign, bargain, sku, province)[0]
    cost = quoted.honoured(intent.mid, UserId(intent.actor), wish.quote, _asked(bargain), province)
    if cost.price_fen != rules.price_of(bargain):
        raise RippleError(problems.PRICE_MOVED, "/quote", price_fen=rules.price_of(bargain))
    return cost


def _asked(bargain: Bargain) -> Asked:
    return Asked(campaign_id=bargain.cid, sku_id=bargain.sku, role=BUYER, units=1)


def _priced(
    campaign: Live[BargainOffer], bargain: Bargain, sku: BargainSku, province: str | None
) -> tuple[Cost, Charge]:
    price, asked = rules.price_of(bargain), _asked(bargain)
    freight = charge(campaign.offer.freight, sku.fulfilment, price, province)
    cost = Cost(
        campaign_id=asked.campaign_id,
        sku_id=asked.sku_id,
        role=asked.role,
        units=asked.units,
        version=bargain.version,
        price_fen=price,
        freight_fen=freight.fen,
        province=freight.province,
    )
    return cost, freight


def _goods_lines(bargain: Bargain) -> list[QuoteLine]:
    """The start price, and what was cut from it."""
    start, cut, cuts = bargain.start_fen, bargain.start_fen - rules.price_of(bargain), bargain.helps
    whole = yuan(start)
    found = [QuoteLine(label_zh="起始价", label_en="Start price", why_zh=whole, why_en=whole, amount_fen=start)]
    if cut:
        why_zh, why_en = f"已砍 {cuts} 刀", f"{cuts} cuts" if cuts > 1 else "1 cut"
        found.append(
            QuoteLine(label_zh="砍价优惠", label_en="Bargained off", why_zh=why_zh, why_en=why_en, amount_fen=-cut)
        )
    return found


def _promises(offer: BargainOffer, bargain: Bargain) -> list[Promise]:
    window = CLAIM if bargain.status is BargainState.FLOOR else FROZEN
    return [ALONE, window, *([NOT_RESERVED] if offer.reserve is Reserve.ORDER else [])]
