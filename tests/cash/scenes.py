"""The situations of cash in which things may happen at the same time: its side of the proof harness."""

from __future__ import annotations

import json
from collections.abc import Mapping

import msgspec

from chalicelib.accounts.items import User, user_key
from chalicelib.campaigns.gifts import AsCash
from chalicelib.cash import service
from chalicelib.cash.rules import CONFIRM_TIME, GIVE_UP, PAUSE, REVIEW, SURE, SURELY_ABSENT
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
from tests.cash.shop import DAY, HOUR, REF, fill, given, number_of, opened, set_up, with_limits
from tests.proof.acts import falls_due, people
from tests.proof.stage import Act, Scene
from tests.redpacket import shop as packets
from tests.rewards import shop as rewards
from tests.risk.play import id_of
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


def last_instant(town: Town) -> Mapping[str, Act]:
    """Cash can be asked for at this instant and at no later one, and its gift may be undone."""
    ann, campaign = town.person("ann"), opened(town)
    given(town, campaign, ann, form=ONE_DAY)
    until(town, ann)
    return {
        "ann asks": asking(town, ann),
        "it falls due": cash_due(town, ann),
        "its time is over and it falls due": one_after_another(cash_due(town, ann), seconds=MOMENT),
        "its gift is undone": undoing(town, ann),
        "its gift falls due": grant_due(town, ann),
    }


def kept_waiting(town: Town) -> Mapping[str, Act]:
    """Nobody has asked in time, while the merchant pays nothing and when he pays again; he may let somebody have it."""
    (ann, ben), campaign = people(town, "ann", "ben"), opened(town)
    given(town, campaign, ann, form=ONE_DAY)
    given(town, campaign, ben, form=ONE_DAY)
    until(town, ann, MOMENT)

    stopped = msgspec.structs.replace(shop.TERMS, paused=True)
    return {
        "ann's falls due": cash_due(town, ann),
        "ben's falls due": cash_due(town, ben),
        "ann asks": asking(town, ann),
        "the merchant stops": lambda: set_up(town, stopped),
        "the merchant goes on": lambda: set_up(town),
        "ann's gift is undone": undoing(town, ann),
        "ann's gift falls due": grant_due(town, ann),
    }


def too_much(town: Town) -> Mapping[str, Act]:
    """Three gifts, of which a day has room for two, a year for two, and one is on its way."""
    ann, campaign = town.person("ann"), opened(town)
    set_up(town, with_limits(times_a_day=2, fen_a_day=250, fen_a_year=280))
    for ref in ("one", "two", "three"):
        given(town, campaign, ann, ref)
    shop.tap(town, ann, "three")
    return {
        "ann asks for one": asking(town, ann, "one"),
        "ann asks for two": asking(town, ann, "two"),
        "the third fails, and WeChat tells": one_after_another(
            failing(town, ann, ref="three"), told(town, ann, "three")
        ),
        "ann asks for the third": asking(town, ann, "three"),
    }


def night(town: Town) -> Mapping[str, Act]:
    """It was asked for before midnight of the last day of a year, and is confirmed, fails or asked for again after."""
    ann, campaign = town.person("ann"), opened(town)
    days_pass(town, 50 * DAY + 3 * HOUR + 3599)
    given(town, campaign, ann)
    given(town, campaign, ann, "another")
    shop.tap(town, ann)
    clock.advance(2)
    assert shop.cash(town, ann).day == "2026-12-31"
    return {
        "it fails, and WeChat tells": one_after_another(failing(town, ann), told(town, ann)),
        "ann confirms, and WeChat tells": one_after_another(confirming(town, ann), told(town, ann)),
        "it falls due": cash_due(town, ann),
        "ann asks": asking(town, ann),
        "ann asks for another": asking(town, ann, "another"),
    }


