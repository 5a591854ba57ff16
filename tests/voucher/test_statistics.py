"""Codes look like chance, and a forger does no better than chance.

10^6 codes and 4 × 10^5 forgeries everyday; 10^7 forgeries, four minutes of a core, in `make proof`; 10^5 for a mutant.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice, pairwise
from typing import NamedTuple, cast

import pytest

from chalicelib.core import secrets
from chalicelib.core.ids import MerchantId
from chalicelib.voucher import codes
from chalicelib.voucher.codes import SERIALS, Size, many
from chalicelib.voucher.letters import ALPHABET, check_letter
from chalicelib.voucher.permutation import Permutation
from tests.conftest import EMULATOR
from tests.proof.counts import EFFORT, add

MID, VERSION, BID = MerchantId("M0000000000000000000000001"), 3, "00042"

CODES = {"brief": 10**5, "test": 2 * 10**5, "long": 10**6}[EFFORT.name]
SOME = 10**5
TRIES = {"brief": 10**5, "test": 10**5, "long": 10**7}[EFFORT.name]
KNOWN = 1000
"""Real codes that a forger has seen."""
CHUNK = 5000
BY_LUCK = 1e-9
"""What happens less often by luck did not happen by luck."""


@pytest.fixture(scope="module", autouse=True)
def _master() -> None:
    EMULATOR.fresh()
    secrets.forget_secrets()


@pytest.fixture(scope="module")
def some(_master: None) -> list[str]:
    return list(many(MID, VERSION, Size.COUPON, BID, range(SOME)))


def test_no_two_codes_are_equal() -> None:
    assert len(set(many(MID, VERSION, Size.COUPON, BID, range(CODES)))) == CODES
    add("codes that differ", CODES)


def insist_chance(what: str, hits: int, tries: int, chance: float) -> None:
    """That so many hits are no further from what is expected than six standard deviations, which is BY_LUCK."""
    assert abs(hits - tries * chance) < 6 * math.sqrt(tries * chance * (1 - chance)), what


def test_every_letter_is_as_frequent_as_any_other_in_every_place(some: list[str]) -> None:
    for place in range(1, 14):
        for letter, found in Counter(code[place] for code in some).items():
            insist_chance(f"{letter} in place {place}", found, SOME, 1 / 29)


def test_codes_of_neighbouring_serials_share_no_more_letters_than_chance(some: list[str]) -> None:
    for apart in (1, 2, 1000):
        for place in range(1, 14):
            column = [code[place] for code in some]
            same = sum(a == b for a, b in zip(column, column[apart:], strict=False))
            insist_chance(f"place {place}, {apart} apart", same, SOME - apart, 1 / 29)


def test_codes_tell_nothing_of_the_order_in_which_they_were_minted(some: list[str]) -> None:
    """Half of the neighbours stand in order; the number of those varies by a twelfth of all."""
    rising = sum(a < b for a, b in pairwise(some))
    assert abs(rising - SOME / 2) < 6 * math.sqrt(SOME / 12)


class Forger(NamedTuple):
    """Somebody without the keys, with whatever luck ``drawn`` gives him, who knows real codes of a batch."""

    drawn: random.Random
    size: Size
    known: Sequence[str]
    """Their letters between the first and the last: the version is no secret, and the check letter anybody can make."""


def at_random(forger: Forger) -> Iterator[str]:
    """Letters drawn at random."""
    for _ in count():
        yield "".join(forger.drawn.choices(ALPHABET, k=forger.size - 2))


def some_letters_changed(forger: Forger) -> Iterator[str]:
    """Real codes but for one to three letters."""
    for _ in count():
        letters = list(forger.drawn.choice(forger.known))
        for place in forger.drawn.choices(range(len(letters)), k=forger.drawn.randint(1, 3)):
            letters[place] = forger.drawn.choice(ALPHABET)
        yield "".join(letters)


def crossed(forger: Forger) -> Iterator[str]:
    """The beginning of a real code and the end of another."""
    for _ in count():
        one, other = forger.drawn.sample(forger.known, 2)
        place = forger.drawn.randrange(1, len(one))
        yield one[:place] + other[place:]


def by_the_algorithm(forger: Forger) -> Iterator[str]:
    """Serials of the batch with any MAC, under keys of his own, new ones for every thousand."""
    for _ in count():
        yield from _written(forger, Permutation(forger.drawn.randbytes(32), radix=29, length=forger.size - 2))


def with_one_key_of_two(forger: Forger) -> Iterator[str]:
    """The same under the true permutation, which he cannot have: even then the MAC is to be guessed."""
    for _ in count():
        yield from _written(forger, codes._permutation(MID, VERSION, forger.size))


def _written(forger: Forger, permutation: Permutation) -> list[str]:
    modulus, drawn = codes.modulus(forger.size), forger.drawn
    places = [int(BID) * SERIALS + drawn.randrange(SERIALS) for _ in range(1000)]
    images = permutation.forward([place * modulus + drawn.randrange(modulus) for place in places])
    return [codes._written(image, 20)[2 - forger.size :] for image in images]


FORGERS: tuple[Callable[[Forger], Iterator[str]], ...] = (
    at_random,
    some_letters_changed,
    crossed,
    by_the_algorithm,
    with_one_key_of_two,
)


def most_by_luck(tries: int, chance: float) -> int:
    """The most hits (Poisson) that are not rarer than BY_LUCK."""
    expected = tries * chance
    return next(k for k in count() if _at_least(k + 1, expected) < BY_LUCK)


def _at_least(hits: int, expected: float) -> float:
    return sum(math.exp(k * math.log(expected) - expected - math.lgamma(k + 1)) for k in range(hits, hits + 60))


def insist_vain(size: Size, tries: int, chance: float, forgers: Sequence[Callable[[Forger], Iterator[str]]]) -> None:
    """That the forgers, each with his part of the tries, hit no more often than with ``chance`` each."""
    most, hits, tried = most_by_luck(tries, chance), 0, 0
    known = [code[1:-1] for code in many(MID, VERSION, size, BID, range(0, SERIALS, SERIALS // KNOWN))][:KNOWN]
    seen = frozenset(known)
    forging = [forge(Forger(random.Random(n), size, known)) for n, forge in enumerate(forgers)]
    while tried < tries:
        for forged in forging:
            new = [body for body in islice(forged, CHUNK) if body not in seen]
            hits += sum(named is not None for named in codes._named(MID, VERSION, size, new))
            tried += len(new)
            assert hits <= most, f"{hits} hits in {tried} tries"
    add("forged codes", tried)


@pytest.mark.parametrize(("size", "part"), [(Size.COUPON, 1), (Size.VALUE, 10)])
def test_a_forger_hits_no_more_often_than_the_mac_lets_him(size: Size, part: int) -> None:
    insist_vain(size, TRIES // part, 1 / codes.modulus(size), FORGERS)


@pytest.mark.parametrize("forge", FORGERS)
@pytest.mark.parametrize("size", Size)
def test_what_is_forged_is_refused_as_a_whole(size: Size, forge: Callable[[Forger], Iterator[str]]) -> None:
    known = [code[1:-1] for code in many(MID, VERSION, size, BID, range(100))]
    for body in islice(forge(Forger(random.Random(1), size, known)), 200):
        letters = ALPHABET[VERSION] + body
        assert body in known or codes.read(MID, letters + check_letter(letters)) is None


def test_a_build_whose_mac_is_cut_to_eight_bits_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = 1 / codes.modulus(Size.COUPON)
    monkeypatch.setattr(codes, "modulus", lambda size: 2**8)
    with pytest.raises(AssertionError, match="hits in"):
        insist_vain(Size.COUPON, TRIES, chance, FORGERS)


@pytest.mark.parametrize("forge", FORGERS)
def test_a_build_whose_codes_leave_the_mac_eight_bits_is_noticed_by_every_forger(
    forge: Callable[[Forger], Iterator[str]],
) -> None:
    """Eleven letters: batch, serial and 7.7 bits. Here guessing letters is enough."""
    chance = 1 / codes.modulus(Size.COUPON)
    with pytest.raises(AssertionError, match="hits in"):
        insist_vain(cast("Size", 11), TRIES, chance, [forge])
