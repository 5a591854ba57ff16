"""Message push: believed only when WeChat provably sent it to this mini-program, whatever else arrives."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from chalicelib.wechat import push
from chalicelib.wechat.account import PushAccount
from chalicelib.wechat.notification import Forged
from chalicelib.wechat.push import Message
from chalicelib.wechat.xml import xml_object
from infra.local.wechat_sim import crypto

US = PushAccount("wx0000000000000001", "token1", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")
NOISE = b"0123456789abcdef"
STAMP, NONCE = "1794398400", "87654321"
EVENT: dict[str, Any] = {"MsgType": "event", "Event": "trade_manage_order_settlement", "merchant_id": "190"}


def sealed(document: Any = EVENT, *, by: PushAccount = US, appid: str | None = None) -> str:
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    return crypto.push_seal(by.aes_key, NOISE, text, by.appid if appid is None else appid)


def raw(cipher: Any) -> bytes:
    return json.dumps({"ToUserName": "gh_1", "Encrypt": cipher}).encode()


def read(cipher: str, *, token: str = US.token, signature: str | None = None, body: bytes | None = None) -> Message:
    """The message as it is read when it was signed with ``token``."""
    signed = crypto.push_sign(token, STAMP, NONCE, cipher) if signature is None else signature
    return push.read(US, signature=signed, timestamp=STAMP, nonce=NONCE, raw_body=raw(cipher) if body is None else body)


def refused(cipher: str, **changes: Any) -> str:
    with pytest.raises(Forged) as forged:
        read(cipher, **changes)
    return forged.value.reason


def raw_seal(plain: bytes) -> str:
    """Sealed under our key exactly as it stands."""
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES256
    from cryptography.hazmat.primitives.ciphers.modes import CBC

    key = base64.b64decode(US.aes_key + "=")
    cipher = Cipher(AES256(key), CBC(key[:16])).encryptor()
    return base64.b64encode(cipher.update(plain) + cipher.finalize()).decode()


def test_an_event_is_opened() -> None:
    message = read(sealed())
    assert (message.kind, message.text("merchant_id"), message.text("nothing")) == (EVENT["Event"], "190", "")


def test_of_a_message_in_the_open_and_sealed_the_sealed_half_is_read() -> None:
    cipher = sealed()
    body = json.dumps({"Event": "another", "merchant_id": "7", "Encrypt": cipher}).encode()
    assert read(cipher, body=body).fields == EVENT
    assert refused(cipher, body=json.dumps(EVENT).encode()) == "form"


def test_what_is_no_event_is_known_by_its_type() -> None:
    assert read(sealed({"MsgType": "text", "Content": "你好"})).kind == "text"
    assert read(sealed({})).kind == ""


@pytest.mark.parametrize(
    ("value", "has"),
    [
        *[(1794398400, True), ("1794398400", True), (0, False), ("0", False), ("", False), (None, False)],
        *[("soon", False), (-5, False), ("9" * 12, False), (10**30, False), (1.5, False), ("９", False)],
    ],
)
def test_a_time_has_come_when_one_is_named(value: Any, has: bool) -> None:
    message = Message("", {"at": value})
    assert (message.happened("at"), message.when("at")) == (
        has,
        datetime.fromtimestamp(1794398400, UTC) if has else None,
    )
    assert not Message("", {}).happened("at")


ONE, TWO = {"TemplateId": "t1"}, {"TemplateId": "t2"}


@pytest.mark.parametrize(
    ("fields", "listed"),
    [
        ({"List": ONE}, [ONE]),
        ({"List": [ONE, TWO]}, [ONE, TWO]),
        ({"SubscribeMsgPopupEvent": {"List": ONE}}, [ONE]),
        ({"SubscribeMsgPopupEvent": {"List": [ONE, TWO]}}, [ONE, TWO]),
        ({"SubscribeMsgPopupEvent": [{"List": ONE}, {"List": TWO}, 7]}, [ONE, TWO]),
        ({}, []),
        ({"List": [7, None, "x", [ONE]], "SubscribeMsgPopupEvent": "x"}, []),
        ({"SubscribeMsgSentEvent": {"List": ONE}}, []),
    ],
)
def test_a_list_is_an_array_or_its_one_entry(fields: dict[str, Any], listed: list[Any]) -> None:
    assert Message("subscribe_msg_popup_event", fields).listed() == listed


def test_a_message_is_known_by_all_that_it_says() -> None:
    first = read(sealed({"Event": "a", "CreateTime": 1, "List": [ONE, TWO]}))
    again = read(sealed(json.dumps({"List": [ONE, TWO], "CreateTime": 1, "Event": "a"}, indent=1).encode()))
    assert again.ident == first.ident
    for other in ({"CreateTime": 2}, {"Event": "b"}, {"List": [TWO, ONE]}, {"more": ""}):
        assert read(sealed({"Event": "a", "CreateTime": 1, "List": [ONE, TWO], **other})).ident != first.ident


def test_known_messages_are_opened() -> None:
    """Vectors that another library verifies and opens as well."""
    us = replace(US, token="AAAAA", appid="wxba5fad812f8e6fb9")
    question = {"signature": "f464b24fc39322e44b38aa78f5edd27bd1441696", "timestamp": "1714036504"}
    push.verify(us, **question, nonce="1514711492")
    cipher = (
        "Q3stYC6hdFzMh9T8HCvyDPlk9GX5/KBn8rTZeYDxo3YMWHzwYa8touqqD2UsAJXyeRZYLNqh8DSZx/Qk7jfHcFjO+c0kyygPNU+cILB/k6JbOL08"
        "UqhsQ73dPdPf8kaIW7Wm5apbWmpfatCRkTazITkC1sECV1UxQXWNcAPBGcb1C3K/bX5MuD2piT+JMwluMecByt0fWyLir4IOBYswCQ=="
    )
    signed = {"signature": "78a65042eb99519b2cfaeb81306da9b2684c72f6", "timestamp": "1714112445", "nonce": "415670741"}
    xml = f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName>\n<Encrypt><![CDATA[{cipher}]]></Encrypt></xml>".encode()
    for body in (raw(cipher), xml):
        message = push.read(us, **signed, raw_body=body)
        said = (message.kind, message.openid, message.when("CreateTime"))
        assert said == ("debug_demo", "o1", datetime.fromtimestamp(1714036504, UTC))


def test_another_library_opens_ours_and_we_open_its() -> None:
    other = WeChatCrypto(US.token, US.aes_key, US.appid)
    text = "<xml><FromUserName><![CDATA[o1]]></FromUserName><Event>a&amp;b \u56e2</Event></xml>"
    body = other.encrypt_message(text, NONCE, STAMP).encode()
    cipher = xml_object(body)["Encrypt"]
    signed = {"signature": xml_object(body)["MsgSignature"], "timestamp": STAMP, "nonce": NONCE}
    message = push.read(US, **signed, raw_body=body)
    assert (message.kind, message.openid) == ("a&b 团", "o1")
    assert push.read(US, **signed, raw_body=b"\n" + raw(cipher)).ident == message.ident
    ours = sealed(text.encode())
    signature = crypto.push_sign(US.token, STAMP, NONCE, ours)
    envelope = f"<xml><ToUserName>gh_1</ToUserName><Encrypt>{ours}</Encrypt></xml>"
    assert other.decrypt_message(envelope, signature, STAMP, NONCE) == text


def test_wechats_question_is_believed_only_signed() -> None:
    signature = crypto.push_sign(US.token, STAMP, NONCE)
    push.verify(US, signature=signature, timestamp=STAMP, nonce=NONCE)
    changes = [{"timestamp": "1794398401"}, {"nonce": "1"}, {"signature": ""}, {"signature": signature.upper()}]
    for change in [*changes, {"signature": "é" * 40}, {"nonce": "\ud800"}]:
        with pytest.raises(Forged):
            push.verify(US, **{"signature": signature, "timestamp": STAMP, "nonce": NONCE, **change})
    with pytest.raises(Forged):
        push.verify(replace(US, token="token2"), signature=signature, timestamp=STAMP, nonce=NONCE)


def test_the_signature_of_the_query_alone_opens_nothing() -> None:
    assert refused(sealed(), signature=crypto.push_sign(US.token, STAMP, NONCE)) == "signature"


def test_another_token_another_text_and_none_are_forged() -> None:
    cipher = sealed()
    assert refused(cipher, token="token2") == "signature"
    assert refused(cipher, signature="") == "signature"
    assert refused(cipher, signature=crypto.push_sign(US.token, STAMP, NONCE, sealed({}))) == "signature"


def test_another_key_and_another_mini_program_are_forged() -> None:
    assert refused(sealed(by=replace(US, aes_key="x" * 43))) in ("ciphertext", "appid")
    assert refused(sealed(appid="wx0000000000000002")) == "appid"
    assert refused(sealed(appid="")) == "appid"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff", b"<xml></xml>", b"<xml><Encrypt/>", b"{}", raw(None), raw(7), raw(["x"])]
)
def test_a_body_in_another_form_is_forged(body: bytes) -> None:
    assert refused("", body=body) == "form"


@pytest.mark.parametrize("cipher", ["", "%%%", "AAAA", base64.b64encode(b"x" * 15).decode()])
def test_what_is_no_ciphertext_is_forged(cipher: str) -> None:
    assert refused(cipher) == "ciphertext"


@pytest.mark.parametrize("padding", [bytes(32), b"\x21" * 32, b"\x1f" * 32, b"a" * 31 + b"\x02"])
def test_a_padding_that_is_none_is_forged(padding: bytes) -> None:
    content = NOISE + (2).to_bytes(4, "big") + b"{}" + US.appid.encode()
    assert refused(raw_seal(content.ljust(64, b"x") + padding)) in ("ciphertext", "appid")


@pytest.mark.parametrize("length", [0, 1, 3, 2**32 - 1])
def test_a_length_that_is_wrong_is_forged(length: int) -> None:
    content = NOISE + length.to_bytes(4, "big") + b"{}" + US.appid.encode()
    padding = 32 - len(content) % 32
    assert refused(raw_seal(content + bytes([padding]) * padding)) == "appid"


@pytest.mark.parametrize("text", [b"", b"[]", b"7", b"<xml>", b"<!DOCTYPE xml><xml/>", b"{", b"\xff\xfe"])
def test_a_text_that_is_no_object_is_forged(text: bytes) -> None:
    assert refused(sealed(text)) == "form"


def test_an_unusable_key_of_our_own_is_not_blamed_on_the_sender() -> None:
    cipher = sealed()
    signature = crypto.push_sign(US.token, STAMP, NONCE, cipher)
    short = replace(US, aes_key="a" * 3)
    with pytest.raises(ValueError, match="key"):
        push.read(short, signature=signature, timestamp=STAMP, nonce=NONCE, raw_body=raw(cipher))


@given(
    document=st.dictionaries(st.text(max_size=9), st.text(max_size=40) | st.integers(0, 2**40), max_size=6),
    appid=st.from_regex(r"wx[0-9a-f]{0,40}", fullmatch=True),
)
@settings(max_examples=100, deadline=None)
def test_whatever_wechat_seals_is_opened(document: dict[str, Any], appid: str) -> None:
    us = replace(US, appid=appid)
    cipher = sealed(document, by=us)
    signature = crypto.push_sign(us.token, STAMP, NONCE, cipher)
    found = push.read(us, signature=signature, timestamp=STAMP, nonce=NONCE, raw_body=raw(cipher))
    assert found.fields == document


@given(plain=st.binary(max_size=160).map(lambda b: b.ljust(-(-max(len(b), 1) // 16) * 16, b"\x05")))
@settings(max_examples=150, deadline=None)
def test_sealed_garbage_is_forged_and_nothing_else(plain: bytes) -> None:
    assert refused(raw_seal(plain)) in ("ciphertext", "appid", "form")


@given(body=st.binary(max_size=80) | st.text(max_size=40).map(raw), signature=st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_unsigned_garbage_is_forged_and_nothing_else(body: bytes, signature: str) -> None:
    assert refused("", body=body, signature=signature) in ("form", "signature")
