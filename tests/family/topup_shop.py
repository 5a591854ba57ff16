"""A merchant who sells value for families' wallets, and people who buy it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.core import clock, due
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.family.items import Family, Move, families_index, family_key
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
    mid = MerchantId(town.merchant.mid)
    place = f"{clock.iso(clock.now())}#{owner.uid}"
    return household(town, owner, *members, gsi3pk=families_index(mid, 3), gsi3sk=place, **changes)


def terms_read(town: Town) -> str:
    """The edition that a buyer has read."""
    return str(town.admin.get("/v1/admin/wallet")["edition"])


def tops_up(
    town: Town, person: Person, cid: str, fid: str, sku: str = "hundred", *, key: str | None = None, **body: Any
) -> Reply:
    """Somebody orders value for a wallet."""
    asked = {"family_id": fid, "sku_id": sku, "terms": terms_read(town), **body}
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
