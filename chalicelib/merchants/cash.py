"""How a merchant pays cash: his kind, the scenes that WeChat gave him, his limits, and what his account has.

Nothing may be published that gives cash before all of it is there (`CASH_READY`), and transfers are made by it.
"""

from __future__ import annotations

import time
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta
from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.config import config
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.core.table import Key, StructAttribute, TimeAttribute, table
from chalicelib.merchants.items import Setup


class MerchantKind(StrEnum):
    """What a merchant is; WeChat lets only companies transfer."""

    COMPANY = "company"
    INDIVIDUAL = "individual"
    """个体工商户"""
    MICRO = "micro"
    """小微商户"""


SceneId = Annotated[str, Meta(pattern=r"^[0-9]{1,36}$")]
Said = Annotated[str, Meta(min_length=1, max_length=32)]
Fen = Annotated[int, Meta(ge=1, le=10_000_000_000)]
OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
Address = Annotated[str, Meta(pattern=rf"^({OCTET}\.){{3}}{OCTET}$")]


class Marketing(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """现金营销: what campaigns give, as WeChat approved it."""

    scene_id: SceneId = "1000"
    red_packet: bool = False
    """Whether the user sees a red packet, for up to 200 yuan; the scene must have it."""


class Commission(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """佣金报酬: what somebody earns with his friends' orders, as WeChat approved it, and what WeChat is told of it."""

    scene_id: SceneId = "1005"
    post: Said
    """岗位类型"""
    description: Said
    """报酬说明"""


class CashLimits(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What one user may be paid."""

    times_a_day: Annotated[int, Meta(ge=1, le=100)] = 10
    fen_a_day: Fen = 100_000
    fen_a_year: Fen = 1_000_000
    most_fen: Fen = 20_000
    """At once; what the scene allows stands in WeChat's merchant platform."""


class CashTerms(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """How a merchant pays cash, as he said it."""

    kind: MerchantKind
    marketing: Marketing | None = None
    """Absent until WeChat has approved the scene."""
    commission: Commission | None = None
    egress_address: Address | None = None
    """The address that WeChat's merchant platform lets call its transfer API."""
    operations_fen: Annotated[int, Meta(ge=0, le=100_000_000_000)] = 0
    """What the operations account has, as the merchant saw it."""
    limits: CashLimits = CashLimits()
    paused: bool = False
    """Nothing is asked for or offered while this stands; what is on its way ends as WeChat says."""

    @property
    def is_company(self) -> bool:
        """Whether WeChat lets him transfer at all."""
        return self.kind is MerchantKind.COMPANY


class CashSetup(Setup):
    """A merchant's cash; it is due each morning for the comparison with the operations account's bill."""

    letter = "MER"
    prefix = "CASH"

    terms = StructAttribute[CashTerms](CashTerms)
    seen_fen = StructAttribute[int](int, null=True)
    """What the account had after the last line of the last bill."""
    seen_at = TimeAttribute(null=True)
    """When that line was booked."""
    flow_day = UnicodeAttribute(null=True)
    """The next day in China whose bill is compared."""


def setup_key(mid: MerchantId) -> Key:
    """Where a merchant's cash set-up stands."""
    return table(mid).key("MER", sk="CASH")


_kept: dict[MerchantId, tuple[float, CashTerms | None]] = {}


def terms(mid: MerchantId) -> CashTerms | None:
    """How the merchant pays cash, at most `Config.cache_seconds` old; None where he has not said."""
    kept = _kept.get(mid)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    found = read_one(CashSetup, setup_key(mid))
    said = found.terms if found is not None else None
    if config().cache_seconds > 0:
        _kept[mid] = time.monotonic() + config().cache_seconds, said
    return said


def forget(mid: MerchantId) -> None:
    """Read it anew the next time."""
    _kept.pop(mid, None)


def operations_fen(setup: CashSetup) -> tuple[int, datetime]:
    """What the operations account has, by whoever saw it last, and when that was."""
    if setup.seen_fen is not None and setup.seen_at is not None and setup.seen_at > setup.said_at:
        return setup.seen_fen, setup.seen_at
    return setup.terms.operations_fen, setup.said_at
