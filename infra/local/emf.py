"""Metrics for the embedded CloudWatch: AWS makes them of embedded-metric-format log lines by itself, it does not.

`make up` runs this as a small loop, so that alarms and the dashboard's metrics work there as they will on AWS.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from datetime import UTC, datetime
from typing import Any

from infra.local.endpoint import Endpoint, here
from infra.local.logs import Line, Tail

EVERY_SECONDS = 5.0
MOST_AT_ONCE = 500
"""Metrics in one call."""


def forwarding(endpoint: Endpoint, since: int = 0) -> Tail:
    """The lines that carry metrics since a Unix time in milliseconds, to be given to `forward` again and again."""
    return Tail(endpoint, pattern='"CloudWatchMetrics"', since=since)


def forward(tail: Tail) -> int:
    """Put the metrics of all new lines; returns how many."""
    by_namespace: dict[str, list[dict[str, Any]]] = {}
    for line in tail.new():
        for namespace, datum in data(line):
            by_namespace.setdefault(namespace, []).append(datum)
    cloudwatch = tail.endpoint.client("cloudwatch")
    for namespace, all_data in by_namespace.items():
        for start in range(0, len(all_data), MOST_AT_ONCE):
            cloudwatch.put_metric_data(Namespace=namespace, MetricData=all_data[start : start + MOST_AT_ONCE])
    return sum(map(len, by_namespace.values()))


def data(line: Line) -> list[tuple[str, dict[str, Any]]]:
    """The metrics of a line with their namespaces: one for each set of dimensions; none of a line that is no EMF."""
    try:
        content = json.loads(line.message)
        directives = content["_aws"]["CloudWatchMetrics"]
    except (ValueError, KeyError, TypeError):
        return []
    at = datetime.fromtimestamp(content["_aws"]["Timestamp"] / 1000, UTC)
    return [
        (
            directive["Namespace"],
            {
                "MetricName": metric["Name"],
                "Dimensions": [{"Name": name, "Value": str(content[name])} for name in names],
                "Timestamp": at,
                "Unit": metric.get("Unit", "None"),
                "Value": float(content[metric["Name"]]),
            },
        )
        for directive in directives
        for names in directive["Dimensions"]
        for metric in directive["Metrics"]
    ]


def main() -> None:
    """Forward until told to stop."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    tail = forwarding(here())
    while True:
        forward(tail)
        time.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    main()
