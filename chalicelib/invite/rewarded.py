"""Reading what invitations bring: for the one who invites, friend by friend, and for the merchant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns import stock
from chalicelib.campaigns.gifts import ESCROWS, currency_of
from chalicelib.campaigns.items import StockShard
from chalicelib.campaigns.kinds.invite import InviteOffer, StageOn
from chalicelib.campaigns.live import Live
from chalicelib.core import cursor
from chalicelib.core.errors import Language
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import query, read_all, spread
from chalicelib.core.table import Item, Key, table
from chalicelib.invite import reward_views as views
from chalicelib.invite.friends import (
    Friend,
    Progress,
    commissions,
    friend_key,
    friends_index,
    progress_key,
    stage_key,
    stage_ref,
    threshold_ref,
)
from chalicelib.invite.graph import PLACE
from chalicelib.invite.items import Edge, Rewards
from chalicelib.invite.promising import WELCOME
from chalicelib.invite.reward_views import CommissionView, FriendView, GrantView, ThresholdView
from chalicelib.invite.views import GrantRecord
from chalicelib.rewards.items import Grant, grant_key
from chalicelib.rewards.states import GrantState

FEW = 10
"""Where less than this part of the budget is left, few more friends can be promised anything."""

PAGES = 5
"""Of a hundred grants each, that are summed for a page."""


class Own(NamedTuple):
    """What a user has of a campaign beside his friends' stages."""

    welcome: GrantView | None
    counted: int
    thresholds: list[ThresholdView]


def friends(
    mid: MerchantId, uid: UserId, cid: str, limit: int, text: str | None, language: Language
) -> tuple[list[FriendView], str | None]:
    """A page of a user's friends of a campaign, the newest first: one query and two read rounds."""
    after = cursor.position(text, PLACE)
    keys, more = spread([friends_index(mid, uid, cid)], "gsi1", limit, forward=False, after=after)
    page = [item for item in read_all(keys) if isinstance(item, Friend)]
    found = _by_key([key for one in page for key in (user_key(mid, one.uid), *_stages(one))])
    lines = []
    for one in page:
        user = found.get(user_key(mid, one.uid))
        seen = user if isinstance(user, User) else None
        lines.append(views.friend(one, seen, _grants(found, _stages(one)), language))
    return lines, cursor.of_position(more)


def own(campaign: Live[InviteOffer], uid: UserId, language: Language) -> Own:
    """A user's own part, in one read round."""
    mid, cid, thresholds = campaign.mid, campaign.cid, campaign.offer.thresholds
    welcome, counted = grant_key(mid, uid, stage_ref(uid, WELCOME)), progress_key(mid, uid, cid)
    reached = {one.friends: grant_key(mid, uid, threshold_ref(cid, one.friends)) for one in thresholds}
    found = _by_key([welcome, counted, *reached.values()])
    grant, progress = found.get(welcome), found.get(counted)
    lines = []
    for one in thresholds:
        there = found.get(reached[one.friends])
        lines.append(views.threshold(one, there if isinstance(there, Grant) else None, language))
    return Own(
        welcome=views.shown(grant, language) if isinstance(grant, Grant) and grant.cid == cid else None,
        counted=progress.n if isinstance(progress, Progress) else 0,
        thresholds=lines,
    )


def commission(campaign: Live[InviteOffer], uid: UserId) -> CommissionView | None:
    """What a user's commission of a campaign comes to, as far as `PAGES` of its orders go."""
    rate = campaign.offer.commission
    if rate is None:
        return None
    found, after = list[Grant](), None
    begins = f"{Grant.prefix}{commissions(campaign.cid)}"
    for _ in range(PAGES):
        page = query(table(campaign.mid).pk("U", uid), begins=begins, limit=100, after=after)
        found += [item for item in page.items if isinstance(item, Grant)]
        after = page.after
        if after is None:
            break
    waits = (GrantState.HELD, GrantState.REVIEW)
    back = (GrantState.CLAWING, GrantState.CLAWED)
    return CommissionView(
        currency=currency_of(rate.form).value,
        waiting=sum(grant.gift.amount for grant in found if grant.state in waits),
        granted=sum(grant.gift.amount for grant in found if grant.state is GrantState.GRANTED),
        taken_back=sum(grant.gift.amount for grant in found if grant.state in back),
        orders=len({grant.subject for grant in found}),
        complete=after is None,
    )


def left(campaign: Live[InviteOffer]) -> str:
    """Whether the budget reaches for more friends, in words."""
    budget = dict(campaign.offer.budget.parts())
    needs = {c: campaign.offer.needs(c) or campaign.offer.most_at_once(c) for c in budget}
    keys = {c: stock.keys(campaign, ESCROWS[c]) for c in budget}
    found = _by_key([key for shards in keys.values() for key in shards])
    there = {c: sum(s.left for key in keys[c] if isinstance(s := found.get(key), StockShard)) for c in budget}
    if any(there[c] < needs[c] for c in budget):
        return "none"
    return "few" if any(there[c] * FEW < budget[c] for c in budget) else "plenty"


def progress(campaign: Live[InviteOffer], uids: Iterable[UserId]) -> dict[str, int]:
    """How many of whose friends count."""
    items = read_all(progress_key(campaign.mid, uid, campaign.cid) for uid in uids)
    return {item.uid: item.n for item in items if isinstance(item, Progress)}


def records(edges: list[Edge]) -> dict[str, list[GrantRecord]]:
    """What each friend brings his inviter and himself, as the merchant sees it, by friend: two read rounds."""
    keys = [friend_key(edge.mid, edge.child) for edge in edges if edge.rewards is Rewards.PROMISED]
    there = [item for item in read_all(keys) if isinstance(item, Friend)] if keys else []
    wanted = {one.uid: [*_stages(one), grant_key(one.mid, one.uid, stage_ref(one.uid, WELCOME))] for one in there}
    found = _by_key([key for each in wanted.values() for key in each])
    return {uid: [views.recorded(grant) for grant in _grants(found, each)] for uid, each in wanted.items()}


def _stages(friend: Friend) -> list[Key]:
    return [stage_key(friend, on) for on in StageOn]


def _grants(found: dict[Key, Item], keys: list[Key]) -> list[Grant]:
    return [grant for key in keys if isinstance(grant := found.get(key), Grant)]


def _by_key(keys: list[Key]) -> dict[Key, Item]:
    return {item.key: item for item in read_all(keys)} if keys else {}
