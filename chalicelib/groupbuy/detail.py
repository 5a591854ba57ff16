"""Looking at groups: one group, those that can be joined, and my own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.accounts.items import User, user_index, user_key
from chalicelib.accounts.mask import mask
from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer
from chalicelib.campaigns.live import Live, live
from chalicelib.campaigns.offer import sku_of
from chalicelib.campaigns.views import why_not
from chalicelib.core import clock
from chalicelib.core.errors import NOT_FOUND, Language, RippleError
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.money import saving
from chalicelib.core.store import query, read, read_all
from chalicelib.groupbuy import admin, messages, rules
from chalicelib.groupbuy.items import (
    GROUP,
    LIST_SHARDS,
    Group,
    GroupId,
    Limit,
    Seat,
    campaign_of,
    group_key,
    limit_key,
    list_partition,
    seat_key,
)
from chalicelib.groupbuy.live import standing
from chalicelib.groupbuy.states import GroupState, SeatRole, SeatState
from chalicelib.groupbuy.views import (
    GroupCard,
    GroupRecord,
    GroupView,
    Member,
    MyGroup,
    MySeat,
    SeatRecord,
)
from chalicelib.notices import card_making
from chalicelib.notices.card_items import Card, card_key
from chalicelib.sharing import shares
from chalicelib.sharing.items import Sharing
from chalicelib.sharing.objects import Shareable
from chalicelib.sharing.views import CameBy, LiveCard, Share

SEATS_PAGE = 50
MOST_PAGES = 10
"""Pages of seats that one look reads; past that somebody has filled a group's rows with seats never paid."""

LIST_PAGE = 25
MOST_LIST_PAGES = 4
"""Pages of one index shard that are read while groups in them are full."""


def show(mid: MerchantId, uid: UserId, gid: GroupId, language: Language) -> GroupView:
    """A group as this user sees it; a pending one is visible to its leader only."""
    cid = campaign_of(gid)
    keys = (group_key(mid, gid), seat_key(mid, gid, uid), limit_key(mid, uid, cid), user_key(mid, uid))
    sharing = shares.key_of(mid, uid, GROUP, gid)
    card_at = card_key(mid, GROUP, gid)
    found = read(*keys, sharing, card_at)
    group, mine, limit = found.item(Group, keys[0]), found.item(Seat, keys[1]), found.item(Limit, keys[2])
    if group is None or (group.status == GroupState.PENDING and group.leader != uid):
        raise RippleError(NOT_FOUND)
    campaign = live(mid, cid, GroupBuyOffer)
    now = clock.now()
    refused = _refusal(campaign, group, mine, limit, found.item(User, keys[3]), now)
    sku = sku_of(campaign.offer.skus, group.sku or campaign.offer.skus[0].sku_id)
    return GroupView(
        group_id=gid,
        campaign_id=cid,
        title=campaign.offer.title,
        status=group.status.value,
        why=group.why,
        need=group.need,
        have=group.paid + group.held,
        paid=group.paid,
        left=group.left,
        price_fen=rules.price_of(sku, SeatRole.MEMBER),
        reference_price_fen=sku.reference_price_fen,
        saving=saving(sku.price_fen, sku.reference_price_fen),
        units_per_seat=group.each,
        ends_at=group.expires_at,
        now=now,
        members=_members(group),
        my_seat=my_seat(mine, group),
        may_join=refused is None,
        why_not=why_not(refused, language),
        share=_share(uid, campaign, group, found.item(Sharing, sharing), found.item(Card, card_at)),
        ask=messages.asked(group, mine, language),
    )


def _share(
    uid: UserId, campaign: Live[GroupBuyOffer], group: Group, row: Sharing | None, card: Card | None
) -> Share | None:
    """What is sent of a group; as long as people may come, a card that shows how many there are."""
    share, now = shares.shown(group.mid, uid, shareable(campaign, group.gid), row), standing(group)
    if share is None or now is None or group.status is not GroupState.OPEN:
        return share
    live_card = card_making.to_send(group.mid, GROUP, group.gid, now, card)
    if live_card is not None:
        share.card = LiveCard(
            activity_id=live_card.id, member_count=now.have, room_limit=now.need, until=live_card.until
        )
    return share


def joinable(mid: MerchantId, cid: CampaignId) -> list[GroupCard]:
    """Open groups with room, fewest missing first, then ending soonest; the index is read in all its shards."""
    live(mid, cid, GroupBuyOffer)
    soonest = clock.now() + rules.LAST_HOLD
    groups = [group for shard in range(LIST_SHARDS) for group in _with_room(list_partition(mid, cid, shard), soonest)]
    groups.sort(key=lambda g: (g.left, g.expires_at or g.created_at))
    return [card(group) for group in groups]


def _with_room(partition: str, soonest: datetime) -> list[Group]:
    """Open groups of one index shard that can be joined, ending soonest; full ones lie between them."""
    found, after = list[Group](), None
    for _ in range(MOST_LIST_PAGES):
        page = query(partition, index="gsi1", at_least=clock.iso(soonest), limit=LIST_PAGE, after=after)
        found += [g for g in read_all(page.keys) if isinstance(g, Group) and g.status == GroupState.OPEN and g.left > 0]
        after = page.after
        if after is None or len(found) >= LIST_PAGE:
            break
    return found


