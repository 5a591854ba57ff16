"""A body is taken as its type says, or refused with a 4xx that says what and where."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.edge.decode import BODY_LIMIT
from tests.edge.gateway_event import Reply, answered, gateway_event
from tests.edge.sample import APP, GOOD_ORDER, KEYED, LOGGED_IN, RECEIVED, ask, send_order


def pointer(reply: Reply) -> str:
    (error,) = reply.json["errors"]
    return str(error["pointer"])


def line(**members: Any) -> dict[str, Any]:
    return {"lines": [{"sku": "TEA"}, {"sku": "CUP", **members}]}


def test_a_good_body_reaches_the_operation_typed() -> None:
    reply = send_order(GOOD_ORDER)
    assert reply.status == 201
    assert reply.json["said"]["lines"] == [["TEA", 2]]


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_json_is_json_however_it_is_written(content_type: str) -> None:
    assert send_order(json.dumps(GOOD_ORDER), Content_Type=content_type).status == 201


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/json; charset=gbk", "json"]
)
def test_another_content_type_is_415(content_type: str) -> None:
    reply = send_order(json.dumps(GOOD_ORDER), Content_Type=content_type)
    assert (reply.status, reply.json["code"]) == (415, "unsupported_media")


def test_a_body_of_the_limit_is_read_and_one_byte_more_is_413() -> None:
    text = json.dumps(GOOD_ORDER)
    assert send_order(text + " " * (BODY_LIMIT - len(text))).status == 201
    reply = send_order(text + " " * (BODY_LIMIT - len(text) + 1))
    assert (reply.status, reply.json["code"], reply.json["limit"]) == (413, "too_large", BODY_LIMIT)


def test_the_limit_counts_bytes_and_not_letters() -> None:
    assert send_order({**GOOD_ORDER, "note": "团" * (BODY_LIMIT // 3)}).status == 413


@pytest.mark.parametrize("over", [0, 1])
def test_the_limit_holds_for_base64_bodies(over: int) -> None:
    text = json.dumps(GOOD_ORDER)
    body = text + " " * (BODY_LIMIT - len(text) + over)
    headers = {**KEYED, "Content-Type": "application/json"}
    reply = ask("POST", "/v1/groups/G1/orders", headers=headers, body=body, base64=True)
    assert reply.status == (413 if over else 201)


def test_a_huge_base64_body_is_refused_before_it_is_decoded() -> None:
    headers = {**KEYED, "Content-Type": "application/json"}
    assert ask("POST", "/v1/groups/G1/orders", headers=headers, body="x" * 300_000, base64=True).status == 413


def test_a_base64_body_that_is_none_is_400() -> None:
    event = gateway_event("POST", "/v1/groups/G1/orders", headers=KEYED, body=GOOD_ORDER)
    event["isBase64Encoded"] = True
    assert answered(APP(event, None)).json["code"] == "malformed"


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        ('{"lines": [}', 1, 12),
        ('{"lines":\n [{"sku": "TEA"},]}', 2, 18),
        ("{'lines': []}", 1, 2),
        ('{"lines": []} {}', 1, 15),
        ('{"lines": [{"sku": "TEA", "units": NaN}]}', 1, 36),
        ('{"pay_fen": -Infinity}', 1, 13),
        ("[NaNa]", 1, 2),
        ('{"lines": [{"sku": "T\x00A"}]}', 1, 22),
        ("nonsense", 1, 1),
    ],
)
def test_malformed_json_is_400_with_line_and_column(body: str, line: int, column: int) -> None:
    reply = send_order(body)
    assert (reply.status, reply.json["code"]) == (400, "malformed")
    assert (reply.json["line"], reply.json["column"]) == (line, column)


def test_bad_utf8_is_400_with_the_byte() -> None:
    headers = {**KEYED, "Content-Type": "application/json"}
    reply = ask("POST", "/v1/groups/G1/orders", headers=headers, body=b'{"lines": "\xff"}', base64=True)
    assert (reply.status, reply.json["code"], reply.json["byte"]) == (400, "malformed", 11)


def test_half_a_surrogate_pair_is_400_with_the_field() -> None:
    reply = send_order('{"lines": [{"sku": "\\ud83d"}]}')
    assert (reply.status, reply.json["code"], pointer(reply)) == (400, "malformed", "/lines/0/sku")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ('{"pay_fen": 1, "lines": [{"sku": "TEA"}], "pay_fen": 2}', "/pay_fen"),
        ('{"lines": [{"sku": "TEA"}, {"sku": "A", "units": 1, "sku": "B"}]}', "/lines/1/sku"),
        ('{"lines": [{"sku": "TEA"}], "labels": {"a": 1, "\\u0061": 2}}', "/labels/a"),
        ('{"lines": [{"sku": "TEA"}], "labels": {"a/b~": 1, "a/b~": 1}}', "/labels/a~1b~0"),
    ],
)
def test_a_duplicate_key_is_400_that_names_it(body: str, where: str) -> None:
    reply = send_order(body)
    assert (reply.status, reply.json["code"], pointer(reply)) == (400, "malformed", where)


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
@pytest.mark.parametrize("times", [33, 2_000, 12_000])
def test_deep_nesting_is_400_with_the_position(opening: str, times: int) -> None:
    if len(opening) * times > BODY_LIMIT:
        times = BODY_LIMIT // len(opening)
    reply = send_order(opening * times)
    assert (reply.status, reply.json["code"]) == (400, "malformed")
    assert "32" in reply.json["detail"]


def test_brackets_inside_strings_are_no_nesting() -> None:
    assert send_order({**GOOD_ORDER, "note": '[{"' * 16}).status == 201


def test_a_hostile_string_is_refused_in_linear_time() -> None:
    assert send_order("[" * 40 + '"\\"' + '\\"' * 30_000).status == 400


def test_a_number_of_five_thousand_digits_is_400() -> None:
    assert send_order('{"pay_fen": ' + "9" * 5_000 + "}").json["code"] == "malformed"


@pytest.mark.parametrize(
    ("body", "where", "says"),
    [
        ({}, "/lines", "required"),
        (line(units=1, colour="red"), "/lines/1/colour", "no such field"),
        ({"lines": [{"sku": "TEA"}, {"units": 1}]}, "/lines/1/sku", "required"),
        ({**GOOD_ORDER, "a~/b": 1}, "/a~0~1b", "no such field"),
        (line(units="1"), "/lines/1/units", "an integer"),
        (line(units=10), "/lines/1/units", "at most 9"),
        (line(units=0), "/lines/1/units", "at least 1"),
        (line(sku="x" * 21), "/lines/1/sku", "at most 20 characters"),
        (line(sku=""), "/lines/1/sku", "at least 1 characters"),
        ({"lines": []}, "/lines", "at least 1 items"),
        ({"lines": [{"sku": "TEA"}] * 4}, "/lines", "at most 3 items"),
        ({"lines": None}, "/lines", "an array"),
        ({**GOOD_ORDER, "code": "abc"}, "/code", "must match '^[A-Z]+$'"),
        ({**GOOD_ORDER, "code": 1}, "/code", "a string or null"),
        ({**GOOD_ORDER, "pay_fen": 10**30}, "/pay_fen", "at most 1000"),
        ({**GOOD_ORDER, "pay_fen": -1}, "/pay_fen", "at least 0"),
        ({**GOOD_ORDER, "labels": {"a": -1}}, "/labels", "at least 0"),
        ([], "", "an object"),
    ],
)
def test_a_wrong_field_is_422_with_its_pointer_and_a_sentence(body: Any, where: str, says: str) -> None:
    reply = send_order(body, Accept_Language="en")
    assert (reply.status, reply.json["code"], pointer(reply)) == (422, "invalid_field", where)
    assert says in reply.json["errors"][0]["detail"]
    assert says in reply.json["detail"]


def test_the_sentence_about_a_field_is_chinese_by_default() -> None:
    assert send_order(line(units=10)).json["detail"] == "字段 /lines/1/units 不正确：不能大于 9"


@pytest.mark.parametrize("number", ["2.0", "87.0", "1e0", "1.5"])
def test_a_float_is_no_integer_even_when_it_is_whole(number: str) -> None:
    reply = send_order('{"lines": [{"sku": "TEA"}], "pay_fen": ' + number + "}")
    assert (reply.status, pointer(reply)) == (422, "/pay_fen")


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1f", "\x7f", "\x85", "\n"])
def test_a_control_character_in_a_string_is_422_with_the_field(control: str) -> None:
    reply = send_order(line(sku=f"a{control}b"))
    assert (reply.status, pointer(reply)) == (422, "/lines/1/sku")
    escaped = send_order(json.dumps(line(sku=f"a{control}b")))
    assert (escaped.status, pointer(escaped)) == (422, "/lines/1/sku")


def test_a_control_character_in_a_free_key_is_422() -> None:
    assert send_order({**GOOD_ORDER, "labels": {"a\x00": 1}}).status == 422


def test_a_multiline_field_takes_lines_but_no_other_control_character() -> None:
    assert send_order({**GOOD_ORDER, "note": "一\n二\t三"}).json["said"]["note"] == "一\n二\t三"
    reply = send_order({**GOOD_ORDER, "note": "一\x00二"})
    assert (reply.status, pointer(reply)) == (422, "/note")


@pytest.mark.parametrize("body", ["", "  \n", None])
def test_an_empty_body_where_one_is_required_is_400(body: str | None) -> None:
    assert send_order(body).json["code"] == "malformed"


@pytest.mark.parametrize("body", [None, "", "{}", " { } "])
def test_no_body_or_an_empty_object_is_taken_where_none_is_expected(body: str | None) -> None:
    assert ask("DELETE", "/v1/groups/G1/seat", headers=LOGGED_IN, body=body).status == 204


@pytest.mark.parametrize("body", ['{"a":1}', "[]", "null", "x"])
def test_a_body_where_none_is_expected_is_400(body: str) -> None:
    reply = ask("DELETE", "/v1/groups/G1/seat", headers=LOGGED_IN, body=body)
    assert (reply.status, reply.json["code"]) == (400, "malformed")


def test_a_callback_gets_its_bytes_unparsed() -> None:
    RECEIVED.clear()
    body = b'{"id":1,"id":2}\xff'
    headers = {"Content-Type": "text/xml"}
    assert ask("POST", "/notify/wechat/M9/pay", headers=headers, body=body, base64=True).status == 204
    (received,) = RECEIVED
    assert received == ("M9", body)


# Query strings


def listed(**query: Any) -> Reply:
    return ask("GET", "/v1/groups", headers={**LOGGED_IN, "Accept-Language": "en"}, query=query)


def test_query_parameters_become_their_types() -> None:
    assert listed(limit="5", open_only="true", cursor="null").json["said"] == {
        "limit": 5,
        "open_only": True,
        "cursor": "null",
    }
    assert listed().json["said"] == {"limit": 20, "open_only": False, "cursor": None}


@pytest.mark.parametrize(
    ("query", "status", "where"),
    [
        ({"limit": "0"}, 422, "?limit"),
        ({"limit": "many"}, 422, "?limit"),
        ({"limit": ""}, 422, "?limit"),
        ({"limit": "5.0"}, 422, "?limit"),
        ({"limit": "1e1"}, 422, "?limit"),
        ({"above": "nan"}, 422, "?above"),
        ({"above": "-inf"}, 422, "?above"),
        ({"open_only": "perhaps"}, 422, "?open_only"),
        ({"cursor": "a\x00"}, 422, "?cursor"),
        ({"limit": ["5", "6"]}, 400, "?limit"),
        ({"limit": ["5", "5"]}, 400, "?limit"),
        ({"Limit": "5"}, 400, "?Limit"),
        ({"x\x00/y": "5"}, 400, "?x\N{REPLACEMENT CHARACTER}~1y"),
    ],
)
def test_a_wrong_repeated_or_unknown_parameter_is_refused_by_name(query: Any, status: int, where: str) -> None:
    reply = listed(**query)
    assert (reply.status, pointer(reply)) == (status, where)


def test_a_callback_leaves_aside_what_is_added_to_its_query() -> None:
    assert ask("POST", "/notify/wechat/M9/pay", query={"a": ["b", "c\x00"]}, body=b"x").status == 204


def test_a_parameter_where_none_is_known_is_400() -> None:
    assert ask("GET", "/v1/health", query={"a": "b"}).status == 400
