"""Entries: somebody opens what another shared. It is noted once a person and object, and grants nothing (rules W2)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import NamedTuple

import msgspec

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns.live import any_live
from chalicelib.campaigns.states import CampaignState
from chalicelib.core import clock
from chalicelib.core.decision import decided
from chalicelib.core.errors import UNAUTHENTICATED, RippleError
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.store import read
from chalicelib.core.table import Key
from chalicelib.core.transaction import beginning, update_one, upsert_one
from chalicelib.sharing import proof as proofs
from chalicelib.sharing import rules, text_codes
from chalicelib.sharing.items import Entry, Sharing, entry_key, share_id, share_key
from chalicelib.sharing.plugged import KINDS, MARKS, WORDS
from chalicelib.sharing.proof import PrivateProof
from chalicelib.sharing.refusals import SHARE_UNKNOWN
from chalicelib.sharing.rules import Evidence, NotCounted, Opening

MARK = re.compile(r"(?:^|[?&])s=([0-9A-HJKMNP-TV-Z]{16})(?:$|&)")
"""A share in a query, and in the scene of a code."""

PASTED = re.compile(r"(?<![0-9A-Za-z])s=([0-9A-HJKMNP-TV-Z]{16})(?![0-9A-Za-z])")
"""A share in a text that somebody pastes."""


MOST_WORDS = 3
"""Words of a text that are looked up: a date or a phone number may stand before a code."""


class Target(msgspec.Struct, frozen=True):
    """What a share leads to, and whose it is."""

    uid: UserId
    kind: str
    object: str


class Word(msgspec.Struct, frozen=True):
    """What may stand in a text instead of a share: its form, and what it leads to (None: nothing)."""

    form: re.Pattern[str]
    find: Callable[[MerchantId, str], Target | None]


class Mark(msgspec.Struct, frozen=True):
    """What may stand in a scene or a query instead of a share: its form, whose group is an object's id."""

    form: re.Pattern[str]
    kind: str
    """Of that object."""
    is_there: Callable[[MerchantId, str], bool]


class Led(msgspec.Struct, frozen=True):
    """What a mark leads to; nobody is known to have shared it."""

    kind: str
    object: str


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody comes: by the scene of a code, the query of a page, or a text; one of them."""

    scene: str | None = None
    query: str | None = None
    text: str | None = None


class Entered(msgspec.Struct, frozen=True):
    """Where somebody came to, and by whom."""

    target: Target
    share: str
    sharer: User | None
    """None where he is not known any more."""
    not_counted: NotCounted | None
    evidence: Evidence | None
    code: text_codes.Found | None
    """A text code that came with it."""


class Named(NamedTuple):
    """What a way names: a share; where a word stands for it, what that leads to; and the text beside it."""

    share: str | None
    target: Target | None
    rest: str


def enter(
    mid: MerchantId, uid: UserId, way: Way, scene_value: int, proof: PrivateProof | None
) -> Entered | text_codes.Found | Led:
    """Note that a user opens what somebody shared; a text with a code and no share leads to that code alone.

    A share comes before a word, and a word before a code; in a scene or a query, a share before another mark. Raises
    `SHARE_UNKNOWN` where there is none of them.
    """
    share, word, rest = _named(mid, way)
    code = text_codes.find(rest)
    if share is None:
        return _alone(mid, code, way)
    keys = share_key(mid, share), user_key(mid, uid)
    found = read(*keys)
    row, user = found.item(Sharing, keys[0]), found.item(User, keys[1])
    target = word or (Target(UserId(row.uid), row.kind, row.object) if row else None)
    if target is None:
        return _alone(mid, code, way)
    if user is None:
        raise RippleError(UNAUTHENTICATED)
    sure = proofs.evidence(user, proof, row.activities if row else [])
    now = clock.now()
    opening = Opening(
        uid=uid,
        sharer=target.uid,
        share=share,
        scene_value=scene_value,
        evidence=sure,
        at=now,
        until=rules.until(now, KINDS[target.kind].window, _over_at(mid, row, now)),
    )
    refused = rules.not_counted(opening)
    sharer = _noted(mid, target, opening, row.campaign if row else None, refused)
    return Entered(target, share, sharer, refused, None if refused else sure, code)


def _over_at(mid: MerchantId, row: Sharing | None, now: datetime) -> datetime | None:
    """When the campaign of a share is over: now, where its merchant has ended it before its time."""
    if row is None or row.campaign is None:
        return row.ends_at if row else None
    ended = any_live(mid, CampaignId(row.campaign)).status is CampaignState.ENDED
    return now if ended else row.ends_at


def _noted(
    mid: MerchantId, target: Target, opening: Opening, campaign: str | None, refused: NotCounted | None
) -> User | None:
    """Write the opening down where it counts and says something new; the sharer."""
    keys = entry_key(mid, opening.uid, target.kind, target.object), user_key(mid, target.uid)

    def attempt() -> User | None:
        found = read(*keys)
        before, sharer = found.item(Entry, keys[0]), found.item(User, keys[1])
        if refused is not None:
            return sharer
        noted = beginning(_entry(keys[0], opening, campaign, before))
        if before is None:
            upsert_one(keys[0], noted, when={"absent": Entry.pk.does_not_exist()})
        elif rules.tells_more(before, opening):
            update_one(
                before,
                noted,
                when={"same_share": Entry.share == before.share, "as_sure": Entry.evidence == before.evidence},
            )
        return sharer

    return decided(attempt)


def _entry(key: Key, opening: Opening, campaign: str | None, before: Entry | None) -> Entry:
    return Entry(
        *key,
        share=opening.share,
        sharer=opening.sharer,
        scene_value=opening.scene_value,
        evidence=opening.evidence,
        campaign=campaign,
        first_at=before.first_at if before else opening.at,
        opened_at=opening.at,
        until=opening.until,
    )


def _alone(mid: MerchantId, code: text_codes.Found | None, way: Way) -> text_codes.Found | Led:
    """The code, or what another mark leads to, where no share is known: nothing is written. Raises `SHARE_UNKNOWN`."""
    found = code or _led(mid, way.scene or way.query or "")
    if found is None:
        raise RippleError(SHARE_UNKNOWN, "/text" if way.text else "/scene" if way.scene else "/query")
    return found


def _led(mid: MerchantId, text: str) -> Led | None:
    """What a mark in a scene or a query leads to."""
    for mark in MARKS.values():
        if (named := mark.form.search(text)) and mark.is_there(mid, named[1]):
            return Led(mark.kind, named[1])
    return None


def _named(mid: MerchantId, way: Way) -> Named:
    """What the way names."""
    marked = MARK.search(way.scene or way.query or "")
    if marked:
        return Named(marked[1], None, "")
    text = unicodedata.normalize("NFKC", way.text or "")
    if pasted := PASTED.search(text):
        return Named(pasted[1], None, text)
    for word in WORDS.values():
        for written in islice(word.form.finditer(text), MOST_WORDS):
            if (target := word.find(mid, written[0])) is not None:
                share = share_id(mid, target.uid, target.kind, target.object)
                return Named(share, target, text.replace(written[0], " "))
    return Named(None, None, text)
