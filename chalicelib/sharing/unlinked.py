"""What of somebody's words may go from chat to chat: no link, no line that another app reads, no mark (rules W10).

A text is read folded, so that neither width, case nor signs that nobody sees hide a link. What is taken out is taken
out whole, as far as its Latin letters and signs go.
"""

from __future__ import annotations

import re
import unicodedata

DOMAINS = (
    "com|cn|net|org|cc|top|xyz|vip|shop|store|site|link|info|biz|club|fun|online|ink|wang|tech|group|live|pro|ren|url|app"
    "|mobi|asia|me|io|co|tv|im|ltd|hk|tw|ly|to|gl|gd|us|uk|jp|la|tk"
)
"""The ends of addresses that chats make links of; a full stop alone is in many names (Dr.Martens)."""

OUT = re.compile(
    r"#小程序:\S*"
    rf"|[!-~]*(?:://|https?:|weixin:|wxaurl|www\.|[0-9a-z]\.(?:{DOMAINS})(?![0-9a-z])|[0-9a-z]\.[a-z]+/)[!-~]*"
    r"|s=[0-9a-z]{16}"
    r"|[¥$€£₤₳₴₵₰]\s*[0-9a-z]{6,}\s*[¥$€£₤₳₴₵₰]"
)
"""Short Links, links and addresses, a share's mark, and a line that another app reads from the clipboard."""


def unlinked(text: str) -> str:
    """The text without what leads out of it; empty where nothing else is left."""
    shown = _shown(text)
    places, read = _folded(shown)
    signs = list(shown)
    for out in OUT.finditer(read):
        first, last = places[out.start()], places[out.end() - 1]
        signs[first : last + 1] = [" "] * (last + 1 - first)
    return " ".join("".join(signs).split())


def leads_out(text: str) -> bool:
    """Whether there is anything in it that `unlinked` takes out."""
    return OUT.search(_folded(_shown(text))[1]) is not None


def _shown(text: str) -> str:
    """The text in one line, without signs that nobody sees."""
    return "".join(sign for sign in " ".join(text.split()) if unicodedata.category(sign) not in ("Cf", "Cc"))


def _folded(shown: str) -> tuple[list[int], str]:
    """The text in one width and case, and where each of its letters stands."""
    letters = [(at, part) for at, sign in enumerate(shown) for part in unicodedata.normalize("NFKC", sign).lower()]
    return [at for at, _ in letters], "".join(part for _, part in letters)
