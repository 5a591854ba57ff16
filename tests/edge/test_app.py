"""Every request passes one door: routed, authenticated, identified, answered in one form, and logged once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from chalice.deploy.validate import validate_route_content_types, validate_routes

from chalicelib.edge.app import App
from chalicelib.edge.operation import CALLBACK, MERCHANT, PUBLIC, USER, Call, operation
from tests.edge.gateway_event import Reply, answered, gateway_event
from tests.edge.sample import APP, GOOD_ORDER, KEYED, LOGGED_IN, Page, ask, leave, merchant, send_order, word

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


def lines(captured: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in captured.splitlines()]


# Routing


def test_the_gateways_resource_path_decides_the_operation() -> None:
    reply = ask("GET", "/v1/words/hello", "/v1/words/{word}")
    assert reply.json["said"]["word"] == "hello"


def test_without_a_resource_path_the_path_is_matched_and_a_literal_wins() -> None:
    assert ask("GET", "/v1/words/hello").json["said"]["word"] == "hello"
    assert ask("GET", "/v1/words/picture").headers["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/nothing"),
        ("GET", "/"),
        ("GET", ""),
        ("GET", "v1/health"),
        ("GET", "x/v1/health"),
        ("GET", "/v1/health/"),
        ("GET", "/v1//words/a"),
        ("POST", "/v1/health"),
        ("HEAD", "/v1/health"),
        ("GET", "/v1/words/"),
    ],
)
def test_an_unknown_path_and_a_wrong_method_are_both_404(method: str, path: str) -> None:
    reply = ask(method, path)
    assert (reply.status, reply.json["code"]) == (404, "not_found")


@pytest.mark.parametrize("resource", [None, "/v1/words/{word}"])
def test_a_path_parameter_is_decoded_exactly_once(resource: str | None) -> None:
    assert ask("GET", "/v1/words/%E5%8F%8C%2541", resource).json["said"]["word"] == "双%41"


@pytest.mark.parametrize("resource", [None, "/v1/words/{word}"])
@pytest.mark.parametrize(
    "given",
    ["a%00b", "a%0Ab", "a%7Fb", "%C2%85", "a%20b", "a%2Fb", "a%7Cb", "a%23b", "%5C", "%FF", "x" * 129, "\ud800"],
)
def test_a_path_parameter_that_no_id_can_be_is_404(given: str, resource: str | None) -> None:
    assert ask("GET", f"/v1/words/{given}", resource).status == 404


def test_a_parameter_that_the_gateway_left_out_is_taken_from_the_path() -> None:
    event = gateway_event("GET", "/v1/words/hello", "/v1/words/{word}")
    event["pathParameters"] = None
    assert answered(APP(event, None)).json["said"]["word"] == "hello"


def test_an_event_that_is_no_request_is_left_to_chalice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalice.app.Chalice.__call__", lambda self, event, context: ("chalice", event))
    assert APP({"source": "aws.events"}, None) == ("chalice", {"source": "aws.events"})


def test_every_route_is_in_the_package() -> None:
    packaged = {(method, path) for path, methods in APP.routes.items() for method in methods}
    assert packaged == {(served.method, served.template) for served in APP.served}
    validate_routes(APP.routes)
    validate_route_content_types(APP.routes, APP.api.binary_types)


# Who may


def test_a_user_is_known_to_the_operation_by_merchant_and_id() -> None:
    said = send_order(GOOD_ORDER).json["said"]
    assert (said["mid"], said["uid"]) == ("M1", "U1")


def test_without_credentials_the_answer_is_401_and_says_how_to_authenticate() -> None:
    reply = ask("GET", "/v1/groups")
    assert (reply.status, reply.json["code"]) == (401, "unauthenticated")
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")


def test_credentials_are_asked_before_anything_is_said_about_the_request() -> None:
    assert ask("POST", "/v1/groups/G1/orders", body="{").status == 401


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("operator", 202), ("owner", 202), ("stranger", 403)])
def test_a_role_may_do_what_a_lower_one_may_and_no_more(role: str, status: int) -> None:
    assert ask("POST", "/v1/admin/groups/G1/pause", headers={"Authorization": f"Key {role}"}).status == status


def test_a_key_is_known_to_the_operation_by_id_and_role() -> None:
    reply = ask("POST", "/v1/admin/groups/G1/pause", headers={"Authorization": "Key owner"})
    assert reply.json["said"] == {"key_id": "K1", "role": "owner"}
    assert reply.headers["Location"] == "/v1/admin/x"


def test_a_call_refuses_to_tell_what_its_operation_does_not_have() -> None:
    call: Call[None] = Call(
        operation=word.__operation__,  # type: ignore[attr-defined]
        identity=None,
        path={},
        body=None,
        query=None,
        raw=b"",
        headers={},
        request_id="r",
        language="zh",
        client_ip="",
    )
    for name in ("mid", "uid", "key_id", "role", "intent"):
        with pytest.raises(RuntimeError):
            getattr(call, name)


@pytest.mark.parametrize(
    "promises",
    [
        {"auth": PUBLIC, "idempotent": True},
        {"auth": MERCHANT},
        {"auth": USER, "role": "owner"},
        {"auth": CALLBACK, "body": Page},
    ],
)
def test_promises_that_contradict_each_other_cannot_be_declared(promises: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        operation(summary="x", **promises)


def test_an_app_cannot_serve_what_it_cannot_authenticate_or_what_is_no_operation() -> None:
    app = App("x", authenticate={MERCHANT: merchant})
    with pytest.raises(ValueError, match="no authenticator for USER"):
        app.serve([("DELETE", "/v1/x", leave)])
    with pytest.raises(TypeError):
        app.serve([("GET", "/v1/y", print)])
    app.serve([("GET", "/v1/z", word)])
    with pytest.raises(ValueError, match="served twice"):
        app.serve([("GET", "/v1/z", word)])
    with pytest.raises(ValueError, match="not a path template"):
        app.serve([("GET", "/v1/z/", word)])


# Idempotency-Key


@pytest.mark.parametrize("key", ["12345678", "x" * 255, "a!~b-._:/+="])
def test_a_good_idempotency_key_becomes_the_intent(key: str) -> None:
    said = send_order(GOOD_ORDER, Idempotency_Key=key).json["said"]
    assert (said["key"], said["route"]) == (key, "POST /v1/groups/{gid}/orders")


@pytest.mark.parametrize("key", ["", "1234567", "x" * 256, "1234 5678", "key-团购-1", "1234567\t"])
def test_a_bad_idempotency_key_is_400_that_names_the_header(key: str) -> None:
    reply = send_order(GOOD_ORDER, Idempotency_Key=key)
    assert (reply.status, reply.json["code"]) == (400, "idempotency_key_required")
    assert "Idempotency-Key" in reply.json["detail"]


def test_a_missing_idempotency_key_is_400() -> None:
    assert ask("POST", "/v1/groups/G1/orders", headers=LOGGED_IN, body=GOOD_ORDER).status == 400


def test_two_different_idempotency_keys_in_one_request_are_400() -> None:
    event = gateway_event("POST", "/v1/groups/G1/orders", headers=KEYED, body=GOOD_ORDER)
    event["multiValueHeaders"]["Idempotency-Key"] = ["key-0001", "key-0002"]
    assert answered(APP(event, None)).json["code"] == "idempotency_key_required"


def fingerprint(body: Any, group: str = "G1") -> str:
    headers = {**KEYED, "Content-Type": "application/json"}
    reply = ask("POST", f"/v1/groups/{group}/orders", headers=headers, body=body)
    return str(reply.json["said"]["fingerprint"])


def test_the_same_request_has_the_same_fingerprint_however_it_is_spelt() -> None:
    assert fingerprint('{"lines":[{"sku":"TEA","units":2}],"note":"团"}') == fingerprint(
        '{ "note": "\\u56e2", "lines": [ { "units": 2, "sku": "TEA" } ] }'
    )


def test_another_body_or_another_path_has_another_fingerprint() -> None:
    several = [fingerprint(GOOD_ORDER), fingerprint(GOOD_ORDER, "G2"), fingerprint({**GOOD_ORDER, "pay_fen": 1})]
    assert len(set(several)) == 3


# Request ids, headers


@pytest.mark.parametrize("offered", ["abcdefgh", "A1._-" * 4, "x" * 64])
def test_a_good_request_id_of_the_client_is_kept(offered: str) -> None:
    assert ask("GET", "/v1/health", headers={"x-request-ID": offered}).headers["X-Request-Id"] == offered


@pytest.mark.parametrize("offered", ["", "short", "x" * 65, "with space 1", "inject\r\nSet-Cookie: a=b"])
def test_a_bad_request_id_gives_way_to_the_gateways(offered: str) -> None:
    reply = ask("GET", "/v1/health", headers={"X-Request-Id": offered}, gateway_id="gateway-0001")
    assert reply.headers["X-Request-Id"] == "gateway-0001"


def test_without_any_request_id_one_is_made() -> None:
    assert len(ask("GET", "/v1/health", gateway_id="").headers["X-Request-Id"]) == 26


@pytest.mark.parametrize(
    "reply",
    [
        lambda: ask("GET", "/v1/health"),
        lambda: ask("GET", "/v1/nothing"),
        lambda: ask("POST", "/v1/fail", body={"how": "badly"}),
        lambda: ask("DELETE", "/v1/groups/G1/seat", headers=LOGGED_IN),
        lambda: ask("GET", "/v1/words/picture"),
        lambda: send_order("{"),
    ],
)
def test_every_answer_carries_type_request_id_cache_and_security_headers(reply: Callable[[], Reply]) -> None:
    headers = reply().headers
    assert {"Content-Type", "X-Request-Id", "Cache-Control"} <= set(headers)
    assert headers["Vary"] == "Accept-Language"
    assert headers.items() >= SECURITY.items()


def test_a_success_is_cached_as_its_operation_says_and_a_problem_never() -> None:
    assert ask("GET", "/v1/words/a").headers["Cache-Control"] == "public, max-age=60"
    assert ask("GET", "/v1/words/a", query={"x": "1"}).headers["Cache-Control"] == "no-store"
    assert ask("GET", "/v1/health").headers["Cache-Control"] == "no-store"


def test_the_clients_address_is_the_gateways_word_and_not_the_clients() -> None:
    reply = ask("GET", "/v1/words/a", headers={"X-Forwarded-For": "6.6.6.6"}, source_ip="10.0.0.1")
    assert reply.json["said"]["ip"] == "10.0.0.1"


def test_an_event_with_hardly_anything_in_it_is_answered() -> None:
    event: dict[str, Any] = {
        "httpMethod": "GET",
        "path": "/v1/health",
        "requestContext": {},
        "headers": None,
        "body": None,
    }
    assert APP(event, None)["statusCode"] == 200


def test_bytes_are_sent_in_base64() -> None:
    response = APP(gateway_event("GET", "/v1/words/picture"), None)
    assert (response["isBase64Encoded"], response["body"]) == (True, "iVBORwA=")


# What is logged


def test_a_request_leaves_one_line_that_is_access_log_and_metric(capsys: pytest.CaptureFixture[str]) -> None:
    send_order(GOOD_ORDER, X_Request_Id="request-0001")
    (line,) = lines(capsys.readouterr().out)
    assert line["event"] == "request"
    assert (line["route"], line["status"], line["code"]) == ("POST /v1/groups/{gid}/orders", 201, None)
    assert (line["mid"], line["request_id"]) == ("M1", "request-0001")
    assert line["RequestMs"] > 0
    assert line["_aws"]["CloudWatchMetrics"][0]["Metrics"] == [{"Name": "RequestMs", "Unit": "Milliseconds"}]


def test_the_access_line_holds_nothing_that_the_client_sent(capsys: pytest.CaptureFixture[str]) -> None:
    ask("GET", "/v1/words/13800138000", headers={"Authorization": "Bearer sesame", "User-Agent": "phone"})
    ask("GET", "/v1/unknown-13800138000")
    ask("GET", "/v1/groups", headers=LOGGED_IN, query={"cursor": "13800138000"}, source_ip="203.0.113.7")
    out = capsys.readouterr().out
    assert not [word for word in ("13800138000", "sesame", "phone", "203.0.113.7") if word in out]


def test_a_bug_is_500_counted_and_logged_with_its_stack_and_tells_the_client_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    reply = ask("POST", "/v1/fail", body={"how": "badly"}, headers={"X-Request-Id": "request-0002"})
    assert (reply.status, reply.json["code"], reply.json["request_id"]) == (500, "internal", "request-0002")
    bug, metric, access = lines(capsys.readouterr().out)
    assert (bug["event"], bug["exception"], bug["request_id"]) == ("unhandled", "ZeroDivisionError", "request-0002")
    assert any("sample.py" in frame for frame in bug["stack"])
    assert (metric["ServerErrors"], metric["route"]) == (1, "POST /v1/fail")
    assert (access["status"], access["code"]) == (500, "internal")
    assert "ZeroDivision" not in reply.text
    assert "secret-openid" not in reply.text + json.dumps(bug)


def test_an_answer_that_cannot_be_written_is_500_and_not_a_crash() -> None:
    assert ask("POST", "/v1/fail", body={"how": "unencodable"}).status == 500


def test_an_unknown_outcome_is_503_that_asks_to_come_again() -> None:
    reply = ask("POST", "/v1/fail", body={"how": "unknown"})
    assert (reply.status, reply.json["code"]) == (503, "outcome_unknown")
    assert reply.headers["Retry-After"] == "1"
    assert reply.json["next"]


def test_the_edge_loads_no_storage_client_and_no_deploy_code() -> None:
    heavy = "boto3 botocore pynamodb jwt cryptography chalice.deploy chalice.cli requests"
    code = f"import sys, chalicelib.edge.routes; print([m for m in {heavy.split()} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
