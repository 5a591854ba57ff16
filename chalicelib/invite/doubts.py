"""How sure one is of an invited friend: what WeChat thinks of him, and what the crowd looks like that he came in."""

from __future__ import annotations

from chalicelib.accounts.items import User
from chalicelib.campaigns.gifts import Form
from chalicelib.core import clock
from chalicelib.rewards.rules import value_of
from chalicelib.sharing.shapes import Shape
from chalicelib.sharing.verdict import Facts, Verdict, judge


def judged(friend: User, shape: Shape, *forms: Form) -> Verdict:
    """The verdict on him, where what he brings is given in these forms: as on any other act.

    That WeChat said nothing of him speaks against nobody: what he brings has its hold.
    """
    facts = Facts(
        value=value_of(*forms),
        own=False,
        rank=friend.rank or 0,
        account_age=clock.now() - friend.created_at,
        reciprocal=False,
        helps_this_minute=0,
        star=shape.star,
        chain=shape.chain,
    )
    return judge(facts)