def confirmed(town: Town) -> Mapping[str, Act]:
    """WeChat waits for somebody, who may say yes, take it back, or ask again, while a worker asks."""
    ann, campaign = town.person("ann"), opened(town)
    given(town, campaign, ann)
    shop.tap(town, ann)
    clock.advance(60)
    return {
        "ann confirms": confirming(town, ann),
        "ann cancels": cancelling(town, ann),
        "ann asks": asking(town, ann),
        "WeChat tells": told(town, ann),
        "it falls due": cash_due(town, ann),
    }


def withdrawn(town: Town) -> Mapping[str, Act]:
    """Somebody takes his asking back, which WeChat needs a moment for, and may confirm it in that moment."""
    ann, campaign = town.person("ann"), opened(town)
    given(town, campaign, ann)
    shop.tap(town, ann)
    clock.advance(60)
    shop.cancel(town, ann)
    return {
        "it falls due": cash_due(town, ann),
        "a moment later it falls due": one_after_another(cash_due(town, ann), seconds=3),
        "ann confirms": confirming(town, ann),
        "WeChat tells": told(town, ann),
        "ann asks": asking(town, ann),
    }


def timed_out(town: Town) -> Mapping[str, Act]:
    """The very last moment in which somebody may confirm; WeChat closes late, and may not have told yet."""
    ann, campaign = town.person("ann"), opened(town)
    given(town, campaign, ann)
    shop.tap(town, ann)
    clock.advance(CONFIRM_TIME.total_seconds() - MOMENT)
    return {
        "ann confirms": confirming(town, ann),
        "her time is over, and WeChat tells": one_after_another(told(town, ann), seconds=MOMENT),
        "it falls due": cash_due(town, ann),
        "ann asks": asking(town, ann),
        "ann cancels": cancelling(town, ann),
    }


def after_its_time(town: Town) -> Mapping[str, Act]:
    """WeChat waits for somebody whose time to ask is over by now: what comes to nothing is the campaign's."""
    ann, campaign = town.person("ann"), opened(town)
    given(town, campaign, ann, form=ONE_DAY)
    clock.advance(DAY - HOUR)
    shop.tap(town, ann)
    clock.advance(2 * HOUR)
    return {
        "it fails, and WeChat tells": one_after_another(failing(town, ann), told(town, ann)),
        "ann confirms": confirming(town, ann),
        "it falls due": cash_due(town, ann),
        "ann cancels": cancelling(town, ann),
        "its gift is undone": undoing(town, ann),
        "its gift falls due": grant_due(town, ann),
    }


def taken_back(town: Town) -> Mapping[str, Act]:
    """A gift is being taken back whose cash is on its way."""
    ann, campaign = town.person("ann"), opened(town)
    given(town, campaign, ann)
    shop.tap(town, ann)
    clock.advance(60)
    rewards.undo(town, ann, REF)
    return {
        "its gift falls due": grant_due(town, ann),
        "it falls due": cash_due(town, ann),
        "ann confirms": confirming(town, ann),
        "WeChat tells": told(town, ann),
        "ann asks": asking(town, ann),
    }


def unheard(town: Town) -> Mapping[str, Act]:
    """WeChat waits for somebody and has not been heard: it is offered again, with nothing changed."""
    ann, campaign = town.person("ann"), opened(town)
    given(town, campaign, ann)
    lost(town, ann, "lost")
    clock.advance(120)
    return {
        "it falls due": cash_due(town, ann),
        "ann cancels": cancelling(town, ann),
        "ann confirms": confirming(town, ann),
        "WeChat tells": told(town, ann),
        "it fails": failing(town, ann),
        "ann asks": asking(town, ann),
    }


def unarrived(town: Town) -> Mapping[str, Act]:
    """An offer has not arrived: it is made again under its number, unless it is taken back first."""
    ann, campaign = town.person("ann"), opened(town)
    given(town, campaign, ann)
    lost(town, ann)
    clock.advance(120)
    cancel_now = one_after_another(cancelling(town, ann), cash_due(town, ann))
    return {
        "it falls due": cash_due(town, ann),
        "ann cancels, and it falls due": cancel_now,
        "its gift is undone and falls due": one_after_another(undoing(town, ann), grant_due(town, ann)),
        "it fails, and WeChat tells": one_after_another(failing(town, ann), told(town, ann)),
    }


