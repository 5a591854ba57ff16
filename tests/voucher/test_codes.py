"""A code names its batch and serial to whoever has the keys; anything else names nothing, and nobody is asked."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.core import secrets
from chalicelib.core.ids import MerchantId, is_id
from chalicelib.voucher import codes
from chalicelib.voucher.codes import (
    BATCHES,
    SERIALS,
    Named,
    Size,
    code_of,
    finder,
    many,
    most_stored,
    read,
    stored,
)
from chalicelib.voucher.letters import ALPHABET, check_letter, is_right
from infra.local.endpoint import ROOT
from tests.conftest import EMULATOR

MID, OTHER = MerchantId("M0000000000000000000000001"), MerchantId("M0000000000000000000000002")

VERSIONS = st.integers(0, 28)
BIDS = st.integers(0, BATCHES - 1).map("{:05}".format)
SERIAL = st.integers(0, SERIALS - 1)
SIZES = st.sampled_from(Size)


@pytest.fixture(scope="module", autouse=True)
def _master() -> None:
    EMULATOR.fresh()
    secrets.forget_secrets()


@given(VERSIONS, SIZES, BIDS, SERIAL)
def test_a_code_names_what_it_was_made_of(version: int, size: Size, bid: str, serial: int) -> None:
    code = code_of(MID, version, size, bid, serial)
    assert len(code) == size
    assert code[0] == ALPHABET[version]
    assert is_right(code)
    assert read(MID, code) == Named(bid, serial, version, size)


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize(("bid", "serial", "version"), [("00000", 0, 0), ("65535", SERIALS - 1, 28)])
def test_the_first_and_the_last_that_there_can_be(size: Size, bid: str, serial: int, version: int) -> None:
    assert read(MID, code_of(MID, version, size, bid, serial)) == Named(bid, serial, version, size)


@given(VERSIONS, SIZES, BIDS, st.integers(0, SERIALS - 30), st.integers(0, 30), st.integers(1, 3))
def test_many_are_the_same_as_one_by_one(version: int, size: Size, bid: str, first: int, count: int, step: int) -> None:
    serials = range(first, first + count, step)
    assert list(many(MID, version, size, bid, serials)) == [code_of(MID, version, size, bid, s) for s in serials]


def test_chunks_leave_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(many(MID, 3, Size.COUPON, "00042", range(100)))
    monkeypatch.setattr(codes, "CHUNK", 7)
    assert list(many(MID, 3, Size.COUPON, "00042", range(100))) == whole


@pytest.mark.parametrize(
    ("version", "bid", "serial"),
    [
        (-1, "00000", 0),
        (29, "00000", 0),
        (0, "65536", 0),
        (0, "-0001", 0),
        (0, "42", 0),
        (0, "", 0),
        (0, "00000", SERIALS),
    ],
)
def test_what_no_code_can_name_is_never_minted(version: int, bid: str, serial: int) -> None:
    with pytest.raises(ValueError, match="no code names|invalid literal"):
        code_of(MID, version, Size.COUPON, bid, serial)


@settings(derandomize=True)
@given(SIZES, BIDS, SERIAL, st.data())
def test_no_other_merchant_and_no_other_version_reads_it(
    size: Size, bid: str, serial: int, data: st.DataObject
) -> None:
    code = code_of(MID, 3, size, bid, serial)
    assert read(OTHER, code) is None
    other = ALPHABET[data.draw(VERSIONS.filter(lambda version: version != 3))] + code[1:-1]
    assert read(MID, other + check_letter(other)) is None


@settings(derandomize=True)
@given(st.one_of(st.text(), *(st.text(ALPHABET, min_size=n, max_size=n) for n in (8, 13, 14, 15, 16))))
def test_whatever_is_asked_names_nothing(text: str) -> None:
    body = text[:-1]
    assert read(MID, text) is None
    if set(body) <= set(ALPHABET) and len(text) in (14, 16):
        assert read(MID, body + check_letter(body)) is None


@given(SIZES, BIDS, SERIAL, st.integers(1, 10**6))
def test_another_mac_is_a_forgery(size: Size, bid: str, serial: int, off: int) -> None:
    """Also to whoever has the permutation's key."""
    code = code_of(MID, 3, size, bid, serial)
    number = _number(size, code)
    mac = number % codes.modulus(size)
    forged = _code(size, number - mac + (mac + off) % codes.modulus(size))
    assert (read(MID, forged) is None) is (off % codes.modulus(size) != 0)


