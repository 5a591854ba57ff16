"""The simulator on a port: the production clients over real sockets, and a real notification to a listener."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from chalicelib.core import clock
from chalicelib.wechat import http, login, message, notification, pay, token
from chalicelib.wechat.http import Response, Unknown, WechatError
from chalicelib.wechat.pay import Closed
from infra.local.wechat_sim import Simulator
from infra.local.wechat_sim.server import Server
from tests.wechat.letters import agree, came, send, template
from tests.wechat.scene import Scene, enter


class Redirected(http.Pool):
    """The production transport, sent to the port of this test."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None, timeout: float) -> Response:
        path = url.removeprefix("http://wechat-pay.test").removeprefix("http://wechat-api.test")
        return super().send(method, self._url + path, headers, body, timeout)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(Simulator()) as running:
        yield running


@pytest.fixture
def live(server: Server) -> Iterator[Scene]:
    """The production clients on the production transport, in real time."""
    with http.use_transport(Redirected(server.url)):
        yield enter(server.simulator)


class Merchant(BaseHTTPRequestHandler):
    """Our side of a notification."""

    came: ClassVar[list[tuple[str, dict[str, str], bytes]]]
    arrived: threading.Event
    status = 204

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.came.append((self.path, dict(self.headers.items()), body))
        self.send_response(self.status)
        self.end_headers()
        self.arrived.set()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in http.server
        """Nothing."""


@pytest.fixture
def merchant() -> Iterator[tuple[type[Merchant], str]]:
    class Listening(Merchant):
        came: ClassVar[list[tuple[str, dict[str, str], bytes]]] = []
        arrived = threading.Event()

    httpd = HTTPServer(("127.0.0.1", 0), Listening)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield Listening, f"http://127.0.0.1:{httpd.server_address[1]}/notify/wechat/M1/paid"
    httpd.shutdown()
    httpd.server_close()
    thread.join()


def control(server: Server, method: str, path: str, document: dict[str, Any] | None = None) -> dict[str, Any]:
    request = urllib.request.Request(server.url + path, json.dumps(document or {}).encode(), method=method)
    with closing(urllib.request.urlopen(request, timeout=5)) as answer:
        found: dict[str, Any] = json.loads(answer.read())
        return found


def test_a_user_pays_and_the_merchant_is_told(
    server: Server, live: Scene, merchant: tuple[type[Merchant], str]
) -> None:
    listener, url = merchant
    code = control(server, "POST", "/_sim/login-codes", {"appid": live.app.appid, "name": "alice"})["code"]
    session = login.code2session(appid=live.app.appid, appsecret=live.app.appsecret, code=code)
    body = live.body("ORDER000001", 990, openid=session.openid, notify_url=url)
    params = pay.client_params(live.account, pay.prepay(live.account, body))
    control(server, "POST", "/_sim/pay", {"params": params, "openid": session.openid})
    assert listener.arrived.wait(5)
    path, headers, raw = listener.came[0]
    told = notification.trade(notification.read(live.account, headers, raw, clock.now()))
    assert (path, told.out_trade_no, told.total) == ("/notify/wechat/M1/paid", "ORDER000001", 990)
    assert pay.close(live.account, "ORDER000001") is Closed.PAID
    assert pay.query(live.account, "ORDER000001") == told


def test_it_comes_again_until_acknowledged_as_the_clock_moves(
    server: Server, live: Scene, merchant: tuple[type[Merchant], str]
) -> None:
    listener, url = merchant
    listener.status = 500
    live_order = pay.prepay(live.account, live.body(notify_url=url))
    control(server, "POST", "/_sim/pay", {"prepay_id": live_order})
    assert listener.arrived.wait(5)
    control(server, "POST", "/_sim/flush")
    listener.status = 200
    control(server, "POST", "/_sim/clock", {"advance_seconds": 900})
    control(server, "POST", "/_sim/flush")
    notices = control(server, "GET", "/_sim/notifications")["notifications"]
    assert [attempt["status"] for attempt in notices[0]["attempts"]] == [500, 200]
    _, headers, raw = listener.came[-1]
    assert notification.read(live.account, headers, raw, clock.now()), (
        "signed in the merchant's time, not the moved one"
    )


def test_a_close_is_answered_204_and_verified(live: Scene) -> None:
    live.prepared()
    assert pay.close(live.account, "ORDER000001") is Closed.CLOSED
    assert pay.close(live.account, "ORDER000001") is Closed.CLOSED


@pytest.mark.parametrize("kind", ["lost", "unreachable", "5xx", "bad_signature", "garbled", "busy"])
def test_faults_reach_the_client_over_the_wire(live: Scene, kind: str) -> None:
    body = live.body()
    live.fault("prepay", kind)
    with pytest.raises(Unknown):
        pay.prepay(live.account, body)
    assert pay.prepay(live.account, body)


@pytest.mark.usefixtures("emulator")
def test_a_message_is_refused_while_another_to_the_same_user_is_answered(
    live: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    template(live)
    agree(live, 2)
    token.access_token(live.app)
    live.fault("message", "slow", seconds=30)
    with monkeypatch.context() as hurried:
        hurried.setattr(message, "MESSAGE_SECONDS", 0.1)
        with pytest.raises(Unknown, match="timeout"):
            send(live)
    with pytest.raises(WechatError, match=message.OVERLAP):
        send(live)
    assert len(came(live)) == 1


def test_a_slow_answer_is_a_timeout(live: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.wechat.payhttp.PAY_SECONDS", 0.1)
    live.fault("prepay", "slow", seconds=0.3)
    with pytest.raises(Unknown, match="timeout"):
        live.prepared()


def test_nobody_listening_is_unknown(live: Scene) -> None:
    with http.use_transport(Redirected("http://127.0.0.1:1")), pytest.raises(Unknown, match="connection"):
        live.prepared()


def test_a_notification_that_nobody_takes_is_kept_for_later(server: Server, live: Scene) -> None:
    prepay_id = pay.prepay(live.account, live.body(notify_url="http://127.0.0.1:1/notify"))
    control(server, "POST", "/_sim/pay", {"prepay_id": prepay_id})
    control(server, "POST", "/_sim/flush")
    notice = control(server, "GET", "/_sim/notifications")["notifications"][0]
    assert notice["attempts"][0]["status"] is None and notice["due_at"]


def test_the_command_says_where_it_is_and_stops_when_told(tmp_path: Path) -> None:
    port_file = tmp_path / "port"
    command = [sys.executable, "-m", "infra.local.wechat_sim", "--port", "0", "--port-file", str(port_file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = process.stdout.readline()
        url = f"http://127.0.0.1:{port_file.read_text()}"
        assert line == f"wechat simulator ready on {url}\n"
        with closing(urllib.request.urlopen(f"{url}/_sim/ready", timeout=5)) as answer:
            assert json.loads(answer.read())["merchants"] == []
        started = time.monotonic()
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(5) == 0
        assert time.monotonic() - started < 3


def test_a_taken_port_is_named(server: Server) -> None:
    command = [sys.executable, "-m", "infra.local.wechat_sim", "--port", str(server.port)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    assert ended.returncode != 0
    assert f"port {server.port}" in ended.stderr
