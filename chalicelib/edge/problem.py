"""A problem as the client sees it: RFC 9457 application/problem+json in its own language."""

from __future__ import annotations

from typing import Any

from chalicelib.core.errors import Language, Problem, RippleError

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:ripple:problem:"
CONTENT_LANGUAGE = {"zh": "zh-CN", "en": "en"}

OUTCOME_UNKNOWN = Problem(
    "outcome_unknown",
    503,
    "微信暂时没有答复，结果未知",
    "WeChat has not answered yet; the outcome is not known.",
    ("稍后用同一个请求重试", "Retry the same request in a moment."),
)
"""What an operation answers that lets `core.errors.Unknown` escape."""


def document(raised: RippleError, language: Language, request_id: str) -> dict[str, Any]:
    """The members of the problem body. Facts are extension members and never replace the standard ones."""
    problem, facts = raised.problem, raised.told(language)
    body: dict[str, Any] = {
        "type": TYPE_PREFIX + problem.code,
        "title": title(problem.code),
        "status": problem.status,
        "code": problem.code,
        "detail": facts["detail"],
        "request_id": request_id,
    }
    if raised.pointer is not None:
        body["errors"] = [{"pointer": raised.pointer, "detail": facts.pop("reason", body["detail"])}]
    return {**facts, **body}


def title(code: str) -> str:
    """The short name of a problem, the same in every answer: its code as words."""
    return code.replace("_", " ").capitalize()
