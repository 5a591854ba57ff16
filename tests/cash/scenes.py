"""The situations of cash in which things may happen at the same time: its side of the proof harness."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from chalicelib.cash.rules import PAUSE, REVIEW
from chalicelib.core import clock
from chalicelib.rewards.cash import cash_key, cash_of
from tests.cash import shop
from tests.cash.acts import (
    MOMENT,
    ONE_DAY,
    asking,
    cash_due,
    confirming,
    days_pass,
    doubtful,
    failing,
    grant_due,
    one_after_another,
    told,
    undoing,
    until,
)
from tests.cash.scenes_sending import SCENES as SENDING
from tests.cash.shop import DAY, HOUR, REF, fill, given, opened, set_up, with_limits
from tests.proof.acts import falls_due, people
from tests.proof.stage import Act, Scene
from tests.redpacket import shop as packets
from tests.rewards import shop as rewards
from tests.risk.play import id_of
from tests.town import Town


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


def tried_for_nothing(town: Town) -> Mapping[str, Act]:
    """The account has money again, and the first that is tried is refused for a reason of its own."""
    (ann, ben), campaign = people(town, "ann", "ben"), opened(town, fen=0)
    town.act("/_sim/scenes", mchid=town.merchant.mchid, scenes=["1000", "1005"])
    given(town, campaign, ann, why=shop.COMMISSION)
    given(town, campaign, ben)
    shop.tap(town, ann)
    town.act("/_sim/scenes", mchid=town.merchant.mchid, scenes=["1000"])
    fill(town)
    clock.advance(PAUSE.total_seconds() + 60)
    return {
        "ann's falls due": cash_due(town, ann),
        "it falls due again": cash_due(town, ann),
        "ben asks": asking(town, ben),
    }


def too_much(town: Town) -> Mapping[str, Act]:
    """Three gifts, of which a day has room for two, and one is on its way."""
    ann, campaign = town.person("ann"), opened(town)
    set_up(town, with_limits(times_a_day=2))
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


def doubted(town: Town) -> Mapping[str, Act]:
    """Somebody whom WeChat thinks ill of asks at the last instant: his merchant is to look first."""
    ann, campaign = town.person("ann"), opened(town)
    given(town, campaign, ann, form=ONE_DAY)
    clock.advance(60)
    doubtful(town, ann)
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
    in_a_day = {"as": "cash", "hold_days": 1, "claim_days": 1}
    campaign = town.campaign(packets.unlock_offer(form=in_a_day, budget={"cash": 100_000}))
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
    for build in (last_instant, kept_waiting, tried_for_nothing, too_much, night, doubted, reviewed, becoming, unlocked)
] + SENDING
