"""What a client sees of shares and entries."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.sharing.rules import Attribution


class LiveCard(msgspec.Struct, kw_only=True):
    """A card that shows how many are there, for ``wx.updateShareMenu({isUpdatableMessage: true, activityId, …})``."""

    activity_id: str
    member_count: int
    room_limit: int
    """Both go, as texts, into ``templateInfo.parameterList``."""
    until: datetime
    """It shows changes before this."""


class Share(msgspec.Struct, kw_only=True):
    """What the page hands to ``onShareAppMessage``; sharing itself is never rewarded (rules W1, W2)."""

    title: str
    image_url: str | None
    path: str
    share_id: str
    scene: str
    """What goes into a code's ``scene``."""
    short_link: str | None
    """To be pasted into a chat, once it was asked for and while it lives."""
    card: LiveCard | None = None
    """While others may come, where WeChat made one."""


class Person(msgspec.Struct, kw_only=True):
    """Somebody as strangers see him: masked."""

    nickname: str
    avatar_url: str | None


class CameBy(msgspec.Struct, kw_only=True):
    """By whose share somebody came to what he then took part in."""

    user_id: str
    evidence: str
    """opened | claimed | proved: how sure that is."""
    opened_at: datetime

    @classmethod
    def of(cls, attribution: Attribution | None) -> CameBy | None:
        """As its merchant sees it; None where he came by nobody's."""
        if attribution is None:
            return None
        evidence = attribution.evidence.value
        return cls(user_id=attribution.sharer, evidence=evidence, opened_at=attribution.opened_at)


class Opened(msgspec.Struct, kw_only=True):
    """What is to be opened."""

    kind: str
    id: str
    path: str


class EntryView(msgspec.Struct, kw_only=True):
    """What to open, and who invited."""

    open: Opened
    inviter: Person | None
    """Whose share it is; none where it is one's own."""
    counted: bool
    """Whether it is noted that one came by this share."""
    why_not: str | None
    """own | timeline | ended | no_share: why it is not."""
    evidence: str | None
    """opened | claimed | proved: how sure that is."""
    code: str | None
    """A text code in what was pasted, to be filled in where codes are typed; whether it is genuine is not asked."""
    now: datetime


class ShortLink(msgspec.Struct, kw_only=True):
    """A Short Link, which opens the page when it is pasted into a chat."""

    short_link: str
    until: datetime
    """It is shown before this; then ask for another."""


class ShareCode(msgspec.Struct, kw_only=True):
    """A mini-program code, which opens the page when it is scanned."""

    url: str
    """Where its picture is, for whoever has this link."""
    until: datetime
    """The link opens before this; then ask for another. The code itself opens its page for ever."""
    media: str
    """``image/png`` or ``image/jpeg``."""
    page: str
    scene: str
    """What whoever scans it finds in the page's query as ``scene``, URL-encoded, for `POST /v1/entries`."""


class ShareText(msgspec.Struct, kw_only=True):
    """A line to send instead of a card."""

    text: str
    how: Literal["link", "mark"]
    """link: WeChat opens its Short Link · mark: it is to be pasted inside the mini-program, for `POST /v1/entries`."""
    until: datetime | None
    """From then on ask for another: it opens nothing, or whoever comes by it came by nobody; null: never."""


class PrivateCard(msgspec.Struct, kw_only=True):
    """What ``wx.updateShareMenu({isPrivateMessage: true, activityId})`` takes."""

    activity_id: str
    share_until: datetime
    """The card can be sent before this."""
    prove_until: datetime
    """Whoever received it can prove it before this."""
