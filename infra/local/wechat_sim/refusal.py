"""How WeChat says no: numbers with HTTP 200 in the mini-program API, codes with HTTP statuses in WeChat Pay."""

from __future__ import annotations

from typing import Any


class ApiRefusal(Exception):
    """An ``errcode`` of the mini-program API."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errmsg)
        self.errcode = errcode
        self.errmsg = errmsg


class PayRefusal(Exception):
    """An error of WeChat Pay. ``detail_code`` ends the Request-ID of the answer."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        detail: dict[str, Any] | None = None,
        detail_code: int = 268435456,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail
        self.detail_code = detail_code

    @property
    def document(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.detail is not None:
            body["detail"] = self.detail
        return body


class ControlRefusal(Exception):
    """The control API cannot do what was asked."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


class Dropped(Exception):
    """The connection is closed without an answer, before or after the act."""


def invalid(field: str, issue: str, value: Any = "", *, detail_code: int = 268435460) -> PayRefusal:
    """A PARAM_ERROR that names the field by its JSON pointer."""
    return PayRefusal(
        400,
        "PARAM_ERROR",
        issue,
        detail={"field": field, "value": value, "issue": issue, "location": "body"},
        detail_code=detail_code,
    )
