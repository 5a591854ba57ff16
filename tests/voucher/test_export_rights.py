"""Who may export promises: the first file is the right of one key, a further one takes two people, one wins."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.core import clock
from chalicelib.core.errors import RippleError
from chalicelib.voucher import export_rules as rules
from chalicelib.voucher.export_problems import EXPORT_NEEDS_ANOTHER
from infra.local.client import Api
from tests.town import Town, send
from tests.voucher import shop
from tests.voucher.files import (
    approves,
    asks,
    colleague,
    expected,
    exported,
    fetched,
    links,
    made,
    noted,
    rows,
    shown,
    stored,
)

DAY = 24 * 3600


def rekeyed(town: Town, bid: str) -> None:
    """The batch has another key from now on."""
    town.admin.post("/v1/admin/codes/keys/retire", {"note": "泄露了"})
    town.admin.post(f"/v1/admin/batches/{bid}/rekey", {"note": "泄露了"})
    assert shop.stored_batch(town, bid).key_version == 1


def test_a_further_export_waits_for_another_person(town: Town) -> None:
    bid = shop.batch(town)
    exported(town, bid)
    fang = colleague(town)
    asked = asks(town.admin, bid).expect(201)
    assert (asked["export"], asked["state"]) == ("02", "asked")
    town.minute()
    assert shown(town.admin, bid, "02")["state"] == "asked"
    agreed = approves(fang, bid, "02").expect(200)
    assert (agreed["state"], agreed["asked_by"]) == ("making", asked["asked_by"])
    assert agreed["approved_by"] not in (None, asked["asked_by"])
    assert made(town, bid, "02")["state"] == "ready"
    link = links(town.admin, bid, "02").expect(200)
    assert rows(fetched(town, link)) == expected(town, bid)


def test_the_key_that_asked_cannot_agree(town: Town) -> None:
    bid = shop.batch(town)
    exported(town, bid)
    asks(town.admin, bid).expect(201)
    assert approves(town.admin, bid, "02").expect(409)["code"] == "export_needs_another"
    assert shown(town.admin, bid, "02")["state"] == "asked"


def test_a_key_is_itself_whatever_it_is_called(town: Town) -> None:
    bid = shop.batch(town)
    exported(town, bid)
    asks(town.admin, bid).expect(201)
    export, batch = stored(town, bid, "02"), shop.stored_batch(town, bid)
    with pytest.raises(RippleError) as refused:
        rules.insist_may_approve(export, batch, export.by, "another name", clock.now())
    assert refused.value.problem is EXPORT_NEEDS_ANOTHER


def test_one_person_with_two_keys_is_one_person_where_his_name_says_so(town: Town) -> None:
    bid = shop.batch(town)
    exported(town, bid)
    mine, hers, other = colleague(town, "Li Na"), colleague(town, "li  NA ", "owner"), colleague(town, "Li Ming")
    asks(mine, bid).expect(201)
    assert approves(hers, bid, "02").expect(409)["code"] == "export_needs_another"
    approves(other, bid, "02").expect(200)


def test_the_file_is_for_the_key_that_asked_alone(town: Town) -> None:
    bid = shop.batch(town)
    exported(town, bid)
    fang, ming = colleague(town), colleague(town, "李明", "owner")
    assert links(fang, bid, "01").expect(409)["code"] == "export_of_another"
    asks(fang, bid).expect(201)
    approves(ming, bid, "02").expect(200)
    made(town, bid, "02")
    assert links(ming, bid, "02").expect(409)["code"] == "export_of_another"
    assert links(town.admin, bid, "02").expect(409)["code"] == "export_of_another"
    links(fang, bid, "02").expect(200)


def test_what_nobody_agrees_to_lapses_after_a_day(town: Town) -> None:
    bid = shop.batch(town)
    exported(town, bid)
    fang = colleague(town)
    asks(town.admin, bid).expect(201)
    clock.advance(DAY)
    assert approves(fang, bid, "02").expect(409)["code"] == "export_gone"
    again = asks(town.admin, bid).expect(201)
    assert again["export"] == "03", "what has lapsed is in nobody's way, though no worker has seen it yet"
    town.minute()
    lapsed = shown(town.admin, bid, "02")
    assert (lapsed["state"], lapsed["why"]) == ("gone", "not_approved")
    assert approves(fang, bid, "02").expect(409)["code"] == "export_gone"
    assert stored(town, bid, "02").due is None


def test_one_export_at_a_time(town: Town) -> None:
    bid = shop.batch(town)
    fang = colleague(town)
    asks(town.admin, bid).expect(201)
    refused = asks(fang, bid).expect(409)
    assert (refused["code"], refused["export"], refused["state"]) == ("export_under_way", "01", "making")
    made(town, bid)
    asks(fang, bid).expect(201)
    assert asks(town.admin, bid).expect(409)["state"] == "asked"


def test_of_two_who_ask_at_once_one_gets_the_right(town: Town) -> None:
    bid = shop.batch(town)
    fang = colleague(town)
    first: list[int] = []
    town.emulator.meanwhile(lambda: first.append(asks(fang, bid).status))
    assert asks(town.admin, bid).expect(409)["code"] == "export_under_way"
    assert first == [201]
    assert len(town.admin.get(f"/v1/admin/batches/{bid}/exports")["exports"]) == 1


def test_a_right_that_was_used_meanwhile_is_used(town: Town) -> None:
    bid = shop.batch(town)
    fang = colleague(town)

    def hers() -> None:
        asks(fang, bid).expect(201)
        made(town, bid)

    town.emulator.meanwhile(hers)
    assert asks(town.admin, bid).expect(201)["state"] == "asked"


def test_of_two_who_agree_at_once_one_is_written_down(town: Town) -> None:
    bid = shop.batch(town)
    exported(town, bid)
    fang, ming = colleague(town), colleague(town, "李明")
    asks(town.admin, bid).expect(201)
    town.emulator.meanwhile(lambda: approves(fang, bid, "02").expect(200))
    assert approves(ming, bid, "02").expect(409)["code"] == "export_not_asked"
    assert len(noted(town, "export.approve")) == 1


def test_a_batch_that_ends_meanwhile_is_not_exported(town: Town) -> None:
    bid = shop.batch(town)
    revoked = {"note": "印错了"}
    town.emulator.meanwhile(lambda: town.admin.post(f"/v1/admin/batches/{bid}/revoke", revoked))
    assert asks(town.admin, bid).expect(409)["code"] == "export_batch_not_live"


def test_a_new_key_is_a_new_right_and_ends_what_was_asked_for_under_the_old_one(town: Town) -> None:
    bid = shop.batch(town)
    fang = colleague(town)
    exported(town, bid)
    asks(town.admin, bid).expect(201)
    rekeyed(town, bid)
    assert links(town.admin, bid, "01").expect(409)["code"] == "export_gone"
    assert approves(fang, bid, "02").expect(409)["code"] == "export_gone"
    clock.advance(DAY)
    town.minute()
    assert {shown(town.admin, bid, number)["why"] for number in ("01", "02")} == {"key_changed"}
    assert town.emulator.files() == {}
    asked = asks(fang, bid).expect(201)
    assert (asked["export"], asked["state"], asked["key_version"]) == ("03", "making", 1)
    made(town, bid, "03")
    assert rows(fetched(town, links(fang, bid, "03").expect(200))) == expected(town, bid)


def test_a_new_key_while_the_file_is_made_ends_it(town: Town) -> None:
    bid = shop.batch(town)
    asks(town.admin, bid).expect(201)
    rekeyed(town, bid)
    assert made(town, bid)["why"] == "key_changed"
    assert town.emulator.files() == {}


def test_a_key_that_comes_as_the_file_is_finished_makes_it_unfit(town: Town) -> None:
    bid = shop.batch(town)
    asks(town.admin, bid).expect(201)
    town.emulator.meanwhile(lambda: rekeyed(town, bid), "CompleteMultipartUpload")
    town.minute()
    assert shown(town.admin, bid)["state"] == "making"
    clock.advance(300)
    assert made(town, bid)["why"] == "key_changed"
    assert town.emulator.files() == {}


def test_a_batch_that_ends_as_its_file_is_finished_makes_it_unfit(town: Town) -> None:
    bid = shop.batch(town)
    asks(town.admin, bid).expect(201)
    revoked = {"note": "印错了"}
    town.emulator.meanwhile(
        lambda: town.admin.post(f"/v1/admin/batches/{bid}/revoke", revoked), "CompleteMultipartUpload"
    )
    town.minute()
    assert shown(town.admin, bid)["state"] == "making"
    clock.advance(300)
    assert made(town, bid)["why"] == "batch_ended"
    assert town.emulator.files() == {}


def test_of_a_batch_that_ends_meanwhile_nothing_is_agreed_to_or_handed_out(town: Town) -> None:
    bid = shop.batch(town)
    fang = colleague(town)
    exported(town, bid)
    asks(fang, bid).expect(201)
    revoked = {"note": "印错了"}
    town.emulator.meanwhile(lambda: town.admin.post(f"/v1/admin/batches/{bid}/revoke", revoked))
    assert approves(town.admin, bid, "02").expect(409)["code"] == "export_gone"
    assert noted(town, "export.approve") == []


@pytest.mark.parametrize("what", ["revoked", "rekeyed"])
def test_a_link_to_what_is_good_no_more_is_not_handed_out(town: Town, what: str) -> None:
    bid = shop.batch(town)
    number = exported(town, bid)
    revoked = {"note": "印错了"}
    acts = {
        "revoked": lambda: town.admin.post(f"/v1/admin/batches/{bid}/revoke", revoked),
        "rekeyed": lambda: rekeyed(town, bid),
    }
    town.emulator.meanwhile(acts[what])
    assert links(town.admin, bid, number).expect(409)["code"] == "export_gone"
    assert noted(town, "export.link") == []


def test_a_link_to_a_file_that_is_removed_meanwhile_is_not_handed_out(town: Town) -> None:
    bid = shop.batch(town)
    number = exported(town, bid)

    def a_day_passes() -> None:
        clock.advance(DAY)
        town.minute()

    town.emulator.meanwhile(a_day_passes)
    assert links(town.admin, bid, number).expect(409)["code"] == "export_gone"
    assert noted(town, "export.link") == []


@pytest.mark.parametrize("further", [False, True])
def test_a_key_that_comes_meanwhile_is_what_is_exported(town: Town, further: bool) -> None:
    bid = shop.batch(town)
    fang = colleague(town)
    if further:
        exported(town, bid)
        asks(fang, bid).expect(201)
        town.emulator.meanwhile(lambda: rekeyed(town, bid))
        assert approves(town.admin, bid, "02").expect(409)["code"] == "export_gone"
    else:
        town.emulator.meanwhile(lambda: rekeyed(town, bid))
        assert asks(town.admin, bid).expect(201)["key_version"] == 1


def test_the_same_request_asks_and_agrees_once(town: Town) -> None:
    bid = shop.batch(town)
    first = asks(town.admin, bid, key="one-key-to-ask").expect(201)
    assert asks(town.admin, bid, key="one-key-to-ask").expect(201)["export"] == first["export"]
    assert asks(town.admin, bid, bom=True, key="one-key-to-ask").expect(409)["code"] == "idempotency_key_reused"
    made(town, bid)
    asked = asks(town.admin, bid, key="another-to-ask").expect(201)
    fang = colleague(town)
    approves(fang, bid, asked["export"], key="one-key-to-agree").expect(200)
    made(town, bid, "02")
    assert approves(fang, bid, asked["export"], key="one-key-to-agree").expect(200)["state"] == "ready"
    assert (len(noted(town, "export.ask")), len(noted(town, "export.approve"))) == (2, 1)


def test_a_batch_is_exported_so_often_and_no_more(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_EXPORTS", 1)
    bid = shop.batch(town)
    exported(town, bid)
    assert asks(town.admin, bid).expect(409)["code"] == "exports_full"


def test_who_may_look_may_not_take(town: Town) -> None:
    bid = shop.batch(town)
    number = exported(town, bid)
    viewer = colleague(town, "访客", "viewer")
    assert shown(viewer, bid)["state"] == "ready"
    for refused in (asks(viewer, bid), approves(viewer, bid, number), links(viewer, bid, number)):
        assert refused.expect(403)["code"] == "forbidden"


@pytest.mark.parametrize("where", ["99999/exports/01", "x/exports/01", "{bid}/exports/02", "{bid}/exports/1"])
def test_what_is_not_there_is_not_found(town: Town, where: str) -> None:
    bid = shop.batch(town)
    exported(town, bid)
    place = f"/v1/admin/batches/{where.format(bid=bid)}"
    assert town.admin.call("POST", f"{place}/approve").expect(404)["code"] == "not_found"
    assert town.admin.call("POST", f"{place}/link").expect(404)["code"] == "not_found"


def test_another_merchant_finds_nothing(town: Town) -> None:
    bid = shop.batch(town)
    number = exported(town, bid)
    other = Api(send, town.second().api_key)
    assert other.call("GET", f"/v1/admin/batches/{bid}/exports").status == 404
    for refused in (asks(other, bid), approves(other, bid, number), links(other, bid, number)):
        assert refused.status == 404


@pytest.mark.parametrize("late", [timedelta(0), timedelta(milliseconds=-1)])
def test_a_day_is_a_day(town: Town, late: timedelta) -> None:
    bid = shop.batch(town)
    number = exported(town, bid)
    clock.advance((stored(town, bid).until + late - clock.now()).total_seconds())
    assert links(town.admin, bid, number).status == (409 if not late else 200)
