"""The document of a group-buy campaign: what a merchant writes, and what a snapshot keeps for ever."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.core.money import PriceFen

Line = Annotated[str, Meta(min_length=1, max_length=60)]
Text = Annotated[str, Meta(min_length=1, max_length=2000, extra_json_schema={"x-multiline": True})]
Url = Annotated[str, Meta(pattern=r"^https://[^\s]{1,480}$", max_length=500)]
SkuId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
Instant = Annotated[datetime, Meta(tz=True)]
Count = Annotated[int, Meta(ge=1, le=1000)]


class Fulfilment(StrEnum):
    """How goods reach their buyer."""

    EXPRESS = "express"
    CITY = "city"
    PICKUP = "pickup"
    VIRTUAL = "virtual"


class AtExpiry(StrEnum):
    """What happens to a group that did not fill: everybody is refunded, or the price is honoured for whoever paid."""

    REFUND = "refund"
    HONOUR_PRICE = "honour_price"


class RuleSheet(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What users must be able to read before they take part (rules W6, L5)."""

    rules_text: Text
    eligibility: Text
    result: Text
    """What exactly they get, and when."""
    refund_terms: Text
    host_name: Line
    host_contact: Line


class Sku(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One thing that is sold."""

    sku_id: SkuId
    title: Line
    fulfilment: Fulfilment
    price_fen: PriceFen
    """The group price."""
    leader_price_fen: PriceFen | None = None
    reference_price_fen: PriceFen
    """The price it is compared with; lawful only with its basis (rules L8)."""
    reference_basis: Annotated[str, Meta(min_length=1, max_length=200)]
    stock: Annotated[int, Meta(ge=1, le=1_000_000)]
    image_url: Url | None = None
    external_sku_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None


class Limits(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What one user may take of a campaign; each is counted by itself."""

    open: Count = 3
    """Groups opened."""
    join: Count = 10
    """Groups joined."""
    take_part: Count = 10
    """Live seats, opened or joined."""


class ShareCard(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What friends see of a shared group. There is no field for a reward: sharing is never rewarded (rules W1, W2)."""

    title: Annotated[str, Meta(min_length=1, max_length=40)]
    image_url: Url | None = None


class GroupBuyOffer(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A whole group-buy campaign."""

    title: Line
    description: Annotated[str, Meta(max_length=2000, extra_json_schema={"x-multiline": True})] = ""
    rule_sheet: RuleSheet
    skus: Annotated[list[Sku], Meta(min_length=1, max_length=8)]
    size: Annotated[int, Meta(ge=2, le=50)]
    starts_at: Instant
    ends_at: Instant
    group_seconds: Annotated[int, Meta(ge=600, le=7 * 86_400)] = 86_400
    pay_window_seconds: Annotated[int, Meta(ge=180, le=7200)] = 900
    limits: Limits = Limits()
    at_expiry: AtExpiry = AtExpiry.REFUND
    share: ShareCard
