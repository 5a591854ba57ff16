"""What terms of a card may not say: no refund, no replacement, no passing on are void (rules M3)."""

from __future__ import annotations

import re
import unicodedata

NO = "(?:不予?|概不|一律不|均不|恕不|不得|不可以?|不能|不支持|不接受|不办理|不提供|无法|禁止|严禁|谢绝|拒绝)"
MODAL = "(?:申请|办理|要求|进行|予以|任何|再|随意|私自|擅自|给|向|将)*"
BACK = "(?:退款|退费|退卡|退货|退钱|退还|退回|退换|退订|退(?!出))"
CHANGED = "(?:换卡|补卡|挂失|补办|更换|(?<!兑)换(?![购取成]))"
PASSED = "(?:转让|转赠|转借|转卖|过户|转给(?:他|别)人)"

NEVER_REFUSED = re.compile("不(?:会|得|能)[^。；！？;!?\n]{0,8}(?:拒绝|谢绝)")
"""Who says that he refuses nothing."""

VOID = re.compile(
    f"{NO}{MODAL}(?:他人|别人)?(?:{BACK}|{CHANGED}|{PASSED})"
    f"|(?:{BACK}|{PASSED})(?:一律|均|概)?(?:不予(?:受理|办理)?|不受理|不办理)"
    "|(?:余额|余款|余值|剩余金额)(?:一律|均|将|视为)*(?:不退|作废|清零|放弃|归(?:本店|商家|我方)(?:所有)?)"
    "|(?:过期|逾期|到期)(?:后|未用|未使用)*(?:一律|均|将|即|自动|视为)*(?:作废|清零|失效|不退)"
    "|最终解释权"
)
"""In folded Chinese."""

VOID_EN = re.compile(
    r"\b(?:no|not any|without(?: any)?|never(?: be)?|neither) (?:refund|replacement|exchange|transfer|return)s?"
    r"(?! (?:fee|charge|cost)s?\b)"
    r"|\bnon[ -]?(?:refundable|transferable|transferrable|exchangeable|replaceable|returnable)\b"
    r"|\b(?:not|cannot|can't|never|isn't|aren't|won't|will not|may not|must not) (?:be )?(?:\w+ )?"
    r"(?:refund(?:ed|able)?|replaced|replaceable|exchange(?:d|able)|transfer(?:red|able|rable)|returned|returnable)\b"
    r"|\ball sales (?:are )?final\b|\bforfeit(?:ed|s)?\b|\bexpires? worthless\b"
)
"""In lower case, with single spaces."""

SIMPLIFIED = str.maketrans(
    "轉讓換補辦費還訂絕將給賣過戶無餘額視棄歸終釋權貨錢",
    "转让换补办费还订绝将给卖过户无余额视弃归终释权货钱",
)


def void_terms(text: str) -> str | None:
    """The first words of a text of terms that the law makes void; None where none are there.

    >>> void_terms("一经售出，概不 退换")
    '概不退换'
    >>> void_terms("七日内可以无理由退款")
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(SIMPLIFIED)
    row = "".join(sign for sign in plain if sign.isalnum() or sign in "。；！？;!?\n")
    found = VOID.search(NEVER_REFUSED.sub("", row)) or VOID_EN.search(" ".join(plain.replace("’", "'").split()))
    return found[0] if found else None
