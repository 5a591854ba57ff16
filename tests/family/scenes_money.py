"""The situations of a wallet in which things may happen at the same time: its side of the proof harness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.core import clock
from chalicelib.orders.items import order_key
from infra.local.client import Person
from tests.family import desk
from tests.family import people as family
from tests.family.acts import balance, buys, fills, paid_late, wallet
from tests.family.asks_shop import asked, decides
from tests.family.scenes_people import about, acts, then
from tests.family.shop import household, mid_of
from tests.proof.acts import falls_due, one_key, people, told
from tests.proof.stage import Act, Scene
from tests.town import Town


def an_order(
    person: Person, campaign: str, fid: str, fen: int | None = None, what: str = "orders", phone: str = ""
) -> Act:
    key = one_key(person, f"{what}-{fen}{phone}")
    return lambda: buys(person, campaign, wallet(fid, fen), what=what, key=key)


def frozen(owner: Person, fid: str, member: Person) -> Act:
    return then(about(owner, fid, member, "freeze"))


def refunds(town: Town, order: Mapping[str, Any], who: str, fen: int) -> Act:
    path, body = f"/v1/admin/orders/{order['order_id']}/refund", {"note": "sorry", "amount_fen": fen}
    return lambda: town.admin.call("POST", path, body, key=f"{who}-gives-it-back-once")


def given_up(person: Person, order: Mapping[str, Any]) -> Act:
    return lambda: person.api.call("POST", f"/v1/orders/{order['order_id']}/cancel", {})


def spending(town: Town) -> Mapping[str, Act]:
    """Ann may take 1000 more this month, of 3000 given and 1500 bought; ben has spent nothing, and his cap is wide."""
    mum, ann, ben = people(town, "mum", "ann", "ben")
    fid, campaign = household(town, mum, ann, ben, granted=3500, paid=1500, cap=1500), town.campaign()
    buys(ann, campaign, wallet(fid, 500)).expect(201)
    family.offers(mum, fid, ben).expect(200)
    return {
        "ann buys": an_order(ann, campaign, fid, 1000),
        "ann opens a group": an_order(ann, campaign, fid, 700, "groups"),
        "ben buys": an_order(ben, campaign, fid),
        "mum buys with nearly all": an_order(mum, campaign, fid, 4000),
        "mum freezes ann": frozen(mum, fid, ann),
        "ben accepts the family": acts(ben, fid, "hand-over/accept"),
    }


def bounded(town: Town) -> Mapping[str, Act]:
    """The whole family may take 5000 in a month, of which nothing counts yet."""
    mum, ann, ben = people(town, "mum", "ann", "ben")
    fid, campaign = household(town, mum, ann, ben, granted=9000, cap=9000), town.campaign()
    family.sets(mum, fid, cap_fen=5000).expect(200)

    def in_turn() -> Any:
        an_order(ann, campaign, fid, 3000)()
        return an_order(ben, campaign, fid, 1)()

    return {
        "ann buys": an_order(ann, campaign, fid, 3000),
        "ben buys": an_order(ben, campaign, fid, 3000),
        "ben buys a little once ann has": in_turn,
        "mum freezes all": then(acts(mum, fid, "freeze")),
        "mum lowers the cap": lambda: family.sets(mum, fid, cap_fen=4000),
    }


def month_end(town: Town) -> Mapping[str, Act]:
    """A minute before a month ends ann has taken most of it: an order that is held, and one that was paid."""
    clock.advance((datetime(2026, 11, 30, 15, 59, tzinfo=UTC) - clock.now()).total_seconds())
    mum, ann = people(town, "mum", "ann")
    fid, campaign = household(town, mum, ann, granted=30_000, cap=9000, restores=1), town.campaign()
    paid = buys(ann, campaign, wallet(fid, 5000)).expect(201)
    ann.pay(paid).expect(200)
    town.hear()
    held = buys(ann, campaign, wallet(fid, 3000)).expect(201)

    def next_month() -> Any:
        clock.advance(60)
        return an_order(ann, campaign, fid, 4500)()

    return {
        "ann buys": an_order(ann, campaign, fid, 1000),
        "ann buys as the month turns": next_month,
        "ann gives one up": given_up(ann, held),
        "it falls due": falls_due(town, order_key(mid_of(town), held["order_id"])),
        "some of another comes back": refunds(town, paid, "one", 8900 - 5000 + 2000),
    }


def settling(town: Town) -> Mapping[str, Act]:
    """An order that the wallet holds to is paid or given up, while its time is over and others want the wallet."""
    mum, ann, ben = people(town, "mum", "ann", "ben")
    fid, campaign = household(town, mum, ann, ben, granted=2000, paid=3000, cap=5000), town.campaign()
    held = buys(ann, campaign, wallet(fid, 4000)).expect(201)
    ann.pay(held, notify=False).expect(200)
    return {
        "ann's payment is told": told(town, held),
        "ann gives it up": given_up(ann, held),
        "it falls due": falls_due(town, order_key(mid_of(town), held["order_id"])),
        "ann buys": an_order(ann, campaign, fid, 2000),
        "ben buys": an_order(ben, campaign, fid),
        "mum freezes ann": frozen(mum, fid, ann),
    }


def returning(town: Town) -> Mapping[str, Act]:
    """What the wallet paid comes back in parts and may be spent again, which ann does."""
    mum, ann = people(town, "mum", "ann")
    fid, campaign = household(town, mum, ann, granted=5000, paid=8000, per=9000, cap=9000, restores=1), town.campaign()
    paid = buys(ann, campaign, wallet(fid)).expect(201)
    return {
        "one clerk gives some back": refunds(town, paid, "one", 5000),
        "another gives some back": refunds(town, paid, "another", 3900),
        "ann buys": an_order(ann, campaign, fid, 4000),
        "mum keeps what comes back": lambda: family.sets(mum, fid, restores=False),
    }


def late(town: Town) -> Mapping[str, Act]:
    """An order was released, and its money comes all the same, while others want the wallet."""
    mum, ann, ben = people(town, "mum", "ann", "ben")
    fid, campaign = household(town, mum, ann, ben, granted=2000, paid=2500, cap=5000), town.campaign()
    held = buys(ann, campaign, wallet(fid, 3000)).expect(201)
    given_up(ann, held)()
    town.minute()
    paid_late(town, held)
    return {
        "ann's payment is told": told(town, held),
        "ann buys": an_order(ann, campaign, fid, 2500),
        "ben buys": an_order(ben, campaign, fid, 2000),
        "mum freezes ann": frozen(mum, fid, ann),
    }


def approving(town: Town) -> Mapping[str, Act]:
    """Kid has asked for what is above his caps, ann for the same; the wallet reaches for one. Both are about to end."""
    mum, ann, kid = people(town, "mum", "ann", "kid")
    fid, campaign = household(town, mum, ann, minors=(kid,), granted=10_000), town.campaign()
    kids, anns = asked(kid, fid, campaign), asked(ann, fid, campaign)
    clock.advance(86_400)
    mum, ann, kid = people(town, "mum", "ann", "kid")
    buys(ann, campaign, wallet(fid, 500)).expect(201)
    family.offers(mum, fid, ann).expect(200)

    def too_late() -> Any:
        clock.advance(1)
        return decides(mum, fid, kids, "approve")

    return {
        "mum approves kid's": lambda: decides(mum, fid, kids, "approve"),
        "mum approves ann's": lambda: decides(mum, fid, anns, "approve"),
        "mum approves kid's too late": too_late,
        "mum refuses kid's": lambda: decides(mum, fid, kids, "refuse"),
        "kid buys": an_order(kid, campaign, fid, 2000),
        "ann accepts the family": acts(ann, fid, "hand-over/accept"),
    }


def ended(town: Town) -> Mapping[str, Act]:
    """A family is closed, and what its wallet still has is mum's, also what comes back to it of ann's order."""
    mum, ann = people(town, "mum", "ann")
    fid, campaign = household(town, mum, ann, granted=4000, paid=5000, restores=1), town.campaign()
    paid = buys(ann, campaign, wallet(fid, 2000)).expect(201)
    ann.pay(paid).expect(200)
    town.hear()
    family.closed(town, mum, fid)
    return {
        "mum buys": an_order(mum, campaign, fid, 6500),
        "mum opens a group": an_order(mum, campaign, fid, 6000, "groups"),
        "ann buys": an_order(ann, campaign, fid),
        "some comes back": refunds(town, paid, "one", 8900 - 2000 + 500),
    }


def filling(town: Town) -> Mapping[str, Act]:
    """Mum's balance reaches for one more of two fills; the wallet becomes a purse, and ann fills it too."""
    mum, ann = people(town, "mum", "ann")
    fid, campaign = household(town, mum, ann), town.campaign()
    balance(town, mum, 3000)
    balance(town, ann, 1000)

    def a_fill(person: Person, fen: int) -> Act:
        return lambda: fills(person, fid, fen, one_key(person, f"fills-{fen}"))

    def in_a_purse() -> Any:
        family.sets(mum, fid, mode="purse").expect(200)
        return a_fill(ann, 1000)()

    return {
        "mum fills": a_fill(mum, 2000),
        "mum fills again": a_fill(mum, 1500),
        "ann fills what is a purse now": in_a_purse,
        "ann buys": an_order(ann, campaign, fid),
        "mum freezes ann": frozen(mum, fid, ann),
    }


