"""The situations of a group-buy in which things may happen at the same time: its side of the proof harness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.table import Key
from chalicelib.groupbuy.items import group_key
from chalicelib.orders import payment
from chalicelib.orders.items import order_key
from chalicelib.orders.play import PaymentRef
from infra.local.client import Person
from infra.local.wechat_sim.world import Order
from tests.orders.test_late_payment import late_trade, stored
from tests.proof.acts import Seat, falls_due, one_key, people, told
from tests.proof.stage import Act, Scene
from tests.town import Town

HOUR = 3600


def opens(person: Person, campaign: str, key: str) -> Act:
    return lambda: person.open(campaign, key=one_key(person, key))


def joins(person: Person, group: str, key: str = "joins", sku: str | None = None) -> Act:
    return lambda: person.join(group, sku, key=one_key(person, key))


def cancels(person: Person, seat: Seat) -> Act:
    return lambda: person.api.call("POST", f"/v1/orders/{seat['order_id']}/cancel", {}, key="one-key-to-cancel-it")


def asks_again(person: Person, seat: Seat) -> Act:
    return lambda: person.api.call("POST", f"/v1/orders/{seat['order_id']}/prepay", {}, key="one-key-to-prepay-it")


def order_due(town: Town, seat: Seat) -> Act:
    return falls_due(town, order_key(MerchantId(town.merchant.mid), seat["order_id"]))


def group_due(town: Town, group: str) -> Act:
    return falls_due(town, group_key(MerchantId(town.merchant.mid), group))


def at_wechat(town: Town, seat: Seat, attempt: int) -> Order:
    """An attempt as WeChat has it."""
    return next(o for (_, n), o in town.sim.world.orders.items() if n == f"{seat['order_id']}-{attempt}")


def pays_after_all(town: Town, seat: Seat) -> Act:
    """WeChat contradicts itself: the first attempt was paid, and now it tells."""
    trade = late_trade(town, seat["order_id"])

    def act() -> str:
        late = at_wechat(town, seat, 1)
        if late.paid_at is None:
            late.closed, late.paid_at, late.transaction_id = False, clock.now(), trade.transaction_id
        return payment.take(PaymentRef.of(stored(town, seat["order_id"])), trade)

    return act


def holds(person: Person, group: str, *, pays: bool, sku: str | None = None) -> dict[str, Any]:
    """A seat that is held; with ``pays`` WeChat has the money and has not told."""
    seat: dict[str, Any] = person.join(group, sku).expect(201)
    if pays:
        person.pay(seat, notify=False).expect(200)
    return seat


def leads(person: Person, campaign: str, sku: str | None = None) -> dict[str, Any]:
    """A group that is about to be opened: its leader's money is at WeChat."""
    seat: dict[str, Any] = person.open(campaign, sku).expect(201)
    person.pay(seat, notify=False).expect(200)
    return seat


def opening(town: Town) -> Mapping[str, Act]:
    """Two leaders have paid for the last units, a third has not; nobody has been told."""
    campaign = town.campaign(size=3, skus=[{**town.sku(), "stock": 5}], group_seconds=HOUR)
    ann, ben, cat, dan = people(town, "ann", "ben", "cat", "dan")
    anns, bens, cats = leads(ann, campaign), leads(ben, campaign), cat.open(campaign).expect(201)
    return {
        "ann's payment is told": told(town, anns),
        "ben's payment is told": told(town, bens),
        "ann cancels": cancels(ann, anns),
        "ann opens another": opens(ann, campaign, "opens another"),
        "cat cancels": cancels(cat, cats),
        "cat asks to pay again": asks_again(cat, cats),
        "dan opens": opens(dan, campaign, "opens"),
    }


