"""One family of errors. A problem is declared once, where its fact is known, with both languages and the next step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.core.money import yuan

Language = Literal["zh", "en"]

PROBLEMS: dict[str, Problem] = {}
"""Every declared problem by its stable code."""


@dataclass(frozen=True)
class Problem:
    """A refusal that clients can rely on: ``code`` never changes its meaning.

    ``zh`` and ``en`` may name facts as ``{placeholders}``; ``next_step`` says (zh, en) what the user can do instead.
    """

    code: str
    status: int
    zh: str
    en: str
    next_step: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        if self.code in PROBLEMS:
            raise ValueError(f"problem code {self.code!r} is declared twice")
        PROBLEMS[self.code] = self


class RippleError(Exception):
    """A problem that happened: ``pointer`` names the field (RFC 6901), ``facts`` fill the sentence and the body."""

    def __init__(self, problem: Problem, pointer: str | None = None, **facts: Any) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.pointer = pointer
        self.facts = facts

    def told(self, language: Language) -> dict[str, Any]:
        """The facts in ``language``, the sentence as ``detail`` and, where there is one, the next step as ``next``."""
        facts = {name: localised(value, language) for name, value in self.facts.items()}
        shown = "(body)" if self.pointer == "" else self.pointer or "?"
        sentence = self.problem.zh if language == "zh" else self.problem.en
        told = {**facts, "detail": sentence.format_map(_Facts({**facts, "pointer": shown}))}
        if self.problem.next_step is not None:
            told["next"] = localised(self.problem.next_step, language).format_map(_Facts(facts))
        return told


class _Facts(dict[str, Any]):
    """What a sentence names: ``{left_yuan}`` is the fact ``left_fen``. With one missing it is still a sentence."""

    def __missing__(self, name: str) -> str:
        fen = self.get(f"{name.removesuffix('_yuan')}_fen") if name.endswith("_yuan") else None
        return yuan(fen) if isinstance(fen, int) else "?"


def localised(value: Any, language: Language) -> Any:
    """A pair of strings is (zh, en); anything else is itself."""
    if isinstance(value, tuple) and len(value) == 2 and all(isinstance(text, str) for text in value):
        return value[0] if language == "zh" else value[1]
    return value


NOT_FOUND = Problem("not_found", 404, "没有找到", "There is nothing here.")
UNAUTHENTICATED = Problem(
    "unauthenticated", 401, "请先登录", "Credentials are missing, wrong or expired.", ("重新登录", "Log in again.")
)
FORBIDDEN = Problem("forbidden", 403, "没有权限", "This key's role does not allow that.")
INVALID_FIELD = Problem("invalid_field", 422, "字段 {pointer} 不正确：{reason}", "Field {pointer} is wrong: {reason}")
MALFORMED = Problem("malformed", 400, "请求无法解析：{reason}", "The request cannot be read: {reason}")
UNSUPPORTED_MEDIA = Problem("unsupported_media", 415, "请使用 application/json", "Send the body as application/json.")
TOO_LARGE = Problem("too_large", 413, "请求内容过大", "The request is larger than {limit} bytes.")
KEY_REQUIRED = Problem(
    "idempotency_key_required",
    400,
    "请求头 Idempotency-Key 缺失或格式不正确（8–255 个可见字符）",
    "The header Idempotency-Key is missing or not 8 to 255 visible characters.",
)
KEY_REUSED = Problem(
    "idempotency_key_reused",
    409,
    "同一个 Idempotency-Key 已用于另一个请求",
    "This Idempotency-Key was used for a different request.",
    ("为新的操作使用新的 Idempotency-Key", "Use a new Idempotency-Key for a new action."),
)
BUSY = Problem(
    "busy",
    503,
    "系统繁忙，请稍后重试",
    "Too busy to answer for certain.",
    ("稍后用同一个请求重试", "Retry the same request."),
)
INTERNAL = Problem("internal", 500, "服务器内部错误", "Something went wrong on our side.")


class Unknown(Exception):
    """An outside party gave no answer that decides anything: ask again, never take it for a failure."""
