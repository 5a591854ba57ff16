"""What is answered where: pages, listings, tickets, answers again, and every refusal with what to do instead."""

from __future__ import annotations

from chalicelib.core import clock
from chalicelib.redpacket import values
from chalicelib.rewards import give
from infra.local.client import Reply
from tests.redpacket.shop import (
    COUPON,
    HOUR,
    LOOKED,
    POINTS,
    bought,
    brought,
    budget,
    claims,
    closes,
    goods,
    grown,
    helps,
    look_after,
    of_order,
    packet,
    page,
    refunds,
    shady,
    started,
    starts,
    takes,
    ticket,
    unlock_offer,
)
from tests.rewards import shop as rewards
from tests.sharing.friends import enters
from tests.town import Town

KEY = "one-key-for-one-tap"


def code(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.body["code"]


def test_the_page_of_a_packet_tells_each_what_he_may_do(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    ann.api.call("PATCH", "/v1/me", {"nickname": "王小明"}).expect(200)
    ben.api.call("PATCH", "/v1/me", {"nickname": "李雷"}).expect(200)
    rid = brought(town, ann, town.campaign(goods()))
    claims(ben, rid).expect(201)
    mine, theirs, his = page(ann, rid), page(cat, rid), page(ben, rid)
    assert (mine["need"], mine["have"], mine["left"], mine["kind"]) == (2, 1, 1, "order")
    assert (mine["mine"], mine["may_claim"], mine["help_ticket"], mine["why_not"]) == (True, False, None, None)
    assert (mine["gained"]["detail"], mine["order_id"] is not None) == ("¥2.00 余额", True)
    assert (theirs["mine"], theirs["may_claim"], theirs["may_help"], theirs["gained"]) == (False, True, False, None)
    assert (theirs["order_id"], theirs["owner"], theirs["nodes"]) == (None, "王**", [])
    assert theirs["next"] == {
        "button": "帮TA拆，TA得¥2.00 余额，你得¥2.00 余额",
        "you": {"amount": 200, "currency": "fen", "form": "balance", "detail": "¥2.00 余额"},
        "owner": {"amount": 200, "currency": "fen", "form": "balance", "detail": "¥2.00 余额"},
    }
    (taker,) = theirs["takers"]
    assert (taker["nickname"], taker["got"]["amount"]) == ("李**", 400)
    assert "王小明" not in str(theirs) and "李雷" not in str(theirs)
    assert theirs["share"]["path"].startswith(f"pages/packet/index?r={rid}&s=")
    assert (his["help_ticket"], his["why_not"]["code"]) == (None, "packet_already_acted")
    assert his["my_act"]["state"] == "on_its_way"


def test_the_page_speaks_english_too(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    rid = started(ann, town.campaign(unlock_offer(form=COUPON)))
    shown = ben.api.call("GET", f"/v1/packets/{rid}", headers={"Accept-Language": "en"}).expect(200)
    assert shown["next"]["button"] == "Help: your friend gets a ¥1.00 coupon (from ¥50.00), you get nothing"
    assert (shown["next"]["you"], shown["next"]["owner"]["form"], shown["may_help"]) == (None, "coupon", True)


def test_the_page_of_an_unlock_packet_shows_its_nodes(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    points = unlock_offer(form=POINTS, budget={"points": 10_000})
    rid = started(ann, town.campaign(points))
    helps(ben, rid).expect(201)
    shown = page(cat, rid)
    assert [(n["reached"], n["granted"], n["gives"]["detail"]) for n in shown["nodes"]] == [
        (True, False, "100 积分"),
        (False, False, "200 积分"),
    ]
    assert [taker["got"] for taker in shown["takers"]] == [None]
    look_after(town, rid)
    assert page(ann, rid)["gained"]["detail"] == "100 积分"
    assert page(cat, rid)["nodes"][0]["granted"] is True


def test_a_tap_that_is_sent_again_is_answered_again(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    campaign = town.campaign(unlock_offer())
    first = starts(ann, campaign, key=KEY).expect(201)
    assert starts(ann, campaign, key=KEY).expect(201)["packet_id"] == first["packet_id"]
    rid = first["packet_id"]
    given = ticket(ben, rid)
    clock.advance(LOOKED)
    once = takes(ben, rid, given, "helps", key=KEY).expect(201)
    again = takes(ben, rid, given, "helps", key=KEY).expect(201)
    assert (once["my_act"], packet(town, rid).n) == (again["my_act"], 1)
    assert code(takes(ben, rid, "another", "helps", key=KEY)) == (409, "idempotency_key_reused")


def test_what_a_help_and_a_claim_are_refused_for(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    campaign = town.campaign(unlock_offer(limits={"starts": 9, "active": 9, "helps": 2, "helps_a_day": 1}))
    rid, other = started(ann, campaign), started(ann, campaign)
    assert code(takes(ann, rid, "none", "helps")) == (409, "own_packet")
    assert code(takes(ben, rid, "none", "claims")) == (404, "not_found")
    assert code(takes(ben, f"{rid}0", "none", "helps")) == (404, "not_found")
    given = ticket(ben, rid)
    assert code(takes(ben, rid, given, "helps")) == (409, "help_too_fast")
    assert code(takes(cat, rid, given, "helps")) == (422, "help_ticket_unfit")
    assert code(takes(ben, other, given, "helps")) == (422, "help_ticket_unfit")
    clock.advance(601)
    assert code(takes(ben, rid, given, "helps")) == (409, "help_ticket_expired")
    helps(ben, rid).expect(201)
    refused = page(ben, other)["why_not"]
    assert (refused["code"], refused["next"]) == ("packet_act_day_limit", "明天再来")
    gone = brought(town, ann, town.campaign(goods()))
    assert code(takes(ben, gone, "none", "helps")) == (404, "not_found")


def test_limits_of_starts(town: Town) -> None:
    (ann,) = grown(town, "ann")
    campaign = town.campaign(unlock_offer(limits={"starts": 2, "active": 1}))
    first = started(ann, campaign)
    refused = starts(ann, campaign).expect(409)
    assert (refused["code"], refused["detail"]) == ("packet_active", "你有 1 个红包尚未结束")
    closes(town, first).expect(200)
    look_after(town, first)
    started(ann, campaign)
    assert code(starts(ann, campaign)) == (409, "packet_limit")
    assert code(starts(ann, town.campaign())) == (404, "not_found")


def test_the_budget_of_a_campaign_is_its_last_word(town: Town) -> None:
    ann, ben = grown(town, "ann", "ben")
    campaign = town.campaign(unlock_offer(budget={"fen": 599}))
    started(ann, campaign)
    assert code(starts(ben, campaign)) == (409, "packets_spent")
    assert budget(town) == 299


def test_only_new_helpers_where_the_campaign_says_so(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    order = ben.buy(town.campaign()).expect(201)
    ben.pay(order).expect(200)
    town.hear()
    rid = started(ann, town.campaign(unlock_offer(who_may_help="new_user")))
    assert page(ben, rid)["why_not"]["code"] == "packet_new_only"
    helps(cat, rid).expect(201)
    record = town.admin.get(f"/v1/admin/packets/{rid}")
    assert record["acts"][0]["verdict"]["new"] is True


def test_my_packets_newest_first_in_pages(town: Town) -> None:
    (ann,) = grown(town, "ann")
    campaign = town.campaign(unlock_offer())
    rids = []
    for _ in range(3):
        rids.append(started(ann, campaign))
        clock.advance(1)
    first = ann.api.get("/v1/packets?limit=2")
    second = ann.api.get(f"/v1/packets?limit=2&cursor={first['cursor']}")
    assert [one["packet_id"] for one in (*first["packets"], *second["packets"])] == rids[::-1]
    listed = town.admin.get(f"/v1/admin/campaigns/{campaign}/packets?limit=2")
    more = town.admin.get(f"/v1/admin/campaigns/{campaign}/packets?limit=2&cursor={listed['cursor']}")
    assert [one["packet_id"] for one in (*listed["packets"], *more["packets"])] == rids[::-1]
    assert more["cursor"] is None


def test_a_page_of_packets_looks_through_so_much_of_a_statement_and_says_where_to_go_on(town: Town) -> None:
    (ann,) = grown(town, "ann")
    rid, gifts = started(ann, town.campaign(unlock_offer())), town.campaign(rewards.offer())
    for n in range(12):
        clock.advance(1)
        rewards.promise(town, gifts, ann, f"number-{n}")
    with town.emulator.counting() as calls:
        first = ann.api.get("/v1/packets?limit=2")
    assert sum(call.operation == "Query" for call in calls) == 5
    assert first["packets"] == []
    second = ann.api.get(f"/v1/packets?limit=2&cursor={first['cursor']}")
    assert [one["packet_id"] for one in second["packets"]] == [rid]


def test_a_line_of_a_statement_reads_a_packets_claims_once_and_no_helps(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    helps(cat, started(ann, town.campaign(unlock_offer()))).expect(201)
    rid = brought(town, ann, town.campaign(goods()))
    claims(ben, rid).expect(201)
    town.stream()
    with town.emulator.counting() as calls:
        ann.api.get("/v1/me/rewards")
    assert sum(call.operation == "Query" for call in calls) == 2, "one of the statement, one of the claims"


def test_the_merchant_sees_every_claim_and_why_it_waits(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    rid = brought(town, ann, town.campaign(goods()))
    shady(town, cat)
    enters(ben, scene=page(ann, rid)["share"]["scene"])
    claims(ben, rid).expect(201)
    claims(cat, rid).expect(201)
    record = town.admin.get(f"/v1/admin/packets/{rid}")
    assert (record["held"], record["reserved"], record["spent"], record["currency"]) == (1, 400, 600, "fen")
    bens, cats = record["acts"]
    assert (bens["slot"], bens["friend_amount"], bens["own_amount"], bens["state"]) == (1, 400, 200, "owed")
    assert bens["came_by"]["user_id"] == ann.uid
    assert (cats["slot"], cats["reasons"], cats["passes_at"] is not None) == (None, ["rank_raised"], True)
    assert (record["owner_id"], record["order_id"] is not None) == (ann.uid, True)


def test_a_close_is_written_down_and_done_once(town: Town) -> None:
    (ann,) = grown(town, "ann")
    rid = started(ann, town.campaign(unlock_offer()))
    assert closes(town, rid, key=KEY).expect(200)["packet"]["status"] == "settling"
    assert closes(town, rid, key=KEY).expect(200)["packet"]["status"] == "settling"
    assert code(closes(town, rid)) == (409, "packet_ended")
    entries = town.admin.get("/v1/admin/audit?limit=50")["entries"]
    assert [entry["subject"] for entry in entries if entry["action"] == "packet.close"] == [rid]
    town.pass_time(120)
    assert packet(town, rid).status == "expired"


def test_a_merchant_cannot_close_what_is_being_taken_back(town: Town) -> None:
    (ann,) = grown(town, "ann")
    campaign = town.campaign(goods())
    oid = bought(town, ann, campaign)
    town.stream()
    refunds(town, oid).expect(200)
    town.stream()
    rid = of_order(campaign, oid)
    assert packet(town, rid).status == "clawing"
    refused = closes(town, rid).expect(409)
    assert (refused["code"], refused["detail"]) == ("packet_ended", "该红包已结束（clawing）")
    look_after(town, rid)
    assert code(closes(town, rid)) == (409, "packet_ended")


def test_what_claims_brought_an_owner_is_found_through_his_packet(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    rid = brought(town, ann, town.campaign(goods()))
    for friend in (ben, cat):
        claims(friend, rid).expect(201)
    assert list(values.owner_legs(packet(town, rid))) == []
    town.stream()
    found = list(values.owner_legs(packet(town, rid)))
    assert sorted((claim.uid, leg.amount) for claim, legs in found for leg in legs) == sorted(
        [(ben.uid, 200), (cat.uid, 200)]
    )
    assert {leg.account for _, legs in found for leg in legs} == {give.user(ann.uid)}


def test_a_packet_may_be_claimed_to_its_last_instant(town: Town) -> None:
    ann, ben, cat = grown(town, "ann", "ben", "cat")
    rid = brought(town, ann, town.campaign(goods()))
    clock.advance(HOUR - LOOKED)
    assert claims(ben, rid).expect(201)["packet"]["have"] == 1
    assert page(cat, rid)["may_claim"] is True
    clock.advance(1)
    shown = page(cat, rid)
    assert (shown["may_claim"], shown["why_not"]["code"]) == (False, "packet_ended")
