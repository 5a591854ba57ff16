"""Looking at bargains: one as its owner, a friend or its merchant sees it, and listings of them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from chalicelib.accounts.items import User, user_index, user_key
from chalicelib.accounts.mask import mask
from chalicelib.accounts.mask import seen as seen_name
from chalicelib.bargain import messages, quotes, rules, service
from chalicelib.bargain.items import (
    BARGAIN,
    LIST_SHARDS,
    LIVE_STATES,
    Bargain,
    BargainId,
    Help,
    Limit,
    bargain_key,
    campaign_of,
    help_key,
    limit_key,
    list_partition,
)
from chalicelib.bargain.states import BargainState, HelpState
from chalicelib.bargain.views import (
    BargainCard,
    BargainRecord,
    BargainView,
    Helper,
    HelpRecord,
    MyHelp,
    Slot,
)
from chalicelib.campaigns.kinds.bargain import BargainOffer, Reserve
from chalicelib.campaigns.live import Live, live
from chalicelib.campaigns.offer import sku_of
from chalicelib.campaigns.views import why_not
from chalicelib.core import clock
from chalicelib.core.errors import NOT_FOUND, UNAUTHENTICATED, Language, RippleError, localised
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.money import saving
from chalicelib.core.store import query, read, read_all, read_one, spread
from chalicelib.sharing import shares, tickets
from chalicelib.sharing.items import Sharing
from chalicelib.sharing.objects import Shareable
from chalicelib.sharing.tickets import Seen
from chalicelib.sharing.views import CameBy

HELPS_PAGE = 50
MOST_PAGES = 10
"""Pages of helps that one look reads; most of them would be refused ones."""

PLACE = re.compile(r"[0-9]{4}-[0-9TZ:.-]{18,24}#[0-9A-Z-]{1,64}")
"""What a position in a campaign's listing looks like."""

SHOWN = {HelpState.COUNTED: "counted", HelpState.HELD: "checking"}
"""What a helper is told of his help; anything else did not count."""


def show(mid: MerchantId, uid: UserId, bid: BargainId, language: Language, seen: Seen) -> BargainView:
    """A bargain as this user sees it; a friend who may help is given a ticket for it."""
    cid = campaign_of(bid)
    keys = bargain_key(mid, bid), help_key(mid, bid, uid), limit_key(mid, uid, cid), user_key(mid, uid)
    sharing = shares.key_of(mid, uid, BARGAIN, bid)
    found = read(*keys, sharing, *tickets.keys(mid, uid))
    bargain, mine, user = found.item(Bargain, keys[0]), found.item(Help, keys[1]), found.item(User, keys[3])
    if bargain is None:
        raise RippleError(NOT_FOUND)
    if user is None:
        raise RippleError(UNAUTHENTICATED)
    campaign = live(mid, cid, BargainOffer)
    now = clock.now()
    own = bargain.uid == uid
    refused = _refusal(campaign, bargain, mine, found.item(Limit, keys[2]), user, now)
    sku, price = sku_of(campaign.offer.skus, bargain.sku), rules.price_of(bargain)
    owner = user if own else read_one(User, user_key(mid, bargain.uid))
    may_help = not own and refused is None
    return BargainView(
        **_card(bargain),
        title=campaign.offer.title,
        start_price_fen=bargain.start_fen,
        floor_price_fen=rules.price_after(bargain, len(bargain.slots)),
        reference_price_fen=sku.reference_price_fen,
        reference_basis=sku.reference_basis,
        saving=saving(price, max(price, sku.reference_price_fen)),
        slots=[Slot(cut_fen=cut, taken=n < bargain.helps) for n, cut in enumerate(bargain.slots)],
        self_cut=bool(bargain.own),
        helps=_helpers(bargain),
        owner=seen_name(owner),
        mine=own,
        my_help=my_help(mine) if mine else None,
        order_id=bargain.order if own else None,
        may_help=may_help,
        may_buy=own and refused is None,
        why_not=why_not(refused, language),
        help_ticket=tickets.issue(user, service.target(bid), seen, found, owner) if may_help else None,
        stock_note=stock_note(campaign.offer, language),
        share=shares.shown(mid, uid, shareable(campaign, bid), found.item(Sharing, sharing)),
        ask=messages.asked(bargain, mine, language, own=own, may_help=may_help),
        now=now,
    )


def mine(
    mid: MerchantId, uid: UserId, limit: int, after: dict[str, Any] | None
) -> tuple[list[BargainCard], dict[str, Any] | None]:
    """A page of the user's bargains, newest first."""
    page = query(user_index(mid, uid), index="gsi1", begins="B#", limit=limit, forward=False, after=after)
    return [card(item) for item in read_all(page.keys) if isinstance(item, Bargain)], page.after


