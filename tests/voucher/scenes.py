"""The situations of codes in which things may happen at the same time: their side of the proof harness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core import clock
from infra.local.client import Person
from tests.cash import shop as payers
from tests.proof.acts import one_key, people
from tests.proof.stage import Act, Scene
from tests.rewards.shop import with_balance
from tests.town import Town
from tests.voucher import owner, shop
from tests.voucher.acts import (
    batch_due,
    code_revoked,
    minting,
    one_after_another,
    range_revoked,
    redeeming,
    rekeyed,
    revoked,
    undone,
)

HOUR = 3600
FEW = 6


def lot(town: Town, brings: dict[str, Any] | None = None, size: int = FEW, **changes: Any) -> str:
    """A batch that is over in an hour, so that nobody has to wait for its end."""
    return shop.minted(town, shop.campaign(town, brings, **changes), size, until=shop.told(HOUR))


def one_code(town: Town) -> Mapping[str, Act]:
    """A code that two users hold, of a campaign of which each may redeem one."""
    bid = lot(town)
    ann, ben = people(town, "ann", "ben")
    return {
        "ann redeems": redeeming(ann, shop.code(town, bid)),
        "ben redeems": redeeming(ben, shop.code(town, bid)),
        "ann redeems with another key": redeeming(ann, shop.code(town, bid), "redeems again"),
        "ann redeems another code": redeeming(ann, shop.code(town, bid, 1), "another"),
    }


def revoking(town: Town) -> Mapping[str, Act]:
    """A batch in two parts, of which a code, a range or all is revoked while somebody redeems."""
    bid = lot(town, shop.FIVE_YUAN, 128)
    ann = town.person("ann")
    return {
        "ann redeems": redeeming(ann, shop.code(town, bid)),
        "the code is revoked": code_revoked(town, bid),
        "a range across it is revoked": range_revoked(town, bid, 3, 6),
        "a range is revoked and closed": one_after_another(range_revoked(town, bid), batch_due(town, bid)),
        "the batch is revoked and drained": one_after_another(revoked(town, bid), batch_due(town, bid)),
        "it falls due": batch_due(town, bid),
    }


def last_instant(town: Town) -> Mapping[str, Act]:
    """The last second of a batch: one code is free, one is redeemed, and one is undone and free again."""
    bid = lot(town, shop.POINTS, per_user=3)
    ann, ben = people(town, "ann", "ben")
    for serial in (1, 2):
        shop.redeems(ann, shop.code(town, bid, serial)).expect(201)
    owner.undo(town, bid, 2)
    clock.advance(HOUR - 1)
    over = one_after_another(batch_due(town, bid), batch_due(town, bid), seconds=1)
    return {
        "ann redeems": redeeming(ann, shop.code(town, bid)),
        "ben redeems what was undone": redeeming(ben, shop.code(town, bid, 2)),
        "another is undone": undone(town, bid, 1),
        "what was undone is revoked": code_revoked(town, bid, 2),
        "its time is over and it falls due": one_after_another(batch_due(town, bid), seconds=1),
        "its time is over and it is drained": over,
    }


def rekeying(town: Town) -> Mapping[str, Act]:
    """A merchant's key was retired: a batch gets the new one while it is redeemed, and others are minted."""
    bid = lot(town, shop.AMOUNT_COUPON)
    cid = shop.stored_batch(town, bid).cid
    owner.retire_key(town, "the-first-key-is-retired")
    ann = town.person("ann")
    return {
        "ann redeems": redeeming(ann, shop.code(town, bid)),
        "the batch gets the new key": rekeyed(town, bid),
        "the key is retired": lambda: owner.retire_key(town, "one-key-to-retire-it"),
        "another batch is minted": minting(town, cid, FEW, until=shop.told(HOUR)),
    }


def undoing(town: Town) -> Mapping[str, Act]:
    """A code was redeemed for a coupon: it is undone while its batch or range ends, and redeemed by another."""
    bid = lot(town)
    ann, ben = people(town, "ann", "ben")
    text = shop.code(town, bid)
    shop.redeems(ann, text, key=one_key(ann, "redeems")).expect(201)
    return {
        "it is undone": undone(town, bid),
        "ann asks again": redeeming(ann, text),
        "ben redeems": redeeming(ben, text),
        "the code is revoked": code_revoked(town, bid),
        "a range is revoked and closed": one_after_another(range_revoked(town, bid), batch_due(town, bid)),
        "the batch is revoked": revoked(town, bid),
    }


