"""Log lines become metrics, and metrics wake somebody: from a worker that gives up to an alarm that rings."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from infra.local.emf import data, forward, forwarding
from infra.local.endpoint import Endpoint
from infra.local.logs import Line

PATIENCE_SECONDS = 40


def test_a_line_gives_one_metric_for_each_name_and_set_of_dimensions() -> None:
    line = {
        "_aws": {
            "Timestamp": 1_795_000_000_000,
            "CloudWatchMetrics": [
                {
                    "Namespace": "Ripple",
                    "Dimensions": [["Stage"], ["Stage", "Route"]],
                    "Metrics": [{"Name": "A", "Unit": "Count"}, {"Name": "B"}],
                }
            ],
        },
        "Stage": "test",
        "Route": "GET /",
        "A": 2,
        "B": 0.5,
    }
    metrics = data(Line("api", 0, json.dumps(line)))
    assert {namespace for namespace, _ in metrics} == {"Ripple"}
    assert [(datum["MetricName"], len(datum["Dimensions"]), datum["Value"]) for _, datum in metrics] == [
        ("A", 1, 2.0),
        ("B", 1, 0.5),
        ("A", 2, 2.0),
        ("B", 2, 0.5),
    ]
    assert metrics[0][1]["Timestamp"] == datetime.fromtimestamp(1_795_000_000, UTC)


def test_other_lines_give_none() -> None:
    for message in ("START RequestId: 1", "[]", '{"event": "request"}', '{"_aws": 1}'):
        assert data(Line("api", 0, message)) == []


def test_an_entry_that_nobody_can_handle_rings_the_alarm(stack: Endpoint) -> None:
    """Sweeper, queue, worker, dead entry, log line, metric, alarm: the whole way on the deployed stack."""
    # From now on: an alarm looks at its last minute, and the lines of a whole run take longer than that to read.
    tail = forwarding(stack, since=int(time.time() * 1000))
    cloudwatch = stack.client("cloudwatch")
    quiet = {"MetricName": "DeadEntries", "Value": 0, "Dimensions": [{"Name": "Stage", "Value": stack.stage}]}
    cloudwatch.put_metric_data(Namespace="Ripple", MetricData=[quiet])
    assert alarm_state(stack) == "OK"
    key = {"pk": {"S": "nobody|?#1"}, "sk": {"S": "?"}}
    table = stack.client("dynamodb")
    due = {"gsi2pk": {"S": "DUE#00"}, "gsi2sk": {"S": "2020-01-01T00:00:00.000Z#nobody|?#1"}}
    table.put_item(TableName=stack.table, Item=key | due)
    try:
        minute = {
            "id": "1",
            "source": "aws.events",
            "detail-type": "Scheduled Event",
            "account": "000000000000",
            "time": "2026-11-22T00:00:00Z",
            "region": stack.region,
            "resources": [],
            "detail": {},
            "version": "0",
        }
        sweep(stack, minute)
        eventually(
            lambda: table.get_item(TableName=stack.table, Key=key)["Item"],
            lambda item: item["gsi2pk"]["S"] == "DEAD#",
        )
        sweep(stack, minute)
        eventually(lambda: (forward(tail), alarm_state(stack))[1], lambda state: state == "ALARM")
    finally:
        table.delete_item(TableName=stack.table, Key=key)


def sweep(stack: Endpoint, minute: dict[str, Any]) -> None:
    swept = stack.client("lambda").invoke(
        FunctionName=f"ripple-{stack.stage}-sweeper", Payload=json.dumps(minute).encode()
    )
    assert "FunctionError" not in swept, swept["Payload"].read()


def alarm_state(stack: Endpoint) -> str:
    [alarm] = stack.client("cloudwatch").describe_alarms(AlarmNames=[f"ripple-{stack.stage}-dead-entries"])[
        "MetricAlarms"
    ]
    state: str = alarm["StateValue"]
    return state


def eventually(look: Callable[[], Any], wanted: Callable[[Any], bool]) -> Any:
    """What `look` sees once it is as wanted; AssertionError with the last sight after a while."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not wanted(seen := look()):
        assert time.monotonic() < until, seen
        time.sleep(0.2)
    return seen
