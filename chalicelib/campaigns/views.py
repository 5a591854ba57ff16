"""What every play's detail tells: why an act would be refused."""

from __future__ import annotations

import msgspec

from chalicelib.core.errors import Language, RippleError


class WhyNot(msgspec.Struct, kw_only=True):
    """Why an action would be refused now: the problem's code and its sentence in the client's language."""

    code: str
    detail: str
    next: str | None = None


def why_not(refused: RippleError | None, language: Language) -> WhyNot | None:
    """The refusal as a detail tells it before it happens."""
    if refused is None:
        return None
    told = refused.told(language)
    return WhyNot(code=refused.problem.code, detail=told["detail"], next=told.get("next"))
