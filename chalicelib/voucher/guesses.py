"""Wrong guesses of a user, who alone is locked out by them: five in five minutes, twenty on a day (rules 3.3, 3.4).

A wrong guess costs one write and no read. Whoever redeems a good code reads his own guesses in the same round. Of one
in eight it is also noted where it came from, which nothing is refused by.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.accounts.items import User, user_key
from chalicelib.core import chance, clock, log
from chalicelib.core.config import config
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.metrics import count
from chalicelib.core.store import call, read_one
from chalicelib.core.table import Key
from chalicelib.sharing import sightings
from chalicelib.sharing.sightings import Seen
from chalicelib.voucher import problems
from chalicelib.voucher.items import Guesses, guesses_key

FEW = 5
WITHIN = timedelta(minutes=5)
MANY = 20
"""On one of the merchant's days, and never more are kept."""
KEPT_SECONDS = 2 * 86_400
TRIES = 5

SAMPLED = 8
"""Of so many wrong guesses one is counted where it came from."""
NOWHERE = Seen()


CODE, WORD = "CodeGuessedWrong", "WordGuessedWrong"
"""Metrics of guesses: at codes, which rings when there are many, and at words, which rings never."""


def locked_until(at: Sequence[int], now: datetime) -> datetime | None:
    """Until when whoever guessed wrong at these seconds may not try; None while he may."""
    today, counted = clock.day_of(now), counting(at)
    if sum(clock.day_of(_instant(second)) == today for second in counted) >= MANY:
        return datetime.combine(today + timedelta(days=1), time(), clock.BEIJING)
    until = _free_again(counted)
    return until if until is not None and now < until else None


def counting(at: Sequence[int]) -> list[int]:
    """Which guesses count: what is typed by whoever is locked out changes nothing, be it a good code or none.

    Otherwise the end of his lock would tell him which it was.
    """
    counted = list[int]()
    for second in sorted(at):
        until = _free_again(counted)
        if until is None or _instant(second) >= until:
            counted.append(second)
    return counted


def _free_again(counted: Sequence[int]) -> datetime | None:
    """When the last few of these guesses are not within five minutes any more; None where they never were."""
    if len(counted) < FEW or counted[-1] - counted[-FEW] >= WITHIN.total_seconds():
        return None
    return _instant(counted[-FEW]) + WITHIN


def insist_free(guesses: Guesses | None, now: datetime) -> None:
    """Raise `CODE_LOCKED` for whoever guessed wrong too often."""
    if guesses is not None and (until := locked_until(guesses.at, now)) is not None:
        raise RippleError(problems.CODE_LOCKED, until=clock.iso(until))


def wrong(mid: MerchantId, uid: str, seen: Seen = NOWHERE, *, of: str = CODE) -> RippleError:
    """Note a wrong guess of a user; what he is told: `CODE_INVALID`, or `CODE_LOCKED` once there were too many.

    ``of`` says under which metric it counts: a crowd that mistypes a word is no alarm.
    """
    count(of, mid=mid)
    now = clock.now()
    at = _noted(guesses_key(mid, uid), now)
    if seen != NOWHERE and chance.below(SAMPLED) == 0:
        _sample(mid, uid, seen)
    if (until := locked_until(at, now)) is not None:
        return RippleError(problems.CODE_LOCKED, until=clock.iso(until))
    return RippleError(problems.CODE_INVALID, "/code")


def _sample(mid: MerchantId, uid: str, seen: Seen) -> None:
    """Count the guesser's account among those of his device and his address, which the score asks. Never fails."""
    try:
        user = read_one(User, user_key(mid, uid))
        if user is not None:
            there, marks = sightings.note(user, seen), sightings.marks(mid, seen)
            accounts = {"on_device": there.device, "at_address": there.address}
            log.info("code_guessed_wrong", uid=uid, device=marks.device, network=marks.network, **accounts)
    except RippleError as why:
        log.warning("guess_not_sampled", uid=uid, why=str(why))


def _noted(key: Key, now: datetime) -> list[int]:
    """His guesses, this one among them unless he is locked out for the day, or too many of his come at once."""
    second = int(now.timestamp())
    update = "SET #at = list_append(if_not_exists(#at, :none), :now), #ttl = :ttl"
    room = "attribute_not_exists(#at) OR size(#at) < :most"
    values: dict[str, Any] = {":none": {"L": []}, ":now": _list([second]), ":most": {"N": str(MANY)}}
    seen = list[int]()
    for _ in range(TRIES):
        try:
            return _written(key, update, room, values, second)
        except ClientError as refused:
            if refused.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            raw: Any = refused.response.get("Item") or {}
            seen = [int(each["N"]) for each in raw.get("at", {"L": []})["L"]]
        kept = [each for each in counting(seen) if _counts(each, now)]
        if len(kept) >= MANY:
            return kept
        update, room = "SET #at = :kept, #ttl = :ttl", "#at = :seen"
        values = {":kept": _list([*kept, second]), ":seen": _list(seen)}
    return seen


def _written(key: Key, update: str, room: str, values: dict[str, Any], second: int) -> list[int]:
    answer = call(
        "update_item",
        TableName=config().table,
        Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}},
        UpdateExpression=update,
        ConditionExpression=room,
        ExpressionAttributeNames={"#at": "at", "#ttl": "ttl"},
        ExpressionAttributeValues={**values, ":ttl": {"N": str(second + KEPT_SECONDS)}},
        ReturnValues="ALL_NEW",
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )
    return [int(each["N"]) for each in answer["Attributes"]["at"]["L"]]


def _counts(second: int, now: datetime) -> bool:
    return clock.day_of(_instant(second)) == clock.day_of(now) or _instant(second) > now - WITHIN


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def _list(seconds: Sequence[int]) -> dict[str, Any]:
    return {"L": [{"N": str(second)} for second in seconds]}
