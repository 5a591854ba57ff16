"""Cash on the deployed stack: claimed, confirmed in WeChat and paid once, whatever is lost or missing on the way."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib.cash.items import pause_key
from chalicelib.cash.numbers import number
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId
from chalicelib.rewards.cash import cash_key
from infra.local import minute
from infra.local.client import Person, Reply
from infra.local.endpoint import Endpoint
from infra.local.seed import demo_offer
from infra.local.seed_cash import GIFT_FEN, demo_cash
from infra.local.walk_cash import given
from tests.e2e.conftest import Shop
from tests.e2e.test_peers import at_once
from tests.e2e.waiting import wait_for

BUDGET_FEN = 1000


@pytest.fixture(scope="module")
def campaign(shop: Shop) -> str:
    return published(shop)


def published(shop: Shop) -> str:
    document = demo_cash(demo_offer())
    after = {**document["after_order"], "budget": {"cash": BUDGET_FEN}}
    return shop.published({**document, "after_order": after})


def earned(shop: Shop, campaign: str) -> tuple[Person, str]:
    """Somebody who has bought and received goods, and the cash that this has brought."""
    buyer = shop.person()
    order = buyer.buy(campaign).expect(201)
    buyer.pay(order).expect(200)
    shop.deliver()
    order_id = order["order_id"]
    shop.admin.post(f"/v1/admin/orders/{order_id}/send", {"parcels": [{"carrier": "SF", "number": order_id[-12:]}]})
    buyer.api.post(f"/v1/orders/{order_id}/received")
    return buyer, given(shop.stack, buyer, shop.merchant.mid, order_id)


def claims(person: Person, cash_id: str) -> Reply:
    return person.api.call("POST", f"/v1/me/cash/{cash_id}/claim", {})


def page(person: Person, cash_id: str) -> Any:
    return person.api.get(f"/v1/me/cash/{cash_id}")


def becomes(person: Person, cash_id: str, state: str) -> Any:
    """Its page, once it is there."""
    return wait_for(lambda: (shown := page(person, cash_id))["state"] == state and shown)


def transfers(shop: Shop, person: Person, cash_id: str, n: int = 1) -> list[dict[str, Any]]:
    """An attempt as WeChat has it."""
    name = number(person.uid, cash_id, n)
    found: list[dict[str, Any]] = shop.control("GET", f"/_sim/transfers?out_bill_no={name}")["transfers"]
    return found


def looks(shop: Shop, person: Person, cash_id: str) -> None:
    """A worker looks at it now."""
    minute.sooner(shop.stack, cash_key(MerchantId(shop.merchant.mid), person.uid, cash_id))
    minute.run(shop.stack)


def confirms(person: Person, cash_id: str) -> None:
    """He confirms in WeChat, and its word of that arrives."""
    person.confirm_transfer(page(person, cash_id)["confirm"]).expect(200)
    assert becomes(person, cash_id, "paid")["detail"] == "已存入微信零钱"


def operations(shop: Shop, fen: int = 0) -> dict[str, int]:
    """What the operations account has, after so much has come to it or left it."""
    mchid = shop.merchant.mchid
    if fen:
        shop.control("POST", "/_sim/operations", json.dumps({"mchid": mchid, "fen": fen}).encode())
    found: dict[str, int] = shop.control("GET", f"/_sim/operations?mchid={mchid}")
    return found


def test_it_is_claimed_confirmed_and_paid_and_the_merchants_year_and_day_say_so(shop: Shop, run: Any) -> None:
    campaign = published(shop)
    buyer, cash_id = earned(shop, campaign)
    buyer.api.call("PATCH", "/v1/me", {"nickname": "王小明"}).expect(200)
    today = datetime.now(UTC).astimezone(clock.BEIJING).date().isoformat()
    claimed = claims(buyer, cash_id).expect(200)
    assert (claimed["state"], claimed["confirm"]["appId"]) == ("waiting", shop.merchant.appid)
    owed = shop.admin.get(f"/v1/admin/campaigns/{campaign}/cash")
    assert (owed["in_flight_fen"], owed["owed_fen"], owed["free_fen"]) == (GIFT_FEN, GIFT_FEN, BUDGET_FEN - GIFT_FEN)
    confirms(buyer, cash_id)
    [transfer] = transfers(shop, buyer, cash_id)
    assert (transfer["state"], transfer["transfer_amount"]) == ("SUCCESS", GIFT_FEN)
    [line] = [line for line in buyer.api.get("/v1/me/rewards")["rewards"] if line["form"] == "cash"]
    assert (line["why"], line["state"], line["cash"]["state"]) == ("after_order", "granted", "paid")
    owed = shop.admin.get(f"/v1/admin/campaigns/{campaign}/cash")
    assert (owed["paid_fen"], owed["owed_fen"], owed["free_fen"]) == (GIFT_FEN, 0, BUDGET_FEN - GIFT_FEN)

    year = f"/v1/admin/cash/years/{today[:4]}"
    found, told = list[dict[str, Any]](), {"cursor": ""}
    while told["cursor"] is not None:
        told = shop.admin.get(f"{year}?limit=100" + (f"&cursor={told['cursor']}" if told["cursor"] else ""))
        found += [user for user in told["users"] if user["user_id"] == buyer.uid]
    assert [(user["paid_times"], user["paid_fen"]) for user in found] == [(1, GIFT_FEN)]
    assert shop.admin.get(f"{year}/sheet?limit=1").splitlines()[0].endswith("申请次数,申请金额（分）")

    shop.control("POST", "/_sim/bill/publish", json.dumps({"mchid": shop.merchant.mchid, "date": today}).encode())
    before = datetime.now(UTC)
    shop.admin.post("/v1/admin/cash/days", {"day": today})

    def compared() -> Any:
        run("sweeper")
        days = [day for day in shop.admin.get("/v1/admin/cash/days")["days"] if day["day"] == today]
        at = days[0]["compared_at"] if days else None
        return days[0] if at is not None and datetime.fromisoformat(at) >= before else None

    assert wait_for(compared)["transfers"] >= 1
    stuck = shop.admin.get("/v1/admin/stuck?limit=100")["stuck"]
    assert [each for each in stuck if each["number"] == number(buyer.uid, cash_id, 1)] == []
    attempts = shop.admin.get(f"/v1/admin/users/{buyer.uid}/cash")["cash"][0]["attempts"]
    assert [(each["state"], each["booked"]) for each in attempts] == [("SUCCESS", {today: -GIFT_FEN})]


def test_two_taps_at_once_make_one_transfer(shop: Shop, campaign: str) -> None:
    buyer, cash_id = earned(shop, campaign)
    replies = at_once([partial(claims, buyer, cash_id)] * 2)
    # 503 is "too busy to answer for certain": the same again has the answer.
    assert {reply.status for reply in replies} <= {200, 202, 503}
    assert claims(buyer, cash_id).expect(200)["state"] == "waiting"
    assert [each["state"] for each in transfers(shop, buyer, cash_id)] == ["WAIT_USER_CONFIRM"]
    assert transfers(shop, buyer, cash_id, n=2) == []
    confirms(buyer, cash_id)


def test_an_answer_that_was_lost_is_asked_for_by_a_worker(shop: Shop, campaign: str) -> None:
    buyer, cash_id = earned(shop, campaign)
    fault = {"endpoint": "transfer", "kind": "lost", "match": number(buyer.uid, cash_id, 1)}
    shop.control("POST", "/_sim/faults", json.dumps(fault).encode())
    sent = claims(buyer, cash_id).expect(202)
    assert (sent["state"], sent["confirm"], sent["poll_after_seconds"]) == ("sending", None, 3)
    assert claims(buyer, cash_id).expect(202)["state"] == "sending"
    looks(shop, buyer, cash_id)
    assert becomes(buyer, cash_id, "waiting")["confirm"]
    confirms(buyer, cash_id)
    assert len(transfers(shop, buyer, cash_id)) == 1


def test_what_was_asked_for_is_taken_back_and_asked_for_again(shop: Shop, campaign: str, run: Any) -> None:
    buyer, cash_id = earned(shop, campaign)
    claims(buyer, cash_id).expect(200)
    assert buyer.api.call("POST", f"/v1/me/cash/{cash_id}/cancel", {}).expect(202)["state"] == "cancelling"
    run("sweeper")
    back = becomes(buyer, cash_id, "claimable")
    assert (back["can_claim"], back["failed"]["code"]) == (True, "withdrawn")
    assert claims(buyer, cash_id).expect(200)["state"] == "waiting"
    confirms(buyer, cash_id)
    states = [transfers(shop, buyer, cash_id, n)[0]["state"] for n in (1, 2)]
    assert states == ["CANCELLED", "SUCCESS"]


def test_an_empty_operations_account_pauses_and_a_top_up_resumes(shops: tuple[Shop, Shop]) -> None:
    # The second merchant: nobody else's transfers leave from his account.
    shop = shops[1]
    campaign = published(shop)
    ann, hers = earned(shop, campaign)
    ben, his = earned(shop, campaign)
    had = operations(shop)["available"]
    assert operations(shop, -had)["available"] == 0
    assert claims(ann, hers).expect(202)["state"] == "sending"
    refused = claims(ben, his).expect(409)
    why_not = page(ben, his)["why_not"]
    assert refused["code"] == why_not["code"] == "cash_paused"
    assert clock.parse(refused["retry_at"]) == clock.parse(why_not["until"])
    paused = shop.admin.get(f"/v1/admin/campaigns/{campaign}/cash")["paused"]
    assert paused["why"] == "NOT_ENOUGH"
    operations(shop, had)
    over(shop.stack, shop.merchant.mid, campaign)
    looks(shop, ann, hers)
    becomes(ann, hers, "waiting")
    claims(ben, his).expect(200)
    for person, cash_id in ((ann, hers), (ben, his)):
        confirms(person, cash_id)
        assert len(transfers(shop, person, cash_id)) == 1
    assert shop.admin.get(f"/v1/admin/campaigns/{campaign}/cash")["paused"] is None
    assert operations(shop)["available"] == had - 2 * GIFT_FEN


def over(stack: Endpoint, mid: str, campaign: str) -> None:
    """The five minutes of a campaign's pause are over."""
    key = pause_key(MerchantId(mid), campaign)
    past = clock.iso(datetime.now(UTC) - timedelta(seconds=1))
    stack.client("dynamodb").update_item(
        TableName=stack.table,
        Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}},
        ConditionExpression="attribute_exists(pk)",
        UpdateExpression="SET #u = :past",
        ExpressionAttributeNames={"#u": "until"},
        ExpressionAttributeValues={":past": {"S": past}},
    )
