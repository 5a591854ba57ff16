"""What a claim of a coupon, and paying with one, can be refused for."""

from chalicelib.core.errors import Problem

SEE_OTHERS = ("看看其他优惠券", "Look for another coupon.")
WITHOUT = ("去掉该券后重试", "Leave it out and try again.")

CLAIMED_OUT = Problem("coupons_claimed_out", 409, "优惠券已领完", "All coupons have been claimed.", SEE_OTHERS)
CLAIM_LIMIT = Problem(
    "coupon_limit", 409, "已达到领取上限 {limit} 张", "You have claimed {limit}, the limit.", SEE_OTHERS
)
CLAIM_DAY_LIMIT = Problem(
    "coupon_day_limit",
    409,
    "今日领取已达上限 {limit} 张",
    "You have claimed {limit} today, the limit.",
    ("明天再来领取", "Claim again tomorrow."),
)
ONLY_GIVEN = Problem(
    "coupon_only_given", 409, "该优惠券由商家发放，不能自行领取", "The shop gives it; it is not claimed.", SEE_OTHERS
)
POINTS_SHORT = Problem(
    "points_short",
    409,
    "积分不足：需要 {needed}，现有 {has}",
    "It costs {needed} points; you have {has}.",
    SEE_OTHERS,
)
COUPON_UNKNOWN = Problem("coupon_unknown", 422, "没有优惠券 {ref}", "There is no coupon {ref}.", WITHOUT)
COUPON_LATER = Problem(
    "coupon_later", 409, "优惠券 {since} 起可用", "It may be used from {since} on.", ("到时再使用", "Use it then.")
)
COUPON_LOCKED = Problem(
    "coupon_locked",
    409,
    "优惠券正被另一个待支付订单使用",
    "Another order that may still be paid uses it.",
    ("先支付或取消该订单", "Pay or cancel that order first."),
)
COUPON_USED = Problem("coupon_used", 409, "优惠券已使用", "It is used.", WITHOUT)
COUPON_EXPIRED = Problem("coupon_expired", 409, "优惠券已过期", "It has expired.", WITHOUT)
COUPON_INVALID = Problem("coupon_invalid", 409, "优惠券已失效", "It is not valid any more.", WITHOUT)
COUPON_SCOPE = Problem("coupon_scope", 422, "优惠券不适用于该商品", "It is not good for these goods.", WITHOUT)
COUPON_THRESHOLD = Problem(
    "coupon_threshold",
    422,
    "商品满 {threshold} 可用，还差 {missing}",
    "The goods must cost {threshold}; {missing} are missing.",
    WITHOUT,
)
COUPON_WORTHLESS = Problem(
    "coupon_worthless", 422, "本单使用该券不能再优惠", "It takes nothing more off this order.", WITHOUT
)
COUPON_ALONE = Problem(
    "coupon_alone",
    422,
    "该券不可与其他优惠券同时使用",
    "It is not used beside another coupon.",
    ("每单只用这一张，或换成可叠加的券", "Use it alone, or others that are stackable."),
)
COUPON_TOO_MANY = Problem(
    "coupon_too_many", 422, "每单最多使用 {limit} 张优惠券", "An order takes {limit} coupons at most.", WITHOUT
)
COUPON_ONCE = Problem(
    "coupon_once",
    422,
    "同一张分期券每单只能使用一期",
    "An order takes one piece of a coupon in instalments.",
    WITHOUT,
)
COUPON_FIRST = Problem(
    "coupon_first",
    422,
    "优惠券须排在其他支付方式之前",
    "Coupons are named before what else pays.",
    ("把优惠券排在最前", "Name coupons first."),
)
NOTHING_LEFT = Problem(
    "coupon_nothing_left",
    409,
    "该券已全部使用，不能作废",
    "It is used; nothing of it can be made invalid.",
    ("如需退回，请对订单退款", "Refund the order instead."),
)
