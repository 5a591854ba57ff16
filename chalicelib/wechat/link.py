"""Short Links: a line of text that opens a page of the mini-program when it is pasted into a chat.

WeChat makes a million a day for a mini-program; a temporary one lives 30 days. Asking twice makes two, which harms
nobody: each opens the page.
"""

from __future__ import annotations

from datetime import timedelta

from chalicelib.wechat.account import AppAccount
from chalicelib.wechat.http import Unknown, call_api
from chalicelib.wechat.token import with_token

LINK_SECONDS = 3.0
LINK_LIFE = timedelta(days=30)
TITLE_LETTERS = 20
"""What WeChat shows of a title; it cuts the rest."""


def short_link(app: AppAccount, *, page_url: str, title: str) -> str:
    """A temporary Short Link to a page with its query.

    Raises `Unknown`, `Quota` (the day's million, or too fast), and `WechatError`: 40066 (no such page is released).
    """

    def call(token: str) -> str:
        body = {"page_url": page_url, "page_title": title[:TITLE_LETTERS], "is_permanent": False}
        answer = call_api("POST", "/wxa/genwxashortlink", {"access_token": token}, body, timeout=LINK_SECONDS)
        link = answer.get("link")
        if not isinstance(link, str) or not link:
            raise Unknown("answer without a link")
        return link

    return with_token(app, call)
