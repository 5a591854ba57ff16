"""Two owners of one merchant, at work on its keys."""

from __future__ import annotations

from collections.abc import Mapping

from infra.local.client import Api
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


SCENES = [Scene("owners", owners)]
