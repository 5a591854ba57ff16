"""What is stored of pictures that merchants sent, of posters' releases, and of what was made for people.

A poster's template stands in `campaigns.posters`, since a campaign is published with it.
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.table import IntAttribute, Item, Key, StructAttribute, TimeAttribute, table
from chalicelib.pictures.document import Format, LeftOut, Poster


class Picture(Item):
    """A picture that a merchant sent, as the drawing function has taken it; it never changes."""

    letter = "PX"
    prefix = "META"

    name = UnicodeAttribute()
    """What the merchant calls it."""
    file = UnicodeAttribute()
    """Where it lies in the bucket."""
    media = UnicodeAttribute()
    width = IntAttribute()
    height = IntAttribute()
    size = IntAttribute()
    """Bytes."""
    reads = UnicodeAttribute(null=True)
    """What a QR code in it says."""
    fingerprint = UnicodeAttribute()
    created_at = TimeAttribute()
    created_by = UnicodeAttribute()

    @property
    def picture_id(self) -> str:
        """Its id."""
        return self.pk.split("#", 1)[1]


class Release(Item):
    """What of a poster was released once; it never changes."""

    letter = "PT"
    prefix = "REL#"

    document = StructAttribute[Poster](Poster)
    rules = UnicodeAttribute()
    """By which words it was judged."""
    released_at = TimeAttribute()
    released_by = UnicodeAttribute()


class Everyday(Item):
    """Which posters stand for the shares of a kind where no campaign says so."""

    letter = "PTK"
    prefix = "META"

    edition = IntAttribute()
    posters = StructAttribute[dict[Format, str]](dict[Format, str])
    """One of a format."""
    updated_at = TimeAttribute()


class MadePoster(Item):
    """A poster that was made for somebody's share; one a share and format, the last one."""

    letter = "U"
    prefix = "PIC#"

    look = UnicodeAttribute()
    """A digest of all that it shows: another look is another picture."""
    file = UnicodeAttribute()
    width = IntAttribute()
    height = IntAttribute()
    left_out = StructAttribute[list[LeftOut]](list[LeftOut])
    made_at = TimeAttribute()
    until = TimeAttribute()
    """It is made anew after this: its file goes, or what was left out may be had again."""


def picture_key(mid: MerchantId, picture_id: str) -> Key:
    """Where a picture stands."""
    return table(mid).key("PX", picture_id)


def picture_index(mid: MerchantId) -> str:
    """The index partition of a merchant's pictures, the newest last."""
    return table(mid).pk("PX")


def release_key(mid: MerchantId, poster_id: str, number: int) -> Key:
    """Where a poster's release stands."""
    return table(mid).key("PT", poster_id, sk=f"{Release.prefix}{number:05d}")


def everyday_key(mid: MerchantId, kind: str) -> Key:
    """Where the everyday posters of a kind stand."""
    return table(mid).key("PTK", kind)


def made_key(mid: MerchantId, uid: UserId, share: str, form: Format) -> Key:
    """Where somebody's poster of a share stands."""
    return table(mid).key("U", uid, sk=f"{MadePoster.prefix}{share}#{form.value}")
