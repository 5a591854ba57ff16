"""Cases of the gate about what is given, after an order and in a rain."""

from __future__ import annotations

from tests.campaigns.cases import PLAYS, RESULT, RULES, SOLD, Case, Changes, later, said
from tests.campaigns.points import POINT
from tests.campaigns.rewards import BALANCE, CASH, COUPON, LIMITED, PACKET, POINTS, after_order, gift

AFTER = {"/after_order": after_order(), RESULT: LIMITED}
STOCK = {play: sum(sku["stock"] for sku in PLAYS[play]["skus"]) for play in SOLD}


def brings(check: str, pointer: str, wrong: Changes, right: Changes, *plays: str) -> Case:
    """A case of what a paid order brings: other fields of a lawful one."""
    bad, good = ({**AFTER, "/after_order": after_order(**changes)} for changes in (wrong, right))
    return Case(check, pointer, bad, good, plays or SOLD)


VIRTUAL = {"/sells": "virtual"}
SHARED = {**AFTER, "/after_order": after_order(packet=PACKET)}
GIVING = [
    Case("INVITEE_REWARD_ALLOWED", "/sells", {**SHARED, **VIRTUAL}, {**AFTER, **VIRTUAL}),
    Case(
        "INVITEE_REWARD_ALLOWED",
        "/skus/0/fulfilment",
        {**SHARED, "/skus/0/fulfilment": "virtual"},
        {**SHARED, "/skus/0/fulfilment": "city"},
    ),
    brings(
        "PRIZE_CAP",
        "/after_order/gift/amount",
        {"gift": gift(5_000_001), "budget": {"fen": 5_000_001}},
        {"gift": gift(5_000_000), "budget": {"fen": 5_000_000}},
    ),
    brings(
        "PRIZE_CAP",
        "/after_order/gift/amount",
        {"gift": gift(5_000_001, POINTS), "budget": {"points": 5_000_001}},
        {"gift": gift(5_000_000, POINTS), "budget": {"points": 5_000_000}},
    ),
    brings(
        "PRIZE_CAP",
        "/after_order/packet/shares/0/friend",
        {"packet": {**PACKET, "shares": [{"friend": 5_000_001}]}, "budget": {"fen": 6_000_000}},
        {"packet": {**PACKET, "shares": [{"friend": 5_000_000}]}, "budget": {"fen": 6_000_000}},
    ),
    brings(
        "WALLET_KIND",
        "/after_order/gift/amount",
        {"gift": gift(500_001, BALANCE), "budget": {"fen": 600_000}},
        {"gift": gift(500_000, BALANCE), "budget": {"fen": 600_000}},
    ),
    brings(
        "NAMES_SAID",
        "/after_order/gift/form/title",
        {"gift": gift(form={**COUPON, "title": "…"})},
        {"gift": gift(form={**COUPON, "title": "券…"})},
    ),
    brings("WALLET_KIND", "/after_order/hold", {"gift": gift(form=BALANCE), "hold": "none"}, {"hold": "none"}),
    brings(
        "BUDGET_SET",
        "/after_order/budget/points",
        {"points_per_yuan": 1},
        {"points_per_yuan": 1, "budget": {"fen": 10_000, "points": 99}},
    ),
    brings("BUDGET_SET", "/after_order/budget/fen", {"budget": {"fen": 499}}, {"budget": {"fen": 500}}),
    brings(
        "WALLET_KIND",
        "/after_order/hold",
        {"gift": gift(form=CASH), "hold": "none", "budget": {"cash": 10_000}},
        {"gift": gift(form=CASH), "budget": {"cash": 10_000}},
    ),
    brings(
        "BUDGET_SET",
        "/after_order/budget/cash",
        {"gift": gift(form=CASH), "budget": {"fen": 10_000, "cash": 499}},
        {"gift": gift(form=CASH), "budget": {"cash": 500}},
    ),
    brings(
        "CASH_READY",
        "/after_order/budget/cash",
        {"gift": gift(form=CASH), "budget": {"cash": 1_000_001}},
        {"gift": gift(form=CASH), "budget": {"cash": 1_000_000}},
    ),
    brings(
        "CASH_SANE",
        "/after_order/gift/amount",
        {"gift": gift(9, CASH), "budget": {"cash": 10_000}},
        {"gift": gift(10, CASH), "budget": {"cash": 10_000}},
    ),
    brings(
        "CASH_SANE",
        "/after_order/gift/amount",
        {"gift": gift(20_001, CASH), "budget": {"cash": 100_000}},
        {"gift": gift(20_000, CASH), "budget": {"cash": 100_000}},
    ),
    brings("BUDGET_SET", "/after_order", {"gift": None}, {}),
    Case(
        "BUDGET_SET", RULES, {"/after_order": after_order()}, {"/after_order": after_order(), RESULT: "While it lasts"}
    ),
    *(
        Case(
            "BUDGET_SET",
            RULES,
            {"/after_order": after_order(budget={"fen": 500 * STOCK[play] - 1})},
            {"/after_order": after_order(budget={"fen": 500 * STOCK[play]})},
            (play,),
        )
        for play in SOLD
    ),
]


