"""Secrets Manager: one secret per merchant and the stack's master key, read when first needed and kept five minutes."""

from __future__ import annotations

import hmac
import time
from functools import lru_cache
from typing import Annotated

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core import log
from chalicelib.core.aws import client
from chalicelib.core.config import config
from chalicelib.core.errors import BUSY, NOT_FOUND, RippleError
from chalicelib.core.ids import MerchantId

KEEP_SECONDS = 300.0

NONE_SECONDS = 60.0
"""How long it is remembered that there is no such merchant: who asks with invented ones costs one call each at most."""

MOST_KEPT = 1000


class MerchantSecrets(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of a merchant that must not stand in the table."""

    appsecret: str
    mch_private_key: str
    """PEM (PKCS#8) of the merchant's API certificate key."""
    mch_serial: str
    apiv3_key: str
    """32 ASCII letters: the AES-256 key of notifications."""
    wechatpay_public_key: str
    wechatpay_public_key_id: str
    token_keys: dict[str, str]
    """HS256 keys of access tokens in hexadecimal by key id; the old one stays until its tokens have expired."""
    token_kid: str
    """The key id that signs now."""
    data_keys: dict[str, str] = {}
    """AES-256 keys of stored personal data in hexadecimal by key id; an old one stays as long as what it sealed."""
    data_kid: str = ""
    """The key id that seals now; empty for a merchant taken on before there were any: onboarding again gives one."""
    push_token: Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9]{3,32})?\Z")] = ""
    """Signs what WeChat pushes to us; empty where it pushes nothing."""
    push_aes_key: Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9]{43})?\Z")] = ""
    """WeChat's EncodingAESKey, under which that is sealed."""

    def __post_init__(self) -> None:
        """Raise ValueError where one of the two that belong together is missing."""
        if bool(self.push_token) != bool(self.push_aes_key):
            raise ValueError("push_token and push_aes_key go together")


_kept: dict[MerchantId, tuple[float, MerchantSecrets | None]] = {}
_kept_master: tuple[float, bytes] | None = None


def merchant_secrets(mid: MerchantId) -> MerchantSecrets:
    """The merchant's secrets. Raises `NOT_FOUND` for a merchant that has none.

    Where Secrets Manager cannot be reached, what was read before still serves.
    """
    kept = _kept.get(mid)
    if kept and kept[0] > time.monotonic():
        return _some(kept[1])
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    secretsmanager = client("secretsmanager")
    try:
        answer = secretsmanager.get_secret_value(SecretId=config().secret_prefix + mid)
    except secretsmanager.exceptions.ResourceNotFoundException:
        _kept[mid] = (time.monotonic() + NONE_SECONDS, None)
        raise RippleError(NOT_FOUND) from None
    except (ClientError, BotoCoreError) as unreachable:
        if kept and kept[1]:
            log.warning("secrets_unreachable", mid=mid, raised=unreachable)
            return kept[1]
        raise RippleError(BUSY) from unreachable
    secrets = msgspec.json.decode(answer["SecretString"], type=MerchantSecrets)
    _kept[mid] = (time.monotonic() + KEEP_SECONDS, secrets)
    return secrets


def _some(secrets: MerchantSecrets | None) -> MerchantSecrets:
    if secrets is None:
        raise RippleError(NOT_FOUND)
    return secrets


def master_key() -> bytes:
    """The root of the stack's derived keys. Raises `BUSY` where it cannot be read and was not read before."""
    global _kept_master
    kept = _kept_master
    if kept and kept[0] > time.monotonic():
        return kept[1]
    try:
        answer = client("secretsmanager").get_secret_value(SecretId=config().master_secret)
    except (ClientError, BotoCoreError) as unreachable:
        if kept:
            log.warning("master_key_unreachable", raised=unreachable)
            return kept[1]
        raise RippleError(BUSY) from unreachable
    key: bytes = answer["SecretString"].encode()
    _kept_master = (time.monotonic() + KEEP_SECONDS, key)
    return key


def derived_key(purpose: str) -> bytes:
    """32 bytes that serve one purpose alone: HKDF-SHA256 (RFC 5869) of the master key, no salt. Raises `BUSY`."""
    return _derived(_root(master_key()), purpose)


@lru_cache(maxsize=1)
def _root(master: bytes) -> bytes:
    return hmac.digest(bytes(32), master, "sha256")


@lru_cache(maxsize=MOST_KEPT)
def _derived(root: bytes, purpose: str) -> bytes:
    return hmac.digest(root, purpose.encode() + b"\x01", "sha256")


def store_secrets(mid: MerchantId, secrets: MerchantSecrets) -> None:
    """Write the merchant's secret, new or replaced (onboarding and key rotation only)."""
    secretsmanager = client("secretsmanager")
    name, text = config().secret_prefix + mid, msgspec.json.encode(secrets).decode()
    try:
        secretsmanager.create_secret(Name=name, SecretString=text)
    except secretsmanager.exceptions.ResourceExistsException:
        secretsmanager.put_secret_value(SecretId=name, SecretString=text)
    forget_secrets()


def forget_secrets() -> None:
    """Read every secret anew."""
    global _kept_master
    _kept.clear()
    _kept_master = None
