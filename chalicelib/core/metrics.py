"""Metrics as CloudWatch embedded-metric-format lines on stdout: no call, no dependency, no cost when idle."""

from __future__ import annotations

import sys
from typing import Any

import msgspec

from chalicelib.core import clock
from chalicelib.core.config import config

NAMESPACE = "Ripple"


def count(name: str, n: float = 1, **properties: Any) -> None:
    """Add ``n`` to metric ``name`` of this stage; ``properties`` are searchable, not dimensions."""
    emit({name: n}, unit="Count", **properties)


def emit(values: dict[str, float], *, unit: str = "Count", **properties: Any) -> None:
    """Several metrics of one unit in one line."""
    line = {
        "_aws": {
            "Timestamp": int(clock.now().timestamp() * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": NAMESPACE,
                    "Dimensions": [["Stage"]],
                    "Metrics": [{"Name": name, "Unit": unit} for name in values],
                }
            ],
        },
        "Stage": config().stage,
        **values,
        **properties,
    }
    sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
