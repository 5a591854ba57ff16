"""What the page about message push says is so."""

from __future__ import annotations

import io
import re
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.notices.moments import Moment
from chalicelib.push.events import EVENTS
from chalicelib.wechat.xml import DEEPEST, LARGEST, MOST
from infra.local.endpoint import ROOT
from infra.local.wechat_sim.push import Letter
from tests.documents import rows
from tests.notices import shop
from tests.push import mall
from tests.town import Town, send

PAGE = (ROOT / "docs/push.md").read_text()
(EXAMPLE,) = re.findall(r"<!-- example: forward -->\n```python\n(.*?)```", PAGE, re.DOTALL)


def test_every_event_that_means_something_is_told_and_no_other() -> None:
    assert rows(PAGE) == set(EVENTS)


def test_limits_are_told() -> None:
    assert f"deeper than {DEEPEST} elements or with more than {MOST:,}, is refused" in PAGE
    assert f"any body over {LARGEST // 1024} KB" in PAGE


@pytest.mark.parametrize("form", ["json", "xml"])
def test_the_example_hands_on_what_wechat_pushes(town: Town, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.says(town, Moment.PAID)
    mall.listens(town, form)
    sent: list[tuple[str, bytes]] = []

    def opened(request: urllib.request.Request, timeout: float) -> io.BytesIO:
        body = request.data
        assert isinstance(body, bytes)
        split = urlsplit(request.full_url)
        sent.append((split.query, body))
        media = {"Content-Type": "application/x-www-form-urlencoded"}
        reply = send(request.get_method(), f"{split.path}?{split.query}", media, body)
        assert (reply.status, timeout) == (200, 4)
        return io.BytesIO(str(reply.body).encode())

    monkeypatch.setattr(urllib.request, "urlopen", opened)
    names: dict[str, Any] = {}
    exec(EXAMPLE.replace("<merchant_id>", town.merchant.mid), names)
    forward: Callable[[str, bytes], bytes] = names["forward"]
    ann = town.person("ann")
    mall.chooses(town, ann, paid="accept")
    (letter,) = mall.letters(town)
    assert as_mall(forward, letter) == as_mall(forward, letter) == b"success"
    assert sent == [(urlsplit(letter.url).query, letter.body)] * 2
    found = shop.consent(town, ann)
    assert found is not None and found.left == 1


def as_mall(forward: Callable[[str, bytes], bytes], letter: Letter) -> bytes:
    """What the mall answers WeChat."""
    return forward(urlsplit(letter.url).query, letter.body)
