"""Who we are to WeChat: a mini-program, and the merchant account that collects for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from chalicelib.core.ids import MerchantId


@dataclass(frozen=True, slots=True)
class AppAccount:
    """A merchant's mini-program."""

    mid: MerchantId
    appid: str
    appsecret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PushAccount:
    """A mini-program as WeChat pushes messages to its server."""

    appid: str
    token: str = field(repr=False)
    """Signs every message, together with what it is about."""
    aes_key: str = field(repr=False)
    """EncodingAESKey: 43 letters, an AES-256 key in base64 without its last letter."""


@dataclass(frozen=True, slots=True)
class PayAccount:
    """A WeChat Pay v3 merchant in public-key mode: our private key signs, WeChat's public key verifies."""

    appid: str
    mchid: str
    serial: str
    """Serial number of our API certificate."""
    private_key_pem: str = field(repr=False)
    apiv3_key: str = field(repr=False)
    """32 ASCII characters; decrypts notifications."""
    wechatpay_public_key_pem: str = field(repr=False)
    wechatpay_public_key_id: str
    """``PUB_KEY_ID_…``: the only key that may have signed what claims to come from WeChat Pay."""
