"""Who asks WeChat Pay, and who answers: the merchant's signature on requests, WeChat's on answers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from infra.local.wechat_sim import crypto
from infra.local.wechat_sim.refusal import PayRefusal
from infra.local.wechat_sim.world import Merchant, World

SCHEME = "WECHATPAY2-SHA256-RSA2048"
SKEW_SECONDS = 300
STALE_SECONDS = 600
PROBE_MARK = "WECHATPAY/SIGNTEST/"

FORM = re.compile(SCHEME + r" (?P<fields>(?:(?:mchid|nonce_str|signature|timestamp|serial_no)=\"[^\"\s]+\",?){5})")
MEMBER = re.compile(r"(\w+)=\"([^\"]+)\"")


def merchant_of(world: World, headers: Mapping[str, str]) -> Merchant | None:
    """Who the request says it comes from, unproved."""
    found = re.search(r'mchid="([^"]+)"', headers.get("authorization", ""))
    return world.merchants.get(found.group(1)) if found else None


def authenticate(world: World, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Merchant:
    """The merchant who provably sent exactly this request within five minutes."""
    if not headers.get("accept") or not headers.get("user-agent"):
        raise PayRefusal(400, "PARAM_ERROR", "Http头缺少Accept或User-Agent")
    if "application/json" not in headers["accept"] and "*/*" not in headers["accept"]:
        raise PayRefusal(400, "PARAM_ERROR", "Http头Accept应为application/json")
    if body and not headers.get("content-type", "").startswith("application/json"):
        raise PayRefusal(400, "PARAM_ERROR", "Http头Content-Type应为application/json")
    form = FORM.fullmatch(headers.get("authorization", ""))
    sent = dict(MEMBER.findall(form["fields"])) if form else {}
    if len(sent) != 5 or form is None or form["fields"].endswith(","):
        raise _sign_error("authorization", "Http头Authorization值格式错误")
    merchant = world.merchants.get(sent["mchid"])
    if merchant is None:
        raise _sign_error("mchid", "商户号不存在")
    if sent["serial_no"] != merchant.serial:
        raise _sign_error("serial_no", "商户证书序列号有误")
    if not re.fullmatch(r"[0-9A-Za-z]{1,32}", sent["nonce_str"]):
        raise _sign_error("nonce_str", "随机串格式错误")
    stamp = sent["timestamp"]
    if not re.fullmatch(r"\d{10}", stamp) or abs(world.clock.unmoved().timestamp() - int(stamp)) > SKEW_SECONDS:
        raise _sign_error("timestamp", "请求时间戳与服务器时间相差过大")
    lines = (method.encode(), target.encode(), stamp.encode(), sent["nonce_str"].encode(), body)
    if not crypto.verified(merchant.public_key, sent["signature"], *lines):
        raise _sign_error("signature", "签名错误,请检查后再试")
    asked_key = headers.get("wechatpay-serial")
    if asked_key is not None and asked_key != merchant.public_key_id:
        raise PayRefusal(400, "PARAM_ERROR", "Http头Wechatpay-Serial与商户的微信支付公钥不符")
    return merchant


def _sign_error(field: str, issue: str) -> PayRefusal:
    detail = {"field": field, "issue": issue, "location": "authorization"}
    return PayRefusal(401, "SIGN_ERROR", issue, detail=detail, detail_code=268435457)


def signature_headers(world: World, merchant: Merchant, body: bytes, *, age_seconds: int = 0) -> dict[str, str]:
    """WeChat's signature on ``body``, for answers and notifications."""
    stamp, nonce = str(int(world.clock.unmoved().timestamp()) - age_seconds), world.letters(32)
    return {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": crypto.sign(merchant.key, stamp.encode(), nonce.encode(), body),
        "Wechatpay-Serial": merchant.public_key_id,
        "Wechatpay-Signature-Type": SCHEME,
    }


def spoiled(signature: str) -> str:
    """A signature of the right form that verifies under no key."""
    swap = {"A": "B"}
    return swap.get(signature[0], "A") + signature[1:]
