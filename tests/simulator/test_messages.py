"""Subscription messages from WeChat's side: consents, fields, and what the mini-program's server is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.wechat.http import Unknown
from infra.local.wechat_sim import template_fields
from infra.local.wechat_sim.refusal import ControlRefusal
from tests.simulator.letters import access
from tests.simulator.test_push import Server, heard, pushed
from tests.wechat.letters import DATA, TEMPLATE, agree, came, fields, left, send, template
from tests.wechat.scene import Scene, enter

pytestmark = pytest.mark.usefixtures("emulator")

OTHER = "other-template"


@pytest.fixture
def there(scene: Scene) -> Scene:
    template(scene)
    template(scene, template_id=OTHER, title="退款通知", fields=fields({"enum1": "状态"}), enums={"enum1": ["已退款"]})
    return scene


def raw(scene: Scene, document: Any = None, **changed: Any) -> tuple[int, str]:
    """What a message sent by hand is answered."""
    usual = {"touser": scene.openid, "template_id": TEMPLATE, "data": {key: {"value": DATA[key]} for key in DATA}}
    body = json.dumps({**usual, **changed} if document is None else document).encode()
    target = f"/cgi-bin/message/subscribe/send?access_token={access(scene)}"
    answer = json.loads(scene.sim.handle("POST", target, {}, body)[2])
    return answer["errcode"], answer["errmsg"]


def listed(scene: Scene) -> list[tuple[str, Any]]:
    """The events that were pushed, and what they list."""
    return [(push["message"]["Event"], push["message"]["List"]) for push in pushed(scene)]


def test_each_consent_is_one_message_and_they_add_up(there: Scene) -> None:
    agree(there, 3)
    agree(there, template_id=OTHER)
    assert [raw(there)[0] for _ in range(4)] == [0, 0, 0, 43101]
    assert raw(there, template_id=OTHER, data={"enum1": {"value": "已退款"}})[0] == 0
    consents = there.sim.world.messages.consents
    assert [(c.granted, c.sent) for c in consents.values()] == [(3, 3), (1, 1)]
    assert there.sim.world.messages.to(there.app.appid, there.openid) == there.sim.world.messages.sent
    assert len(came(there)) == 4


def test_only_accepting_is_a_consent(there: Scene) -> None:
    for result in ("reject", "ban", "filter"):
        agree(there, results={TEMPLATE: result})
        assert raw(there)[0] == 43101


def test_a_popup_is_told_as_a_list_or_as_one(there: Scene) -> None:
    server = Server(there)
    agree(there, results={TEMPLATE: "accept", OTHER: "reject"})
    agree(there)
    agree(there, results={TEMPLATE: "filter"})
    agree(there, pushed=False)
    one = {"TemplateId": TEMPLATE, "SubscribeStatusString": "accept", "PopupScene": "0"}
    two = {**one, "TemplateId": OTHER, "SubscribeStatusString": "reject"}
    assert listed(there) == [("subscribe_msg_popup_event", [one, two]), ("subscribe_msg_popup_event", one)]
    heard(there)
    message = server.read()
    assert (message.kind, message.fields["List"]) == ("subscribe_msg_popup_event", one)
    assert message.fields["CreateTime"] == str(int(clock.now().timestamp()))
    assert left(there) == 3


def test_what_is_switched_off_is_gone_and_told(there: Scene) -> None:
    agree(there, 2)
    raw(there)
    Server(there)
    off = {"appid": there.app.appid, "openid": there.openid, "template_id": TEMPLATE}
    there.sim.control("POST", "/_sim/messages/switch-off", off)
    assert (left(there), raw(there)[0]) == (0, 43101)
    told = {"TemplateId": TEMPLATE, "SubscribeStatusString": "reject"}
    assert listed(there) == [("subscribe_msg_change_event", told)]


def test_what_became_of_a_message_is_told(there: Scene) -> None:
    server = Server(there)
    agree(there, 2, pushed=False)
    template(there, outcome=["1003", "user block"])
    msgids = [send(there)]
    template(there)
    msgids += [send(there)]
    heard(there)
    results = [server.read(which).fields["List"] for which in range(2)]
    assert [(each["MsgID"], each["ErrorCode"], each["ErrorStatus"]) for each in results] == [
        (msgids[0], "1003", "user block"),
        (msgids[1], "0", "success"),
    ]
    assert [each["delivered"] for each in came(there)] == [False, True]


def test_an_event_may_come_late_after_another(there: Scene) -> None:
    server = Server(there)
    there.fault("push", "late", seconds=60, match="popup")
    agree(there)
    send(there)
    heard(there)
    assert [server.read(which).kind for which in range(len(server.came))] == ["subscribe_msg_sent_event"]
    clock.advance(60)
    heard(there)
    assert server.read().kind == "subscribe_msg_popup_event"


@pytest.mark.parametrize("kind", ["lost", "slow", "5xx", "garbled"])
def test_what_is_sent_takes_a_consent_though_nobody_hears_of_it(there: Scene, kind: str) -> None:
    agree(there, 2)
    there.fault("message", kind, after=True)
    with pytest.raises(Unknown):
        send(there)
    assert (left(there), len(came(there))) == (1, 1)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"touser": ""}, 40003),
        ({"touser": 7}, 47001),
        ({"template_id": ""}, 40037),
        ({"page": "/pages/index"}, 41030),
        ({"page": "elsewhere"}, 41030),
        ({"page": "pages/index?x=1"}, 0),
        ({"miniprogram_state": "release"}, 47003),
        ({"lang": "zh"}, 47003),
        ({"lang": "zh_HK", "miniprogram_state": "developer"}, 0),
        ({"data": []}, 47001),
        ({"extra": 1}, 47001),
        ({"data": {"thing1": {"value": "赌博"}, **{key: {"value": DATA[key]} for key in list(DATA)[1:]}}}, 45168),
    ],
)
def test_a_message_is_checked(there: Scene, changed: dict[str, Any], code: int) -> None:
    agree(there)
    assert raw(there, **changed)[0] == code
    assert left(there) == (0 if code == 0 else 1)


def test_what_is_no_object_and_no_token_are_refused(there: Scene) -> None:
    assert raw(there, document=[])[0] == 47001
    answer = there.sim.handle("POST", "/cgi-bin/message/subscribe/send?access_token=x", {}, b"{}")
    assert json.loads(answer[2])["errcode"] == 40001


def test_the_field_that_is_wrong_is_named(there: Scene) -> None:
    good = {key: {"value": DATA[key]} for key in DATA}
    cases: dict[str, dict[str, Any]] = {
        "thing1": {**good, "thing1": {"value": "长" * 21}},
        "number2": {key: good[key] for key in good if key != "number2"},
        "thing9": {**good, "thing9": {"value": "x"}},
        "time3": {**good, "time3": "20:00"},
        "amount4": {**good, "amount4": {"value": 69}},
    }
    for key, data in cases.items():
        code, text = raw(there, data=data)
        assert (code, text.partition(" rid")[0]) == (47003, f"argument invalid! data.{key}.value invalid")


FITS = {
    "thing1": (["长" * 20, "a 🍊!1"], ["长" * 21, "", " ", "a\nb", "a\x00"]),
    "number1": (["1", "-1.5", "1" * 32], ["1" * 33, "1.", "一", "1,000"]),
    "letter1": (["abcXYZ"], ["a1", "a" * 33, "中"]),
    "symbol1": (["!@#$%"], ["!" * 6, "a", "中"]),
    "character_string1": (["SN-2026_11.4", "a" * 32], ["a" * 33, "单号", "a b"]),
    "time1": (
        ["15:01", "2019年10月1日 15:01", "15:01~16:00", "2019年10月1日 15:01 ~ 2019年10月2日 15:01"],
        ["24:00", "15:60", "2019年13月1日 15:01", "15:01~", "1:00~2:00~3:00", "2019年10月1日"],
    ),
    "date1": (
        ["2019年10月1日", "2018-01-01", "2018/01/01", "2018.01.01", "2018-01-01~2018-01-02"],
        ["2018-02-30", "2018-01/01", "18-01-01", "1月1日", "2018-01-01 15:01"],
    ),
    "amount1": (["¥69.00", "100元", "1234567890"], ["12345678901", "¥¥1", "$-1", "元", "六元"]),
    "phone_number1": (["+86-13800000000", "0755 1234567"], ["1" * 18, "电话"]),
    "car_number1": (["粤A8Z888挂", "A12345"], ["粤A8Z8888挂", "粤粤A123", "粤-A"]),
    "name1": (["王小明", "Anna Li", "中" * 10, "a" * 20], ["中" * 11, "a" * 21, "张三abcdefghi", "王5"]),
    "phrase1": (["已发货", "待付款中了"], ["待付款中了吗", "ok", "已发货1"]),
}


@pytest.mark.parametrize("key", FITS)
def test_each_kind_of_field_has_its_rule(key: str) -> None:
    good, bad = FITS[key]
    assert [value for value in good if not template_fields.fits(key, value, None)] == []
    assert [value for value in bad if template_fields.fits(key, value, None)] == []


def test_every_kind_is_tried_and_an_enumeration_has_its_values() -> None:
    assert {template_fields.kind_of(key) for key in FITS} | {"enum"} == set(template_fields.KINDS)
    assert template_fields.fits("enum1", "已退款", ("已退款",))
    assert not template_fields.fits("enum1", "退款", ("已退款",)) and not template_fields.fits("enum1", "x", None)
    assert [template_fields.kind_of(key) for key in ("thing", "thing1x", "text1", "1")] == [None] * 4


def test_what_makes_no_sense_is_refused_here(there: Scene) -> None:
    other = enter(there.sim, "two", appid="wx0000000000000002", mchid="1900000002")
    wrong: list[dict[str, Any]] = [
        {"results": {}},
        {"results": {TEMPLATE: "yes"}},
        {"results": {"none": "accept"}},
        {"results": {str(n): "accept" for n in range(4)}},
        {"openid": other.openid},
        {"appid": other.app.appid},
    ]
    for change in wrong:
        with pytest.raises(ControlRefusal):
            agree(there, **change)
    odd = {"fields": fields({"text1": "x"})}, {"enums": {"enum1": ["x"]}}, {"fields": fields({"enum1": "x"})}
    for changed in odd:
        with pytest.raises(ControlRefusal):
            template(there, **changed)
    for path in ("/_sim/messages?appid=none", "/_sim/messages"):
        with pytest.raises(ControlRefusal):
            there.sim.control("GET", path)
    with pytest.raises(ControlRefusal):
        there.sim.control("POST", "/_sim/messages/templates", {"appid": "none", "templates": [{}]})
