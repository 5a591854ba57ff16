"""The checks of every campaign, whatever its play: names, rule sheet, window, freight, pick-up, time to ship."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.accounts.newcomer import Definition, NewUser
from chalicelib.campaigns.copy_lint import folded, texts
from chalicelib.campaigns.disclosure import names_new
from chalicelib.campaigns.gate import Finding, check
from chalicelib.campaigns.offer import Fulfilment, Offer
from chalicelib.campaigns.shipping import UNREPORTED_HOURS, ByRegion, Free, most_of
from chalicelib.core.money import MOST_FEN, yuan

LONGEST = timedelta(days=90)

TIME_TO_SHIP = timedelta(hours=12)
"""What a merchant has at least for sending goods after his play has decided that they are sold."""


NAMED = re.compile(r"(/form|/sku|/skus/[0-9]+)/title$")
"""Where the name of something stands that is offered or given."""


@check("NAMES_SAID", Offer)
def names_said(offer: Offer, now: datetime) -> Iterator[Finding]:
    """The campaign, what it offers and gives, and what friends see of it have names that can be read."""
    names = {"/title": offer.title, "/share/title": offer.share.title}
    names |= {pointer: text for pointer, text in texts(offer).items() if NAMED.search(pointer)}
    for n, point in enumerate(offer.pickup_points):
        names |= {f"/pickup_points/{n}/name": point.name, f"/pickup_points/{n}/address": point.address}
    for pointer, name in names.items():
        if not folded(name):
            yield Finding("NAMES_SAID", pointer, "名称不能为空白", "A name has no letter in it.")


@check("RULE_SHEET_COMPLETE", Offer)
def rule_sheet_complete(offer: Offer, now: datetime) -> Iterator[Finding]:
    """Every part of the rule sheet says something (rules W6, L5)."""
    for name in offer.rule_sheet.__struct_fields__:
        if not folded(getattr(offer.rule_sheet, name)):
            zh, en = "规则说明不完整", "The rule sheet has an empty part."
            yield Finding("RULE_SHEET_COMPLETE", f"/rule_sheet/{name}", zh, en)


@check("GOODS_NAMED_ONCE", Offer)
def goods_named_once(offer: Offer, now: datetime) -> Iterator[Finding]:
    """No SKU is named twice."""
    ids = [sku.sku_id for sku in offer.goods]
    if len(set(ids)) != len(ids):
        yield Finding("GOODS_NAMED_ONCE", "/skus", "商品编号重复", "Two SKUs have the same id.")


@check("WINDOW_SANE", Offer)
def window_sane(offer: Offer, now: datetime) -> Iterator[Finding]:
    """The campaign ends after it starts, in the future, within 90 days."""
    if offer.ends_at <= offer.starts_at:
        yield Finding("WINDOW_SANE", "/ends_at", "结束时间早于开始时间", "It ends before it starts.")
    elif offer.ends_at <= now:
        yield Finding("WINDOW_SANE", "/ends_at", "结束时间已过", "Its end has passed.")
    elif offer.ends_at - offer.starts_at > LONGEST:
        yield Finding("WINDOW_SANE", "/ends_at", "活动时间超过 90 天", "It is longer than 90 days.")


@check("FREIGHT_SANE", Offer)
def freight_sane(offer: Offer, now: datetime) -> Iterator[Finding]:
    """Freight is asked only where something is sent, no province has two, and no total is above all bounds."""
    if not isinstance(offer.freight, Free) and not any(sku.fulfilment.sent for sku in offer.goods):
        zh, en = "没有需要配送的商品，请改为免运费", "Nothing is sent to anybody: make the freight free."
        yield Finding("FREIGHT_SANE", "/freight/kind", zh, en)
    if most_of(offer.freight) and offer.most_paid_fen > MOST_FEN:
        zh = f"商品金额加运费超过 {yuan(MOST_FEN)}，请降低运费或售价"
        en = f"Goods and freight come to more than {yuan(MOST_FEN)}: lower the freight or the price."
        yield Finding("FREIGHT_SANE", "/freight", zh, en)
    named = set[str]()
    for n, region in enumerate(offer.freight.regions if isinstance(offer.freight, ByRegion) else ()):
        for k, province in enumerate(region.provinces):
            if province in named:
                zh, en = f"{province}重复，请只保留一处", f"{province} is named twice: keep it in one place."
                yield Finding("FREIGHT_SANE", f"/freight/regions/{n}/provinces/{k}", zh, en)
            named.add(province)


@check("PICKUP_SAID", Offer)
def pickup_said(offer: Offer, now: datetime) -> Iterator[Finding]:
    """Where something is fetched it is said where, each point once; where nothing is, no point misleads."""
    fetched = any(sku.fulfilment.fetched for sku in offer.goods)
    if fetched and not offer.pickup_points:
        zh, en = "有自提商品，请至少填写一个自提点", "Something is fetched by its buyers: say where."
        yield Finding("PICKUP_SAID", "/pickup_points", zh, en)
    if offer.pickup_points and not fetched:
        zh, en = "没有自提商品，请删除自提点", "Nothing is fetched by its buyers: remove the points."
        yield Finding("PICKUP_SAID", "/pickup_points", zh, en)
    named = set[str]()
    for n, point in enumerate(offer.pickup_points):
        if point.point_id in named:
            zh, en = f"自提点 {point.point_id} 重复，请只保留一处", f"{point.point_id} is named twice: keep it once."
            yield Finding("PICKUP_SAID", f"/pickup_points/{n}/point_id", zh, en)
        named.add(point.point_id)


@check("SHIP_DEADLINE", Offer)
def ship_deadline(offer: Offer, now: datetime) -> Iterator[Finding]:
    """What was paid for can still be sent in time when the play has decided (rules W17)."""
    if all(sku.fulfilment is Fulfilment.VIRTUAL for sku in offer.goods):
        return
    within = offer.shipping.within_hours
    least = -(-(offer.decided_within + TIME_TO_SHIP) // timedelta(hours=1))
    if within < least:
        zh = f"发货时限从付款起算，至少需要 {least} 小时：请延长发货时限，或缩短成团时限"
        en = f"It counts from payment and needs {least} hours at least: allow more, or let the play decide sooner."
        yield Finding("SHIP_DEADLINE", "/shipping/within_hours", zh, en)
    if within > UNREPORTED_HOURS and not offer.shipping.presale:
        zh = f"发货时限超过 {UNREPORTED_HOURS} 小时须按预售向微信报备：请标明预售，或缩短发货时限"
        en = f"More than {UNREPORTED_HOURS} hours must be reported to WeChat: say that it is a presale, or ship sooner."
        yield Finding("SHIP_DEADLINE", "/shipping/presale", zh, en)


NEW = {
    Definition.NEVER_SEEN: ("“首次访问本店的用户”", '"users who never visited before"'),
    Definition.NEVER_ORDERED: ("“从未下单的用户”", '"users who never ordered"'),
    Definition.DORMANT: ("“{days} 天内未下单的用户”", '"users who have not ordered for {days} days"'),
}
"""How an eligibility text may say who counts as new."""


@check("NEW_USER_BASE", Offer)
def new_user_base(offer: Offer, now: datetime) -> Iterator[Finding]:
    """Where friends must be new, the rule sheet says what new means, and days belong to the dormant (rules 3.2)."""
    rule = offer.only_new
    if rule is None:
        return
    if rule.definition is not Definition.DORMANT and rule.dormant_days != NewUser().dormant_days:
        zh, en = "仅“沉睡用户”定义可填写天数", "Only the dormant are counted by days: leave them out."
        yield Finding("NEW_USER_BASE", "/new_user/dormant_days", zh, en)
    if not names_new(offer.rule_sheet.eligibility, rule):
        zh, en = (text.format(days=rule.dormant_days) for text in NEW[rule.definition])
        zh = f"参与资格须写明新用户的定义，例如{zh}"
        en = f"The eligibility must tell who counts as new, for instance {en}."
        yield Finding("NEW_USER_BASE", "/rule_sheet/eligibility", zh, en)


def basis_said(sku: str, basis: str) -> Iterator[Finding]:
    """The price with which a SKU, by its pointer, is compared says where it comes from (rules L8)."""
    if not folded(basis):
        zh, en = "参考价缺少依据", "The reference price has no basis."
        yield Finding("PRICE_BASIS", f"{sku}/reference_basis", zh, en)
