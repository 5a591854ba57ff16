"""A text as letters: what a reader takes for one sign, and how each is drawn.

A letter that the font has not is drawn as one like it (𝓐 as A), else as a box: so are Arabic, Hebrew, Thai and Korean.
What is not to be seen, such as signs of direction, is dropped, and so is a mark that stands upon nothing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from chalicelib.pictures import typeface

BOX = "□"
DASH = "——"
JOINED_DASH = "⸺"
"""A Chinese dash is one stroke; two of the font's would leave a gap."""

WIDE_SPACE = "\u3000"
FIXED_SPACES = frozenset("\u00a0\u202f\u2007")
"""No line breaks at them."""
BLANK = frozenset("\t\u2800")

APOSTROPHE = re.compile("(?<=[A-Za-z])’(?=[A-Za-z])")
"""In a Latin word it takes its own room; the font's fills a Chinese letter's square."""

JOINER = "\u200d"
AS_TEXT = "\ufe0e"
SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Which of a letter's forms is meant; the font has one."""
UNSEEN = frozenset({"Cc", "Cf", "Cs"})
"""Categories of what is no letter: controls, signs of direction, halves of code points."""
INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Letters by their category that show nothing; nicknames are made of them."""

_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_ONE = f"{_PICTURE}[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?[\U000e0020-\U000e007f]*"
SEQUENCE = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_ONE}(?:{JOINER}{_ONE})*"  # flags, keys, all others
)
"""What may be one emoji."""

END_OF_LINE = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")


class Letter(NamedTuple):
    """One sign."""

    text: str
    """As it is written."""
    shape: str
    """What is drawn of the font; empty for emoji."""

    @property
    def is_emoji(self) -> bool:
        """Whether a picture is drawn."""
        return not self.shape

    @property
    def is_lacking(self) -> bool:
        """Whether a box is drawn, since there is neither a letter nor an emoji."""
        return self.shape == BOX and not self.text.startswith(BOX)

    @property
    def is_space(self) -> bool:
        """Whether it is blank; the text is one of " ", a wide or a fixed space, or the end of a line."""
        return self.text.isspace()


@lru_cache(maxsize=256)
def letters(text: str) -> tuple[Letter, ...]:
    """The text's letters. Blanks are single and stand between others; an end of line is one too."""
    found: list[Letter] = []
    for letter in _split(unicodedata.normalize("NFC", END_OF_LINE.sub("\n", text))):
        if letter.is_space and found and found[-1].is_space:
            found[-1] = _wider(found[-1], letter)
        elif found or not letter.is_space:
            found.append(letter)
    if found and found[-1].is_space:
        found.pop()
    return tuple(found)


def drawable(text: str) -> str:
    """The text without letters for which a box would be drawn; empty where nothing of it is to be seen."""
    return "".join(letter.text for letter in letters(text) if not letter.is_lacking).strip()


def _wider(one: Letter, other: Letter) -> Letter:
    """What two blanks in a row come to: the end of a line before a wide space before a plain one."""
    return next((space for text in ("\n", WIDE_SPACE, " ") for space in (one, other) if space.text == text), one)


def _split(text: str) -> list[Letter]:
    found, at = list[Letter](), 0
    while at < len(text):
        if sequence := SEQUENCE.match(text, at):
            found += _of_sequence(sequence.group())
            at = sequence.end()
        elif text.startswith(DASH, at):
            found.append(Letter(DASH, JOINED_DASH))
            at += len(DASH)
        elif APOSTROPHE.match(text, at):
            found.append(Letter(text[at], "'"))
            at += 1
        else:
            end = at + 1
            while end < len(text) and unicodedata.category(text[end])[0] == "M":
                end += 1
            found += _plain(text[at:end])
            at = end
    return found


def _of_sequence(cluster: str) -> list[Letter]:
    """One emoji; or, where there is none of all its parts, the longest that there are, one after another."""
    if _shown_as_emoji(cluster):
        return [Letter(cluster, "")]
    if len(SELECTORS.sub("", cluster)) == 1:
        return _plain(cluster)
    for end in range(len(cluster) - 1, 0, -1):
        if typeface.is_emoji(cluster[:end]):
            return [Letter(cluster[:end], ""), *_of_parts(cluster[end:])]
    return _plain(cluster[0]) + _of_parts(cluster[1:])


def _of_parts(rest: str) -> list[Letter]:
    rest = rest.lstrip(f"{JOINER}\ufe0e\ufe0f")
    return _of_sequence(rest) if rest else []


def _shown_as_emoji(cluster: str) -> bool:
    """Signs that are older than emoji are letters of the font unless they ask to be emoji, or it has them not."""
    base = cluster[0]
    if not typeface.is_emoji(cluster.replace(AS_TEXT, "")):
        return False
    if len(SELECTORS.sub("", cluster)) > 1 or not typeface.has(base):
        return True
    always = unicodedata.east_asian_width(base) == "W" and not "\u3000" <= base < "\u3300"
    return AS_TEXT not in cluster and (always or typeface.AS_EMOJI in cluster)


def _plain(cluster: str) -> list[Letter]:
    base = cluster[0]
    category = unicodedata.category(base)
    if base == WIDE_SPACE:
        return [Letter(base, base)]
    if base == "\n" or base in FIXED_SPACES:
        return [Letter(base, " ")]
    if category == "Zs" or base in BLANK:
        return [Letter(" ", " ")]
    if category in UNSEEN or category[0] == "M" or base in INVISIBLE:
        return []
    return [Letter(cluster, shape(cluster))]


@lru_cache(maxsize=4096)
def shape(cluster: str) -> str:
    """What of the font is drawn for a letter with the marks upon it."""
    cluster = SELECTORS.sub("", cluster)
    for form in ("NFC", "NFD", "NFKC"):
        tried = unicodedata.normalize(form, cluster)
        if all(map(typeface.has, tried)):
            return tried
    return shape(cluster[0]) if len(cluster) > 1 else BOX
