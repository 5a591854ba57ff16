"""What a value in a subscription message may be: the kind of a field is its key without the number.

Ours, where the documents are silent: a number and an amount count all their digits; an amount may do without its
symbol; a phone number may have spaces and brackets in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

KEY = re.compile(r"([a-z_]+)(\d+)")
CJK = r"\u3400-\u4dbf\u4e00-\u9fff"
HAN = re.compile(f"[{CJK}]")
CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
DAY = re.compile(r"(\d{4})(?:年(\d{1,2})月(\d{1,2})日|([-/.])(\d{1,2})\4(\d{1,2}))")
CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?")
AMOUNT = re.compile(r"[¥￥$€£]?(\d+)(?:\.(\d+))?元?")
NUMBER = re.compile(r"-?(\d+)(?:\.(\d+))?")


def _form(pattern: str) -> Callable[[str], bool]:
    form = re.compile(pattern)
    return lambda value: form.fullmatch(value) is not None


def _digits(form: re.Pattern[str], most: int) -> Callable[[str], bool]:
    def fits(value: str) -> bool:
        found = form.fullmatch(value)
        return found is not None and len("".join(part or "" for part in found.groups())) <= most

    return fits


def _is_day(value: str) -> bool:
    found = DAY.fullmatch(value)
    if found is None:
        return False
    year, chinese_month, chinese_day, _, month, day = found.groups()
    try:
        date(int(year), int(chinese_month or month), int(chinese_day or day))
    except ValueError:
        return False
    return True


def _is_time(value: str) -> bool:
    day, _, clock = value.rpartition(" ")
    return CLOCK.fullmatch(clock) is not None and (not day or _is_day(day))


def _range(one: Callable[[str], bool]) -> Callable[[str], bool]:
    def fits(value: str) -> bool:
        ends = [end.strip(" ") for end in value.split("~")]
        return len(ends) <= 2 and all(map(one, ends))

    return fits


def _is_name(value: str) -> bool:
    return len(value) <= (10 if HAN.search(value) else 20) and not re.search(r"\d", value)


KINDS: dict[str, Callable[[str], bool]] = {
    "thing": lambda value: len(value) <= 20,
    "number": _digits(NUMBER, 32),
    "letter": _form(r"[A-Za-z]{1,32}"),
    "symbol": _form(rf"[^0-9A-Za-z{CJK}\s]{{1,5}}"),
    "character_string": _form(r"[!-~]{1,32}"),
    "time": _range(_is_time),
    "date": _range(_is_day),
    "amount": _digits(AMOUNT, 10),
    "phone_number": _form(r"[0-9+\-() *]{1,17}"),
    "car_number": _form(rf"[A-Z0-9{CJK}](?:[A-Z0-9]{{0,6}}[A-Z0-9{CJK}])?"),
    "name": _is_name,
    "phrase": _form(rf"[{CJK}]{{1,5}}"),
    "enum": lambda value: True,
}
"""What each kind takes; an enumeration, only what its template says."""


def kind_of(key: str) -> str | None:
    """The kind of a field; None for a key that no template has."""
    found = KEY.fullmatch(key)
    return found.group(1) if found and found.group(1) in KINDS else None


def fits(key: str, value: str, enumerated: tuple[str, ...] | None) -> bool:
    """Whether a field takes that value; ``enumerated`` are those of an enumeration."""
    kind = kind_of(key)
    if kind is None or not value.strip() or CONTROL.search(value):
        return False
    return value in (enumerated or ()) if kind == "enum" else KINDS[kind](value)
