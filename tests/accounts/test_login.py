"""Logging in: one WeChat user is one user of a merchant, whatever fails and however often it is asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.accounts.items import OpenIdLookup, User
from infra.local.client import Api
from tests.emulator import Call
from tests.town import Town, send


def login(town: Town, code: str, appid: str | None = None) -> tuple[int, dict[str, object]]:
    reply = Api(send).call("POST", "/v1/login", {"appid": appid or town.merchant.appid, "code": code})
    return reply.status, reply.body


def test_the_same_person_is_the_same_user(town: Town) -> None:
    first, again = town.person("ann"), town.person("ann")
    assert first.uid == again.uid
    assert town.person("bob").uid != first.uid
    assert sum(isinstance(item, User) for item in town.items()) == 2


def test_two_first_logins_at_once_make_one_user(town: Town) -> None:
    with ThreadPoolExecutor(8) as pool:
        people = list(pool.map(lambda _: town.person("ann"), range(8)))
    assert len({person.uid for person in people}) == 1
    assert sum(isinstance(item, OpenIdLookup) for item in town.items()) == 1


def test_a_code_is_good_once(town: Town) -> None:
    code = town.act("/_sim/login-codes", appid=town.merchant.appid, name="ann")["code"]
    assert login(town, code)[0] == 200
    status, body = login(town, code)
    assert (status, body["code"]) == (401, "login_code_invalid")


def test_an_unknown_mini_program_and_a_blocked_user_are_told_apart(town: Town) -> None:
    assert login(town, "test:ann", "wxnobody")[1]["code"] == "app_unknown"
    town.act("/_sim/users", name="mallory", unionid=True, blocked=True)
    assert login(town, "test:mallory")[1]["code"] == "user_blocked"


@pytest.mark.parametrize("kind", ["busy", "5xx", "lost"])
def test_wechat_without_an_answer_asks_for_a_fresh_code(town: Town, kind: str) -> None:
    town.act("/_sim/faults", endpoint="login", kind=kind, count=1)
    status, body = login(town, "test:ann")
    assert (status, body["code"]) == (503, "wechat_unreachable")
    assert login(town, "test:ann")[0] == 200


def test_a_login_whose_commit_lost_its_answer_is_not_a_second_user(town: Town) -> None:
    class Gone(BaseException):
        pass

    def lose(call: Call) -> None:
        if call.operation == "TransactWriteItems":
            raise Gone

    town.emulator.after = lose
    with pytest.raises(Gone):
        login(town, "test:ann")
    town.emulator.after = None
    town.person("ann")
    assert sum(isinstance(item, User) for item in town.items()) == 1


def test_openid_and_unionid_never_leave_the_house(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    openid = town.act("/_sim/users", name="ann", unionid=True)["openids"][town.merchant.appid]
    ann = town.person("ann")
    said = capsys.readouterr().out + str(ann.api.get("/v1/me"))
    assert openid not in said
    assert ann.api.token is not None and ann.api.token not in said
    assert "unionid" not in said


def test_a_profile_changes_what_is_given_and_keeps_the_rest(town: Town) -> None:
    ann = town.person("ann")
    ann.api.call("PATCH", "/v1/me", {"nickname": "安娜", "avatar_url": "https://thirdwx.qlogo.cn/mmopen/a"}).expect(200)
    changed = ann.api.call("PATCH", "/v1/me", {"nickname": "安妮"}).expect(200)
    assert (changed["nickname"], changed["avatar_url"]) == ("安妮", "https://thirdwx.qlogo.cn/mmopen/a")
    assert changed["masked_nickname"] == "安**"
    refused = ann.api.call("PATCH", "/v1/me", {"avatar_url": "http://img.example/a.png"})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/avatar_url")
