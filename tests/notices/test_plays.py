"""What people are told of groups, bargains and packets when something is decided, and what their pages ask for."""

from __future__ import annotations

import pytest

from chalicelib.notices.moments import Moment
from chalicelib.redpacket.items import Claim, Unlock
from tests.bargain import shop as bargains
from tests.notices import shop
from tests.notices.heard import amounts, asks, told
from tests.orders.purse import purse
from tests.orders.test_tenders import join
from tests.redpacket import shop as packets
from tests.town import Town

ENDS = (Moment.GROUP_SUCCEEDED, Moment.GROUP_FAILED)
ALL = tuple(Moment)


def test_members_are_told_once_that_their_group_has_succeeded(town: Town) -> None:
    shop.says(town, *ENDS)
    ann, ben = town.person("ann"), town.person("ben")
    for person in (ann, ben):
        shop.consents(town, person, *ENDS, *ENDS)
    opened = ann.open(town.campaign(size=2)).expect(201)
    ann.pay(opened).expect(200)
    town.hear()
    taken = join(ben, opened["group_id"], purse(town, ben, 900)).expect(201)
    ben.pay(taken).expect(200)
    town.hear()
    town.minute()
    town.minute()
    for person, seat in ((ann, opened), (ben, taken)):
        ((moment, page, said),) = told(town, person)
        assert (moment, page) == ("group_succeeded", f"pages/group/index?g={opened['group_id']}")
        assert said[:4] == ["2026年秋茶礼盒", "2", "69.00元", seat["order_id"]]


def test_a_group_that_was_looked_at_is_settled_as_soon_as_it_is_full(town: Town) -> None:
    shop.says(town, *ENDS)
    ann, ben = town.person("ann"), town.person("ben")
    shop.consents(town, ann, Moment.GROUP_SUCCEEDED)
    opened = ann.open(town.campaign(size=2)).expect(201)
    ann.pay(opened).expect(200)
    town.hear()
    ann.group(opened["group_id"])
    town.stream()
    ben.pay(ben.join(opened["group_id"]).expect(201)).expect(200)
    town.hear()
    town.stream()
    assert ann.group(opened["group_id"])["my_seat"]["state"] == "won"
    assert ann.api.get(f"/v1/orders/{opened['order_id']}")["state"] == "confirmed", "no sweep has come"
    town.stream()
    assert [message["template_id"] for message in shop.messages(town, ann)] == [
        shop.template_id(Moment.GROUP_SUCCEEDED)
    ]


def test_members_are_told_that_their_group_has_failed_and_what_goes_back(town: Town) -> None:
    shop.says(town, *ENDS, Moment.PAID, Moment.REFUNDED)
    ann, ben = town.person("ann"), town.person("ben")
    for person in (ann, ben):
        shop.consents(town, person, *ENDS, Moment.PAID, Moment.REFUNDED)
    opened = ann.open(town.campaign(group_seconds=3600)).expect(201)
    ann.pay(opened).expect(200)
    town.hear()
    join(ben, opened["group_id"], purse(town, ben, 6900)).expect(201)
    assert [(moment, page[:12]) for moment, page, _ in told(town, ben)] == [("paid", "pages/group/")]
    town.pass_time(3600)
    town.hear()
    for person in (ann, ben):
        assert amounts(town, person) == [("paid", "69.00元"), ("group_failed", "69.00元"), ("refunded", "69.00元")]


@pytest.mark.parametrize("by", ["yes", "no", "time"])
def test_a_helper_whose_help_has_waited_is_told_what_became_of_it(town: Town, by: str) -> None:
    shop.says(town, Moment.HELP_DECIDED)
    ann, ben = bargains.grown(town, "ann", "ben")
    bid = bargains.started(ann, town.campaign(bargains.offer(cuts=2, held_helps_pass_after_seconds=1200)))
    bargains.befriend(ann, bid.split("-")[0], ben)
    assert asks(bargains.page(ben, bid)) == ["help_decided"]
    bargains.helps(ben, bid).expect(201)
    assert asks(bargains.page(ben, bid)) == ["help_decided"]
    shop.consents(town, ben, Moment.HELP_DECIDED)
    if by == "time":
        town.pass_time(1260)
    else:
        bargains.decides(town, bid, ben.uid, yes=by == "yes").expect(200)
    ((moment, page, said),) = told(town, ben)
    assert (moment, page) == ("help_decided", f"pages/bargain/index?b={bid}")
    assert said[:2] == ["秋茶礼盒砍价", "未通过" if by == "no" else "已生效"]
    ben.come_back()
    assert asks(bargains.page(ben, bid)) == []


