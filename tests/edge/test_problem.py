"""A refusal is RFC 9457 problem+json that a program can decide by and a person can read."""

from __future__ import annotations

import pytest

from chalicelib.core.errors import INVALID_FIELD, PROBLEMS, Language, Problem, RippleError
from chalicelib.edge.problem import document
from tests.edge.sample import SEATS_TAKEN, ask


def test_a_problem_has_every_standard_member_the_facts_and_the_next_step() -> None:
    headers = {"Accept-Language": "en", "X-Request-Id": "request-0003"}
    reply = ask("POST", "/v1/fail", headers=headers, body={"how": "full"})
    assert reply.status == 409
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.headers["Content-Language"] == "en"
    assert reply.json == {
        "type": "urn:ripple:problem:sample_seats_taken",
        "title": "Sample seats taken",
        "status": 409,
        "code": "sample_seats_taken",
        "detail": "All seats are taken, 0 left.",
        "request_id": "request-0003",
        "left": 0,
        "errors": [{"pointer": "/seat", "detail": "All seats are taken, 0 left."}],
        "next": "Open a group of your own.",
    }


def test_the_same_problem_in_chinese_differs_only_in_what_people_read() -> None:
    english = document(RippleError(SEATS_TAKEN, "/seat", left=0), "en", "r")
    chinese = document(RippleError(SEATS_TAKEN, "/seat", left=0), "zh", "r")
    assert chinese["detail"] == "座位已满，还剩 0 个"
    assert chinese["next"] == "开一个新团"
    assert {name for name in english if english[name] != chinese[name]} == {"detail", "next", "errors"}


def test_a_fact_in_two_languages_is_shown_in_one() -> None:
    raised = RippleError(INVALID_FIELD, "/ends_at", reason=("太早", "it is too early"))
    assert document(raised, "en", "r")["detail"] == "Field /ends_at is wrong: it is too early"
    assert document(raised, "zh", "r")["detail"] == "字段 /ends_at 不正确：太早"


def test_facts_never_replace_standard_members() -> None:
    raised = RippleError(SEATS_TAKEN, status=200, code="ok", left=1)
    body = document(raised, "en", "r")
    assert (body["status"], body["code"], body["left"]) == (409, "sample_seats_taken", 1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_declared_problem_can_be_shown_even_without_its_facts(language: Language) -> None:
    for problem in PROBLEMS.values():
        body = document(RippleError(problem), language, "r")
        assert body["detail"]
        assert "{" not in body["detail"]


def test_a_code_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        Problem("not_found", 404, "x", "x")
