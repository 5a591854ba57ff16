"""What shares and entries can be refused for."""

from chalicelib.core.errors import Problem

SHARE_UNKNOWN = Problem(
    "share_unknown",
    404,
    "分享已失效或不存在",
    "There is no such share here.",
    ("从首页进入", "Open the start page instead."),
)
LINK_UNAVAILABLE = Problem(
    "short_link_unavailable",
    503,
    "暂时无法生成短链，请稍后再试",
    "WeChat makes no Short Link at the moment.",
    ("改用转发卡片，或稍后再试", "Forward the card instead, or ask again later."),
)
CARD_UNAVAILABLE = Problem(
    "private_card_unavailable",
    503,
    "暂时无法生成私密卡片，请稍后再试",
    "WeChat makes no private card at the moment.",
    ("改用普通转发", "Forward an ordinary card instead."),
)
CODE_UNAVAILABLE = Problem(
    "code_unavailable",
    503,
    "暂时无法生成小程序码，请稍后再试",
    "WeChat makes no code at the moment.",
    ("改用转发卡片，或稍后再试", "Forward the card instead, or ask again later."),
)
PAGE_NOT_RELEASED = Problem(
    "page_not_released",
    409,
    "小程序线上版本没有页面 {page}，无法生成小程序码",
    "The released mini-program has no page {page}, so that WeChat makes no code for it.",
    ("先改用转发卡片；商家发布含该页面的版本后再试", "Forward the card; a code is made once that page is released."),
)