def draining(town: Town) -> Mapping[str, Act]:
    """A batch has ended with a range that is open, and of each a code is redeemed that may be undone."""
    bid = lot(town, shop.FIVE_YUAN, per_user=None)
    ann = town.person("ann")
    for serial in (0, 5):
        shop.redeems(ann, shop.code(town, bid, serial)).expect(201)
    range_revoked(town, bid)()
    revoked(town, bid)()
    return {
        "a code of the range is undone": undone(town, bid),
        "another code is undone": undone(town, bid, 5),
        "it falls due": batch_due(town, bid),
        "it falls due again": batch_due(town, bid),
    }


def spending(town: Town) -> Mapping[str, Act]:
    """What a code brought is being spent while it is undone."""
    bid = lot(town, shop.FIVE_YUAN)
    ann, goods = town.person("ann"), town.campaign()
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    return {
        "it is undone": undone(town, bid),
        "ann orders with it": lambda: _orders(ann, goods),
    }


def _orders(person: Person, campaign: str) -> Any:
    with_it = {"pay_with": [with_balance(400)]}
    return person.api.call("POST", f"/v1/campaigns/{campaign}/orders", with_it, key=one_key(person, "orders"))


def minted_last(town: Town) -> Mapping[str, Act]:
    """The last codes of a campaign, which two want to mint, and no batch was minted before."""
    cid = shop.campaign(town, total=10)
    until = shop.told(HOUR)
    return {
        "eight are minted": minting(town, cid, 8, until=until),
        "two are minted": minting(town, cid, 2, "another-key-to-mint-them", until=until),
        "four are minted": minting(town, cid, 4, "a-third-key-to-mint-them", until=until),
        "the key is retired": lambda: owner.retire_key(town, "one-key-to-retire-it"),
    }


def making(town: Town) -> Mapping[str, Act]:
    """Codes that are stored one by one: the last ones are yet to be written."""
    bid = shop.minted(town, shop.campaign(town), 93, letters=8, until=shop.told(HOUR))
    batch_due(town, bid)()
    ann = town.person("ann")
    return {
        "it falls due": batch_due(town, bid),
        "ann redeems one that is written": redeeming(ann, shop.code(town, bid)),
        "the batch is revoked": revoked(town, bid),
    }


def guessing(town: Town) -> Mapping[str, Act]:
    """Somebody has guessed wrong as often as is kept, mostly yesterday, and twice today; she also has a good code."""
    bid = shop.minted(town, shop.campaign(town), FEW, until=shop.told(HOUR + 86_400))
    ann = town.person("ann")
    for seconds in (*[0] * 17, 86_400, 0, 2):
        ann.come_back()
        shop.previews(ann, shop.FORGED).expect(409, 429)
        clock.advance(seconds)
    return {
        "ann guesses": lambda: shop.previews(ann, shop.FORGED),
        "ann guesses when she redeems": lambda: shop.redeems(ann, shop.FORGED, key=one_key(ann, "guesses")),
        "ann redeems": redeeming(ann, shop.code(town, bid)),
    }


def sold(town: Town) -> Mapping[str, Act]:
    """A code that somebody has bought is handed over while it is revoked, or that is undone."""
    bid = shop.batch(town, shop.COUNTER, size=FEW, funding="sold")
    owner.handed_over(town, shop.code(town, bid, 1), key="the-key-of-before")
    return {
        "it is handed over": lambda: owner.handed_over(town, shop.code(town, bid)),
        "the code is revoked": code_revoked(town, bid),
        "another is undone": undone(town, bid, 1),
        "another is revoked": code_revoked(town, bid, 1),
    }


def paid_out(town: Town) -> Mapping[str, Act]:
    """A code that brings money, of a batch that ends; another was redeemed."""
    payers.set_up(town)
    bid = lot(town, shop.CASH, per_user=2)
    ann = town.person("ann")
    shop.redeems(ann, shop.code(town, bid, 1)).expect(201)
    return {
        "ann redeems": redeeming(ann, shop.code(town, bid)),
        "the batch is revoked and drained": one_after_another(revoked(town, bid), batch_due(town, bid)),
        "the code is revoked": code_revoked(town, bid),
        "another is undone": undone(town, bid, 1),
    }


BUILDS: tuple[Callable[[Town], Mapping[str, Act]], ...] = (
    *(one_code, revoking, last_instant, rekeying, undoing, draining),
    *(spending, minted_last, making, guessing, sold, paid_out),
)
SCENES = [Scene(f"code_{build.__name__}", build) for build in BUILDS]
