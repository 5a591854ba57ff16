"""The publish gate: named checks of what the platform and the law forbid; what fails one is not published.

A check is a pure function of the document and the time; later plays register theirs beside these.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from chalicelib.campaigns.offer import GroupBuyOffer

LONGEST = timedelta(days=90)

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


Check = Callable[[GroupBuyOffer, datetime], Finding | None]
C = TypeVar("C", bound=Check)

CHECKS: dict[str, Check] = {}
"""Every check by its name."""


def check(name: str) -> Callable[[C], C]:
    """Register a check under its name."""

    def add(function: C) -> C:
        if name in CHECKS:
            raise ValueError(f"two checks are called {name}")
        CHECKS[name] = function
        return function

    return add


def findings(offer: GroupBuyOffer, now: datetime) -> list[Finding]:
    """Everything that forbids publishing ``offer`` at ``now``."""
    return [found for function in CHECKS.values() if (found := function(offer, now)) is not None]


@check("RULE_SHEET_COMPLETE")
def rule_sheet_complete(offer: GroupBuyOffer, now: datetime) -> Finding | None:
    """Every part of the rule sheet says something (rules W6, L5)."""
    for name in offer.rule_sheet.__struct_fields__:
        if not getattr(offer.rule_sheet, name).strip():
            return Finding(
                "RULE_SHEET_COMPLETE", f"/rule_sheet/{name}", "规则说明不完整", "The rule sheet has an empty part."
            )
    return None


@check("PRICE_BASIS")
def price_basis(offer: GroupBuyOffer, now: datetime) -> Finding | None:
    """A comparison price is not below the price, and says where it comes from (rules L8)."""
    for n, sku in enumerate(offer.skus):
        if sku.price_fen > sku.reference_price_fen:
            return Finding(
                "PRICE_BASIS",
                f"/skus/{n}/price_fen",
                "拼团价高于参考价",
                "The group price is above the reference price.",
            )
        if sku.leader_price_fen is not None and sku.leader_price_fen > sku.price_fen:
            return Finding(
                "PRICE_BASIS",
                f"/skus/{n}/leader_price_fen",
                "团长价高于拼团价",
                "The leader's price is above the group price.",
            )
        if not sku.reference_basis.strip():
            return Finding(
                "PRICE_BASIS", f"/skus/{n}/reference_basis", "参考价缺少依据", "The reference price has no basis."
            )
    return None


@check("NO_FAKE_MEMBERS")
def no_fake_members(offer: GroupBuyOffer, now: datetime) -> Finding | None:
    """Nothing promises members who do not exist; `honour_price` is the lawful way to always succeed (rules L9)."""
    return _words("NO_FAKE_MEMBERS", offer, INVENTED, "不得承诺或展示虚拟成员", "Invented members are not allowed.")


@check("COPY_LINT")
def copy_lint(offer: GroupBuyOffer, now: datetime) -> Finding | None:
    """Titles and share texts neither lure nor press (rules W4)."""
    return _words("COPY_LINT", offer, BAIT, "文案含有诱导分享用语", "The copy lures people into sharing.")


@check("STOCK_SET")
def stock_set(offer: GroupBuyOffer, now: datetime) -> Finding | None:
    """There are units for at least one whole group, and no SKU is named twice."""
    ids = [sku.sku_id for sku in offer.skus]
    if len(set(ids)) != len(ids):
        return Finding("STOCK_SET", "/skus", "商品编号重复", "Two SKUs have the same id.")
    if sum(sku.stock for sku in offer.skus) < offer.size:
        return Finding("STOCK_SET", "/skus", "库存不足以成一个团", "The stock does not reach for one group.")
    return None


@check("WINDOW_SANE")
def window_sane(offer: GroupBuyOffer, now: datetime) -> Finding | None:
    """The campaign ends after it starts, in the future, within 90 days, and is not shorter than a group's life."""
    if offer.ends_at <= offer.starts_at:
        return Finding("WINDOW_SANE", "/ends_at", "结束时间早于开始时间", "It ends before it starts.")
    if offer.ends_at <= now:
        return Finding("WINDOW_SANE", "/ends_at", "结束时间已过", "Its end has passed.")
    if offer.ends_at - offer.starts_at > LONGEST:
        return Finding("WINDOW_SANE", "/ends_at", "活动时间超过 90 天", "It is longer than 90 days.")
    if timedelta(seconds=offer.group_seconds) > offer.ends_at - offer.starts_at:
        return Finding(
            "WINDOW_SANE", "/group_seconds", "成团时限长于活动时间", "A group would live longer than the campaign."
        )
    if offer.pay_window_seconds > offer.group_seconds:
        return Finding("WINDOW_SANE", "/pay_window_seconds", "支付时限长于成团时限", "The pay window outlives a group.")
    return None


def _words(name: str, offer: GroupBuyOffer, words: tuple[str, ...], zh: str, en: str) -> Finding | None:
    texts = {
        "/title": offer.title,
        "/description": offer.description,
        "/share/title": offer.share.title,
        **{f"/rule_sheet/{part}": getattr(offer.rule_sheet, part) for part in offer.rule_sheet.__struct_fields__},
        **{f"/skus/{n}/title": sku.title for n, sku in enumerate(offer.skus)},
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
