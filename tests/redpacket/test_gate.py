"""The publish checks of unlock and gift campaigns: what violates each alone, and the nearest lawful one."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chalicelib.campaigns.gate import findings
from chalicelib.campaigns.gifts import Currency
from chalicelib.campaigns.kinds import AnyOffer
from chalicelib.campaigns.kinds.gift import GiftOffer
from chalicelib.campaigns.kinds.unlock import UnlockOffer
from chalicelib.core import chance, clock
from tests.conftest import START
from tests.redpacket.shop import gift_offer, goods, told, unlock_offer

DAY = {"starts_at": "2026-11-11T11:00:00Z", "ends_at": "2026-11-12T11:00:00Z"}
NODES = [{"friends": 1, "amount": 100}, {"friends": 3, "amount": 200}]


def found(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.check, one.pointer) for one in findings(msgspec.convert(document, AnyOffer), START)]


@pytest.mark.parametrize(
    ("wrong", "right", "check", "pointer"),
    [
        ({"budget": {"fen": 299}}, {"budget": {"fen": 300}}, "PACKET_FITS", "/budget/fen"),
        ({"budget": {"points": 300, "fen": 300}}, {"budget": {"fen": 300}}, "PACKET_FITS", "/budget/points"),
        (
            {"form": {"as": "points"}, "budget": {"points": 299}},
            {"form": {"as": "points"}, "budget": {"points": 300}},
            "PACKET_FITS",
            "/budget/points",
        ),
        ({**DAY, "packet_seconds": 86_401}, {**DAY, "packet_seconds": 86_400}, "PACKET_FITS", "/packet_seconds"),
        (
            {"nodes": [*NODES, {"friends": 3, "amount": 1}]},
            {"nodes": [*NODES, {"friends": 4, "amount": 1}]},
            "PACKET_FITS",
            "/nodes/2/friends",
        ),
        ({"rule_sheet": told(1)}, {"rule_sheet": told(1, 3)}, "HELPERS_DISCLOSED", "/nodes/1/friends"),
        ({"rule_sheet": told(13)}, {"rule_sheet": told(1, 3)}, "HELPERS_DISCLOSED", "/nodes/0/friends"),
    ],
)
def test_what_an_unlock_campaign_must_say(
    wrong: dict[str, Any], right: dict[str, Any], check: str, pointer: str
) -> None:
    with clock.fixed(START), chance.seeded(7):
        assert (check, pointer) in found(unlock_offer(**wrong))
        assert {name for name, _ in found(unlock_offer(**wrong))} == {check}
        assert found(unlock_offer(**right)) == []


@pytest.mark.parametrize(
    ("wrong", "right", "check", "pointer"),
    [
        ({"budget": {"fen": 499}}, {"budget": {"fen": 500}}, "PACKET_FITS", "/budget/fen"),
        ({**DAY, "packet_seconds": 86_401}, {**DAY, "packet_seconds": 86_400}, "PACKET_FITS", "/packet_seconds"),
        ({"rule_sheet": told()}, {"rule_sheet": told(only_new=True)}, "NEW_USER_BASE", "/rule_sheet/eligibility"),
    ],
)
def test_what_a_gift_campaign_must_say(wrong: dict[str, Any], right: dict[str, Any], check: str, pointer: str) -> None:
    with clock.fixed(START), chance.seeded(7):
        assert found(gift_offer(**wrong)) == [(check, pointer)]
        assert found(gift_offer(**right)) == []


def test_what_sells_nothing_brings_nothing_after_orders() -> None:
    with clock.fixed(START), chance.seeded(7):
        after = goods()["after_order"]
        assert ("PACKET_FITS", "/after_order") in found(unlock_offer(after_order=after))
        assert ("PACKET_FITS", "/after_order") in found(gift_offer(after_order=after))


def test_what_a_campaign_gives_and_what_one_promise_takes() -> None:
    with clock.fixed(START), chance.seeded(7):
        unlock = msgspec.convert(unlock_offer(), UnlockOffer)
        gift = msgspec.convert(gift_offer(), GiftOffer)
    assert [(one.amount, one.currency) for one in unlock.gifts] == [(100, "fen"), (200, "fen")]
    assert (unlock.most_at_once(Currency.FEN), unlock.most_at_once(Currency.POINTS)) == (300, 1)
    assert [(one.name, one.total, one.at_once) for one in unlock.escrows] == [("~fen", 1_000_000, 300)]
    assert (unlock.friends_gain, gift.friends_gain, unlock.only_new) == (False, True, None)
    assert (gift.most_at_once(Currency.FEN), gift.most_at_once(Currency.POINTS), gift.gifts) == (500, 1, [gift.gift])
    assert gift.only_new == gift.new_user