def at_once(town: Town) -> Mapping[str, Act]:
    """Somebody asks, and takes it back before his asking has reached WeChat."""
    ann, campaign = town.person("ann"), opened(town)
    given(town, campaign, ann)
    cancel_now = one_after_another(cancelling(town, ann), cash_due(town, ann))
    return {
        "ann asks": asking(town, ann),
        "ann cancels, and it falls due": answered(cancel_now),
        "ann confirms, and WeChat tells": one_after_another(confirming(town, ann), told(town, ann)),
        "it falls due": cash_due(town, ann),
        "its gift is undone and falls due": one_after_another(undoing(town, ann), grant_due(town, ann)),
    }


def surely_absent(town: Town) -> Mapping[str, Act]:
    """An offer that was taken back has not arrived, as WeChat says for certain now."""
    ann, campaign = town.person("ann"), opened(town)
    given(town, campaign, ann)
    lost(town, ann)
    shop.cancel(town, ann)
    clock.advance(SURELY_ABSENT.total_seconds())
    return {
        "it falls due": cash_due(town, ann),
        "ann asks": asking(town, ann),
        "ann cancels": cancelling(town, ann),
        "its gift is undone": undoing(town, ann),
        "its gift falls due": grant_due(town, ann),
    }


def given_up(town: Town) -> Mapping[str, Act]:
    """An offer never arrived, and its time is so long over that it is not made again."""
    ann, campaign = town.person("ann"), opened(town)
    given(town, campaign, ann, form=ONE_DAY)
    until(town, ann)
    lost(town, ann)
    clock.advance(GIVE_UP.total_seconds() + MOMENT)
    return {
        "it falls due": cash_due(town, ann),
        "ann asks": asking(town, ann),
        "ann cancels": cancelling(town, ann),
        "its gift is undone": undoing(town, ann),
        "its gift falls due": grant_due(town, ann),
    }


def forgotten(town: Town) -> Mapping[str, Act]:
    """WeChat still says that it waits for somebody, of an attempt so old that it may soon have forgotten it."""
    ann, campaign = town.person("ann"), opened(town)
    given(town, campaign, ann)
    town.sim.faults.add("transfer", "late_close", seconds=24 * DAY + 2 * HOUR)
    shop.tap(town, ann)
    days_pass(town, SURE.total_seconds())
    return {
        "it falls due": cash_due(town, ann),
        "ann cancels": cancelling(town, ann),
        "it fails, and WeChat tells": one_after_another(failing(town, ann), told(town, ann)),
    }


def empty(town: Town) -> Mapping[str, Act]:
    """The account is empty, the pause is over, and whoever comes first tries; the merchant brings money."""
    (ann, ben, cat), campaign = people(town, "ann", "ben", "cat"), opened(town, fen=0)
    for person in (ann, ben, cat):
        given(town, campaign, person)
    shop.tap(town, ann)
    clock.advance(PAUSE.total_seconds())
    return {
        "ann's falls due": cash_due(town, ann),
        "ben asks": asking(town, ben),
        "cat asks": asking(town, cat),
        "the merchant brings money": lambda: fill(town),
    }


def paused(town: Town) -> Mapping[str, Act]:
    """There is no money any more, and whose time is over in the meantime loses nothing by that."""
    (ann, ben, cat), campaign = people(town, "ann", "ben", "cat"), opened(town, fen=100)
    for person in (ann, ben, cat):
        given(town, campaign, person, form=ONE_DAY)
    until(town, ann, -PAUSE.total_seconds() / 2)
    shop.tap(town, ann)
    shop.tap(town, ben)
    until(town, cat, MOMENT)
    return {
        "ann's fails, and WeChat tells": one_after_another(failing(town, ann), told(town, ann)),
        "ben's falls due": cash_due(town, ben),
        "cat's falls due": cash_due(town, cat),
        "cat asks": asking(town, cat),
        "ben cancels": cancelling(town, ben),
        "the merchant brings money": lambda: fill(town),
    }


