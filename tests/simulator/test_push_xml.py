"""Message push as XML, read by a public SDK that others wrote against the real WeChat."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException

from chalicelib.wechat import content
from chalicelib.wechat.content import TextScene
from infra.local.wechat_sim import push_xml
from infra.local.wechat_sim.refusal import ControlRefusal
from tests.simulator.letters import NUMBER, upload
from tests.simulator.test_push import KEY, Server, heard, pushed
from tests.wechat.letters import TEMPLATE, agree, send, template
from tests.wechat.scene import Scene

pytestmark = pytest.mark.usefixtures("emulator")


@pytest.fixture
def server(scene: Scene) -> Server:
    made = Server(scene)
    made.configure(format="xml")
    return made


def opened(server: Server, which: int = -1) -> dict[str, Any]:
    """A message as wechatpy reads it."""
    url, body = server.came[which]
    query = dict(parse_qsl(urlsplit(url).query))
    crypto = WeChatCrypto("token1", KEY, server.account.appid)
    message = parse_message(crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"]))
    found: dict[str, Any] = dict(message._data)
    return found


def test_consents_stand_in_an_element_of_their_own(scene: Scene, server: Server) -> None:
    for each in (TEMPLATE, "other"):
        template(scene, template_id=each)
    agree(scene, results={TEMPLATE: "accept", "other": "reject"})
    msgid = send(scene)
    heard(scene)
    popup, sent = (opened(server, which) for which in range(2))
    assert popup["SubscribeMsgPopupEvent"]["List"] == [
        {"TemplateId": TEMPLATE, "SubscribeStatusString": "accept", "PopupScene": "0"},
        {"TemplateId": "other", "SubscribeStatusString": "reject", "PopupScene": "0"},
    ]
    assert (popup["FromUserName"], popup["MsgType"]) == (scene.openid, "event")
    assert sent["SubscribeMsgSentEvent"]["List"]["MsgID"] == msgid
    ours = [server.read(which) for which in range(2)]
    assert ours[0].listed() == popup["SubscribeMsgPopupEvent"]["List"]
    assert ours[1].listed() == [sent["SubscribeMsgSentEvent"]["List"]]
    assert "List" not in popup and all(push["taken"] for push in pushed(scene))
    assert server.came[0][1].startswith(b"<xml><ToUserName><![CDATA[gh_")


def test_goods_and_pictures_are_told_the_same(scene: Scene, server: Server) -> None:
    scene.paid(notify=False)
    upload(scene)
    scene.sim.control("POST", "/_sim/looks", {"url": "a]]>b", "suggest": "review", "label": 20012, "after": 0})
    scene.sim.control("POST", "/_sim/visits", {"appid": scene.app.appid, "name": "alice"})
    trace_id = content.check_media(scene.app, url="https://x/a]]>b", openid=scene.openid, scene=TextScene.PROFILE)
    heard(scene)
    goods, picture = (opened(server, which) for which in range(2))
    assert (goods["merchant_trade_no"], goods["Event"]) == (NUMBER, "trade_manage_order_settlement")
    assert (picture["trace_id"], picture["result"]) == (trace_id, {"suggest": "review", "label": "20012"})
    assert picture["detail"]["strategy"] == "content_model"


def test_a_text_that_ends_its_own_quotation_is_still_one_text() -> None:
    written = push_xml.document({"MsgType": "text", "Content": "a]]>b<&\u6c34", "List": [], "Event": "a_b"})
    read = parse_message(written.decode())._data
    assert read["Content"] == "a]]>b<&水"


def test_a_wrong_signature_is_wrong_here_too(scene: Scene, server: Server) -> None:
    template(scene)
    scene.fault("push", "bad_signature")
    agree(scene)
    heard(scene)
    with pytest.raises(InvalidSignatureException):
        opened(server, 0)


def test_there_are_two_formats(scene: Scene, server: Server) -> None:
    with pytest.raises(ControlRefusal, match="format"):
        server.configure(format="yaml")
