"""What a campaign's texts say: every text that people read, compared with the words that none may have.

A text is read folded, so that neither width, case, spaces, signs nor traditional characters hide a word.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec

from chalicelib.campaigns import words, words_of_rewards, words_of_sharing
from chalicelib.campaigns.gate import RULES_VERSION, Finding, check
from chalicelib.campaigns.offer import MOST_LEVELS, Offer
from chalicelib.campaigns.spelling import FILLERS
from chalicelib.campaigns.words import Category

CATEGORIES = (*words.CATEGORIES, *words_of_sharing.SHARING, *words_of_rewards.REWARDS)

NO_TEXT = frozenset({"sku_id", "sku_ids", "point_id", "external_sku_id", "image_url", "phone", "provinces", "posters"})
"""Fields of a document whose strings are no text: ids, addresses of pictures, numbers, names of provinces."""

WHOLE = re.compile("1%*0%*0%+|百%*分%*之%*(?:一%*)?百")
"""What is read as 百分百."""

SENTENCE_END = re.compile(r"[。！？!?；;\n\r]|(?<!\.)\.(?=\s|$)")
END = "\n"


class Match(NamedTuple):
    """A forbidden word in a text: as it stands there, and where."""

    category: Category
    word: str
    start: int
    end: int

    def within(self, other: Match) -> bool:
        """Whether it is a part of another match of its kind."""
        mine, theirs = (self.start, self.end), (other.start, other.end)
        return self.category is other.category and mine != theirs and theirs[0] <= mine[0] and mine[1] <= theirs[1]


class Reading:
    """A text as its letters are read: all in one row, or ended where a sentence ends."""

    def __init__(self, text: str, *, sentences: bool) -> None:
        self.text = text
        ends = [(mark.start(), END) for mark in SENTENCE_END.finditer(text)] if sentences else []
        self.letters = sorted([*_letters(text), *ends])
        self.read = "".join(letter for _, letter in self.letters)
        around = [(-2, END), *self.letters, (len(text) + 1, END)]
        self._inside = [_goes_on(one, other) for one, other in pairwise(around)]

    def matches(self, category: Category, pattern: re.Pattern[str]) -> Iterator[Match]:
        """Where the pattern stands as words of their own that are not denied."""
        at = 0
        while (match := pattern.search(self.read, at)) is not None:
            start, end = match.span()
            at = start + 1
            if self._inside[start] or self._inside[end] or self._is_denied(category, start):
                continue
            first, last = self.letters[start][0], self.letters[end - 1][0] + 1
            yield Match(category, self.text[first:last], first, last)

    def _is_denied(self, category: Category, start: int) -> bool:
        """Whether a denial stands right before, in the same sentence, and is no part of a longer word (``piano``)."""
        if start == 0 or self.read.endswith(words.UNDENIED, 0, start):
            return False
        if SENTENCE_END.search(self.text, self.letters[start - 1][0], self.letters[start][0]):
            return False
        before = [word for word in category.denied if self.read.endswith(word, 0, start)]
        return any(not self._inside[start - len(word)] for word in before)


def texts(offer: Offer) -> dict[str, str]:
    """Every text of a document that people read, by the pointer to its field."""
    return texts_of(offer)


def texts_of(document: msgspec.Struct) -> dict[str, str]:
    """The same of any document."""
    return dict(_texts("", document))


def _texts(pointer: str, value: Any) -> Iterator[tuple[str, str]]:
    if type(value) is str:
        yield pointer, value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            if name not in NO_TEXT:
                yield from _texts(f"{pointer}/{name}", getattr(value, name))
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from _texts(f"{pointer}/{n}", one)


def folded(text: str) -> str:
    """The letters and digits alone, as they are compared with the words."""
    return Reading(_plain(text), sentences=False).read


def _plain(text: str) -> str:
    """The text in one width and case, in simplified characters, with accents apart."""
    lower = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return lower.translate(words.SIMPLIFIED)


def _letters(text: str) -> list[tuple[int, str]]:
    """Letters and digits, each with its place; a whole in per cent as 百分百."""
    signs = [(at, sign) for at, sign in enumerate(text) if sign == "%" or _is_letter(sign)]
    row = "".join(sign for _, sign in signs)
    for whole in reversed([*WHOLE.finditer(row)]):
        start, end = whole.span()
        places = (signs[start][0], signs[start + 1][0], signs[end - 1][0])
        signs[start:end] = zip(places, "百分百", strict=True)
    return [(at, sign) for at, sign in signs if sign != "%"]


def _is_letter(sign: str) -> bool:
    return sign.isalnum() and sign not in FILLERS and unicodedata.category(sign) != "Lm"


def _goes_on(one: tuple[int, str], other: tuple[int, str]) -> bool:
    """Whether two letters belong to one Latin word: ``member`` is not in ``membership``."""
    return one[0] + 1 == other[0] and "a" <= one[1] <= "z" and "a" <= other[1] <= "z"


def matches(text: str, categories: Sequence[Category]) -> list[Match]:
    """The forbidden words in a text, from its beginning; none that is only a part of another."""
    plain = _plain(text)
    row, sentences = (Reading(plain, sentences=ended) for ended in (False, True))
    found = set[Match]()
    for category in categories:
        for word in category.words:
            if word in row.read:
                found |= set(row.matches(category, re.compile(re.escape(word))))
        for form in category.forms:
            found |= set(sentences.matches(category, _compiled(form)))
    whole = [match for match in found if not any(match.within(other) for other in found)]
    return sorted(whole, key=lambda match: (match.start, match.end))


@cache
def _compiled(form: str) -> re.Pattern[str]:
    return re.compile(form)


@cache
def rules() -> str:
    """Which checks and which words: the version, and the beginning of the words' SHA-256."""
    said = msgspec.json.encode([*CATEGORIES, sorted(words.SIMPLIFIED.items())])
    return f"{RULES_VERSION}.{hashlib.sha256(said).hexdigest()[:12]}"


