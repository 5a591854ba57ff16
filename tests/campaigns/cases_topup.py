"""Cases of the gate about top-ups, and about codes that bring value for a family's wallet."""

from __future__ import annotations

from tests.campaigns.cases import PLAYS, Case, Changes, said
from tests.campaigns.points import POINT
from tests.campaigns.rewards import after_order

ONE = PLAYS["topup"]["skus"][0]

TOPUP = [
    Case("FREIGHT_SANE", "/freight/kind", {"/freight": {"kind": "flat", "fen": 1}}, {"/freight": {"kind": "free"}}),
    Case("PICKUP_SAID", "/pickup_points", {"/pickup_points": [POINT]}, {"/pickup_points": []}),
    Case("BUDGET_SET", "/after_order", {"/after_order": after_order()}, {"/after_order": None}),
    Case("TOPUP_FITS", "/skus/1/sku_id", {"/skus": [ONE, ONE]}, {"/skus": [ONE, {**ONE, "sku_id": "another"}]}),
    Case("WALLET_KIND", "/skus/1/value_fen", {"/skus/1/value_fen": 100_001}, {"/skus/1/value_fen": 100_000}),
    said("NAMES_SAID", "/skus/0/title", "…", "充值…", "topup"),
    said("WALLET_KIND", "/description", "充值满 500 赠茶礼", "充值不赠送任何礼品", "topup"),
    said("WALLET_KIND", "/description", "储值满 500 加送 50", "余额可随时充值", "topup"),
    said("WALLET_KIND", "/skus/0/title", "充值有礼", "家庭钱包充值", "topup"),
    said("WALLET_KIND", "/description", "余额可随时提现", "余额不可提现，7 天内可退", "topup"),
    said("WALLET_KIND", "/description", "余额可转让给好友", "仅限本家庭使用", "topup"),
    said("WALLET_KIND", "/description", "积分可充值", "钱包可充值", "topup"),
    said("WALLET_KIND", "/description", "Top up and receive a bonus", "Top up your wallet, without a bonus", "topup"),
]


def purse(fen: int, **changes: object) -> Changes:
    """One code that brings so much for a wallet."""
    return {"/brings": {"kind": "purse", "fen": fen}, "/total": 1, **{f"/{n}": v for n, v in changes.items()}}


PURSE = [
    Case("CODES_FIT", "/budget/fen", purse(500, budget={"fen": 501}), purse(500, budget={"fen": 500})),
    Case("CODES_FIT", "/budget/fen", purse(500), purse(500_000, budget={"fen": 500_000})),
    Case("CODES_FIT", "/budget", purse(500, funding="sold", budget={"fen": 500}), purse(500, funding="sold")),
    Case("WALLET_KIND", "/brings/fen", purse(100_001, funding="sold"), purse(100_000, funding="sold")),
    Case(
        "WALLET_KIND",
        "/description",
        {**purse(500, budget={"fen": 500}), "/description": "余额可充值"},
        {**purse(500, funding="sold"), "/description": "余额可充值"},
    ),
]
