"""From bytes and query parameters to the types an operation declares; every refusal is a 4xx that says where.

An integral float (``87.0``) is no integer: the money of a request is written as an integer or refused.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from chalicelib.core.errors import INVALID_FIELD, MALFORMED, TOO_LARGE, UNSUPPORTED_MEDIA, RippleError
from chalicelib.edge import reason
from chalicelib.edge.shape import Path, instant_fields, lone_tags, multiline_fields
from chalicelib.edge.syntax import escaped, insist_encodable, read

BODY_LIMIT = 64 * 1024
"""The largest request body, in bytes, where an operation names no other: API Gateway would take 10 MB."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL_BUT_LINES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# In the bytes: an escape that may stand for a control character, or DEL and C1 as they are. May find too much.
_CONTROL_HINT = re.compile(rb"\\(?:u00[01789]|[bfnrt])|\x7f|\xc2[\x80-\x9f]")
_INTEGER = re.compile("-?[0-9]+")
_EMPTY_OBJECT = re.compile(rb"\s*\{\s*\}\s*|\s*")

Decoded = tuple[Any, Any]
"""The typed value and the plain one, which the fingerprint of the request is made from."""


def body_bytes(event: Mapping[str, Any], limit: int = BODY_LIMIT) -> bytes:
    """The body as received. Raises `RippleError` TOO_LARGE, or MALFORMED for what is not the base64 it claims to be."""
    body = event.get("body")
    if not body:
        return b""
    if event.get("isBase64Encoded"):
        if len(body) > limit * 4 // 3 + 4:
            raise RippleError(TOO_LARGE, limit=limit)
        try:
            raw = base64.b64decode(body, validate=True)
        except (binascii.Error, ValueError):
            raise RippleError(MALFORMED, reason=("不是有效的 base64", "it is not base64")) from None
    else:
        raw = body.encode("utf-8", "surrogatepass")
    if len(raw) > limit:
        raise RippleError(TOO_LARGE, limit=limit)
    return raw


def insist_nothing(raw: bytes) -> None:
    """Refuse a body where none is expected; ``{}`` counts as none, since some clients always send an object."""
    if raw and not _EMPTY_OBJECT.fullmatch(raw):
        raise RippleError(MALFORMED, reason=("此接口不接受请求体", "this operation takes no body"))


def body_decoder(type_: Any) -> Callable[[bytes, str], Decoded]:
    """A function of (body, content type) for ``type_``, prepared once.

    It raises `RippleError` UNSUPPORTED_MEDIA, MALFORMED or INVALID_FIELD.
    """
    decode = msgspec.json.Decoder(type_).decode
    multiline, tagged, instants = multiline_fields(type_), lone_tags(type_), instant_fields(type_)

    def decoded(raw: bytes, content_type: str) -> Decoded:
        if not raw or raw.isspace():
            raise RippleError(MALFORMED, reason=("缺少请求体", "a body is required"))
        if content_type != "application/json" and not _is_json(content_type):
            raise RippleError(UNSUPPORTED_MEDIA)
        plain = read(raw)
        try:
            value = decode(raw)
        except msgspec.ValidationError as wrong:
            raise reason.explain(str(wrong)) from None
        except (msgspec.DecodeError, UnicodeError, RecursionError, OverflowError):
            # What the standard library reads and msgspec does not, chiefly half of a surrogate pair.
            insist_encodable(plain)
            raise RippleError(MALFORMED, reason=("不是有效的 JSON", "it is not JSON")) from None
        for path, tag in tagged:
            _insist_tagged(plain, path, tag)
        for path in instants:
            _insist_our_time(plain, path, "")
        if _CONTROL_HINT.search(raw):
            _insist_printable(plain, multiline, (), "")
        return value, plain

    return decoded


