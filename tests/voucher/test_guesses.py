"""Wrong guesses: whoever makes too many is locked out to the second, by his own alone, and each costs one write."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.accounts.items import User, user_key
from chalicelib.core import chance, clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.sharing import sightings
from chalicelib.sharing.sightings import Seen
from chalicelib.voucher import guesses
from chalicelib.voucher.guesses import FEW, MANY, locked_until
from chalicelib.voucher.items import Guesses, guesses_key
from infra.local.client import Person, Reply
from tests.bench.meter import metered
from tests.conftest import START
from tests.emulator import Call
from tests.town import Town
from tests.voucher import desk, shop

MINUTES = 60
MIDNIGHT = datetime(2026, 11, 12, 0, 0, tzinfo=clock.BEIJING)
"""Of the merchant's day on which a test begins, at 20:00."""


@pytest.fixture
def bid(town: Town) -> str:
    return shop.batch(town, shop.POINTS, size=99, per_user=None)


@pytest.fixture
def unsampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guesses, "SAMPLED", 1 << 62)


def noted(town: Town, person: Person) -> list[int]:
    found = read_one(Guesses, guesses_key(MerchantId(town.merchant.mid), person.uid))
    return list(found.at) if found is not None else []


def guess(town: Town, person: Person, bid: str) -> Reply:
    return shop.redeems(person, desk.forged(town, bid))


def until(refusal: Any) -> datetime:
    return clock.parse(refusal["until"])


def test_five_in_five_minutes_lock_him_out_until_the_first_of_them_is_five_minutes_ago(town: Town, bid: str) -> None:
    ann = town.person("ann")
    for n in range(FEW - 1):
        assert guess(town, ann, bid).expect(409)["code"] == "code_invalid"
        shop.previews(ann, shop.code(town, bid, n)).expect(200)
        clock.advance(30)
    refusal = guess(town, ann, bid).expect(429)
    assert (refusal["code"], until(refusal)) == ("code_locked", START + timedelta(minutes=5))
    for ask in (shop.redeems, shop.previews):
        assert ask(ann, shop.code(town, bid)).expect(429) == {**refusal, **ask(ann, shop.code(town, bid)).body}
        assert ask(ann, desk.mistyped(town, bid)).expect(422)["code"] == "code_mistyped"
    clock.advance(180 - 0.001)
    assert shop.redeems(ann, shop.code(town, bid)).expect(429)["code"] == "code_locked"
    clock.advance(0.001)
    shop.redeems(ann, shop.code(town, bid)).expect(201)


def test_it_slides(town: Town, bid: str) -> None:
    """Each guess counts for five minutes: whoever makes one a minute and a quarter never has five of them at once."""
    ann = town.person("ann")
    for _ in range(12):
        assert guess(town, ann, bid).expect(409)["code"] == "code_invalid"
        clock.advance(75)
    assert guess(town, ann, bid).expect(409)["code"] == "code_invalid"
    clock.advance(10)
    assert until(guess(town, ann, bid).expect(429)) == START + timedelta(seconds=75 * 9 + 300)


def test_what_is_typed_while_he_is_locked_out_makes_it_no_longer_and_so_tells_nothing(town: Town, bid: str) -> None:
    ann = town.person("ann")
    for _ in range(FEW):
        guess(town, ann, bid)
    clock.advance(60)
    for text in (desk.forged(town, bid), shop.code(town, bid), desk.forged(town, bid)) * 8:
        assert until(shop.redeems(ann, text).expect(429)) == START + timedelta(minutes=5)
    clock.advance(240)
    assert guess(town, ann, bid).expect(409)["code"] == "code_invalid"
    shop.redeems(ann, shop.code(town, bid)).expect(201)


def test_a_preview_counts_as_well(town: Town, bid: str) -> None:
    ann = town.person("ann")
    for _ in range(FEW - 1):
        assert shop.previews(ann, desk.forged(town, bid)).expect(409)["code"] == "code_invalid"
    assert guess(town, ann, bid).expect(429)["code"] == "code_locked"


