"""The morning's comparison on the deployed stack: the worker asks WeChat with the rights that it has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.table import due_entry
from chalicelib.merchants.items import merchant_key
from infra.local.endpoint import Endpoint
from tests.e2e.conftest import Shop
from tests.e2e.waiting import wait_for


def test_a_day_is_compared_when_it_is_due(stack: Endpoint, shop: Shop, run: Any) -> None:
    # The day before yesterday: yesterday's bill is not there before ten in the morning.
    past = (datetime.now(UTC).astimezone(clock.BEIJING) - timedelta(days=2)).date().isoformat()
    key = merchant_key(MerchantId(shop.merchant.mid))
    pk, sk = due_entry(key.pk, datetime.now(UTC) - timedelta(seconds=1))
    stack.client("dynamodb").update_item(
        TableName=stack.table,
        Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}},
        UpdateExpression="SET bill_day = :d, gsi2pk = :p, gsi2sk = :s",
        ExpressionAttributeValues={":d": {"S": past}, ":p": {"S": pk}, ":s": {"S": sk}},
    )
    run("sweeper")

    def compared() -> Any:
        days = shop.admin.get("/v1/admin/bills")["days"]
        return next((day for day in days if day["day"] == past), None)

    day = wait_for(compared)
    assert (day["payments"], day["refunds"], day["differences"]) == (0, 0, 0)