def parting(town: Town) -> Mapping[str, Act]:
    """Ann and mum buy while ann is frozen, removed or leaves, and the family is frozen, closed or another's."""
    mum, ann, ben = people(town, "mum", "ann", "ben")
    fid, campaign = household(town, mum, ann, ben, granted=4000, paid=9000, per=9000), town.campaign()
    family.offers(mum, fid, ben).expect(200)
    return {
        "ann buys": an_order(ann, campaign, fid, 1000),
        "ann buys all of it": an_order(ann, campaign, fid),
        "mum buys": an_order(mum, campaign, fid, 3000),
        "mum removes ann": then(about(mum, fid, ann, "remove")),
        "mum freezes ann": frozen(mum, fid, ann),
        "mum freezes all": then(acts(mum, fid, "freeze")),
        "the shop freezes all": then(lambda: desk.freezes(town.admin, fid, key="the-shop-freezes-them-all")),
        "mum closes it": then(acts(mum, fid, "close")),
        "it falls due": falls_due(town, family.place_of(town, fid)),
        "ann leaves": then(acts(ann, fid, "leave")),
        "ben accepts it": acts(ben, fid, "hand-over/accept"),
    }


def eight_phones(town: Town) -> Mapping[str, Act]:
    """Two people on four phones each: a month has room for two orders and a half, the wallet for less than both."""
    mum, ann, ben = people(town, "mum", "ann", "ben")
    fid, campaign = household(town, mum, ann, ben, granted=2000, paid=2600, cap=2500), town.campaign()
    return {
        f"{person.name} buys on phone {phone}": an_order(person, campaign, fid, 1000, phone=str(phone))
        for person in (ann, ben)
        for phone in range(1, 5)
    }


BUILDS: tuple[Callable[[Town], Mapping[str, Act]], ...] = (
    *(spending, bounded, month_end, settling, returning, late, approving, ended, filling, parting, eight_phones),
)
SCENES = [Scene(f"family_{build.__name__}", build) for build in BUILDS]
