"""The merchant's side of codes: what he and his staff ask, each by one request."""

from __future__ import annotations

from typing import Any

from chalicelib.voucher.letters import ALPHABET, check_letter, normal
from infra.local.client import Api, Person, Reply
from tests.town import Town, send
from tests.voucher import shop

HOUR, DAY = 3600, 86_400


def staff(town: Town, name: str = "till") -> Api:
    """A key for the staff, as a shop gives one."""
    made = town.admin.post("/v1/admin/keys", {"name": name, "role": "operator"})
    return Api(send, made["api_key"])


def scans(staff: Api, text: str, holder: Person | str | None = None, *, key: str | None = None) -> Reply:
    """The staff redeem a code, for whoever shows his pass."""
    shown = holder.api.get("/v1/me/pass")["qr"] if isinstance(holder, Person) else holder
    body = {"code": text, **({"pass": shown} if shown is not None else {})}
    return staff.call("POST", "/v1/admin/codes/redeem", body, key=key)


def undoes(town: Town, bid: str, serial: int = 0, *, key: str | None = None) -> Reply:
    body = {"batch_id": bid, "serial": serial, "note": "点错了"}
    return town.admin.call("POST", "/v1/admin/codes/undo", body, key=key)


def acts(town: Town, bid: str, act: str, body: dict[str, Any] | None = None, *, key: str | None = None) -> Reply:
    """Something done to a batch."""
    return town.admin.call("POST", f"/v1/admin/batches/{bid}/{act}", {"note": "出错了", **(body or {})}, key=key)


def status(town: Town, text: str) -> dict[str, Any]:
    """What the merchant is told of a code by its letters."""
    found: dict[str, Any] = town.admin.call("POST", "/v1/admin/codes/status", {"code": text}).expect(200)
    return found


def status_of(town: Town, bid: str, serial: int) -> dict[str, Any]:
    """The same by its serial."""
    asked = {"batch_id": bid, "serial": serial}
    found: dict[str, Any] = town.admin.call("POST", "/v1/admin/codes/status", asked).expect(200)
    return found


def retires(town: Town, *, key: str | None = None) -> int:
    """The merchant takes a new key; its version."""
    retired = town.admin.call("POST", "/v1/admin/codes/keys/retire", {"note": "泄露"}, key=key)
    version: int = retired.expect(200)["version"]
    return version


def counts(town: Town, bid: str) -> tuple[int, int, int, int]:
    """How many are redeemed, revoked, expired, left."""
    seen = shop.counts(town, bid)
    return seen["redeemed"], seen["revoked"], seen["expired"], seen["left"]


def forged(town: Town, bid: str, serial: int = 0, letters: int | None = None) -> str:
    """A code whose check letter agrees, and which nobody has made."""
    body = normal(shop.code(town, bid, serial))[:-1]
    if letters is not None:
        body = (body * 2)[: letters - 1]
    other = ALPHABET[(ALPHABET.index(body[-1]) + 1) % len(ALPHABET)]
    guess = body[:-1] + other
    return guess + check_letter(guess)


def mistyped(town: Town, bid: str) -> str:
    """A code of which one letter is wrong."""
    text = shop.code(town, bid)
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def balanced(town: Town, *people: Person) -> bool:
    """Whether what was moved to each comes to what he has."""
    sums = [town.admin.call("POST", f"/v1/admin/users/{one.uid}/rebuild", {}).expect(200)["sums"] for one in people]
    return all(one["differs"] == 0 for each in sums for one in each)


def audited(town: Town, action: str) -> list[tuple[str, str]]:
    """Who did so, and to which code or batch."""
    entries = town.admin.get("/v1/admin/audit?limit=100")["entries"]
    return [(one["actor"], one["subject"]) for one in entries if one["action"] == action]
