"""A problem as the client sees it: RFC 9457 application/problem+json in its own language."""

from __future__ import annotations

from typing import Any

from chalicelib.core.errors import Problem, RippleError
from chalicelib.edge.operation import Language

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


class _Facts(dict[str, Any]):
    """A sentence with a fact missing is still a sentence."""

    def __missing__(self, name: str) -> str:
        return "?"


def localised(value: Any, language: Language) -> Any:
    """A pair of strings is (zh, en); anything else is itself."""
    if isinstance(value, tuple) and len(value) == 2 and all(isinstance(text, str) for text in value):
        return value[0] if language == "zh" else value[1]
    return value


def document(raised: RippleError, language: Language, request_id: str) -> dict[str, Any]:
    """The members of the problem body. Facts are extension members and never replace the standard ones."""
    problem = raised.problem
    facts = {name: localised(value, language) for name, value in raised.facts.items()}
    sentence = problem.zh if language == "zh" else problem.en
    shown = "(body)" if raised.pointer == "" else raised.pointer or "?"
    detail = sentence.format_map(_Facts({**facts, "pointer": shown}))
    body: dict[str, Any] = {
        "type": TYPE_PREFIX + problem.code,
        "title": title(problem.code),
        "status": problem.status,
        "code": problem.code,
        "detail": detail,
        "request_id": request_id,
    }
    if raised.pointer is not None:
        body["errors"] = [{"pointer": raised.pointer, "detail": facts.pop("reason", detail)}]
    if problem.next_step is not None:
        body["next"] = localised(problem.next_step, language).format_map(_Facts(facts))
    return {**facts, **body}


def title(code: str) -> str:
    """The short name of a problem, the same in every answer: its code as words."""
    return code.replace("_", " ").capitalize()
