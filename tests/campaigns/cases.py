"""Cases of the gate: how they are written, and those that every play shares."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec

from chalicelib.campaigns.kinds import AnyOffer
from chalicelib.campaigns.kinds.bargain import BargainOffer
from chalicelib.campaigns.kinds.codes import CodesOffer
from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer
from chalicelib.campaigns.kinds.rain import RainOffer
from chalicelib.campaigns.kinds.topup import TopUpOffer
from chalicelib.campaigns.kinds.word import WordOffer
from chalicelib.campaigns.offer import Offer
from chalicelib.pictures.document import Format, Poster, Words
from infra.local.seed import demo_offer
from tests.campaigns.bargains import bargain_offer
from tests.campaigns.codes import codes_offer, word_offer
from tests.campaigns.points import OTHER_POINT, POINT
from tests.campaigns.rewards import rain_offer
from tests.campaigns.topups import topup_offer
from tests.conftest import START
from tests.merchants.cash import shop
from tests.merchants.wallet import filed

PLAYS: dict[str, dict[str, Any]] = {
    "groupbuy": demo_offer(now=START),
    "bargain": bargain_offer(START),
    "rain": rain_offer(START),
    "codes": codes_offer(START),
    "word": word_offer(START),
    "topup": topup_offer(START),
}
KINDS: dict[str, type[Offer]] = {
    "groupbuy": GroupBuyOffer,
    "bargain": BargainOffer,
    "rain": RainOffer,
    "codes": CodesOffer,
    "word": WordOffer,
    "topup": TopUpOffer,
}
SOLD = ("groupbuy", "bargain")
"""Plays that sell something."""
NO_GOODS = {"GOODS_NAMED_ONCE", "SHIP_DEADLINE", "INVITEE_REWARD_ALLOWED", "CASH_READY", "CASH_SANE"}
BEYOND = {
    "rain": NO_GOODS,
    "word": NO_GOODS,
    "codes": {"GOODS_NAMED_ONCE", "INVITEE_REWARD_ALLOWED"},
    "topup": {*NO_GOODS, "PRIZE_CAP", "NEW_USER_BASE"},
}
"""What a play cannot violate: rains and words sell nothing and give no cash, nobody gains by joining a friend,
codes are for one SKU at most, and a top-up gives nothing to anybody."""
POSTER, SHOUTING = "0" * 25 + "1", "0" * 25 + "2"
"""Two of his posters, of which one says what a campaign may not."""
SHOP = shop()._replace(
    wallet=filed(),
    posters={
        POSTER: Poster(name="秋茶", format=Format.TALL, words=Words(title="秋茶上新")),
        SHOUTING: Poster(name="秋茶", format=Format.TALL, words=Words(title="秋茶", subtitle="史上最低价")),
    },
)
"""Who may give cash, and has ¥10,000 for it; has filed what he sells to be spent later; and has posters."""
Changes = dict[str, Any]


def changed(play: str, changes: Changes) -> dict[str, Any]:
    """The play's lawful document with other values at some pointers."""
    document = copy.deepcopy(PLAYS[play])
    for pointer, value in changes.items():
        *path, last = pointer.split("/")[1:]
        place: Any = document
        for step in path:
            place = place[int(step)] if step.isdecimal() else place[step]
        place[last] = copy.deepcopy(value)
    return document


def offered(play: str, changes: Changes) -> AnyOffer:
    return msgspec.convert(changed(play, changes), AnyOffer)  # type: ignore[no-any-return]


class Case(NamedTuple):
    """What violates a check alone, the pointer that it names, and what passes."""

    check: str
    pointer: str
    wrong: Changes
    right: Changes
    plays: tuple[str, ...] = SOLD


def said(check: str, pointer: str, wrong: str, right: str, *plays: str) -> Case:
    """A case of a text."""
    everywhere = SOLD if pointer.startswith("/skus") else tuple(PLAYS)
    return Case(check, pointer, {pointer: wrong}, {pointer: right}, plays or everywhere)


def later(days: float) -> str:
    return (START.replace(microsecond=0) + timedelta(days=days)).isoformat()


SKU = {play: PLAYS[play]["skus"][0] for play in SOLD}
NEW_ONLY = {
    "groupbuy": {"/who_may_join": "new_user"},
    "bargain": {"/who_may_help": "new_user"},
    "rain": {"/who_may_claim": "new_user"},
    "codes": {"/who_may_redeem": "new_user"},
    "word": {"/who_may_redeem": "new_user"},
}
RULES, ELIGIBILITY, RESULT = "/rule_sheet/rules_text", "/rule_sheet/eligibility", "/rule_sheet/result"


def new_only(play: str, pointer: str, wrong: Changes, right: Changes) -> Case:
    only = NEW_ONLY[play]
    return Case("NEW_USER_BASE", pointer, {**only, **wrong}, {**only, **right}, (play,))


EVERY_PLAY = tuple(PLAYS)
GENERAL = [
    Case("POSTER_LINT", "/posters/0", {"/posters": ["0" * 26]}, {"/posters": [POSTER]}, EVERY_PLAY),
    Case("POSTER_LINT", "/posters/0", {"/posters": [SHOUTING]}, {"/posters": []}, EVERY_PLAY),
    Case("POSTER_LINT", "/posters/1", {"/posters": [POSTER, POSTER]}, {"/posters": [POSTER]}, EVERY_PLAY),
    said("NAMES_SAID", "/title", " ", "茶"),
    said("NAMES_SAID", "/share/title", "…", "茶…"),
    said("NAMES_SAID", "/skus/0/title", "\u3164\u200b", "茶"),
    said("RULE_SHEET_COMPLETE", "/rule_sheet/refund_terms", "  ", "可退"),
    said("RULE_SHEET_COMPLETE", "/rule_sheet/host_contact", "——", "400"),
    Case("WINDOW_SANE", "/ends_at", {"/ends_at": later(90)}, {"/ends_at": later(90 - 1 / 24)}, tuple(PLAYS)),
    Case(
        "FREIGHT_SANE",
        "/freight/kind",
        {"/freight": {"kind": "flat", "fen": 1}, "/skus/0/fulfilment": "virtual"},
        {"/freight": {"kind": "flat", "fen": 1}},
    ),
    Case(
        "PICKUP_SAID",
        "/pickup_points",
        {"/skus/0/fulfilment": "pickup"},
        {"/skus/0/fulfilment": "pickup", "/pickup_points": [POINT, OTHER_POINT]},
    ),
    Case(
        "SHIP_DEADLINE", "/shipping/presale", {"/shipping": {"within_hours": 361}}, {"/shipping": {"within_hours": 360}}
    ),
    *(
        Case("GOODS_NAMED_ONCE", "/skus", {"/skus": [sku, sku]}, {"/skus": [sku, {**sku, "sku_id": "box-2"}]}, (play,))
        for play, sku in SKU.items()
    ),
]
