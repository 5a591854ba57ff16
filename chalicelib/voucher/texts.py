"""Text codes among other words: which letters of a text are one, found by their form and their check letter alone.

Nothing is looked up, so nobody learns here whether a code is genuine. A check letter is right by chance once in 29
times; what else must hold keeps phone numbers, dates, prices, links and words from being taken for codes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from chalicelib.sharing.text_codes import TextCode
from chalicelib.sharing.words import CODE
from chalicelib.voucher.letters import form, grouped, is_code, is_right, normal

PAGE = "pages/codes/index"
"""Where codes are typed."""

NAMED = re.compile(rf"(?:{'|'.join(re.escape(said.rstrip(':： ')) for said in CODE)})[\s:]*", re.IGNORECASE)
"""What stands before a code that the text calls one, as share texts do."""

DASHES = "\u2010-\u2015\u2212"
RUN = re.compile(rf"[!-9;-~{DASHES}]+")
"""What stands together in Latin letters and signs; a colon ends it."""

AROUND = re.compile(rf"^[!\"'(),.;<>?\[\]{{}}\-{DASHES}]+|[!\"'(),.;<>?\[\]{{}}\-{DASHES}]+$")
"""What may stand about a code without being of it."""


def read(text: str) -> str | None:
    """What somebody typed as a code, grouped; None where it is written like none."""
    letters = normal(text)
    return grouped(letters) if is_code(letters) and is_right(letters) else None


def find(text: str) -> str | None:
    """The code in a text, grouped; None where there is none.

    The last that the text calls one; else the whole text, where it is nothing else; else the first that stands apart.
    Beside the check letter such a one needs a letter, and a digit unless it is written in capitals and in groups as
    codes are shown; hyphens stand where a code has them, or not at all.
    """
    plain = unicodedata.normalize("NFKC", text)
    called = (form.match(plain, name.end()) for name in NAMED.finditer(plain))
    named = [code for match in called if match and (code := read(match[0]))]
    if named:
        return named[-1]
    return next((code for written in _apart(plain) if (code := read(written))), None)


def _apart(text: str) -> Iterator[str]:
    """What may be a code by the way it is written."""
    whole = text.strip()
    if _is_mixed(whole):
        yield whole
    for run in RUN.findall(text):
        written = AROUND.sub("", run)
        if form.fullmatch(written) and (_is_mixed(written) or (written.isupper() and not written.isalpha())):
            yield written


def _is_mixed(written: str) -> bool:
    """Whether it has letters and digits: numbers are no codes, nor are words."""
    return any("0" <= sign <= "9" for sign in written) and any(sign.isalpha() for sign in written)


TEXT_CODE = TextCode(page=PAGE, read=read, find=find)
"""What sharing knows of codes."""
