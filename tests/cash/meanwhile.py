"""Letting something happen in the middle of a call to WeChat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from chalicelib.wechat.http import Response
from chalicelib.wechat.transfer import BILLS
from tests.town import Town

OFFERS = f"POST {BILLS}"


@contextmanager
def meanwhile(town: Town, path: str, act: Callable[[], object], *, after: bool = False) -> Iterator[list[str]]:
    """Let something happen once, before or after a call of WeChat's whose text has ``path`` in it; all its calls."""
    calls = list[str]()

    def gate(asked: str, send: Callable[[], Response]) -> Response:
        calls.append(asked)
        first = path in asked and sum(path in call for call in calls) == 1
        if first and not after:
            act()
        answer = send()
        if first and after:
            act()
        return answer

    town.transport.gate = gate
    yield calls
    town.transport.gate = None
