"""What WeChat tells of consents and messages counts once, however it comes, and whoever hands it on."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.accounts.items import OpenIdLookup
from chalicelib.core import clock
from chalicelib.core.transaction import Transaction
from chalicelib.notices.items import Consent
from chalicelib.notices.moments import Moment
from chalicelib.push.events import EVENTS
from chalicelib.push.items import Pushed
from tests.notices import shop
from tests.push import mall
from tests.town import Town

PAID, SHIPPED = shop.template_id(Moment.PAID), shop.template_id(Moment.SHIPPED)


@pytest.fixture
def here(town: Town) -> Town:
    """A town whose merchant tells of two moments and is pushed what happens."""
    shop.says(town, Moment.PAID, Moment.SHIPPED)
    town.listen()
    return town


def left(town: Town) -> dict[str, int]:
    return {item.template_id: item.left for item in town.items() if isinstance(item, Consent)}


def agreed(town: Town) -> dict[str, int]:
    """What the users have agreed to, as WeChat knows."""
    return {template: said.left for (_, _, template), said in town.sim.world.messages.consents.items()}


def stored(town: Town) -> list[dict[str, Any]]:
    return [item.serialize() for item in town.items()]


@pytest.mark.parametrize("form", ["json", "xml"])
def test_what_wechat_knows_of_consents_is_known_here(here: Town, form: str) -> None:
    mall.listens(here, form)
    ann = here.person("ann")
    mall.chooses(here, ann, paid="accept")
    here.hear()
    clock.advance(1)
    mall.chooses(here, ann, paid="accept", shipped="reject")
    here.hear()
    assert left(here) == {PAID: 2}
    mall.chooses(here, ann, paid="accept", shipped="accept")
    here.hear()
    assert left(here) == agreed(here) == {PAID: 3, SHIPPED: 1}
    shop.told(here, ann)
    here.stream()
    here.hear()
    found = shop.notice(here, ann)
    assert found is not None and found.result == "ok"
    mall.switches_off(here, ann, Moment.PAID)
    here.hear()
    assert left(here) == agreed(here) == {PAID: 0, SHIPPED: 1}
    assert all(push.taken for push in here.sim.pushes.all)
    assert [type(item) for item in here.items()].count(Pushed) == 4, "a delivery is noted as often as it is told"


@pytest.mark.parametrize("fault", ["duplicate", "lost", "bad_signature"])
def test_a_consent_that_is_told_twice_counts_once(here: Town, fault: str) -> None:
    ann = here.person("ann")
    here.act("/_sim/faults", endpoint="push", kind=fault)
    mall.chooses(here, ann, paid="accept")
    for _ in range(3):
        here.hear()
        clock.advance(5)
    assert left(here) == {PAID: 1}
    (push,) = here.sim.pushes.all
    before = stored(here)
    for _ in range(3):
        assert mall.handed_on(here, here.sim.pushes.letter(push)) == (200, b"success")
    assert stored(here) == before


@pytest.mark.parametrize("client_first", [True, False])
def test_a_consent_of_which_the_client_tells_too_counts_once(here: Town, client_first: bool) -> None:
    ann = here.person("ann")
    mall.chooses(here, ann, paid="accept")
    if client_first:
        shop.reports(ann, {PAID: "accept"}).expect(200)
    here.hear()
    if not client_first:
        shop.reports(ann, {PAID: "accept"}).expect(200)
    assert left(here) == {PAID: 1}


def test_whatever_a_mall_hands_on_late_often_and_in_any_order_is_what_wechat_knows(here: Town) -> None:
    """It keeps what it was pushed, byte for byte, and sends it whenever it can."""
    ann, ben = here.person("ann"), here.person("ben")
    for _ in range(2):
        mall.chooses(here, ann, paid="accept", shipped="accept")
        clock.advance(1)
    mall.chooses(here, ben, paid="accept")
    clock.advance(1)
    mall.chooses(here, ben, paid="accept")
    kept = mall.letters(here)
    assert len(kept) == 4
    clock.advance(6 * 3600)
    empty = here.emulator.items()
    outcomes = list[dict[tuple[str, str], int]]()
    for order in itertools.permutations(kept):
        for letter in (*order, *reversed(order)):
            assert mall.handed_on(here, letter) == (200, b"success")
        found = [item for item in here.items() if isinstance(item, Consent)]
        outcomes.append({(item.pk, item.template_id): item.left for item in found})
        for item in [*found, *(item for item in here.items() if isinstance(item, Pushed))]:
            Transaction().delete("gone", item, when={}).commit()
    assert here.emulator.items() == empty
    assert sorted(outcomes[0].values()) == [2, 2, 2]
    assert all(outcome == outcomes[0] for outcome in outcomes)


def test_what_was_switched_off_late_leaves_what_was_agreed_to_since(here: Town) -> None:
    ann = here.person("ann")
    mall.chooses(here, ann, paid="accept")
    clock.advance(60)
    mall.switches_off(here, ann, Moment.PAID)
    clock.advance(60)
    mall.chooses(here, ann, paid="accept")
    first, off, second = mall.letters(here)
    mall.handed_on(here, first)
    mall.handed_on(here, second)
    mall.handed_on(here, off)
    assert agreed(here) == {PAID: 1}
    assert left(here)[PAID] >= 1, "too many are corrected by WeChat's refusal"


def test_what_was_agreed_to_before_it_was_switched_off_does_not_switch_it_on(here: Town) -> None:
    ann = here.person("ann")
    shop.reports(ann, {PAID: "accept"}).expect(200)
    clock.advance(600)
    mall.chooses(here, ann, paid="accept")
    clock.advance(60)
    mall.switches_off(here, ann, Moment.PAID)
    agreed_to, off = mall.letters(here)
    mall.handed_on(here, off)
    mall.handed_on(here, agreed_to)
    found = shop.consent(here, ann)
    assert found is not None and (found.left, found.off_at) == (0, clock.now())
    clock.advance(1)
    mall.chooses(here, ann, paid="accept")
    here.hear()
    again = shop.consent(here, ann)
    assert again is not None and again.left == 1 and again.off_at is None


ENTRY = {"TemplateId": PAID, "SubscribeStatusString": "accept", "PopupScene": "0"}


@pytest.mark.parametrize(
    "entries",
    [
        None,
        [],
        "accept",
        [7, None, "x"],
        {**ENTRY, "SubscribeStatusString": "maybe"},
        {**ENTRY, "SubscribeStatusString": 1},
        {**ENTRY, "TemplateId": ""},
        {**ENTRY, "TemplateId": "x" * 65},
        {**ENTRY, "TemplateId": {"a": 1}},
        {"SubscribeStatusString": "accept"},
        {"MsgID": {"a": 1}, "ErrorCode": None},
        {"MsgID": 12345, "ErrorCode": 0, "TemplateId": PAID},
    ],
)
@pytest.mark.parametrize("event", sorted(name for name in EVENTS if name.startswith("subscribe")))
def test_what_says_nothing_is_acknowledged_and_changes_nothing(here: Town, event: str, entries: Any) -> None:
    ann = here.person("ann")
    before = stored(here)
    assert mall.pushes(here, shop.openid(here, ann), event, List=entries) == (200, b"success")
    assert stored(here) == before


@pytest.mark.parametrize("openid", ["", "o-of-nobody", "o" * 5000, 7, None])
@pytest.mark.parametrize("event", sorted(EVENTS))
def test_whoever_nobody_knows_is_acknowledged(here: Town, event: str, openid: Any) -> None:
    here.person("ann")
    before = stored(here)
    assert mall.pushes(here, openid, event, List=ENTRY) == (200, b"success")
    assert stored(here) == before


def test_the_users_of_one_merchant_are_nobody_to_another(here: Town) -> None:
    ann = here.person("ann")
    openid = shop.openid(here, ann)
    here.merchant = here.second()
    here.listen()
    mall.pushes(here, openid, "subscribe_msg_popup_event", List=ENTRY)
    assert left(here) == {}


def test_who_was_anothers_user_in_the_same_mini_program_is_nobody(here: Town) -> None:
    ann = here.person("ann")
    lookup = next(item for item in here.items() if isinstance(item, OpenIdLookup))
    lookup.owner = here.second().mid
    here.emulator.restore(lookup)
    mall.pushes(here, shop.openid(here, ann), "subscribe_msg_popup_event", List=ENTRY)
    assert left(here) == {}


def test_that_a_template_is_switched_on_is_no_consent_and_takes_none(here: Town) -> None:
    ann = here.person("ann")
    shop.reports(ann, {PAID: "accept"}).expect(200)
    clock.advance(1)
    before = stored(here)
    assert mall.pushes(here, shop.openid(here, ann), "subscribe_msg_change_event", List=ENTRY) == (200, b"success")
    assert stored(here) == before


def test_it_takes_one_read_and_one_write_and_asks_wechat_nothing(here: Town) -> None:
    ann = here.person("ann")
    mall.chooses(here, ann, paid="accept", shipped="accept")
    mall.switches_off(here, ann, Moment.PAID)
    popup, off = mall.letters(here)
    asked = list[str]()
    here.transport.arrives = lambda method, path, body: asked.append(path)
    for letter in (popup, off):
        here.emulator.calls.clear()
        assert mall.handed_on(here, letter) == (200, b"success")
        made = [call.operation for call in here.emulator.calls if call.service == "dynamodb"]
        assert [name for name in made if name != "GetItem"] == ["BatchGetItem", "TransactWriteItems"]
        assert len(made) <= 5, "the merchant, and who it is"
        assert asked == []


def test_what_cannot_be_stored_comes_again(here: Town) -> None:
    ann = here.person("ann")
    mall.chooses(here, ann, paid="accept")
    (letter,) = mall.letters(here)
    here.emulator.before = lambda call: ReadTimeoutError(endpoint_url="x") if "Transact" in call.operation else None
    answer = mall.handed_on(here, letter)
    assert answer is not None and answer[0] == 503
    here.emulator.before = None
    assert mall.handed_on(here, letter) == (200, b"success")
    assert left(here) == {PAID: 1}


def test_who_takes_back_what_he_allowed_is_counted(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    ann = here.person("ann")
    before = stored(here)
    capsys.readouterr()
    openid = shop.openid(here, ann)
    assert mall.pushes(here, openid, "user_authorization_revoke", RevokeInfo="1") == (200, b"success")
    said = capsys.readouterr().out
    assert '"AuthorizationsRevoked":1' in said and ann.uid in said and openid not in said
    assert stored(here) == before
