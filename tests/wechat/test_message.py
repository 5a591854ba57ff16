"""Subscription messages: what is sent, and above all when it is sure that nothing was."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from chalicelib.core import clock, store
from chalicelib.core.errors import BUSY, RippleError
from chalicelib.wechat import http, message, token
from chalicelib.wechat.http import Quota, Response, Unknown, Unsent, WechatError
from tests.wechat.letters import DATA, TEMPLATE, agree, came, left, send, template, written
from tests.wechat.scene import Scene

pytestmark = pytest.mark.usefixtures("emulator")


@pytest.fixture
def open_to(scene: Scene) -> Scene:
    """Alice takes two messages of the template."""
    template(scene)
    agree(scene, 2)
    return scene


def refused(scene: Scene, **changed: Any) -> str:
    with pytest.raises(WechatError) as refusal:
        send(scene, **changed)
    return refusal.value.code


class Answering:
    """WeChat's API answers this to messages; everything else is the simulator's."""

    def __init__(self, *bodies: bytes) -> None:
        self.inner, self.bodies = http.transport(), list(bodies)
        self.sent: list[bytes] = []

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
        if "subscribe/send" not in url:
            return self.inner.send(method, url, headers, body, timeout)
        self.sent.append(body or b"")
        if self.bodies:
            return Response(200, {}, self.bodies.pop(0))
        return self.inner.send(method, url, headers, body, timeout)


def test_a_message_arrives_and_takes_one_consent(open_to: Scene) -> None:
    msgid = send(open_to)
    (got,) = came(open_to)
    assert (got["msgid"], got["data"], got["page"], got["lang"], got["state"]) == (
        msgid,
        DATA,
        "pages/group/index?g=1",
        "zh_CN",
        "formal",
    )
    assert int(msgid) > 2**53 and left(open_to) == 1
    send(open_to, page=None, language="en_US", state="trial")
    assert (came(open_to)[1]["page"], came(open_to)[1]["lang"], came(open_to)[1]["state"]) == ("", "en_US", "trial")
    assert refused(open_to) == message.NO_CONSENT


def test_it_is_sent_as_it_is_written(open_to: Scene) -> None:
    reading = Answering()
    with http.use_transport(reading):
        send(open_to)
    assert '"thing1":{"value":"一起拼🍊橙子"}'.encode() in reading.sent[0]


def test_what_does_not_fit_is_refused_and_takes_nothing(open_to: Scene) -> None:
    codes: dict[str, dict[str, Any]] = {
        message.NO_USER: {"touser": "nobody"},
        message.NO_TEMPLATE: {"template_id": "other"},
        message.NOT_RELEASED: {"page": "elsewhere/index"},
        message.MISFIT: {"data": {**DATA, "thing1": "长" * 21}},
        message.SENSITIVE: {"data": {**DATA, "thing1": "一起去赌博"}},
    }
    assert {code: refused(open_to, **changed) for code, changed in codes.items()} == {code: code for code in codes}
    template(open_to, banned=True)
    assert refused(open_to) == message.BANNED
    assert (came(open_to), left(open_to)) == ([], 2)


def test_two_at_once_to_one_user_are_refused_and_one_later_is_not(open_to: Scene) -> None:
    open_to.fault("message", "overlap")
    assert refused(open_to) == message.OVERLAP
    open_to.fault("message", "slow", seconds=5)
    with pytest.raises(Unknown):
        send(open_to)
    clock.advance(4.9)
    assert refused(open_to) == message.OVERLAP
    clock.advance(0.1)
    send(open_to)
    assert len(came(open_to)) == 2, "the slow one was sent, the refused ones were not"


@pytest.mark.parametrize("kind", ["busy", "5xx", "unreachable", "lost", "slow", "garbled"])
def test_what_may_have_been_sent_is_unknown_and_nothing_more(open_to: Scene, kind: str) -> None:
    open_to.fault("message", kind)
    with pytest.raises(Unknown) as silent:
        send(open_to)
    assert type(silent.value) is Unknown


def test_a_quota_is_surely_not_sent(open_to: Scene) -> None:
    open_to.fault("message", "quota")
    with pytest.raises(Quota):
        send(open_to)
    assert (came(open_to), left(open_to)) == ([], 2)


@pytest.mark.parametrize("kind", ["busy", "5xx", "unreachable", "lost", "slow", "garbled"])
def test_without_a_token_nothing_was_sent(open_to: Scene, kind: str) -> None:
    open_to.fault("token", kind)
    with pytest.raises(Unsent):
        send(open_to)
    assert came(open_to) == []
    send(open_to)


def test_a_wrong_secret_and_a_full_table_are_no_word_on_the_message(
    open_to: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise RippleError(BUSY)

    monkeypatch.setattr(store, "call", full)
    monkeypatch.setattr(store, "read_one", lambda *_: None)
    with pytest.raises(Unsent):
        send(open_to)
    monkeypatch.undo()
    token.forget()
    open_to.sim.world.merchants["1900000001"].appsecret = "changed"
    with pytest.raises(Unsent, match="40125"):
        send(open_to)
    assert came(open_to) == []


def test_a_token_that_died_is_replaced_once(open_to: Scene) -> None:
    send(open_to)
    open_to.sim.control("POST", "/_sim/tokens/kill", {"appid": open_to.app.appid})
    send(open_to)
    assert len(came(open_to)) == 2
    open_to.sim.control("POST", "/_sim/tokens/kill", {"appid": open_to.app.appid})
    open_to.fault("token", "lost")
    with pytest.raises(Unsent):
        send(open_to)


def test_a_token_that_stays_stale_is_no_word_on_the_message(open_to: Scene) -> None:
    stale = b'{"errcode":40001,"errmsg":"invalid credential"}'
    with http.use_transport(Answering(stale, stale)), pytest.raises(Unsent, match="40001"):
        send(open_to)


@pytest.mark.parametrize("said", [b"", b',"msgid":null', b',"msgid":true', b',"msgid":[1]'])
def test_a_message_without_an_id_was_sent(open_to: Scene, said: bytes) -> None:
    with http.use_transport(Answering(b'{"errcode":0' + said + b"}", b'{"errcode":0,"msgid":"77"}')):
        assert (send(open_to), send(open_to)) == ("", "77")


def test_a_template_of_another_app_is_none(open_to: Scene) -> None:
    assert refused(open_to, template_id=TEMPLATE[::-1]) == message.NO_TEMPLATE
    with pytest.raises(TypeError):
        written(open_to, unknown=1)


@pytest.fixture
def deaf() -> Iterator[str]:
    """An address where somebody listens and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


