"""What can be shared: each kind of object names its page, who may share it, and how long an opening counts.

Sharing knows no play: `app.py` fills `plugged.KINDS`, and a play hands over a `Shareable` where it shows one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from chalicelib.core.ids import CampaignId, UserId
from chalicelib.sharing.plugged import KINDS


class Sharers(StrEnum):
    """Who may share an object of a kind."""

    ANYBODY = "anybody"
    """Whoever its page is shown to."""
    OWNER = "owner"
    """Whose it is, and nobody else."""


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of object that can be shared."""

    page: str
    """Its page in the mini-program, with ``{id}`` where the object's id goes; no leading slash (WeChat's form)."""
    sharers: Sharers = Sharers.ANYBODY
    window: timedelta | None = None
    """How long an opening attributes what follows; None: to the end of its campaign."""


class Shareable(msgspec.Struct, frozen=True, kw_only=True):
    """One object as its page shows it."""

    kind: str
    id: str
    title: str
    image_url: str | None = None
    owner: UserId | None = None
    """Whose it is, where only he may share it."""
    campaign: CampaignId | None = None
    ends_at: datetime | None = None
    """When its campaign ends."""


def path(kind: str, ident: str, share_id: str) -> str:
    """Where an object's page is, opened through a share."""
    alone = opened(kind, ident)
    return f"{alone}{'&' if '?' in alone else '?'}{mark(share_id)}"


def opened(kind: str, ident: str) -> str:
    """Where an object's page is, opened by nobody's share."""
    return KINDS[kind].page.format(id=ident)


def page(kind: str) -> str:
    """The page of all objects of a kind, as a code names it: which of them is opened follows from its scene."""
    return KINDS[kind].page.partition("?")[0]


def bare_page(kind: str) -> str:
    """The page of a kind without its query, as a code names it: the code's scene says the rest."""
    return KINDS[kind].page.partition("?")[0]


def mark(share_id: str) -> str:
    """How a share stands in a page's query, and in the scene of a code (32 of WeChat's letters; this has 18)."""
    return f"s={share_id}"
