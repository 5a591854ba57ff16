"""One secret per merchant in Secrets Manager, read when first needed and kept at most five minutes."""

from __future__ import annotations

import time

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core.aws import client
from chalicelib.core.config import config
from chalicelib.core.errors import BUSY, NOT_FOUND, RippleError
from chalicelib.core.ids import MerchantId

KEEP_SECONDS = 300.0


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


_kept: dict[MerchantId, tuple[float, MerchantSecrets]] = {}


def merchant_secrets(mid: MerchantId) -> MerchantSecrets:
    """The merchant's secrets. Raises `NOT_FOUND` for a merchant that has none."""
    kept = _kept.get(mid)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    secretsmanager = client("secretsmanager")
    try:
        answer = secretsmanager.get_secret_value(SecretId=config().secret_prefix + mid)
    except secretsmanager.exceptions.ResourceNotFoundException:
        raise RippleError(NOT_FOUND) from None
    except (ClientError, BotoCoreError) as unreachable:
        raise RippleError(BUSY) from unreachable
    secrets = msgspec.json.decode(answer["SecretString"], type=MerchantSecrets)
    _kept[mid] = (time.monotonic() + KEEP_SECONDS, secrets)
    return secrets


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
    _kept.clear()
