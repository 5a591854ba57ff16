"""What of a group-buy somebody may ask his family's owner to pay for (`family.plugged.Carts`)."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import CampaignId, MerchantId, UserId
from chalicelib.core.store import read_one
from chalicelib.family.items import Cart
from chalicelib.groupbuy import problems, quotes, service, solo
from chalicelib.groupbuy.items import Group, GroupId, group_key
from chalicelib.groupbuy.states import GroupState, SeatRole
from chalicelib.orders.lines import Quoted
from chalicelib.orders.placing import Placed, Wish
from chalicelib.orders.tenders import Pay


class Opening:
    """Opening a group of a campaign."""

    def quote(self, mid: MerchantId, uid: UserId, cart: Cart) -> Quoted:
        return _quoted(mid, uid, cart, CampaignId(cart.target), SeatRole.LEADER)

    def place(self, intent: Intent, fid: str, cart: Cart, pay_with: Sequence[Pay], payer: str | None) -> Placed:
        return service.open_group(intent, CampaignId(cart.target), _wish(cart, pay_with, payer))


class Joining:
    """Taking a seat in a group."""

    def quote(self, mid: MerchantId, uid: UserId, cart: Cart) -> Quoted:
        """Of a group that is open. Raises `NOT_FOUND`, `GROUP_FULL`, `GROUP_ENDED`."""
        group = read_one(Group, group_key(mid, cart.target))
        if group is None or group.status is GroupState.PENDING:
            raise RippleError(NOT_FOUND)
        if group.status is not GroupState.OPEN:
            raise RippleError(problems.GROUP_ENDED, status=group.status.value)
        if group.left < 1:
            raise RippleError(problems.GROUP_FULL, left=0)
        return _quoted(mid, uid, cart, group.cid, SeatRole.MEMBER, group.each)

    def place(self, intent: Intent, fid: str, cart: Cart, pay_with: Sequence[Pay], payer: str | None) -> Placed:
        return service.join_group(intent, GroupId(cart.target), _wish(cart, pay_with, payer))


class Alone:
    """Buying alone at a campaign's solo price."""

    def quote(self, mid: MerchantId, uid: UserId, cart: Cart) -> Quoted:
        return _quoted(mid, uid, cart, CampaignId(cart.target), SeatRole.SOLO)

    def place(self, intent: Intent, fid: str, cart: Cart, pay_with: Sequence[Pay], payer: str | None) -> Placed:
        return solo.buy(intent, CampaignId(cart.target), _wish(cart, pay_with, payer))


OPENING, JOINING, ALONE = Opening(), Joining(), Alone()


def _quoted(
    mid: MerchantId, uid: UserId, cart: Cart, cid: CampaignId, role: SeatRole, units: int | None = None
) -> Quoted:
    return quotes.quote(mid, uid, cid, cart.sku_id, role, cart.province, [], units)


def _wish(cart: Cart, pay_with: Sequence[Pay], payer: str | None) -> Wish:
    """What the buyer would wish for himself; who gets the goods he says on the order."""
    return Wish(
        sku_id=cart.sku_id,
        province=cart.province,
        pickup_point=cart.pickup_point,
        pay_with=list(pay_with),
        payer=payer,
    )
