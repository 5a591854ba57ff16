"""Everything the simulator remembers."""

from __future__ import annotations

import random
import string
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from infra.local.wechat_sim.activities import Activity
from infra.local.wechat_sim.clock import Clock
from infra.local.wechat_sim.consents import Event, Messages
from infra.local.wechat_sim.operations import Operations, Transfer
from infra.local.wechat_sim.pages import Pages
from infra.local.wechat_sim.verdicts import Look, Word, usual_words

AUTO_CLOSE = timedelta(days=7)
"""An unpaid order is closed by itself this long after it was made (but never while it may still be paid)."""


@dataclass
class Merchant:
    """A pay account with its mini-program, and the key pair under which WeChat Pay answers it."""

    mchid: str
    appid: str
    appsecret: str
    apiv3_key: str
    serial: str
    public_key: RSAPublicKey
    key: RSAPrivateKey
    public_key_id: str


@dataclass
class User:
    """A WeChat user. His openid differs per mini-program, his unionid is one."""

    name: str
    unionid: str | None
    blocked: bool = False
    real_name: str | None = None
    """None where WeChat has nothing to compare with."""


@dataclass
class Code:
    """A wx.login code."""

    appid: str
    openid: str
    issued_at: datetime
    used: bool = False


@dataclass
class Token:
    """An access token and the end of its life."""

    value: str
    expires_at: datetime


@dataclass
class TokenFamily:
    """The stable tokens of one mini-program."""

    current: Token | None = None
    previous: Token | None = None
    forced_at: list[datetime] = field(default_factory=list)


@dataclass
class Refund:
    """A refund of an order."""

    mchid: str
    out_refund_no: str
    refund_id: str
    order: Order
    body: dict[str, Any]
    created_at: datetime
    status: str
    ends_at: datetime
    """When PROCESSING becomes ``outcome``."""
    outcome: str
    success_time: datetime | None = None

    @property
    def amount(self) -> int:
        """Fen given back."""
        return int(self.body["amount"]["refund"])


@dataclass
class Order:
    """A JSAPI order of a merchant."""

    mchid: str
    appid: str
    out_trade_no: str
    body: dict[str, Any]
    created_at: datetime
    payable_until: datetime
    prepay_ids: dict[str, datetime] = field(default_factory=dict)
    closed: bool = False
    transaction_id: str | None = None
    paid_at: datetime | None = None
    refunds: list[Refund] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Fen to pay."""
        return int(self.body["amount"]["total"])

    @property
    def openid(self) -> str:
        """Who may pay."""
        return str(self.body["payer"]["openid"])

    def state(self, now: datetime) -> str:
        """WeChat's trade state."""
        if self.paid_at:
            return "REFUND" if self.refunds else "SUCCESS"
        if self.closed or now >= max(self.created_at + AUTO_CLOSE, self.payable_until):
            return "CLOSED"
        return "NOTPAY"


@dataclass(frozen=True)
class Upload:
    """Shipping information as it was accepted."""

    at: datetime
    """Its upload_time."""
    delivery_mode: int
    logistics_type: int
    shipping_list: list[dict[str, Any]]
    all_delivered: bool
    """Always so for unified delivery."""


@dataclass(frozen=True)
class Special:
    """A payment that was declared a presale (1) or a test (2)."""

    type: int
    delay_to: int
    """Unix time; 0 for a test that named none."""


@dataclass
class Shipment:
    """How the goods of one payment go out."""

    uploads: list[Upload] = field(default_factory=list)
    reshipped: bool = False
    """The one chance to ship again is used."""
    received_at: datetime | None = None
    special: Special | None = None

    @property
    def complete(self) -> bool:
        """All of it is on its way."""
        return bool(self.uploads) and self.uploads[-1].all_delivered


@dataclass(frozen=True)
class Address:
    """Where a mini-program wants messages, and what they are signed and sealed with."""

    url: str
    token: str
    aes_key: str
    format: str = "json"
    """Or ``xml``."""


@dataclass(frozen=True)
class Difference:
    """What is wrong in the next bills of a merchant.

    It is about the payment's line, with ``out_refund_no`` about the refund's, with ``out_bill_no`` about the lines of a
    transfer in the fund flow bill.
    """

    mchid: str
    kind: str
    out_trade_no: str
    out_refund_no: str
    fen: int
    day: date | None
    """The one day whose bill an invented line stands in, or None for every bill."""
    out_bill_no: str = ""