def said(name: str, offer: Offer, *categories: Category) -> Iterator[Finding]:
    """A finding of the check ``name`` for every forbidden word in every text."""
    for pointer, text in texts(offer).items():
        read = [category for category in categories if not pointer.endswith(category.unread)]
        for category, word in dict.fromkeys((match.category, match.word) for match in matches(text, read)):
            zh, en = f"{category.zh}：{word}", f"{category.en} ({word})."
            yield Finding(name, pointer, zh, en, word, category.allowable)


@check("COPY_LINT", Offer)
def copy_lint(offer: Offer, now: datetime) -> Iterator[Finding]:
    """No text lures, presses, promises a sure win, or praises in superlatives (rules W4; advertising law)."""
    yield from said("COPY_LINT", offer, words.LURE, words.PRESSING, words.CERTAIN, words.SUPERLATIVE)


@check("NO_FAKE_MEMBERS", Offer)
def no_fake_members(offer: Offer, now: datetime) -> Iterator[Finding]:
    """Nothing promises people who do not exist; `honour_price` is the lawful way to always succeed (rules L9)."""
    yield from said("NO_FAKE_MEMBERS", offer, words.INVENTED)


@check("SHARE_NO_FORCED", Offer)
def share_no_forced(offer: Offer, now: datetime) -> Iterator[Finding]:
    """No text makes a share the condition of joining, seeing or unlocking (rules W1)."""
    yield from said("SHARE_NO_FORCED", offer, words_of_sharing.FORCED_SHARE)


@check("SHARE_DEEP_ACTION", Offer)
def share_deep_action(offer: Offer, now: datetime) -> Iterator[Finding]:
    """No text promises anything for sharing, or for a friend's merely opening (rules W2, W3)."""
    yield from said("SHARE_DEEP_ACTION", offer, words_of_sharing.REWARDED_SHARE)


@check("REWARD_DEPTH", Offer)
def reward_depth(offer: Offer, now: datetime) -> Iterator[Finding]:
    """Nobody gains from more than two levels, and no text promises gains by levels or by heads (rules L1)."""
    if offer.levels > MOST_LEVELS:
        zh, en = f"收益不得超过 {MOST_LEVELS} 级", f"Nobody may gain from more than {MOST_LEVELS} levels."
        yield Finding("REWARD_DEPTH", "/commission/levels", zh, en)
    yield from said("REWARD_DEPTH", offer, words.LEVELS)
