"""Requests signed by hand, so that each part of them can be wrong; independent of the production client."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from chalicelib.core import clock
from chalicelib.wechat.account import PayAccount

Answer = tuple[int, dict[str, str], bytes]
HEADERS = {"Accept": "application/json", "Content-Type": "application/json", "User-Agent": "test"}
JSAPI = "/v3/pay/transactions/jsapi"


@cache
def private_key(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    return key


def signature(account: PayAccount, *lines: bytes) -> str:
    key = private_key(account.private_key_pem)
    return base64.b64encode(key.sign(b"".join(line + b"\n" for line in lines), PKCS1v15(), SHA256())).decode()


def authorization(account: PayAccount, method: str, target: str, body: bytes, **changed: str) -> str:
    members = {"mchid": account.mchid, "nonce_str": "n0nce", "timestamp": str(int(clock.now().timestamp()))} | changed
    lines = (method.encode(), target.encode(), members["timestamp"].encode(), members["nonce_str"].encode(), body)
    members = {"serial_no": account.serial, "signature": signature(account, *lines)} | members
    return "WECHATPAY2-SHA256-RSA2048 " + ",".join(f'{name}="{value}"' for name, value in members.items())


def send(scene: Any, method: str, target: str, document: Any = None, **headers: str | None) -> Answer:
    """One request as the scene's merchant; ``headers`` replace or (None) remove the usual ones."""
    body = b"" if document is None else document if isinstance(document, bytes) else json.dumps(document).encode()
    usual = HEADERS | {"Authorization": authorization(scene.account, method, target, body)}
    for name, value in headers.items():
        usual.pop(name.replace("_", "-"), None)
        if value is not None:
            usual[name.replace("_", "-")] = value
    answer: Answer = scene.sim.handle(method, target, usual, body)
    return answer


def code(answer: Answer) -> tuple[int, str]:
    """Status and error code."""
    return answer[0], json.loads(answer[2] or b"{}").get("code", "")
