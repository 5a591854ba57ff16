"""The situations of cash that is on its way: WeChat waits, fails, has not heard, or has no money for it."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.cash.rules import CONFIRM_TIME, GIVE_UP, PAUSE, SURE, SURELY_ABSENT
from chalicelib.core import clock
from infra.local.client import Person
from tests.cash import shop
from tests.cash.acts import (
    MOMENT,
    ONE_DAY,
    answered,
    asking,
    cancelling,
    cash_due,
    confirming,
    days_pass,
    failing,
    grant_due,
    lost,
    one_after_another,
    told,
    undoing,
    until,
)
from tests.cash.shop import DAY, HOUR, REF, fill, given, opened
from tests.proof.acts import people
from tests.proof.stage import Act, Scene
from tests.rewards import shop as rewards
from tests.town import Town


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
    clock.advance(30)
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


def whatever_becomes_of(town: Town, person: Person) -> Mapping[str, Act]:
    """What workers, the user and whoever undoes his gift may do with an attempt."""
    return {
        "it falls due": cash_due(town, person),
        f"{person.name} asks": asking(town, person),
        f"{person.name} cancels": cancelling(town, person),
        "its gift is undone": undoing(town, person),
        "its gift falls due": grant_due(town, person),
    }


def surely_absent(town: Town) -> Mapping[str, Act]:
    """An offer that was taken back has not arrived, as WeChat says for certain now."""
    ann, campaign = town.person("ann"), opened(town)
    given(town, campaign, ann)
    lost(town, ann)
    shop.cancel(town, ann)
    clock.advance(SURELY_ABSENT.total_seconds())
    return whatever_becomes_of(town, ann)


def given_up(town: Town) -> Mapping[str, Act]:
    """An offer never arrived, and its time is so long over that it is not made again."""
    ann, campaign = town.person("ann"), opened(town)
    given(town, campaign, ann, form=ONE_DAY)
    until(town, ann)
    lost(town, ann)
    clock.advance(GIVE_UP.total_seconds() + MOMENT)
    return whatever_becomes_of(town, ann)


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


SCENES = [
    Scene(f"cash {build.__name__}", build)
    for build in (
        *(confirmed, withdrawn, timed_out, after_its_time, taken_back, unheard, unarrived, at_once),
        *(surely_absent, given_up, forgotten, empty, paused),
    )
]
