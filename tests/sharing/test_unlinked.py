"""Nothing that leads out of the mini-program is left of a title, and what leads nowhere stays."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.sharing.unlinked import leads_out, unlinked

LINK = re.compile(r"://|https?:|weixin:|wxaurl|www\.|#小程序:", re.IGNORECASE)

OUT = {
    "看https://a.cn/x一起拼": "看 一起拼",
    "HTTP://A.CN 秋茶": "秋茶",
    "ｈｔｔｐｓ：／／ａ．ｃｎ秋茶": "秋茶",
    "ht\u200btps://x.y 秋茶": "秋茶",
    "http:\\\\x 秋茶": "秋茶",
    "秋茶weixin://dl/business/?t=x": "秋茶",
    "weixin:dl 秋茶": "秋茶",
    "秋茶 wxaurl.cn/abc": "秋茶",
    "alipays://x秋茶": "秋茶",
    "www.tea.example秋茶": "秋茶",
    "去 t.cn/Ab 看": "去 看",
    "tea.com\u200b秋茶": "秋茶",
    "秋茶tea.com": "秋茶",
    "a.bc/d 秋茶": "秋茶",
    "#小程序://茶铺/标题/ABC 秋茶": "秋茶",
    "＃小程序：／／茶铺/标题/ABC 秋茶": "秋茶",
    "s=ABCDEFGHJKMNPQRS秋茶": "秋茶",
    "￥CZ0001abcd￥秋茶": "秋茶",
    "$CZ0001abcd$秋茶": "秋茶",
    "https://a.cn": "",
}

KEPT = [
    "一起拼2026年秋茶礼盒",
    "Dr.Martens 新款",
    "D.I.Y手工",
    "龙井 9.9元/斤",
    "茶,4.5/5分",
    "Tea No.1",
    "原价￥99，现价￥66",
    "买A/B两款：50%",
    "s=1",
    "#小程序上新#",
    "👨\u200d🌾 café".replace("\u200d", ""),
]


@pytest.mark.parametrize(("title", "left"), OUT.items(), ids=map(str, range(len(OUT))))
def test_what_leads_out_is_taken_out_whole(title: str, left: str) -> None:
    assert leads_out(title)
    assert unlinked(title) == left


@pytest.mark.parametrize("title", KEPT, ids=map(str, range(len(KEPT))))
def test_what_leads_nowhere_stays(title: str) -> None:
    assert not leads_out(title)
    assert unlinked(title) == title


SEEN = "https http : / // weixin wxaurl . cn com www # 小程序 ： ／ ． ſ ￥ s= ABCDEFGHJKMNPQRS 茶 a 1 $ ⒈ ℀ İ"
UNSEEN = "\u200b \u0301 \ufe0f \x01"
PARTS = st.sampled_from([*SEEN.split(), *UNSEEN.split(), "\x1c", "\n", " ", "\u3000"])


@given(title=st.lists(PARTS | st.characters(), max_size=40).map("".join))
def test_nothing_that_leads_out_is_ever_left(title: str) -> None:
    left = unlinked(title)
    assert not leads_out(left)
    assert not LINK.search(left)
    assert not LINK.search(unicodedata.normalize("NFKC", left))
    assert unlinked(left) == left
