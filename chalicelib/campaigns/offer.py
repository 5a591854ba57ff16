"""What every campaign says, whatever its play: a play's own document is a subclass in `campaigns.kinds`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from chalicelib.accounts.newcomer import NewUser
from chalicelib.campaigns.gifts import ESCROWS, AfterOrder, AsCash, Budget, Category, Currency, Gift, SkuId
from chalicelib.campaigns.pickup import PickupPoint
from chalicelib.campaigns.problems import SKU_UNKNOWN
from chalicelib.campaigns.shipping import Free, Freight, Shipping, most_of
from chalicelib.core.errors import RippleError
from chalicelib.core.money import PriceFen, Saving, saving

Line = Annotated[str, Meta(min_length=1, max_length=60)]
Text = Annotated[str, Meta(min_length=1, max_length=2000, extra_json_schema={"x-multiline": True})]
Url = Annotated[str, Meta(pattern=r"^https://[^\s]{1,480}$", max_length=500)]
Instant = Annotated[datetime, Meta(tz=True)]
PosterId = Annotated[str, Meta(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
Count = Annotated[int, Meta(ge=1, le=1000)]


MOST_LEVELS = 2
"""Of invitations that anybody may gain from: his friends, and theirs (rules L1)."""


class Fulfilment(StrEnum):
    """How goods reach their buyer."""

    EXPRESS = "express"
    CITY = "city"
    PICKUP = "pickup"
    VIRTUAL = "virtual"

    @property
    def sent(self) -> bool:
        """Whether somebody brings them, which may cost freight."""
        return self in (Fulfilment.EXPRESS, Fulfilment.CITY)

    @property
    def fetched(self) -> bool:
        """Whether their buyer comes for them, to one of the pick-up points."""
        return self is Fulfilment.PICKUP


class Sells(StrEnum):
    """What the mini-program lives by, which decides whether friends may gain by joining (rules W5)."""

    GOODS = "goods"
    VIRTUAL = "virtual"
    """Courses, memberships, credits: what is used where it is bought."""


class RuleSheet(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What users must be able to read before they take part (rules W6, L5)."""

    rules_text: Text
    eligibility: Text
    result: Text
    """What exactly they get, and when."""
    refund_terms: Text
    host_name: Line
    host_contact: Line


