"""XML as WeChat writes it is read as another library reads it; everything else is refused, whatever it is."""

from __future__ import annotations

from typing import Any

import pytest
import xmltodict
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.wechat.xml import DEEPEST, LARGEST, MOST, xml_object

POPUP = """<?xml version="1.0" encoding="GBK"?>
<xml>
  <ToUserName><![CDATA[gh_1]]></ToUserName> <CreateTime>1794398400</CreateTime> <Nothing/> <!-- so it goes -->
  <SubscribeMsgPopupEvent>
    <List><TemplateId><![CDATA[t1]]></TemplateId><PopupScene>0</PopupScene></List>
    <List><TemplateId><![CDATA[<b> & ]]]]><![CDATA[>]]></TemplateId><Status>团&#x56E2;&lt;</Status></List>
    <List kind="none">alone</List>
  </SubscribeMsgPopupEvent>
</xml>"""


def test_a_message_is_read() -> None:
    entries = [{"TemplateId": "t1", "PopupScene": "0"}, {"TemplateId": "<b> & ]]>", "Status": "团团<"}, "alone"]
    said = {"ToUserName": "gh_1", "CreateTime": "1794398400", "Nothing": ""}
    assert xml_object(POPUP.encode()) == {**said, "SubscribeMsgPopupEvent": {"List": entries}}


@pytest.mark.parametrize("document", [b"<xml></xml>", b"<xml/>", b"<xml> words </xml>"])
def test_a_document_without_elements_says_nothing(document: bytes) -> None:
    assert xml_object(document) == {}


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x><a>&b;</a></x>'
FILES = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x><a>&a;</a></x>'


@pytest.mark.parametrize(
    "document",
    [
        *[LAUGHS, FILES, b"<!DOCTYPE x><x/>", b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><x/>', b"<x>&a;</x>"],
        *[b"", b"   ", b"<", b"<x>", b"<x></y>", b"<x/><x/>", b"words", b"<x>\xff</x>", b"<x>\x00</x>", b"<x a=1/>"],
        "<x>团</x>".encode("gbk"),
        "<x/>".encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-16"?>' + "<x/>".encode("utf-16-le"),
    ],
)
def test_anything_else_is_refused(document: bytes) -> None:
    with pytest.raises(ValueError, match="XML|DOCTYPE|decode"):
        xml_object(document)


def test_what_is_large_or_deep_is_refused() -> None:
    deep = b"<x>" * DEEPEST + b"</x>" * DEEPEST
    many = b"<x>" + b"<a/>" * (MOST - 1) + b"</x>"
    large = b"<x><a>" + b"l" * (LARGEST - len("<x><a></a></x>")) + b"</a></x>"
    assert len(xml_object(many)["a"]) == MOST - 1
    assert len(xml_object(large)["a"]) > LARGEST - 20
    assert xml_object(deep)
    for document in (b"<x>" + deep + b"</x>", many.replace(b"</x>", b"<a/></x>"), large + b" "):
        with pytest.raises(ValueError, match="too"):
            xml_object(document)


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="￾￿"), max_size=20)
NAMES = st.sampled_from(["Event", "List", "TemplateId", "团"])
VALUES: st.SearchStrategy[Any] = st.recursive(
    TEXTS.map(str.strip),
    lambda inner: st.dictionaries(NAMES, inner | st.lists(inner, min_size=1, max_size=3), min_size=1, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, VALUES, min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_another_library_reads_the_same(members: dict[str, Any]) -> None:
    document = xmltodict.unparse({"xml": members}).encode()
    read = xmltodict.parse(document)["xml"]
    assert xml_object(document) == _without_nothing(read)


def _without_nothing(value: Any) -> Any:
    """The other library says None where an element is empty."""
    if isinstance(value, dict):
        return {name: _without_nothing(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_without_nothing(each) for each in value]
    return value or ""


PIECES = st.sampled_from(["<a>", "</a>", "<![CDATA[", "]]>", "&lt;", "x", "<!", "<?", ">"])


@given(st.binary(max_size=60) | st.lists(PIECES).map(lambda pieces: "".join(pieces).encode()))
@settings(max_examples=150, deadline=None)
def test_garbage_is_refused_and_nothing_else_happens(document: bytes) -> None:
    try:
        assert isinstance(xml_object(document), dict)
    except ValueError:
        return
