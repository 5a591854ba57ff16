"""What is told of orders and plays while it happens twice or otherwise, and reminders whose reason goes as they go."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.outbox import entry_key
from chalicelib.notices.moments import Moment
from chalicelib.notices.telling import MESSAGE, number
from chalicelib.orders.numbers import refund_number
from chalicelib.orders.owing import REFUND
from infra.local.client import Person
from tests.bargain import shop as bargains
from tests.fulfilment.scenes import desk
from tests.fulfilment.shop import PARCEL, bought
from tests.groupbuy.scenes import cancels, holds, joins
from tests.notices import shop
from tests.proof.acts import falls_due, told
from tests.proof.stage import Act, Scene
from tests.redpacket import shop as packets
from tests.town import Town

HALF, HOUR = 1800, 3600


def goes(town: Town, person: Person, moment: Moment, ident: str) -> Act:
    """A worker takes what somebody is to be told."""
    told_as = number(UserId(person.uid), moment, ident)
    return falls_due(town, entry_key(MerchantId(town.merchant.mid), MESSAGE, told_as))


def friends(town: Town) -> Mapping[str, Act]:
    """Half an hour before a group ends that lacks one, and a packet that friends open: both owners are being told."""
    shop.says(town, Moment.GROUP_ENDING, Moment.UNLOCK_ENDING)
    leader, opened = town.opened(town.campaign(size=2, group_seconds=HOUR))
    gid, owner = opened["group_id"], town.person("owner")
    rid = packets.started(owner, town.campaign(packets.unlock_offer()))
    shop.consents(town, leader, Moment.GROUP_ENDING, about=("group", gid))
    shop.consents(town, owner, Moment.UNLOCK_ENDING, about=("packet", rid))
    clock.advance(HALF)
    member = town.person("member")
    town.minute()
    return {
        "the leader is reminded": goes(town, leader, Moment.GROUP_ENDING, gid),
        "the last seat is taken": joins(member, gid),
        "the owner is reminded": goes(town, owner, Moment.UNLOCK_ENDING, rid),
        "the merchant closes it": lambda: packets.closes(town, rid, key="one-key-to-close-it"),
    }


def payers(town: Town) -> Mapping[str, Act]:
    """Five minutes before an order can be paid no more, half an hour before a bargain ends: both are being told."""
    shop.says(town, Moment.PAY_ENDING, Moment.BARGAIN_ENDING)
    owner, buyer = town.person("owner"), town.person("buyer")
    bid = bargains.started(owner, town.campaign(bargains.offer()))
    shop.consents(town, owner, Moment.BARGAIN_ENDING, about=("bargain", bid))
    clock.advance(HALF - 600)
    held = buyer.buy(town.campaign()).expect(201)
    shop.consents(town, buyer, Moment.PAY_ENDING, about=("order", held["order_id"]))
    clock.advance(600)
    town.minute()
    return {
        "the buyer is reminded": goes(town, buyer, Moment.PAY_ENDING, held["order_id"]),
        "the buyer gives up": cancels(buyer, held),
        "the owner is reminded": goes(town, owner, Moment.BARGAIN_ENDING, bid),
        "the owner gives up": lambda: owner.api.call("POST", f"/v1/bargains/{bid}/cancel", {}, key="one-key-to-end-it"),
    }


def members(town: Town) -> Mapping[str, Act]:
    """A group whose last seat has been paid for as its merchant closes it, and a help that waits for him."""
    moments = (Moment.PAID, Moment.GROUP_SUCCEEDED, Moment.GROUP_FAILED, Moment.HELP_DECIDED)
    shop.says(town, *moments)
    ann, ben = bargains.grown(town, "ann", "ben")
    bid = bargains.started(ann, town.campaign(bargains.offer(cuts=2, held_helps_pass_after_seconds=1200)))
    bargains.befriend(ann, bid.split("-")[0], ben)
    bargains.helps(ben, bid).expect(201)
    _, opened = town.opened(town.campaign(size=2))
    seat = holds(ben, opened["group_id"], pays=True)
    shop.consents(town, ben, *moments)
    path, key = f"/v1/admin/groups/{opened['group_id']}/close", "one-key-to-close-it"
    return {
        "the last seat is paid": told(town, seat),
        "the merchant closes the group": lambda: town.admin.call("POST", path, {}, key=key),
        "the merchant takes the help": lambda: bargains.decides(town, bid, ben.uid, yes=True, key="one-key-to-take-it"),
    }


def goods(town: Town) -> Mapping[str, Act]:
    """An order of which a part was paid back, which WeChat is about to say, and whose goods are about to go out."""
    shop.says(town, Moment.SHIPPED, Moment.REFUNDED)
    order = bought(town)
    shop.consents(town, order.buyer, Moment.SHIPPED, Moment.REFUNDED)
    order.refund(900).expect(200)
    town.stream()
    clock.advance(60)
    mid, first = MerchantId(town.merchant.mid), refund_number(order.order_id, 1)
    about = {"out_trade_no": f"{order.order_id}-1", "out_refund_no": first}
    return {
        "it is sent": desk(order, "ann", "send", {"parcels": [PARCEL]}),
        "WeChat is asked": falls_due(town, entry_key(mid, REFUND, first)),
        "WeChat tells": lambda: town.act("/_sim/notify", **about)["status"],
    }


SCENES: tuple[Scene, ...] = (
    Scene("told_before_an_end", friends),
    Scene("told_to_pay", payers),
    Scene("told_how_it_ended", members),
    Scene("told_of_goods", goods),
)
