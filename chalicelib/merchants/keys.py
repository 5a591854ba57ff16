"""API keys: shown once, stored as a hash, checked with one read, revoked at once."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import NamedTuple

from chalicelib.core import chance, clock, log
from chalicelib.core.decision import decided
from chalicelib.core.errors import NOT_FOUND, UNAUTHENTICATED, RippleError
from chalicelib.core.idempotency import Intent
from chalicelib.core.ids import MerchantId, new_ulid
from chalicelib.core.store import query, read, read_one
from chalicelib.core.transaction import Lost, Transaction, update_one
from chalicelib.merchants import audit
from chalicelib.merchants.items import ApiKey, Role, api_key_key, merchant_key
from chalicelib.merchants.problems import LAST_OWNER

MARK = "rk"
PAGE = 100


class KeyIdentity(NamedTuple):
    """Whose key was shown: merchant, key, role."""

    mid: MerchantId
    actor: str
    role: str


def authenticate(headers: Mapping[str, str]) -> KeyIdentity:
    """The key of an ``Authorization: Bearer rk_…`` header. Raises `UNAUTHENTICATED` whatever is wrong with it."""
    scheme, _, shown = headers.get("authorization", "").partition(" ")
    parts = shown.strip().split("_")
    if scheme.lower() != "bearer" or len(parts) != 4 or parts[0] != MARK or not all(_plain(part) for part in parts):
        raise RippleError(UNAUTHENTICATED)
    mid, key_id = MerchantId(parts[1]), parts[2]
    found = read_one(ApiKey, api_key_key(mid, key_id))
    if found is None or not hmac.compare_digest(found.hash, hashed(shown.strip())) or found.revoked_at is not None:
        raise RippleError(UNAUTHENTICATED)
    _note_use(found)
    return KeyIdentity(mid, key_id, found.role.value)


def hashed(key: str) -> str:
    """What is stored of a key. It has 160 random bits, so that a plain hash cannot be guessed back."""
    return hashlib.sha256(key.encode()).hexdigest()


def make(mid: MerchantId, key_id: str, name: str, role: Role) -> tuple[ApiKey, str]:
    """A new key and its one showing."""
    shown = f"{MARK}_{mid}_{key_id}_{chance.token_hex(20)}"
    item = ApiKey(*api_key_key(mid, key_id), name=name, role=role, hash=hashed(shown), created_at=clock.now())
    return item, shown


def create(intent: Intent, name: str, role: Role) -> tuple[ApiKey, str | None]:
    """A key of its own for a person or program; the second asking of the same request shows None instead of the key."""
    key_id = intent.ident("api-key", 12)

    def attempt() -> tuple[ApiKey, str | None]:
        before = read_one(ApiKey, api_key_key(intent.mid, key_id))
        if before is not None:
            intent.insist_same(before.fingerprint)
            return before, None
        item, shown = make(intent.mid, key_id, name, role)
        item.fingerprint = intent.fingerprint
        tx = Transaction().put("key", item)
        audit.add(tx, intent.mid, intent.actor, "key.create", key_id, role=role.value)
        tx.commit()
        return item, shown

    return decided(attempt)


def listed(mid: MerchantId) -> list[ApiKey]:
    """Every key of the merchant, revoked ones too."""
    found: list[ApiKey] = []
    after = None
    while True:
        page = query(merchant_key(mid).pk, begins="KEY#", limit=PAGE, after=after)
        found += [item for item in page.items if isinstance(item, ApiKey)]
        after = page.after
        if after is None:
            return found


def new_owner(mid: MerchantId) -> str:
    """A further owner key, for the operator alone: the way back when every owner key is lost or was never seen."""
    item, shown = make(mid, new_ulid()[-12:], "operator's owner key", Role.OWNER)
    tx = Transaction().put("key", item)
    audit.add(tx, mid, "onboarding", "key.create", item.key_id, role=Role.OWNER.value)
    tx.commit()
    return shown


def revoke(mid: MerchantId, actor: str, key_id: str) -> ApiKey:
    """End a key at once; again is the same. Raises `LAST_OWNER`.

    Another owner key is checked inside the transaction, so that two owners cannot revoke each other at once.
    """
    key = api_key_key(mid, key_id)

    def attempt() -> ApiKey:
        found = read(key).item(ApiKey, key)
        if found is None:
            raise RippleError(NOT_FOUND)
        if found.revoked_at is not None:
            return found
        tx = Transaction()
        now = clock.now()
        tx.update("key", found, [ApiKey.revoked_at.set(now)], when={"live": ApiKey.revoked_at.does_not_exist()})
        if found.role is Role.OWNER:
            others = [k for k in listed(mid) if k.role is Role.OWNER and k.revoked_at is None and k.key_id != key_id]
            if not others:
                raise RippleError(LAST_OWNER)
            tx.check("other_owner", others[0], when={"live": ApiKey.revoked_at.does_not_exist()})
        audit.add(tx, mid, actor, "key.revoke", key_id)
        tx.commit()
        found.revoked_at = now
        return found

    return decided(attempt)


def _plain(part: str) -> bool:
    return 0 < len(part) <= 64 and part.isascii() and part.isalnum()


def _note_use(key: ApiKey) -> None:
    today = clock.now().date().isoformat()
    if key.last_used == today:
        return
    try:
        update_one(key, [ApiKey.last_used.set(today)], when={"live": ApiKey.revoked_at.does_not_exist()})
    except Lost:
        log.info("key_revoked_meanwhile", key_id=key.key_id)
