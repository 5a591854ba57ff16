"""The minute that EventBridge brings: the sweeper runs, so that what is due is done now and not within a minute."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from chalicelib.core import clock
from chalicelib.core.table import Key, due_entry
from infra.local.endpoint import Endpoint

EVENT = json.dumps(
    {
        "version": "0",
        "id": "a-minute",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": "2026-11-11T12:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail": {},
    }
)
"""What EventBridge sends every minute."""


def run(endpoint: Endpoint, name: str = "sweeper") -> None:
    """Run the function whose name contains ``name`` as at a full minute."""
    functions = endpoint.client("lambda")
    known = [function["FunctionName"] for function in functions.list_functions()["Functions"]]
    answer = functions.invoke(FunctionName=next(n for n in known if name in n.lower()), Payload=EVENT)
    if "FunctionError" in answer:
        raise AssertionError(answer["Payload"].read())


def past(endpoint: Endpoint, key: Key, field: str) -> None:
    """What is to come at ``field`` of ``key``, an instant, is there now."""
    endpoint.client("dynamodb").update_item(
        TableName=endpoint.table,
        Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}},
        ConditionExpression="attribute_exists(pk)",
        UpdateExpression="SET #field = :now",
        ExpressionAttributeNames={"#field": field},
        ExpressionAttributeValues={":now": {"S": clock.iso(datetime.now(UTC))}},
    )


def sooner(endpoint: Endpoint, key: Key, *fields: str) -> None:
    """What would be due later at ``key`` is due now, and its ``fields`` say so, which are instants.

    Raises ClientError where nothing is to be due there.
    """
    now = datetime.now(UTC)
    pk, sk = due_entry(key.pk, now)
    moved = ["gsi2pk = :pk", "gsi2sk = :sk", *(f"{field} = :now" for field in fields)]
    values = {":pk": pk, ":sk": sk, **({":now": clock.iso(now)} if fields else {})}
    endpoint.client("dynamodb").update_item(
        TableName=endpoint.table,
        Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}},
        ConditionExpression="attribute_exists(gsi2pk)",
        UpdateExpression=f"SET {', '.join(moved)}",
        ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
    )
