"""Refresh tokens: each is used once, and follows from its family's seed and turn, so that nothing secret is stored.

The immediately previous token returns the same successor for a minute, since answers get lost. An older one means
that two parties have the family's tokens: it ends.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta

from chalicelib.accounts.items import TokenFamily, family_key
from chalicelib.accounts.problems import REFRESH_REFUSED
from chalicelib.core import chance, clock, log
from chalicelib.core.decision import decided
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.ids import MerchantId, UserId, is_id, new_ulid
from chalicelib.core.metrics import count
from chalicelib.core.secrets import merchant_secrets
from chalicelib.core.store import read_one
from chalicelib.core.transaction import Transaction, update_one

LIFE = timedelta(days=30)
"""How long a family lives after its last turn."""

GRACE = timedelta(seconds=60)
"""How long the previous token still returns its successor."""

MARK = "rt"


def begin(tx: Transaction, mid: MerchantId, uid: UserId) -> TokenFamily:
    """A family for a new login, written in ``tx``."""
    now = clock.now()
    family = TokenFamily(
        *family_key(mid, uid, new_ulid()),
        seed=chance.token_hex(16),
        turn=1,
        turned_at=now,
        ttl=int((now + LIFE).timestamp()),
    )
    tx.put("family", family)
    return family


def token(family: TokenFamily, turn: int) -> str:
    """The family's token of a turn: where it stands, which turn it is, and the proof that we made it."""
    uid, name = family.pk.split("#", 1)[1], family.sk.split("#", 1)[1]
    return f"{MARK}_{family.mid}_{uid}_{name}_{turn}_{_proof(family, turn)}"


def turn(shown: str) -> TokenFamily:
    """Use a refresh token: the family with its next turn in force. Raises `REFRESH_REFUSED`."""
    mid, uid, name, number, proof = _parsed(shown)

    def attempt() -> TokenFamily:
        family = read_one(TokenFamily, family_key(mid, uid, name))
        now = clock.now()
        if family is None or family.revoked_at is not None or now > family.turned_at + LIFE:
            raise RippleError(REFRESH_REFUSED)
        try:
            genuine = hmac.compare_digest(_proof(family, number), proof)
        except RippleError as error:
            if error.problem is NOT_FOUND:
                raise RippleError(REFRESH_REFUSED) from None
            raise
        if not genuine or number > family.turn:
            raise RippleError(REFRESH_REFUSED)
        if number == family.turn - 1 and now <= family.turned_at + GRACE:
            return family
        if number != family.turn:
            _revoke(family)
            count("RefreshReused")
            log.warning("refresh_reused", uid=uid, family=name)
            raise RippleError(REFRESH_REFUSED)
        current = {"current": TokenFamily.turn == number, "live": TokenFamily.revoked_at.does_not_exist()}
        actions = [
            TokenFamily.turn.set(number + 1),
            TokenFamily.turned_at.set(now),
            TokenFamily.ttl.set(int((now + LIFE).timestamp())),
        ]
        update_one(family, actions, when=current)
        family.turn, family.turned_at = number + 1, now
        return family

    return decided(attempt)


def end(mid: MerchantId, uid: UserId, shown: str) -> None:
    """Log out: the family of the user's own refresh token ends. A token that is none of his ends nothing."""
    try:
        owner, user, name, number, proof = _parsed(shown)
    except RippleError:
        return
    family = read_one(TokenFamily, family_key(mid, uid, name)) if (owner, user) == (mid, uid) else None
    if family is not None and hmac.compare_digest(_proof(family, number), proof):
        _revoke(family)


def _revoke(family: TokenFamily) -> None:
    update_one(family, [TokenFamily.revoked_at.set(clock.now())], when={})


def _parsed(shown: str) -> tuple[MerchantId, UserId, str, int, str]:
    parts = shown.split("_")
    if len(parts) != 6 or parts[0] != MARK or not all(is_id(part) for part in parts[1:4]):
        raise RippleError(REFRESH_REFUSED)
    if not parts[4].isdecimal() or not parts[4].isascii() or len(parts[4]) > 9 or not parts[5].isascii():
        raise RippleError(REFRESH_REFUSED)
    return MerchantId(parts[1]), UserId(parts[2]), parts[3], int(parts[4]), parts[5]


def _proof(family: TokenFamily, turn: int) -> str:
    """HMAC under the first of the merchant's keys: rotating the signing key must not end families."""
    keys = merchant_secrets(family.mid).token_keys
    key = bytes.fromhex(keys[min(keys)])
    digest = hmac.new(key, f"refresh|{family.pk}|{family.sk}|{family.seed}|{turn}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:20]).decode()
