"""What asking for cash can be refused for."""

from chalicelib.core.errors import Problem

LATER = ("稍后再试", "Try again later.")
CASH_NOT_YET = Problem(
    "cash_not_yet",
    409,
    "还在等待期内，{at}起可领取",
    "Its time of waiting is not over: it can be asked for from {at}.",
    ("到时间后再领取", "Come back then."),
)
CASH_OVER = Problem(
    "cash_over",
    409,
    "该笔现金已不可领取",
    "This cash can no longer be asked for.",
    ("看看其他奖励", "Look at other rewards."),
)
CASH_PAUSED = Problem(
    "cash_paused",
    409,
    "现金发放暂停中，请于{at}后再试",
    "Cash is not being sent just now; it stays yours. Try again after {at}.",
    LATER,
)
CASH_DAY_FULL = Problem(
    "cash_day_full",
    409,
    "今日领取现金的次数或金额已达上限",
    "No more cash can be asked for today.",
    ("明天再领取", "Come back tomorrow."),
)
CASH_YEAR_FULL = Problem(
    "cash_year_full",
    409,
    "本年度领取现金的金额已达上限",
    "No more cash can be asked for this year.",
    ("联系商家", "Ask the shop."),
)
CASH_NAME_NEEDED = Problem(
    "cash_name_needed",
    422,
    "金额较大，微信要求核对您的真实姓名",
    "WeChat checks the payee's real name for this amount.",
    ("填写与微信实名一致的姓名", "Send real_name as WeChat knows it."),
)
CASH_SETTLED = Problem(
    "cash_settled",
    409,
    "该笔现金已到账，无法撤销",
    "This cash has been paid: it cannot be taken back.",
    ("查看零钱明细", "Look at the WeChat balance."),
)
CASH_NOT_SENT = Problem(
    "cash_not_sent",
    409,
    "没有进行中的转账",
    "No transfer of it is on its way.",
    ("刷新页面", "Look at it again."),
)
