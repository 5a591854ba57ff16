"""What members of a group are told by WeChat's messages: how it ended, and that it is about to end with seats left."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer
from chalicelib.campaigns.live import live
from chalicelib.campaigns.offer import sku_of
from chalicelib.core import clock
from chalicelib.core.errors import Language
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import read
from chalicelib.core.transaction import Transaction
from chalicelib.groupbuy import rules
from chalicelib.groupbuy.items import GROUP, Group, Seat, group_key, seat_key
from chalicelib.groupbuy.states import GroupState, SeatRole, SeatState
from chalicelib.notices.asking import Ask, ask
from chalicelib.notices.moments import Moment
from chalicelib.notices.reasons import Reason, shortly_before
from chalicelib.notices.telling import tell
from chalicelib.orders import messages
from chalicelib.orders.items import Order

BEFORE = timedelta(hours=2)
"""How long before a group's end its members are reminded: time enough to ask friends, and short enough to hurry."""


def add_outcome(tx: Transaction, group: Group, order: Order) -> None:
    """A member whose seat ends in ``tx`` is told how the group ended, and what he paid or gets back."""
    won = group.status is GroupState.SUCCEEDED
    moment = Moment.GROUP_SUCCEEDED if won else Moment.GROUP_FAILED
    facts = messages.facts(order, order.total_fen, clock.now()) | {"need": group.need}
    tell(tx, "group_told", group.mid, UserId(order.uid), moment, group.gid, facts, about=(GROUP, group.gid))


def asked(group: Group, seat: Seat | None, language: Language) -> Ask:
    """What somebody is asked to let himself be told, who looks at a group: as a member of it, or before he is."""
    if group.status in (GroupState.SUCCEEDED, GroupState.FAILED):
        mine = seat is not None and seat.state is not SeatState.RELEASED
        return ask(group.mid, language, *((Moment.SHIPPED, Moment.REFUNDED) if mine else ()))
    return ask(group.mid, language, Moment.GROUP_SUCCEEDED, Moment.GROUP_FAILED, Moment.GROUP_ENDING)


class Ending:
    """Members of a group with seats left may ask their friends (`notices.reasons.Reasons`)."""

    def reason(self, mid: MerchantId, uid: UserId, ident: str) -> Reason | None:
        keys = group_key(mid, ident), seat_key(mid, ident, uid)
        found = read(*keys)
        group, seat = found.item(Group, keys[0]), found.item(Seat, keys[1])
        if group is None or group.expires_at is None or group.status is not GroupState.OPEN or group.left < 1:
            return None
        if seat is None or seat.state is not SeatState.PAID:
            return None
        offer = live(mid, group.cid, GroupBuyOffer).offer
        sku, ends_at = sku_of(offer.skus, group.sku or offer.skus[0].sku_id), group.expires_at
        still = {"open": Group.status == GroupState.OPEN, "room": Group.left >= 1}
        return Reason(
            moment=Moment.GROUP_ENDING,
            facts={
                "title": offer.title,
                "need": group.need,
                "have": group.need - group.left,
                "left": group.left,
                "amount_fen": rules.price_of(sku, SeatRole.MEMBER),
                "until": clock.iso(ends_at),
            },
            best=shortly_before(ends_at, ends_at - timedelta(seconds=group.lifetime), BEFORE),
            until=ends_at - rules.LAST_HOLD,
            insists=lambda tx: tx.check("object", group, when=still),
        )


ENDING = Ending()
"""Who knows whether there is something to be reminded of a group."""