def pay_window_over(town: Town) -> Mapping[str, Act]:
    """Leaders whose time to pay is over: one has paid and WeChat has not told, one has not."""
    campaign = town.campaign(size=3, skus=[{**town.sku(), "stock": 4}], group_seconds=HOUR)
    ann, ben = people(town, "ann", "ben")
    anns, bens = leads(ann, campaign), ben.open(campaign).expect(201)
    clock.advance(1000)
    return {
        "ann's payment is told": told(town, anns),
        "ann's order falls due": order_due(town, anns),
        "ben's order falls due": order_due(town, bens),
        "ben cancels": cancels(ben, bens),
        "ben opens another": opens(ben, campaign, "opens another"),
    }


def seats(town: Town) -> Mapping[str, Act]:
    """An open group: one seat is free, one held and paid for at WeChat, one held and cancelled."""
    campaign = town.campaign(size=4, group_seconds=HOUR, limits={"open": 5, "join": 2, "take_part": 2})
    _, opened = town.opened(campaign)
    group = opened["group_id"]
    ann, ben, cat, dan = people(town, "ann", "ben", "cat", "dan")
    anns, bens = holds(ann, group, pays=True), holds(ben, group, pays=False)
    cancels(ben, bens)().expect(200)
    return {
        "cat joins": joins(cat, group),
        "cat joins with another key": joins(cat, group, "joins anew"),
        "dan joins": joins(dan, group),
        "cat opens": opens(cat, campaign, "opens"),
        "ann's payment is told": told(town, anns),
        "ann cancels": cancels(ann, anns),
        "ann's order falls due": order_due(town, anns),
        "ben's order falls due": order_due(town, bens),
    }


def last_seats(town: Town) -> Mapping[str, Act]:
    """Two payments are missing, both at WeChat; the group is past its end."""
    _, opened = town.opened(town.campaign(size=3, group_seconds=HOUR))
    group = opened["group_id"]
    ann, ben = people(town, "ann", "ben")
    clock.advance(HOUR - 130)
    anns, bens = holds(ann, group, pays=True), holds(ben, group, pays=True)
    clock.advance(150)
    return {
        "ann's payment is told": told(town, anns),
        "ben's payment is told": told(town, bens),
        "ann's order falls due": order_due(town, anns),
        "the group falls due": group_due(town, group),
    }


def ending(town: Town, **options: Any) -> Mapping[str, Act]:
    """Past the end of a group: one seat was paid for at WeChat, one is held and unpaid."""
    _, opened = town.opened(town.campaign(size=4, group_seconds=HOUR, **options))
    group = opened["group_id"]
    ann, ben = people(town, "ann", "ben")
    clock.advance(HOUR - 130)
    anns, bens = holds(ann, group, pays=True), holds(ben, group, pays=False)
    clock.advance(150)
    return {
        "ann's payment is told": told(town, anns),
        "ann's order falls due": order_due(town, anns),
        "ben's order falls due": order_due(town, bens),
        "ben cancels": cancels(ben, bens),
        "the group falls due": group_due(town, group),
    }


def honoured(town: Town) -> Mapping[str, Act]:
    return ending(town, at_expiry="honour_price")


def own_units(town: Town) -> Mapping[str, Act]:
    """Every seat owns a unit of its own SKU, and one blue unit is left."""
    red, blue = {**town.sku(), "sku_id": "red", "stock": 40}, {**town.sku(), "sku_id": "blue", "stock": 3}
    campaign = town.campaign(size=4, skus=[red, blue], group_seconds=HOUR)
    leader, ann, ben, cat, dan = people(town, "leader", "ann", "ben", "cat", "dan")
    opened = leads(leader, campaign, "red")
    told(town, opened)()
    group = opened["group_id"]
    anns, bens = holds(ann, group, pays=True, sku="blue"), holds(ben, group, pays=False, sku="blue")
    cancels(ben, bens)().expect(200)
    return {
        "cat joins blue": joins(cat, group, sku="blue"),
        "dan joins blue": joins(dan, group, sku="blue"),
        "ann's payment is told": told(town, anns),
        "ben's order falls due": order_due(town, bens),
        "the group falls due": group_due(town, group),
    }


