"""A poster as data: its words, colours, pictures and where they stand; and what is wrong with one.

Lengths are pixels of the finished picture.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

Colour = Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$")]
PictureId = Annotated[str, Meta(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
"""A picture that the merchant has sent."""

WIDTH = 1080
"""Of every poster."""


class Format(StrEnum):
    """What a poster is for."""

    TALL = "tall"
    """9:16, a phone's whole screen: for Moments and albums."""
    SQUARE = "square"
    """For chats and lists."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return WIDTH, 1920 if self is Format.TALL else 1080


class Layout(StrEnum):
    """How a poster is divided, where its document says nothing else."""

    BAND = "band"
    """The title on a band of the accent colour, the code in a foot of its own."""
    PHOTO = "photo"
    """A picture over the upper half, the words below it."""
    CARD = "card"
    """Everything on a light card with a margin."""


class Part(StrEnum):
    """What stands on a poster, each once but for points and stickers."""

    BACKGROUND = "background"
    PICTURE = "picture"
    TITLE = "title"
    SUBTITLE = "subtitle"
    BENEFIT = "benefit"
    POINTS = "points"
    ENDORSEMENT = "endorsement"
    ACTION = "action"
    NOTE = "note"
    PERSON = "person"
    """Portrait and name of whoever shares."""
    CODE = "code"
    STICKERS = "stickers"


class Box(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Where something stands: left, top, width and height."""

    x: Annotated[int, Meta(ge=0, le=1080)]
    y: Annotated[int, Meta(ge=0, le=1920)]
    w: Annotated[int, Meta(ge=1, le=1080)]
    h: Annotated[int, Meta(ge=1, le=1920)]


class Words(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What a poster says."""

    title: Annotated[str, Meta(min_length=1, max_length=60)]
    subtitle: Annotated[str, Meta(min_length=1, max_length=80)] | None = None
    benefit: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    """What whoever scans gets, such as a saving; rules W1: never for the share."""
    points: Annotated[list[Annotated[str, Meta(min_length=1, max_length=60)]], Meta(max_length=8)] = []
    """Selling points."""
    endorsement: Annotated[str, Meta(min_length=1, max_length=80)] | None = None
    """Who speaks for it."""
    action: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    """What to do, beside the code."""
    note: Annotated[str, Meta(min_length=1, max_length=120)] | None = None
    """Small print: until when, for whom."""


class Palette(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A poster's colours."""

    background: Colour = "#fff7ee"
    ink: Colour = "#2b1d14"
    accent: Colour = "#c8321f"
    accent_ink: Colour = "#ffffff"
    """Of words on the accent colour."""


class Sticker(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Something laid over the rest: a picture, or a few words on a colour."""

    box: Box
    picture: PictureId | None = None
    text: Annotated[str, Meta(min_length=1, max_length=20)] | None = None
    colour: Colour = "#c8321f"
    ink: Colour = "#ffffff"


class Poster(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A poster's document, which a merchant writes."""

    name: Annotated[str, Meta(min_length=1, max_length=40)]
    """For the merchant himself; nobody else reads it."""
    format: Format
    layout: Layout = Layout.BAND
    words: Words
    palette: Palette = Palette()
    background: PictureId | None = None
    picture: PictureId | None = None
    shows_person: bool = True
    """Whether portrait and name of whoever shares stand on it."""
    places: dict[Part, Box] = {}
    """Where parts stand that do not stand where the layout puts them."""
    stickers: Annotated[list[Sticker], Meta(max_length=6)] = []

    @property
    def pictures(self) -> list[PictureId]:
        """The pictures that it needs, each once."""
        wanted = [self.background, self.picture, *(sticker.picture for sticker in self.stickers)]
        return list(dict.fromkeys(picture for picture in wanted if picture is not None))


class Mistake(StrEnum):
    """The ten usual mistakes of posters."""

    PROPORTIONS = "proportions"
    CLUTTER = "clutter"
    CONTRAST = "contrast"
    CODE = "code"
    """Covered, shrunken, without its margin, or not to be read."""
    TOO_MUCH_TEXT = "too_much_text"
    EXAGGERATED = "exaggerated"
    RESOLUTION = "resolution"
    NO_ACTION = "no_action"
    NO_BENEFIT = "no_benefit"
    UNREADABLE = "unreadable"
    """Too small on a phone."""


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """A mistake of one poster: which, where, and what to do."""

    mistake: Mistake
    zh: str
    en: str
    part: Part | None = None
    box: Box | None = None
    """Where it is on the picture; None where something is missing."""
    pointer: str | None = None
    """The field of the document, where it is one field's."""
    measured: dict[str, float] = {}
    """What was measured, and the limit."""


class LeftOut(msgspec.Struct, frozen=True):
    """What could not be drawn and was left out: a person's portrait, and why (a `Refusal`)."""

    part: Part
    why: str
