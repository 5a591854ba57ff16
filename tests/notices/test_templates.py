"""Templates: what WeChat's rules take, field by field, and that whatever is sent fits them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import clock
from chalicelib.core.errors import Language
from chalicelib.core.ids import MerchantId
from chalicelib.notices.asking import ask
from chalicelib.notices.moments import MOMENTS, Facts, Form, Moment
from chalicelib.notices.templates import RULES, Field, Template, filled
from infra.local.client import Reply
from infra.local.wechat_sim import template_fields
from tests.notices import shop
from tests.town import Town

AT = "/terms/templates/0"


ONE = {"moment": "paid", "template_id": "one-template-0123456"}


def one(**field: Any) -> dict[str, Any]:
    """A template of one field."""
    return {"templates": [{**ONE, "fields": [field]}]}


def refused(reply: Reply) -> str:
    """The field that is wrong."""
    return str(reply.expect(422)["errors"][0]["pointer"])


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        (one(key="thing1"), f"{AT}/fields/0"),
        (one(key="thing1", fact="title", text="x"), f"{AT}/fields/0"),
        (one(key="thing1", fact="until"), f"{AT}/fields/0/fact"),
        (one(key="number1", fact="title"), f"{AT}/fields/0/fact"),
        (one(key="time1", fact="amount_fen"), f"{AT}/fields/0/fact"),
        (one(key="amount1", fact="order"), f"{AT}/fields/0/fact"),
        (one(key="phrase1", fact="title"), f"{AT}/fields/0/fact"),
        (one(key="thing1", text="字" * 21), f"{AT}/fields/0/text"),
        (one(key="thing1", text=" x"), f"{AT}/fields/0/text"),
        (one(key="thing1", text="x\ny"), f"{AT}/fields/0/text"),
        (one(key="phrase1", text="已发货了吗呢"), f"{AT}/fields/0/text"),
        (one(key="phrase1", text="sent"), f"{AT}/fields/0/text"),
        (one(key="letter1", text="a1"), f"{AT}/fields/0/text"),
        (one(key="symbol1", text="a"), f"{AT}/fields/0/text"),
        (one(key="character_string1", text="中"), f"{AT}/fields/0/text"),
        (one(key="time1", text="2026年"), f"{AT}/fields/0/text"),
        (one(key="date1", text="x"), f"{AT}/fields/0/text"),
        (one(key="phone_number1", text="abc"), f"{AT}/fields/0/text"),
        (one(key="name1", text="字" * 11), f"{AT}/fields/0/text"),
        (one(key="things1", text="x"), f"{AT}/fields/0/key"),
        (one(key="thing", text="x"), f"{AT}/fields/0/key"),
        ({"templates": [{**ONE, "fields": []}]}, f"{AT}/fields"),
        ({"templates": [{**shop.template(Moment.PAID), "moment": "unheard"}]}, f"{AT}/moment"),
        ({"templates": [shop.template(Moment.PAID)] * 2}, "/terms/templates/1"),
        ({"templates": [], "quiet_from": "24:00"}, "/terms/quiet_from"),
        ({"templates": [], "reminders_a_day": 6}, "/terms/reminders_a_day"),
    ],
)
def test_what_wechat_would_not_take_is_refused_by_field(town: Town, said: dict[str, Any], pointer: str) -> None:
    assert refused(shop.put(town, said)).startswith(pointer)


def test_a_key_stands_once_and_a_template_has_the_same_keys_everywhere(town: Town) -> None:
    twice = {**ONE, "fields": [{"key": "thing1", "fact": "title"}] * 2}
    assert refused(shop.put(town, {"templates": [twice]})) == f"{AT}/fields/1/key"
    paid = {**ONE, "fields": [{"key": "thing1", "fact": "title"}]}
    shipped = {**paid, "moment": "shipped"}
    other = {**shipped, "fields": [{"key": "thing2", "fact": "title"}]}
    assert refused(shop.put(town, {"templates": [paid, other]})) == "/terms/templates/1/fields"
    shop.put(town, {"templates": [paid, shipped]}).expect(200)


def test_the_templates_are_replaced_as_a_whole_by_who_has_read_them(town: Town) -> None:
    fresh = town.admin.get("/v1/admin/notices")
    assert (fresh["edition"], fresh["terms"], fresh["banned"]) == (None, None, [])
    assert {one["moment"] for one in fresh["moments"]} == {moment.value for moment in Moment}
    said = shop.terms(Moment.PAID)
    first = shop.put(town, said).expect(200)
    assert first["terms"]["templates"][0]["fields"][0] == {"key": "thing1", "fact": "title", "text": None}
    assert first["terms"]["quiet_from"] == "22:00"
    town.admin.call("PUT", "/v1/admin/notices", {"edition": None, "terms": said}).expect(200)
    unread = town.admin.call("PUT", "/v1/admin/notices", {"edition": None, "terms": shop.terms(Moment.SHIPPED)})
    assert unread.expect(409)["code"] == "notices_changed"
    second = shop.put(town, shop.terms(Moment.SHIPPED), first["edition"]).expect(200)
    assert second["edition"] != first["edition"] and second["terms"]["templates"][0]["moment"] == "shipped"


def test_a_page_asks_for_three_templates_at_most_in_the_reader_s_language(town: Town) -> None:
    mid, four = MerchantId(town.merchant.mid), (Moment.PAID, Moment.SHIPPED, Moment.REFUNDED, Moment.GROUP_ENDING)
    assert ask(mid, "zh", *four).template_ids == []
    shop.says(town, *four)
    assert ask(mid, "zh", *four).template_ids == [shop.template_id(moment) for moment in four[:3]]
    assert ask(mid, "en", four[0]).template_ids == [shop.template_id(four[0])], "there is none in English"
    shop.says(town, *four, languages=("zh", "en"))
    assert ask(mid, "en", four[0], four[0]).template_ids == [shop.template_id(four[0], "en")]


def test_who_reads_english_is_told_in_english_if_he_has_agreed_to_that(town: Town) -> None:
    shop.says(town, Moment.PAID, languages=("zh", "en"))
    ann = town.person("ann")
    languages: tuple[Language, ...] = ("zh", "en")
    for language in languages:
        shop.answers(town, ann, Moment.PAID, language=language).expect(200)
    for ident in ("o1", "o2"):
        shop.told(town, ann, ident=ident)
        town.stream()
    assert [(m["template_id"], m["lang"]) for m in shop.messages(town, ann)] == [
        (shop.template_id(Moment.PAID, "en"), "en_US"),
        (shop.template_id(Moment.PAID, "zh"), "en_US"),
    ]


FACTS: dict[Form, st.SearchStrategy[Any]] = {
    Form.TEXT: st.text(max_size=60),
    Form.MONEY: st.integers(0, 10**10 - 1),
    Form.NUMBER: st.integers(0, 10**9),
    Form.TIME: st.integers(10**9, 3 * 10**9).map(lambda seconds: clock.iso(datetime.fromtimestamp(seconds, UTC))),
    Form.CODE: st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", max_size=40),
    Form.WORD: st.sampled_from(["已生效", "未通过", "已同意", "已拒绝"]),
}


@given(st.data())
def test_whatever_the_facts_are_wechat_takes_what_is_sent(data: st.DataObject) -> None:
    moment = data.draw(st.sampled_from(Moment))
    fact, form = data.draw(st.sampled_from(sorted(MOMENTS[moment].facts.items())))
    kind = data.draw(st.sampled_from(sorted(kind for kind, rule in RULES.items() if form in rule.forms)))
    fields = [Field(key=f"{kind}1", fact=fact)]
    facts: Facts = {name: data.draw(FACTS[other]) for name, other in MOMENTS[moment].facts.items()}
    sent = filled(Template(moment=moment, template_id="x" * 16, fields=fields), facts, "Asia/Shanghai")
    enums = (sent[f"{kind}1"],) if kind == "enum" else None
    assert template_fields.fits(f"{kind}1", sent[f"{kind}1"], enums), (kind, sent)


def test_the_rules_are_those_of_wechat() -> None:
    assert set(RULES) == set(template_fields.KINDS)