def test_twenty_on_the_merchants_day_lock_him_out_until_it_is_over(town: Town, bid: str) -> None:
    ann = town.person("ann")
    for n in range(MANY):
        refusal = guess(town, ann, bid)
        assert refusal.status == (409 if n < MANY - 1 else 429)
        clock.advance(80)
    assert len(noted(town, ann)) == MANY
    refusal = shop.redeems(ann, shop.code(town, bid)).expect(429)
    assert until(refusal) == MIDNIGHT
    with metered(town.emulator) as again:
        assert until(guess(town, ann, bid).expect(429)) == MIDNIGHT
    assert len(noted(town, ann)) == MANY, "no more are kept"
    assert again.round_trips <= 3
    clock.advance((MIDNIGHT - clock.now()).total_seconds() - 0.001)
    ann.come_back()
    assert shop.redeems(ann, shop.code(town, bid)).expect(429)["code"] == "code_locked"
    clock.advance(0.001)
    shop.redeems(ann, shop.code(town, bid)).expect(201)


def test_what_is_over_makes_room(town: Town, bid: str) -> None:
    ann = town.person("ann")
    for _ in range(5):
        for _ in range(4):
            assert guess(town, ann, bid).expect(409)["code"] == "code_invalid"
        clock.advance(desk.DAY)
        ann.come_back()
    assert len(noted(town, ann)) == MANY
    assert guess(town, ann, bid).expect(409)["code"] == "code_invalid"
    assert noted(town, ann) == [int(clock.now().timestamp())]


def test_it_goes_on_over_midnight(town: Town, bid: str) -> None:
    """The five minutes do not end with the day, and of a day's twenty the first four minutes of the next know."""
    clock.advance((MIDNIGHT - clock.now()).total_seconds() - 60)
    ann = town.person("ann")
    for _ in range(MANY):
        guess(town, ann, bid)
    clock.advance(60)
    refusal = shop.redeems(ann, shop.code(town, bid)).expect(429)
    assert until(refusal) == MIDNIGHT + timedelta(minutes=4)
    assert until(guess(town, ann, bid).expect(429)) == MIDNIGHT + timedelta(minutes=4)
    clock.advance(240)
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    assert guess(town, ann, bid).expect(409)["code"] == "code_invalid"
    assert guesses.counting(noted(town, ann))[-1] == int(clock.now().timestamp())


def test_a_guess_costs_one_write_and_no_read_and_a_typo_costs_nothing(town: Town, bid: str, unsampled: None) -> None:
    ann = town.person("ann")
    wrong, typo = desk.forged(town, bid), desk.mistyped(town, bid)
    town.emulator.calls.clear()
    shop.redeems(ann, wrong).expect(409)
    assert [call.operation for call in town.emulator.calls] == ["UpdateItem"]
    town.emulator.calls.clear()
    for ask in (shop.redeems, shop.previews):
        assert ask(ann, typo).expect(422)["code"] == "code_mistyped"
    assert town.emulator.calls == []
    assert len(noted(town, ann)) == 1


def test_nobody_locks_out_somebody_else(town: Town, bid: str) -> None:
    ann, ben = town.person("ann"), town.person("ben")
    for _ in range(9):
        guess(town, ann, bid)
        assert shop.redeems(ann, shop.code(town, bid)).status in (201, 409, 429)
    shop.redeems(ben, shop.code(town, bid, 5)).expect(201)
    assert noted(town, ben) == []


def test_two_guesses_at_once_both_count_also_where_they_push_old_ones_out(
    town: Town, bid: str, unsampled: None
) -> None:
    ann = town.person("ann")
    for _ in range(5):
        for _ in range(4):
            guess(town, ann, bid)
        clock.advance(desk.DAY)
        ann.come_back()

    def meanwhile(call: Call) -> None:
        """Somebody else's phone with the same account guesses just before the old ones are pushed out."""
        if call.operation == "UpdateItem" and b":seen" in call.body:
            town.emulator.before = None
            guess(town, ann, bid).expect(409)

    town.emulator.before = meanwhile
    guess(town, ann, bid).expect(409)
    assert noted(town, ann) == [int(clock.now().timestamp())] * 2


