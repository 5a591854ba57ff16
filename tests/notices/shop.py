"""A merchant's message templates, people who agree to them, and what WeChat sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalicelib.accounts.items import User, user_key
from chalicelib.core.errors import Language
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.core.store import read_one
from chalicelib.core.transaction import Transaction
from chalicelib.notices.bans import ban
from chalicelib.notices.items import Consent, Habit, Notice, consent_key, habit_key, notice_key
from chalicelib.notices.moments import MOMENTS, Facts, Form, Moment
from chalicelib.notices.telling import tell
from infra.local.client import Person, Reply
from tests.town import Town

PLACES = {
    Form.TEXT: "thing",
    Form.MONEY: "amount",
    Form.NUMBER: "number",
    Form.TIME: "time",
    Form.CODE: "character_string",
    Form.WORD: "phrase",
}
"""The key that carries a fact of each form."""

EXAMPLES: dict[Form, str | int] = {
    Form.TEXT: "2026年秋茶礼盒",
    Form.MONEY: 12_900,
    Form.NUMBER: 3,
    Form.TIME: "2026-11-11T15:30:00.000Z",
    Form.CODE: "SF1234567890",
    Form.WORD: "已生效",
}


def template_id(moment: Moment, language: Language = "zh") -> str:
    """The template of a moment in every merchant's mini-program."""
    return f"tmpl-{moment.value}-{language}-0123456789"


def template(moment: Moment, language: Language = "zh") -> dict[str, Any]:
    """All facts of a moment, each in a key of its own."""
    facts = MOMENTS[moment].facts
    fields = [{"key": f"{PLACES[form]}{n}", "fact": fact} for n, (fact, form) in enumerate(facts.items(), 1)]
    return {
        "moment": moment.value,
        "template_id": template_id(moment, language),
        "language": language,
        "fields": fields,
    }


def terms(*moments: Moment, languages: Sequence[Language] = ("zh",), **changes: Any) -> dict[str, Any]:
    """What a merchant tells."""
    filled = [template(moment, language) for moment in moments for language in languages]
    return {"templates": filled, **changes}


def put(town: Town, said: dict[str, Any], edition: str | None = None) -> Reply:
    """The merchant says what he tells, as the edition that stands unless another is named."""
    stands = edition or town.admin.get("/v1/admin/notices")["edition"]
    return town.admin.call("PUT", "/v1/admin/notices", {"edition": stands, "terms": said})


def says(town: Town, *moments: Moment, languages: Sequence[Language] = ("zh",), **changes: Any) -> None:
    """The merchant has applied for templates of these moments, and tells of them."""
    said = terms(*moments, languages=languages, **changes)
    known = [at_wechat(one) for one in said["templates"]]
    town.act("/_sim/messages/templates", appid=town.merchant.appid, templates=known)
    put(town, said).expect(200)


def at_wechat(one: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A template as WeChat has it."""
    fields = [{"key": field["key"], "name": field["fact"]} for field in one["fields"]]
    return {"template_id": one["template_id"], "title": one["moment"], "fields": fields, **more}


def bans_at_wechat(town: Town, *moments: Moment, banned: bool = True) -> None:
    """WeChat sends nothing more with the templates of these moments, or does again."""
    known = [at_wechat(template(moment), banned=banned) for moment in moments]
    town.act("/_sim/messages/templates", appid=town.merchant.appid, templates=known)


def openid(town: Town, person: Person) -> str:
    """Who somebody is to WeChat."""
    mid = MerchantId(town.merchant.mid)
    user = read_one(User, user_key(mid, person.uid))
    assert user is not None
    return str(user.openid)


def answers(
    town: Town,
    person: Person,
    *moments: Moment,
    result: str = "accept",
    about: tuple[str, str] | None = None,
    key: str | None = None,
    language: Language = "zh",
) -> Reply:
    """Somebody is asked in WeChat, and his client reports what he answered."""
    results = {template_id(moment, language): result for moment in moments}
    asked = {"appid": town.merchant.appid, "openid": openid(town, person), "results": results, "pushed": False}
    town.act("/_sim/messages/subscribe", **asked)
    return reports(person, results, about=about, key=key, language=language)


def reports(
    person: Person,
    results: dict[str, str],
    *,
    about: tuple[str, str] | None = None,
    key: str | None = None,
    language: Language = "zh",
) -> Reply:
    """A client reports, whatever its user has answered."""
    body: dict[str, Any] = {"results": results}
    if about is not None:
        body["about"] = {"kind": about[0], "id": about[1]}
    headers = {"Accept-Language": {"zh": "zh-CN", "en": "en"}[language]}
    return person.api.call("POST", "/v1/me/consents", body, key=key, headers=headers)


def consents(town: Town, person: Person, *moments: Moment, about: tuple[str, str] | None = None) -> None:
    """Somebody agrees to be told of each moment once."""
    for n in range(0, len(moments), 3):
        answers(town, person, *moments[n : n + 3], about=about if n == 0 else None).expect(200)


def messages(town: Town, person: Person) -> list[dict[str, Any]]:
    """What WeChat sent to somebody, in order."""
    path = f"/_sim/messages?appid={town.merchant.appid}&openid={openid(town, person)}"
    found: list[dict[str, Any]] = town.control("GET", path, {}, None).expect(200)["messages"]
    return found


def facts(moment: Moment, **changes: str | int) -> Facts:
    """All facts of a moment, made up."""
    return {**{fact: EXAMPLES[form] for fact, form in MOMENTS[moment].facts.items()}, **changes}


def told(
    town: Town,
    person: Person,
    moment: Moment = Moment.PAID,
    ident: str = "o1",
    about: tuple[str, str] = ("order", "o1"),
    **changes: str | int,
) -> None:
    """Something happens of which somebody is told."""
    tx, mid = Transaction(), MerchantId(town.merchant.mid)
    tell(tx, "told", mid, UserId(person.uid), moment, ident, facts(moment, **changes), about=about)
    if tx._steps:
        tx.commit()


def notice(town: Town, person: Person, moment: Moment = Moment.PAID, ident: str = "o1") -> Notice | None:
    """What stands of what he was told."""
    return read_one(Notice, notice_key(MerchantId(town.merchant.mid), person.uid, moment, ident))


def consent(town: Town, person: Person, moment: Moment = Moment.PAID, language: Language = "zh") -> Consent | None:
    """What stands of his consents."""
    return read_one(Consent, consent_key(MerchantId(town.merchant.mid), person.uid, template_id(moment, language)))


def habit(town: Town, person: Person) -> Habit | None:
    """What stands of his wishes."""
    return read_one(Habit, habit_key(MerchantId(town.merchant.mid), person.uid))


def fault(town: Town, kind: str, **options: Any) -> None:
    """What WeChat does the next time that something is to be sent."""
    town.act("/_sim/faults", endpoint="message", kind=kind, **options)


def banned(town: Town) -> str:
    """A template that WeChat sends no more."""
    template_id = "a-template-of-old-01"
    ban(MerchantId(town.merchant.mid), template_id, "43107")
    return template_id
