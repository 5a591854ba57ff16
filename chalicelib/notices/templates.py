"""A merchant's message templates as data, and WeChat's rules of what each key of one may carry (wechat.md 3)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from chalicelib.core import clock
from chalicelib.core.errors import INVALID_FIELD, Language, RippleError
from chalicelib.notices.moments import MOMENTS, Facts, Form, Moment

KINDS = "thing|number|letter|symbol|character_string|time|date|amount|phone_number|car_number|name|phrase|enum"

MOST_FIELDS = 7


class Field(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A key of a template, as WeChat shows it (``thing1``): the fact that it carries, or a text that never changes."""

    key: Annotated[str, Meta(pattern=rf"^({KINDS})[0-9]{{1,3}}$")]
    fact: Annotated[str, Meta(min_length=1, max_length=32)] | None = None
    """A fact of the moment (``GET /v1/admin/notices`` lists them)."""
    text: Annotated[str, Meta(min_length=1, max_length=32)] | None = None

    @property
    def kind(self) -> str:
        """What WeChat takes there."""
        return self.key.rstrip("0123456789")


class Template(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One of the merchant's templates, filled for a moment."""

    moment: Moment
    template_id: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
    language: Language = "zh"
    """In which language it is written; whoever reads another gets it where there is none in his."""
    fields: Annotated[list[Field], Meta(min_length=1, max_length=MOST_FIELDS)]


Quiet = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class NoticeTerms(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What a merchant tells users, with which templates, and when he leaves them alone."""

    templates: Annotated[list[Template], Meta(max_length=2 * len(Moment))]
    """For a moment one template, or one in each language. What has none is not told."""
    quiet_from: Quiet = "22:00"
    quiet_until: Quiet = "08:00"
    """No reminder and no offer comes between these, in the merchant's zone."""
    reminders_a_day: Annotated[int, Meta(ge=0, le=5)] = 2
    """Reminders and offers that one user gets in a day at most, of all campaigns together."""
    version: Literal["release", "trial", "develop"] = "release"
    """Which version of the mini-program messages and cards open."""
    cards: bool = True
    """Whether what friends join together is sent as a live card, which shows how many are there."""


class Rule(NamedTuple):
    """What a kind of key takes: forms of facts, and how long a text may be."""

    forms: frozenset[Form]
    longest: int
    sign: Callable[[str], bool]
    """Whether a sign may stand there."""


def _any(sign: str) -> bool:
    return True


def _han(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


NARROW: Mapping[str, Callable[[str], bool]] = {
    "name": lambda sign: not sign.isdigit(),
    "character_string": lambda sign: "!" <= sign <= "~",
}
"""What of a fact's signs stands in those: WeChat would take no others."""

RULES: Mapping[str, Rule] = {
    "thing": Rule(frozenset(Form), 20, _any),
    "number": Rule(frozenset({Form.NUMBER, Form.MONEY}), 32, lambda sign: sign in "0123456789."),
    "letter": Rule(frozenset(), 32, lambda sign: sign.isascii() and sign.isalpha()),
    "symbol": Rule(frozenset(), 5, lambda sign: not sign.isalnum()),
    "character_string": Rule(frozenset({Form.CODE, Form.NUMBER}), 32, NARROW["character_string"]),
    "time": Rule(frozenset({Form.TIME}), 32, _any),
    "date": Rule(frozenset({Form.TIME}), 32, _any),
    "amount": Rule(frozenset({Form.MONEY}), 13, lambda sign: sign in "0123456789.¥￥元"),
    "phone_number": Rule(frozenset(), 17, lambda sign: sign.isascii() and not sign.isalpha()),
    "car_number": Rule(frozenset(), 8, _any),
    "name": Rule(frozenset({Form.TEXT, Form.WORD}), 10, NARROW["name"]),
    "phrase": Rule(frozenset({Form.WORD}), 5, _han),
    "enum": Rule(frozenset({Form.WORD}), 20, _any),
}
"""WeChat's table of what stands where. An instant or a date is written by us alone, in one form."""

WRITTEN_BY_US = frozenset({"time", "date"})


def insist_fit(templates: Sequence[Template]) -> None:
    """Every template carries facts that its moment has, in keys that take them, and texts that WeChat takes.

    Raises `INVALID_FIELD` with where it does not.
    """
    keys, told = dict[str, frozenset[str]](), set[tuple[Moment, Language]]()
    for n, template in enumerate(templates):
        at = f"/terms/templates/{n}"
        if (template.moment, template.language) in told:
            raise _wrong(at, "同一时刻每种语言只能有一个模板", "a moment has one template in each language")
        told.add((template.moment, template.language))
        _insist_filled(at, template)
        mine = frozenset(field.key for field in template.fields)
        if keys.setdefault(template.template_id, mine) != mine:
            said = ("同一模板在各处的字段必须相同", "one template has the same keys wherever it is used")
            raise _wrong(f"{at}/fields", *said)


def _insist_filled(at: str, template: Template) -> None:
    facts, seen = MOMENTS[template.moment].facts, set[str]()
    for n, field in enumerate(template.fields):
        here, rule = f"{at}/fields/{n}", RULES[field.kind]
        if field.key in seen:
            raise _wrong(f"{here}/key", "字段重复", "this key stands twice")
        seen.add(field.key)
        if (field.fact is None) == (field.text is None):
            raise _wrong(here, "fact 与 text 必须且只能填一个", "either a fact or a text, and not both")
        if field.fact is not None:
            form = facts.get(field.fact)
            if form is None:
                known = ", ".join(facts)
                raise _wrong(f"{here}/fact", f"此时刻只有：{known}", f"this moment has: {known}")
            if form not in rule.forms:
                said = (f"{field.kind} 不能放 {form.value}", f"{field.kind} carries no {form.value}")
                raise _wrong(f"{here}/fact", *said)
        elif field.text is not None and not _fits(field.kind, field.text):
            said = (
                f"不符合 {field.kind} 的规则（最多 {rule.longest} 字）",
                f"no {field.kind}, at most {rule.longest} signs",
            )
            raise _wrong(f"{here}/text", *said)


def _fits(kind: str, text: str) -> bool:
    rule = RULES[kind]
    if kind in WRITTEN_BY_US or not text.strip() or _plain(text) != text:
        return False
    return len(text) <= rule.longest and all(map(rule.sign, text))


def _wrong(pointer: str, zh: str, en: str) -> RippleError:
    return RippleError(INVALID_FIELD, pointer, reason=(zh, en))


def filled(template: Template, facts: Facts, zone: str) -> dict[str, str]:
    """What is sent for a template: each key with a value that WeChat takes, whatever the facts are."""
    forms = MOMENTS[template.moment].facts
    data = dict[str, str]()
    for field in template.fields:
        if field.fact is not None:
            data[field.key] = _told(field.kind, forms[field.fact], facts[field.fact], zone)
        elif field.text is not None:
            data[field.key] = field.text
    return data


def _told(kind: str, form: Form, fact: str | int, zone: str) -> str:
    if form is Form.MONEY:
        yuan = f"{Decimal(fact) / 100:.2f}"
        return yuan if kind == "number" else f"{yuan}元"
    if form is Form.TIME:
        local = clock.parse(str(fact)).astimezone(ZoneInfo(zone))
        day = f"{local.year}年{local.month}月{local.day}日"
        return day if kind == "date" else f"{day} {local:%H:%M}"
    text = _plain(str(fact))
    if kind in NARROW:
        text = "".join(filter(NARROW[kind], text))
    return _cut(text, RULES[kind].longest, "" if kind in NARROW else "…")


def _plain(text: str) -> str:
    """Without line breaks, control signs, and blanks around it."""
    kept = (" " if sign.isspace() else sign for sign in text)
    return "".join(sign for sign in kept if unicodedata.category(sign)[0] != "C").strip()


def _cut(text: str, longest: int, more: str) -> str:
    """At most so many code points; what says nothing is a dash, since WeChat takes no empty value."""
    return (text if len(text) <= longest else text[: longest - len(more)] + more) or "-"


def local_day(instant: datetime, zone: str) -> str:
    """The merchant's day at an instant."""
    return instant.astimezone(ZoneInfo(zone)).date().isoformat()
