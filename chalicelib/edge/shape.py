"""What a declared type is made of: where in a document its lines, its instants and its tags stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import inspect

Path = tuple[str, ...]
"""Where a value stands in a document; ``*`` is any index or key."""


def multiline_fields(type_: Any) -> frozenset[Path]:
    """Paths of the strings that may hold several lines: ``Meta(extra_json_schema={"x-multiline": True})``."""
    return frozenset(path for path, node in nodes(type_) if _extra(node).get("x-multiline"))


def instant_fields(type_: Any) -> list[Path]:
    """Paths of the date-times."""
    return [path for path, node in nodes(type_) if isinstance(node, inspect.DateTimeType)]


def lone_tags(type_: Any) -> list[tuple[Path, str]]:
    """Paths of the structs that carry a tag and stand in no union: msgspec takes those without it, and we do not."""
    structs = [(path, node) for path, node in nodes(type_, unions=False) if isinstance(node, inspect.StructType)]
    return [(path, node.tag_field) for path, node in structs if node.tag_field is not None and "*" not in path]


def nodes(type_: Any, *, unions: bool = True) -> Iterator[tuple[Path, inspect.Type]]:
    """Every type that a document of ``type_`` is made of, and where; without ``unions`` not what stands in one."""
    waiting: list[tuple[Path, inspect.Type, tuple[type, ...]]] = [((), inspect.type_info(type_), ())]
    while waiting:
        path, node, inside = waiting.pop()
        yield path, node
        if isinstance(node, inspect.Metadata):
            waiting.append((path, node.type, inside))
        elif isinstance(node, inspect.StructType) and node.cls not in inside:
            waiting += [((*path, f.encode_name), f.type, (*inside, node.cls)) for f in node.fields]
        elif isinstance(node, inspect.CollectionType):
            waiting.append(((*path, "*"), node.item_type, inside))
        elif isinstance(node, inspect.DictType):
            waiting.append(((*path, "*"), node.value_type, inside))
        elif isinstance(node, inspect.UnionType) and unions:
            waiting += [(path, one, inside) for one in node.types]


def _extra(node: inspect.Type) -> dict[str, Any]:
    return (isinstance(node, inspect.Metadata) and node.extra_json_schema) or {}
