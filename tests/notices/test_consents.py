"""Consents: what a client reports, what WeChat pushes, and what of both counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, UserId
from chalicelib.notices import consents, rules
from chalicelib.notices.consents import Ledger, accepted, denied, emptied
from chalicelib.notices.moments import Moment, Sort
from chalicelib.push.items import Pushed, pushed_key
from infra.local.client import Person
from tests.conftest import START
from tests.notices import shop
from tests.town import Town

PAID = shop.template_id(Moment.PAID)


def event(town: Town, person: Person, n: int) -> Pushed:
    """One that WeChat pushed."""
    key = pushed_key(MerchantId(town.merchant.mid), str(n))
    return Pushed(*key, event="subscribe_msg_popup_event", uid=person.uid)


def left(town: Town, person: Person) -> int:
    found = shop.consent(town, person)
    return found.left if found else 0


def popped(town: Town, person: Person, n: int, *, yes: bool = True, ago: float = 0) -> None:
    at = clock.now() - timedelta(seconds=ago)
    consents.popped(MerchantId(town.merchant.mid), UserId(person.uid), [(PAID, yes)], at, event(town, person, n))


def test_each_act_of_asking_is_one_consent(town: Town) -> None:
    shop.says(town, Moment.PAID)
    ann = town.person("ann")
    for n in range(2):
        for _ in range(2):
            assert shop.reports(ann, {PAID: "accept"}, key=f"asked-number-{n}").expect(200) == {"left": {PAID: n + 1}}
    shop.reports(ann, {PAID: "reject"}, key="asked-number-1").expect(409)
    assert shop.reports(ann, {PAID: "reject"}).expect(200) == {"left": {PAID: 2}}
    assert shop.reports(ann, {PAID: "acceptWithAudio"}).expect(200) == {"left": {PAID: 3}}
    for answer in ("ban", "filter"):
        assert shop.reports(ann, {PAID: answer}).expect(200) == {"left": {PAID: 3}}


def test_a_client_that_says_yes_for_ever_is_believed_so_far(town: Town) -> None:
    shop.says(town, Moment.PAID)
    ann = town.person("ann")
    for _ in range(rules.MOST_LEFT + 3):
        shop.reports(ann, {PAID: "accept"}).expect(200)
    assert left(town, ann) == rules.MOST_LEFT


def test_a_template_that_the_shop_does_not_use_is_refused(town: Town) -> None:
    shop.says(town, Moment.PAID)
    wrong = shop.reports(town.person("ann"), {PAID: "accept", "another-template-0123": "accept"}).expect(409)
    assert wrong["code"] == "template_unused" and wrong["errors"][0]["pointer"] == "/results/another-template-0123"


def test_what_client_and_wechat_both_tell_is_one_consent_whoever_is_first(town: Town) -> None:
    shop.says(town, Moment.PAID)
    ann = town.person("ann")
    shop.reports(ann, {PAID: "accept"}).expect(200)
    popped(town, ann, 1)
    assert left(town, ann) == 1
    popped(town, ann, 2)
    popped(town, ann, 2)
    shop.reports(ann, {PAID: "accept"}).expect(200)
    assert left(town, ann) == 2
    popped(town, ann, 3, ago=rules.SAME_ACT.total_seconds() + 1)
    assert left(town, ann) == 3


def test_what_the_user_refused_as_wechat_knows_counts_no_more(town: Town) -> None:
    shop.says(town, Moment.PAID)
    ann = town.person("ann")
    shop.reports(ann, {PAID: "accept"}).expect(200)
    popped(town, ann, 1, yes=False)
    assert left(town, ann) == 0
    popped(town, ann, 2, yes=False)
    assert left(town, ann) == 0


def test_what_is_switched_off_is_gone_until_the_next_yes(town: Town) -> None:
    shop.says(town, Moment.PAID)
    ann = town.person("ann")
    shop.reports(ann, {PAID: "accept"}).expect(200)
    mid, uid = MerchantId(town.merchant.mid), UserId(ann.uid)
    consents.switched_off(mid, uid, [PAID], clock.now() - timedelta(seconds=1), event(town, ann, 1))
    assert left(town, ann) == 1, "he has said yes since"
    consents.switched_off(mid, uid, [PAID], clock.now(), event(town, ann, 2))
    (row,) = ann.api.get("/v1/me/notices")["consents"]
    assert (row["left"], row["off_at"]) == (0, clock.iso(clock.now()).replace(".000Z", "Z"))
    clock.advance(1)
    shop.reports(ann, {PAID: "accept"}).expect(200)
    (row,) = ann.api.get("/v1/me/notices")["consents"]
    assert (row["left"], row["off_at"]) == (1, None)


def test_what_wechat_tells_of_a_delivery_stands_with_the_message(town: Town) -> None:
    shop.says(town, Moment.PAID)
    ann = town.person("ann")
    shop.consents(town, ann, Moment.PAID)
    shop.told(town, ann)
    town.stream()
    (sent,) = shop.messages(town, ann)
    mid, uid = MerchantId(town.merchant.mid), UserId(ann.uid)
    consents.delivered(mid, uid, "1", "0")
    consents.delivered(mid, uid, sent["msgid"], "0")
    found = shop.notice(town, ann)
    assert found is not None and found.result == "ok"
    consents.delivered(mid, uid, sent["msgid"], "43101")
    found = shop.notice(town, ann)
    assert found is not None and found.result == "43101"


def test_wishes_stay_as_they_were_said(town: Town) -> None:
    ann = town.person("ann")
    assert ann.api.get("/v1/me/notices")["unwanted"] == []
    said = ann.api.call("PUT", "/v1/me/notices", {"unwanted": ["reminder", "offer", "reminder"]})
    said.expect(422)
    ann.api.call("PUT", "/v1/me/notices", {"unwanted": ["offer", "offer"]}).expect(200)
    assert ann.api.get("/v1/me/notices")["unwanted"] == [Sort.OFFER]
    ann.api.call("PUT", "/v1/me/notices", {"unwanted": []}).expect(200)
    assert ann.api.get("/v1/me/notices")["unwanted"] == []
    ann.api.call("PUT", "/v1/me/notices", {"unwanted": ["event"]}).expect(422)


Step = tuple[Literal["client", "wechat", "no", "off"], int]


@given(st.lists(st.tuples(st.sampled_from(["client", "wechat", "no", "off"]), st.integers(0, 400)), max_size=30))
def test_never_more_is_left_than_was_granted_and_than_may_wait(steps: list[Step]) -> None:
    now, before = START, Ledger()
    for what, seconds in steps:
        now += timedelta(seconds=seconds)
        if what == "no":
            after = denied(before, now)
        elif what == "off":
            after = emptied(before)
        else:
            after = accepted(before, what, now)
        assert 0 <= after.left <= min(after.granted, rules.MOST_LEFT) and len(after.acts) <= rules.KEPT_ACTS
        assert 0 <= after.granted - before.granted <= 1
        before = after


@given(st.lists(st.tuples(st.integers(1, 200), st.booleans()), max_size=9))
def test_acts_that_both_tell_of_in_time_count_once_each(acts: list[tuple[int, bool]]) -> None:
    """Each act is told by both within the window, in either order, and acts do not overlap."""
    now, before = START, Ledger()
    for n, (gap, client_first) in enumerate(acts, 1):
        now += rules.SAME_ACT + timedelta(seconds=gap)
        first, second = ("client", "wechat") if client_first else ("wechat", "client")
        for by in (first, second):
            before = accepted(before, "client" if by == "client" else "wechat", now)
        assert before.left == before.granted == min(n, rules.MOST_LEFT)
