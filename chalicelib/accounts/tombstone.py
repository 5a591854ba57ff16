"""What stays of a deleted account: that there was one. Its keyed hash names nobody, and nobody returns as new.

The deletion of an account calls `bury` in its transaction; the verdict on a new user reads `keys` in its read round.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from chalicelib.accounts.items import User
from chalicelib.core import clock
from chalicelib.core.secrets import MerchantSecrets, merchant_secrets
from chalicelib.core.store import Found
from chalicelib.core.table import Item, Key, TimeAttribute, table
from chalicelib.core.transaction import Transaction

KEPT = timedelta(days=400)
"""Longer than any campaign may run; users are told of it."""


class Tombstone(Item):
    """That a WeChat user had an account which he deleted."""

    letter = "TMB"
    prefix = "META"

    buried_at = TimeAttribute()


def bury(tx: Transaction, user: User) -> None:
    """Leave a stone for a user whose account is deleted in ``tx``; a second deletion renews it."""
    secrets = merchant_secrets(user.mid)
    now = clock.now()
    kid = secrets.data_kid or UNKEYED
    stone = Tombstone(*_key(user, kid, secrets), buried_at=now, ttl=_ttl(now))
    tx.put("tombstone", stone, when={})


def keys(user: User) -> list[Key]:
    """Where stones of his may stand: one for each of the merchant's keys, since keys are renewed."""
    secrets = merchant_secrets(user.mid)
    return [_key(user, kid, secrets) for kid in secrets.data_keys or (UNKEYED,)]


def returned(found: Found, user: User) -> bool:
    """Whether he had an account before; ``found`` holds `keys`."""
    return any(found.item(Tombstone, key) is not None for key in keys(user))


UNKEYED = "0"
"""Of a merchant that was taken on before there were keys for stored data: hashed without one."""


def _key(user: User, kid: str, secrets: MerchantSecrets) -> Key:
    """Where a stone stands: by the unionid, which outlives a mini-program; by the openid where there is none."""
    who = user.unionid or f"{user.appid}|{user.openid}"
    secret = bytes.fromhex(secrets.data_keys[kid]) if kid in secrets.data_keys else b"tombstone"
    digest = hmac.new(secret, f"{user.mid}|{who}".encode(), hashlib.sha256).hexdigest()
    return table(user.mid).key("TMB", kid, digest)


def _ttl(now: datetime) -> int:
    return int((now + KEPT).timestamp())
