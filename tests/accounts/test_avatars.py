"""Pictures that strangers see: none before WeChat has looked at it, none that it refuses, however it tells of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

import chalicelib
from chalicelib.accounts import avatars
from chalicelib.accounts.items import AvatarState, Trace, User
from chalicelib.accounts.mask import public_avatar
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.outbox import OutboxEntry
from chalicelib.core.secrets import MerchantSecrets, merchant_secrets, store_secrets
from chalicelib.wechat import content
from chalicelib.wechat.content import Suggest
from chalicelib.wechat.http import Response
from infra.local.client import Person
from tests.accounts.texts import FINE, RISKY, UNCLEAR
from tests.town import Town


@pytest.fixture
def here(town: Town) -> Town:
    """A town whose merchant is told, and in which WeChat looks twice at some pictures."""
    town.listen()
    town.act("/_sim/looks", url="/risky/", suggest="risky", label=20002)
    town.act("/_sim/looks", url="/unclear/", suggest="review", label=20012)
    return town


def takes(person: Person, url: str) -> Any:
    return person.api.call("PATCH", "/v1/me", {"avatar_url": url}).expect(200)


def state(person: Person) -> str | None:
    shown: str | None = person.api.get("/v1/me")["avatar_state"]
    return shown


def asked(town: Town) -> list[str]:
    """Every picture that WeChat was asked to look at."""
    return [url for _, url in town.sim.world.checked if url.startswith("https://")]


def looks(town: Town) -> None:
    """WeChat is asked, looks, and tells what it saw."""
    town.stream()
    clock.advance(3)
    town.hear()


def owed(town: Town) -> int:
    return sum(isinstance(item, OutboxEntry) for item in town.items())


def user(town: Town, person: Person) -> User:
    return next(item for item in town.items() if isinstance(item, User) and item.uid == person.uid)


@pytest.mark.parametrize(("url", "after"), [(FINE, "shown"), (UNCLEAR, "shown"), (RISKY, "refused")])
def test_a_picture_is_hidden_until_wechat_has_looked(here: Town, url: str, after: str) -> None:
    ann, ben = here.person("ann"), here.person("ben")
    gid = here.opened(here.campaign(size=9))[1]["group_id"]
    takes(ann, url)
    assert state(ann) == "unchecked"
    ann.join(gid).expect(201)
    looks(here)
    assert (state(ann), asked(here), owed(here)) == (after, [url], 0)
    assert takes(ann, url)["avatar_state"] == after
    late = here.person("late")
    takes(late, url)
    looks(here)
    late.join(gid).expect(201)
    seen = [member["avatar_url"] for member in ben.group(gid)["members"]]
    assert seen == [None, None, url if after == "shown" else None]
    assert ann.api.get("/v1/me")["avatar_url"] == url


def test_a_bad_picture_that_was_a_copy_once_is_seen_no_more(here: Town) -> None:
    """It takes the place of a good one: what the seat copied was good."""
    gid = here.opened(here.campaign(size=9))[1]["group_id"]
    ann = here.person("ann")
    takes(ann, FINE)
    looks(here)
    ann.join(gid).expect(201)
    takes(ann, RISKY)
    looks(here)
    assert [member["avatar_url"] for member in ann.group(gid)["members"]] == [None, FINE]
    assert public_avatar(user(here, ann)) is None


def test_where_nobody_is_pushed_anything_pictures_are_shown(town: Town) -> None:
    mid = MerchantId(town.merchant.mid)
    secrets = merchant_secrets(mid)
    bare = {name: getattr(secrets, name) for name in MerchantSecrets.__struct_fields__ if not name.startswith("push_")}
    store_secrets(mid, MerchantSecrets(**bare))
    ann = town.person("ann")
    takes(ann, RISKY)
    town.stream()
    assert (state(ann), asked(town), public_avatar(user(town, ann))) == (None, [], RISKY)
    store_secrets(mid, secrets)
    takes(ann, FINE)
    assert state(ann) == "unchecked"
    store_secrets(mid, MerchantSecrets(**bare))
    takes(ann, RISKY)
    town.stream()
    assert (state(ann), asked(town), owed(town)) == (None, [], 0)


@pytest.mark.parametrize("kind", ["busy", "quota", "5xx", "unreachable", "lost", "slow", "garbled", "refused"])
def test_where_wechat_gives_no_answer_it_is_asked_again(
    here: Town, kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ann = here.person("ann")
    if kind == "refused":
        monkeypatch.setattr(content, "PICTURE", 9)
    else:
        here.act("/_sim/faults", endpoint="media", kind=kind, count=1)
    takes(ann, RISKY)
    here.stream()
    assert (state(ann), owed(here)) == ("unchecked", 1)
    assert ("avatar_check_refused" in capsys.readouterr().out) == (kind == "refused")
    monkeypatch.undo()
    here.pass_time(1000)
    here.hear()
    assert (state(ann), owed(here)) == ("refused", 0)


def test_who_was_away_and_what_was_never_told_waits_for_a_visit(here: Town) -> None:
    ann, ben = here.person("ann"), here.person("ben")
    clock.advance(7199)
    here.act("/_sim/clock", advance_seconds=2)
    takes(ann, FINE)
    here.stream()
    assert (state(ann), asked(here), owed(here)) == ("unchecked", [], 0)
    ben.come_back()
    here.act("/_sim/looks", url="/fine/", suggest="pass", label=100, errcode=-1008)
    takes(ben, FINE)
    looks(here)
    assert (state(ben), asked(here)) == ("unchecked", [FINE])
    ben.come_back()
    assert owed(here) == 0, "it is still being looked at"
    clock.advance(3600)
    here.act("/_sim/looks", url="/fine/", suggest="pass", label=100)
    for person in (ann, ben):
        person.come_back()
    assert owed(here) == 2
    looks(here)
    assert (state(ann), state(ben), asked(here)) == ("shown", "shown", [FINE] * 3)
    ann.come_back()
    assert owed(here) == 0


def test_a_picture_is_asked_about_for_as_long_as_wechat_looks_at_it(here: Town) -> None:
    ann = here.person("ann")
    here.act("/_sim/faults", endpoint="media", kind="unreachable", count=None)
    takes(ann, FINE)
    here.pass_time(7200 + 600, tick=300)
    assert (user(here, ann).avatar_state, owed(here)) == (AvatarState.UNCHECKED, 0)


def test_of_two_pictures_the_second_is_asked_about(here: Town) -> None:
    ann = here.person("ann")
    takes(ann, RISKY)
    takes(ann, FINE)
    looks(here)
    assert (state(ann), asked(here)) == ("shown", [FINE])


def test_what_is_told_of_an_older_picture_changes_nothing(here: Town) -> None:
    ann = here.person("ann")
    takes(ann, RISKY)
    here.stream()
    takes(ann, FINE)
    clock.advance(3)
    here.hear()
    assert state(ann) == "unchecked"
    here.emulator.meanwhile(lambda: takes(ann, UNCLEAR))
    here.stream()
    here.pass_time(120)
    here.hear()
    assert (state(ann), owed(here)) == ("shown", 0)
    assert ann.api.get("/v1/me")["avatar_url"] == UNCLEAR


@pytest.mark.parametrize(
    "said", [("pass", "risky"), ("risky", "pass"), ("risky", "review", "risky"), ("review", "pass")]
)
def test_a_refusal_stands_in_whatever_order_it_is_told(here: Town, said: tuple[str, ...]) -> None:
    ann, mid = here.person("ann"), MerchantId(here.merchant.mid)
    takes(ann, FINE)
    here.stream()
    trace = here.sim.world.checked[-1][0]
    for word in said:
        avatars.told(mid, trace, Suggest(word))
    assert state(ann) == ("refused" if "risky" in said else "shown")


@pytest.mark.parametrize(("url", "after"), [(FINE, "shown"), (RISKY, "refused")])
@pytest.mark.parametrize("moment", ["before it answers", "while the answer is stored"])
def test_what_wechat_tells_too_early_is_kept(here: Town, moment: str, url: str, after: str) -> None:
    ann, mid = here.person("ann"), MerchantId(here.merchant.mid)
    suggest = Suggest.RISKY if url == RISKY else Suggest.PASS
    takes(ann, url)

    def tells() -> None:
        for _ in range(2):
            avatars.told(mid, here.sim.world.checked[-1][0], suggest)

    def gate(name: str, send: Callable[[], Response]) -> Response:
        answer = send()
        if asked(here):
            tells()
        return answer

    if moment == "before it answers":
        here.transport.gate = gate
    else:
        here.emulator.meanwhile(tells)
    here.stream()
    here.transport.gate = None
    assert owed(here) == (0 if moment == "before it answers" else 1)
    here.pass_time(120)
    here.hear()
    assert (state(ann), owed(here)) == (after, 0)
    assert all(item.ttl for item in here.items() if isinstance(item, Trace))


def test_what_cannot_be_stored_is_told_again(here: Town) -> None:
    ann = here.person("ann")
    takes(ann, RISKY)
    here.stream()
    clock.advance(3)
    here.emulator.before = lambda call: ReadTimeoutError(endpoint_url="x") if call.operation == "UpdateItem" else None
    here.hear()
    assert state(ann) == "unchecked"
    here.emulator.before = None
    clock.advance(5)
    here.hear()
    assert state(ann) == "refused"


@pytest.mark.parametrize(
    "changes", [{"trace_id": 7}, {"result": "pass"}, {"result": {"suggest": "?"}}, {"trace_id": "x" * 5000}]
)
def test_a_verdict_that_says_nothing_changes_nothing(here: Town, changes: dict[str, Any]) -> None:
    ann = here.person("ann")
    takes(ann, RISKY)
    here.stream()
    here.sim.pushes.all[-1].message.update(changes)
    clock.advance(3)
    here.hear()
    assert here.sim.pushes.all[-1].taken
    assert state(ann) == "unchecked"


@pytest.mark.parametrize("state", [None, *AvatarState])
def test_one_function_says_who_sees_a_picture(state: AvatarState | None) -> None:
    shown = state in (None, AvatarState.SHOWN)
    assert public_avatar(User("M|U#1", "META", avatar_url=FINE, avatar_state=state)) == (FINE if shown else None)
    assert public_avatar(None) is None


def test_nobody_else_reads_a_users_picture() -> None:
    """Every other room has it from `accounts.mask`; what a seat copied was public then."""
    root = Path(chalicelib.__file__).parent
    read = {
        found
        for path in root.rglob("*.py")
        if path.parent.name != "accounts"
        for found in re.findall(r"(\w+)\.avatar_url\b", path.read_text())
    }
    copies = {"seat", "given", "act", "shown", "person"}
    typed = {"body"}
    assert read == copies | typed, "copies of what was public, and what a merchant types for a preview"
