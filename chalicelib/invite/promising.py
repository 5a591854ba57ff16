"""What a campaign promises when a new friend accepts: all that he may bring, reserved in the acceptance itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns import stock
from chalicelib.campaigns.gifts import Currency, Gift
from chalicelib.campaigns.kinds.invite import InviteOffer, StageOn, promised_until
from chalicelib.campaigns.live import Live
from chalicelib.campaigns.stock import Drawn
from chalicelib.core.ids import UserId
from chalicelib.core.store import Found
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.invite.friends import FOLLOWER, Friend, friend_key, listed, over, stage_ref
from chalicelib.invite.items import Rewards
from chalicelib.invite.purse import Purse
from chalicelib.invite.rules import GRACE
from chalicelib.rewards import grants, minors
from chalicelib.rewards.give import Origin
from chalicelib.rewards.states import MINOR, GrantState, Why
from chalicelib.rewards.ungiven import ungiven
from chalicelib.sharing.firsts import FIRST_HELP

SOURCE = "invite"
"""By which name grants know that this room decides about them."""

STAGES = {
    StageOn.ACCEPTED: Why.INVITE_ACCEPTED,
    StageOn.FIRST_HELP: Why.INVITE_FIRST_HELP,
    StageOn.FIRST_ORDER: Why.INVITE_FIRST_ORDER,
}

WELCOME = "welcome"

UNHEARD = timedelta(hours=1)
"""How long after a friend was to end a promise it is looked at by itself."""


class _Promised(NamedTuple):
    """One thing that is promised: to whom, under which name, and whether it has happened with the acceptance."""

    uid: str
    ref: str
    why: Why
    gift: Gift
    hold: timedelta | None


class Promise:
    """What an acceptance through a running campaign promises. Its ``keys`` belong into the read round."""

    def __init__(self, campaign: Live[InviteOffer], child: User, inviter: UserId, now: datetime) -> None:
        self._campaign, self._child, self._inviter, self._now = campaign, child, inviter, now
        self._purse = Purse(campaign, {currency: campaign.offer.needs(currency) for currency in Currency})
        self.keys: list[Key] = self._purse.keys

    def add(self, tx: Transaction, found: Found, *, new: bool) -> Rewards:
        """Promise all of it in ``tx`` to a new friend's inviter and to him, or nothing; a minor's is not given."""
        if not new:
            return Rewards.NOT_NEW
        drawn = self._purse.drawn(found)
        if drawn is None:
            return Rewards.NONE_LEFT
        offer, now, child = self._campaign.offer, self._now, self._child
        inviter = found.item(User, user_key(child.mid, self._inviter))
        earns = not minors.is_minor(inviter)
        friend = Friend(
            *friend_key(child.mid, child.uid),
            inviter=self._inviter,
            cid=self._campaign.cid,
            version=self._campaign.version,
            until=promised_until(offer, now),
            counts_at=now + timedelta(days=offer.count_after_days) if offer.thresholds and earns else None,
            accepted_at=now,
        )
        friend.gsi1pk, friend.gsi1sk = listed(friend)
        friend.set_due(over(friend, friend.until + GRACE))
        tx.put("friend", friend)
        minor = {user.uid for user in (inviter, child) if user is not None and minors.is_minor(user)}
        taken = self._add_grants(tx, friend, drawn, minor)
        self._purse.add_drawn(tx, taken)
        self._add_awaiting(tx, earns=earns)
        return Rewards.PROMISED

    def _add_grants(
        self, tx: Transaction, friend: Friend, drawn: dict[Currency, list[Drawn]], minor: set[UserId]
    ) -> dict[Currency, list[Drawn]]:
        """Each thing as a grant of its own. Returns what they take: all of ``drawn`` but what a minor would get."""
        taken = dict[Currency, list[Drawn]]()
        for one in self._promised():
            reached = one.hold is not None
            state = GrantState.HELD if reached else GrantState.PROMISED
            due = self._now + one.hold if one.hold is not None else friend.until + GRACE + UNHEARD
            origin = Origin(
                mid=friend.mid,
                cid=self._campaign.cid,
                version=self._campaign.version,
                why=one.why,
                ref=one.ref,
                subject=friend.uid,
            )
            if one.uid in minor:
                tx.put(one.ref, ungiven(SOURCE, one.uid, one.gift, origin, MINOR))
                continue
            currency = one.gift.currency
            mine, drawn[currency] = stock.parted(drawn[currency], one.gift.amount)
            taken[currency] = stock.together(taken.get(currency, []), mine)
            tx.put(one.ref, grants.new(SOURCE, one.uid, one.gift, origin, state, due, mine))
        return taken

    def _promised(self) -> Iterator[_Promised]:
        """The inviter's stages, and the friend's welcome."""
        offer, child = self._campaign.offer, self._child.uid
        for stage in offer.stages:
            hold = timedelta(days=stage.hold_days) if stage.on is StageOn.ACCEPTED else None
            yield _Promised(self._inviter, stage_ref(child, stage.on.value), STAGES[stage.on], stage.gift, hold)
        if (welcome := offer.welcome) is not None:
            hold = timedelta(days=welcome.hold_days)
            yield _Promised(child, stage_ref(child, WELCOME), Why.WELCOME, welcome.gift, hold)

    def _add_awaiting(self, tx: Transaction, *, earns: bool) -> None:
        """He is as new as he was seen, and what is awaited of him, where his inviter ``earns``, stands on himself.

        Commission may be somebody's above that one.
        """
        offer, child = self._campaign.offer, self._child
        actions = list[Action]()
        if (offer.stage(StageOn.FIRST_ORDER) is not None and earns) or offer.commission is not None:
            actions.append(User.followed_by.set([*(child.followed_by or []), FOLLOWER]))
        if offer.stage(StageOn.FIRST_HELP) is not None and earns:
            actions.append(User.awaited.set([*(child.awaited or []), FIRST_HELP]))
        when: dict[str, Condition] = {
            "as_new": same(User.last_order_at, child.last_order_at),
            "followed": same(User.followed_by, child.followed_by),
            "awaited": same(User.awaited, child.awaited),
        }
        if actions:
            tx.update("child", child, actions, when=when)
        else:
            tx.check("child", child, when={"as_new": when["as_new"]})


def of(campaign: Live[Any] | None, child: User, inviter: UserId, now: datetime) -> Promise | None:
    """What is promised for an acceptance through a campaign; None where none that rewards invitations runs."""
    if campaign is None or not isinstance(campaign.offer, InviteOffer) or not campaign.is_running(now):
        return None
    return Promise(cast("Live[InviteOffer]", campaign), child, inviter, now)


def same(attribute: Any, seen: Any) -> Condition:
    """That an attribute still is what was seen, which may be nothing."""
    found: Condition = attribute.does_not_exist() if seen is None else attribute == seen
    return found
