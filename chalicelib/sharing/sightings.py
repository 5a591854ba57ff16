"""Which accounts were seen on one device and at one address lately: how many, never which, and not for longer.

Device, address and account are keyed hashes, which nothing turns back (rules D1). Each device and each address is one
small item with at most as many accounts as decide anything; once it is full nothing is written to it, so that an
address of thousands is no hot key. Nothing depends on a sighting: what cannot be read or written is not counted.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

import msgspec

from chalicelib.accounts.items import User
from chalicelib.core import clock, log
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.secrets import merchant_secrets
from chalicelib.core.store import read
from chalicelib.core.table import IntAttribute, Item, Key, StructAttribute, Undecodable, table
from chalicelib.core.transaction import Lost, upsert_one
from chalicelib.sharing.verdict import ADDRESS_CROWDED, DEVICE_FARMED

DEVICE_HEADER = "x-device-id"
"""What a client may say of the device it runs on: any constant text of its own. Left out, it speaks against nobody."""
_DEVICE = re.compile(r"[\x21-\x7e]{8,128}")

HOUSEHOLD = 64
"""Bits of an IPv6 address that name a household; it has the rest to itself."""

ACCOUNT_LETTERS = 10
MARK_LETTERS = 10


class Seen(msgspec.Struct, frozen=True):
    """Where somebody looks from, as far as his client says."""

    address: str | None = None
    device: str | None = None


class Counted(NamedTuple):
    """Accounts seen lately, his own among them; None where there is nothing to count by."""

    device: int | None
    address: int | None


class Marks(NamedTuple):
    """What is the same of accounts on one device, and of accounts in one network: keyed hashes; None where unknown."""

    device: str | None
    network: str | None


class Kind(msgspec.Struct, frozen=True):
    """How long a sighting counts, and how many of them decide everything."""

    name: str
    window: timedelta
    most: int


DEVICE = Kind("device", timedelta(hours=24), DEVICE_FARMED + 1)
ADDRESS = Kind("address", timedelta(hours=1), ADDRESS_CROWDED + 1)


class Sightings(Item):
    """The accounts that were seen on one device or at one address."""

    letter = "SEEN"
    prefix = "META"

    accounts = StructAttribute[dict[str, int]](dict[str, int])
    """When each was seen last, in seconds since 1970, by its keyed hash."""
    turn = IntAttribute()


def seen_from(address: str, headers: Mapping[str, str]) -> Seen:
    """Where a request comes from: its address as the gateway saw it, and lower-case headers."""
    return Seen(address=address or None, device=headers.get(DEVICE_HEADER))


def note(user: User, seen: Seen) -> Counted:
    """Count the user in where he is seen, and say how many were there lately. Never fails."""
    places = {kind: place for kind, place in _places(seen).items() if place is not None}
    if not places:
        return Counted(None, None)
    try:
        secret = _secret(user.mid)
        keys = {kind: sightings_key(user.mid, secret, kind, place) for kind, place in places.items()}
        found = read(*keys.values())
        before = {kind: found.item(Sightings, key) for kind, key in keys.items()}
    except (RippleError, Undecodable) as why:
        log.warning("sightings_not_read", uid=user.uid, why=str(why))
        return Counted(None, None)
    account = _hashed(secret, "account", user.unionid or user.uid)[:ACCOUNT_LETTERS]
    counted = {kind: _counted_in(keys[kind], kind, before[kind], account) for kind in keys}
    return Counted(counted.get(DEVICE), counted.get(ADDRESS))


def sightings_key(mid: MerchantId, secret: bytes, kind: Kind, place: str) -> Key:
    """Where the accounts of a device or an address stand."""
    return table(mid).key("SEEN", _hashed(secret, kind.name, place))


def marks(mid: MerchantId, seen: Seen) -> Marks:
    """What is kept of where somebody was once, to be compared with others of the same merchant."""
    secret, device, near = _secret(mid), _device(seen), neighbourhood(seen.address)
    return Marks(
        _hashed(secret, "device mark", device)[:MARK_LETTERS] if device else None,
        _hashed(secret, "network mark", near)[:MARK_LETTERS] if near else None,
    )


def _places(seen: Seen) -> dict[Kind, str | None]:
    """What is counted by: a device's own word if it has the form of one, and the network of an address."""
    return {DEVICE: _device(seen), ADDRESS: network(seen.address)}


def _device(seen: Seen) -> str | None:
    return seen.device if seen.device and _DEVICE.fullmatch(seen.device) else None


def neighbourhood(address: str | None) -> str | None:
    """The /24 of an IPv4 address, the household of an IPv6 address; None for what is no address.

    >>> neighbourhood("203.0.113.9"), neighbourhood("2001:db8:1:2:a::1")
    ('203.0.113.0/24', '2001:db8:1:2::/64')
    """
    place = network(address)
    return place if place is None or ":" in place else f"{place.rpartition('.')[0]}.0/24"


def network(address: str | None) -> str | None:
    """An IPv4 address, or the part of an IPv6 address that names a household; None for what is no address.

    >>> network("203.0.113.9"), network("2001:db8:1:2:a::1")
    ('203.0.113.9', '2001:db8:1:2::/64')
    """
    try:
        known = ip_address(address or "")
    except ValueError:
        return None
    if not isinstance(known, IPv6Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    rest = 128 - HOUSEHOLD
    return f"{IPv6Address(int(known) >> rest << rest)}/{HOUSEHOLD}"


def _counted_in(key: Key, kind: Kind, before: Sightings | None, account: str) -> int:
    """How many accounts there are with this one; it is written down where that may matter to the next."""
    now = int(clock.now().timestamp())
    window = int(kind.window.total_seconds())
    known = before.accounts if before else {}
    lately = {name: at for name, at in known.items() if at > now - window}
    others = sum(name != account for name in lately)
    fresh = lately.get(account, 0) > now - window // 4
    if not fresh and others < kind.most:
        _write(key, kind, before, {**lately, account: now})
    return others + 1


def _write(key: Key, kind: Kind, before: Sightings | None, accounts: dict[str, int]) -> None:
    """Write it down; whoever wrote meanwhile has counted somebody else, who is counted again when he looks again."""
    turn = before.turn if before else 0
    last = max(accounts.values()) + int(kind.window.total_seconds())
    actions = [Sightings.accounts.set(accounts), Sightings.turn.set(turn + 1), Sightings.ttl.set(last)]
    same = {"same": Sightings.turn == turn} if before else {"new": Sightings.pk.does_not_exist()}
    try:
        upsert_one(key, actions, when=same)
    except (Lost, RippleError) as why:
        log.info("sighting_not_counted", kind=kind.name, why=str(why))


def _secret(mid: MerchantId) -> bytes:
    """The merchant's current token key; where it changes, counting begins anew."""
    secrets = merchant_secrets(mid)
    return bytes.fromhex(secrets.token_keys[secrets.token_kid])


def _hashed(secret: bytes, kind: str, text: str) -> str:
    return hmac.new(secret, f"sighting|{kind}|{text}".encode(), hashlib.sha256).hexdigest()[:32]
