"""JSON as bytes: what makes a body unreadable before any type is looked at, and where.

msgspec is fast but takes duplicate keys and gives no position for several faults, so a body is first read by the
standard library's C scanner; the slower searches here run only on a body that is refused or looks as if it might be.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from chalicelib.core.errors import MALFORMED, RippleError

DEPTH_LIMIT = 32
"""The deepest nesting of arrays and objects that is read; no request of ours needs more than five."""

# Possessive, with an optional closing quote: linear also on hostile text.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{},]|[^\s\[\]{},":]+', re.DOTALL)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class _NotFinite(Exception):
    pass


class _DuplicateKey(Exception):
    pass


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _DuplicateKey
    return members


def _constant(_: str) -> NoReturn:
    raise _NotFinite


_SCANNER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_constant)


def read(raw: bytes) -> Any:
    """The JSON value of ``raw``. Raises `RippleError` MALFORMED with the position, and the pointer of a twin key."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as wrong:
        raise RippleError(MALFORMED, reason=("不是有效的 UTF-8", "it is not UTF-8"), byte=wrong.start) from None
    if text.count("[") + text.count("{") > DEPTH_LIMIT:
        _insist_shallow(text)
    try:
        return _SCANNER.decode(text)
    except json.JSONDecodeError as wrong:
        raise _at(text, wrong.pos, ("不是有效的 JSON", f"it is not JSON ({wrong.msg.removesuffix(' at')})")) from None
    except _DuplicateKey:
        pointer, offset = _duplicate(text)
        raise _at(text, offset, ("同一个键出现了两次", "a key appears twice"), pointer) from None
    except _NotFinite:
        found = next(m for m in _TOKEN.finditer(text) if m[0].startswith(("NaN", "Infinity", "-Infinity")))
        raise _at(text, found.start(), ("数字必须是有限的", "a number must be finite")) from None
    except ValueError:
        # The interpreter's own limit on the digits of an integer, which has no position.
        raise RippleError(MALFORMED, reason=("数字过长", "a number has too many digits")) from None


def insist_encodable(value: Any, pointer: str = "") -> None:
    """Refuse half of a surrogate pair (an escaped d800 … dfff alone), which no encoder downstream would take."""
    if isinstance(value, str):
        if _LONE_SURROGATE.search(value):
            raise RippleError(MALFORMED, pointer, reason=("字符串不是有效的 Unicode", "a string is not Unicode"))
    elif isinstance(value, dict):
        for name, member in value.items():
            insist_encodable(name, pointer)
            insist_encodable(member, f"{pointer}/{escaped(name)}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            insist_encodable(member, f"{pointer}/{index}")


def escaped(name: str) -> str:
    """One reference token of a JSON pointer (RFC 6901 §3), printable and cut at 64 characters."""
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name[:64])
    return shown.replace("~", "~0").replace("/", "~1")


def _at(text: str, offset: int, reason: tuple[str, str], pointer: str | None = None) -> RippleError:
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    where = (f"{reason[0]}（第 {line} 行第 {column} 列）", f"{reason[1]} at line {line}, column {column}")
    return RippleError(MALFORMED, pointer, reason=where, line=line, column=column)


def _insist_shallow(text: str) -> None:
    depth = 0
    for found in _TOKEN.finditer(text):
        if found[0] in ("[", "{"):
            depth += 1
            if depth > DEPTH_LIMIT:
                reason = (f"嵌套超过 {DEPTH_LIMIT} 层", f"it is nested deeper than {DEPTH_LIMIT}")
                raise _at(text, found.start(), reason)
        elif found[0] in ("]", "}"):
            depth -= 1


class _Open:
    """An array or object that the search stands in, and the member it is at."""

    __slots__ = ("awaiting_name", "index", "is_object", "name", "names")

    def __init__(self, bracket: str) -> None:
        self.is_object = self.awaiting_name = bracket == "{"
        self.names: set[str] = set()
        self.name = ""
        self.index = 0

    def step(self) -> str:
        return f"/{escaped(self.name) if self.is_object else self.index}"


def _duplicate(text: str) -> tuple[str, int]:
    """Where the first repeated key of ``text`` stands: its pointer and its offset."""
    opened: list[_Open] = []
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token in ("{", "["):
            opened.append(_Open(token))
        elif token in ("}", "]"):
            opened.pop()
        elif token == ",":
            opened[-1].awaiting_name = opened[-1].is_object
            opened[-1].index += 1
        elif opened and opened[-1].awaiting_name:
            inner = opened[-1]
            inner.name, inner.awaiting_name = json.loads(token), False
            if inner.name in inner.names:
                return "".join(level.step() for level in opened), found.start()
            inner.names.add(inner.name)
    raise AssertionError("the scanner found a duplicate key")