@pytest.mark.parametrize("by", ["yes", "no", "time"])
def test_whoever_claims_is_told_what_became_of_a_claim_that_has_waited(town: Town, by: str) -> None:
    shop.says(town, Moment.HELP_DECIDED)
    ann, ben = packets.grown(town, "ann", "ben")
    rid = packets.brought(town, ann, town.campaign(packets.goods(packet={"held_claims_pass_after_seconds": 1200})))
    packets.shady(town, ben)
    shop.consents(town, ben, Moment.HELP_DECIDED)
    packets.claims(ben, rid).expect(201)
    if by == "time":
        town.pass_time(1260)
    else:
        packets.decides(town, rid, ben.uid, yes=by == "yes", kind=Claim).expect(200)
    ((moment, page, said),) = told(town, ben)
    assert (moment, page) == ("help_decided", f"pages/packet/index?r={rid}")
    assert said[1] == ("未通过" if by == "no" else "已生效")


def test_a_help_that_nobody_needs_any_more_was_not_taken(town: Town) -> None:
    shop.says(town, Moment.HELP_DECIDED)
    ann, ben, cat = packets.grown(town, "ann", "ben", "cat")
    rid = packets.started(ann, town.campaign(packets.unlock_offer(nodes=[{"friends": 1, "amount": 100}])))
    packets.shady(town, ben)
    shop.consents(town, ben, Moment.HELP_DECIDED)
    packets.helps(ben, rid).expect(201)
    packets.helps(cat, rid).expect(201)
    assert packets.decides(town, rid, ben.uid, yes=True, kind=Unlock).expect(200)["decision"] == "moot"
    ((_, _, said),) = told(town, ben)
    assert said[1] == "未通过"


def test_pages_ask_for_what_matters_at_their_moment(town: Town) -> None:
    shop.says(town, *ALL)
    ann, ben = town.person("ann"), town.person("ben")
    opened = ann.open(town.campaign(size=2)).expect(201)
    before = ["pay_ending", "paid"]
    assert asks(ann.order(opened["order_id"])) == before
    ann.pay(opened).expect(200)
    town.hear()
    while_open = ["group_succeeded", "group_failed", "group_ending"]
    gid, oid = opened["group_id"], opened["order_id"]
    assert (asks(ann.group(gid)), asks(ben.group(gid))) == (while_open, while_open)
    town.joined(gid)
    town.minute()
    after = ["shipped", "refunded"]
    assert (asks(ann.group(gid)), asks(ben.group(gid)), asks(ann.order(oid))) == (after, [], after)
    bid = bargains.started(ann, town.campaign(bargains.offer()))
    assert asks(bargains.page(ann, bid)) == ["bargain_ending", "paid", "shipped"]
    held = bargains.buys(ann, bid).expect(201)
    ann.pay(held).expect(200)
    town.hear()
    assert asks(bargains.page(ann, bid)) == after
    rid = packets.started(ann, town.campaign(packets.unlock_offer()))
    assert asks(packets.page(ann, rid)) == ["unlock_ending", "reward_arrived"]
    assert asks(packets.page(ben, rid)) == ["help_decided", "reward_arrived"]
    town.admin.post(f"/v1/admin/orders/{oid}/refund", {"note": "sorry"})
    assert asks(ann.order(oid)) == ["refunded"]
    given_up = ben.open(town.campaign()).expect(201)
    ben.api.post(f"/v1/orders/{given_up['order_id']}/cancel", {})
    assert asks(ben.order(given_up["order_id"])) == []
