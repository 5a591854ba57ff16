"""The publish gate: named checks of what the platform and the law forbid; what fails one is not published.

A check is a pure function of the document and the time. What holds for every campaign stands here, what holds for one
play beside its document in `campaigns.kinds`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

import msgspec

from chalicelib.campaigns.offer import Fulfilment, Offer
from chalicelib.campaigns.shipping import UNREPORTED_HOURS, ByRegion, Free, most_of
from chalicelib.core.money import MOST_FEN, yuan

LONGEST = timedelta(days=90)

TIME_TO_SHIP = timedelta(hours=12)
"""What a merchant has at least for sending goods after his play has decided that they are sold."""

SIGNS = frozenset("%")
"""What counts beside letters and digits; other punctuation, spaces and invisible signs only hide words."""

BAIT = ("百元现金天天领", "点一下就有钱", "只差一步", "仅差一步", "不转不是", "100%中奖", "免费领现金")
"""Words that lure or press (rules W4)."""

INVENTED = (
    *("虚拟成团", "模拟成团", "系统自动成团", "虚拟成员", "虚拟用户", "虚拟团员"),
    *("机器人成团", "机器人参团", "机器人凑团", "机器人入团", "机器人补位", "机器人补齐", "拼团机器人", "成团机器人"),
    *("virtual member", "fake member", "robot member", "bots join", "robots join"),
)
"""Words that promise invented members (rules L9). A robot alone is a thing that shops sell."""


class Finding(msgspec.Struct, frozen=True):
    """Why a check refuses: its name, the field, and a sentence in both languages."""

    check: str
    pointer: str
    zh: str
    en: str


Document = TypeVar("Document", bound=Offer)
Look = Callable[[Document, datetime], Finding | None]


class Check(NamedTuple):
    """A check, and the documents that it looks at."""

    of: type[Offer]
    look: Look[Any]


CHECKS: dict[str, Check] = {}
"""Every check by its name."""


def check(name: str, of: type[Document]) -> Callable[[Look[Document]], Look[Document]]:
    """Register a check of the documents ``of`` a kind, or of all, under its name."""

    def add(look: Look[Document]) -> Look[Document]:
        if name in CHECKS:
            raise ValueError(f"two checks are called {name}")
        CHECKS[name] = Check(of, look)
        return look

    return add


def checks(offer: Offer) -> dict[str, Look[Any]]:
    """The checks that look at ``offer``, by name."""
    return {name: one.look for name, one in CHECKS.items() if isinstance(offer, one.of)}


def findings(offer: Offer, now: datetime) -> list[Finding]:
    """Everything that forbids publishing ``offer`` at ``now``."""
    return [found for look in checks(offer).values() if (found := look(offer, now)) is not None]


@check("NAMES_SAID", Offer)
def names_said(offer: Offer, now: datetime) -> Finding | None:
    """The campaign, what it offers and what friends see of it have names that can be read."""
    names = {"/title": offer.title, "/share/title": offer.share.title}
    names |= {f"/skus/{n}/title": sku.title for n, sku in enumerate(offer.goods)}
    for n, point in enumerate(offer.pickup_points):
        names |= {f"/pickup_points/{n}/name": point.name, f"/pickup_points/{n}/address": point.address}
    for pointer, name in names.items():
        if not _folded(name):
            return Finding("NAMES_SAID", pointer, "名称不能为空白", "A name has no letter in it.")
    return None


@check("RULE_SHEET_COMPLETE", Offer)
def rule_sheet_complete(offer: Offer, now: datetime) -> Finding | None:
    """Every part of the rule sheet says something (rules W6, L5)."""
    for name in offer.rule_sheet.__struct_fields__:
        if not getattr(offer.rule_sheet, name).strip():
            return Finding(
                "RULE_SHEET_COMPLETE", f"/rule_sheet/{name}", "规则说明不完整", "The rule sheet has an empty part."
            )
    return None


@check("NO_FAKE_MEMBERS", Offer)
def no_fake_members(offer: Offer, now: datetime) -> Finding | None:
    """Nothing promises members who do not exist; `honour_price` is the lawful way to always succeed (rules L9)."""
    return _words("NO_FAKE_MEMBERS", offer, INVENTED, "不得承诺或展示虚拟成员", "Invented members are not allowed.")


@check("COPY_LINT", Offer)
def copy_lint(offer: Offer, now: datetime) -> Finding | None:
    """Titles and share texts neither lure nor press (rules W4)."""
    return _words("COPY_LINT", offer, BAIT, "文案含有诱导分享用语", "The copy lures people into sharing.")


@check("GOODS_NAMED_ONCE", Offer)
def goods_named_once(offer: Offer, now: datetime) -> Finding | None:
    """No SKU is named twice."""
    ids = [sku.sku_id for sku in offer.goods]
    if len(set(ids)) != len(ids):
        return Finding("GOODS_NAMED_ONCE", "/skus", "商品编号重复", "Two SKUs have the same id.")
    return None


@check("WINDOW_SANE", Offer)
def window_sane(offer: Offer, now: datetime) -> Finding | None:
    """The campaign ends after it starts, in the future, within 90 days."""
    if offer.ends_at <= offer.starts_at:
        return Finding("WINDOW_SANE", "/ends_at", "结束时间早于开始时间", "It ends before it starts.")
    if offer.ends_at <= now:
        return Finding("WINDOW_SANE", "/ends_at", "结束时间已过", "Its end has passed.")
    if offer.ends_at - offer.starts_at > LONGEST:
        return Finding("WINDOW_SANE", "/ends_at", "活动时间超过 90 天", "It is longer than 90 days.")
    return None


@check("FREIGHT_SANE", Offer)
def freight_sane(offer: Offer, now: datetime) -> Finding | None:
    """Freight is asked only where something is sent, no province has two, and no total is above all bounds."""
    if not isinstance(offer.freight, Free) and not any(sku.fulfilment.sent for sku in offer.goods):
        zh, en = "没有需要配送的商品，请改为免运费", "Nothing is sent to anybody: make the freight free."
        return Finding("FREIGHT_SANE", "/freight/kind", zh, en)
    if (most := most_of(offer.freight)) and offer.dearest_fen + most > MOST_FEN:
        zh = f"商品金额加运费超过 {yuan(MOST_FEN)}，请降低运费或售价"
        en = f"Goods and freight come to more than {yuan(MOST_FEN)}: lower the freight or the price."
        return Finding("FREIGHT_SANE", "/freight", zh, en)
    named = set[str]()
    for n, region in enumerate(offer.freight.regions if isinstance(offer.freight, ByRegion) else ()):
        for k, province in enumerate(region.provinces):
            if province in named:
                zh, en = f"{province}重复，请只保留一处", f"{province} is named twice: keep it in one place."
                return Finding("FREIGHT_SANE", f"/freight/regions/{n}/provinces/{k}", zh, en)
            named.add(province)
    return None


@check("PICKUP_SAID", Offer)
def pickup_said(offer: Offer, now: datetime) -> Finding | None:
    """Where something is fetched it is said where, each point once; where nothing is, no point misleads."""
    fetched = any(sku.fulfilment.fetched for sku in offer.goods)
    if fetched and not offer.pickup_points:
        zh, en = "有自提商品，请至少填写一个自提点", "Something is fetched by its buyers: say where."
        return Finding("PICKUP_SAID", "/pickup_points", zh, en)
    if offer.pickup_points and not fetched:
        zh, en = "没有自提商品，请删除自提点", "Nothing is fetched by its buyers: remove the points."
        return Finding("PICKUP_SAID", "/pickup_points", zh, en)
    named = set[str]()
    for n, point in enumerate(offer.pickup_points):
        if point.point_id in named:
            zh, en = f"自提点 {point.point_id} 重复，请只保留一处", f"{point.point_id} is named twice: keep it once."
            return Finding("PICKUP_SAID", f"/pickup_points/{n}/point_id", zh, en)
        named.add(point.point_id)
    return None


@check("SHIP_DEADLINE", Offer)
def ship_deadline(offer: Offer, now: datetime) -> Finding | None:
    """What was paid for can still be sent in time when the play has decided (rules W17)."""
    if all(sku.fulfilment is Fulfilment.VIRTUAL for sku in offer.goods):
        return None
    within = offer.shipping.within_hours
    least = -(-(offer.decided_within + TIME_TO_SHIP) // timedelta(hours=1))
    if within < least:
        zh = f"发货时限从付款起算，至少需要 {least} 小时：请延长发货时限，或缩短成团时限"
        en = f"It counts from payment and needs {least} hours at least: allow more, or let the play decide sooner."
        return Finding("SHIP_DEADLINE", "/shipping/within_hours", zh, en)
    if within > UNREPORTED_HOURS and not offer.shipping.presale:
        zh = f"发货时限超过 {UNREPORTED_HOURS} 小时须按预售向微信报备：请标明预售，或缩短发货时限"
        en = f"More than {UNREPORTED_HOURS} hours must be reported to WeChat: say that it is a presale, or ship sooner."
        return Finding("SHIP_DEADLINE", "/shipping/presale", zh, en)
    return None


def _words(name: str, offer: Offer, words: tuple[str, ...], zh: str, en: str) -> Finding | None:
    texts = {
        "/title": offer.title,
        "/description": offer.description,
        "/share/title": offer.share.title,
        **{f"/rule_sheet/{part}": getattr(offer.rule_sheet, part) for part in offer.rule_sheet.__struct_fields__},
        **{f"/skus/{n}/title": sku.title for n, sku in enumerate(offer.goods)},
        **{
            f"/pickup_points/{n}/{part}": getattr(point, part) or ""
            for n, point in enumerate(offer.pickup_points)
            for part in ("name", "address", "hours")
        },
    }
    for pointer, text in texts.items():
        folded = _folded(text)
        for word in words:
            if _folded(word) in folded:
                return Finding(name, pointer, f"{zh}：{word}", f"{en} ({word})")
    return None


def _folded(text: str) -> str:
    """The letters alone, in one width and case, so that ``只差·一步`` and ``１００％`` are what they read as."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum() or letter in SIGNS)