class Goods(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One thing that is offered, and how many there are; what it costs is the play's to say."""

    sku_id: SkuId
    title: Line
    fulfilment: Fulfilment
    stock: Annotated[int, Meta(ge=1, le=1_000_000)]
    image_url: Url | None = None
    category: Category | None = None
    """What sort of thing it is, for coupons that are good for some sorts only."""
    external_sku_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None


class PricedGoods(Goods, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Goods whose price is shown beside another."""

    reference_price_fen: PriceFen
    """The price it is compared with; lawful only with its basis (rules L8)."""
    reference_basis: Annotated[str, Meta(min_length=1, max_length=200)]

    def shown(self, price_fen: int) -> dict[str, Any]:
        """What `GoodsShown` says of it at a price."""
        return {
            "sku_id": self.sku_id,
            "title": self.title,
            "fulfilment": self.fulfilment.value,
            "image_url": self.image_url,
            "reference_price_fen": self.reference_price_fen,
            "reference_basis": self.reference_basis,
            "saving": saving(price_fen, self.reference_price_fen),
        }


class GoodsShown(msgspec.Struct, kw_only=True):
    """Goods as users see them: neither their stock nor the shop's own number; a play adds its prices."""

    sku_id: str
    title: str
    fulfilment: str
    image_url: str | None
    reference_price_fen: int
    reference_basis: str
    saving: Saving


class Escrow(msgspec.Struct, frozen=True):
    """What all promises of a campaign may use up together beside goods, spread over shards as stock is."""

    name: str
    """No SKU has such an id: it begins with a sign that those may not have."""
    total: int
    at_once: int
    """The most that one promise takes."""


class Prepaid(msgspec.Struct, frozen=True):
    """Value that is sold now and spent later: the field that says how much, and how much it is (rules M1)."""

    pointer: str
    fen: int


class ShareCard(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What friends see of what is shared. There is no field for a reward: sharing is never rewarded (rules W1, W2)."""

    title: Annotated[str, Meta(min_length=1, max_length=40)]
    image_url: Url | None = None


class Offer(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True, tag_field="kind"):
    """A campaign's document: what a merchant writes, and what a snapshot keeps for ever. The tag names its play."""

    title: Line
    description: Annotated[str, Meta(max_length=2000, extra_json_schema={"x-multiline": True})] = ""
    rule_sheet: RuleSheet
    starts_at: Instant
    ends_at: Instant
    share: ShareCard
    freight: Freight = Free()
    """Of one order, beside the price of its goods."""
    shipping: Shipping = Shipping()
    pickup_points: Annotated[list[PickupPoint], Meta(max_length=50)] = []
    """Where buyers fetch what is not sent to them."""
    after_order: AfterOrder | None = None
    """What a paid order brings its buyer beside its goods."""
    sells: Sells = Sells.GOODS
    """What its mini-program sells."""
    posters: Annotated[list[PosterId], Meta(max_length=2)] = []
    """Pictures that people send instead of a card, one of a format; released before it is published."""

    @property
    def kind(self) -> str:
        """The name of its play."""
        return str(self.__struct_config__.tag)

    @property
    def goods(self) -> Sequence[Goods]:
        """What it offers from stock; none where it sells nothing."""
        return ()

    @property
    def escrows(self) -> Sequence[Escrow]:
        """What else is limited for all of its users together: the budget of what it gives, unless a play has more."""
        budget = self.gives
        parts = budget.parts() if budget is not None else ()
        return tuple(Escrow(ESCROWS[currency], total, self.most_at_once(currency)) for currency, total in parts)

    @property
    def watched(self) -> bool:
        """Whether somebody is told when its escrows run low or fast: they are drawn on by what users do."""
        return True

    @property
    def spelled(self) -> Sequence[str]:
        """By which words users find it, as those are compared (`spelling`): each is one running campaign's."""
        return ()

    @property
    def gives(self) -> Budget | None:
        """What all that it gives away may come to; None where it gives nothing."""
        return self.after_order.budget if self.after_order is not None else None

    @property
    def gifts(self) -> Sequence[Gift]:
        """Everything that it can give, each once."""
        return self.after_order.gifts(self.most_paid_fen) if self.after_order is not None else ()

    @property
    def gives_cash(self) -> bool:
        """Whether anything that it can give is money."""
        return any(isinstance(gift.form, AsCash) for gift in self.gifts)

    @property
    def earned(self) -> Sequence[Gift]:
        """Which of its gifts are a part of what friends pay for their orders: WeChat tells that from a campaign's."""
        return ()

    @property
    def unheld(self) -> Sequence[Gift]:
        """Which of its gifts are given as soon as friends did something, with no time to see whether they did."""
        return ()

    @property
    def prepaid(self) -> Sequence[Prepaid]:
        """What it sells of value that is spent later, by denomination; none is above the cap of a card."""
        return ()

    @property
    def sells_prepaid(self) -> bool:
        """Whether it sells value that is spent later, which its merchant must have filed (`WALLET_KIND`)."""
        return bool(self.prepaid)

    @property
    def friends_gain(self) -> bool:
        """Whether somebody gains by joining another who invited him."""
        return self.after_order is not None and self.after_order.packet is not None

    @property
    def is_virtual(self) -> bool:
        """Whether what is virtual is sold here (rules W5)."""
        return self.sells is Sells.VIRTUAL or any(sku.fulfilment is Fulfilment.VIRTUAL for sku in self.goods)

    @property
    def followed_by(self) -> Sequence[str]:
        """Who acts when one of its orders is confirmed (`orders.follows`)."""
        return self.after_order.followers if self.after_order is not None else ()

    def most_at_once(self, currency: Currency) -> int:
        """The most that one promise takes of that budget."""
        return max(1, self.after_order.most(currency, self.most_paid_fen)) if self.after_order is not None else 1

    @property
    def units_at_once(self) -> int:
        """Units of one SKU that one promise may take together: no stock shard is made smaller than a few of those."""
        return 1

    @property
    def dearest_fen(self) -> int:
        """The most that the goods of one order cost; 0 where it sells nothing."""
        return 0

    @property
    def most_paid_fen(self) -> int:
        """The most that is paid for one order, freight and all."""
        return self.dearest_fen + most_of(self.freight)

    @property
    def only_new(self) -> NewUser | None:
        """Who counts as new, where friends must be new to take part; None where anybody may."""
        return None

    @property
    def levels(self) -> int:
        """From how many levels of invitations below him somebody may gain (rules L1)."""
        return 0

    @property
    def decided_within(self) -> timedelta:
        """How long after a payment the play may take to decide whether its goods are sent."""
        return timedelta(0)


G = TypeVar("G", bound=Goods)


def find_sku(goods: Sequence[G], sku_id: str | None) -> G | None:
    """The SKU that is asked for; the only one needs no name."""
    if sku_id is None and len(goods) == 1:
        return goods[0]
    return next((sku for sku in goods if sku.sku_id == sku_id), None)


def sku_of(goods: Sequence[G], sku_id: str | None) -> G:
    """The SKU that is asked for. Raises `SKU_UNKNOWN`."""
    sku = find_sku(goods, sku_id)
    if sku is None:
        raise RippleError(SKU_UNKNOWN, "/sku_id", sku_id=sku_id or "")
    return sku
