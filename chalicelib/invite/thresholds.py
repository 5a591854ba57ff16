"""What a friend's time brings by itself: that he counts towards thresholds, and that nothing more is awaited of him."""

from __future__ import annotations

from datetime import timedelta

from pynamodb.expressions.condition import Condition

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns.kinds.invite import InviteOffer, StageOn, Threshold
from chalicelib.campaigns.live import live
from chalicelib.core import clock
from chalicelib.core.decision import decided
from chalicelib.core.ids import CampaignId, UserId
from chalicelib.core.store import read, read_one
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import Transaction, update_one
from chalicelib.invite.awaiting import add_unfollowed, add_unhelped
from chalicelib.invite.doubts import judged
from chalicelib.invite.earning import add_earned
from chalicelib.invite.friends import (
    FOLLOWER,
    Friend,
    Progress,
    offer_of,
    over,
    progress_key,
    stage_key,
    threshold_ref,
)
from chalicelib.invite.purse import Purse
from chalicelib.invite.rules import GRACE
from chalicelib.rewards import grants, minors
from chalicelib.rewards.give import Origin
from chalicelib.rewards.items import Grant
from chalicelib.rewards.states import NOT_IN_TIME, GrantState, Why
from chalicelib.sharing.shapes import Shape
from chalicelib.sharing.verdict import Outcome

AT_ONCE = timedelta(0)
"""A threshold has no hold of its own: each friend who counts has had his."""


@timed(
    Time(
        "`count_after_days` after he accepted, where the campaign has thresholds",
        "he counts, unless he is doubtful; his inviter is granted what that reaches",
        "he does not count yet",
    ),
    Time(
        f"{span(GRACE)} after the campaign's time for what was promised is over",
        "what was promised for what he has not done goes back to the budget, and nothing more is awaited of him",
        "what was done in time is still heard of, and counts",
    ),
)
def friend_due(friend: Friend) -> None:
    """He counts, or his time is over (the due handler of `Friend`)."""
    now, end = clock.now(), friend.until + GRACE
    leased: dict[str, Condition] = {"leased": Friend.gsi2sk == friend.gsi2sk}
    if friend.counts_at is not None and friend.counted_at is None and now >= friend.counts_at:
        decided(lambda: _count(friend, leased))
    elif now >= end:
        _end(friend, leased)
    else:
        update_one(friend, [], when=leased, due=over(friend, end))


def _count(friend: Friend, leased: dict[str, Condition]) -> None:
    """One more counts of his inviter's, who is granted what that reaches.

    Of whom WeChat warns never counts, nor does whose inviter is a minor.
    """
    mid, uid, now = friend.mid, UserId(friend.inviter), clock.now()
    if (current := read_one(Friend, friend.key)) is None or current.counted_at is not None:
        return
    reached = offer_of(mid, friend.cid, friend.version).thresholds
    key, child, parent = progress_key(mid, uid, friend.cid), user_key(mid, friend.uid), user_key(mid, uid)
    found = read(key, child, parent)
    progress, user = found.item(Progress, key), found.item(User, child)
    counted = {**leased, "uncounted": Friend.counted_at.does_not_exist()}
    doubted = user is None or judged(user, Shape(), *(one.gift.form for one in reached)).outcome is Outcome.DENY
    if doubted or minors.is_minor(found.item(User, parent)):
        update_one(friend, [Friend.counts_at.remove()], when=counted, due=friend.until + GRACE)
        return
    n = (progress.n if progress else 0) + 1
    tx = Transaction()
    tx.update("friend", friend, [Friend.counted_at.set(now)], when=counted, due=friend.until + GRACE)
    if progress is None:
        tx.put("progress", Progress(*key, n=1))
    else:
        tx.update("progress", progress, [Progress.n.set(n)], when={"as_seen": Progress.n == n - 1})
    for threshold in reached:
        if threshold.friends == n:
            _add_threshold(tx, friend, threshold)
    tx.commit()


def _add_threshold(tx: Transaction, friend: Friend, threshold: Threshold) -> None:
    mid, gift, cid = friend.mid, threshold.gift, CampaignId(friend.cid)
    purse = Purse(live(mid, cid, InviteOffer), {gift.currency: gift.amount})
    drawn = purse.drawn(read(*purse.keys)) if purse.keys else None
    origin = Origin(
        mid=mid,
        cid=cid,
        version=friend.version,
        why=Why.INVITE_THRESHOLD,
        ref=threshold_ref(cid, threshold.friends),
        subject=friend.uid,
    )
    add_earned(tx, purse, drawn, UserId(friend.inviter), gift, origin, AT_ONCE)


def _end(friend: Friend, leased: dict[str, Condition]) -> None:
    """What was promised for what he has not done goes back, a transaction each; then nobody awaits anything of him."""
    user = user_key(friend.mid, friend.uid)
    for on in (StageOn.FIRST_HELP, StageOn.FIRST_ORDER):
        keys = stage_key(friend, on), user
        found = read(*keys)
        grant, child = found.item(Grant, keys[0]), found.item(User, user)
        if grant is None or grant.state is not GrantState.PROMISED:
            continue
        tx = Transaction()
        grants.add_end(tx, grant, GrantState.LAPSED, NOT_IN_TIME, {})
        if on is StageOn.FIRST_HELP and child is not None:
            add_unhelped(tx, child)
        tx.commit()
    child = read_one(User, user)
    tx = Transaction()
    tx.update("friend", friend, [Friend.over_at.set(clock.now())], when=leased, due=None)
    if child is not None and FOLLOWER in (child.followed_by or []):
        add_unfollowed(tx, child)
    tx.commit()