def contradicted(town: Town) -> Mapping[str, Act]:
    """A seat was released on WeChat's word, and then WeChat tells of its payment; one seat is free."""
    campaign = town.campaign(size=3, group_seconds=HOUR)
    _, opened = town.opened(campaign)
    group = opened["group_id"]
    ann, ben, cat = people(town, "ann", "ben", "cat")
    anns, bens = holds(ann, group, pays=False), holds(ben, group, pays=True)
    cancels(ann, anns)().expect(200)
    order_due(town, anns)()
    return {
        "ann's late payment is taken": pays_after_all(town, anns),
        "ann joins again": joins(ann, group, "joins again"),
        "cat joins": joins(cat, group),
        "ben's payment is told": told(town, bens),
        "the group falls due": group_due(town, group),
    }


def failed(town: Town) -> Mapping[str, Act]:
    """A group has failed; two paid seats are to be settled, and a third payment is heard of only now."""
    _, opened = town.opened(town.campaign(size=4, group_seconds=HOUR))
    group = opened["group_id"]
    town.joined(group)
    ann = town.person("ann")
    anns = holds(ann, group, pays=False)
    cancels(ann, anns)().expect(200)
    order_due(town, anns)()
    late = pays_after_all(town, anns)
    clock.advance(HOUR)
    drained = town.emulator.items()
    group_due(town, group)()
    for raw in drained:
        if raw["sk"]["S"].startswith(("SEAT#", "PAY#")) or (raw["pk"]["S"].split("|")[-1][:2] in ("O#", "U#")):
            town.emulator.write(raw)
    for raw in town.emulator.items():
        if raw["sk"]["S"].startswith(("X#", "RFD#")):
            town.emulator.forget(Key(raw["pk"]["S"], raw["sk"]["S"]))
    key = group_key(MerchantId(town.merchant.mid), group)
    town.emulator.make_due(key, clock.now())
    return {
        "a worker settles": group_due(town, group),
        "ann's late payment is taken": late,
        "the leader's payment is told again": told(town, opened),
    }


def refunding(town: Town) -> Mapping[str, Act]:
    """A refund that was refused once is under way at WeChat, and then it is done."""
    _, opened = town.opened(town.campaign(size=2, group_seconds=HOUR))
    clock.advance(HOUR)
    town.act("/_sim/faults", endpoint="refund", kind="not_enough", count=1)
    group_due(town, opened["group_id"])()
    town.stream()
    entry = next(item.key for item in town.items() if item.sk == "X#")
    clock.advance(600)
    town.act("/_sim/faults", endpoint="refund", kind="processing", seconds=5)
    falls_due(town, entry)()
    clock.advance(600)
    number = f"{opened['order_id']}-1"

    def tell() -> Any:
        refund = town.refunds(opened["order_id"])[0]["out_refund_no"]
        return town.act("/_sim/notify", out_trade_no=number, out_refund_no=refund)["status"]

    def unanswered() -> None:
        town.act("/_sim/faults", endpoint="refund", kind="unreachable", count=1)
        falls_due(town, entry)()

    return {
        "the refund is told": tell,
        "the refund falls due": falls_due(town, entry),
        "the refund falls due, and WeChat is away": unanswered,
        "the group falls due": group_due(town, opened["group_id"]),
    }


def alone(town: Town) -> Mapping[str, Act]:
    """Bought alone from the last units: one has paid and WeChat has not told, one was released and pays after all."""
    campaign = town.campaign(size=2, skus=[{**town.sku(), "stock": 3}], group_seconds=HOUR, limits={"units": 1})
    ann, ben, cat, dan = people(town, "ann", "ben", "cat", "dan")
    anns, bens, cats = (person.buy(campaign).expect(201) for person in (ann, ben, cat))
    ann.pay(anns, notify=False).expect(200)
    for person, order in ((ben, bens), (cat, cats)):
        cancels(person, order)().expect(200)
    order_due(town, bens)()
    return {
        "ann's payment is told": told(town, anns),
        "ann cancels": cancels(ann, anns),
        "ann's order falls due": order_due(town, anns),
        "cat's order falls due": order_due(town, cats),
        "ben's late payment is taken": pays_after_all(town, bens),
        "ben buys again": lambda: ben.buy(campaign, key=one_key(ben, "buys again")),
        "dan buys": lambda: dan.buy(campaign, key=one_key(dan, "buys")),
        "dan opens": opens(dan, campaign, "opens"),
    }