@given(SIZES, st.integers(0))
def test_no_code_names_a_batch_that_cannot_be(size: Size, at: int) -> None:
    """The letters have room for a little more than there are batches: a right MAC makes no batch of it."""
    modulus = codes.modulus(size)
    beyond = BATCHES * SERIALS
    serial = at % ((29 ** (size - 2) - beyond * modulus) // modulus)
    key = codes._mac_key(MID, 3, str(BATCHES + serial // SERIALS))
    number = (beyond + serial) * modulus + codes._mac(key, size, serial % SERIALS)
    assert number < 29 ** (size - 2)
    assert read(MID, _code(size, number)) is None


def _number(size: Size, code: str) -> int:
    [number] = codes._permutation(MID, 3, size).back([int(code[1:-1].translate(codes._DIGITS), 29)])
    return number


def _code(size: Size, number: int) -> str:
    [image] = codes._permutation(MID, 3, size).forward([number])
    letters = ALPHABET[3] + codes._written(image, size - 2)
    return letters + check_letter(letters)


def test_macs_of_the_two_sizes_and_of_each_batch_have_nothing_in_common() -> None:
    key = codes._mac_key(MID, 3, "00042")
    macs = [codes._mac(key, size, serial) % 2**20 for size in Size for serial in range(1000)]
    macs += [codes._mac(codes._mac_key(MID, 3, "00043"), 14, serial) % 2**20 for serial in range(1000)]
    assert len(set(macs)) > 2980


def test_the_macs_have_the_bits_that_are_told() -> None:
    assert 2**22.2 < codes.modulus(Size.COUPON) < 2**22.3
    assert 2**32.0 < codes.modulus(Size.VALUE) < 2**32.02


def test_reading_asks_nobody() -> None:
    code, forged = code_of(MID, 3, Size.COUPON, "00042", 7), "3" + "0" * 12
    with EMULATOR.counting() as calls:
        assert read(MID, code) and not read(MID, forged + check_letter(forged))
    assert calls == []


def test_stored_codes_are_codes_and_another_try_is_another() -> None:
    for letters in (8, 9, 10):
        found = {stored(MID, "00042", serial, n, letters) for serial in range(500) for n in range(2)}
        assert all(len(code) == letters and is_right(code) for code in found)
        assert len(found) == 1000
    assert stored(MID, "00042", 7, 0, 9) != stored(OTHER, "00042", 7, 0, 9) != stored(MID, "00043", 7, 0, 9)
    assert stored(MID, "00042", 7, 0, 9) == stored(MID, "00042", 7, 0, 9)


def test_a_finder_is_an_id_that_tells_nothing() -> None:
    code = stored(MID, "00042", 7, 0, 8)
    assert is_id(finder(MID, code)) and len(finder(MID, code)) == 26
    assert finder(MID, code) == finder(MID, code) != finder(OTHER, code)
    assert len({finder(MID, stored(MID, "00042", serial, 0, 8)) for serial in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("letters", "value", "most"),
    [(8, False, 1028), (9, False, 10_000), (10, False, 10_000), (8, True, 4), (9, True, 116), (10, True, 3377)],
)
def test_a_batch_of_stored_codes_is_so_small_that_guessing_is_vain(letters: int, value: bool, most: int) -> None:
    assert most_stored(letters, value) == most
    assert most * 2 ** (32 if value else 24) <= 29 ** (letters - 1)


PRINTED = {
    "COUPON": "3D65GKPJRM3WAQ",
    "VALUE": "3T518K18732GNRM9",
    "stored": "YT4HYYJ6X",
    "finder": "WZ1TZ05FSMJCFMPPT9H04H9Q8M",
}


def test_the_codes_are_what_they_were() -> None:
    """Printed codes outlive every release: what they are made of never changes."""
    assert {
        "COUPON": code_of(MID, 3, Size.COUPON, "00042", 7),
        "VALUE": code_of(MID, 3, Size.VALUE, "00042", 7),
        "stored": stored(MID, "00042", 7, 0, 9),
        "finder": finder(MID, "012345678"),
    } == PRINTED


def test_cryptography_is_imported_when_the_first_code_is_read() -> None:
    program = "import sys, chalicelib.voucher.codes; sys.exit('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
