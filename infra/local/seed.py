"""`python -m infra.local.seed`: two demo merchants, each with its mini-program, pay account and running campaigns.

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
from infra.local.seed_cash import demo_cash, ready_to_pay
from infra.local.seed_codes import demo_codes, demo_word
from infra.local.seed_notices import tell_users
from infra.local.seed_rewards import demo_coupons, demo_invite, demo_unlock, rewarding
from infra.local.wechat_sim import new_merchant_key

FILE = "demo.json"
KEYS_FILE = "demo-keys.json"
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
    """Of its running group-buy."""
    bargain_campaign_id: str = ""
    """Of its running bargain."""
    coupon_campaign_id: str = ""
    """Of its running coupons."""
    unlock_campaign_id: str = ""
    """Of its running packets that friends help to open."""
    invite_campaign_id: str = ""
    """Of its running rewarded invitations."""
    cash_campaign_id: str = ""
    """Of its running group-buy whose orders bring cash."""
    codes_campaign_id: str = ""
    """Of its running text codes."""
    word_campaign_id: str = ""
    """Of its running word."""


class Seeded(msgspec.Struct, frozen=True):
    """What the demo holds."""

    merchants: list[SeededMerchant]


def demo_offer(title: str = "2026年秋茶礼盒", now: datetime | None = None) -> dict[str, Any]:
    """A group-buy that passes the gate: three people, one SKU, running from an hour ago for thirty days."""
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    return {
        "kind": "groupbuy",
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
                "solo_price_fen": 8900,
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


def demo_bargain(title: str = "2026年秋茶礼盒", now: datetime | None = None) -> dict[str, Any]:
    """A bargain that passes the gate: two friends, equal cuts, told in its rule sheet; the group-buy's other terms."""
    offer = demo_offer(title, now)
    (sku,) = offer["skus"]
    named = {name: sku[name] for name in ("sku_id", "title", "fulfilment", "reference_price_fen", "reference_basis")}
    return {
        **{name: offer[name] for name in ("starts_at", "ends_at")},
        "kind": "bargain",
        "title": f"{title} 好友帮砍",
        "description": "邀请好友帮砍，每位好友砍掉的金额固定并提前公示。",
        "rule_sheet": {
            **offer["rule_sheet"],
            "rules_text": "发起后 24 小时内邀请 2 位好友帮砍，每位好友确认后砍掉的金额固定，砍满即可按底价购买。",
            "eligibility": "所有用户均可发起和帮砍，同一好友对同一砍价只能帮砍一次。",
            "result": "砍满后 24 小时内可按底价购买，逾期名额取消。",
            "refund_terms": "发货前可全额退款，按原路退回。",
        },
        "skus": [{**named, "start_price_fen": 9900, "floor_price_fen": 6900, "stock": 10_000}],
        "cuts": 2,
        "share": {"title": f"帮我砍一刀{title}"},
    }


def demo_campaigns(title: str) -> dict[str, dict[str, Any]]:
    """What runs at each demo merchant, by the field of `SeededMerchant` that names it."""
    offer = demo_offer(title)
    return {
        "campaign_id": rewarding(offer),
        "bargain_campaign_id": demo_bargain(title),
        "coupon_campaign_id": demo_coupons(offer),
        "unlock_campaign_id": demo_unlock(offer),
        "invite_campaign_id": demo_invite(offer),
        "cash_campaign_id": demo_cash(offer),
        "codes_campaign_id": demo_codes(offer),
        "word_campaign_id": demo_word(offer),
    }


class Registered(msgspec.Struct, frozen=True):
    """A demo merchant as WeChat knows it, and the secrets that go with it."""

    handle: str
    name: str
    appid: str
    mchid: str
    secrets: dict[str, str]


def register(wechat: Send, handle: str, pay_key: tuple[str, str, str] | None = None) -> Registered:
    """Give a demo merchant its mini-program and pay account at the simulator; with a fresh key unless one is given."""
    number = list(SHOPS).index(handle)
    private, public, serial = pay_key or new_merchant_key()
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
        "push_token": f"pushtokenof{handle}",
        "push_aes_key": f"pushkeyof{handle}".ljust(43, "0"),
    }
    return Registered(handle, SHOPS[handle][0], app["appid"], app["mchid"], secrets)


def subscribe(wechat: Send, shop: Registered, url: str) -> None:
    """Say at the simulator where the merchant's mini-program wants messages; it asks there first."""
    given = {"token": shop.secrets["push_token"], "aes_key": shop.secrets["push_aes_key"]}
    body = json.dumps({"appid": shop.appid, "url": url, **given}).encode()
    wechat("POST", "/_sim/push", {"Content-Type": "application/json"}, body).expect(201)


def _pay_keys(home: Path) -> dict[str, tuple[str, str, str]]:
    """The demo merchants' pay keys, made once: functions that run keep a secret for minutes, and sign with it."""
    path = home / KEYS_FILE
    if not path.exists():
        half = path.with_suffix(".new")
        half.touch(mode=0o600)
        half.write_bytes(msgspec.json.encode({handle: new_merchant_key() for handle in SHOPS}))
        half.replace(path)
    return msgspec.json.decode(path.read_bytes(), type=dict[str, tuple[str, str, str]])


