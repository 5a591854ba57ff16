"""Cases of the gate about codes and words."""

from __future__ import annotations

from typing import Any

from tests.campaigns.cases import PLAYS, RULES, Case, Changes, later, said
from tests.campaigns.cases_giving import counter, money, titled
from tests.campaigns.codes import CODES_GIFT
from tests.campaigns.points import POINT
from tests.campaigns.rewards import BALANCE, COUPON, POINTS, after_order

GIVES = {"/brings": CODES_GIFT, "/budget": {"fen": 50_000}}


def of_value(amount: int, form: Changes) -> Changes:
    """One code or word that brings so much, and whose rule sheet says that there are no more."""
    currency = {"points": "points", "cash": "cash"}.get(form["as"], "fen")
    brings = {"kind": "gift", "gift": {"amount": amount, "form": form}}
    return {"/brings": brings, "/total": 1, "/budget": {currency: amount}}


NO_VALUE = [
    Case("FREIGHT_SANE", "/freight/kind", {"/freight": {"kind": "flat", "fen": 1}}, {"/freight": {"kind": "free"}}),
    Case("PICKUP_SAID", "/pickup_points", {"/pickup_points": [POINT]}, {"/pickup_points": []}),
    Case("BUDGET_SET", "/after_order", {"/after_order": after_order()}, {"/after_order": None}),
    Case("BUDGET_SET", RULES, {**GIVES, RULES: "每人限兑一次"}, {**GIVES, RULES: "每人限兑一次，兑完即止"}),
    Case("NAMES_SAID", "/brings/gift/form/title", titled("…"), titled("券…")),
    Case("PRIZE_CAP", "/brings/gift/amount", of_value(5_000_001, COUPON), of_value(5_000_000, COUPON)),
    Case("PRIZE_CAP", "/brings/gift/amount", of_value(5_000_001, POINTS), of_value(5_000_000, POINTS)),
    Case("WALLET_KIND", "/brings/gift/amount", of_value(500_001, BALANCE), of_value(500_000, BALANCE)),
]
"""Of codes and of words alike."""


def fits(check: str, per_user: str = "/per_user") -> list[Case]:
    """What codes and words insist on alike, under their own names."""
    coupon = PLAYS["codes"]["brings"]
    fixed = {"kind": "fixed", "since": later(1)}
    window = later(14)
    return [
        Case(check, "/budget", {"/budget": {"fen": 1}}, {"/budget": None}),
        Case(check, "/budget/fen", {**GIVES, "/budget": {"fen": 50_001}}, GIVES),
        Case(check, "/budget/fen", {**GIVES, "/budget": {"fen": 50_000, "points": 1}}, GIVES),
        Case(check, per_user, {"/per_user": 2, "/total": 1}, {"/per_user": 2, "/total": 2}),
        Case(
            check,
            "/brings/coupon/title",
            {"/brings": {**coupon, "coupon": {**coupon["coupon"], "title": "…"}}},
            {"/brings": {**coupon, "coupon": {**coupon["coupon"], "title": "券…"}}},
        ),
        Case(
            check,
            "/brings/coupon/threshold_fen",
            {"/brings": {**coupon, "coupon": {**coupon["coupon"], "threshold_fen": 999}}},
            {"/brings": {**coupon, "coupon": {**coupon["coupon"], "threshold_fen": 1000}}},
        ),
        Case(
            check,
            "/brings/validity/until",
            {"/brings": {**coupon, "validity": {**fixed, "until": later(13.9)}}, "/ends_at": window},
            {"/brings": {**coupon, "validity": {**fixed, "until": window}}, "/ends_at": window},
        ),
        Case(
            check,
            "/brings/validity/until",
            {"/brings": {**coupon, "validity": {"kind": "fixed", "since": later(20), "until": later(20)}}},
            {"/brings": {**coupon, "validity": {"kind": "fixed", "since": later(20), "until": later(21)}}},
        ),
    ]


def goods(price_fen: int = 0, **changes: Any) -> Changes:
    """Codes for a box of tea, which is fetched unless it is said otherwise."""
    sku = {
        "sku_id": "box",
        "title": "秋茶礼盒",
        "fulfilment": "express",
        "stock": 500,
        "reference_price_fen": 6900,
        "reference_basis": "近 7 日最低成交价",
        **changes,
    }
    return {"/brings": {"kind": "goods", "sku": sku, "price_fen": price_fen}}


CODES = [
    *NO_VALUE,
    *fits("CODES_FIT"),
    Case("CODES_FIT", "/brings/title", counter("…"), counter("咖啡")),
    Case("CODES_FIT", "/brings/sku/stock", goods(stock=501), goods()),
    Case("PRICE_BASIS", "/brings/price_fen", goods(6901), goods(6900)),
    Case("PRICE_BASIS", "/brings/sku/reference_basis", goods(reference_basis="…"), goods()),
    Case("NAMES_SAID", "/brings/sku/title", goods(title="…"), goods(title="茶…")),
    Case("SHIP_DEADLINE", "/shipping/presale", {**goods(), "/shipping": {"within_hours": 361}}, goods()),
    Case("PICKUP_SAID", "/pickup_points", goods(fulfilment="pickup"), {**goods(), "/pickup_points": []}),
    Case("SOLD_CODES", "/funding", {"/funding": "sold"}, {**goods(), "/funding": "sold"}),
    Case("SOLD_CODES", "/funding", {**GIVES, "/funding": "sold"}, {**counter("咖啡"), "/funding": "sold"}),
    Case("BUDGET_SET", "/after_order", {**goods(), "/after_order": after_order()}, goods()),
    Case("CASH_READY", "/budget/cash", money(101, 10_000), money(100, 10_000)),
    Case("CASH_SANE", "/brings/gift/amount", money(100, 9), money(100, 10)),
    Case("CASH_SANE", "/brings/gift/amount", money(1, 20_001), money(1, 20_000)),
]

WORD = [
    *NO_VALUE,
    *fits("WORD_FITS"),
    Case("WORD_FITS", "/per_user_a_day", {"/per_user_a_day": 2}, {"/per_user": 2, "/per_user_a_day": 2}),
    said("WORD_FITS", "/word", "！！！", "好茶！", "word"),
    said("WORD_FITS", "/word", "茶…", "好茶", "word"),
    said("WORD_FITS", "/word", "㍿㍿㍿㍿㍿㍿", "㍿㍿㍿㍿㍿", "word"),
    said("WORD_FITS", "/word", "ＨＡＰＰＹ１１１", "ＨＡＰＰＹ１", "word"),
    said("WORD_FITS", "/word", "happy-tea 2026 days", "happy-tea days", "word"),
    said("WORD_FITS", "/word", "1234-5678", "快乐 1234", "word"),
    said("WORD_FITS", "/word", "加我1380013", "加我138001", "word"),
    said("WORD_FITS", "/word", "https://茶", "h5 茶", "word"),
    said("WORD_FITS", "/word", "ｗｗｗ．茶", "好茶 v2.0", "word"),
    said("WORD_FITS", "/word", "喝茶 tea.cn", "喝茶 tea", "word"),
    said("COPY_LINT", "/word", "只差一步", "还差一人", "word"),
    said("SHARE_DEEP_ACTION", "/word", "转发领券", "转发无奖励", "word"),
    said("NO_DRAW_IN_SHARE", "/word", "拼手气红包", "口令红包", "word"),
]
