"""What is stored of punch cards: the card, and each use of it, both where their family is."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.ids import MerchantId
from chalicelib.core.table import IntAttribute, Item, Key, TimeAttribute, table
from chalicelib.punchcards.states import CardState

PLAY = "punchcard"

BUYER = "buyer"
"""What a payer is there."""

CARDS, USES = "CRD#", "USE#"
"""How the sort keys of a family's cards, and of the uses of them, begin."""


class Card(Item):
    """A card: so many units of a service. ``units = left + used + back_units``, always."""

    letter = "F"
    prefix = CARDS

    uid = UnicodeAttribute()
    """Who bought it."""
    cid = UnicodeAttribute()
    sku = UnicodeAttribute()
    title = UnicodeAttribute()
    units = IntAttribute()
    left = IntAttribute()
    price_fen = IntAttribute()
    """What was paid for it, with money and else."""
    bought_at = TimeAttribute()
    back_units = IntAttribute(null=True)
    """Units that were not used when they were paid back."""
    back_fen = IntAttribute(null=True)
    """What was paid back for them."""
    back_at = TimeAttribute(null=True)

    @property
    def fid(self) -> str:
        """Whose it is: a family's."""
        return self.pk.split("#", 1)[1]

    @property
    def oid(self) -> str:
        """The order that bought it."""
        return self.sk.removeprefix(self.prefix)

    @property
    def used(self) -> int:
        """How many units were used."""
        return self.units - self.left - (self.back_units or 0)

    @property
    def state(self) -> CardState:
        """Where it is."""
        if self.back_at is not None:
            return CardState.PAID_BACK
        return CardState.GOOD if self.left else CardState.USED_UP


class CardUse(Item):
    """Units of a card that a member used with one pass; it stays when it is undone."""

    letter = "F"
    prefix = USES

    uid = UnicodeAttribute()
    """Who used them."""
    units = IntAttribute()
    by = UnicodeAttribute()
    """The merchant's key that scanned the pass."""
    at = TimeAttribute()
    undone_at = TimeAttribute(null=True)
    undone_by = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)
    """Why it was undone."""

    @property
    def fid(self) -> str:
        """Whose card."""
        return self.pk.split("#", 1)[1]

    @property
    def use_id(self) -> str:
        """Its id among its family's: the pass's."""
        return self.sk.removeprefix(self.prefix)

    @property
    def oid(self) -> str:
        """Which card."""
        return self.use_id.partition(".")[0]


def card_key(mid: MerchantId, fid: str, oid: str) -> Key:
    """Where a card stands."""
    return table(mid).key("F", fid, sk=f"{CARDS}{oid}")


def use_key(mid: MerchantId, fid: str, use_id: str) -> Key:
    """Where it stands what was used with a pass."""
    return table(mid).key("F", fid, sk=f"{USES}{use_id}")


def object_id(cid: str, fid: str, units: int) -> str:
    """What an order calls its card: for which family, and of how many units, whatever its campaign says later.

    >>> family_of(object_id("PDMB2GJ341SCPWKG2QN7HENYK4", "01J8ZC5V3M7QK9T2X4B6N8R0WD", 10))
    '01J8ZC5V3M7QK9T2X4B6N8R0WD'
    >>> units_of(object_id("PDMB2GJ341SCPWKG2QN7HENYK4", "01J8ZC5V3M7QK9T2X4B6N8R0WD", 10))
    10
    """
    return f"{cid}-{fid}-{units}"


def family_of(named: str) -> str:
    """The family that `object_id` wrote."""
    return named.split("-")[1]


def units_of(named: str) -> int:
    """The units that `object_id` wrote."""
    return int(named.split("-")[2])
