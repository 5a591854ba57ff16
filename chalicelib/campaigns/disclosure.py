"""Whether a rule sheet's text tells a fact of the document, so that who reads it knows it."""

from __future__ import annotations

import re
import unicodedata

from chalicelib.accounts.newcomer import Definition, NewUser
from chalicelib.campaigns import words

CHINESE = "零一二三四五六七八九十"
ENGLISH = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)

NEVER_ORDERED = (
    "(?:未曾?|没有?|无|不曾)(?:任何)?(?:在(?:本店|店内|店铺|本小程序|本商城))?(?:成功|历史)?(?:下过单|下单|购买|买过|消费|成交|订单|购物)"
    "|(?<!不限)首单|首次(?:在(?:本店|店内|店铺|本小程序|本商城))?(?:下单|购买|消费)|never (?:yet )?(?:ordered|bought)"
    "|never (?:placed an order|made a purchase)|(?:no|without any) orders?|not (?:yet )?(?:ordered|bought)"
    "|first(?:-time)? (?:order|purchase|buyer)"
)
NEVER_SEEN = (
    "首次(?:访问|进入|注册|登录|使用|打开|来)|第一次(?:访问|进入|注册|登录|使用|打开|来)|新注册|(?:开始|上线)后(?:才)?注册"
    "|(?:未|没有?)(?:访问|来|登录|注册|使用|进入)过?|never (?:visited|seen|logged in|registered|been here)"
    "|first (?:visit|login|time here)|(?:registered|first seen) (?:since|after)"
)
WHAT_HELPS = "(?:好友|朋友|亲友|网友|帮手|人|用户|friends?|helpers?|people|persons?|users?)"
MEASURE = r"(?:位|名|个)?\s*(?:不同的?|different)?\s*(?:新|new)?\s*"


def names_helpers(text: str, helpers: int) -> bool:
    """Whether a text says that it takes ``helpers`` people: "3 位好友", "三人", "three friends"."""
    numbers = f"{helpers}|{_chinese(helpers)}|{ENGLISH[helpers]}" + ("|两" if helpers == 2 else "")
    own = rf"(?<![第前限同\d.{CHINESE}百千a-z-])(?<![第前限]\s)(?:{numbers})"
    return re.search(rf"{own}\s*{MEASURE}{WHAT_HELPS}", _plain(text)) is not None


def names_new(text: str, rule: NewUser) -> bool:
    """Whether a text says who counts as new by ``rule``: who never came, who never ordered, or not for so many days."""
    plain = _plain(text)
    if rule.definition is Definition.DORMANT:
        days = rf"(?<!\d)(?:{rule.dormant_days}|{_chinese(rule.dormant_days)})\s*(?:个?(?:自然)?[天日]|days?)"
        away = "(?:未|没|无|not |never |no )"
        return re.search(rf"{days}.{{0,12}}{away}|{away}.{{0,40}}{days}", plain) is not None
    return re.search(NEVER_SEEN if rule.definition is Definition.NEVER_SEEN else NEVER_ORDERED, plain) is not None


LIMITED = (
    "先到先得|(?:送|赠|发|领|抢|兑|派|用|售)完(?:即|为|就|则)?(?:止|结束|截止|停)|(?:发|领|送|赠)放?完毕即止|额满(?:即|为)止"
    "|(?:数量|名额|预算|总量|份数|库存|总额)(?:均|都|为)?有限|(?:数量|名额|预算|总量|份数|总额)(?:用|发|领|送)[完尽罄]"
    r"|限量|while (?:\w+ ){0,4}lasts?\b|first[ -]come|limited (?:number|quantity|budget|supply|amount)"
    r"|until (?:\w+ ){0,4}(?:is |are |has been |have been )?(?:used up|spent|gone|given out|all given|exhausted)"
)
"""How a rule sheet says that what it gives may end before it does."""


def names_limit(text: str) -> bool:
    """Whether a text says that there is only so much: "先到先得", "送完即止", "while the budget lasts"."""
    return re.search(LIMITED, _plain(text)) is not None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(words.SIMPLIFIED)


def _chinese(number: int) -> str:
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        return CHINESE[hundreds] + "百" + ("" if rest == 0 else ("零" if rest < 10 else "") + _chinese(rest))
    tens, ones = divmod(number, 10)
    if tens == 0:
        return CHINESE[ones]
    return ("" if tens == 1 else CHINESE[tens]) + "十" + (CHINESE[ones] if ones else "")
