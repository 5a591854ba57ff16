"""What a merchant still lacks before he may give cash, each thing by itself and with what to do about it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from chalicelib.core.money import yuan

if TYPE_CHECKING:
    # Storage stands behind it, and rules load none.
    from chalicelib.merchants.cash import CashTerms

LEAST_FEN = 10
"""WeChat transfers no less at once (rules M4)."""


class NeededFor(StrEnum):
    """Which cash cannot be given without it."""

    ALL = "all"
    GIFTS = "gifts"
    """What a campaign gives."""
    COMMISSION = "commission"
    """A part of what friends pay for their orders."""


class Lack(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is missing: the field of `CashTerms` that does not say it, and what to do, in both languages."""

    code: str
    needed_for: NeededFor
    zh: str
    en: str


COMPANY = Lack(
    code="kind",
    needed_for=NeededFor.ALL,
    zh="仅企业商户可以发放现金（kind 为 company）：微信不向个体工商户和小微商户开放商家转账，请改为余额、积分或优惠券",
    en="Only a company may give cash (`kind` is company): WeChat opens transfers to nobody else. Give balance, points"
    " or coupons instead.",
)
MARKETING = Lack(
    code="marketing",
    needed_for=NeededFor.GIFTS,
    zh="缺少“现金营销”转账场景：请在微信支付商户平台申请，通过后填写 marketing",
    en="The transfer scene 现金营销 is missing: ask for it in WeChat Pay's merchant platform, and say it in `marketing`"
    " once it is approved.",
)
COMMISSION = Lack(
    code="commission",
    needed_for=NeededFor.COMMISSION,
    zh="缺少“佣金报酬”转账场景：请在微信支付商户平台申请，通过后填写 commission（岗位类型 post、报酬说明 description）",
    en="The transfer scene 佣金报酬 is missing: ask for it in WeChat Pay's merchant platform, and say it in"
    " `commission` with its post and description once it is approved.",
)
EGRESS_ADDRESS = Lack(
    code="egress_address",
    needed_for=NeededFor.ALL,
    zh="缺少固定出口 IP：请在微信支付商户平台把它加入商家转账的 IP 白名单，并填写 egress_address",
    en="The fixed address is missing: let WeChat Pay's merchant platform accept it for transfers, and say it in"
    " `egress_address`.",
)


def lacks(
    terms: CashTerms | None, operations_fen: int, *, gifts: bool, commission: bool, budget_fen: int
) -> list[Lack]:
    """What is missing for cash out of a budget of so much, as a campaign's gifts, as commission, or as both."""
    found = []
    if terms is None or not terms.is_company:
        found.append(COMPANY)
    if gifts and (terms is None or terms.marketing is None):
        found.append(MARKETING)
    if commission and (terms is None or terms.commission is None):
        found.append(COMMISSION)
    if terms is None or terms.egress_address is None:
        found.append(EGRESS_ADDRESS)
    if operations_fen < budget_fen:
        found.append(_operations(operations_fen, budget_fen))
    return found


def _operations(has_fen: int, needs_fen: int) -> Lack:
    has, needs = yuan(has_fen), yuan(needs_fen)
    return Lack(
        code="operations_fen",
        needed_for=NeededFor.ALL,
        zh=f"运营账户有 {has}，现金预算需要 {needs}：请在微信支付商户平台充值后更新 operations_fen，或降低现金预算",
        en=f"The operations account has {has}, and the cash budget needs {needs}: top it up in WeChat Pay's merchant"
        " platform and say so in `operations_fen`, or lower the cash budget.",
    )
