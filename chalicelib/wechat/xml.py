"""Small documents in XML, as WeChat writes its messages: elements and texts, and nothing that reads anything else.

The standard library's expat does the reading. What could make a small document large, or fetch another one, is refused
before it is looked at: a DOCTYPE, and with it every entity but the five of XML itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

LARGEST = 64 * 1024
"""Bytes of a document: no message that comes to us is larger."""

DEEPEST = 8
"""Elements within one another; messages have four."""

MOST = 2_000
"""Elements of a document."""


def xml_object(document: bytes) -> dict[str, Any]:
    """What is in the document's one element: a text by each name, a dict where there are elements in one.

    What is there several times is a list. Attributes, comments, and texts beside elements say nothing. The document is
    in UTF-8, whatever it says of itself. Raises ValueError for anything else, whatever is wrong with it.
    """
    if len(document) > LARGEST:
        raise ValueError("too large")
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(document.decode(), True)
    except expat.ExpatError as wrong:
        raise ValueError("not XML") from wrong
    found = reader.found
    return found if isinstance(found, dict) else {}


@dataclass(slots=True)
class _Element:
    members: dict[str, Any] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    """The elements that are open, from the outermost on."""

    open: list[_Element] = field(default_factory=list)
    elements: int = 0
    found: dict[str, Any] | str = ""

    def doctype(self, *declared: Any) -> None:
        """Nothing is declared here."""
        raise ValueError("a DOCTYPE")

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        self.elements += 1
        if len(self.open) == DEEPEST or self.elements > MOST:
            raise ValueError("too many elements")
        self.open.append(_Element())

    def text(self, text: str) -> None:
        """A piece of a text."""
        self.open[-1].texts.append(text)

    def end(self, name: str) -> None:
        """An element closes, and is a member of the one around it."""
        closed = self.open.pop()
        value = closed.members or "".join(closed.texts)
        if not self.open:
            self.found = value
            return
        members = self.open[-1].members
        if name not in members:
            members[name] = value
        elif isinstance(members[name], list):
            members[name].append(value)
        else:
            members[name] = [members[name], value]
