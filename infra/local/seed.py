"""`python -m infra.local.seed`: two demo merchants, each with its mini-program, pay account and a running group-buy.

Everything goes the way a real merchant's does: onboarding, then the admin API. Running it again changes nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from infra.local.client import Api, HttpSend, Person, Send
from infra.local.endpoint import ROOT, Endpoint, NotRunning, here
from infra.local.wechat_sim import new_merchant_key

FILE = "demo.json"
SHOPS = {"lakeside": ("湖畔茶铺", "2026年秋茶礼盒"), "hillside": ("山间果园", "红富士苹果5斤装")}
PEOPLE = ("xiaoming", "lili", "daqiang")
"""The same three people use both mini-programs: one unionid each, and two users."""


class SeededMerchant(msgspec.Struct, frozen=True):
    """A demo merchant; its API key is shown here because it is a demo."""

    handle: str
    name: str
    mid: str
    appid: str
    mchid: str
    api_key: str
    campaign_id: str = ""


class Seeded(msgspec.Struct, frozen=True):
    """What the demo holds."""

    merchants: list[SeededMerchant]


def demo_offer(title: str = "2026年秋茶礼盒", now: datetime | None = None) -> dict[str, Any]:
    """A group-buy that passes the gate: three people, one SKU, running from an hour ago for thirty days."""
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    return {
        "title": f"{title} 三人团",
        "description": "三人成团，拼团价购买。",
        "rule_sheet": {
            "rules_text": "开团后 24 小时内满 3 人付款即成团；未满自动全额退款。",
            "eligibility": "所有用户均可参加。",
            "result": "成团后按拼团价发货。",
            "refund_terms": "未成团时按原路全额退款。",
            "host_name": "演示商户",
            "host_contact": "400-000-0000",
        },
        "skus": [
            {
                "sku_id": "box-1",
                "title": title,
                "fulfilment": "express",
                "price_fen": 6900,
                "reference_price_fen": 9900,
                "reference_basis": "近 7 日最低成交价",
                "stock": 100_000,
            }
        ],
        "size": 3,
        "starts_at": (now - timedelta(hours=1)).isoformat(),
        "ends_at": (now + timedelta(days=30)).isoformat(),
        "share": {"title": f"一起拼{title}"},
        "limits": {"open": 1000, "join": 1000, "take_part": 1000},
    }


class Registered(msgspec.Struct, frozen=True):
    """A demo merchant as WeChat knows it, and the secrets that go with it."""

    handle: str
    name: str
    appid: str
    mchid: str
    secrets: dict[str, str]


def register(wechat: Send, handle: str) -> Registered:
    """Give a demo merchant its mini-program and pay account at the simulator, with fresh keys on both sides."""
    number = list(SHOPS).index(handle)
    private, public, serial = new_merchant_key()
    app = {"appid": f"wxdemo{handle}", "appsecret": f"appsecret-of-{handle}", "mchid": f"190000000{number + 1}"}
    apiv3_key = f"apiv3-key-of-{handle}".ljust(32, "0")
    body = json.dumps({**app, "apiv3_key": apiv3_key, "public_key": public, "serial": serial}).encode()
    given = wechat("POST", "/_sim/merchants", {"Content-Type": "application/json"}, body).expect(200, 201)
    secrets = {
        "appsecret": app["appsecret"],
        "mch_private_key": private,
        "mch_serial": serial,
        "apiv3_key": apiv3_key,
        "wechatpay_public_key": given["wechatpay_public_key"],
        "wechatpay_public_key_id": given["wechatpay_public_key_id"],
    }
    return Registered(handle, SHOPS[handle][0], app["appid"], app["mchid"], secrets)


def _onboard(endpoint: Endpoint, shop: Registered, known: SeededMerchant | None) -> SeededMerchant:
    """The operator's command, as for any merchant; a merchant that stands gets the new keys."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(shop.secrets, file)
        file.flush()
        command = [sys.executable, "-m", "chalicelib.merchants.onboard", "--name", shop.name, "--appid", shop.appid]
        command += ["--mchid", shop.mchid, "--secrets-file", file.name]
        environment = {**os.environ, **endpoint.environment()}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"onboarding {shop.handle} failed: {done.stderr}")
    answer = json.loads(done.stdout.splitlines()[-1])
    if answer["api_key"] is None:
        if known is None:
            raise RuntimeError(f"{shop.handle} was taken on before and its key is lost: make down, then make up")
        return known
    return SeededMerchant(shop.handle, shop.name, answer["merchant_id"], shop.appid, shop.mchid, answer["api_key"])


def seed(endpoint: Endpoint) -> Seeded:
    """The demo on a running stack; what stands already stays."""
    path = Path(endpoint.home, FILE)
    before = msgspec.json.decode(path.read_bytes(), type=Seeded) if path.exists() else None
    if before is not None and _works(endpoint, before):
        return before
    known = {merchant.handle: merchant for merchant in before.merchants} if before else {}
    wechat, send = HttpSend(endpoint.wechat), HttpSend(endpoint.api)
    merchants = []
    for handle, (_, title) in SHOPS.items():
        merchant = _onboard(endpoint, register(wechat, handle), known.get(handle))
        for person in PEOPLE:
            user = json.dumps({"name": person, "unionid": True}).encode()
            wechat("POST", "/_sim/users", {"Content-Type": "application/json"}, user).expect(200, 201)
        if not merchant.campaign_id:
            admin = Api(send, merchant.api_key)
            draft = admin.post("/v1/admin/campaigns", demo_offer(title), key=f"demo-campaign-{handle}")
            admin.post(f"/v1/admin/campaigns/{draft['campaign_id']}/publish", key=f"demo-publish-{handle}")
            merchant = msgspec.structs.replace(merchant, campaign_id=draft["campaign_id"])
        merchants.append(merchant)
    seeded = Seeded(merchants)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(seeded)))
    return seeded


def _works(endpoint: Endpoint, seeded: Seeded) -> bool:
    """Whether the demo stands in this stack: its keys are known, and WeChat still knows the merchants."""
    send, wechat = HttpSend(endpoint.api), HttpSend(endpoint.wechat)
    for merchant in seeded.merchants:
        if Api(send, merchant.api_key).call("GET", "/v1/admin/merchant").status != 200:
            return False
        try:
            Person.login(send, wechat, merchant.appid, PEOPLE[0])
        except AssertionError:
            return False
    return True


def main() -> int:
    """Seed the stack that runs here, and say what there is."""
    try:
        endpoint = here()
    except NotRunning as nothing:
        print(nothing, file=sys.stderr)
        return 1
    for merchant in seed(endpoint).merchants:
        print(f"  {merchant.name}  appid {merchant.appid}  campaign {merchant.campaign_id}")
        print(f"    admin key {merchant.api_key}")
    print(f"  people in both mini-programs: {', '.join(PEOPLE)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
