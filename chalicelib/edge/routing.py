"""Which operation a request is for: the gateway's resource path, or its path matched against the templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import unquote

from chalicelib.core.errors import NOT_FOUND, RippleError

T = TypeVar("T")

_PARAMETER = re.compile(r"\{([a-z_]+)\}")
_TEMPLATE = re.compile(r"(/([A-Za-z0-9._-]+|\{[a-z_]+\}))+")
# No control character, space, or character that separates parts of a path or of a storage key.
_GOOD_PARAMETER = re.compile("[^\x00-\x20\x7f-\x9f/\\\\#|\ud800-\udfff]{1,128}")
PARAMETER_LIMIT = 128


def parameters_of(template: str) -> tuple[str, ...]:
    """The names of the parameters in a path template such as ``/v1/groups/{gid}``."""
    return tuple(_PARAMETER.findall(template))


class Routes(Generic[T]):
    """A table from method and path template to what is served there."""

    def __init__(self) -> None:
        self._exact: dict[tuple[str, str], T] = {}
        self._templates: dict[tuple[str, int], list[tuple[tuple[str, ...], str]]] = {}

    def add(self, method: str, template: str, target: T) -> None:
        """Serve ``target`` there. Raises ValueError for a bad template or one that is taken."""
        if not _TEMPLATE.fullmatch(template):
            raise ValueError(f"not a path template: {template!r}")
        if (method, template) in self._exact:
            raise ValueError(f"{method} {template} is served twice")
        self._exact[method, template] = target
        segments = tuple(template.split("/")[1:])
        candidates = self._templates.setdefault((method, len(segments)), [])
        candidates.append((segments, template))
        # A literal segment wins over a parameter, as at API Gateway.
        candidates.sort(key=lambda known: [segment.startswith("{") for segment in known[0]])

    def find(self, event: Mapping[str, Any]) -> tuple[T, dict[str, str]]:
        """The target of an API Gateway event and its path parameters, decoded. Raises `RippleError` NOT_FOUND."""
        context = event.get("requestContext") or {}
        method = context.get("httpMethod") or event.get("httpMethod") or ""
        resource = context.get("resourcePath") or event.get("resource") or ""
        target = self._exact.get((method, resource))
        if target is not None:
            names = parameters_of(resource) if "{" in resource else ()
            given = event.get("pathParameters") or {}
            if all(name in given for name in names):
                return target, {name: _decoded(given[name]) for name in names}
        return self._match(method, event.get("path") or "")

    def _match(self, method: str, path: str) -> tuple[T, dict[str, str]]:
        start, *segments = path.split("/")
        if start:
            raise RippleError(NOT_FOUND)
        for template, resource in self._templates.get((method, len(segments)), ()):
            if all(wanted.startswith("{") or wanted == given for wanted, given in zip(template, segments, strict=True)):
                pairs = zip(template, segments, strict=True)
                found = {wanted[1:-1]: _decoded(given) for wanted, given in pairs if wanted.startswith("{")}
                return self._exact[method, resource], found
        raise RippleError(NOT_FOUND)


def _decoded(given: str) -> str:
    """A path parameter, percent-decoded once: REST APIs hand it over as it was sent."""
    try:
        text = unquote(given, errors="strict") if "%" in given else given
    except UnicodeDecodeError:
        raise RippleError(NOT_FOUND) from None
    if not _GOOD_PARAMETER.fullmatch(text):
        raise RippleError(NOT_FOUND)
    return text
