"""The client's language is found as RFC 9110 has it, and Chinese is the default."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.edge.language import preferred


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("zh-CN", "zh"),
        ("en", "en"),
        ("EN-us", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("en;q=0.5, zh;q=0.6", "zh"),
        ("zh;q=0.1, en ; q=0.2", "en"),
        ("en;q=0.8,zh;q=0.8", "en"),
        ("zh;q=0.8,en;q=0.8", "zh"),
        ("fr", "zh"),
        ("fr, en;q=0.1", "en"),
        ("*", "zh"),
        ("*, en;q=0.5", "zh"),
        ("zh;q=0", "zh"),
        ("zh;q=0, *", "en"),
        ("en;q=0", "zh"),
        ("en;q=0, *", "zh"),
        ("zh;q=0, en;q=0", "zh"),
        ("zh;q=0, en;q=0.001", "en"),
        ("en;q=2", "zh"),
        ("en;q=x, zh", "zh"),
        ("english", "zh"),
        ("zh-Hant-TW", "zh"),
        ("zh-TW;q=0.3, zh;q=0.9, en;q=0.5", "zh"),
        (",,en,,", "en"),
    ],
)
def test_the_better_liked_language_is_answered(header: str, language: str) -> None:
    assert preferred(header) == language


@given(st.text(max_size=2000))
def test_any_header_gives_a_language(header: str) -> None:
    assert preferred(header) in ("zh", "en")
