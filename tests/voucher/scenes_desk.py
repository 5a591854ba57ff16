"""The situations at the merchant's desk and at the counter in which things may happen at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalicelib.core import clock
from infra.local.client import Api
from tests.proof.acts import people
from tests.proof.stage import Act, Scene
from tests.town import Town
from tests.voucher import desk, shop


def lot(town: Town, brings: dict[str, Any], **changes: Any) -> str:
    """A batch that is over in an hour, so that nobody has to wait for its end."""
    until = clock.iso(clock.now() + timedelta(hours=1))
    return shop.minted(town, shop.campaign(town, brings, **changes), 6, until=until)


def bound(town: Town, bid: str, serial: int, uid: str, key: str) -> Act:
    """A code is bound to somebody, as often as the request is sent."""
    body = {"codes": [{"serial": serial, "user_id": uid}]}
    return lambda: desk.acts(town, bid, "bind", body, key=key)


def scanned(staff: Api, text: str, shown: str | None, key: str) -> Act:
    """A till redeems a code."""
    return lambda: desk.scans(staff, text, shown, key=key)


def binding(town: Town) -> Mapping[str, Act]:
    """A code that nothing happened to, and one that is free again, are bound to two users while both are used."""
    bid = lot(town, shop.POINTS, per_user=None)
    ann, ben = people(town, "ann", "ben")
    shop.redeems(ben, shop.code(town, bid, 1)).expect(201)
    desk.undoes(town, bid, 1).expect(200)
    return {
        "it is bound to ann": bound(town, bid, 0, ann.uid, "one-key-to-bind-to-ann"),
        "it is bound to ben": bound(town, bid, 0, ben.uid, "one-key-to-bind-to-ben"),
        "ben redeems": lambda: shop.redeems(ben, shop.code(town, bid), key="ben-redeems-the-first"),
        "it is revoked": lambda: desk.acts(town, bid, "revoke-code", {"serial": 0}, key="one-key-to-revoke-it"),
        "what was undone is bound to ann": bound(town, bid, 1, ann.uid, "one-key-to-bind-the-other"),
        "ben redeems what was undone": lambda: shop.redeems(ben, shop.code(town, bid, 1), key="ben-redeems-again"),
    }


def counter(town: Town) -> Mapping[str, Act]:
    """Two tills have a code in hand, for somebody and for nobody, and a redemption of another is undone."""
    bid = lot(town, shop.COUNTER)
    ann = town.person("ann")
    shown = ann.api.get("/v1/me/pass")["qr"]
    first, second = desk.staff(town, "till 1"), desk.staff(town, "till 2")
    desk.scans(first, shop.code(town, bid, 1), key="the-key-of-before").expect(201)
    return {
        "the first till redeems": scanned(first, shop.code(town, bid), shown, "one-key-of-till-1"),
        "the second till redeems": scanned(second, shop.code(town, bid), None, "one-key-of-till-2"),
        "another is undone": lambda: desk.undoes(town, bid, 1, key="one-key-to-undo-it"),
        "the first till asks again": scanned(first, shop.code(town, bid, 1), None, "the-key-of-before"),
    }


SCENES = [Scene(f"code_{build.__name__}", build) for build in (binding, counter)]
