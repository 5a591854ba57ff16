"""Asking for pictures: whoever waits is told to ask again, and never that the server failed."""

from __future__ import annotations

import msgspec
import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.core.errors import RippleError, Unknown
from chalicelib.pictures import asking
from chalicelib.pictures.errands import DrawnQr, DrawQr
from chalicelib.pictures.problems import PICTURES_BUSY
from tests import emulator
from tests.emulator import Call
from tests.pictures import remembered
from tests.town import Town

ERRAND = DrawQr(text="K7M2Q-9XW0T-3H6T", form="png")
DRAWN = DrawnQr(content=b"\x89PNG", media="image/png", modules=21, margin=4, level="M")


@pytest.fixture(autouse=True)
def _forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "_done", {})


def answering(monkeypatch: pytest.MonkeyPatch, said: object) -> None:
    monkeypatch.setitem(emulator.FUNCTIONS, "ripple-test-pictures", lambda _: msgspec.to_builtins(said))


def test_what_was_drawn_is_answered(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, DRAWN)
    assert asking.asked(ERRAND, DrawnQr) == DRAWN


def test_a_function_that_is_not_reached_is_busy(town: Town) -> None:
    def unreachable(call: Call) -> Exception | None:
        return EndpointConnectionError(endpoint_url="https://lambda") if call.service == "lambda" else None

    town.emulator.before = unreachable
    with pytest.raises(RippleError) as refused:
        asking.asked(ERRAND, DrawnQr)
    assert refused.value.problem is PICTURES_BUSY
    assert refused.value.facts["retry_after"] == asking.RETRY_SECONDS


@pytest.mark.parametrize("said", [{"is": "nothing"}, "?", None])
def test_an_answer_that_says_nothing_is_busy(town: Town, monkeypatch: pytest.MonkeyPatch, said: object) -> None:
    answering(monkeypatch, said)
    with pytest.raises(RippleError) as refused:
        asking.asked(ERRAND, DrawnQr)
    assert refused.value.problem is PICTURES_BUSY


def test_a_function_that_fails_is_busy(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: object) -> dict[str, object]:
        raise MemoryError

    monkeypatch.setitem(emulator.FUNCTIONS, "ripple-test-pictures", failing)
    with pytest.raises(Unknown):
        asking.ask(ERRAND, DrawnQr)
    with pytest.raises(RippleError) as refused:
        asking.asked(ERRAND, DrawnQr)
    assert refused.value.problem is PICTURES_BUSY
