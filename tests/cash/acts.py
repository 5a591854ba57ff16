"""What users, WeChat and workers do with cash, as acts of the proof harness."""

from __future__ import annotations

import json

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns.gifts import AsCash
from chalicelib.cash import service
from chalicelib.core import clock, due
from chalicelib.core.errors import RippleError
from chalicelib.core.store import read_one
from chalicelib.core.table import table
from chalicelib.merchants.items import Merchant
from chalicelib.rewards.cash import cash_key, cash_of
from chalicelib.rewards.items import grant_key
from chalicelib.sharing import risk
from infra.local.client import Person
from tests.cash import shop
from tests.cash.shop import REF, number_of
from tests.proof.acts import falls_due
from tests.proof.stage import Act
from tests.redpacket import shop as packets
from tests.rewards import shop as rewards
from tests.town import Town

ONE_DAY = AsCash(hold_days=0, claim_days=1)
MOMENT = 0.001


def asking(town: Town, person: Person, ref: str = REF) -> Act:
    """He asks for his cash; what he is told, as a status. What WeChat thinks of him is known, if anything is."""
    return answered(lambda: service.tap(shop.mid_of(town), person.uid, cash_of(ref), real_name=None, address=None))


def cancelling(town: Town, person: Person, ref: str = REF) -> Act:
    """He takes his asking back."""
    return answered(lambda: shop.cancel(town, person, ref))


def answered(act: Act) -> Act:
    """The act, of which a refusal is an answer as good as any."""

    def tried() -> int:
        try:
            act()
        except RippleError as refused:
            if refused.problem.status >= 500:
                raise
            return refused.problem.status
        return 200

    return tried


def cash_due(town: Town, person: Person, ref: str = REF) -> Act:
    """A worker takes his cash."""
    return falls_due(town, cash_key(shop.mid_of(town), person.uid, cash_of(ref)))


def grant_due(town: Town, person: Person, ref: str = REF) -> Act:
    """A worker takes what gave him cash."""
    return falls_due(town, grant_key(shop.mid_of(town), person.uid, ref))


def undoing(town: Town, person: Person, ref: str = REF) -> Act:
    """What his gift was for is undone."""
    return lambda: rewards.undo(town, person, ref)


def confirming(town: Town, person: Person, ref: str = REF, n: int = 1) -> Act:
    """He says yes on WeChat's page, if it lets him."""
    return lambda: _control(town, "confirm-transfer", out_bill_no=number_of(person, ref, n))


def failing(town: Town, person: Person, reason: str = "TRANSFER_RISK", ref: str = REF, n: int = 1) -> Act:
    """WeChat ends it, if it is not over."""
    return lambda: _control(town, "fail-transfer", out_bill_no=number_of(person, ref, n), fail_reason=reason)


def told(town: Town, person: Person, ref: str = REF, n: int = 1) -> Act:
    """WeChat tells how it ended, as often as it likes, if it has."""
    return lambda: _control(town, "notify", out_bill_no=number_of(person, ref, n))


def _control(town: Town, path: str, **said: object) -> None:
    reply = town.control("POST", f"/_sim/{path}", {}, json.dumps(said).encode())
    assert reply.status in (200, 404, 409), reply


def one_after_another(*acts: Act, seconds: float = 0) -> Act:
    """So many acts of one actor, after a moment."""

    def act() -> None:
        clock.advance(seconds)
        for each in acts:
            each()

    return act


def until(town: Town, person: Person, seconds: float = 0, ref: str = REF) -> None:
    """The last instant in which he may ask, or so much later."""
    clock.advance((shop.cash(town, person, ref).until - clock.now()).total_seconds() + seconds)


def days_pass(town: Town, seconds: float) -> None:
    """Time passes, and WeChat's bills of it are compared by now."""
    clock.advance(seconds)
    key = table(shop.mid_of(town)).key("MER")
    while (merchant := read_one(Merchant, key)) and merchant.gsi2sk and merchant.due and merchant.due <= clock.now():
        due.handle(key, merchant.gsi2sk)


def lost(town: Town, person: Person, kind: str = "unreachable", ref: str = REF) -> None:
    """He asks, and the offer does not arrive, or its answer does not."""
    town.sim.faults.add("transfer", kind)
    shop.tap(town, person, ref)


def doubtful(town: Town, person: Person) -> None:
    """WeChat thinks ill of him, as we know."""
    packets.shady(town, person, rank=4)
    user = read_one(User, user_key(shop.mid_of(town), person.uid))
    assert user is not None
    assert risk.rank_of(user, "198.51.100.7") == 4
