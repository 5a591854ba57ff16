"""What logging in can be refused for."""

from chalicelib.core.errors import Problem

APP_UNKNOWN = Problem("app_unknown", 404, "该小程序未接入", "No merchant has this mini-program.")
CODE_REFUSED = Problem(
    "login_code_invalid",
    401,
    "登录凭证无效或已使用",
    "The login code is wrong, expired or used.",
    ("重新调用 wx.login 获取新的 code", "Call wx.login for a fresh code."),
)
USER_BLOCKED = Problem("user_blocked", 403, "该账号暂时无法使用", "This account cannot be used.")
WECHAT_SILENT = Problem(
    "wechat_unreachable",
    503,
    "微信暂时无法响应",
    "WeChat does not answer.",
    ("重新调用 wx.login 后重试", "Call wx.login again and retry."),
)
REFRESH_REFUSED = Problem(
    "refresh_token_invalid",
    401,
    "登录已失效",
    "The refresh token is wrong, expired, used before or revoked.",
    ("重新登录", "Log in again."),
)
TEXT_REFUSED = Problem(
    "text_refused",
    422,
    "内容不符合规范，请修改后再试",
    "This text cannot be shown to others.",
    ("换一个内容", "Choose another one."),
)
NAME_DECIDED = Problem(
    "nickname_not_under_review",
    409,
    "该昵称不在待审状态",
    "This name is not waiting for a decision: it was decided, or he has another one.",
    ("刷新待审列表", "Read the list anew."),
)
