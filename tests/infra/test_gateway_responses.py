"""API Gateway's own answers look like Ripple's, wherever the template is deployed."""

from __future__ import annotations

import json
from typing import Any

import pytest
import urllib3

from chalicelib.core.errors import PROBLEMS
from chalicelib.edge.problem import CONTENT_TYPE, TYPE_PREFIX, title
from infra.local.endpoint import Endpoint
from tests.infra.parts import Resources, of_type

NEEDED = {
    "DEFAULT_4XX",
    "DEFAULT_5XX",
    "MISSING_AUTHENTICATION_TOKEN",
    "ACCESS_DENIED",
    "REQUEST_TOO_LARGE",
    "UNSUPPORTED_MEDIA_TYPE",
    "THROTTLED",
    "INTEGRATION_TIMEOUT",
    "INTEGRATION_FAILURE",
}


@pytest.fixture
def responses(resources: Resources) -> dict[str, Any]:
    """By response type, in the form that AWS reads."""
    found: dict[str, Any] = resources["RestAPI"]["Properties"]["GatewayResponses"]
    return found


def test_both_forms_say_the_same(resources: Resources, responses: dict[str, Any]) -> None:
    as_resources = of_type(resources, "AWS::ApiGateway::GatewayResponse")
    seen = {}
    for name, entry in as_resources.items():
        assert resources[name]["Condition"] == "IsLocal"
        headers = {
            key.removeprefix("gatewayresponse.header."): value for key, value in entry["ResponseParameters"].items()
        }
        status = {"StatusCode": entry["StatusCode"]} if "StatusCode" in entry else {}
        seen[entry["ResponseType"]] = status | {
            "ResponseParameters": {"Headers": headers},
            "ResponseTemplates": entry["ResponseTemplates"],
        }
    assert seen == responses
    assert set(seen) >= NEEDED


def test_every_answer_is_a_problem_in_both_languages(responses: dict[str, Any]) -> None:
    for response in responses.values():
        body = json.loads(response["ResponseTemplates"]["application/json"])
        assert (body["type"], body["title"]) == (TYPE_PREFIX + body["code"], title(body["code"]))
        assert body["request_id"] == "$context.requestId"
        assert set(body["detail"]) == {"zh", "en"}
        assert str(body.get("status")) == str(response.get("StatusCode"))
        assert response["ResponseParameters"]["Headers"]["Content-Type"] == f"'{CONTENT_TYPE}'"


def test_a_code_means_the_same_here_and_in_the_functions(responses: dict[str, Any]) -> None:
    for response in responses.values():
        body = json.loads(response["ResponseTemplates"]["application/json"])
        if "status" in body and body["code"] in PROBLEMS:
            assert body["status"] == PROBLEMS[body["code"]].status


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("DELETE", "/v1/health")])
def test_an_unknown_path_and_a_wrong_method_are_not_found(stack: Endpoint, method: str, path: str) -> None:
    answer = urllib3.request(method, stack.api + path)
    assert (answer.status, answer.headers["Content-Type"]) == (404, CONTENT_TYPE)
    body = answer.json()
    assert (body["status"], body["code"]) == (404, "not_found")
    assert body["detail"]["zh"]
    assert body["request_id"] not in ("", "$context.requestId")
