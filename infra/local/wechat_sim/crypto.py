"""RSA and AES-GCM as WeChat Pay uses them, on the simulator's side; independent of the client it tests."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_public_key,
)

KEY_BITS = 2048


def new_key() -> RSAPrivateKey:
    """A fresh RSA key."""
    return generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def new_merchant_key() -> tuple[str, str, str]:
    """What a merchant makes once: private key (PEM), public key (PEM), certificate serial number (40 hex letters)."""
    key = new_key()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return private, public_pem(key.public_key()), secrets.token_hex(20).upper()


def public_pem(key: RSAPublicKey) -> str:
    """SubjectPublicKeyInfo in PEM."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def read_public_key(pem: str) -> RSAPublicKey:
    """Raises ValueError when ``pem`` is no RSA public key."""
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, RSAPublicKey):
        raise ValueError("not an RSA public key")
    return key


@lru_cache(maxsize=10_000)
def sign(key: RSAPrivateKey, *lines: bytes) -> str:
    """Base64 RSA-SHA256 over ``lines``, each ended by a newline; the same each time, and remembered."""
    message = b"".join(line + b"\n" for line in lines)
    return base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def verified(key: RSAPublicKey, signature: str, *lines: bytes) -> bool:
    """Whether ``signature`` is ``key``'s over ``lines``."""
    message = b"".join(line + b"\n" for line in lines)
    try:
        key.verify(base64.b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def seal(apiv3_key: str, nonce: str, associated_data: str, plain: bytes) -> str:
    """Base64 AES-256-GCM with the tag at its end."""
    sealed = AESGCM(apiv3_key.encode()).encrypt(nonce.encode(), plain, associated_data.encode())
    return base64.b64encode(sealed).decode()


def opened(key: RSAPrivateKey, sealed: str) -> str:
    """The text in base64 RSA-OAEP that was made for ``key``. Raises ValueError for anything else."""
    padding = OAEP(mgf=MGF1(SHA1()), algorithm=SHA1(), label=None)
    return key.decrypt(base64.b64decode(sealed, validate=True), padding).decode()


def push_seal(aes_key: str, noise: bytes, text: bytes, appid: str) -> str:
    """Base64 AES-256-CBC as message push has it: 16 random bytes, length, text, appid, padded to 32 bytes."""
    key = base64.b64decode(f"{aes_key}=")
    content = noise + len(text).to_bytes(4, "big") + text + appid.encode()
    padding = 32 - len(content) % 32
    cipher = Cipher(AES256(key), CBC(key[:16])).encryptor()
    return base64.b64encode(cipher.update(content + bytes([padding]) * padding) + cipher.finalize()).decode()


def push_sign(*parts: str) -> str:
    """SHA-1 in hexadecimal over the parts in their order as texts."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()
