"""A grant that is made when it is earned: reserved out of what is left then, or said to be none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from chalicelib.campaigns.gifts import Currency, Gift
from chalicelib.campaigns.stock import Drawn
from chalicelib.core import clock
from chalicelib.core.ids import UserId
from chalicelib.core.transaction import Transaction
from chalicelib.invite.promising import SOURCE
from chalicelib.invite.purse import Purse
from chalicelib.rewards import grants
from chalicelib.rewards.give import Origin
from chalicelib.rewards.states import NONE_LEFT, GrantState
from chalicelib.rewards.ungiven import ungiven


def add_earned(
    tx: Transaction,
    purse: Purse,
    drawn: Mapping[Currency, list[Drawn]] | None,
    uid: UserId,
    gift: Gift,
    origin: Origin,
    hold: timedelta,
) -> None:
    """The grant in ``tx``, held out of what was ``drawn``; void from the beginning where that is None."""
    if drawn is None:
        grant = ungiven(SOURCE, uid, gift, origin, NONE_LEFT)
    else:
        purse.add_drawn(tx, drawn)
        grant = grants.new(SOURCE, uid, gift, origin, GrantState.HELD, clock.now() + hold, drawn[gift.currency])
    tx.put("grant", grant)
