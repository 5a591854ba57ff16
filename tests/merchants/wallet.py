"""A merchant who has filed what he sells to be spent later."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.campaigns.gate import Shop
from chalicelib.merchants.wallet import WalletTerms
from tests.town import Town

FILED: dict[str, Any] = {
    "filing_number": "330106AAA0001",
    "filed_with": "杭州市西湖区商务局",
    "named": False,
    "terms_zh": "仅限本店使用。购买后 7 天内可无理由退还未使用的部分，储值不过期。",
    "terms_en": "Good in this shop alone. What is not spent goes back within 7 days. It never expires.",
}
PATH = "/v1/admin/wallet"


def filed(**changes: Any) -> WalletTerms:
    """What he declares, with ``changes``."""
    return msgspec.convert({**FILED, **changes}, WalletTerms)


def shop(**changes: Any) -> Shop:
    """The same merchant as the gate sees him."""
    return Shop(wallet=filed(**changes))


def files(town: Town, **changes: Any) -> str:
    """The town's merchant declares it, over what he declared before; returns the edition."""
    edition = town.admin.get(PATH)["edition"]
    body = {"edition": edition, "terms": {**FILED, **changes}}
    answer = town.admin.call("PUT", PATH, body).expect(200)
    return str(answer["edition"])
