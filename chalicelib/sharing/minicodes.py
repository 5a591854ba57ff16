"""WeChat's mini-program codes: each is made once and kept for ever in the pictures' bucket.

One at a time asks WeChat for a code: whoever leased it. If he dies, the lease ends by itself and the next one asks;
that the code may then be made twice harms nobody, for it opens the same page and replaces the same file.
"""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from pynamodb.expressions.update import Action

from chalicelib.core import clock, files, log, rate
from chalicelib.core.errors import RippleError, Unknown
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.rate import Rate
from chalicelib.core.store import read_one
from chalicelib.core.table import Key
from chalicelib.core.transaction import Lost, update_one, upsert_one
from chalicelib.merchants.service import app_account
from chalicelib.pictures.asking import RETRY_SECONDS
from chalicelib.pictures.problems import PICTURES_BUSY
from chalicelib.sharing import objects
from chalicelib.sharing.items import MiniCode, mini_code_key
from chalicelib.sharing.links import own
from chalicelib.sharing.refusals import CODE_UNAVAILABLE, PAGE_NOT_RELEASED
from chalicelib.sharing.views import ShareCode
from chalicelib.wechat.code import NOT_RELEASED, Picture, unlimited_code
from chalicelib.wechat.http import WechatError

LEASE = timedelta(seconds=10)
"""WeChat mostly answers within one; who takes longer may be overtaken, which harms nobody."""

REFUSED = timedelta(seconds=30)
"""For which an answer that there is no such page is remembered: its taps would use up everybody's codes."""

WAITS = (0.3, 0.6, 1.2, 0.0)
"""Seconds for which somebody waits whom another forestalled, before he looks again; then he is told to come back."""

CODES = Rate(normal=50, slow=2)
"""Codes a second of one merchant: 3,000 a minute of WeChat's 5,000."""


class Wanted(NamedTuple):
    """What a code opens, and what it says there."""

    page: str
    scene: str


SAMPLE = Wanted("pages/campaign/index", objects.mark("0" * 16))
"""What the code of a preview leads to: nobody's share."""


class Kept(NamedTuple):
    """A code's picture."""

    file: str
    media: str


def of_share(mid: MerchantId, uid: UserId, share: str) -> ShareCode:
    """The code of the caller's own share, with a link to its picture. Raises `SHARE_UNKNOWN`, and what `kept` does."""
    row, _ = own(mid, uid, share)
    page, scene = objects.page(row.kind), objects.mark(row.share_id)
    picture = kept(mid, page, scene)
    url, until = files.lent(picture.file)
    return ShareCode(url=url, until=until, media=picture.media, page=page, scene=scene)


def code(mid: MerchantId, page: str, scene: str) -> str:
    """What the picture of a code is called in the pictures' bucket; see `kept`."""
    return kept(mid, page, scene).file


def kept(mid: MerchantId, page: str, scene: str) -> Kept:
    """The code that opens ``page`` (without a query) with ``scene``; one that is there costs one read.

    Raises `CODE_UNAVAILABLE`, `PAGE_NOT_RELEASED`, and `PICTURES_BUSY` while another is having it made, or too many
    are asked for at once.
    """
    key = mini_code_key(mid, page, scene)
    for pause in WAITS:
        row, now = read_one(MiniCode, key), clock.now()
        if row is not None and row.file is not None:
            return Kept(row.file, row.media)
        if row is not None and row.refused_until is not None and now < row.refused_until:
            raise RippleError(PAGE_NOT_RELEASED, page=page)
        if row is None or row.leased_until is None or row.leased_until <= now:
            until = _leased(key, page, scene, now)
            if until is not None:
                return _made(mid, key, Wanted(page, scene), until)
        time.sleep(pause)
    raise RippleError(PICTURES_BUSY, retry_after=RETRY_SECONDS)


def _leased(key: Key, page: str, scene: str, now: datetime) -> datetime | None:
    """Until when the caller alone asks for the code; None where another was first."""
    until = now + LEASE
    begun = [MiniCode.page.set(page), MiniCode.scene.set(scene), MiniCode.leased_until.set(until)]
    free = {
        "not_made": MiniCode.file.does_not_exist(),
        "not_leased": MiniCode.leased_until.does_not_exist() | (MiniCode.leased_until <= now),
    }
    try:
        upsert_one(key, [*begun, MiniCode.asked.add(1)], when=free)
    except Lost:
        return None
    return until


def _made(mid: MerchantId, key: Key, wanted: Wanted, until: datetime) -> Kept:
    """Have the code made, keep its picture, and only then say so; where that fails others need not wait."""
    made = Kept(f"codes/{mid}/{key.pk.partition('#')[2]}", "")
    try:
        picture = _drawn(mid, wanted)
        files.keep(made.file, picture.content, picture.media)
    except RippleError as refused:
        _given_up(key, until, clock.now() + REFUSED if refused.problem is PAGE_NOT_RELEASED else None)
        raise
    said = [MiniCode.file.set(made.file), MiniCode.media.set(picture.media), MiniCode.made_at.set(clock.now())]
    update_one(key, [*said, MiniCode.leased_until.remove()], when={})
    return made._replace(media=picture.media)


def lost(mid: MerchantId, page: str, scene: str) -> None:
    """The picture of a code is gone or cannot be opened: it is made anew when it is asked for next."""
    key = mini_code_key(mid, page, scene)
    with suppress(Lost):
        update_one(key, [MiniCode.file.remove()], when={})
    log.error("code_lost", page=page, scene=scene)


def _given_up(key: Key, until: datetime, refused_until: datetime | None) -> None:
    told: list[Action] = [MiniCode.leased_until.remove()]
    if refused_until is not None:
        told.append(MiniCode.refused_until.set(refused_until))
    try:
        update_one(key, told, when={"mine": MiniCode.leased_until == until})
    except (Lost, RippleError) as unwritten:
        log.warning("code_still_leased", raised=unwritten)


def _drawn(mid: MerchantId, wanted: Wanted) -> Picture:
    """What WeChat draws."""
    if not rate.take(mid, "code", CODES):
        raise RippleError(PICTURES_BUSY, retry_after=RETRY_SECONDS)
    try:
        # A preview's code leads nowhere, so that posters are looked at before the mini-program is released.
        checked = wanted != SAMPLE
        return unlimited_code(app_account(mid), page=wanted.page, scene=wanted.scene, check_page=checked)
    except Unknown as silent:
        log.warning("code_not_made", why=str(silent))
    except WechatError as refused:
        if refused.code == NOT_RELEASED:
            raise RippleError(PAGE_NOT_RELEASED, page=wanted.page) from refused
        log.error("code_not_made", wechat_code=refused.code, rid=refused.request_id)
    raise RippleError(CODE_UNAVAILABLE)
