"""Recalls: who is told, once, with a coupon; what stops one; what it tells its merchant."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.accounts.items import User, UserState, user_key
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read_one
from chalicelib.notices.moments import Moment
from chalicelib.recall import timers
from infra.local.client import Person
from tests.coupons.shop import claims, template
from tests.family.desk import minor
from tests.invite.family import accepts, counted
from tests.notices import shop as notices
from tests.recall.shop import (
    DAY,
    RECALLS,
    asleep,
    buys,
    came,
    cancels,
    coupons,
    recalls,
    shown,
    sorts,
    starts,
    wish,
)
from tests.thanks.shop import arrive
from tests.town import Town


def goes(town: Town, minutes: int = 1) -> None:
    """The workers do what is due, and the stream brings what they owe."""
    for _ in range(minutes):
        town.pass_time(60)
        town.stream()


def heard(town: Town, *people: Person) -> list[int]:
    """How many offers WeChat has sent to each."""
    ids = {notices.template_id(moment) for moment in (Moment.RECALL, Moment.THANKS)}
    return [sum(sent["template_id"] in ids for sent in notices.messages(town, who)) for who in people]


def ended(town: Town, rid: str) -> tuple[str, str | None]:
    return shown(town, rid)["state"], shown(town, rid)["why"]


def test_whoever_agreed_gets_a_coupon_and_a_message_and_nobody_else_does(town: Town) -> None:
    ann, ben = asleep(town, "ann", "ben")
    cat, dan = asleep(town, "cat", "dan", agree=False)
    eve = town.person("eve")
    dan.come_back()
    dan.api.call("PUT", "/v1/me/notices", {"unwanted": ["offer"]}).expect(200)
    campaign = template(town)
    rid = recalls(town, campaign)
    goes(town)
    assert [len(coupons(town, who, rid)) for who in (ann, ben, cat, dan, eve)] == [1, 1, 0, 0, 0]
    assert heard(town, ann, ben, cat, dan) == [1, 1, 0, 0]
    assert (ended(town, rid), came(town, rid)) == (
        ("done", None),
        {"reached": 4, "told": 2, "without_consent": 1, "unwanted": 1},
    )
    (mine,) = coupons(town, ann, rid)
    (sent,) = [m for m in notices.messages(town, ann) if m["template_id"] == notices.template_id(Moment.RECALL)]
    said = sent["data"]
    assert (said["thing1"], said["thing2"], said["time3"], sent["page"]) == (
        "秋茶优惠券",
        "满 50 减 10",
        "2026年12月13日 20:01",
        f"pages/coupon/index?c={mine.coupon_id}",
    )
    ann.come_back()
    assert ann.api.get(f"/v1/me/coupons/{mine.coupon_id}")["pieces"][0]["state"] == "available"


def test_all_recalls_together_tell_somebody_something_once_in_thirty_days(town: Town) -> None:
    (ann,) = asleep(town, "ann", lost_days=90)
    first = recalls(town, template(town))
    goes(town)
    ann.come_back()
    notices.consents(town, ann, Moment.RECALL)
    for days, told in ((0.0, 0), (29.75, 0), (0.26, 1)):
        town.pass_time(days * DAY, tick=DAY)
        again = recalls(town, template(town))
        goes(town)
        assert (came(town, again).get("told", 0), came(town, again).get("lately", 0)) == (told, 1 - told)
    assert came(town, first)["told"] == 1


def test_it_goes_page_by_page_and_looks_at_everybody_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers, "PAGE", 2)
    people = asleep(town, *(f"p{n}" for n in range(5)))
    rid = recalls(town, template(town))
    goes(town)
    assert (ended(town, rid), came(town, rid)) == (("running", None), {"reached": 2, "told": 2})
    goes(town, 3)
    assert (ended(town, rid), came(town, rid)) == (("done", None), {"reached": 5, "told": 5})
    assert heard(town, *people) == [1] * 5


def test_a_turn_that_dies_at_its_end_is_done_again_and_counts_nobody_otherwise(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = asleep(town, "ann", "ben")
    rid = recalls(town, template(town))
    with monkeypatch.context() as dying:
        dying.setattr(timers, "_end", lambda *what: (_ for _ in ()).throw(RuntimeError))
        goes(town)
    assert came(town, rid) == {"told": 2}
    goes(town, 2)
    assert (ended(town, rid), came(town, rid)) == (("done", None), {"reached": 2, "told": 2})
    assert heard(town, ann, ben) == [1, 1]


def test_at_night_it_waits_for_the_morning(town: Town) -> None:
    (ann,) = asleep(town, "ann")
    clock.advance(2 * 3600 - 180)
    rid = recalls(town, template(town), days=2)
    goes(town)
    assert came(town, rid) == {}
    clock.advance(2 * 60)
    goes(town, 2)
    assert came(town, rid) == {} and heard(town, ann) == [0]
    town.pass_time(10 * 3600 - 5 * 60)
    town.stream()
    assert came(town, rid) == {}
    goes(town, 6)
    assert (came(town, rid), heard(town, ann)) == ({"reached": 1, "told": 1}, [1])


def test_it_stops_when_no_coupon_is_left(town: Town) -> None:
    ann, ben = asleep(town, "ann", "ben")
    rid = recalls(town, template(town, total=1))
    goes(town)
    assert (ended(town, rid), came(town, rid)) == (("stopped", "coupons"), {"reached": 1, "told": 1})
    assert sorted(heard(town, ann, ben)) == [0, 1]


def test_it_stops_with_its_campaign_with_its_time_and_with_its_template(town: Town) -> None:
    asleep(town, "ann")
    campaign, other = template(town), template(town)
    paused, late, untold = recalls(town, campaign), recalls(town, other, days=0.0001), recalls(town, other)
    town.admin.post(f"/v1/admin/campaigns/{campaign}/pause")
    clock.advance(30)
    notices.says(town, Moment.PAID)
    goes(town)
    assert [ended(town, rid) for rid in (paused, late, untold)] == [
        ("stopped", "campaign"),
        ("stopped", "time"),
        ("stopped", "messages"),
    ]


def test_whoever_has_bought_meanwhile_is_not_asleep_any_more(town: Town) -> None:
    ann, ben = asleep(town, "ann", "ben")
    rid = recalls(town, template(town))
    ann.come_back()
    buys(town, town.campaign(), ann)
    town.stream()
    goes(town)
    assert came(town, rid) == {"reached": 1, "told": 1}
    assert heard(town, ann, ben) == [0, 1]


def test_a_merchant_ends_it_once_and_for_all(town: Town) -> None:
    asleep(town, "ann")
    rid = recalls(town, template(town))
    ended_now = cancels(town, rid).expect(200)
    assert (ended_now["state"], cancels(town, rid).expect(200)) == ("cancelled", ended_now)
    goes(town)
    assert (ended(town, rid), came(town, rid)) == (("cancelled", None), {})
    done = recalls(town, template(town))
    goes(town)
    refused = cancels(town, done)
    assert (refused.status, refused.body["code"]) == (409, "recall_over")
    assert [one["recall_id"] for one in town.admin.get(RECALLS)["recalls"]] == [done, rid]
    log = [entry["action"] for entry in town.admin.get("/v1/admin/audit?limit=20")["entries"]]
    assert (log.count("recall.start"), log.count("recall.cancel")) == (2, 1)
    for path in (f"{RECALLS}/nothing", f"{RECALLS}/nothing/cancel"):
        assert town.admin.call("POST" if path.endswith("cancel") else "GET", path, None).status == 404


def test_whoever_brought_friends_is_thanked_unless_he_is_a_minor(town: Town) -> None:
    sorts(town, inviter_friends=2)
    notices.says(town, Moment.THANKS)
    ann, ben, cat = town.person("ann"), town.person("ben"), town.person("cat")
    for who, friends in ((ann, 3), (ben, 2), (cat, 1)):
        notices.consents(town, who, Moment.THANKS)
        for n in range(friends):
            clock.advance(1)
            accepts(town.person(f"{who.name} {n}"), who).expect(201)
    counted(town)
    minor(town, ben)
    rid = recalls(town, template(town), "active_inviters", moment="thanks")
    goes(town)
    assert (came(town, rid), heard(town, ann, ben, cat)) == ({"reached": 2, "told": 1}, [1, 0, 0])
    (sent,) = notices.messages(town, ann)
    assert sent["data"]["number3"] == "3"


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"moment": "thanks"}, 422, "/moment"),
        ({"moment": "paid"}, 422, "/moment"),
        ({"segment": "nobody"}, 422, "/segment"),
        ({"campaign_id": "NOTHING"}, 422, "/campaign_id"),
        ({"days": 31}, 422, "/until"),
        ({"days": -1}, 422, "/until"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(town: Town, changes: dict[str, Any], status: int, said: str) -> None:
    sorts(town)
    notices.says(town, Moment.RECALL)
    asked = wish(template(town), days=changes.pop("days", 3)) | changes
    refused = town.admin.call("POST", RECALLS, asked)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (status, said)
    assert town.admin.get(RECALLS)["recalls"] == []


def test_it_needs_segments_a_template_and_a_running_campaign(town: Town) -> None:
    campaign = template(town)
    codes = [starts(town, campaign).body["code"]]
    sorts(town)
    codes.append(starts(town, campaign).body["code"])
    notices.says(town, Moment.RECALL)
    town.admin.post(f"/v1/admin/campaigns/{campaign}/pause")
    codes.append(starts(town, campaign).body["code"])
    assert codes == ["no_segments", "no_template", "campaign_not_running"]


def test_asked_twice_it_is_one_and_the_same_key_starts_no_other(town: Town) -> None:
    asleep(town, "ann")
    campaign, key = template(town), "one-key-for-one-recall"
    first = starts(town, campaign, key=key).expect(201)
    assert starts(town, campaign, key=key).expect(201) == first
    assert starts(town, campaign, "lost", key=key).body["code"] == "idempotency_key_reused"
    assert len(town.admin.get(RECALLS)["recalls"]) == 1


def test_a_recall_that_is_cancelled_or_taken_over_between_two_people_tells_nobody_more(town: Town) -> None:
    asleep(town, "ann", "ben")
    rid = recalls(town, template(town))
    town.emulator.meanwhile(lambda: cancels(town, rid).expect(200), "TransactWriteItems")
    goes(town)
    assert (ended(town, rid), came(town, rid)) == (("cancelled", None), {})


def test_the_last_coupon_that_somebody_claims_in_between_is_not_given_twice(town: Town) -> None:
    (ann,) = asleep(town, "ann")
    campaign = template(town, total=1)
    rid, ben = recalls(town, campaign), town.person("ben")
    town.emulator.meanwhile(lambda: claims(ben, campaign).expect(201), "TransactWriteItems")
    goes(town)
    assert (ended(town, rid), heard(town, ann)) == (("stopped", "coupons"), [0])


def test_a_day_that_has_had_its_messages_has_no_recall(town: Town) -> None:
    (ann,) = asleep(town, "ann")
    notices.says(town, Moment.RECALL, reminders_a_day=0)
    rid = recalls(town, template(town))
    goes(town)
    assert (came(town, rid), heard(town, ann)) == ({"reached": 1, "lately": 1}, [0])


def test_whoever_is_blocked_is_told_nothing(town: Town) -> None:
    (ann,) = asleep(town, "ann")
    user = read_one(User, user_key(MerchantId(town.merchant.mid), ann.uid))
    assert user is not None
    user.status = UserState.BLOCKED
    town.emulator.restore(user)
    rid = recalls(town, template(town))
    goes(town)
    assert (came(town, rid), coupons(town, ann, rid)) == ({"reached": 1}, [])


def test_consent_is_asked_for_when_goods_have_arrived_and_where_friends_are_invited(town: Town) -> None:
    notices.says(town, Moment.RECALL, Moment.THANKS)
    bought = buys(town, town.campaign(), ann := town.person("ann"))
    recall, thanks = notices.template_id(Moment.RECALL), notices.template_id(Moment.THANKS)
    assert recall not in bought.shown["ask"]["template_ids"]
    arrive(bought)
    assert bought.shown["ask"]["template_ids"] == [recall]
    assert ann.api.get("/v1/invites")["ask"]["template_ids"] == [thanks]


def test_until_is_an_instant_of_its_own(town: Town) -> None:
    asleep(town, "ann")
    until = clock.now() + timedelta(days=2)
    rid = recalls(town, template(town), days=2)
    assert clock.parse(shown(town, rid)["until"]) == until