def test_where_nobody_listens_nothing_was_sent(deaf: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(Unsent):
            http.Pool().send("POST", nowhere, {}, b"{}", 0.5)
    with pytest.raises(Unknown) as late:
        http.Pool().send("POST", deaf, {}, b"{}", 0.1)
    assert type(late.value) is Unknown, "it was taken, and may have been acted on"


NOBODY = urllib3.connection.HTTPConnection("wechat.test")


@pytest.mark.parametrize(
    ("broken", "unsent"),
    [
        (urllib3.exceptions.ConnectTimeoutError(), True),
        (urllib3.exceptions.NameResolutionError("wechat.test", NOBODY, socket.gaierror()), True),
        (urllib3.exceptions.ReadTimeoutError(urllib3.HTTPConnectionPool("wechat.test"), "/", ""), False),
        (urllib3.exceptions.ProtocolError(), False),
        (urllib3.exceptions.SSLError(), False),
    ],
)
def test_only_without_a_connection_it_is_sure(broken: Exception, unsent: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise broken

    monkeypatch.setattr(urllib3.PoolManager, "request", fails)
    with pytest.raises(Unknown) as silent:
        http.Pool().send("POST", "http://wechat.test/", {}, b"{}", 3.0)
    assert isinstance(silent.value, Unsent) is unsent
