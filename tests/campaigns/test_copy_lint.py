"""The words that no text may have: found however they are written, and not where something else is said."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.copy_lint import CATEGORIES, folded, matches
from chalicelib.campaigns.words import LEVELS, RANDOM, SIMPLIFIED, Category
from chalicelib.campaigns.words_of_sharing import FORCED_SHARE, REWARDED_SHARE

BETWEEN = (
    " \t·•-_—–～~*|/,，、:：“”\"'()（）【】《》…"
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u3000\u00a0\u0336\u20e3\u02d1\u3164\u1160"
)
"""What hides no letter: spaces, punctuation, what cannot be seen, strokes through a letter."""
ENDS = "。！？!?；;\n"

WRITTEN = [(category, word) for category in CATEGORIES for word in category.words]
TRADITIONAL = {new: chr(old) for old, new in SIMPLIFIED.items()}

FORCED = """
強制分享
不得不转发3个群才能参团
把链接发给3个好友就能参团
转给3位好友才能参加
Share with 3 friends to unlock
Share this page to join
Win a piano! Share this page to unlock now
分享到3个群才能开团
请分享给三位好友后方可参加
转发成功后解锁
点击分享即可解锁
必须转发本活动
需要先分享
先分享到朋友圈再下单
不分享不能参加
分享到微信群后才可查看
分享才能拼团
share with 3 groups to join
after sharing you can unlock it
you need to share this page
sharing is required
"""
REWARDED = """
好友點擊鏈接你得紅包
分享给好友得红包
转发到朋友圈即可获得优惠券一张
分享给3位好友立减5元
每分享一次得5积分
分享朋友圈截图领红包
分享越多优惠越多
集满30个赞免费送
好友点开链接你就得1元
好友打开即可帮你砍
朋友浏览得积分
10次浏览送红包
Share this campaign and receive 5 yuan
Get a coupon for sharing
rewards for sharing
share and get a gift
分享给好友就送小样
your friend just opens the card and you get points
"""
RANDOMLY = """
每次砍价金额由系统随机
砍掉的金额不固定
砍价凭运气
最高可砍50元
每刀减5–20元不等
砍价幅度因人而异
新用户帮砍更多
新用户多砍
a randomly sized cut
"""
DEEP = """
三级分佣
团队销售额提成
好友的好友下单你也得奖励
multi-tier commissions
"""
SAID = [
    (category, line)
    for category, lines in ((FORCED_SHARE, FORCED), (REWARDED_SHARE, REWARDED), (RANDOM, RANDOMLY), (LEVELS, DEEP))
    for line in lines.strip().splitlines()
]

LAWFUL = """
满100积分享立减10元
积分享免单
充分享有礼遇
支持按需分享切片
太极品牌
独特供应链
无需分享即可参团
不强制分享
如需分享，请点击右上角
不分享也不影响参团
分享无奖励，分享不会获得任何奖励
禁止以转发领券等方式诱导
欢迎分享给好友一起拼团
分享给好友，好友打开卡片并确认后砍 20 元
分享给 2 位好友，一起拼
开团后分享给好友，好友即可参团
分享给好友。解锁新口味
先付款再分享给好友
好友打开页面后须点击帮砍按钮确认
邀请 3 位好友帮砍，3 位好友确认后即可以底价购买
和家人分享美味，分享装薯片
收集赞助商信息
金额固定，不随机，不靠运气
库存可能减少
新用户双倍积分
不设二级返佣，不做多级分销
适合作团队奖励的礼盒
已下线的商品不再发货
20元购买
国家级非遗工艺，最佳赏味期 30 天，最高级别的防护
最好在饭前饮用，口感因人而异
亚洲第一届茶博会同款
还差1人未成团将全额退款
通过好友的分享链接即可参团，点击分享卡片即可参团
适合家庭分享、送礼皆宜
分享到微信群，邀请好友参团；好友付款后即成团
扫地机器人 三人团
Robot vacuum: robots cut the grass
Virtual membership card
You do not have to share. No sharing required. There are no rewards for sharing.
friends open the card and confirm, then 20 yuan are cut
cashmere scarf, share your style, a must-share snack, share and get together
never a random cut
"""


@st.composite
def hidden(draw: st.DrawFn, text: str) -> str:
    """The text as somebody writes it who does not want it to be found."""
    written = []
    for letter in text:
        forms = {letter, letter.upper(), TRADITIONAL.get(ord(letter), letter)}
        if "!" <= letter <= "~":
            forms |= {chr(ord(form) + 0xFEE0) for form in (letter, letter.upper())}
        written.append(draw(st.sampled_from(sorted(forms))) + draw(st.text(BETWEEN, max_size=2)))
    return "".join(written)


def found(text: str) -> set[Category]:
    return {match.category for match in matches(text, CATEGORIES)}


@given(st.data())
def test_no_writing_hides_a_word(data: st.DataObject) -> None:
    category, word = data.draw(st.sampled_from(WRITTEN))
    spelled = word.replace("百分百", data.draw(st.sampled_from(["百分百", "100%", "百分之百"])))
    between = "".join(letter + data.draw(st.text(ENDS, max_size=1)) for letter in spelled)
    for text in (data.draw(hidden(spelled)), between):
        assert category in found(f"茶，{text}，茶"), text


@given(st.data())
def test_no_writing_hides_a_sentence(data: st.DataObject) -> None:
    category, line = data.draw(st.sampled_from(SAID))
    assert category in found(data.draw(hidden(line)))


@given(st.text())
def test_what_is_folded_is_letters_and_folds_to_itself(text: str) -> None:
    once = folded(text)
    assert folded(once) == once or "百分" in folded(once)
    assert not any(unicodedata.category(letter)[0] in "PZCM" for letter in once)


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_match_stands_in_the_text_that_was_read(before: str, after: str) -> None:
    for match in matches(f"{before} 只差一步 {after}", CATEGORIES):
        assert folded(match.word)
        assert match.end - match.start == len(match.word)


@pytest.mark.parametrize(("category", "line"), SAID)
def test_a_sentence_is_of_its_kind(category: Category, line: str) -> None:
    assert found(line) == {category}


@pytest.mark.parametrize("line", LAWFUL.strip().splitlines())
def test_what_is_lawful_may_be_said(line: str) -> None:
    assert matches(line, CATEGORIES) == []


@pytest.mark.parametrize(
    "line",
    [
        *(
            "全網最低價",
            "系統自動成團",
            "拉人頭",
            "穩賺不賠",
            "保證中獎",
            "頂級好茶",
            "團隊計酬",
            "驚喜一刀",
            "國家級",
            "最強",
        ),
        *("心动不？惊喜一刀等你拿", "Cappuccino: lucky cut for everybody"),
    ],
)
def test_neither_traditional_writing_nor_a_denial_of_something_else_hides_it(line: str) -> None:
    assert list(matches(line, CATEGORIES))


def test_a_word_stands_as_it_is_written_and_once() -> None:
    said = matches("全网 最便宜！最便宜。最便宜", CATEGORIES)
    assert [match.word for match in said] == ["全网 最便宜", "最便宜", "最便宜"]


def test_words_stand_in_folded_writing() -> None:
    for category, word in WRITTEN:
        assert folded(word) == word, (category.name, word)


def test_no_word_can_be_allowed_that_the_platform_or_the_law_forbids_outright() -> None:
    assert {category.name for category in CATEGORIES if category.allowable} == {
        *("lure", "pressing", "certain", "superlative"),
    }


def test_long_texts_are_read_at_once() -> None:
    text = ("分享给好友，一起喝茶，" * 200)[:2000]
    began = time.process_time()
    matches(text, CATEGORIES)
    assert time.process_time() - began < 1
