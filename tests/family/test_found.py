"""What was found by looking for it: schedules and requests that once went wrong."""

from __future__ import annotations

from chalicelib.core import clock
from tests.family import people
from tests.family.acts import SOLO, buys, wallet
from tests.family.asks_shop import decides
from tests.family.shop import cooled, endow, household
from tests.punchcards import shop as cards
from tests.town import Town


def test_a_card_is_bought_with_the_owners_money(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    fid = household(town, mum, ann)
    held = cards.buys(ann, cards.opened(town), fid, payer=fid).expect(201)
    assert (held["pay"], held["cash_fen"]) == (None, cards.PRICE)
    paid = mum.api.call("POST", f"/v1/orders/{held['order_id']}/prepay", {}).expect(200)
    mum.pay(paid).expect(200)
    town.hear()
    (card,) = ann.api.get(f"/v1/families/{fid}/cards")["cards"]
    assert card["left"] == cards.TEN


def test_a_months_page_does_not_begin_after_its_end(town: Town) -> None:
    mum = town.person("mum")
    fid = household(town, mum, granted=9 * SOLO)
    campaign = town.campaign()
    for _ in range(3):
        buys(mum, campaign, wallet(fid)).expect(201)
        clock.advance(1)
    cursor = mum.api.get(f"/v1/families/{fid}/ledger?limit=1")["cursor"]
    seen = mum.api.get(f"/v1/families/{fid}/summary?month=2026-10&cursor={cursor}")
    assert (seen["moves"], seen["cursor"], sum(line["orders"] for line in seen["members"])) == ([], None, 0)


def test_a_request_of_the_next_family_has_an_order_of_its_own(town: Town) -> None:
    mum, ann = town.person("mum"), town.person("ann")
    campaign, made = town.campaign(), list[str]()
    for _ in range(2):
        fid = people.family(mum, ann)
        cooled(town, fid, ann)
        endow(town, fid, SOLO, 0)
        body = {"act": "group_solo", "target": campaign}
        ask = ann.api.call("POST", f"/v1/families/{fid}/asks", body, key="one-key-for-both-").expect(201)["ask_id"]
        made.append(decides(mum, fid, ask, "approve").expect(200)["order_id"])
        people.acts(mum, fid, "close").expect(200)
        town.minute()
    assert len(set(made)) == 2


def test_an_invitation_ends_with_its_owners_ownership(town: Town) -> None:
    mum, dad, aunt = town.person("mum"), town.person("dad"), town.person("aunt")
    fid = people.family(mum, dad)
    code = people.invited(mum, fid)
    people.offers(mum, fid, dad).expect(200)
    people.acts(dad, fid, "hand-over/accept").expect(200)
    assert not aunt.api.get(f"/v1/family-invitations/{code}")["can_accept"]
    refused = aunt.api.call("POST", f"/v1/family-invitations/{code}/accept", {}).expect(409)
    assert refused["code"] == "family_invitation_over"
    people.joins(aunt, people.invited(dad, fid))


def test_the_shop_reads_all_of_a_ledger(town: Town) -> None:
    mum = town.person("mum")
    fid = household(town, mum, minors=(town.person("kid"),), granted=12 * SOLO)
    campaign = town.campaign()
    for _ in range(12):
        buys(mum, campaign, wallet(fid)).expect(201)
        clock.advance(1)
    place, rows, cursor = f"/v1/admin/families/{fid}/ledger?limit=5", list[str](), ""
    while cursor is not None:
        page = town.admin.get(f"{place}{cursor and f'&cursor={cursor}'}")
        rows, cursor = [*rows, *(row["at"] for row in page["rows"])], page["cursor"]
    assert (len(rows), rows) == (13, sorted(rows, reverse=True))
    seen = [one for one in town.admin.get("/v1/admin/audit?limit=50")["entries"] if one["action"] == "family.view"]
    assert [one["subject"] for one in seen] == [fid]
