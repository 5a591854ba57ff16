"""Signed tokens: HS256 under a merchant's keys, with key id, audience and merchant. They are not looked up when used.

Each purpose has its audience, and none passes for another. Access tokens live two hours at most: logging out ends the
refresh family; an access token that is out lives until it expires.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from chalicelib.core import clock
from chalicelib.core.errors import NOT_FOUND, UNAUTHENTICATED, RippleError
from chalicelib.core.ids import ULID_LENGTH, MerchantId, UserId, is_id
from chalicelib.core.secrets import merchant_secrets

if "cryptography" in sys.modules:
    import jwt
else:
    # PyJWT imports cryptography when it is there (70 ms); HS256 needs none of it, and prepay loads it when it must.
    sys.modules["cryptography"] = None  # type: ignore[assignment]
    import jwt

    del sys.modules["cryptography"]

ALGORITHM = "HS256"
AUDIENCE = "ripple:user"
LIFE = timedelta(hours=2)
LONGEST_TOKEN = 2048


class NotGenuine(Exception):
    """Not a token of ours for this purpose."""


class Expired(NotGenuine):
    """It was one, and said ``claims``."""

    def __init__(self, claims: dict[str, Any]) -> None:
        super().__init__()
        self.claims = claims


class UserIdentity(NamedTuple):
    """Whose token was shown."""

    mid: MerchantId
    actor: str
    role: None


def access_token(mid: MerchantId, uid: UserId, family: str) -> str:
    """A token for the user, signed with the merchant's current key."""
    return signed(mid, AUDIENCE, clock.now() + LIFE, {"sub": uid, "fam": family})


def authenticate(headers: Mapping[str, str]) -> UserIdentity:
    """The user of an ``Authorization: Bearer`` header. Raises `UNAUTHENTICATED` whatever is wrong with it."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise RippleError(UNAUTHENTICATED)
    try:
        claims = opened(token.strip(), AUDIENCE)
    except NotGenuine:
        raise RippleError(UNAUTHENTICATED) from None
    return UserIdentity(MerchantId(claims["mid"]), str(claims["sub"]), None)


def signed(mid: MerchantId, audience: str, until: datetime, claims: Mapping[str, Any]) -> str:
    """A token that says ``claims``, among them whom it is for (``sub``), good for ``audience`` before ``until``."""
    secrets = merchant_secrets(mid)
    said = {**claims, "aud": audience, "mid": mid, "iat": clock.now(), "exp": until}
    key = bytes.fromhex(secrets.token_keys[secrets.token_kid])
    return jwt.encode(said, key, ALGORITHM, headers={"kid": f"{mid}.{secrets.token_kid}"})


def opened(token: str, audience: str) -> dict[str, Any]:
    """What a token for ``audience`` says. Raises `Expired`, and `NotGenuine` whatever else is wrong with it."""
    if len(token) > LONGEST_TOKEN:
        raise NotGenuine
    try:
        claims = _verified(token, audience)
    except (jwt.InvalidTokenError, ValueError, KeyError, TypeError):
        raise NotGenuine from None
    if claims["exp"] <= clock.now().timestamp():
        raise Expired(claims)
    return claims


def _verified(token: str, audience: str) -> dict[str, Any]:
    kid = jwt.get_unverified_header(token)["kid"]
    mid, _, number = kid.partition(".")
    try:
        secrets = merchant_secrets(MerchantId(mid)) if len(mid) == ULID_LENGTH and is_id(mid) else None
    except RippleError as error:
        if error.problem is NOT_FOUND:
            raise KeyError(mid) from None
        raise
    if secrets is None:
        raise KeyError(mid)
    claims: dict[str, Any] = jwt.decode(
        token,
        bytes.fromhex(secrets.token_keys[number]),
        algorithms=[ALGORITHM],
        audience=audience,
        options={"require": ["exp", "iat", "aud", "sub"], "verify_exp": False, "verify_iat": False},
    )
    if claims["mid"] != mid or not isinstance(claims["exp"], int):
        raise KeyError("exp")
    return claims