def doubtful(town: Town, person: Person) -> None:
    """WeChat thinks ill of him, as we know."""
    packets.shady(town, person, rank=4)
    user = read_one(User, user_key(shop.mid_of(town), person.uid))
    assert user is not None
    assert risk.rank_of(user, "198.51.100.7") == 4


def doubted(town: Town) -> Mapping[str, Act]:
    """Somebody whom WeChat thinks ill of asks at the last instant: his merchant is to look first."""
    ann, campaign = town.person("ann"), opened(town)
    doubtful(town, ann)
    given(town, campaign, ann, form=ONE_DAY)
    until(town, ann)
    return {
        "ann asks": asking(town, ann),
        "its time is over and it falls due": one_after_another(cash_due(town, ann), seconds=MOMENT),
        "its gift is undone": undoing(town, ann),
        "its gift falls due": grant_due(town, ann),
    }


def reviewed(town: Town) -> Mapping[str, Act]:
    """A doubtful user's cash waits for the merchant, whose time is over."""
    ann, campaign = town.person("ann"), opened(town)
    doubtful(town, ann)
    given(town, campaign, ann)
    asking(town, ann)()
    days_pass(town, REVIEW.total_seconds())
    path = f"/v1/admin/held/{id_of(cash_key(shop.mid_of(town), ann.uid, cash_of(REF)))}"

    def decides(what: str) -> Act:
        return lambda: town.admin.call("POST", f"{path}/{what}", {}, key=f"one-key-to-{what}-it")

    return {
        "the merchant approves": decides("approve"),
        "the merchant rejects": decides("reject"),
        "it falls due": cash_due(town, ann),
        "ann asks": asking(town, ann),
        "its gift is undone": undoing(town, ann),
        "its gift falls due": grant_due(town, ann),
    }


def becoming(town: Town) -> Mapping[str, Act]:
    """A gift's hold is over: it becomes cash, which is asked for at once, or is undone."""
    ann, campaign = town.person("ann"), opened(town)
    rewards.promise(town, campaign, ann, REF, 100, shop.AT_ONCE, seconds=0)
    return {
        "its gift falls due": grant_due(town, ann),
        "its gift is undone": undoing(town, ann),
        "ann asks": asking(town, ann),
        "it falls due": cash_due(town, ann),
    }


def unlocked(town: Town) -> Mapping[str, Act]:
    """A friend has helped: the node that is cash is given, and its owner asks for it."""
    set_up(town)
    fill(town)
    at_once = {"as": "cash", "hold_days": 0, "claim_days": 1}
    campaign = town.campaign(packets.unlock_offer(form=at_once, budget={"cash": 100_000}))
    ann, ben = packets.grown(town, "ann", "ben")
    rid = packets.started(ann, campaign)
    packets.helps(ben, rid).expect(201)
    ref = f"{rid}-0"
    return {
        "the packet falls due": falls_due(town, packets.packet(town, rid).key),
        "ann asks": asking(town, ann, ref),
        "it falls due": cash_due(town, ann, ref),
        "ann confirms, and WeChat tells": one_after_another(confirming(town, ann, ref), told(town, ann, ref)),
    }


SCENES = [
    Scene(f"cash {build.__name__}", build)
    for build in (
        *(last_instant, kept_waiting, too_much, night, confirmed, withdrawn, timed_out, after_its_time, taken_back),
        *(unheard, unarrived, at_once, surely_absent, given_up, forgotten, empty, paused, doubted, reviewed),
        *(becoming, unlocked),
    )
]
