"""A message: one consent, sent once, and what WeChat's answers make of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.core import clock
from chalicelib.core.errors import BUSY, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.notices import rules, sending, setup
from chalicelib.notices.items import NoticeSetup
from chalicelib.notices.moments import Moment
from chalicelib.notices.states import NoticeState
from chalicelib.wechat import token
from infra.local.client import Person
from tests.notices import shop
from tests.town import Town

AGAIN = (rules.BUSY + timedelta(seconds=2)).total_seconds()


@pytest.fixture
def ann(town: Town) -> Person:
    """Somebody who has agreed to be told once that she paid."""
    token.forget()
    shop.says(town, Moment.PAID, Moment.SHIPPED)
    person = town.person("ann")
    shop.consents(town, person, Moment.PAID)
    return person


def state(town: Town, person: Person, ident: str = "o1") -> tuple[str, str | None, int]:
    """What stands of a message: its state, why, and whether it has a consent."""
    found = shop.notice(town, person, ident=ident)
    assert found is not None
    return found.state.value, found.why, found.taken


def counts(town: Town, person: Person) -> tuple[int, int, int]:
    """Consents: granted, left, sent."""
    found = shop.consent(town, person)
    return (found.granted, found.left, found.sent) if found else (0, 0, 0)


def test_somebody_is_told_at_once_what_the_template_says(town: Town, ann: Person) -> None:
    shop.told(
        town, ann, at="2026-11-11T15:30:00.000Z", title="一个很长很长很长很长很长很长很长的标题啊啊", amount_fen=1_205
    )
    town.stream()
    (sent,) = shop.messages(town, ann)
    assert sent["template_id"] == shop.template_id(Moment.PAID) and sent["page"] == "pages/order/index?o=o1"
    assert sent["data"] == {
        "thing1": "一个很长很长很长很长很长很长很长的标题…",
        "amount2": "12.05元",
        "character_string3": "SF1234567890",
        "time4": "2026年11月11日 23:30",
    }
    assert (sent["lang"], sent["state"]) == ("zh_CN", "formal")
    assert state(town, ann) == ("sent", None, 1) and counts(town, ann) == (1, 0, 1)
    found = shop.notice(town, ann)
    assert found is not None and found.msgid == sent["msgid"]


def test_the_sweeper_tells_what_the_stream_has_lost_and_nobody_twice(town: Town, ann: Person) -> None:
    shop.told(town, ann)
    town.pass_time(120)
    town.stream()
    town.pass_time(120)
    assert len(shop.messages(town, ann)) == 1


def test_who_has_not_agreed_is_told_nothing_and_it_stands_there_why(town: Town, ann: Person) -> None:
    ben = town.person("ben")
    shop.told(town, ben)
    town.stream()
    assert shop.messages(town, ben) == [] and state(town, ben) == ("dropped", "no_consent", 0)


def test_nothing_is_written_where_the_merchant_does_not_tell_of_it(town: Town, ann: Person) -> None:
    before = town.items()
    shop.told(town, ann, Moment.REFUNDED)
    assert len(town.items()) == len(before)


def test_a_consent_is_used_up(town: Town, ann: Person) -> None:
    for ident in ("o1", "o2"):
        shop.told(town, ann, ident=ident)
        town.stream()
    assert len(shop.messages(town, ann)) == 1 and state(town, ann, "o2") == ("dropped", "no_consent", 0)


def test_of_what_happened_once_somebody_is_told_once(town: Town, ann: Person) -> None:
    shop.consents(town, ann, Moment.PAID)
    for _ in range(2):
        shop.told(town, ann)
        town.stream()
    assert len(shop.messages(town, ann)) == 1 and counts(town, ann) == (2, 1, 1)


def test_what_was_dropped_is_sent_when_it_happens_again_after_a_consent(town: Town, ann: Person) -> None:
    ben = town.person("ben")
    shop.told(town, ben)
    town.stream()
    shop.consents(town, ben, Moment.PAID)
    shop.told(town, ben)
    town.pass_time(120)
    assert len(shop.messages(town, ben)) == 1


def test_wechat_knows_of_no_consent_so_all_are_gone(town: Town, ann: Person) -> None:
    shop.reports(ann, {shop.template_id(Moment.PAID): "accept"}).expect(200)
    assert counts(town, ann) == (2, 2, 0)
    town.sim.world.messages.consents.clear()
    shop.told(town, ann)
    town.stream()
    assert state(town, ann) == ("refused", "43101", 0) and counts(town, ann) == (2, 0, 0)


def test_a_banned_template_is_used_no_more_until_it_is_mended(town: Town, ann: Person) -> None:
    shop.bans_at_wechat(town, Moment.PAID)
    shop.told(town, ann)
    town.stream()
    assert state(town, ann) == ("refused", "43107", 0) and counts(town, ann) == (1, 1, 0)
    (ban,) = town.admin.get("/v1/admin/notices")["banned"]
    assert (ban["template_id"], ban["code"]) == (shop.template_id(Moment.PAID), "43107")
    before = len(town.items())
    shop.told(town, ann, ident="o2")
    assert len(town.items()) == before, "nothing is owed of what cannot be told"
    shop.bans_at_wechat(town, Moment.PAID, banned=False)
    town.admin.post(f"/v1/admin/notices/templates/{shop.template_id(Moment.PAID)}/mended")
    town.admin.post(f"/v1/admin/notices/templates/{shop.template_id(Moment.PAID)}/mended")
    shop.told(town, ann, ident="o3")
    town.stream()
    assert len(shop.messages(town, ann)) == 1
    town.admin.call("POST", "/v1/admin/notices/templates/unheard-of-template/mended", {}).expect(200)


def test_of_a_shop_that_had_nothing_banned_nothing_is_mended(town: Town) -> None:
    town.admin.call("POST", "/v1/admin/notices/templates/unheard-of-template/mended", {}).expect(404)


def test_another_message_to_the_same_user_is_waited_for_alone(town: Town, ann: Person) -> None:
    shop.fault(town, "overlap")
    shop.told(town, ann)
    town.stream()
    assert state(town, ann) == ("sending", None, 1) and counts(town, ann) == (1, 0, 1)
    town.pass_time(AGAIN, tick=AGAIN)
    assert state(town, ann) == ("sent", None, 1) and counts(town, ann) == (1, 0, 1)


def test_two_messages_to_one_user_are_sent_one_after_the_other(town: Town, ann: Person) -> None:
    shop.consents(town, ann, Moment.SHIPPED)
    shop.told(town, ann)
    habit = shop.habit(town, ann)
    assert habit is not None
    town.stream()
    shop.told(town, ann, Moment.SHIPPED)
    town.stream()
    assert len(shop.messages(town, ann)) == 2


@pytest.mark.parametrize(("kind", "reached"), [("lost", 1), ("5xx", 0), ("busy", 0), ("garbled", 1)])
def test_in_doubt_it_is_not_sent_again_and_its_consent_stays_taken(
    town: Town, ann: Person, kind: str, reached: int
) -> None:
    shop.fault(town, kind)
    shop.told(town, ann)
    town.stream()
    town.pass_time(600)
    assert state(town, ann)[0] == NoticeState.UNKNOWN and counts(town, ann) == (1, 0, 1)
    assert len(shop.messages(town, ann)) == reached


def test_a_quota_is_waited_for(town: Town, ann: Person) -> None:
    shop.fault(town, "quota")
    shop.told(town, ann)
    town.stream()
    town.pass_time(AGAIN, tick=AGAIN)
    assert state(town, ann) == ("sent", None, 1)


def test_another_refusal_gives_the_consent_back(town: Town, ann: Person) -> None:
    shop.told(town, ann, title="赌博")
    town.stream()
    assert state(town, ann) == ("refused", "45168", 0) and counts(town, ann) == (1, 1, 0)


def test_storage_that_fails_before_the_call_costs_no_consent(
    town: Town, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(mid: MerchantId) -> None:
        raise RippleError(BUSY)

    shop.told(town, ann)
    with monkeypatch.context() as failing:
        failing.setattr(sending, "app_account", away)
        town.stream()
    assert shop.notice(town, ann) is None and counts(town, ann) == (1, 1, 0)
    town.pass_time(120)
    assert state(town, ann) == ("sent", None, 1)


def test_templates_that_cannot_be_read_tell_nothing_and_stop_no_payment(town: Town, ann: Person) -> None:
    (stored,) = (raw for raw in town.emulator.items() if raw["sk"]["S"] == NoticeSetup.prefix)
    town.emulator.write({**stored, "terms": {"S": '{"templates":[{"moment":"of another day"}]}'}})
    setup.forget()
    shop.told(town, ann)
    leader, seat = town.opened(town.campaign())
    assert leader.api.get(f"/v1/orders/{seat['order_id']}")["state"] == "paid"
    town.pass_time(120)
    assert shop.messages(town, ann) == shop.messages(town, leader) == []
    town.emulator.write(stored)


def test_after_a_day_nobody_is_told_any_more(town: Town, ann: Person) -> None:
    shop.told(town, ann)
    clock.advance(rules.LATE.total_seconds())
    town.minute()
    assert state(town, ann) == ("dropped", "late", 0) and shop.messages(town, ann) == []


def test_what_waited_too_long_to_be_sent_gives_its_consent_back(town: Town, ann: Person) -> None:
    shop.fault(town, "overlap")
    shop.told(town, ann)
    town.stream()
    clock.advance(rules.LATE.total_seconds())
    town.minute()
    assert state(town, ann) == ("dropped", "late", 0) and counts(town, ann) == (1, 1, 0)


def test_events_may_come_at_night(town: Town, ann: Person) -> None:
    clock.advance(4 * 3600)
    shop.told(town, ann)
    town.stream()
    assert len(shop.messages(town, ann)) == 1


def test_the_merchant_sees_what_a_user_was_told_and_why_not(town: Town, ann: Person) -> None:
    for ident in ("o1", "o2"):
        shop.told(town, ann, ident=ident)
        town.stream()
    page = town.admin.get(f"/v1/admin/users/{ann.uid}/notices?limit=1")
    more = town.admin.get(f"/v1/admin/users/{ann.uid}/notices?cursor={page['cursor']}")
    told = [(n["moment"], n["object"], n["state"], n["why"]) for n in [*page["notices"], *more["notices"]]]
    assert told == [("paid", "o1", "sent", None), ("paid", "o2", "dropped", "no_consent")]
    assert [(c["template_id"], c["left"]) for c in page["consents"]] == [(shop.template_id(Moment.PAID), 0)]
