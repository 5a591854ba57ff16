"""A merchant, a buyer and a WeChat in this process, on the project's own clock."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.money import Fen
from chalicelib.wechat import pay
from chalicelib.wechat.account import AppAccount, PayAccount
from infra.local.wechat_sim import Simulator, crypto, new_merchant_key

APIV3_KEY = "0123456789abcdefghijklmnopqrstuv"
NOTIFY_URL = "https://ripple.example.com/notify/wechat/M1/paid"


@cache
def merchant_key(name: str) -> tuple[str, str, str]:
    """One key pair and serial per name and process."""
    return new_merchant_key()


@cache
def wechat_key(number: int) -> RSAPrivateKey:
    """WeChat's key pair for the ``number``-th merchant of any simulator."""
    return crypto.new_key()


def new_simulator() -> Simulator:
    """A WeChat on the project's clock, with reproducible ids."""
    numbers = itertools.count()
    return Simulator(now=clock.now, rng=random.Random(1), new_key=lambda: wechat_key(next(numbers)))


@dataclass(frozen=True)
class Scene:
    """Who is there."""

    sim: Simulator
    app: AppAccount
    account: PayAccount
    openid: str

    def body(self, number: str = "ORDER000001", total: int = 990, **other: Any) -> dict[str, Any]:
        """The prepay body of an order that may be paid for 15 minutes."""
        options: dict[str, Any] = {
            "description": "三人团 · 橙子",
            "openid": self.openid,
            "time_expire": clock.now() + timedelta(minutes=15),
            "notify_url": NOTIFY_URL,
            "attach": "G1.U1",
            **other,
        }
        return pay.jsapi_body(self.account, out_trade_no=number, total=Fen(total), **options)

    def prepared(self, number: str = "ORDER000001", total: int = 990, **other: Any) -> str:
        """An order with a prepay_id."""
        return pay.prepay(self.account, self.body(number, total, **other))

    def paid(self, number: str = "ORDER000001", total: int = 990, **other: Any) -> datetime:
        """An order that the buyer has paid; returns when."""
        self.sim.control("POST", "/_sim/pay", {"prepay_id": self.prepared(number, total), **other})
        return self.sim.clock.now()

    def fault(self, endpoint: str, kind: str, **options: Any) -> None:
        """Let the next call go wrong."""
        self.sim.control("POST", "/_sim/faults", {"endpoint": endpoint, "kind": kind, **options})


def enter(sim: Simulator, name: str = "one", *, appid: str = "wx0000000000000001", mchid: str = "1900000001") -> Scene:
    """Register a merchant called ``name`` and his buyer alice."""
    private, public, serial = merchant_key(name)
    secret = f"secret-{name}"
    document = {
        "appid": appid,
        "appsecret": secret,
        "mchid": mchid,
        "apiv3_key": APIV3_KEY,
        "public_key": public,
        "serial": serial,
    }
    theirs = sim.control("POST", "/_sim/merchants", document)
    account = PayAccount(
        appid=appid,
        mchid=mchid,
        serial=serial,
        private_key_pem=private,
        apiv3_key=APIV3_KEY,
        wechatpay_public_key_pem=theirs["wechatpay_public_key"],
        wechatpay_public_key_id=theirs["wechatpay_public_key_id"],
    )
    openid = sim.control("POST", "/_sim/users", {"name": "alice"})["openids"][appid]
    return Scene(sim, AppAccount(MerchantId("M1"), appid, secret), account, openid)
