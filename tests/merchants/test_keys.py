"""API keys: shown once, three roles, revoked at once, and never without an owner."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

import pytest

from chalicelib.merchants import keys
from infra.local.client import Api
from tests.town import Town, send


def new_key(town: Town, role: str, key: str | None = None) -> tuple[str, Api]:
    made = town.admin.post("/v1/admin/keys", {"name": f"a {role}", "role": role}, key=key)
    return made["key"]["key_id"], Api(send, made["api_key"])


def test_a_key_is_shown_once_and_stored_as_a_hash(town: Town) -> None:
    made = town.admin.post("/v1/admin/keys", {"name": "till", "role": "viewer"}, key="make-a-key-once")
    again = town.admin.post("/v1/admin/keys", {"name": "till", "role": "viewer"}, key="make-a-key-once")
    assert again["key"] == made["key"] and again["api_key"] is None
    other = town.admin.call("POST", "/v1/admin/keys", {"name": "till", "role": "owner"}, key="make-a-key-once")
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert made["api_key"] not in str(town.emulator.items())
    assert len(town.admin.get("/v1/admin/keys")["keys"]) == 2


@pytest.mark.parametrize(
    ("role", "reads", "writes", "owns"),
    [("viewer", 200, 403, 403), ("operator", 200, 404, 403), ("owner", 200, 404, 200)],
)
def test_a_role_may_do_what_it_may(town: Town, role: str, reads: int, writes: int, owns: int) -> None:
    _, api = new_key(town, role)
    assert api.call("GET", "/v1/admin/merchant").status == reads
    assert api.call("POST", "/v1/admin/campaigns/01NONE/pause", {}).status == writes
    assert api.call("GET", "/v1/admin/keys").status == owns


def test_a_revoked_key_is_nobody_at_once_and_revoking_twice_is_the_same(town: Town) -> None:
    key_id, api = new_key(town, "operator")
    assert api.call("GET", "/v1/admin/merchant").status == 200
    first = town.admin.post(f"/v1/admin/keys/{key_id}/revoke")
    assert api.call("GET", "/v1/admin/merchant").status == 401
    assert town.admin.post(f"/v1/admin/keys/{key_id}/revoke") == first


def test_the_last_owner_key_stays(town: Town) -> None:
    (owner,) = town.admin.get("/v1/admin/keys")["keys"]
    path = f"/v1/admin/keys/{owner['key_id']}/revoke"
    assert town.admin.call("POST", path, {}).body["code"] == "last_owner_key"
    _, second = new_key(town, "owner")
    assert second.call("POST", path, {}).status == 200
    assert town.admin.call("GET", "/v1/admin/merchant").status == 401


@pytest.mark.parametrize(
    "change", [lambda k: k[:-1] + ("0" if k[-1] != "0" else "1"), lambda k: k + "0", lambda k: "rk_a_b_c"]
)
def test_a_wrong_key_is_nobody(town: Town, change: object) -> None:
    wrong = change(town.merchant.api_key)  # type: ignore[operator]
    assert Api(send, wrong).call("GET", "/v1/admin/merchant").status == 401


def test_a_users_token_is_no_key_and_a_key_is_no_token(town: Town) -> None:
    assert Api(send, town.person().api.token).call("GET", "/v1/admin/merchant").status == 401
    assert Api(send, town.merchant.api_key).call("GET", "/v1/me").status == 401


def test_everything_that_is_done_with_a_key_is_in_the_log(town: Town) -> None:
    campaign = town.campaign()
    key_id, _ = new_key(town, "viewer")
    town.admin.post(f"/v1/admin/keys/{key_id}/revoke")
    done = [(e["action"], e["subject"]) for e in town.admin.get("/v1/admin/audit")["entries"]]
    assert ("campaign.publish", campaign) in done
    assert ("key.revoke", key_id) in done
    assert ("merchant.onboard", town.merchant.mid) in done


def test_the_log_is_read_in_pages_with_nothing_missing_or_twice(town: Town) -> None:
    for n in range(5):
        town.admin.post("/v1/admin/keys", {"name": f"key {n}", "role": "viewer"})
    whole = town.admin.get("/v1/admin/audit?limit=50")["entries"]
    pages, cursor = [], ""
    while True:
        page = town.admin.get(f"/v1/admin/audit?limit=2{cursor}")
        pages += page["entries"]
        if page["cursor"] is None:
            break
        cursor = f"&cursor={page['cursor']}"
    assert pages == whole


@pytest.mark.parametrize("cursor", ["x", "e30", "bnVsbA", "W10", "eyJwayI6IngiLCJzayI6InkifQ"])
def test_a_forged_cursor_is_a_422(town: Town, cursor: str) -> None:
    refused = town.admin.call("GET", f"/v1/admin/audit?cursor={cursor}")
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "?cursor")


def test_a_cursor_of_other_rows_of_the_merchant_is_a_422(town: Town) -> None:
    position = {"pk": f"{town.merchant.mid}|MER", "sk": "KEY#x"}
    cursor = urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")
    assert town.admin.call("GET", f"/v1/admin/audit?cursor={cursor}").status == 422


def test_an_owner_sees_every_key_however_many_there_are(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "PAGE", 2)
    made = {new_key(town, "viewer")[0] for _ in range(4)}
    assert made < {key["key_id"] for key in town.admin.get("/v1/admin/keys")["keys"]}


def test_a_use_is_not_noted_on_a_key_that_was_revoked_meanwhile(town: Town) -> None:
    made = town.admin.post("/v1/admin/keys", {"name": "till", "role": "viewer"})
    key_id = made["key"]["key_id"]
    town.emulator.meanwhile(lambda: town.admin.post(f"/v1/admin/keys/{key_id}/revoke"), "UpdateItem")
    town.admin.get("/v1/admin/merchant")
    town.emulator.meanwhile(lambda: town.admin.post(f"/v1/admin/keys/{key_id}/revoke"), "UpdateItem")
    Api(send, made["api_key"]).call("GET", "/v1/admin/merchant")
    (till,) = [k for k in town.admin.get("/v1/admin/keys")["keys"] if k["key_id"] == key_id]
    assert till["revoked_at"] is not None
    assert till["last_used"] is None
