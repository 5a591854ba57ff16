"""What is sealed opens with its key and for what it was sealed, and in no other way."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import chance
from chalicelib.core.seal import Unsealable, open_, seal

KEYS = {"d1": "01" * 32, "d2": "02" * 32}


@given(st.binary(max_size=500), st.text(st.characters(codec="utf-8"), max_size=60), st.sampled_from(sorted(KEYS)))
def test_what_is_sealed_opens_again(plain: bytes, about: str, kid: str) -> None:
    assert open_(KEYS, seal(KEYS, kid, plain, about), about) == plain


def test_it_opens_for_nothing_else() -> None:
    with pytest.raises(Unsealable, match="seal"):
        open_(KEYS, seal(KEYS, "d1", b"plain", "M|O#1"), "M|O#2")


def test_an_old_key_opens_what_it_sealed_when_a_newer_one_seals() -> None:
    old = seal({"d1": KEYS["d1"]}, "d1", b"plain", "M|O#1")
    assert open_(KEYS, old, "M|O#1") == b"plain"
    assert seal(KEYS, "d2", b"plain", "M|O#1").startswith("d2.")


def test_the_same_text_is_sealed_differently_each_time_and_the_same_from_one_seed() -> None:
    with chance.seeded(7):
        first, second = (seal(KEYS, "d1", b"plain", "M|O#1") for _ in range(2))
    with chance.seeded(7):
        assert seal(KEYS, "d1", b"plain", "M|O#1") == first
    assert first != second


@pytest.mark.parametrize("kid", ["", "d3"])
def test_nothing_is_sealed_without_a_key(kid: str) -> None:
    with pytest.raises(Unsealable, match="key"):
        seal(KEYS, kid, b"plain", "M|O#1")


def test_a_key_that_is_gone_opens_nothing() -> None:
    with pytest.raises(Unsealable, match="key"):
        open_({"d2": KEYS["d2"]}, seal(KEYS, "d1", b"plain", "M|O#1"), "M|O#1")


@pytest.mark.parametrize("text", ["d1.", "d1.%%%", "d1." + base64.b64encode(bytes(12)).decode()])
def test_what_was_never_sealed_is_told_from_what_was(text: str) -> None:
    with pytest.raises(Unsealable, match="form"):
        open_(KEYS, text, "M|O#1")


@given(st.integers(min_value=0))
def test_a_changed_letter_opens_nothing(place: int) -> None:
    kid, text = seal(KEYS, "d1", b"plain", "M|O#1").split(".")
    raw = bytearray(base64.b64decode(text))
    raw[place % len(raw)] ^= 1
    with pytest.raises(Unsealable, match="seal"):
        open_(KEYS, f"{kid}.{base64.b64encode(raw).decode()}", "M|O#1")


def test_the_reason_tells_nothing_of_the_text() -> None:
    with pytest.raises(Unsealable) as refused:
        open_(KEYS, seal(KEYS, "d1", b"13812341234", "M|O#1"), "M|O#2")
    assert refused.value.reason == str(refused.value) == "seal"
