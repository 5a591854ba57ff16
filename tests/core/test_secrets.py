"""The master key is read once in five minutes, outlives an outage, and each purpose has a key of its own."""

from __future__ import annotations

import time

import pytest
from botocore.exceptions import EndpointConnectionError
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import secrets
from chalicelib.core.errors import BUSY, RippleError
from tests.emulator import MASTER, Call, Emulator


class Watch:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = time.monotonic()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    made = Watch()
    monkeypatch.setattr("chalicelib.core.secrets.time.monotonic", made)
    return made


def unreachable(call: Call) -> Exception:
    return EndpointConnectionError(endpoint_url="https://secretsmanager")


def test_the_master_key_is_read_once_in_five_minutes(emulator: Emulator, watch: Watch) -> None:
    with emulator.counting() as calls:
        assert {secrets.master_key() for _ in range(5)} == {MASTER.encode()}
        watch.now += secrets.KEEP_SECONDS - 1
        secrets.master_key()
    assert [(call.service, call.operation) for call in calls] == [("secrets-manager", "GetSecretValue")]
    watch.now += 2
    with emulator.counting() as calls:
        secrets.master_key()
    assert len(calls) == 1


def test_what_was_read_serves_through_an_outage(emulator: Emulator, watch: Watch) -> None:
    secrets.master_key()
    watch.now += secrets.KEEP_SECONDS + 1
    emulator.before = unreachable
    assert secrets.master_key() == MASTER.encode()


def test_who_never_read_it_is_busy(emulator: Emulator) -> None:
    emulator.before = unreachable
    with pytest.raises(RippleError) as refused:
        secrets.master_key()
    assert refused.value.problem is BUSY
    emulator.before = None
    assert secrets.master_key() == MASTER.encode()


@given(st.binary(min_size=1, max_size=100), st.text(st.characters(codec="utf-8"), max_size=60))
def test_keys_are_derived_as_rfc_5869_says(master: bytes, purpose: str) -> None:
    ours = secrets._derived(secrets._root(master), purpose)
    assert ours == HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(master)


def test_the_rfcs_own_case_without_salt() -> None:
    expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
    assert secrets._derived(secrets._root(b"\x0b" * 22), "").hex() == expected


def test_each_purpose_has_its_own_key(emulator: Emulator) -> None:
    purposes = ["codes|mac|M|1|00001", "codes|mac|M|1|00010", "codes|find|M"]
    assert len({secrets.derived_key(purpose) for purpose in purposes}) == 3
