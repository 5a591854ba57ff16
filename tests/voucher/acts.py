"""What is done with codes at the same time: one request however often it is sent, and workers who take a batch."""

from __future__ import annotations

from typing import Any

from chalicelib.core import clock
from chalicelib.voucher.items import batch_key
from infra.local.client import Person, Reply
from tests.proof.acts import falls_due, one_key
from tests.proof.stage import Act
from tests.town import Town
from tests.voucher import owner, shop


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
    return falls_due(town, batch_key(owner.mid(town), bid))


def undone(town: Town, bid: str, serial: int = 0) -> Act:
    """A redemption is undone."""
    return lambda: owner.undo(town, bid, serial)


def revoked(town: Town, bid: str) -> Act:
    """A whole batch ends."""
    return lambda: owner.revoke(town, bid, "one-key-for-the-batch")


def range_revoked(town: Town, bid: str, first: int = 0, last: int = 3) -> Act:
    """Some of it ends."""
    return lambda: owner.revoke_range(town, bid, first, last, f"one-key-for-{first}-{last}")


def code_revoked(town: Town, bid: str, serial: int = 0) -> Act:
    """One code ends."""
    return lambda: owner.revoke_code(town, bid, serial, f"one-key-for-code-{serial}")


def rekeyed(town: Town, bid: str) -> Act:
    """It gets the newest key."""
    return lambda: owner.rekey(town, bid, "one-key-for-a-new-key")


def one_after_another(*those: Act, seconds: float = 0) -> Act:
    """What one actor does, after a while."""

    def act() -> None:
        clock.advance(seconds)
        for each in those:
            each()

    return act
