"""What msgspec found wrong, as a JSON pointer and a sentence in both languages.

msgspec says it in one English sentence of a few fixed forms, with the path behind ``- at``. The name of a missing or
unknown member is in the sentence and not in the path, hence added here.
"""

from __future__ import annotations

import re

from chalicelib.core.errors import INVALID_FIELD, RippleError
from chalicelib.edge.syntax import escaped

Pair = tuple[str, str]

_PATH = re.compile(r" - at `(\$[^`]*)`$")
_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]+)\]|\[\.\.\.\]")
_NAMED = re.compile(r"Object (missing required|contains unknown) field `(.*)`", re.DOTALL)
_TYPE = re.compile(r"Expected `([^`]+)`(?:, got `[^`]+`)?")
_SIZE = re.compile(r"Expected `(str|array|object|bytes)` of (?:at (?:least|most) )?length (<=|>=|==)? ?([0-9]+)")
_BOUND = re.compile(r"Expected `(?:int|float|decimal)` (<=|>=|<|>) (-?[0-9.e+-]+)")
_PATTERN = re.compile(r"Expected `str` matching regex (.+)", re.DOTALL)
_MULTIPLE = re.compile(r"Expected `(?:int|float)` that's a multiple of (.+)")

MISSING: Pair = ("缺少必填字段", "it is required")
UNKNOWN: Pair = ("没有这个字段", "there is no such field")
CONTROL: Pair = ("不能包含控制字符", "it must not contain control characters")
INTEGER: Pair = ("应为整数", "it must be an integer")
CENTURY: Pair = ("应在 2000 年至 2099 年之间", "it must be between the years 2000 and 2099")
OTHER: Pair = ("取值不正确", "it does not have an allowed value")

_TYPES: dict[str, Pair] = {
    "int": ("整数", "an integer"),
    "float": ("数字", "a number"),
    "str": ("字符串", "a string"),
    "bool": ("布尔值", "true or false"),
    "array": ("数组", "an array"),
    "object": ("对象", "an object"),
    "null": ("null", "null"),
    "datetime": ("RFC 3339 时间", "an RFC 3339 date-time"),
    "date": ("日期", "a date"),
}
_UNITS: dict[str, Pair] = {
    "str": ("个字符", "characters"),
    "bytes": ("个字节", "bytes"),
    "array": ("项", "items"),
    "object": ("个键", "members"),
}
_COMPARED: dict[str, Pair] = {
    "<=": ("不能大于", "at most"),
    ">=": ("不能小于", "at least"),
    "<": ("必须小于", "less than"),
    ">": ("必须大于", "greater than"),
    "==": ("必须等于", "exactly"),
}


def explain(message: str, *, query: bool = False) -> RippleError:
    """INVALID_FIELD for a msgspec sentence; pointers are ``/lines/0/sku``, or ``?limit`` in a query string.

    A key of a free-form object is not in msgspec's path: there the pointer names the object.
    """
    path = _PATH.search(message)
    sentence = message[: path.start()] if path else message
    steps = _steps(path[1]) if path else []
    named = _NAMED.fullmatch(sentence)
    if named:
        steps.append(named[2])
        reason = MISSING if named[1].startswith("missing") else UNKNOWN
    else:
        reason = _reason(sentence)
    pointer = f"?{'.'.join(steps)}" if query else "".join(f"/{escaped(step)}" for step in steps)
    return RippleError(INVALID_FIELD, pointer, reason=reason)


def _steps(path: str) -> list[str]:
    steps: list[str] = []
    for found in _STEP.finditer(path):
        if found[0] == "[...]":
            break
        steps.append(found[1] or found[2])
    return steps


def _reason(sentence: str) -> Pair:
    if size := _SIZE.match(sentence):
        unit, compared = _UNITS[size[1]], _COMPARED[size[2] or "=="]
        return (f"长度{compared[0]} {size[3]} {unit[0]}", f"it must have {compared[1]} {size[3]} {unit[1]}")
    if bound := _BOUND.match(sentence):
        compared = _COMPARED[bound[1]]
        return (f"{compared[0]} {bound[2]}", f"it must be {compared[1]} {bound[2]}")
    if pattern := _PATTERN.match(sentence):
        return (f"格式不正确，应匹配 {pattern[1]}", f"it must match {pattern[1]}")
    if multiple := _MULTIPLE.match(sentence):
        return (f"必须是 {multiple[1]} 的倍数", f"it must be a multiple of {multiple[1]}")
    if wanted := _TYPE.fullmatch(sentence):
        names = [_TYPES.get(name, (name, name)) for name in wanted[1].split(" | ")]
        return (f"应为{'或'.join(n[0] for n in names)}", f"it must be {' or '.join(n[1] for n in names)}")
    return OTHER
