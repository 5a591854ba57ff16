"""The OpenAPI document says what the operations declare: valid, complete, and the same every time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chalicelib.edge.openapi import document
from tests.edge.sample import APP, ask, sample_app
from tests.edge.wsgi import wsgi

DOCUMENT = document(APP)


def every(node: Any, key: str) -> Iterator[Any]:
    if isinstance(node, dict):
        for name, member in node.items():
            if name == key:
                yield member
            yield from every(member, key)
    elif isinstance(node, list):
        for member in node:
            yield from every(member, key)


def resolved(reference: str) -> Any:
    node: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        node = node[step]
    return node


def order() -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"]["/v1/groups/{gid}/orders"]["post"]
    return found


def codes(operation: dict[str, Any], status: str) -> list[str]:
    schema = operation["responses"][status]["content"]["application/problem+json"]["schema"]
    found: list[str] = schema["allOf"][1]["properties"]["code"]["enum"]
    return found


def test_schemathesis_loads_it_and_finds_every_operation() -> None:
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    loaded = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    found = {(one.method.upper(), one.path) for one in loaded}
    assert found == {(served.method, served.template) for served in APP.served}
    assert schema.specification.version.startswith("3.1")


def test_every_reference_resolves() -> None:
    references = list(every(DOCUMENT, "$ref"))
    assert references
    for reference in references:
        resolved(reference)


def test_every_schema_is_json_schema_2020_12() -> None:
    for schema in [*DOCUMENT["components"]["schemas"].values(), *every(DOCUMENT["paths"], "schema")]:
        Draft202012Validator.check_schema(schema)


def test_it_is_the_same_bytes_every_time() -> None:
    assert json.dumps(document(sample_app())) == json.dumps(DOCUMENT)


def test_operation_ids_are_unique() -> None:
    ids = list(every(DOCUMENT["paths"], "operationId"))
    assert len(ids) == len(set(ids)) == len(APP.served)


def test_an_idempotent_operation_shows_its_header_path_body_and_security() -> None:
    assert [p.get("name", p.get("$ref")) for p in order()["parameters"]] == [
        "gid",
        "#/components/parameters/IdempotencyKey",
    ]
    content = order()["requestBody"]["content"]["application/json"]
    assert content["schema"] == {"$ref": "#/components/schemas/Order"}
    assert content["example"]["lines"] == [{"sku": "TEA", "units": 1}]
    assert order()["security"] == [{"user": []}]
    assert resolved("#/components/schemas/Line")["properties"]["units"]["maximum"] == 9


def test_query_parameters_are_listed_with_their_bounds() -> None:
    listed = DOCUMENT["paths"]["/v1/groups"]["get"]
    limit = next(p for p in listed["parameters"] if p["name"] == "limit")
    assert (limit["in"], limit["required"]) == ("query", False)
    assert (limit["schema"]["minimum"], limit["schema"]["maximum"]) == (1, 100)
    assert "Page" not in DOCUMENT["components"]["schemas"]


def test_every_problem_stands_under_its_status_with_its_code() -> None:
    assert codes(order(), "400") == ["idempotency_key_required", "malformed"]
    assert codes(order(), "409") == ["idempotency_key_reused"]
    assert codes(order(), "422") == ["invalid_field"]
    assert codes(DOCUMENT["paths"]["/v1/groups"]["get"], "409") == ["sample_seats_taken"]
    assert codes(DOCUMENT["paths"]["/v1/admin/groups/{gid}/pause"]["post"], "403") == ["forbidden"]


def test_every_status_of_success_is_listed() -> None:
    pause = DOCUMENT["paths"]["/v1/admin/groups/{gid}/pause"]["post"]["responses"]
    assert pause["200"]["content"] == pause["202"]["content"]
    assert "content" not in DOCUMENT["paths"]["/v1/openapi.json"]["get"]["responses"]["304"]
    assert list(DOCUMENT["paths"]["/v1/words/picture"]["get"]["responses"]["200"]["content"]) == ["image/png"]


def test_the_strings_of_a_request_say_that_control_characters_are_refused() -> None:
    members = resolved("#/components/schemas/Order")["properties"]
    sku = resolved("#/components/schemas/Line")["properties"]["sku"]
    assert not re.search(sku["pattern"], "a\nb")
    assert re.search(members["note"]["pattern"], "a\nb")
    assert not re.search(members["note"]["pattern"], "a\x00b")
    assert not re.search(members["labels"]["propertyNames"]["pattern"], "a\x00b")
    assert members["code"]["anyOf"][0]["pattern"] == "^[A-Z]+$"


def test_only_the_security_schemes_in_use_are_listed() -> None:
    assert sorted(DOCUMENT["components"]["securitySchemes"]) == ["callback", "merchant", "user"]
    assert DOCUMENT["paths"]["/v1/health"]["get"]["security"] == []


def test_it_is_served_for_five_minutes_and_not_sent_twice() -> None:
    first = ask("GET", "/v1/openapi.json")
    assert first.json == DOCUMENT
    assert first.headers["Cache-Control"] == "public, max-age=300"
    etag = first.headers["ETag"]
    for asked in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = ask("GET", "/v1/openapi.json", headers={"If-None-Match": asked})
        assert (again.status, again.text, again.headers["ETag"]) == (304, "", etag)
    assert ask("GET", "/v1/openapi.json", headers={"If-None-Match": '"other"'}).status == 200


def test_health_answers_without_storage() -> None:
    assert ask("GET", "/v1/health").json == {"status": "ok"}


SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
SCHEMA.app = wsgi(APP)
POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
CASES = [
    pytest.param(served.method, served.template, mode, id=f"{served.method} {served.template} {mode.name.lower()}")
    for served in APP.served
    for mode in (POSITIVE, NEGATIVE)
    # One fails by design; and where there is nothing to send, nothing can be sent wrong.
    if served.template != "/v1/fail"
    and (mode is POSITIVE or "{" in served.template or served.operation.query or served.operation.body)
]
PROMISED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.mark.parametrize(("method", "template", "mode"), CASES)
def test_what_schemathesis_makes_up_is_answered_as_documented(method: str, template: str, mode: GenerationMode) -> None:
    operation = SCHEMA[template][method]

    @settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def every_case(case: Any) -> None:
        case.headers["Authorization"] = "Key owner" if "/admin/" in template else "Bearer good"
        case.validate_response(case.call(), checks=PROMISED)

    every_case()