def _onboard(endpoint: Endpoint, shop: Registered, known: SeededMerchant | None) -> SeededMerchant:
    """The operator's command, as for any merchant; a merchant that stands gets the new keys.

    Where an earlier seed died before it wrote down the API key, the command shows a new one.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(shop.secrets, file)
        file.flush()
        command = [sys.executable, "-m", "chalicelib.merchants.onboard", "--name", shop.name, "--appid", shop.appid]
        command += ["--mchid", shop.mchid, "--secrets-file", file.name]
        command += [] if known else ["--new-owner-key"]
        environment = {**os.environ, **endpoint.environment()}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"onboarding {shop.handle} failed: {done.stderr}")
    answer = json.loads(done.stdout.splitlines()[-1])
    if answer["api_key"] is None:
        assert known is not None
        return known
    return SeededMerchant(shop.handle, shop.name, answer["merchant_id"], shop.appid, shop.mchid, answer["api_key"])


def seed(endpoint: Endpoint) -> Seeded:
    """The demo on a running stack; what stands already stays."""
    path = Path(endpoint.home, FILE)
    before = msgspec.json.decode(path.read_bytes(), type=Seeded) if path.exists() else None
    if before is not None and _works(endpoint, before):
        return before
    wechat, send = HttpSend(endpoint.wechat), HttpSend(endpoint.api)
    pay_keys = _pay_keys(path.parent)
    stood = before.merchants if before else []
    known = {merchant.handle: merchant for merchant in stood if _is_key(send, merchant.api_key)}
    merchants = []
    for handle, (_, title) in SHOPS.items():
        shop = register(wechat, handle, pay_keys[handle])
        merchant = _onboard(endpoint, shop, known.get(handle))
        subscribe(wechat, shop, f"{endpoint.api}/notify/wechat/{merchant.mid}/push")
        for person in PEOPLE:
            user = json.dumps({"name": person, "unionid": True}).encode()
            wechat("POST", "/_sim/users", {"Content-Type": "application/json"}, user).expect(200, 201)
        admin = Api(send, merchant.api_key)
        ready_to_pay(admin, wechat, merchant.mchid)
        tell_users(wechat, admin, merchant.appid)
        campaigns = {name: running_campaign(admin, offer) for name, offer in demo_campaigns(title).items()}
        merchants.append(msgspec.structs.replace(merchant, **campaigns))
    seeded = Seeded(merchants)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(seeded)))
    return seeded


def running_campaign(admin: Api, offer: dict[str, Any]) -> str:
    """The merchant's running campaign that says this: one that stands, a draft that was left behind, or a new one.

    One that an older seed made may have the same title and say less; it is left alone.
    """
    listed = admin.get("/v1/admin/campaigns?limit=100")["campaigns"]
    asked = {name: value for name, value in offer.items() if name not in ("starts_at", "ends_at")}
    mine = [campaign for campaign in listed if _says(campaign["offer"], asked)]
    for campaign in mine:
        ends_at = datetime.fromisoformat(campaign["offer"]["ends_at"])
        if campaign["status"] == "published" and ends_at > datetime.now(UTC):
            return str(campaign["campaign_id"])
    drafts = [campaign for campaign in mine if campaign["status"] == "draft"]
    draft = drafts[0] if drafts else admin.post("/v1/admin/campaigns", {"offer": offer})
    admin.post(f"/v1/admin/campaigns/{draft['campaign_id']}/publish")
    return str(draft["campaign_id"])


def _says(document: Any, asked: Any) -> bool:
    """Whether a stored document says everything that is asked; it also has what was left to its defaults."""
    if isinstance(asked, dict):
        return isinstance(document, dict) and all(_says(document.get(name), value) for name, value in asked.items())
    if isinstance(asked, list):
        same = isinstance(document, list) and len(document) == len(asked)
        return same and all(_says(*pair) for pair in zip(document, asked, strict=True))
    return bool(document == asked)


def _works(endpoint: Endpoint, seeded: Seeded) -> bool:
    """Whether the demo stands in this stack: its keys are known, and WeChat still knows the merchants.

    An older seed lacks campaigns.
    """
    send, wechat = HttpSend(endpoint.api), HttpSend(endpoint.wechat)
    for merchant in seeded.merchants:
        campaigns = [name for name in merchant.__struct_fields__ if name.endswith("campaign_id")]
        if not (all(getattr(merchant, name) for name in campaigns) and _is_key(send, merchant.api_key)):
            return False
        try:
            Person.login(send, wechat, merchant.appid, PEOPLE[0])
        except AssertionError:
            return False
    return True


def _is_key(send: Send, api_key: str) -> bool:
    return Api(send, api_key).call("GET", "/v1/admin/merchant").status == 200


def main() -> int:
    """Seed the stack that runs here, and say what there is."""
    try:
        endpoint = here()
    except NotRunning as nothing:
        print(nothing, file=sys.stderr)
        return 1
    for merchant in seed(endpoint).merchants:
        print(f"  {merchant.name}  appid {merchant.appid}")
        print(f"    group-buy {merchant.campaign_id}  bargain {merchant.bargain_campaign_id}")
        print(f"    coupons {merchant.coupon_campaign_id}  packets {merchant.unlock_campaign_id}")
        print(f"    invites {merchant.invite_campaign_id}  cash {merchant.cash_campaign_id}")
        print(f"    codes {merchant.codes_campaign_id}  word {merchant.word_campaign_id}")
        print(f"    admin key {merchant.api_key}")
    print(f"  people in both mini-programs: {', '.join(PEOPLE)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
