"""What a merchant does with batches and codes, staff at the counter, and workers: asked of the room itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.core.idempotency import Intent, fingerprint
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.voucher import ending, finding, service, undoing
from chalicelib.voucher.items import Used, batch_key
from infra.local.client import Person, Reply
from tests.proof.acts import falls_due, one_key
from tests.proof.stage import Act
from tests.town import Town
from tests.voucher import shop

KEY = "the-merchants-one-key"
NOTE = "印错了"


class Said(NamedTuple):
    """How an act was answered, as a reply would say it."""

    status: int
    code: str | None = None
    result: Any = None


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
        return Said(refused.problem.status, refused.problem.code)


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


def undo(town: Town, bid: str, serial: int) -> Said:
    """A redemption is undone."""
    return asked(lambda: undoing.undo(mid(town), "the-owner", bid, serial, NOTE))


def handed_over(town: Town, text: str, person: Person | None = None, key: str = KEY) -> Said:
    """Staff redeem a code, for somebody with an account or without."""
    place = finding.place_of(mid(town), text)
    assert place is not None
    uid = UserId(person.uid) if person is not None else None
    ask = intent(town, "redeem-code", key, text, uid)
    return asked(lambda: service.redeemed(ask, place, uid, by="the-counter"))


def redeeming(person: Person, text: str, what: str = "redeems") -> Act:
    """He redeems a code, as often as his request is sent."""
    return lambda: shop.redeems(person, text, key=one_key(person, what))


def minting(town: Town, cid: str, size: int, key: str = "one-key-to-mint-them", **more: Any) -> Act:
    """A batch is minted, as often as the request is sent."""

    def act() -> Reply:
        return shop.mints(town, cid, size, key=key, **more)

    return act


def batch_due(town: Town, bid: str) -> Act:
    """A worker takes a batch."""
    return falls_due(town, batch_key(mid(town), bid))


def look_after(town: Town, bid: str) -> None:
    """Workers take a batch until nothing is to be done now."""
    while (due := shop.stored_batch(town, bid).due) is not None and due <= clock.now():
        batch_due(town, bid)()


def code_state(town: Town, bid: str, serial: int) -> str | None:
    """Where a code is that something happened to."""
    found: Used | None = shop.used(town, bid, serial)
    return found.state.value if found is not None else None
