"""The live card that is sent: WeChat names it before it is shared, and everybody sends the same one."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.core import clock, log
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.transaction import UNSET, Lost, Transaction, update_one
from chalicelib.merchants.service import app_account
from chalicelib.notices import card_rules, setup
from chalicelib.notices.card_items import Card, card_key
from chalicelib.notices.card_rules import FIRST_LOOK, Activity, Standing
from chalicelib.notices.plugged import CARDS
from chalicelib.wechat.card import live_activity
from chalicelib.wechat.http import Unknown, WechatError

WAITED = 0.8
"""Seconds that a look waits for WeChat at most."""

SPARED = timedelta(seconds=30)
"""How long a process asks no more for a merchant for whom WeChat was silent or refused."""

TRIES = 3
"""Others may write meanwhile."""

_spared: dict[MerchantId, datetime] = {}


def to_send(mid: MerchantId, kind: str, ident: str, standing: Standing, card: Card | None) -> Activity | None:
    """The card that is sent now of a thing, whose ``card`` is what stands at `card_key`; made where there is none.

    None where WeChat makes none at once, or its merchant wants none: then it is shared as an ordinary card.
    """
    now = clock.now()
    if card and (known := card_rules.to_send(card.activities, now)):
        return known
    if card and card_rules.with_new(card.activities, Activity("", now, 0), now) is None:
        return None
    if _spared.get(mid, now) > now or not setup.voice(mid).terms.cards:
        return None
    try:
        made = live_activity(app_account(mid), WAITED)
    except (Unknown, WechatError) as unmade:
        log.warning("card_not_made", thing=ident, why=str(unmade))
        _spared[mid] = now + SPARED
        return None
    return _kept(mid, kind, ident, Activity(made.id, made.expires_at, standing.have), card)


def forget() -> None:
    """Ask WeChat again (tests)."""
    _spared.clear()


def _kept(mid: MerchantId, kind: str, ident: str, new: Activity, card: Card | None) -> Activity | None:
    """The new one, or another that was made at the same time and written first."""
    for _ in range(TRIES):
        now = clock.now()
        if card and (known := card_rules.to_send(card.activities, now)):
            return known
        try:
            if card is None:
                _begin(mid, kind, ident, new, now)
            elif (activities := card_rules.with_new(card.activities, new, now)) is None:
                return None
            else:
                _add(card, activities, now)
        except Lost as lost:
            there = lost.losses[0].item
            card = there if isinstance(there, Card) else None
        except RippleError as busy:
            log.warning("card_not_kept", thing=ident, raised=busy)
            return None
        else:
            return new
    return None


def _begin(mid: MerchantId, kind: str, ident: str, new: Activity, now: datetime) -> None:
    card = Card(*card_key(mid, kind, ident), activities=[new], created_at=now)
    card.set_due(now + FIRST_LOOK)
    tx = Transaction()
    tx.put("card", card)
    tx.update("thing", CARDS[kind].key(mid, ident), [CARDS[kind].mark()], when={})
    tx.commit()


def _add(card: Card, activities: list[Activity], now: datetime) -> None:
    actions = [Card.activities.set(activities), Card.edition.add(1)]
    due = now + FIRST_LOOK if card.due is None else UNSET
    update_one(card, actions, when={"as_seen": Card.edition == card.edition}, due=due)