def titled(title: str) -> Changes:
    """A coupon of just the amount, by its title."""
    brings = {"kind": "gift", "gift": {"amount": 100, "form": {**COUPON, "title": title}}}
    return {"/brings": brings, "/budget": {"fen": 50_000}}


def counter(title: str) -> Changes:
    """What the staff hand over."""
    return {"/brings": {"kind": "counter", "title": title}}


def money(total: int, amount: int) -> Changes:
    """So many codes for so much cash each."""
    brings = {"kind": "gift", "gift": {"amount": amount, "form": CASH}}
    return {"/brings": brings, "/total": total, "/budget": {"cash": total * amount}}


BURST, OTHER = PLAYS["rain"]["bursts"]
RAIN = [
    Case("FREIGHT_SANE", "/freight/kind", {"/freight": {"kind": "flat", "fen": 1}}, {"/freight": {"kind": "free"}}),
    Case("PICKUP_SAID", "/pickup_points", {"/pickup_points": [POINT]}, {"/pickup_points": []}),
    Case("BUDGET_SET", "/after_order", {"/after_order": after_order()}, {"/after_order": None}),
    said("BUDGET_SET", RULES, "准时领取", "准时领取，领完即止"),
    said("BUDGET_SET", RULES, "Claim in time", "Claim in time, first come, first served"),
    Case("RAIN_FITS", "/budget/fen", {"/budget": {"fen": 45_001}}, {"/budget": {"fen": 45_000}}),
    Case("RAIN_FITS", "/budget/fen", {"/budget": {"fen": 45_000, "points": 1}}, {"/budget": {"fen": 45_000}}),
    Case("RAIN_FITS", "/bursts/1/at", {"/bursts/0/seconds": 1500}, {"/bursts/0/seconds": 1499}),
    Case("RAIN_FITS", "/bursts/0/at", {"/starts_at": later(0.01)}, {"/starts_at": later(0.001)}),
    Case("RAIN_FITS", "/bursts/1/at", {"/ends_at": OTHER["at"]}, {"/ends_at": later(0.04)}),
    Case(
        "PRIZE_CAP",
        "/bursts/0/amount",
        {"/bursts": [{**BURST, "count": 1, "amount": 5_000_001}], "/budget": {"fen": 5_000_001}},
        {"/bursts": [{**BURST, "count": 1, "amount": 5_000_000}], "/budget": {"fen": 5_000_000}},
    ),
    Case(
        "WALLET_KIND",
        "/bursts/0/amount",
        {"/form": BALANCE, "/bursts": [{**BURST, "count": 1, "amount": 500_001}], "/budget": {"fen": 500_001}},
        {"/form": BALANCE, "/bursts": [{**BURST, "count": 1, "amount": 500_000}], "/budget": {"fen": 500_000}},
    ),
]
