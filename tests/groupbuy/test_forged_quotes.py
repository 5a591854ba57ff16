"""What is no quote of ours: altered, signed by somebody else, made for something else, or no token at all."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

from chalicelib.core.ids import MerchantId
from chalicelib.core.secrets import merchant_secrets
from infra.local.client import Api
from tests.groupbuy.test_quotes import place, quote, refusal
from tests.town import Town, send


def signed(town: Town, told: dict[str, Any], *, key: bytes | None = None, **changes: Any) -> str:
    """A quote's own claims with ``changes``, under the right key or another."""
    secrets = merchant_secrets(MerchantId(town.merchant.mid))
    claims = {**jwt.decode(told["quote"], options={"verify_signature": False}), **changes}
    right = bytes.fromhex(secrets.token_keys[secrets.token_kid])
    said = {name: value for name, value in claims.items() if value is not None or name not in changes}
    headers = jwt.get_unverified_header(told["quote"])
    return jwt.encode(said, right if key is None else key, "HS256", headers=headers)


@pytest.mark.parametrize(
    "changes",
    [
        {"key": b"another key of thirty-two bytes!!", "price_fen": 1},
        {"key": b"another key of thirty-two bytes!!"},
        {"aud": "ripple:user"},
        {"aud": None},
        {"sub": "somebody"},
        {"sub": None},
        {"mid": "01ANOTHERMERCHANT000000000"},
        {"exp": None},
        {"exp": "tomorrow"},
        {"price_fen": None},
        {"price_fen": "1"},
        {"units": 7},
    ],
)
def test_a_forged_quote_is_none(town: Town, changes: dict[str, Any]) -> None:
    person, campaign = town.person(), town.campaign()
    told = quote(person, campaign, role="solo")
    reply = place(person, campaign, "solo", quote=signed(town, told, **changes))
    assert refusal(reply) == (422, "quote_unfit", "/quote")
    place(person, campaign, "solo", quote=signed(town, told)).expect(201)


@pytest.mark.parametrize("text", ["x", "a.b.c", "....", "null", "报价", "ey" * 1000])
def test_garbage_is_no_quote(town: Town, text: str) -> None:
    person, campaign = town.person(), town.campaign()
    assert refusal(place(person, campaign, "solo", quote=text)) == (422, "quote_unfit", "/quote")


def test_neither_a_token_passes_for_a_quote_nor_a_quote_for_a_token(town: Town) -> None:
    person, campaign = town.person(), town.campaign()
    told = quote(person, campaign, role="solo")
    reply = place(person, campaign, "solo", quote=str(person.api.token))
    assert refusal(reply) == (422, "quote_unfit", "/quote")
    assert Api(send, told["quote"]).call("GET", "/v1/me").status == 401