def listed(mid: MerchantId, cid: CampaignId) -> list[GroupCard]:
    """The open groups of a campaign that end soonest, full ones too, as their merchant sees them."""
    live(mid, cid, GroupBuyOffer)
    keys = [
        k for n in range(LIST_SHARDS) for k in query(list_partition(mid, cid, n), index="gsi1", limit=LIST_PAGE).keys
    ]
    groups = [group for group in read_all(keys) if isinstance(group, Group)]
    groups.sort(key=lambda g: g.expires_at or g.created_at)
    return [card(group) for group in groups]


def cards(mid: MerchantId, uid: UserId, gids: Sequence[str]) -> list[MyGroup]:
    """Several groups at once, each with the caller's seat in it: what a page full of groups needs, in one read."""
    wanted = [GroupId(gid) for gid in dict.fromkeys(gids)]
    found = read(*(group_key(mid, gid) for gid in wanted), *(seat_key(mid, gid, uid) for gid in wanted))
    shown = []
    for gid in wanted:
        group, seat = found.item(Group, group_key(mid, gid)), found.item(Seat, seat_key(mid, gid, uid))
        if group is not None and (group.status != GroupState.PENDING or group.leader == uid):
            shown.append(MyGroup(group=card(group), my_seat=my_seat(seat, group)))
    return shown


def inspect(mid: MerchantId, gid: GroupId) -> GroupRecord:
    """A group as its merchant sees it: every seat with its order."""
    group = admin.seen(mid, gid)
    return GroupRecord(
        group=card(group),
        why=group.why,
        created_at=group.created_at,
        seats=[
            SeatRecord(
                nickname=mask(seat.nickname),
                leader=seat.uid == group.leader,
                state=rules.seat_end(seat, group).value,
                sku_id=seat.sku,
                units=group.each,
                order_id=seat.order,
                since=seat.created_at,
                verdict=seat.verdict,
                came_by=CameBy.of(seat.came_by),
            )
            for seat in _seats(group)
        ],
        now=clock.now(),
    )


def mine(
    mid: MerchantId, uid: UserId, limit: int, after: dict[str, Any] | None
) -> tuple[list[MyGroup], dict[str, Any] | None]:
    """A page of the groups in which the user has, or had, a seat, newest first."""
    page = query(user_index(mid, uid), index="gsi1", begins="G#", limit=limit, forward=False, after=after)
    seats = [item for item in read_all(page.keys) if isinstance(item, Seat)]
    groups = {g.pk: g for g in read_all(group_key(mid, s.pk.split("#", 1)[1]) for s in seats) if isinstance(g, Group)}
    shown = []
    for seat in seats:
        group = groups.get(seat.pk)
        if group is not None and (own := my_seat(seat, group)) is not None:
            shown.append(MyGroup(group=card(group), my_seat=own))
    return shown, page.after


def _refusal(
    campaign: Live[GroupBuyOffer],
    group: Group,
    mine: Seat | None,
    limit: Limit | None,
    user: User | None,
    now: datetime,
) -> RippleError | None:
    """What joining would be refused for now (stock of a seat's own SKU is looked at when he does)."""
    try:
        campaign.insist_not_paused()
        rules.insist_may_join(campaign.offer, group, mine, limit, group.each, now)
        if user is not None:
            rules.insist_welcome(campaign.offer, user, now)
    except RippleError as refused:
        return refused
    return None


def card(group: Group) -> GroupCard:
    """A group in a list."""
    return GroupCard(
        group_id=group.gid,
        campaign_id=group.cid,
        status=group.status.value,
        need=group.need,
        have=group.paid + group.held,
        left=group.left,
        ends_at=group.expires_at,
    )


def my_seat(seat: Seat | None, group: Group) -> MySeat | None:
    """The caller's seat as it is to him now."""
    return MySeat(state=rules.seat_end(seat, group).value, order_id=seat.order) if seat else None


def shareable(campaign: Live[GroupBuyOffer], gid: GroupId) -> Shareable:
    """A group as it is shared, by anybody who sees it."""
    card = campaign.offer.share
    return Shareable(
        kind=GROUP,
        id=gid,
        title=card.title,
        image_url=card.image_url,
        campaign=campaign.cid,
        ends_at=campaign.offer.ends_at,
    )


def _seats(group: Group) -> list[Seat]:
    """The seats that are taken. Those that were released lie between them and are passed over."""
    taken: list[Seat] = []
    after = None
    for _ in range(MOST_PAGES):
        page = query(group.pk, begins="SEAT#", limit=SEATS_PAGE, after=after)
        taken += [s for s in page.items if isinstance(s, Seat) and s.state != SeatState.RELEASED]
        after = page.after
        if after is None or len(taken) >= group.paid + group.held:
            break
    return taken


def _members(group: Group) -> list[Member]:
    """Everybody who sits there, the leader first."""
    taken = _seats(group)
    taken.sort(key=lambda s: (s.uid != group.leader, s.created_at))
    return [
        Member(
            nickname=mask(seat.nickname),
            avatar_url=seat.avatar_url,
            leader=seat.uid == group.leader,
            paid=seat.state != SeatState.HELD,
        )
        for seat in taken
    ]
