"""What WeChat makes for a share on its sharer's wish, and is kept: Short Links and private cards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock, log, rate
from chalicelib.core.decision import decided
from chalicelib.core.errors import Problem, RippleError, Unknown
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.rate import Rate
from chalicelib.core.store import read
from chalicelib.core.transaction import update_one
from chalicelib.merchants.service import app_account
from chalicelib.sharing import objects
from chalicelib.sharing.items import Activity, Sharing, share_key
from chalicelib.sharing.refusals import CARD_UNAVAILABLE, LINK_UNAVAILABLE, SHARE_UNKNOWN
from chalicelib.sharing.unlinked import unlinked
from chalicelib.wechat.card import PRIVATE_PROVED_WITHIN, PRIVATE_SHARED_WITHIN, private_activity
from chalicelib.wechat.http import WechatError
from chalicelib.wechat.link import LINK_LIFE, TITLE_LETTERS, short_link

MARGIN = timedelta(days=1)
"""A link or card is renewed so long before its end, that nobody sends one that dies on the way."""

LINKS = Rate(normal=50, slow=2)
"""Short Links a second of one merchant: a burst is fine, and a day of it stays within the million."""


def link(mid: MerchantId, uid: UserId, share: str) -> tuple[str, datetime]:
    """The share's Short Link, and until when it is shown; made once in 29 days. Raises `LINK_UNAVAILABLE`.

    Two who ask at once make two, of which the first written is the one that both are answered.
    """
    return decided(lambda: made(mid, own(mid, uid, share)[0]))


def made(mid: MerchantId, row: Sharing) -> tuple[str, datetime]:
    """The link of a share as it was read; for `decided`. Its title leads nowhere else (rules W10)."""
    now = clock.now()
    if row.short_link and row.link_until and now < row.link_until:
        return row.short_link, row.link_until
    if not rate.take(mid, "short_link", LINKS):
        raise RippleError(LINK_UNAVAILABLE)
    page, title = objects.path(row.kind, row.object, row.share_id), unlinked(row.title[:TITLE_LETTERS])
    new = _asked(LINK_UNAVAILABLE, lambda: short_link(app_account(mid), page_url=page, title=title))
    until = now + LINK_LIFE - MARGIN
    kept = [Sharing.short_link.set(new), Sharing.link_until.set(until)]
    gone = {"none_lives": Sharing.link_until.does_not_exist() | (Sharing.link_until <= now)}
    update_one(row, kept, when=gone)
    return new, until


def card(mid: MerchantId, uid: UserId, share: str) -> Activity:
    """The share's private card: one for six days, after which the next begins. Raises `CARD_UNAVAILABLE`."""

    def attempt() -> Activity:
        row, user = own(mid, uid, share)
        now, made = clock.now(), row.activities
        if made and now < made[-1].made_at + PRIVATE_SHARED_WITHIN - MARGIN:
            return made[-1]
        new = Activity(_asked(CARD_UNAVAILABLE, lambda: private_activity(app_account(mid), openid=user.openid)), now)
        kept = [old for old in made if now < old.made_at + PRIVATE_PROVED_WITHIN]
        update_one(row, [Sharing.activities.set([*kept, new])], when={"as_seen": Sharing.activities == made})
        return new

    return decided(attempt)


def own(mid: MerchantId, uid: UserId, share: str) -> tuple[Sharing, User]:
    """The caller's own share, and himself. Raises `SHARE_UNKNOWN` for another's too."""
    keys = share_key(mid, share), user_key(mid, uid)
    found = read(*keys)
    row, user = found.item(Sharing, keys[0]), found.item(User, keys[1])
    if row is None or user is None or row.uid != uid:
        raise RippleError(SHARE_UNKNOWN)
    return row, user


def _asked(problem: Problem, ask: Callable[[], str]) -> str:
    """What WeChat makes. Raises ``problem`` where it makes nothing."""
    try:
        return ask()
    except Unknown as silent:
        log.warning("share_not_made", what=problem.code, why=str(silent))
    except WechatError as refused:
        log.error("share_not_made", what=problem.code, wechat_code=refused.code, rid=refused.request_id)
    raise RippleError(problem)
