"""Access tokens: HS256, two hours at most, with key id, audience and merchant. They are not looked up when used.

Logging out ends the refresh family; an access token that is out lives until it expires.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

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


class UserIdentity(NamedTuple):
    """Whose token was shown."""

    mid: MerchantId
    actor: str
    role: None


def access_token(mid: MerchantId, uid: UserId, family: str) -> str:
    """A token for the user, signed with the merchant's current key."""
    secrets = merchant_secrets(mid)
    now = clock.now()
    claims = {"aud": AUDIENCE, "mid": mid, "sub": uid, "fam": family, "iat": now, "exp": now + LIFE}
    key = bytes.fromhex(secrets.token_keys[secrets.token_kid])
    return jwt.encode(claims, key, ALGORITHM, headers={"kid": f"{mid}.{secrets.token_kid}"})


def authenticate(headers: Mapping[str, str]) -> UserIdentity:
    """The user of an ``Authorization: Bearer`` header. Raises `UNAUTHENTICATED` whatever is wrong with it."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or len(token) > LONGEST_TOKEN:
        raise RippleError(UNAUTHENTICATED)
    try:
        return _verified(token.strip())
    except (jwt.InvalidTokenError, ValueError, KeyError, TypeError):
        raise RippleError(UNAUTHENTICATED) from None


def _verified(token: str) -> UserIdentity:
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
    claims = jwt.decode(
        token,
        bytes.fromhex(secrets.token_keys[number]),
        algorithms=[ALGORITHM],
        audience=AUDIENCE,
        options={"require": ["exp", "iat", "aud", "sub"], "verify_exp": False, "verify_iat": False},
    )
    now = clock.now().timestamp()
    if claims["mid"] != mid or not isinstance(claims["exp"], int) or claims["exp"] <= now:
        raise KeyError("exp")
    return UserIdentity(MerchantId(mid), str(claims["sub"]), None)
