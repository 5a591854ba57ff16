"""The situations of words in which things may happen at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.core import clock
from infra.local.client import Person
from tests.proof.acts import one_key, people
from tests.proof.stage import Act, Scene
from tests.town import Town
from tests.voucher import words


def a_word(person: Person, what: str = "says it", text: str = words.HAPPY) -> Act:
    """Somebody types a word, however often his request is sent."""
    return lambda: words.says(person, text, key=one_key(person, what))


def published(town: Town, cid: str) -> Act:
    """The merchant publishes a draft, however often his request is sent."""
    return lambda: words.publishes(town, cid, key=f"publishes-{cid}")


def moved(town: Town, cid: str, act: str) -> Act:
    path = f"/v1/admin/campaigns/{cid}/{act}"
    return lambda: town.admin.call("POST", path, {}, key=f"{act}-{cid}")


def last_one(town: Town) -> Mapping[str, Act]:
    """One unit of a word is left, and three people type it."""
    words.spoken(town, words.BALANCE, total=1)
    return {f"{person.name} says it": a_word(person) for person in people(town, "ann", "ben", "cat")}


def one_user(town: Town) -> Mapping[str, Act]:
    """Somebody types a word on three phones, who may redeem it twice; one of them guesses wrong."""
    words.spoken(town, words.AMOUNT_COUPON, per_user=2)
    (ann,) = people(town, "ann")
    phones = {f"ann on her phone {n}": a_word(ann, f"phone {n}") for n in (1, 2, 3)}
    return {**phones, "ann guesses": a_word(ann, "guesses", "芝麻开门")}


def a_day(town: Town) -> Mapping[str, Act]:
    """Somebody may redeem a word once a day, which is almost over; his merchant pauses it."""
    cid = words.spoken(town, words.COUPON, per_user=3, per_user_a_day=1)
    now = clock.now().astimezone(clock.BEIJING)
    clock.advance((24 - now.hour) * 3600 - now.minute * 60 - now.second - 1)
    (ann,) = people(town, "ann")
    words.says(ann).expect(201)

    def the_next_day() -> Any:
        clock.advance(1)
        return words.says(ann, key=one_key(ann, "the next day"))

    paused = moved(town, cid, "pause")
    return {"ann says it again": a_word(ann, "again"), "ann says it the next day": the_next_day, "it is paused": paused}


def two_campaigns(town: Town) -> Mapping[str, Act]:
    """Two campaigns are published with one word, of which another is over; somebody types it."""
    over = words.spoken(town)
    words.ends(town, over)
    first, second = words.drafted(town), words.drafted(town)
    (ann,) = people(town, "ann")
    return {
        "the first is published": published(town, first),
        "the second is published": published(town, second),
        "ann says it": a_word(ann),
    }


def a_new_word(town: Town) -> Mapping[str, Act]:
    """Two campaigns are published with one word that nobody has had."""
    first, second = words.drafted(town), words.drafted(town)
    return {"the first is published": published(town, first), "the second is published": published(town, second)}


def handed_over(town: Town) -> Mapping[str, Act]:
    """A word's campaign is ended while another is published with it."""
    running, draft = words.spoken(town), words.drafted(town)
    return {"the first is ended": moved(town, running, "end"), "the second is published": published(town, draft)}


BUILDS = (last_one, one_user, a_day, two_campaigns, a_new_word, handed_over)
SCENES = tuple(Scene(f"words_{build.__name__}", build) for build in BUILDS)
