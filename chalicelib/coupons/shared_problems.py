"""What sharing a coupon in a family, and paying with a shared one, can be refused for."""

from chalicelib.core.errors import Problem

COUPON_NOT_FOR_FAMILY = Problem(
    "coupon_not_for_family",
    409,
    "该券不支持家庭共享",
    "This coupon may not be shared with a family.",
    ("自己使用该券", "Use it yourself."),
)
COUPON_NOTHING_TO_SHARE = Problem(
    "coupon_nothing_to_share",
    409,
    "该券已用完、过期或失效，无法共享",
    "Nothing of it can be used any more.",
    ("共享其他优惠券", "Share another one."),
)
COUPON_NOT_SHARED = Problem(
    "coupon_not_shared",
    409,
    "该券已不再与您的家庭共享",
    "It is not shared with your family any more.",
    ("去掉该券后重试，或请对方重新共享", "Leave it out, or ask its owner to share it again."),
)
