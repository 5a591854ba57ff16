"""Live codes, their merchant, and people who scan them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.table import Key
from chalicelib.livecodes.items import LiveCode, Part, Place, Scan, ScanDay, live_key
from infra.local.client import Person, Reply
from tests.livecodes import pictures
from tests.town import Town

assert pictures

DAY = timedelta(days=1)


def group(
    capacity: int = 200, *, title: str = "湖畔茶友群", picture: str = "QR1", days: float = 6, **to: Any
) -> dict[str, Any]:
    """A community whose QR code is good for so many days."""
    until = clock.iso(clock.now() + timedelta(days=days))
    return {
        "title": title,
        "to": {"kind": "group", "picture_id": picture, "until": until, **to},
        "capacity": capacity,
    }


def page(capacity: int = 1_000_000, *, title: str = "会员中心", path: str = "pages/member/index") -> dict[str, Any]:
    return {"title": title, "to": {"kind": "page", "path": path}, "capacity": capacity}


def store(capacity: int = 300, *, title: str = "湖畔店") -> dict[str, Any]:
    to = {
        "kind": "store",
        "name": "湖畔茶铺",
        "address": "杭州市西湖区龙井路1号",
        "phone": "0571-88880000",
        "latitude": 30.2489,
        "longitude": 120.1285,
    }
    return {"title": title, "to": to, "capacity": capacity}


def wish(*targets: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A live code, as its merchant makes it."""
    said = {"name": "收银台立牌", "title": "加入湖畔茶友群", "text": "新茶到店、品茶会，都在群里说。"}
    return {**said, "targets": list(targets), **changes}


def makes(town: Town, *targets: dict[str, Any], key: str | None = None, **changes: Any) -> Reply:
    return town.admin.call("POST", "/v1/admin/live-codes", wish(*targets, **changes), key=key)


def made(town: Town, *targets: dict[str, Any], **changes: Any) -> str:
    """A live code that runs."""
    lid: str = makes(town, *targets, **changes).expect(201)["live_id"]
    return lid


def record(town: Town, lid: str) -> dict[str, Any]:
    """What its merchant sees of a live code."""
    found: dict[str, Any] = town.admin.get(f"/v1/admin/live-codes/{lid}")
    return found


def takes(person: Person, lid: str) -> Reply:
    """Somebody asks for a place."""
    return person.api.call("POST", f"/v1/live-codes/{lid}/place", {})


def sent_to(person: Person, lid: str) -> int:
    """The number of the target that he is sent to."""
    number: int = takes(person, lid).expect(200)["place"]["number"]
    return number


def looks(person: Person, lid: str) -> dict[str, Any]:
    seen: dict[str, Any] = person.api.get(f"/v1/live-codes/{lid}")
    return seen


def moves(town: Town, lid: str, act: str, *, key: str | None = None) -> Reply:
    """Pause, resume or end."""
    return town.admin.call("POST", f"/v1/admin/live-codes/{lid}/{act}", {}, key=key)


def edits(town: Town, lid: str, *, edition: int | None = None, **changes: Any) -> Reply:
    said = {name: part for name, part in wish(**changes).items() if name != "targets"}
    said["edition"] = edition if edition is not None else record(town, lid)["edition"]
    return town.admin.call("PUT", f"/v1/admin/live-codes/{lid}", said)


def adds(town: Town, lid: str, target: dict[str, Any], *, key: str | None = None) -> Reply:
    return town.admin.call("POST", f"/v1/admin/live-codes/{lid}/targets", target, key=key)


def turns(town: Town, lid: str, number: int, act: str, *, key: str | None = None) -> Reply:
    """Close or reopen a target."""
    return town.admin.call("POST", f"/v1/admin/live-codes/{lid}/targets/{number}/{act}", {}, key=key)


def target(town: Town, lid: str, number: int) -> dict[str, Any]:
    found: dict[str, Any] = record(town, lid)["targets"][number - 1]
    return found


def retargets(
    town: Town, lid: str, number: int, *, edition: int | None = None, to: dict[str, Any] | None = None, **changes: Any
) -> Reply:
    """A target is edited, as it was read or as somebody believed it to be."""
    seen = record(town, lid)
    now = seen["targets"][number - 1]
    body = {"title": now["title"], "to": {**now["to"], **(to or {})}, "capacity": now["capacity"], **changes}
    body["edition"] = edition if edition is not None else seen["edition"]
    return town.admin.call("PUT", f"/v1/admin/live-codes/{lid}/targets/{number}", body)


def scans(town: Town, lid: str, number: int, query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = town.admin.get(f"/v1/admin/live-codes/{lid}/targets/{number}/scans{query}")
    return found


def days(town: Town, lid: str, number: int, query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = town.admin.get(f"/v1/admin/live-codes/{lid}/targets/{number}/days{query}")
    return found


def key_of(town: Town, lid: str) -> Key:
    return live_key(MerchantId(town.merchant.mid), lid)


def stored(town: Town, lid: str) -> LiveCode:
    return next(item for item in town.items() if isinstance(item, LiveCode) and item.lid == lid)


def parts(town: Town, lid: str, number: int) -> list[Part]:
    """A target's parts."""
    found = [item for item in town.items() if isinstance(item, Part) and item.pk.split("#")[1] == lid]
    return sorted((part for part in found if part.target == number), key=lambda part: part.number)


def places(town: Town, lid: str) -> list[Place]:
    return [item for item in town.items() if isinstance(item, Place) and item.lid == lid]


def scanned(town: Town, lid: str) -> list[Scan]:
    return [item for item in town.items() if isinstance(item, Scan) and item.pk.split("#")[1] == lid]


def counted(town: Town, lid: str) -> int:
    """How many all days have."""
    found = [item for item in town.items() if isinstance(item, ScanDay) and item.pk.split("#")[1] == lid]
    return sum(day.n for day in found)


def in_days(days: float) -> datetime:
    return clock.now() + timedelta(days=days)
