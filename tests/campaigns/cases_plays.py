"""Cases of the gate about words in texts, group-buys, bargains and newcomers."""

from __future__ import annotations

from tests.campaigns.cases import ELIGIBILITY, NEW_ONLY, RESULT, RULES, Case, later, new_only, said

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
    for play in NEW_ONLY
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
