"""A merchant's posters as they are stored: a draft, and what of it was released last, which is what people get."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pynamodb.attributes import UnicodeAttribute

from chalicelib.campaigns.poster_states import TemplateState
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table
from chalicelib.pictures.document import Poster


class Template(Item):
    """A poster that a merchant writes. Its release stays as it is while the draft is changed."""

    letter = "PT"
    prefix = "META"

    state = StateAttribute(TemplateState)
    edition = IntAttribute()
    """Of the draft; one more with every change."""
    draft = StructAttribute[Poster](Poster)
    released = IntAttribute()
    """How often it was released; 0: never."""
    release = StructAttribute[Poster](Poster, null=True)
    """The document that was released last."""
    released_at = TimeAttribute(null=True)
    fingerprint = UnicodeAttribute()
    created_at = TimeAttribute()
    updated_at = TimeAttribute()

    @property
    def poster_id(self) -> str:
        """Its id."""
        return self.pk.split("#", 1)[1]

    @property
    def given(self) -> Poster | None:
        """What people get of it now."""
        return self.release if self.state is TemplateState.RELEASED else None


def template_key(mid: MerchantId, poster_id: str) -> Key:
    """Where a poster stands."""
    return table(mid).key("PT", poster_id)


def template_index(mid: MerchantId) -> str:
    """The index partition of a merchant's posters, the newest last."""
    return table(mid).pk("PT")


def given(found: Found, mid: MerchantId, ids: Iterable[str]) -> Mapping[str, Poster]:
    """Which of these posters people get now, and how, of what a read round found at their keys."""
    items = ((ident, found.item(Template, template_key(mid, ident))) for ident in ids)
    return {ident: item.given for ident, item in items if item is not None and item.given is not None}
