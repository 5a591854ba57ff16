"""What the merchant does with families at his desk, and families that he finds there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.accounts.items import NameCheck, NameState, User, user_key
from chalicelib.core import clock
from chalicelib.core.store import read_one
from chalicelib.family.adjustments import Adjustment
from chalicelib.family.items import families_index, hidden_names_index, place, shard_of
from chalicelib.family.rows import Move
from chalicelib.merchants.items import Audit
from infra.local.client import Api, Person, Reply
from tests.family.shop import BEFORE, family_of, household, mid_of, uid_of
from tests.town import Town

ROOT = "/v1/admin/families"
MUCH = 20_000
"""More than one key puts right without another's."""
WHY = "付款后未到账"


def acts(api: Api, fid: str, what: str, body: dict[str, Any] | None = None, *, key: str | None = None) -> Reply:
    """One act of the merchant's on a family."""
    return api.call("POST", f"{ROOT}/{fid}/{what}", body, key=key)


def freezes(api: Api, fid: str, *, key: str | None = None, who: Person | None = None) -> Reply:
    """He freezes it, or one of its members."""
    return acts(api, fid, f"{_member(who)}freeze", {"note": "被盗用"}, key=key)


def unfreezes(api: Api, fid: str, *, key: str | None = None, who: Person | None = None) -> Reply:
    """He does no longer."""
    return acts(api, fid, f"{_member(who)}unfreeze", {"note": "已核实"}, key=key)


def adjusts(api: Api, fid: str, fen: int, kind: str = "granted", *, key: str | None = None) -> Reply:
    """He puts its wallet right."""
    return acts(api, fid, "adjustments", {"kind": kind, "fen": fen, "note": WHY}, key=key)


def approves(api: Api, fid: str, adjustment: str, *, key: str | None = None) -> Reply:
    """Another agrees."""
    return acts(api, fid, f"adjustments/{adjustment}/approve", key=key)


def refuses(api: Api, fid: str, adjustment: str, *, key: str | None = None) -> Reply:
    """Somebody does not."""
    return acts(api, fid, f"adjustments/{adjustment}/refuse", key=key)


def asked(api: Api, fid: str, fen: int = MUCH, kind: str = "granted") -> str:
    """An adjustment that waits, by its id."""
    made = adjusts(api, fid, fen, kind).expect(201)
    assert made["state"] == "waiting", made
    return str(made["adjustment_id"])


def decides_name(api: Api, fid: str, name: str, *, shown: bool, key: str | None = None) -> Reply:
    """He clears a name, or refuses it."""
    return acts(api, fid, "name", {"name": name, "shown": shown}, key=key)


def says_minor(api: Api, person: Person, *, minor: bool, key: str | None = None) -> Reply:
    """He says whether somebody is a minor."""
    body = {"minor": minor, "note": "身份证"}
    return api.call("POST", f"/v1/admin/users/{uid_of(person)}/minor", body, key=key)


def listed(town: Town, owner: Person, *members: Person, name_state: NameState = NameState.SHOWN, **more: Any) -> str:
    """A family that the merchant's lists have, with a name that waits where that is in doubt."""
    now = more.pop("at", clock.now())
    fid = household(town, owner, *members, name_state=name_state, **more)
    family = family_of(town, fid)
    family.gsi3pk, family.gsi3sk = families_index(mid_of(town), shard_of(fid)), place(now, fid)
    if name_state in (NameState.REVIEW, NameState.UNCHECKED):
        family.named_at, family.name_check = now, NameCheck(10001, "trace")
        family.gsi1pk, family.gsi1sk = hidden_names_index(mid_of(town)), place(now, fid)
    town.emulator.restore(family)
    return fid


def minor(town: Town, person: Person, since: datetime | None = None) -> None:
    """His family has just made him one."""
    user = read_one(User, user_key(mid_of(town), uid_of(person)))
    assert user is not None
    user.minor_since = since or clock.now()
    town.emulator.restore(user)


def wallet(town: Town, fid: str) -> tuple[int, int]:
    """What it holds of given and of bought value."""
    family = family_of(town, fid)
    return family.granted, family.paid


def adjustments(town: Town, fid: str) -> list[Adjustment]:
    """What was asked for, in its order."""
    found = [item for item in town.items() if isinstance(item, Adjustment) and item.fid == fid]
    return sorted(found, key=lambda one: (one.asked_at, one.sk))


def moves(town: Town, fid: str) -> list[Move]:
    """What came in and left since it is there, in its order."""
    found = [item for item in town.items() if isinstance(item, Move) and item.fid == fid and item.by != BEFORE]
    return sorted(found, key=lambda one: one.sk)


def logged(town: Town, begins: str = "family.") -> list[tuple[str, str, str]]:
    """What the merchant's log has of families: what, who, of what."""
    found = [item for item in town.items() if isinstance(item, Audit) and item.mid == town.merchant.mid]
    entries = sorted(found, key=lambda entry: (entry.at, entry.action))
    return [(entry.action, entry.actor, entry.subject) for entry in entries if entry.action.startswith(begins)]


def _member(who: Person | None) -> str:
    return f"members/{uid_of(who)}/" if who is not None else ""
