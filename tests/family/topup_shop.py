"""A merchant who sells value for families' wallets, and people who buy it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from chalicelib.core import clock, due
from chalicelib.core.ids import MerchantId, derived
from chalicelib.core.store import read, read_one
from chalicelib.core.table import Key
from chalicelib.core.transaction import Transaction
from chalicelib.family.items import FAMILY_SHARDS, Family, families_index, family_key
from chalicelib.family.rows import Move, move_key
from chalicelib.family.states import Why
from chalicelib.orders.items import Order, order_key
from infra.local.client import Person, Reply
from infra.local.seed import demo_offer
from tests.family.shop import household
from tests.merchants.wallet import files
from tests.town import Town
from tests.voucher import shop as codes

VALUES = {"hundred": 10_000, "five": 50_000, "thousand": 100_000}
"""What is sold, in fen."""


def offer(**changes: Any) -> dict[str, Any]:
    """A campaign of top-ups for the demo's fortnight."""
    demo = demo_offer(now=clock.now())
    return {
        **{name: demo[name] for name in ("starts_at", "ends_at")},
        "kind": "topup",
        "title": "家庭钱包充值",
        "share": {"title": "家庭钱包充值"},
        "rule_sheet": {
            "rules_text": "等额到账，仅限本店、本家庭使用，不过期。",
            "eligibility": "家庭主人可充值；共同钱包的成年成员也可充值。",
            "result": "支付成功后立即充入家庭钱包。",
            "refund_terms": "购买后 7 天内可退还未使用的部分，原路退回。",
            "host_name": "演示商户",
            "host_contact": "400-000-0000",
        },
        "skus": [
            {"sku_id": name, "title": f"家庭钱包充值 {fen // 100} 元", "value_fen": fen} for name, fen in VALUES.items()
        ],
        **changes,
    }


def opened(town: Town, **changes: Any) -> str:
    """He has filed it, and sells it; returns the campaign."""
    files(town)
    return town.campaign(offer(**changes))


def listed(town: Town, owner: Person, *members: Person, **changes: Any) -> str:
    """A family that stands in the merchant's list of all, with an empty wallet unless ``changes`` say otherwise."""
    mid, fid = MerchantId(town.merchant.mid), derived("household", owner.uid)
    shard = zlib.crc32(fid.encode()) % FAMILY_SHARDS
    since = clock.now() - timedelta(days=2)
    place: dict[str, Any] = {"gsi3pk": families_index(mid, shard), "gsi3sk": f"{clock.iso(since)}#{fid}"}
    return household(town, owner, *members, **place, **changes)


def put_right(town: Town, fid: str, *, granted: int = 0, paid: int = 0) -> None:
    """So much comes to a wallet or, negative, leaves it: as if it was spent, or came back."""
    mid, now = MerchantId(town.merchant.mid), clock.now()
    ref = f"as-it-was-{len(moves(town, fid))}"
    enough = {"granted": Family.granted >= -granted, "paid": Family.paid >= -paid}
    tx = Transaction()
    tx.update("family", family_key(mid, fid), [Family.granted.add(granted), Family.paid.add(paid)], when=enough)
    row: dict[str, Any] = {"granted": granted, "paid": paid, "by": "-", "subject": "-", "at": now}
    tx.put("move", Move(*move_key(mid, fid, now, ref), why=Why.ADJUSTED, **row))
    tx.commit()


@contextmanager
def as_if(town: Town, key: Key, **values: Any) -> Iterator[None]:
    """In the block an item is otherwise than it came to be; what it was in that is put back."""
    before = _written(town, key, values)
    yield
    _written(town, key, before)


def _written(town: Town, key: Key, values: Mapping[str, Any]) -> dict[str, Any]:
    """Write other values into an item; returns those that stood there."""
    item = read(key)[key]
    assert item is not None
    before = {name: getattr(item, name) for name in values}
    for name, value in values.items():
        setattr(item, name, value)
    town.emulator.restore(item)
    return before


def terms_read(town: Town) -> str:
    """The edition that a buyer has read."""
    return str(town.admin.get("/v1/admin/wallet")["edition"])


def tops_up(
    town: Town, person: Person, cid: str, fid: str, sku: str = "hundred", *, key: str | None = None, **body: Any
) -> Reply:
    """Somebody orders value for a wallet."""
    asked = {"family_id": fid, "sku_id": sku, **({} if "terms" in body else {"terms": terms_read(town)}), **body}
    return person.api.call("POST", f"/v1/campaigns/{cid}/topups", asked, key=key)


def paid(town: Town, person: Person, cid: str, fid: str, sku: str = "hundred") -> str:
    """Somebody has bought value for a wallet, and has it; returns the order."""
    made = tops_up(town, person, cid, fid, sku).expect(201)
    person.pay(made).expect(200)
    town.hear()
    town.stream()
    return str(made["order_id"])


def gives_up(town: Town, person: Person, made: Mapping[str, Any]) -> None:
    """He cancels it, and it is proven unpaid."""
    person.api.post(f"/v1/orders/{made['order_id']}/cancel")
    falls_due(town, made["order_id"])


def falls_due(town: Town, oid: str) -> None:
    """A worker takes the order."""
    order = stored(town, oid)
    assert order.gsi2sk is not None
    due.handle(order.key, order.gsi2sk)


def refunds(person: Person, fid: str, oid: str, *, key: str | None = None) -> Reply:
    """Whoever bought it wants it back."""
    return person.api.call("POST", f"/v1/families/{fid}/topups/{oid}/refund", {}, key=key)


def looks(person: Person, fid: str, oid: str) -> Reply:
    """What whoever bought it sees of it."""
    return person.api.call("GET", f"/v1/families/{fid}/topups/{oid}", None)


def stored(town: Town, oid: str) -> Order:
    """The order as it stands."""
    found = read_one(Order, order_key(MerchantId(town.merchant.mid), oid))
    assert found is not None
    return found


def holds(town: Town, fid: str) -> tuple[int, int, int]:
    """What a wallet holds: given, bought, and on its way."""
    found = read_one(Family, family_key(MerchantId(town.merchant.mid), fid))
    assert found is not None
    return found.granted, found.paid, found.arriving or 0


def moves(town: Town, fid: str) -> list[tuple[str, int, int]]:
    """What came to a wallet and left it, by time: why, and how much of either kind."""
    rows = [item for item in town.items() if isinstance(item, Move) and item.fid == fid]
    return [(row.why.value, row.granted, row.paid) for row in sorted(rows, key=lambda row: row.sk)]


def purse_codes(town: Town, fen: int = 500, *, sold: bool = False, size: int = 6, **changes: Any) -> str:
    """A batch of codes that bring so much for a wallet; the merchant has filed what he sells."""
    if sold:
        files(town)
    total = changes.pop("total", 100)
    funds = {"funding": "sold"} if sold else {"budget": {"fen": total * fen}}
    brings = {"kind": "purse", "fen": fen}
    return codes.minted(town, town.campaign(codes.offer(brings, total=total, **funds, **changes)), size)
