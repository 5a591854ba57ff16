"""Access tokens say exactly who, for whom and how long; refresh tokens are used once."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from typing import Any

import jwt
import pytest
from botocore.exceptions import ConnectTimeoutError

from chalicelib.accounts.tokens import LIFE
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, new_ulid
from chalicelib.core.secrets import merchant_secrets
from infra.local.client import Api, Person
from tests.town import Town, send


def status(token: str) -> int:
    return Api(send, token).call("GET", "/v1/me").status


def signed(town: Town, person: Person, *, key: bytes | None = None, kid: str | None = None, **changes: Any) -> str:
    secrets = merchant_secrets(MerchantId(town.merchant.mid))
    now = clock.now()
    claims = {
        "aud": "ripple:user",
        "mid": town.merchant.mid,
        "sub": person.uid,
        "iat": now,
        "exp": now + LIFE,
        **changes,
    }
    claims = {name: value for name, value in claims.items() if value is not None}
    right = bytes.fromhex(secrets.token_keys[secrets.token_kid])
    return jwt.encode(claims, right if key is None else key, "HS256", headers={"kid": kid or f"{town.merchant.mid}.k1"})


def test_a_token_lives_two_hours_at_most(town: Town) -> None:
    ann = town.person("ann")
    clock.advance(LIFE.total_seconds() - 1)
    assert ann.api.call("GET", "/v1/me").status == 200
    clock.advance(1)
    assert ann.api.call("GET", "/v1/me").status == 401


def test_our_own_form_is_taken_so_that_the_forgeries_fail_for_their_reason(town: Town) -> None:
    assert status(signed(town, town.person("ann"))) == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"key": b"another key of thirty-two bytes!!"},
        {"kid": "nobody.k1"},
        {"kid": "k1"},
        {"kid": "../x.k1"},
        {"kid": "A" * 600 + ".k1"},
        {"kid": "01ANOTHERMERCHANT000000000.k1"},
        {"aud": "ripple:admin"},
        {"aud": None},
        {"mid": "01ANOTHERMERCHANT000000000"},
        {"exp": None},
        {"sub": None},
    ],
)
def test_a_forged_token_is_nobody(town: Town, changes: dict[str, Any]) -> None:
    assert status(signed(town, town.person("ann"), **changes)) == 401


def test_an_unsigned_token_is_nobody(town: Town) -> None:
    ann = town.person("ann")
    claims = {
        "aud": "ripple:user",
        "mid": town.merchant.mid,
        "sub": ann.uid,
        "iat": clock.now(),
        "exp": clock.now() + LIFE,
    }
    assert status(jwt.encode(claims, "", "none", headers={"kid": f"{town.merchant.mid}.k1"})) == 401


@pytest.mark.filterwarnings("ignore:The HMAC key")
def test_another_algorithm_under_the_right_key_is_nobody(town: Town) -> None:
    ann = town.person("ann")
    claims = jwt.decode(str(ann.api.token), options={"verify_signature": False})
    secrets = merchant_secrets(MerchantId(town.merchant.mid))
    key = bytes.fromhex(secrets.token_keys[secrets.token_kid])
    headers = {"kid": f"{town.merchant.mid}.{secrets.token_kid}"}
    assert status(jwt.encode(claims, key, "HS256", headers=headers)) == 200
    assert status(jwt.encode(claims, key, "HS512", headers=headers)) == 401


def test_a_merchants_key_makes_no_token_of_another(town: Town) -> None:
    ann, other = town.person("ann"), town.second()
    key = bytes.fromhex(merchant_secrets(MerchantId(other.mid)).token_keys["k1"])
    for kid in (other.mid, town.merchant.mid):
        assert status(signed(town, ann, key=key, kid=f"{kid}.k1")) == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ey" * 2000, "é", "....", "null"])
def test_garbage_is_nobody(town: Town, token: str) -> None:
    assert status(token) == 401


def refresh(token: str) -> tuple[int, dict[str, Any]]:
    reply = Api(send).call("POST", "/v1/tokens/refresh", {"refresh_token": token})
    return reply.status, reply.body


def test_a_refresh_token_is_traded_for_its_successor(town: Town) -> None:
    ann = town.person("ann")
    code, first = refresh(ann.refresh_token)
    assert code == 200 and status(first["access_token"]) == 200
    assert first["refresh_token"] != ann.refresh_token
    assert refresh(first["refresh_token"])[0] == 200


def test_a_lost_answer_is_asked_again_and_is_the_same_successor_for_a_minute(town: Town) -> None:
    ann = town.person("ann")
    _, first = refresh(ann.refresh_token)
    clock.advance(60)
    code, again = refresh(ann.refresh_token)
    assert (code, again["refresh_token"]) == (200, first["refresh_token"])


def test_reuse_after_a_minute_ends_the_whole_family(town: Town) -> None:
    ann = town.person("ann")
    _, first = refresh(ann.refresh_token)
    clock.advance(61)
    assert refresh(ann.refresh_token)[1]["code"] == "refresh_token_invalid"
    assert refresh(first["refresh_token"])[0] == 401


def test_a_token_older_than_the_previous_one_ends_the_family_at_once(town: Town) -> None:
    ann = town.person("ann")
    _, first = refresh(ann.refresh_token)
    _, second = refresh(first["refresh_token"])
    assert refresh(ann.refresh_token)[0] == 401
    assert refresh(second["refresh_token"])[0] == 401


def test_two_turns_at_once_give_the_same_successor_and_turn_once(town: Town) -> None:
    ann = town.person("ann")
    others = list[dict[str, Any]]()
    town.emulator.meanwhile(lambda: others.append(refresh(ann.refresh_token)[1]), "UpdateItem")
    code, mine = refresh(ann.refresh_token)
    assert (code, mine["refresh_token"]) == (200, others[0]["refresh_token"])
    assert refresh(mine["refresh_token"])[0] == 200


def test_a_turn_that_was_overtaken_by_two_others_takes_nothing_back(town: Town) -> None:
    ann = town.person("ann")

    def overtake() -> None:
        refresh(refresh(ann.refresh_token)[1]["refresh_token"])

    town.emulator.meanwhile(overtake, "UpdateItem")
    assert refresh(ann.refresh_token)[0] == 401


def test_a_turn_loses_to_logging_out(town: Town) -> None:
    ann = town.person("ann")
    leave = {"refresh_token": ann.refresh_token}
    town.emulator.meanwhile(lambda: ann.api.call("POST", "/v1/logout", leave).expect(204), "UpdateItem")
    assert refresh(ann.refresh_token)[0] == 401


def test_logging_out_ends_ones_own_family_and_no_other(town: Town) -> None:
    ann, bob = town.person("ann"), town.person("bob")
    phone = town.person("ann")
    assert bob.api.call("POST", "/v1/logout", {"refresh_token": ann.refresh_token}).status == 204
    code, kept = refresh(ann.refresh_token)
    assert code == 200
    assert ann.api.call("POST", "/v1/logout", {"refresh_token": kept["refresh_token"]}).status == 204
    assert refresh(kept["refresh_token"])[0] == 401
    assert refresh(phone.refresh_token)[0] == 200


def test_a_family_ends_after_thirty_days_of_silence(town: Town) -> None:
    ann = town.person("ann")
    clock.advance(30 * 86_400 + 1)
    assert refresh(ann.refresh_token)[0] == 401


def test_a_guessed_refresh_token_is_refused_and_ends_nothing(town: Town) -> None:
    ann = town.person("ann")
    head, _, proof = ann.refresh_token.rpartition("_")
    forged = f"{head}_{'A' * len(proof)}"
    assert refresh(forged)[0] == 401
    for garbage in ("x", "rt_a_b_c_1_d", ann.refresh_token + "é", ann.refresh_token.replace("_1_", "_0_")):
        assert refresh(garbage)[0] == 401
    assert refresh(ann.refresh_token)[0] == 200


def test_no_refresh_token_can_be_made_from_the_table_alone(town: Town) -> None:
    ann = town.person("ann")
    proof = ann.refresh_token.rpartition("_")[2]
    assert proof not in str(town.emulator.items())


def test_an_invented_merchant_costs_one_look(town: Town) -> None:
    header = b64encode(json.dumps({"alg": "HS256", "kid": f"{new_ulid()}.k1"}).encode()).decode().rstrip("=")
    with town.emulator.counting() as calls:
        for _ in range(5):
            assert send("GET", "/v1/me", {"authorization": f"Bearer {header}.e30.AAAA"}, None).status == 401
    assert [call.operation for call in calls] == ["GetSecretValue"]


def test_secrets_that_were_read_serve_while_their_keeper_is_away(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = town.person("ann")
    later = time.monotonic() + 3600
    monkeypatch.setattr(time, "monotonic", lambda: later)
    town.emulator.before = lambda call: (
        ConnectTimeoutError(endpoint_url="x") if call.operation == "GetSecretValue" else None
    )
    assert ann.api.call("GET", "/v1/me").status == 200
    town.emulator.before = None
