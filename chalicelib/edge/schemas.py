"""JSON Schemas of the declared types: what msgspec says, plus the rule on control characters that the edge adds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from chalicelib.edge.operation import Operation

REFERENCE = "#/components/schemas/{name}"

PRINTABLE = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"
PRINTABLE_OR_LINES = "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$"


class Schemas:
    """Every type that ``operations`` declare, and the components that their schemas refer to."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        declared = list(operations)
        types: dict[int, Any] = {}
        for one in declared:
            for type_ in (one.body, one.query, one.answer):
                if type_ is not None:
                    types[id(type_)] = type_
        made, self.components = msgspec.json.schema_components(list(types.values()), ref_template=REFERENCE)
        self._by_type = dict(zip(types, made, strict=True))
        seen: set[str] = set()
        for one in declared:
            for type_ in (one.body, one.query):
                if type_ is not None:
                    self._insist_printable(self.of(type_), seen)
        self._parameters = {id(one.query): self._members(one.query) for one in declared if one.query is not None}
        # A query has no schema of its own in the document: its members are parameters.
        for one in declared:
            if one.query is not None:
                self.components.pop(_name(self.of(one.query)), None)

    def of(self, type_: Any) -> dict[str, Any]:
        """The schema of a declared type, usually a reference."""
        found: dict[str, Any] = self._by_type[id(type_)]
        return found

    def parameters(self, query: Any) -> Iterator[tuple[str, bool, dict[str, Any]]]:
        """Name, whether it is required, and schema of every member of a query type."""
        yield from self._parameters[id(query)]

    def _members(self, query: Any) -> list[tuple[str, bool, dict[str, Any]]]:
        schema = self.components[_name(self.of(query))]
        required = schema.get("required", ())
        return [(name, name in required, member) for name, member in schema["properties"].items()]

    def _insist_printable(self, node: Any, seen: set[str]) -> None:
        """Say of every string that a request may hold which characters it may hold."""
        if isinstance(node, list):
            for member in node:
                self._insist_printable(member, seen)
            return
        if not isinstance(node, dict):
            return
        if isinstance(node.get("$ref"), str) and _name(node) not in seen:
            seen.add(_name(node))
            self._insist_printable(self.components[_name(node)], seen)
        if node.get("type") == "string" and not node.keys() & {"pattern", "enum", "const", "format"}:
            node["pattern"] = PRINTABLE_OR_LINES if node.get("x-multiline") else PRINTABLE
        if isinstance(node.get("additionalProperties"), dict):
            node.setdefault("propertyNames", {"pattern": PRINTABLE})
            self._insist_printable(node["additionalProperties"], seen)
        for name in ("anyOf", "items", "prefixItems"):
            self._insist_printable(node.get(name), seen)
        self._insist_printable(list(node.get("properties", {}).values()), seen)


def _name(schema: dict[str, Any]) -> str:
    return str(schema["$ref"]).rsplit("/", 1)[1]
