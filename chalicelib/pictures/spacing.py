"""How letters stand beside one another, and where a line may break between them: as Chinese is set (GB/T 15834).

Lengths are ems, so that they hold at every size.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from chalicelib.pictures import typeface
from chalicelib.pictures.letters import JOINED_DASH, Letter

OPENING = frozenset("（〔［｛《〈【「『〖“‘")
"""Their left half is blank."""
CLOSING = frozenset("，。、；：？！）〕］｝》〉】」』〗”’")
"""Their right half is blank."""
HALF = 0.5

NEVER_FIRST = CLOSING | {JOINED_DASH} | frozenset("…—–-－～〜~·・‧/／%％‰℃°′″)]},.!?:;\"'々ー")
"""No line begins with them (禁则)."""
NEVER_LAST = OPENING | frozenset("￥¥$€£#＃@/／([{\"'")
"""No line ends with them."""

GAP = 0.25
"""Between a Chinese letter and a Latin one or a number, whether or not somebody typed a space (盘古之白)."""
BEFORE_GAP = frozenset("%°+")
"""What has it as a number has, before a Chinese letter."""
AFTER_GAP = frozenset("¥$€£")
"""The same behind one."""

EMOJI = 1.1
"""An emoji's room; the picture takes one of it."""

UNITS = (
    "(?:[多余几]?[百千万亿]+)?[多余几]?(?:人民币|立方米|平方米|小时|分钟|公斤|千克|毫克|公里|千米|厘米|毫米|平米|英寸|毫升|个月|元|块|角|分"
    "|折|斤|两|克|吨|升|米|寸|天|日|号|月|年|周|岁|届|期|时|秒|点|次|人|位|名|个|件|份|张|枚|瓶|盒|箱|袋|包|杯|碗|桶|罐|只|支|条|双|套"
    "|台|辆|本|册|片|粒|颗|朵|束|款|种|样|层|楼|室|店|家|团|倍|度|成|级|步|%|％|‰|℃|°|[百千万亿])"
)
LATIN_UNITS = "(?:mg|kg|g|ml|mL|L|l|mm|cm|dm|m|km|KB|MB|GB|TB|W|kW|V|mAh|Hz|h|min|s|RMB|CNY|x|X|%)(?![A-Za-z])"
HELD = re.compile(rf"(?<=\d) ?{UNITS}|(?<=\d) {LATIN_UNITS}|(?<=第) ?\d|(?<=[￥¥$€£]) ?\d|(?<=\d[～~–—至])\d")
"""What stays with the letter before it: a number's unit, a price's number, the end of a span."""


class Row(NamedTuple):
    """A text's letters in one endless line."""

    letters: tuple[Letter, ...]
    left: list[float]
    """Where each begins."""
    right: list[float]
    lead: list[float]
    """What is blank on its left, and left out where it begins a line."""
    trail: list[float]
    """What is blank on its right, and left out where it ends one."""
    breaks: list[bool]
    """Whether a line may begin with it."""

    def width(self, start: int, stop: int) -> float:
        """Of the line that holds those letters; none is blank at its ends."""
        return self.right[stop - 1] - self.trail[stop - 1] - self.left[start] - self.lead[start]


@lru_cache(maxsize=256)
def row(letters: tuple[Letter, ...], *, bold: bool) -> Row:
    """The letters beside one another, each pair at its distance."""
    left, right, pen = list[float](), list[float](), 0.0
    for index, letter in enumerate(letters):
        before, after = (letters[index - 1] if index else None), letters[index + 1 : index + 2]
        if letter.text == " " and before and after:
            wide = _blank(before, after[0], bold=bold)
        else:
            pen += _between(before, letter) if before else 0.0
            wide = _advance(letter, bold=bold)
        left.append(pen)
        pen += wide
        right.append(pen)
    lead = [HALF * (letter.shape in OPENING) for letter in letters]
    trail = [HALF * (letter.shape in CLOSING) for letter in letters]
    return Row(letters, left, right, lead, trail, _breaks(letters))


def is_mark(letter: Letter) -> bool:
    """Whether it is punctuation or blank, nothing to be read alone."""
    return letter.is_space or (not letter.is_emoji and letter.shape[0] in NEVER_FIRST | NEVER_LAST)


def may_part(before: Letter, after: Letter) -> bool:
    """Whether neither minds standing at a line's end and the next one's beginning."""
    ends, begins = before.shape[:1], after.shape[:1]
    return ends not in NEVER_LAST and begins not in NEVER_FIRST


def _advance(letter: Letter, *, bold: bool) -> float:
    if letter.is_emoji:
        return EMOJI
    return sum(typeface.advance(c, bold=bold) for c in letter.shape if unicodedata.category(c)[0] != "M")


def _between(before: Letter, after: Letter) -> float:
    """What is added between two letters, or taken where two marks meet."""
    one, other = before.shape, after.shape
    if (one in CLOSING and (other in CLOSING or other in OPENING)) or (one in OPENING and other in OPENING):
        return -HALF
    return GAP if _is_gap(before, after) else 0.0


def _blank(before: Letter, after: Letter, *, bold: bool) -> float:
    """The width of a space: none beside the blank half of a mark, and never more than the gap that stands anyway."""
    if before.shape in CLOSING or after.shape in OPENING:
        return 0.0
    return GAP if _is_gap(before, after) else typeface.advance(" ", bold=bold)


def _is_gap(before: Letter, after: Letter) -> bool:
    if before.is_emoji or after.is_emoji:
        return False
    one, other = before.shape[-1], after.shape[0]
    return (_is_han(one) and (_is_word(other) or other in AFTER_GAP)) or (
        _is_han(other) and (_is_word(one) or one in BEFORE_GAP)
    )


@lru_cache(maxsize=8192)
def _is_han(letter: str) -> bool:
    """Chinese letters, and kana."""
    return unicodedata.east_asian_width(letter) == "W" and (letter == "〇" or unicodedata.category(letter)[0] == "L")


@lru_cache(maxsize=2048)
def _is_word(letter: str) -> bool:
    """Latin, Greek and Cyrillic letters and numbers."""
    narrow = unicodedata.east_asian_width(letter) not in "WF"
    return narrow and (unicodedata.category(letter)[0] == "L" or unicodedata.category(letter) == "Nd")


def _in_word(letter: Letter) -> bool:
    """Whether it holds fast to others of its kind: words, numbers, addresses, and full-width ones of them."""
    if letter.is_emoji or letter.is_space:
        return False
    first = letter.shape[0]
    return first.isascii() or _is_word(first) or ("０" <= first <= "ｚ" and first.isalnum()) or first in "¥€£²³¹½¼¾°"


def _breaks(letters: tuple[Letter, ...]) -> list[bool]:
    breaks = [False] * len(letters)
    for index in range(1, len(letters)):
        before, letter = letters[index - 1], letters[index]
        if letter.is_space or before.text == "\n":
            continue
        if before.is_space:
            breaks[index] = before.text in " \u3000" and may_part(letters[index - 2], letter)
        else:
            breaks[index] = may_part(before, letter) and not (_in_word(before) and _in_word(letter))
    for held in HELD.finditer("".join(letter.shape[:1] or "☺" for letter in letters)):
        for index in range(held.start(), held.end()):
            breaks[index] = False
    return breaks
