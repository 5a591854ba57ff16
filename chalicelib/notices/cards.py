"""Live cards follow what they are of: 当前 n/m 人 while people join, 已开始 once it succeeded.

Whoever tells of a change (the table's stream, the drain of a thing that is decided) pulls the card's due entry to now,
or to when WeChat may be told again; whoever then takes that entry, stream or sweeper, reads the thing anew and tells
WeChat what it says. So changes go together, a record that comes twice or late does nothing, and one that is lost is
made good by the card's own looks.

A worker holds the entry's lease while it tells, which is longer than it may run, so that no two tell at once and no
card goes back. Saying the same again changes nothing, so that an unknown answer is simply followed by the newest state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Literal

from msgspec.structs import replace

from chalicelib.core import clock, due, log, rate
from chalicelib.core.decision import decided
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.metrics import count
from chalicelib.core.rate import Rate
from chalicelib.core.store import read
from chalicelib.core.table import due_entry
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import Lost, update_one
from chalicelib.merchants.service import app_account
from chalicelib.notices import card_rules, setup
from chalicelib.notices.card_items import Card, card_key
from chalicelib.notices.card_rules import FIRST_LOOK, PACE, STARTED, Activity, Run, Standing
from chalicelib.notices.plugged import CARDS, PAGES
from chalicelib.wechat.account import AppAccount
from chalicelib.wechat.card import EXPIRED, OVER, card_count, card_started
from chalicelib.wechat.http import Unknown, WechatError

API = "live_card"
CALLS = Rate(normal=50, slow=5)
"""How often a merchant's cards are changed in a second; WeChat publishes no limit."""

TELLING = timedelta(seconds=8)
"""How long one batch of changes goes on telling WeChat; what is left has been pulled, and the sweeper finds it."""

Thing = tuple[MerchantId, str]


def changed(kind: str, things: Iterable[Thing]) -> None:
    """Things have changed, perhaps (what the stream tells): their cards say so, each once for all of it."""
    until = clock.now() + TELLING
    for mid, ident in dict.fromkeys(things):
        try:
            seen = decided(partial(_pulled, mid, kind, ident))
            if seen is not None and clock.now() < until:
                due.handle(card_key(mid, kind, ident), seen)
        except RippleError as busy:
            log.warning("card_left_to_sweeper", thing=ident, raised=busy)


def ended(mid: MerchantId, kind: str, ident: str) -> None:
    """A thing is decided: the next worker lets its cards say how, and leaves them alone then."""
    decided(partial(_pulled, mid, kind, ident, whatever=True))


def _pulled(mid: MerchantId, kind: str, ident: str, *, whatever: bool = False) -> str | None:
    """Let the card be due as soon as it may be told, if it says too little; its entry, where that is now.

    Where somebody holds it, leave word that he look again. For `decided`.
    """
    key, thing = card_key(mid, kind, ident), CARDS[kind].key(mid, ident)
    found = read(key, thing)
    card, standing, now = found.item(Card, key), CARDS[kind].standing(found[thing]), clock.now()
    if card is None or standing is None or card.due is None:
        return None
    if not whatever and not card_rules.behind(card.activities, standing, now):
        return None
    soon, as_seen = card.free_at(now), {"as_seen": Card.edition == card.edition}
    if card.is_held(now):
        update_one(card, [Card.edition.add(1)], when=as_seen)
        return None
    if card.due > soon:
        update_one(card, [Card.edition.add(1)], when=as_seen, due=soon)
        return due_entry(card.pk, soon)[1] if soon <= now else None
    return card.gsi2sk if card.due <= now else None


@timed(
    Time(
        "what a live card is of has changed: at once by the table's stream, "
        f"{span(PACE)} after the card was changed last",
        "WeChat lets it say how many are there, or that it has started",
        "it says less than there is; its page says what is",
    ),
    Time(
        f"{span(FIRST_LOOK)} after the card was made, then at twice its age, until its thing or its 24 h are over",
        "it is compared with what it is of: a change of which nobody told is made good",
        "it says less than there is; its page says what is",
    ),
)
def card_due(card: Card) -> None:
    """Let a thing's live cards say how it stands (the due handler of `Card`)."""
    mine, now = {"leased": Card.gsi2sk == card.gsi2sk, "as_seen": Card.edition == card.edition}, clock.now()
    thing = CARDS[card.kind].key(card.mid, card.ident)
    standing = CARDS[card.kind].standing(read(thing)[thing])
    behind = card_rules.behind(card.activities, standing, now) if standing else []
    if standing is None or not behind:
        _settle(card, {}, standing)
        return
    if now < card.free_at(now):
        update_one(card, [], when=mine, due=card.free_at(now))
        return
    rate.insist_turn(card, API, CALLS)
    update_one(card, [Card.called_at.set(now), Card.calling.set(1), Card.edition.add(1)], when=mine)
    card.edition += 1
    try:
        account = app_account(card.mid)
        told = {one.id: _told(account, card, one, standing) for one in behind}
    except Unknown:
        rate.slow_down(card.mid, API, CALLS)
        raise
    rate.speed_up(card.mid, API, CALLS)
    card.called_at = clock.now()
    _settle(card, told, standing)


def _told(account: AppAccount, card: Card, activity: Activity, standing: Standing) -> Activity:
    """What is known of a card after WeChat was told. Raises `Unknown`."""
    started = standing.run is Run.SUCCEEDED
    try:
        if started:
            page = PAGES[card.kind].format(id=card.ident)
            card_started(account, activity.id, path=page, version=_version(card.mid))
            return replace(activity, ended=STARTED)
        card_count(account, activity.id, have=standing.have, need=standing.need)
        return replace(activity, have=standing.have)
    except WechatError as refused:
        if started and refused.code == OVER:  # an answer that was lost had said so
            return replace(activity, ended=STARTED)
        if refused.code != EXPIRED:
            count("CardsFailed", mid=card.mid, thing=card.ident, code=refused.code)
            log.error("card_refused", thing=card.ident, wechat_code=refused.code, rid=refused.request_id)
        return replace(activity, ended=refused.code)


def _version(mid: MerchantId) -> Literal["develop", "trial", "release"]:
    return setup.voice(mid).terms.version


def _settle(card: Card, told: Mapping[str, Activity], standing: Standing | None) -> None:
    """Write what was found out, and when to look next: soon, where somebody left word meanwhile."""
    seen, now = card, clock.now()
    called = [Card.called_at.set(card.called_at)] if told else []
    while True:
        activities = card_rules.merged(seen.activities, told)
        quiet = seen.edition == card.edition
        look = card_rules.next_look(activities, standing, card.created_at, now) if quiet else card.free_at(now)
        actions = [Card.activities.set(activities), Card.calling.remove(), Card.edition.set(seen.edition + 1), *called]
        when = {"leased": Card.gsi2sk == card.gsi2sk, "as_seen": Card.edition == seen.edition}
        try:
            update_one(card, actions, when=when, due=look)
        except Lost as lost:
            there = lost.item("item")
            if not isinstance(there, Card) or there.gsi2sk != card.gsi2sk:
                raise
            seen = there
        else:
            return
