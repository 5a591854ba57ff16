"""Where buyers fetch what is not sent to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from chalicelib.core.errors import INVALID_FIELD, RippleError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.campaigns.offer import Goods

PointId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,32}$")]


class PickupPoint(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One place where goods are fetched."""

    point_id: PointId
    name: Annotated[str, Meta(min_length=1, max_length=60)]
    address: Annotated[str, Meta(min_length=1, max_length=200)]
    hours: Annotated[str, Meta(min_length=1, max_length=100)] | None = None
    """When it is open, in the merchant's words."""
    phone: Annotated[str, Meta(pattern=r"^\+?[0-9][0-9-]{3,17}[0-9]$", max_length=20)] | None = None


def point_called(points: Sequence[PickupPoint], point_id: str | None) -> PickupPoint | None:
    """The point of that id; None where there is none."""
    return next((point for point in points if point.point_id == point_id), None)


def chosen(points: Sequence[PickupPoint], goods: Goods, asked: str | None) -> str | None:
    """The id of the point where somebody fetches ``goods``: the one he asked for, or the only one there is.

    None for goods that are not fetched. Raises `INVALID_FIELD`.
    """
    if not goods.fulfilment.fetched:
        if asked is not None:
            raise _wrong("该商品不是自提商品，无需自提点", "its goods are not fetched by their buyer")
        return None
    if asked is None and len(points) <= 1:
        return points[0].point_id if points else None
    point = point_called(points, asked)
    if point is None:
        ids = [point.point_id for point in points]
        raise _wrong(f"请选择自提点：{'、'.join(ids) or '无'}", f"choose one of: {', '.join(ids) or 'none'}")
    return point.point_id


def _wrong(zh: str, en: str) -> RippleError:
    return RippleError(INVALID_FIELD, "/pickup_point", reason=(zh, en))