def query_decoder(type_: Any, *, others: bool = False) -> Callable[[Mapping[str, list[str]]], Any]:
    """A function of the query parameters for ``type_`` (None: no parameter is known), prepared once.

    ``others``: parameters that are not known are left aside, not refused. It raises `RippleError` MALFORMED for a
    repeated or unknown parameter, INVALID_FIELD for a wrong one; the pointer is ``?name``.
    """
    known = {} if type_ is None else {f.encode_name: f.name for f in msgspec.structs.fields(type_)}

    def decoded(parameters: Mapping[str, list[str]]) -> Any:
        if others:
            parameters = {name: values for name, values in parameters.items() if name in known}
        for name, values in parameters.items():
            pointer = f"?{escaped(name)}"
            if name not in known:
                raise RippleError(MALFORMED, pointer, reason=(f"没有参数 {pointer}", f"there is no {pointer}"))
            if len(values) != 1:
                raise RippleError(MALFORMED, pointer, reason=(f"参数 {pointer} 重复", f"{pointer} is repeated"))
            if _CONTROL.search(values[0]):
                raise RippleError(INVALID_FIELD, pointer, reason=reason.CONTROL)
        if type_ is None:
            return None
        given = {name: values[0] for name, values in parameters.items()}
        try:
            value = msgspec.convert(given, type_, strict=False)
        except msgspec.ValidationError as wrong:
            raise reason.explain(str(wrong), query=True) from None
        for name, text in given.items():
            _insist_plain_number(getattr(value, known[name]), text, f"?{name}")
        return value

    return decoded


def _insist_our_time(plain: Any, path: Path, pointer: str) -> None:
    """Refuse an instant outside this century: at the ends of the calendar there is no other zone to tell it in."""
    if not path:
        if isinstance(plain, str) and not plain.startswith("20"):
            raise RippleError(INVALID_FIELD, pointer, reason=reason.CENTURY)
        return
    step, rest = path[0], path[1:]
    if step == "*":
        members = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
        for name, member in members:
            _insist_our_time(member, rest, f"{pointer}/{escaped(str(name))}")
    elif isinstance(plain, dict) and step in plain:
        _insist_our_time(plain[step], rest, f"{pointer}/{step}")


def _insist_tagged(plain: Any, path: Path, tag: str) -> None:
    """Refuse what is there without its tag; msgspec has checked all the rest."""
    for step in path:
        plain = plain.get(step)
        if plain is None:
            return
    if tag not in plain:
        raise RippleError(INVALID_FIELD, "".join(f"/{step}" for step in (*path, tag)), reason=reason.MISSING)


def _is_json(content_type: str) -> bool:
    media, _, parameters = content_type.partition(";")
    charset = re.search(r'charset\s*=\s*"?([^";\s]*)', parameters, re.IGNORECASE)
    return media.strip().lower() == "application/json" and (charset is None or charset[1].lower() in ("utf-8", "utf8"))


def _insist_plain_number(value: Any, text: str, pointer: str) -> None:
    """Refuse what lax conversion takes for a number and a body would not: ``5.0`` and ``1e2`` as integers, ``nan``."""
    if type(value) is int and not _INTEGER.fullmatch(text):
        raise RippleError(INVALID_FIELD, pointer, reason=reason.INTEGER)
    if type(value) is float and not math.isfinite(value):
        raise RippleError(INVALID_FIELD, pointer, reason=reason.OTHER)


def _insist_printable(value: Any, multiline: frozenset[Path], path: Path, pointer: str) -> None:
    if isinstance(value, str):
        forbidden = _CONTROL_BUT_LINES if _allows(multiline, path) else _CONTROL
        if forbidden.search(value):
            raise RippleError(INVALID_FIELD, pointer, reason=reason.CONTROL)
    elif isinstance(value, dict):
        for name, member in value.items():
            inner = f"{pointer}/{escaped(name)}"
            if _CONTROL.search(name):
                raise RippleError(INVALID_FIELD, inner, reason=reason.CONTROL)
            _insist_printable(member, multiline, (*path, name), inner)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            _insist_printable(member, multiline, (*path, "*"), f"{pointer}/{index}")


def _allows(multiline: frozenset[Path], path: Path) -> bool:
    return any(
        len(allowed) == len(path) and all(a in ("*", step) for a, step in zip(allowed, path, strict=True))
        for allowed in multiline
    )
