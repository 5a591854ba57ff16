"""Every check of the gate: a campaign that violates it alone, and the nearest one that is lawful, for every play."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
import pytest

from chalicelib.campaigns.copy_lint import CATEGORIES, rules, texts
from chalicelib.campaigns.gate import CHECKS, RULES_VERSION, Check, check, checks, findings
from chalicelib.campaigns.kinds import AnyOffer
from chalicelib.campaigns.kinds.bargain import BargainOffer
from chalicelib.campaigns.kinds.codes import CodesOffer
from chalicelib.campaigns.kinds.groupbuy import GroupBuyOffer
from chalicelib.campaigns.kinds.rain import RainOffer
from chalicelib.campaigns.kinds.word import WordOffer
from chalicelib.campaigns.offer import Offer
from infra.local.seed import demo_offer
from tests.campaigns.bargains import bargain_offer
from tests.campaigns.codes import CODES_GIFT, codes_offer, word_offer
from tests.campaigns.points import OTHER_POINT, POINT
from tests.campaigns.rewards import BALANCE, CASH, COUPON, LIMITED, PACKET, POINTS, after_order, gift, rain_offer
from tests.conftest import START
from tests.merchants.cash import shop

PLAYS: dict[str, dict[str, Any]] = {
    "groupbuy": demo_offer(now=START),
    "bargain": bargain_offer(START),
    "rain": rain_offer(START),
    "codes": codes_offer(START),
    "word": word_offer(START),
}
KINDS: dict[str, type[Offer]] = {
    "groupbuy": GroupBuyOffer,
    "bargain": BargainOffer,
    "rain": RainOffer,
    "codes": CodesOffer,
    "word": WordOffer,
}
SOLD = ("groupbuy", "bargain")
"""Plays that sell something."""
NO_GOODS = {"GOODS_NAMED_ONCE", "SHIP_DEADLINE", "INVITEE_REWARD_ALLOWED", "CASH_READY", "CASH_SANE"}
BEYOND = {"rain": NO_GOODS, "word": NO_GOODS, "codes": {"GOODS_NAMED_ONCE", "INVITEE_REWARD_ALLOWED"}}
"""What a play cannot violate: rains and words sell nothing and give no cash, nobody gains by joining a friend,
and codes are for one SKU at most."""
SHOP = shop()
"""Who may give cash, and has ¥10,000 for it."""
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


GENERAL = [
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

WORDS = [
    said("NO_DRAW_IN_SHARE", "/description", "好友助力得抽奖机会", "好友助力得 5 元券，不设抽奖"),
    said("NO_DRAW_IN_SHARE", "/share/title", "拼手气红包", "每份 2 元的红包"),
    said("NO_DRAW_IN_SHARE", "/description", "最高可领 88 元", "每人可领 2 元"),
    said("NO_DRAW_IN_SHARE", RESULT, "随机派发红包，先到先得", "红包每份 2 元，先到先得"),
    said(
        "NO_DRAW_IN_SHARE", "/description", "Help three friends for a lucky draw", "Three friends help: 5 yuan, no draw"
    ),
    said("NO_DRAW_IN_SHARE", "/description", "随机发放 5 折或 9 折券", "发放 9 折券，随时可用", "groupbuy", "rain"),
    said("NO_DRAW_IN_SHARE", "/description", "每份金额随机", "每份金额固定，随时可用", "groupbuy", "rain"),
    said("NO_DRAW_IN_SHARE", "/description", "折扣看运气", "折扣看下方说明", "groupbuy", "rain"),
    said("NO_DRAW_IN_SHARE", "/share/title", "神秘优惠券等你", "十元优惠券等你", "groupbuy", "rain"),
    said("WALLET_KIND", "/description", "余额可随时提现", "余额不可提现，可在本店下单抵扣"),
    said("WALLET_KIND", "/share/title", "充 100 送 20", "满 100 减 20"),
    said("WALLET_KIND", "/description", "积分可转让给好友", "积分不可转让"),
    said("WALLET_KIND", "/description", "Points are redeemable for cash", "Points are not redeemable for cash"),
    said("COPY_LINT", "/title", "只差一步到手", "还差一人成团"),
    said("COPY_LINT", "/share/title", "百元现金天天领", "邀你一起买茶"),
    said("COPY_LINT", "/share/title", "您有一个红包待领取", "您的红包已到账"),
    said("COPY_LINT", "/description", "百分之百中奖", "百分之百纯棉"),
    said("COPY_LINT", "/skus/0/title", "国家级名茶", "国家级非遗工艺茶"),
    said("COPY_LINT", "/skus/0/title", "最佳好茶", "最佳赏味期 30 天的茶"),
    said("COPY_LINT", "/description", "全网最低价", "近 30 天最低价"),
    said("COPY_LINT", "/description", "砍到0元购", "20元购买"),
    said("COPY_LINT", "/description", "Only one step left", "One step after another"),
    said("NO_FAKE_MEMBERS", "/description", "人数不足时虚拟 成团", "人数不足时全额退款"),
    said("NO_FAKE_MEMBERS", "/rule_sheet/refund_terms", "由机器人补位，不退款", "扫地机器人签收后不退款"),
    said("NO_FAKE_MEMBERS", "/title", "Virtual members join at the end", "Virtual membership card"),
    said("SHARE_NO_FORCED", "/share/title", "分享到3个群才能参加", "分享给好友，一起参加"),
    said("SHARE_NO_FORCED", "/description", "转发后解锁底价", "三位好友确认后解锁底价"),
    said("SHARE_NO_FORCED", "/description", "参加前必须分享本活动", "参加前无需分享本活动"),
    said("SHARE_NO_FORCED", ELIGIBILITY, "先转发朋友圈再下单", "先下单再转发也可以"),
    said("SHARE_NO_FORCED", "/description", "You must share it first", "You do not have to share it"),
    said("SHARE_NO_FORCED", "/description", "不转发就不能买", "不转发也不影响购买"),
    said("SHARE_DEEP_ACTION", "/share/title", "转发领券", "转发无奖励"),
    said("SHARE_DEEP_ACTION", "/description", "分享到朋友圈，即可获得优惠券一张", "分享到朋友圈不会获得任何奖励"),
    said("SHARE_DEEP_ACTION", "/description", "好友点开链接，你就得 5 元", "好友点开链接后须确认才算"),
    said("SHARE_DEEP_ACTION", "/description", "好友打开即可帮你砍", "好友打开后点击确认，才帮你砍"),
    said("SHARE_DEEP_ACTION", RESULT, "集满 30 个赞免费送", "感谢赞助商"),
    said("SHARE_DEEP_ACTION", "/description", "Get a coupon for sharing", "There are no coupons for sharing"),
    said("REWARD_DEPTH", "/description", "下级的下级购买你也有份", "好友购买后由好友收货"),
    said("REWARD_DEPTH", "/description", "二级返佣", "不设二级返佣"),
    said("REWARD_DEPTH", "/title", "团队计酬", "团队礼盒"),
    said("REWARD_DEPTH", "/share/title", "带你躺赚", "带你喝茶"),
    said("REWARD_DEPTH", "/description", "A multi-level reward", "A reward on one level"),
]

GROUPBUY = [
    Case(
        "PRICE_BASIS", "/skus/0/price_fen", {"/skus/0/reference_price_fen": 6899}, {"/skus/0/reference_price_fen": 6900}
    ),
    Case("PRICE_BASIS", "/skus/0/solo_price_fen", {"/skus/0/solo_price_fen": 6899}, {"/skus/0/solo_price_fen": 6900}),
    Case(
        "PRICE_BASIS",
        "/skus/0/leader_price_fen",
        {"/skus/0/leader_price_fen": 6901},
        {"/skus/0/leader_price_fen": 6900},
    ),
    said("PRICE_BASIS", "/skus/0/reference_basis", "…", "近 7 日最低成交价"),
    Case(
        "GROUP_FITS",
        "/limits/units",
        {"/units_per_seat": 3, "/limits": {"units": 2}},
        {"/units_per_seat": 3, "/limits": {"units": 3}},
    ),
    Case("GROUP_FITS", "/skus", {"/skus/0/stock": 2}, {"/skus/0/stock": 3}),
    Case("GROUP_FITS", "/skus", {"/skus/0/stock": 5, "/units_per_seat": 2}, {"/skus/0/stock": 6, "/units_per_seat": 2}),
    Case("GROUP_FITS", "/group_seconds", {"/ends_at": later(0.9)}, {"/ends_at": later(0.96)}),
    Case("GROUP_FITS", "/pay_window_seconds", {"/group_seconds": 899}, {"/group_seconds": 900}),
    Case("SHIP_DEADLINE", "/shipping/within_hours", {"/group_seconds": 37 * 3600}, {"/group_seconds": 36 * 3600}),
]

BARGAIN = [
    Case(
        "PRICE_BASIS", "/skus/0/start_price_fen", {"/skus/0/start_price_fen": 9901}, {"/skus/0/start_price_fen": 9900}
    ),
    Case(
        "PRICE_BASIS", "/skus/0/floor_price_fen", {"/skus/0/floor_price_fen": 9900}, {"/skus/0/floor_price_fen": 9897}
    ),
    said("PRICE_BASIS", "/skus/0/reference_basis", "…", "近 7 日最低成交价"),
    Case(
        "BARGAIN_DETERMINISTIC",
        "/skus/0/floor_price_fen",
        {"/skus/0/floor_price_fen": 9898},
        {"/skus/0/floor_price_fen": 9897},
    ),
    Case(
        "BARGAIN_DETERMINISTIC",
        "/skus/0/floor_price_fen",
        {"/skus/0/floor_price_fen": 9898, "/split": "front_loaded"},
        {"/skus/0/floor_price_fen": 9897, "/split": "falling"},
    ),
    said("BARGAIN_DETERMINISTIC", "/description", "每次随机砍一刀", "每次砍价金额固定，不随机"),
    said("BARGAIN_DETERMINISTIC", "/share/title", "砍多少看运气", "砍多少不看运气"),
    said("BARGAIN_DETERMINISTIC", "/share/title", "可能砍到 1 元", "三位好友砍到 39 元"),
    said("BARGAIN_DETERMINISTIC", RESULT, "新用户帮砍双倍", "新老用户帮砍一样多"),
    said("BARGAIN_DETERMINISTIC", "/description", "A random cut each time", "Each cut is fixed: never a random cut"),
    said("HELPERS_DISCLOSED", RULES, "邀请好友帮砍", "邀请三名好友帮砍"),
    said("HELPERS_DISCLOSED", RULES, "邀请 13 位好友帮砍", "邀请 3 位好友帮砍"),
    Case(
        "HELPERS_DISCLOSED", RULES, {"/self_cut": True}, {"/self_cut": True, RULES: "自己先砍一刀，再邀请两位好友帮砍"}
    ),
    Case("BARGAIN_FITS", "/budget_fen", {"/budget_fen": 5999}, {"/budget_fen": 6000}),
    Case("BARGAIN_FITS", "/bargain_seconds", {"/ends_at": later(0.9)}, {"/ends_at": later(0.96)}),
    Case(
        "BARGAIN_FITS",
        "/pay_window_seconds",
        {"/claim_seconds": 1800, "/pay_window_seconds": 1801},
        {"/claim_seconds": 1800, "/pay_window_seconds": 1800},
    ),
    Case(
        "SHIP_DEADLINE",
        "/shipping/within_hours",
        {"/shipping": {"within_hours": 11}},
        {"/shipping": {"within_hours": 12}},
    ),
]

NEW = [
    case
    for play in PLAYS
    for case in (
        new_only(play, ELIGIBILITY, {}, {ELIGIBILITY: "从未在本店下单的用户可以参加"}),
        new_only(
            play,
            ELIGIBILITY,
            {"/new_user": {"definition": "never_seen"}, ELIGIBILITY: "从未下单的用户可以参加"},
            {"/new_user": {"definition": "never_seen"}, ELIGIBILITY: "活动开始后首次访问的用户可以参加"},
        ),
        new_only(
            play,
            ELIGIBILITY,
            {"/new_user": {"definition": "dormant", "dormant_days": 90}, ELIGIBILITY: "190 天内未下单的用户"},
            {"/new_user": {"definition": "dormant", "dormant_days": 90}, ELIGIBILITY: "90 天内未下单的用户"},
        ),
        new_only(
            play,
            "/new_user/dormant_days",
            {"/new_user": {"dormant_days": 90}, ELIGIBILITY: "从未下单的用户"},
            {"/new_user": {"dormant_days": 180}, ELIGIBILITY: "Whoever has never ordered"},
        ),
    )
]

CASES = [
    *GENERAL,
    *WORDS,
    *GIVING,
    *(case._replace(plays=("rain",)) for case in RAIN),
    *(case._replace(plays=("codes",)) for case in CODES),
    *(case._replace(plays=("word",)) for case in WORD),
    *(case._replace(plays=("groupbuy",)) for case in GROUPBUY),
    *(case._replace(plays=("bargain",)) for case in BARGAIN),
    *NEW,
]
EACH = [(play, case) for case in CASES for play in case.plays]
NAMED = [f"{case.check}-{play}-{n}" for n, (play, case) in enumerate(EACH)]


@pytest.mark.parametrize("play", PLAYS)
def test_the_plain_campaign_passes(play: str) -> None:
    assert findings(offered(play, {}), START, SHOP) == []


@pytest.mark.parametrize(("play", "case"), EACH, ids=NAMED)
def test_a_campaign_that_violates_one_check_is_refused_by_it_alone(play: str, case: Case) -> None:
    found = findings(offered(play, case.wrong), START, SHOP)
    assert {(one.check, one.pointer) for one in found} == {(case.check, case.pointer)}
    assert all(one.zh and one.en and one.zh != one.en for one in found)


@pytest.mark.parametrize(("play", "case"), EACH, ids=NAMED)
def test_the_nearest_lawful_campaign_passes(play: str, case: Case) -> None:
    assert findings(offered(play, case.right), START, SHOP) == []


@pytest.mark.parametrize("play", PLAYS)
def test_every_check_of_a_play_is_violated_by_some_case(play: str) -> None:
    possible = set(checks(offered(play, {}))) - BEYOND.get(play, set())
    assert {case.check for where, case in EACH if where == play} == possible
    assert set(checks(offered(play, {}))) == {one.name for one in CHECKS if issubclass(KINDS[play], one.of)}


def test_a_window_that_has_passed_or_runs_backwards_is_named_once() -> None:
    for starts, ends in ((-9, -8), (3, 2)):
        found = findings(offered("groupbuy", {"/starts_at": later(starts), "/ends_at": later(ends)}), START)
        assert [one.pointer for one in found if one.check == "WINDOW_SANE"] == ["/ends_at"]


@pytest.mark.parametrize("play", SOLD)
def test_every_text_that_people_read_is_read(play: str) -> None:
    points = {"/skus/0/fulfilment": "pickup", "/pickup_points": [POINT]}
    read = texts(offered(play, points))
    assert {pointer.rsplit("/", 1)[1] for pointer in read} == {
        *("title", "description", "rules_text", "eligibility", "result", "refund_terms", "host_name", "host_contact"),
        *("reference_basis", "name", "address", "hours"),
    }
    for pointer in read:
        spoiled = offered(play, {**points, pointer: f"{read[pointer][:20]} 只差·一步"})
        (found,) = findings(spoiled, START)
        assert (found.check, found.pointer, found.word, found.allowable) == ("COPY_LINT", pointer, "只差·一步", True)


def test_ids_and_addresses_of_pictures_are_no_texts() -> None:
    ids = {
        "/skus/0/sku_id": "no1brand",
        "/skus/0/external_sku_id": "no1brand",
        "/skus/0/image_url": "https://a.cn/no1brand",
    }
    assert findings(offered("groupbuy", ids), START) == []


def test_a_superlative_in_a_name_an_address_or_a_basis_is_no_praise() -> None:
    point = {**POINT, "name": "顶级茶城店", "address": "国家级新区顶级路 1 号"}
    named = {"/rule_sheet/host_name": "顶级茶业", "/skus/0/reference_basis": "近 7 日全网最低成交价"}
    plain = {"/skus/0/fulfilment": "pickup", "/pickup_points": [point], **named}
    assert findings(offered("groupbuy", plain), START) == []
    (found,) = findings(offered("groupbuy", {**plain, "/title": "顶级茶"}), START)
    assert (found.check, found.pointer) == ("COPY_LINT", "/title")


def test_everything_that_forbids_is_told_at_once() -> None:
    wrong = {"/title": "只差一步", "/description": "转发领券，带你躺赚，最佳，顶级", "/skus/0/stock": 1}
    found = [(one.check, one.word) for one in findings(offered("groupbuy", wrong), START)]
    assert sorted(found, key=str) == [
        ("COPY_LINT", "只差一步"),
        ("COPY_LINT", "最佳"),
        ("COPY_LINT", "顶级"),
        ("GROUP_FITS", None),
        ("REWARD_DEPTH", "躺赚"),
        ("SHARE_DEEP_ACTION", "转发领券"),
    ]


def test_two_checks_of_one_document_have_two_names() -> None:
    before = list(CHECKS)
    with pytest.raises(ValueError, match="PRICE_BASIS"):
        check("PRICE_BASIS", Offer)(lambda offer, now: iter(()))
    assert before == CHECKS
    assert all(isinstance(one, Check) for one in CHECKS)


def test_a_change_of_checks_or_words_changes_the_rules_that_a_snapshot_names() -> None:
    """Whoever changes a check or a word writes the new rules here, and a new check raises `RULES_VERSION`."""
    assert rules() == "6.78f609c904e8"
    assert (RULES_VERSION, len({one.name for one in CHECKS}), len(CATEGORIES)) == (6, 33, 13)
