"""What a merchant does with batches and codes, and staff at the counter: asked of the room itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from chalicelib.core import clock, due
from chalicelib.core.errors import RippleError
from chalicelib.core.idempotency import Intent, fingerprint
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.voucher import ending, finding, service, undoing
from infra.local.client import Person
from tests.town import Town
from tests.voucher import shop

KEY = "the-merchants-one-key"
NOTE = "印错了"


class Said(NamedTuple):
    """How an act was answered, as a reply would say it."""

    status: int
    code: str | None = None
    result: Any = None
    detail: str = ""
    """Why not, in English."""


def mid(town: Town) -> MerchantId:
    """The merchant."""
    return MerchantId(town.merchant.mid)


def asked(act: Callable[[], Any]) -> Said:
    """What an act is answered: a refusal is an answer as good as any, and an error that is none is raised."""
    try:
        return Said(200, None, act())
    except RippleError as refused:
        if refused.problem.status >= 500:
            raise
        return Said(refused.problem.status, refused.problem.code, detail=refused.told("en")["detail"])


def intent(town: Town, route: str, key: str, *what: object) -> Intent:
    """A request of the merchant's owner."""
    path = {str(n): str(part) for n, part in enumerate(what)}
    return Intent(mid=mid(town), actor="the-owner", route=route, key=key, fingerprint=fingerprint(path, b""))


def revoke(town: Town, bid: str, key: str = KEY) -> Said:
    """A whole batch ends."""
    return asked(lambda: ending.revoke(intent(town, "revoke", key, bid), bid, NOTE))


def revoke_range(town: Town, bid: str, first: int, last: int, key: str = KEY) -> Said:
    """Some of a batch ends."""
    ask = intent(town, "revoke-range", key, bid, first, last)
    return asked(lambda: ending.revoke_range(ask, bid, first, last, NOTE))


def revoke_code(town: Town, bid: str, serial: int, key: str = KEY) -> Said:
    """One code ends."""
    ask = intent(town, "revoke-code", key, bid, serial)
    return asked(lambda: ending.revoke_code(ask, bid, serial, NOTE))


def rekey(town: Town, bid: str, key: str = KEY) -> Said:
    """A batch gets the newest key."""
    return asked(lambda: ending.rekey(intent(town, "rekey", key, bid), bid, NOTE))


def retire_key(town: Town, key: str = KEY) -> Said:
    """New batches get a new key."""
    return asked(lambda: ending.retire_key(intent(town, "retire-key", key), NOTE))


def undo(town: Town, bid: str, serial: int, key: str | None = None) -> Said:
    """A redemption is undone."""
    ask = intent(town, "undo", key or f"{KEY}-{bid}-{serial}", bid, serial)
    return asked(lambda: undoing.undo(ask, bid, serial, NOTE))


def handed_over(town: Town, text: str, person: Person | None = None, key: str = KEY) -> Said:
    """Staff redeem a code, for somebody with an account or without."""
    place = finding.place_of(mid(town), text)
    assert place is not None
    uid = UserId(person.uid) if person is not None else None
    ask = intent(town, "redeem-code", key, text, uid)
    return asked(lambda: service.redeemed(ask, place, uid, by="the-counter"))


def look_after(town: Town, bid: str) -> None:
    """Workers take a batch until nothing is to be done now."""
    while (at := shop.stored_batch(town, bid).due) is not None and at <= clock.now():
        entry = shop.stored_batch(town, bid)
        due.handle(entry.key, entry.gsi2sk or "")