def test_a_guess_whose_answer_was_lost_has_counted(town: Town, bid: str, unsampled: None) -> None:
    ann = town.person("ann")

    def lost(call: Call) -> Exception:
        from botocore.exceptions import ReadTimeoutError

        town.emulator.after = None
        return ReadTimeoutError(endpoint_url="")

    town.emulator.after = lost
    answer = guess(town, ann, bid)
    assert answer.status in (409, 503)
    assert 1 <= len(noted(town, ann)) <= 2
    for _ in range(FEW - 1):
        guess(town, ann, bid)
    assert shop.redeems(ann, shop.code(town, bid)).expect(429)["code"] == "code_locked"


def test_one_that_could_not_be_noted_tells_nothing(town: Town, bid: str, unsampled: None) -> None:
    ann = town.person("ann")

    def down(call: Call) -> Exception | None:
        from botocore.exceptions import ConnectTimeoutError

        return ConnectTimeoutError(endpoint_url="") if call.operation == "UpdateItem" else None

    town.emulator.before = down
    assert guess(town, ann, bid).expect(503)["code"] == "busy"


def test_of_one_in_eight_it_is_noted_where_it_came_from_and_nothing_is_refused_by_it(
    town: Town, bid: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn: list[int] = []

    def below(limit: int) -> int:
        if limit == guesses.SAMPLED:
            drawn.append(limit)
            return len(drawn) % limit
        return 0

    monkeypatch.setattr(chance, "below", below)
    crowd = [town.person(f"guesser-{n}") for n in range(8)]
    for one in crowd:
        for _ in range(4):
            body = {"code": desk.forged(town, bid)}
            one.api.call("POST", "/v1/codes/redeem", body, headers={"X-Device-Id": "the-same-phone"}).expect(409)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "code_guessed_wrong" in line]
    assert [line["on_device"] for line in lines] == [1, 2, 3, 4]
    assert len({line["device"] for line in lines}) == len({line["network"] for line in lines}) == 1
    assert "127.0.0.1" not in json.dumps(lines) and "the-same-phone" not in json.dumps(lines)
    him = read_one(User, user_key(MerchantId(town.merchant.mid), crowd[0].uid))
    assert him is not None
    seen = sightings.note(him, Seen(address="127.0.0.1", device="the-same-phone"))
    assert seen.device == 5, "what the score asks of whoever helps from there"
    shop.redeems(crowd[0], shop.code(town, bid)).expect(201)


def test_an_unknown_place_is_not_asked_about(town: Town, bid: str) -> None:
    ann = town.person("ann")
    town.emulator.calls.clear()
    guesses.wrong(MerchantId(town.merchant.mid), ann.uid)
    assert [call.operation for call in town.emulator.calls] == ["UpdateItem"]


def test_every_wrong_guess_is_a_metric(town: Town, bid: str, capsys: pytest.CaptureFixture[str]) -> None:
    ann = town.person("ann")
    guess(town, ann, bid)
    shop.previews(ann, desk.forged(town, bid))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "CodeGuessedWrong" in line]
    assert [(line["CodeGuessedWrong"], line["mid"]) for line in lines] == [(1, town.merchant.mid)] * 2


@pytest.mark.parametrize(
    ("ago", "locked"),
    [
        ([], None),
        ([0] * 4, None),
        ([299] * 5, 1),
        ([300] * 5, None),
        ([299, 300, 0, 0, 0], None),
        ([200, 1, 2, 3, 4], 100),
    ],
)
def test_until_when(ago: list[int], locked: int | None) -> None:
    """By the seconds since each guess, whatever their order: for so many seconds yet."""
    second = int(START.timestamp())
    found = locked_until([second - each for each in ago], START)
    assert found == (None if locked is None else START + timedelta(seconds=locked))
