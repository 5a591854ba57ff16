"""Whoever guesses wrong is locked out: five in five minutes, twenty on a day. What is not good reads the same."""

from __future__ import annotations

from chalicelib.core import clock
from chalicelib.voucher import codes, letters
from infra.local.client import Person
from tests.town import Town
from tests.voucher import owner, shop


def guess(person: Person, times: int = 1) -> str:
    """He guesses wrong so often; what he is told the last time."""
    for _ in range(times):
        reply = shop.previews(person, shop.FORGED)
    return str(reply.body["code"])


def test_five_in_five_minutes_lock_one_out_for_five_minutes(town: Town) -> None:
    bid = shop.batch(town)
    ann, ben, text = town.person("ann"), town.person("ben"), shop.code(town, bid)
    for _ in range(4):
        assert guess(ann) == "code_invalid"
        clock.advance(60)
    assert guess(ann) == "code_locked"
    assert shop.redeems(ann, text).expect(429)["code"] == shop.previews(ann, text).expect(429)["code"] == "code_locked"
    shop.previews(ben, text).expect(200)
    clock.advance(59)
    assert shop.redeems(ann, text).expect(429)["code"] == "code_locked"
    clock.advance(1)
    shop.redeems(ann, text).expect(201)


def test_twenty_lock_one_out_for_the_day(town: Town) -> None:
    bid = shop.batch(town)
    ann, text = town.person("ann"), shop.code(town, bid)
    for _ in range(3):
        assert [guess(ann, 4), guess(ann), guess(ann, 9)] == ["code_invalid", "code_locked", "code_locked"]
        clock.advance(301)
        shop.previews(ann, text).expect(200)
    assert [guess(ann, 4), guess(ann)] == ["code_invalid", "code_locked"]
    clock.advance(3500)
    assert shop.redeems(ann, text).expect(429)["code"] == "code_locked"
    clock.advance(4 * 3600)
    ann.come_back()
    shop.previews(ann, text).expect(200)
    assert [guess(ann, 2), guess(ann, 2), guess(ann)] == ["code_invalid", "code_invalid", "code_locked"]
    clock.advance(301)
    shop.redeems(ann, text).expect(201)


def test_what_is_mistyped_is_no_guess(town: Town) -> None:
    bid = shop.batch(town)
    ann, text = town.person("ann"), shop.code(town, bid)
    wrong = text[:-1] + ("A" if text[-1] != "A" else "C")
    for _ in range(6):
        assert shop.redeems(ann, wrong).expect(422)["code"] == "code_mistyped"
    shop.redeems(ann, text).expect(201)


def test_what_is_not_good_reads_the_same_whyever(town: Town) -> None:
    bid = shop.batch(town, size=6)
    ann = town.person("ann")
    shop.redeems(ann, shop.code(town, bid)).expect(201)
    owner.revoke_code(town, bid, 1)
    owner.revoke_range(town, bid, 2, 2)
    longer = letters.grouped(codes.code_of(owner.mid(town), 0, codes.Size.VALUE, bid, 3))
    beyond = letters.grouped(codes.code_of(owner.mid(town), 0, codes.Size.COUPON, bid, 6))
    texts = [*(shop.code(town, bid, serial) for serial in range(3)), longer, beyond, shop.FORGED]
    replies = [ask(town.person(), text) for text in texts for ask in (shop.previews, shop.redeems)]
    assert {(r.status, r.body["code"]) for r in replies} == {(409, "code_invalid")}
    assert len({r.body["detail"] for r in replies}) == 1