@dataclass(frozen=True)
class Allowance:
    """How often a mini-program may ask about its users."""

    minute: int = 4_000
    day: int = 2_000_000


def _allowances() -> dict[str, Allowance]:
    return {"code": Allowance(5_000, 10**9), "media": Allowance(2_000, 200_000)}


@dataclass
class World:
    """All of it. Pay numbers are unique per merchant, openids per mini-program."""

    clock: Clock
    rng: random.Random
    new_key: Callable[[], RSAPrivateKey]
    """Makes WeChat's key pair for a merchant that registers."""
    merchants: dict[str, Merchant] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    openids: dict[tuple[str, str], User] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    session_keys: dict[tuple[str, str], str] = field(default_factory=dict)
    tokens: dict[str, TokenFamily] = field(default_factory=dict)
    orders: dict[tuple[str, str], Order] = field(default_factory=dict)
    prepays: dict[str, Order] = field(default_factory=dict)
    transactions: dict[str, Order] = field(default_factory=dict)
    refunds: dict[tuple[str, str], Refund] = field(default_factory=dict)
    running_refunds: list[Refund] = field(default_factory=list)
    finished_refunds: list[Refund] = field(default_factory=list)
    """At their end, and their notification not yet made."""
    transfers: dict[tuple[str, str], Transfer] = field(default_factory=dict)
    running_transfers: list[Transfer] = field(default_factory=list)
    finished_transfers: list[Transfer] = field(default_factory=list)
    """At their end, and their notification not yet made."""
    operations: dict[str, Operations] = field(default_factory=dict)
    wrong: list[tuple[str, str]] = field(default_factory=list)
    """What whoever watches this world found wrong with what arrived, each after its kind."""
    scenes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Approved transfer scenes by merchant, where they are not the usual one."""
    paces: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    """By merchant and endpoint: the last second in which it was called, and how often in it."""
    published: set[tuple[str, date]] = field(default_factory=set)
    """Days whose bills a merchant has before the morning after."""
    bill_tickets: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """By download token: merchant and file."""
    bill_differences: list[Difference] = field(default_factory=list)
    shipments: dict[tuple[str, str], Shipment] = field(default_factory=dict)
    """By merchant and payment number."""
    shipped: list[Order] = field(default_factory=list)
    """All of their goods are on their way, and the message of it is not yet made."""
    addresses: dict[str, Address] = field(default_factory=dict)
    """By mini-program; one that is not here is told nothing."""
    short_links: dict[str, dict[str, tuple[date, str]]] = field(default_factory=dict)
    """By mini-program and link: the day it was made, and the page that it opens."""
    short_links_a_day: int = 1_000_000
    pages: Pages = field(default_factory=Pages)
    messages: Messages = field(default_factory=Messages)
    answered_after: timedelta = timedelta()
    """How long the answer to the call that is acted on will take."""
    events: list[Event] = field(default_factory=list)
    """Happened, and the message of it is not yet made."""
    activities: dict[str, Activity] = field(default_factory=dict)
    visits: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """When a user, by mini-program and openid, was there last."""
    ranks: dict[str, int] = field(default_factory=dict)
    """Risk ranks by the user's name; 0 for everybody else."""
    words: dict[str, Word] = field(default_factory=usual_words)
    """What makes a text doubtful."""
    checked: list[tuple[str, str]] = field(default_factory=list)
    """Every text, and every picture's address, that was looked at, each after its trace id."""
    looks: dict[str, Look] = field(default_factory=dict)
    """What makes a picture doubtful: by a part of its address."""
    allowances: dict[str, Allowance] = field(default_factory=_allowances)
    """By API, where they are not the usual ones."""
    asked: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Calls by mini-program, API, and minute or day."""

    def letters(self, count: int, alphabet: str = string.ascii_letters + string.digits) -> str:
        """Random letters."""
        return "".join(self.rng.choice(alphabet) for _ in range(count))

    def app(self, appid: str) -> Merchant | None:
        """The merchant whose mini-program this is."""
        return next((m for m in self.merchants.values() if m.appid == appid), None)
