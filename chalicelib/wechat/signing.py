"""WeChat Pay v3 signatures: what we sign and encrypt, how we verify and decrypt what comes from WeChat."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from chalicelib.core import chance, clock
from chalicelib.wechat.account import PayAccount

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

SCHEME = "WECHATPAY2-SHA256-RSA2048"
SKEW_SECONDS = 300
"""How far a signed timestamp may be from our clock: older ones may be replays (WeChat's own rule)."""

PROBE_MARK = "WECHATPAY/SIGNTEST/"
"""Begins the signature of WeChat's probes, which check that we do verify; they must be refused."""

NONCE_BYTES = 12


class Unverified(Exception):
    """What arrived is not provably WeChat's; ``reason`` is a fixed word. ``probe``: one of WeChat's own tests of us."""

    def __init__(self, reason: str, *, probe: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.probe = probe


@lru_cache(maxsize=64)
def private_key(pem: str) -> RSAPrivateKey:
    """The merchant's key, parsed once a process. Raises ValueError when it is not an RSA private key."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("not an RSA private key")
    return key


@lru_cache(maxsize=64)
def public_key(pem: str) -> RSAPublicKey:
    """WeChat's key, parsed once a process. Raises ValueError when it is not an RSA public key."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key = load_pem_public_key(pem.encode())
    if not isinstance(key, RSAPublicKey):
        raise ValueError("not an RSA public key")
    return key


def sign(account: PayAccount, *lines: str) -> str:
    """Base64 RSA-SHA256 over ``lines``, each ended by a newline."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    message = "".join(f"{line}\n" for line in lines).encode()
    return base64.b64encode(private_key(account.private_key_pem).sign(message, PKCS1v15(), SHA256())).decode()


def encrypt(account: PayAccount, text: str) -> str:
    """``text`` (at most 214 bytes in UTF-8) for WeChat's eyes only: base64 RSA-OAEP, different each time.

    Raises ValueError when it is too long.
    """
    from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
    from cryptography.hazmat.primitives.hashes import SHA1

    padding = OAEP(mgf=MGF1(SHA1()), algorithm=SHA1(), label=None)
    return base64.b64encode(public_key(account.wechatpay_public_key_pem).encrypt(text.encode(), padding)).decode()


def nonce() -> str:
    """A fresh nonce of 24 hexadecimal letters (at most 32 are allowed)."""
    return chance.token_hex(NONCE_BYTES)


def authorization(account: PayAccount, method: str, path: str, body: str) -> str:
    """The ``Authorization`` header of one request; ``path`` with its query, ``body`` exactly as sent ("" if none)."""
    stamp, once = str(int(clock.now().timestamp())), nonce()
    signature = sign(account, method, path, stamp, once, body)
    return (
        f'{SCHEME} mchid="{account.mchid}",nonce_str="{once}",signature="{signature}",'
        f'timestamp="{stamp}",serial_no="{account.serial}"'
    )


def verify(account: PayAccount, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Prove that WeChat Pay signed ``body``, recently, with the one key we know. ``headers`` are lower-case.

    The serial comes first and is only compared: an unknown one must cost nothing and cause no call.
    Raises `Unverified`.
    """
    signature = headers.get("wechatpay-signature", "")
    probe = signature.startswith(PROBE_MARK)
    if headers.get("wechatpay-serial") != account.wechatpay_public_key_id:
        raise Unverified("serial", probe=probe)
    if probe:
        raise Unverified("probe", probe=True)
    if headers.get("wechatpay-signature-type", SCHEME) != SCHEME:
        raise Unverified("signature_type")
    stamp, once = headers.get("wechatpay-timestamp", ""), headers.get("wechatpay-nonce", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise Unverified("timestamp")
    if abs(now.timestamp() - int(stamp)) > SKEW_SECONDS:
        raise Unverified("stale")
    if not once or not signature:
        raise Unverified("header")
    try:
        raw = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        raise Unverified("signature") from None
    _verify_rsa(account, raw, b"%s\n%s\n%s\n" % (stamp.encode(), _header_bytes(once), body))


def _header_bytes(text: str) -> bytes:
    # A header can carry any text, even lone surrogates; what does not encode cannot have been signed by WeChat.
    return text.encode("utf-8", "replace")


def _verify_rsa(account: PayAccount, signature: bytes, message: bytes) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        public_key(account.wechatpay_public_key_pem).verify(signature, message, PKCS1v15(), SHA256())
    except InvalidSignature:
        raise Unverified("signature") from None


def decrypt(account: PayAccount, *, ciphertext: str, nonce: str, associated_data: str) -> bytes:
    """The plaintext of an AEAD_AES_256_GCM resource. Raises `Unverified` when anything about it is wrong."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key = AESGCM(account.apiv3_key.encode())
    try:
        sealed = base64.b64decode(ciphertext, validate=True)
        return key.decrypt(nonce.encode(), sealed, associated_data.encode())
    except (binascii.Error, ValueError, InvalidTag):
        raise Unverified("ciphertext") from None