def closing(town: Town) -> Mapping[str, Act]:
    """A merchant closes a group in which one seat is paid for at WeChat, one unpaid, and one given up."""
    _, opened = town.opened(town.campaign(size=4, group_seconds=HOUR, at_expiry="honour_price"))
    group = opened["group_id"]
    ann, ben, cat, dan = people(town, "ann", "ben", "cat", "dan")
    anns, bens, cats = holds(ann, group, pays=True), holds(ben, group, pays=False), holds(cat, group, pays=False)
    for person, seat in ((ben, bens), (cat, cats)):
        cancels(person, seat)().expect(200)
    order_due(town, cats)()
    path = f"/v1/admin/groups/{group}/close"
    return {
        "the merchant closes": lambda: town.admin.call("POST", path, {}, key="one-key-to-close-it"),
        "ann's payment is told": told(town, anns),
        "ben's order falls due": order_due(town, bens),
        "cat's late payment is taken": pays_after_all(town, cats),
        "dan joins": joins(dan, group),
        "the group falls due": group_due(town, group),
    }


def two_attempts(town: Town) -> Mapping[str, Act]:
    """WeChat said that an attempt is closed, so that a second one was made and paid, and takes it back."""
    _, opened = town.opened(town.campaign(size=2, group_seconds=HOUR))
    (ann,) = people(town, "ann")
    anns = holds(ann, opened["group_id"], pays=False)
    first = at_wechat(town, anns, 1)
    first.closed = True
    second = asks_again(ann, anns)().expect(200)
    first.closed = False
    ann.pay(second, notify=False).expect(200)
    return {
        "the second payment is told": told(town, anns, 2),
        "the first payment is taken": pays_after_all(town, anns),
        "ann asks to pay again": asks_again(ann, anns),
        "ann cancels": cancels(ann, anns),
        "ann's order falls due": order_due(town, anns),
    }


def another_attempt(town: Town) -> Mapping[str, Act]:
    """WeChat says that the only attempt is closed, while its order is still held."""
    _, opened = town.opened(town.campaign(size=3, group_seconds=HOUR))
    (ann,) = people(town, "ann")
    anns = holds(ann, opened["group_id"], pays=False)
    at_wechat(town, anns, 1).closed = True
    return {
        "ann asks to pay again": asks_again(ann, anns),
        "the first payment is taken": pays_after_all(town, anns),
        "ann cancels": cancels(ann, anns),
        "ann's order falls due": order_due(town, anns),
    }


def no_more(town: Town) -> Mapping[str, Act]:
    """Somebody who may take part once more in a campaign, and could do so in four ways."""
    allowed = {"open": 1, "join": 2, "take_part": 1, "units": 3}
    campaign = town.campaign(size=3, group_seconds=HOUR, limits=allowed)
    one, other = (town.opened(campaign)[1]["group_id"] for _ in range(2))
    (ann,) = people(town, "ann")
    ann.buy(campaign).expect(201)
    return {
        "ann joins one": joins(ann, one),
        "ann joins the other": joins(ann, other, "joins the other"),
        "ann opens": opens(ann, campaign, "opens"),
        "ann buys": lambda: ann.buy(campaign, key=one_key(ann, "buys once more")),
    }


BUILDS: tuple[Callable[[Town], Mapping[str, Act]], ...] = (
    *(opening, pay_window_over, seats, last_seats, ending),
    *(honoured, own_units, contradicted, failed, refunding),
    *(alone, closing, two_attempts, another_attempt, no_more),
)
SCENES = [Scene(build.__name__, build) for build in BUILDS]
