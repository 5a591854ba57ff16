"""``make logs``: what the functions of the running stack say, from the embedded CloudWatch Logs, as it comes."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from infra.local.endpoint import Endpoint, NotRunning, here

FUNCTIONS = ("api", "sweeper", "worker", "outbox")
OVERLAP_MS = 60_000
"""How far back every look goes again: a line may appear after younger ones of another environment."""

LIFECYCLE = ("START RequestId:", "END RequestId:", "REPORT RequestId:")
"""The platform's own lines around every call."""


class Line(NamedTuple):
    """One line that a function wrote."""

    function: str
    at: int
    """Unix time in milliseconds."""
    message: str


@dataclass
class Tail:
    """What the functions have said since the last look."""

    endpoint: Endpoint
    pattern: str = ""
    since: int = 0
    _seen: Counter[tuple[str, int, str, str]] = field(default_factory=Counter)

    def new(self) -> list[Line]:
        """The lines that were not there before, in order."""
        logs = self.endpoint.client("logs")
        start = max(0, self.since - OVERLAP_MS)
        lines, now = [], Counter[tuple[str, int, str, str]]()
        for function in FUNCTIONS:
            answer = logs.filter_log_events(
                logGroupName=f"/ripple/{self.endpoint.stage}/{function}", startTime=start, filterPattern=self.pattern
            )
            for event in answer["events"]:
                mark = (function, event["timestamp"], event["logStreamName"], event["message"])
                now[mark] += 1
                if now[mark] > self._seen[mark]:
                    lines.append(Line(function, event["timestamp"], event["message"]))
        self._seen = now
        self.since = max([self.since, *(line.at for line in lines)])
        return sorted(lines, key=lambda line: line.at)


def main() -> None:
    """Print new lines every second until interrupted."""
    try:
        tail = Tail(here())
    except NotRunning as nothing:
        sys.exit(str(nothing))
    try:
        while True:
            for line in tail.new():
                if not line.message.startswith(LIFECYCLE):
                    print(f"{line.function:8}{line.message.rstrip()}", flush=True)
            time.sleep(1)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
