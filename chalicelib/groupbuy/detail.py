"""Looking at groups: one group, those that can be joined, my own, and what a seat costs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.accounts.items import user_index
from chalicelib.accounts.mask import mask
from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer
from chalicelib.campaigns.live import Live, live
from chalicelib.campaigns.offer import sku_of
from chalicelib.campaigns.problems import NOT_RUNNING
from chalicelib.campaigns.states import CampaignState
from chalicelib.campaigns.views import Ask, Share, why_not
from chalicelib.core import clock
from chalicelib.core.errors import NOT_FOUND, Language, RippleError
from chalicelib.core.ids import CampaignId, MerchantId, UserId, derived
from chalicelib.core.store import query, read, read_all
from chalicelib.groupbuy import rules
from chalicelib.groupbuy.items import (
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
from chalicelib.groupbuy.states import GroupState, SeatState
from chalicelib.groupbuy.views import (
    GroupCard,
    GroupView,
    Member,
    MyGroup,
    MySeat,
    Quote,
    QuoteLine,
)

SEATS_PAGE = 50
MOST_PAGES = 10
"""Pages of seats that one look reads; past that somebody has filled a group's rows with seats never paid."""

LIST_PAGE = 25


def show(mid: MerchantId, uid: UserId, gid: GroupId, language: Language) -> GroupView:
    """A group as this user sees it; a pending one is visible to its leader only."""
    cid = campaign_of(gid)
    keys = (group_key(mid, gid), seat_key(mid, gid, uid), limit_key(mid, uid, cid))
    found = read(*keys)
    group, mine, limit = found.item(Group, keys[0]), found.item(Seat, keys[1]), found.item(Limit, keys[2])
    if group is None or (group.status == GroupState.PENDING and group.leader != uid):
        raise RippleError(NOT_FOUND)
    campaign = live(mid, cid, GroupBuyOffer)
    now = clock.now()
    refused = _refusal(campaign, group, mine, limit, now)
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
        price_fen=rules.price_of(sku, leader=False),
        reference_price_fen=sku.reference_price_fen,
        ends_at=group.expires_at,
        now=now,
        members=_members(group),
        my_seat=my_seat(mine, group),
        may_join=refused is None,
        why_not=why_not(refused, language),
        share=share(campaign.offer, mid, uid, gid),
        ask=Ask(template_ids=[]),
    )


def joinable(mid: MerchantId, cid: CampaignId) -> list[GroupCard]:
    """Open groups with room, fewest missing first, then ending soonest; the index is read in all its shards."""
    live(mid, cid, GroupBuyOffer)
    soonest = clock.iso(clock.now() + rules.LAST_HOLD)
    keys = []
    for shard in range(LIST_SHARDS):
        keys += query(list_partition(mid, cid, shard), index="gsi1", at_least=soonest, limit=LIST_PAGE).keys
    groups = [g for g in read_all(keys) if isinstance(g, Group) and g.status == GroupState.OPEN and g.left > 0]
    groups.sort(key=lambda g: (g.left, g.expires_at or g.created_at))
    return [card(group) for group in groups]


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


def quote(mid: MerchantId, cid: CampaignId, sku_id: str | None, *, leader: bool) -> Quote:
    """What a seat would cost now, and the promises that go with it. Nothing is held by asking."""
    campaign = live(mid, cid, GroupBuyOffer)
    if campaign.status is not CampaignState.PUBLISHED:
        raise RippleError(NOT_RUNNING, status=campaign.status.value)
    offer = campaign.offer
    sku = sku_of(offer.skus, sku_id)
    price = rules.price_of(sku, leader=leader)
    lines = [QuoteLine(label_zh="拼团价", label_en="Group price", amount_fen=sku.price_fen)]
    if price != sku.price_fen:
        lines.append(QuoteLine(label_zh="团长优惠", label_en="Leader's discount", amount_fen=price - sku.price_fen))
    return Quote(
        campaign_id=cid,
        sku_id=sku.sku_id,
        title=sku.title,
        quantity=1,
        lines=lines,
        total_fen=price,
        reference_price_fen=sku.reference_price_fen,
        reference_basis=sku.reference_basis,
        version=campaign.version,
        rules_hash=campaign.hash,
        need=offer.size,
        group_seconds=offer.group_seconds,
        pay_window_seconds=offer.pay_window_seconds,
        at_expiry=offer.at_expiry,
        stock_note_zh="开团支付成功时若库存不足以满团，将自动全额退款",
        stock_note_en="If too few units are left for the whole group when the leader pays, he is refunded in full.",
        now=clock.now(),
    )


def _refusal(
    campaign: Live[GroupBuyOffer], group: Group, mine: Seat | None, limit: Limit | None, now: datetime
) -> RippleError | None:
    """What joining would be refused for now (stock of a seat's own SKU is looked at when he does)."""
    try:
        campaign.insist_not_paused()
        rules.insist_may_join(campaign.offer, group, mine, limit, 1, now)
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


def share(offer: GroupBuyOffer, mid: MerchantId, uid: UserId, gid: GroupId) -> Share:
    """The card a user sends; ``share_id`` names him and the group without revealing who he is."""
    share_id = derived("share", mid, uid, gid, length=12)
    path = f"pages/group/index?g={gid}&s={share_id}"
    return Share(title=offer.share.title, image_url=offer.share.image_url, path=path, share_id=share_id)


def _members(group: Group) -> list[Member]:
    """Everybody who sits there, the leader first. Seats that were released lie between them and are passed over."""
    taken: list[Seat] = []
    after = None
    for _ in range(MOST_PAGES):
        page = query(group.pk, begins="SEAT#", limit=SEATS_PAGE, after=after)
        taken += [s for s in page.items if isinstance(s, Seat) and s.state != SeatState.RELEASED]
        after = page.after
        if after is None or len(taken) >= group.paid + group.held:
            break
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
