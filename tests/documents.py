"""The pages of docs/ as their tests read them: what they show is answered, and what they name is all there is."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec

ANSWER = re.compile(r"<!-- answer: (\w+) -->\n```json\n(.*?)```", re.DOTALL)
ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def shown(page: str) -> dict[str, Any]:
    """The answers that a page shows, by name."""
    return {name: json.loads(text) for name, text in ANSWER.findall(page)}


def shape(value: Any) -> Any:
    """The keys of an answer, all the way down, and the kinds of what stands there."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items()}
    return [shape(part) for part in value] if isinstance(value, list) else type(value).__name__


def rows(table: str) -> set[str]:
    """What a table names in its first column."""
    return set(ROW.findall(table))


def told(page: str, heading: str) -> set[str]:
    """What the tables of a section name in their first column."""
    section = page.split(f"### {heading}\n")[1]
    return rows(re.split(r"\n##", section, maxsplit=1)[0])


def names(kind: type[msgspec.Struct]) -> set[str]:
    """The fields of a document."""
    return {field.name for field in msgspec.structs.fields(kind)}
