"""The situations of a wallet in which things may happen at the same time: its side of the proof harness."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.core import clock
from chalicelib.core.table import Key
from chalicelib.core.transaction import Lost, update_one
from chalicelib.family.items import Ask, Family, Member, ask_key, family_key, member_key
from chalicelib.family.states import AskState, FamilyState, MemberState, Mode
from chalicelib.orders.items import order_key
from infra.local.client import Person
from tests.family.acts import approves, asks, balance, buys, fills, paid_late, wallet
from tests.family.shop import household, member_of, mid_of
from tests.proof.acts import falls_due, one_key, people, told
from tests.proof.stage import Act, Scene
from tests.town import Town


def an_order(person: Person, campaign: str, fid: str, fen: int | None = None, what: str = "orders") -> Act:
    return lambda: buys(person, campaign, wallet(fid, fen), what=what, key=one_key(person, f"{what}-{fen}"))


def changed(key: Key, action: Action) -> Act:
    """Somebody else's part of the room changes what stands there."""
    return lambda: update_one(key, [action], when={"there": Family.pk.exists()})


def frozen(town: Town, fid: str, person: Person) -> Act:
    return changed(member_key(mid_of(town), fid, person.uid), Member.state.set(MemberState.FROZEN))


def handed(town: Town, fid: str, person: Person) -> Act:
    return changed(family_key(mid_of(town), fid), Family.owner.set(person.uid))


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
    return {
        "ann buys": an_order(ann, campaign, fid, 1000),
        "ann opens a group": an_order(ann, campaign, fid, 700, "groups"),
        "ben buys": an_order(ben, campaign, fid),
        "mum buys with nearly all": an_order(mum, campaign, fid, 4000),
        "ann is frozen": frozen(town, fid, ann),
        "the family is handed to ben": handed(town, fid, ben),
    }


def bounded(town: Town) -> Mapping[str, Act]:
    """The whole family may take 5000 in a month, of which nothing counts yet."""
    mum, ann, ben = people(town, "mum", "ann", "ben")
    fid, campaign = household(town, mum, ann, ben, granted=9000, cap=9000), town.campaign()
    place = family_key(mid_of(town), fid)
    changed(place, Family.cap.set(5000))()

    def in_turn() -> Any:
        an_order(ann, campaign, fid, 3000)()
        return an_order(ben, campaign, fid, 1)()

    return {
        "ann buys": an_order(ann, campaign, fid, 3000),
        "ben buys": an_order(ben, campaign, fid, 3000),
        "ben buys a little once ann has": in_turn,
        "the family is frozen": changed(place, Family.status.set(FamilyState.FROZEN)),
        "the cap is lowered": changed(place, Family.cap.set(4000)),
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
        "ann is frozen": frozen(town, fid, ann),
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
        "it keeps what comes back": changed(family_key(mid_of(town), fid), Family.restores.remove()),
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
        "ann is frozen": frozen(town, fid, ann),
    }


def approving(town: Town) -> Mapping[str, Act]:
    """Kid has asked for what is above his caps, ann for the same; the wallet reaches for one. Kid's may end."""
    mum, ann, kid = people(town, "mum", "ann", "kid")
    fid, campaign = household(town, mum, ann, minors=(kid,), granted=10_000), town.campaign()
    kids, anns = asks(town, fid, kid, campaign, name="kids"), asks(town, fid, ann, campaign, name="anns")
    buys(ann, campaign, wallet(fid, 500)).expect(201)

    def too_late() -> str:
        clock.advance(86_401)
        return approves(town, fid, mum, kid, campaign, kids)

    return {
        "mum approves kid's": lambda: approves(town, fid, mum, kid, campaign, kids),
        "mum approves ann's": lambda: approves(town, fid, mum, ann, campaign, anns),
        "mum approves kid's a day later": too_late,
        "kid's is refused": lambda: _refused(ask_key(mid_of(town), fid, kids)),
        "kid buys": an_order(kid, campaign, fid, 2000),
        "the family is handed to ann": handed(town, fid, ann),
    }


def _refused(key: Key) -> None:
    actions: list[Action] = [Ask.state.set(AskState.REFUSED)]
    with suppress(Lost):
        update_one(key, actions, when={"open": Ask.state == AskState.OPEN}, due=None)


def ended(town: Town) -> Mapping[str, Act]:
    """A family is closed, and what its wallet still has is mum's, also what comes back to it of ann's order."""
    mum, ann = people(town, "mum", "ann")
    fid, campaign = household(town, mum, ann, granted=4000, paid=5000, restores=1), town.campaign()
    paid = buys(ann, campaign, wallet(fid, 2000)).expect(201)
    ann.pay(paid).expect(200)
    town.hear()
    for person in (mum, ann):
        changed(member_of(town, fid, person).key, Member.state.set(MemberState.REMOVED))()
    changed(family_key(mid_of(town), fid), Family.status.set(FamilyState.CLOSED))()
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
    place = family_key(mid_of(town), fid)

    def a_fill(person: Person, fen: int) -> Act:
        return lambda: fills(person, fid, fen, one_key(person, f"fills-{fen}"))

    def in_a_purse() -> Any:
        changed(place, Family.mode.set(Mode.PURSE))()
        return a_fill(ann, 1000)()

    return {
        "mum fills": a_fill(mum, 2000),
        "mum fills again": a_fill(mum, 1500),
        "ann fills what is a purse now": in_a_purse,
        "ann buys": an_order(ann, campaign, fid),
        "ann is frozen": frozen(town, fid, ann),
    }


SCENES = [
    Scene(f"family_{build.__name__}", build)
    for build in (spending, bounded, month_end, settling, returning, late, approving, ended, filling)
]
