"""The line of text that a user sends instead of a card: it opens the page inside the mini-program, by his share.

With a Short Link WeChat opens the page itself; without one the friend pastes the line inside the mini-program, which
tells it to `entries`. Nothing in it leads anywhere else, whatever the share's title says (rules W10), and it promises
nothing for sharing (W1, W2).
"""

from __future__ import annotations

import re
from datetime import datetime

from chalicelib.core.decision import decided
from chalicelib.core.errors import INVALID_FIELD, Language, RippleError, localised
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.merchants.service import merchant
from chalicelib.sharing import links, objects, text_codes, words
from chalicelib.sharing.items import Sharing
from chalicelib.sharing.refusals import LINK_UNAVAILABLE
from chalicelib.sharing.unlinked import leads_out, unlinked
from chalicelib.sharing.views import ShareText

MOST_LETTERS = 200
"""Of a text: it is read in a chat."""

NAME_LETTERS = 20
"""Of the mini-program's name in a text."""

SHORT_LINK = re.compile(r"#小程序://(.{1,90})")
"""How WeChat writes a Short Link: name, title and ticket."""

NO_CODE = ("不像一个兑换码，请核对后重新填写", "this is not written like a code: check its letters")


def text(mid: MerchantId, uid: UserId, share: str, code: str | None, language: Language) -> ShareText:
    """The line of one's own share, with a code where one is passed on. Raises `SHARE_UNKNOWN`.

    Whether the code is genuine is not asked. Without a link from WeChat the share's mark stands for it.
    """
    passed_on = None if code is None else text_codes.read(code)
    if code is not None and passed_on is None:
        raise RippleError(INVALID_FIELD, "/code", reason=NO_CODE)

    def attempt() -> ShareText:
        row, _ = links.own(mid, uid, share)
        made = _link(mid, row)
        said = [localised(words.CODE, language) + passed_on] if passed_on else []
        said.append(localised(words.TAP, language) + made[0] if made else _paste(mid, row, language))
        left = MOST_LETTERS - sum(len(part) + 1 for part in said)
        whole = " ".join(part for part in (unlinked(row.title[:left]), *said) if part)
        ends = [end for end in (made[1] if made else None, row.ends_at) if end]
        return ShareText(text=whole, how="link" if made else "mark", until=min(ends, default=None))

    return decided(attempt)


def _link(mid: MerchantId, row: Sharing) -> tuple[str, datetime] | None:
    """The share's Short Link; None where WeChat makes none, or it is not one that may go from chat to chat."""
    try:
        link, until = links.made(mid, row)
    except RippleError as none:
        if none.problem is not LINK_UNAVAILABLE:
            raise
        return None
    written = SHORT_LINK.fullmatch(link)
    lawful = written is not None and not any(leads_out(part) for part in written[1].split("/"))
    return (link, until) if lawful else None


def _paste(mid: MerchantId, row: Sharing, language: Language) -> str:
    name = unlinked(merchant(mid).name[:NAME_LETTERS])
    said = localised(words.PASTE_IN, language).format(name=name) if name else localised(words.PASTE, language)
    return f"{said}{objects.mark(row.share_id)}"
