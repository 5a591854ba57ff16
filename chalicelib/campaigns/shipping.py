"""What bringing goods to their buyer costs, and until when a merchant sends them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, get_args

import msgspec
from msgspec import Meta

from chalicelib.campaigns.problems import NOT_DELIVERED_THERE, REGION_NEEDED
from chalicelib.core.errors import RippleError
from chalicelib.core.money import Fen, PriceFen

if TYPE_CHECKING:
    from chalicelib.campaigns.offer import Fulfilment

MOST_FREIGHT_FEN = 1000_00
MOST_HOURS = 330 * 24
"""WeChat takes no later shipping, not even one that was reported to it (rules W17)."""
UNREPORTED_HOURS = 15 * 24
"""What takes longer must be reported to WeChat as a presale (rules W17)."""

# fmt: off
Province = Literal[
    "北京市", "天津市", "河北省", "山西省", "内蒙古自治区", "辽宁省", "吉林省", "黑龙江省",
    "上海市", "江苏省", "浙江省", "安徽省", "福建省", "江西省", "山东省", "河南省",
    "湖北省", "湖南省", "广东省", "广西壮族自治区", "海南省", "重庆市", "四川省", "贵州省",
    "云南省", "西藏自治区", "陕西省", "甘肃省", "青海省", "宁夏回族自治区", "新疆维吾尔自治区", "台湾省",
    "香港特别行政区", "澳门特别行政区",
]
# fmt: on
"""The first part of an address as ``wx.chooseAddress`` names it."""

PROVINCES: dict[str, Province] = {name[:2]: name for name in get_args(Province)}
"""Every province by the two letters that tell it from all others."""

ProvinceName = Annotated[str, Meta(min_length=1, max_length=32)]
"""A province as a buyer names it: in full, or as short as ``广东``."""

FreightFen = Annotated[int, Meta(ge=0, le=MOST_FREIGHT_FEN)]


class Free(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind", tag="free"):
    """Nobody pays freight."""


class Flat(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind", tag="flat"):
    """One freight for everybody."""

    fen: Annotated[int, Meta(ge=1, le=MOST_FREIGHT_FEN)]
    free_from_fen: PriceFen | None = None
    """No freight from this total of goods on."""


class Region(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Provinces with one freight."""

    provinces: Annotated[list[Province], Meta(min_length=1, max_length=34)]
    fen: FreightFen


class ByRegion(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind", tag="region"):
    """Freight by where the goods go."""

    otherwise_fen: FreightFen | None
    """In provinces that no region names; None where nothing is delivered there."""
    regions: Annotated[list[Region], Meta(min_length=1, max_length=34)]
    free_from_fen: PriceFen | None = None
    """No freight from this total of goods on, wherever they are delivered."""


Freight = Free | Flat | ByRegion


class Shipping(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Until when goods go out, count as received, and may be asked back."""

    within_hours: Annotated[int, Meta(ge=1, le=MOST_HOURS)] = 48
    """Counted from payment."""
    presale: bool = False
    """Made or bought after they are sold; WeChat is told so (rules W17)."""
    complete_days: Annotated[int, Meta(ge=1, le=30)] = 10
    """How many days after they went out they count as received."""
    return_days: Annotated[int, Meta(ge=0, le=30)] = 7
    """For how many days after that the buyer may ask for his money; seven is the law for most goods."""


class Reason(StrEnum):
    """Why a freight is what it is."""

    NOT_SENT = "not_sent"
    FREE = "free"
    FLAT = "flat"
    REGION = "region"
    OTHERWISE = "otherwise"
    FREE_FROM = "free_from"


class Charge(NamedTuple):
    """A freight, why it is that, and the province where that decided."""

    fen: Fen
    reason: Reason
    province: Province | None = None


def most_of(freight: Freight) -> int:
    """The most that anybody pays for freight, in fen."""
    if isinstance(freight, Free):
        return 0
    return (
        freight.fen if isinstance(freight, Flat) else max(freight.otherwise_fen or 0, *(r.fen for r in freight.regions))
    )


def province_called(name: str | None) -> Province | None:
    """The province of that name; None for what is none."""
    return PROVINCES.get(name.strip()[:2]) if name else None


def freight_of(freight: Freight, fulfilment: Fulfilment, goods_fen: int, province: str | None) -> Fen:
    """What is paid for bringing goods of that total to that province.

    Raises `REGION_NEEDED`, `NOT_DELIVERED_THERE`.
    """
    return charge(freight, fulfilment, goods_fen, province).fen


def charge(freight: Freight, fulfilment: Fulfilment, goods_fen: int, province: str | None) -> Charge:
    """As `freight_of`, with its reason."""
    if not fulfilment.sent:
        return Charge(Fen(0), Reason.NOT_SENT)
    if isinstance(freight, Free):
        return Charge(Fen(0), Reason.FREE)
    reached = freight.free_from_fen is not None and goods_fen >= freight.free_from_fen
    if isinstance(freight, Flat):
        return Charge(Fen(0), Reason.FREE_FROM) if reached else Charge(Fen(freight.fen), Reason.FLAT)
    if reached and freight.otherwise_fen is not None:
        return Charge(Fen(0), Reason.FREE_FROM)
    charged = _by_region(freight, province_called(province))
    return charged._replace(fen=Fen(0), reason=Reason.FREE_FROM) if reached else charged


def _by_region(freight: ByRegion, province: Province | None) -> Charge:
    if province is None:
        raise RippleError(REGION_NEEDED, "/province")
    for region in freight.regions:
        if province in region.provinces:
            return Charge(Fen(region.fen), Reason.REGION, province)
    if freight.otherwise_fen is None:
        raise RippleError(NOT_DELIVERED_THERE, "/province", province=province)
    return Charge(Fen(freight.otherwise_fen), Reason.OTHERWISE, province)
