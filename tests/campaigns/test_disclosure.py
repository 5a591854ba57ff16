"""Whether a text tells how many friends it takes and who is new, in the words that merchants use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts.newcomer import Definition, NewUser
from chalicelib.campaigns.disclosure import CHINESE, ENGLISH, names_helpers, names_limit, names_new


@pytest.mark.parametrize(
    ("text", "helpers"),
    [
        ("邀请3位好友帮砍", 3),
        ("邀请 ３ 名 好友 助力", 3),
        ("三人帮砍到底价", 3),
        ("两位好友", 2),
        ("二十位不同的好友", 20),
        ("十二名新用户助力", 12),
        ("It takes 3 different friends", 3),
        ("Ask three new friends", 3),
        ("20 helpers", 20),
        ("兩個朋友確認", 2),
    ],
)
def test_the_number_is_told(text: str, helpers: int) -> None:
    assert names_helpers(text, helpers)


@pytest.mark.parametrize(
    ("text", "helpers"),
    [
        ("邀请好友帮砍", 3),
        ("邀请13位好友", 3),
        ("邀请 3.5 位好友", 5),
        ("十三位好友", 3),
        ("三十位好友", 3),
        ("二十位好友", 2),
        ("第3位好友砍 5 元", 3),
        ("限 3 人自提", 3),
        ("前3名用户", 3),
        ("限购 3 件", 3),
        ("3 天内邀请好友", 3),
        ("thirteen friends", 3),
        ("twenty-three friends", 3),
    ],
)
def test_another_number_or_none_is_not_the_number(text: str, helpers: int) -> None:
    assert not names_helpers(text, helpers)


@given(st.integers(1, 20), st.integers(1, 20), st.sampled_from(["{}位好友帮砍", "邀请 {} 个朋友", "需{}人助力"]))
def test_a_number_is_told_and_no_other(told: int, asked: int, text: str) -> None:
    assert names_helpers(text.format(told), asked) == (told == asked)


@given(st.integers(1, 20), st.integers(1, 20))
def test_numbers_may_be_written_out(told: int, asked: int) -> None:
    ten, one = divmod(told, 10)
    chinese = ("二" if ten == 2 else "") + ("十" if ten else "") + (CHINESE[one] if one else "")
    assert names_helpers(f"邀请{chinese}位好友", asked) == (told == asked)
    assert names_helpers(f"ask {ENGLISH[told]} friends", asked) == (told == asked)


@pytest.mark.parametrize(
    ("definition", "told", "untold"),
    [
        (Definition.NEVER_ORDERED, "未在本店下单的用户", "从未访问的用户"),
        (Definition.NEVER_ORDERED, "没有购买过的用户", "新用户专享"),
        (Definition.NEVER_ORDERED, "Users with no order yet", "New users only"),
        (Definition.NEVER_SEEN, "活动开始后首次访问的用户", "从未下单的用户"),
        (Definition.NEVER_SEEN, "Whoever never visited before", "Whoever never ordered"),
        (Definition.DORMANT, "180 天内未下单的用户", "18 天内未下单的用户"),
        (Definition.DORMANT, "no order for 180 days", "no order for 1180 days"),
        (Definition.DORMANT, "超过 180 日未购买", "从未下单的用户"),
        (Definition.DORMANT, "近一百八十天内未下单", "人人可参加，奖励 180 天内有效"),
        (Definition.DORMANT, "180 个自然日内未下单", "130 天内未下单"),
        (Definition.NEVER_ORDERED, "首次在本店下单的用户", "所有用户，不限首单"),
        (Definition.NEVER_ORDERED, "who have never placed an order", "whoever likes"),
        (Definition.NEVER_ORDERED, "没有任何历史订单的用户", "所有用户"),
    ],
)
def test_who_is_new_is_told_by_the_definition(definition: Definition, told: str, untold: str) -> None:
    rule = NewUser(definition=definition)
    assert names_new(told, rule)
    assert not names_new(untold, rule)


@pytest.mark.parametrize("text", ["從未在本店下單的用戶", "沒有購買過的用戶", "首單用戶"])
def test_who_is_new_is_read_in_traditional_writing(text: str) -> None:
    assert names_new(text, NewUser())


def test_days_and_limits_are_read_in_traditional_writing() -> None:
    assert names_new("180 天內沒有下單的用戶", NewUser(definition=Definition.DORMANT))
    assert names_new("首次訪問本店的用戶", NewUser(definition=Definition.NEVER_SEEN))
    assert all(names_limit(text) for text in ("先到先得，贈完即止", "領完為止", "預算有限", "總量有限", "名額有限"))
