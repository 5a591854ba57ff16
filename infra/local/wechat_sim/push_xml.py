"""A pushed message as XML: texts in CDATA, a list as the same element again, subscriptions in one of their own."""

from __future__ import annotations

from typing import Any


def document(members: dict[str, Any]) -> bytes:
    """The message; what JSON lists at its top stands here in an element that is named after the event."""
    told = dict(members)
    if "List" in told:
        told["".join(map(str.capitalize, told["Event"].split("_")))] = {"List": told.pop("List")}
    return _element("xml", told).encode()


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if isinstance(value, dict):
        inner = "".join(_element(each, value[each]) for each in value)
    elif isinstance(value, str):
        inner = f"<![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]>"
    else:
        inner = str(value)
    return f"<{name}>{inner}</{name}>"
