"""What a card costs and promises, told before it is ordered, and what is then paid."""

from __future__ import annotations

from chalicelib.campaigns.kinds.punchcard import PunchCard, PunchCardOffer
from chalicelib.campaigns.live import Live, live
from chalicelib.campaigns.offer import sku_of
from chalicelib.campaigns.problems import NOT_RUNNING
from chalicelib.campaigns.states import CampaignState
from chalicelib.core.errors import RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.money import yuan
from chalicelib.family import topup_rules
from chalicelib.family.topup_rules import REFUND_WITHIN
from chalicelib.merchants import wallet
from chalicelib.orders import lines, quoted
from chalicelib.orders.lines import Promise, QuoteLine
from chalicelib.orders.placing import Wish
from chalicelib.orders.quoted import Asked, Cost
from chalicelib.orders.tenders import Pay
from chalicelib.punchcards.items import BUYER
from chalicelib.punchcards.views import CardQuote

PROMISES = (
    Promise("支付成功后次卡即时到账", "The card is there as soon as it is paid."),
    Promise("次卡不过期", "It never expires."),
    Promise("每位家庭成员均可使用，每次使用全家可见", "Every member may use it, and all see each use."),
    Promise(
        f"购买后 {REFUND_WITHIN.days} 天内可无理由按比例退还未用次数，原路退回",
        f"For {REFUND_WITHIN.days} days whoever bought it may have back the share of what is not used, the way it was"
        " paid.",
    ),
    Promise("之后未用次数可联系商家按比例退款", "After that the shop pays back the share of what is not used."),
    Promise("仅限本店使用，归本家庭共有", "It is good in this shop alone, for this family."),
    Promise(
        "支付到账时订单已取消：若仍有库存则次卡到账，否则自动全额退款",
        "Money that comes after it was cancelled buys the card while there are any, and is refunded otherwise.",
    ),
)
"""What everybody is told before he pays, and the house keeps."""


def quote(mid: MerchantId, uid: UserId, cid: CampaignId, sku_id: str | None, pay_with: list[Pay]) -> CardQuote:
    """What a card would cost now, the promises that go with it, and the merchant's terms. Nothing is held by asking.

    Raises `NOT_RUNNING`, `SKU_UNKNOWN`, `TOPUP_CLOSED`, and what forbids paying with what is named.
    """
    campaign = live(mid, cid, PunchCardOffer)
    if campaign.status is not CampaignState.PUBLISHED:
        raise RippleError(NOT_RUNNING, status=campaign.status.value)
    declared = topup_rules.in_force(wallet.declared(mid))
    terms = declared.terms
    sku = sku_of(campaign.offer.skus, sku_id)
    price = yuan(sku.price_fen)
    line = QuoteLine(
        label_zh="次卡",
        label_en="Punch card",
        why_zh=f"{sku.units} 次，共 {price}",
        why_en=f"{sku.units} units for {price}",
        amount_fen=sku.price_fen,
    )
    return CardQuote(
        **lines.told(uid, campaign, sku, _cost(campaign, sku), [line], list(PROMISES), pay_with),
        units=sku.units,
        filing_number=terms.filing_number,
        filed_with=terms.filed_with,
        terms=declared.edition,
        terms_zh=terms.terms_zh,
        terms_en=terms.terms_en,
        refund_days=REFUND_WITHIN.days,
    )


def cost_of(intent: Intent, wish: Wish, campaign: Live[PunchCardOffer], sku: PunchCard) -> Cost:
    """What is paid: as the wish's quote says, and without one what it costs now.

    Raises `QUOTE_EXPIRED`, `QUOTE_UNFIT`.
    """
    if wish.quote is not None:
        return quoted.honoured(intent.mid, UserId(intent.actor), wish.quote, _asked(campaign, sku), None)
    return _cost(campaign, sku)


def _asked(campaign: Live[PunchCardOffer], sku: PunchCard) -> Asked:
    return Asked(campaign_id=campaign.cid, sku_id=sku.sku_id, role=BUYER, units=1)


def _cost(campaign: Live[PunchCardOffer], sku: PunchCard) -> Cost:
    return Cost(
        campaign_id=campaign.cid,
        sku_id=sku.sku_id,
        role=BUYER,
        units=1,
        version=campaign.version,
        price_fen=sku.price_fen,
        freight_fen=0,
        province=None,
    )