def listed(mid: MerchantId, cid: CampaignId, limit: int, after: str | None) -> tuple[list[BargainCard], str | None]:
    """A page of a campaign's bargains, newest first, and the position that the next begins after."""
    live(mid, cid, BargainOffer)
    partitions = [list_partition(mid, cid, shard) for shard in range(LIST_SHARDS)]
    keys, more = spread(partitions, "gsi3", limit, forward=False, after=after)
    return [card(item) for item in read_all(keys) if isinstance(item, Bargain)], more


def inspect(mid: MerchantId, bid: BargainId) -> BargainRecord:
    """A bargain as its merchant sees it: every help with its verdict."""
    bargain = read_one(Bargain, bargain_key(mid, bid))
    if bargain is None:
        raise RippleError(NOT_FOUND)
    held_fen = sum(drawn.units for drawn in bargain.escrow)
    return BargainRecord(
        bargain=card(bargain),
        owner_id=bargain.uid,
        held=bargain.held,
        start_price_fen=bargain.start_fen,
        slots_fen=bargain.slots,
        reserved_fen=held_fen if bargain.status in LIVE_STATES else 0,
        spent_fen=held_fen if bargain.status is BargainState.BOUGHT else 0,
        closing=bargain.to_close is not None and bargain.status is BargainState.ORDERING,
        order_id=bargain.order,
        created_at=bargain.created_at,
        helps=[_record(given) for given in sorted(_helps(bargain), key=lambda h: (h.created_at, h.uid))],
        now=clock.now(),
    )


def card(bargain: Bargain) -> BargainCard:
    """A bargain in a list."""
    return BargainCard(**_card(bargain))


def my_help(given: Help) -> MyHelp:
    """A help as its helper sees it: that it is looked at, not why."""
    return MyHelp(state=SHOWN.get(given.state, "not_counted"), cut_fen=given.cut_fen)


def stock_note(offer: BargainOffer, language: Language) -> str | None:
    """The sentence that stock is not reserved, where it is not."""
    said = quotes.NOT_RESERVED
    return localised((said.zh, said.en), language) if offer.reserve is Reserve.ORDER else None


def shareable(campaign: Live[BargainOffer], bid: BargainId) -> Shareable:
    """A bargain as it is shared, by anybody who sees it."""
    sent = campaign.offer.share
    return Shareable(
        kind=BARGAIN,
        id=bid,
        title=sent.title,
        image_url=sent.image_url,
        campaign=campaign.cid,
        ends_at=campaign.offer.ends_at,
    )


def _card(bargain: Bargain) -> dict[str, Any]:
    return {
        "bargain_id": bargain.bid,
        "campaign_id": bargain.cid,
        "sku_id": bargain.sku,
        "status": bargain.status.value,
        "need": len(bargain.slots),
        "have": bargain.helps,
        "left": len(bargain.slots) - bargain.helps,
        "price_fen": rules.price_of(bargain),
        "ends_at": rules.ends_at(bargain, clock.now()),
        "claim_until": bargain.claim_until,
    }


def _refusal(
    campaign: Live[BargainOffer],
    bargain: Bargain,
    mine: Help | None,
    limit: Limit | None,
    user: User,
    now: datetime,
) -> RippleError | None:
    """What its owner's order, or anybody else's help, would be refused for now."""
    try:
        if bargain.uid == user.uid:
            rules.insist_may_buy(campaign.offer, bargain, now)
        else:
            campaign.insist_not_paused()
            rules.insist_may_help(campaign.offer, bargain, mine, limit, user.uid, now)
            rules.insist_welcome(campaign.offer, user, now)
    except RippleError as refused:
        return refused
    return None


def _helps(bargain: Bargain) -> list[Help]:
    """The bargain's helps; refused ones may lie between the others."""
    found: list[Help] = []
    after = None
    for _ in range(MOST_PAGES):
        page = query(bargain.pk, begins="HELP#", limit=HELPS_PAGE, after=after)
        found += [given for given in page.items if isinstance(given, Help)]
        after = page.after
        if after is None:
            break
    return found


def _helpers(bargain: Bargain) -> list[Helper]:
    """Everybody whose help counts, in the order of the slots."""
    counted = [given for given in _helps(bargain) if given.slot is not None]
    counted.sort(key=lambda given: given.slot or 0)
    return [
        Helper(
            nickname=mask(given.nickname),
            avatar_url=given.avatar_url,
            cut_fen=given.cut_fen or 0,
            at=given.decided_at or given.created_at,
        )
        for given in counted
    ]


def _record(given: Help) -> HelpRecord:
    return HelpRecord(
        user_id=given.uid,
        nickname=mask(given.nickname),
        state=given.state.value,
        slot=None if given.slot is None else given.slot + 1,
        cut_fen=given.cut_fen,
        reasons=given.reasons,
        thresholds=given.thresholds,
        since=given.created_at,
        decided_at=given.decided_at,
        passes_at=given.due if given.state is HelpState.HELD else None,
        verdict=given.verdict,
        came_by=CameBy.of(given.came_by),
    )
