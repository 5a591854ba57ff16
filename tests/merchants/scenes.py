"""Two owners of one merchant, at work on its keys, or on how it pays cash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.local.client import Api
from tests.merchants.cash import READY, set_up
from tests.proof.stage import Act, Scene
from tests.town import Town, send


def revokes(owner: Api, key_id: str) -> Act:
    return lambda: owner.call("POST", f"/v1/admin/keys/{key_id}/revoke", {}, key=f"one-key-to-revoke-{key_id}")


def owners(town: Town) -> Mapping[str, Act]:
    """Each of two owners may want to be the last."""
    first = town.admin
    made = first.post("/v1/admin/keys", {"name": "second", "role": "owner"})
    second = Api(send, made["api_key"])
    first_id = next(k["key_id"] for k in first.get("/v1/admin/keys")["keys"] if k["key_id"] != made["key"]["key_id"])
    return {
        "the first revokes the second": revokes(first, made["key"]["key_id"]),
        "the second revokes the first": revokes(second, first_id),
        "the second makes another": lambda: second.call(
            "POST", "/v1/admin/keys", {"name": "third", "role": "owner"}, key="one-key-to-make-a-third"
        ),
    }


def says(town: Town, edition: str | None, **changes: Any) -> Act:
    """Somebody says how cash is paid, over what he read."""
    body = {"edition": edition, "terms": {**READY, **changes}}
    return lambda: town.admin.call("PUT", "/v1/admin/cash", body)


def first_cash(town: Town) -> Mapping[str, Act]:
    """Both owners say how cash is paid, and nobody has before."""
    return {"one has a company": says(town, None), "the other has none": says(town, None, kind="micro")}


def cash_terms(town: Town) -> Mapping[str, Act]:
    """Both owners change it at once."""
    edition = set_up(town)["edition"]
    return {
        "one pauses": says(town, edition, paused=True),
        "the other has topped up": says(town, edition, operations_fen=2_000_000),
    }


SCENES = [Scene(build.__name__, build) for build in (owners, first_cash, cash_terms)]
