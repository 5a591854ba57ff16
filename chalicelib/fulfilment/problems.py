"""What delivery and after-sale can be refused for."""

from chalicelib.core.errors import Problem

UNDECIDED = Problem(
    "order_undecided",
    409,
    "活动结果未定，暂不能发货或售后",
    "Its play has not decided yet: it can neither be shipped nor refunded.",
    ("等待成团或结束", "Wait for its outcome."),
)
NOT_DELIVERABLE = Problem(
    "order_not_deliverable",
    409,
    "订单当前状态为 {state}，不能发货",
    "The order is {state}; there is nothing to deliver.",
)
ALREADY_SENT = Problem(
    "already_sent",
    409,
    "订单已发货",
    "All of it has been sent already.",
    ("如需更正物流信息，请使用更正发货", "Correct the parcels instead."),
)
NOT_SENT = Problem("not_sent", 409, "订单尚未全部发货", "Not all of it has been sent yet.")
ALREADY_CORRECTED = Problem(
    "already_corrected",
    409,
    "物流信息只能更正一次",
    "The parcels can be corrected once, and were.",
    ("联系买家说明物流信息", "Tell the buyer."),
)
ALREADY_RECEIVED = Problem("already_received", 409, "订单已完成收货", "It has been received.")
CASE_OPEN = Problem(
    "case_open",
    409,
    "该订单有处理中的售后申请",
    "An after-sale case of this order is open.",
    ("先处理售后申请", "Decide the case first."),
)
PICKUP_ONLY = Problem(
    "pickup_only",
    409,
    "自提订单请使用核销",
    "It is fetched by its buyer: hand it over against his code.",
    ("扫描买家的取货码", "Scan the buyer's code."),
)
NOT_PICKUP = Problem("not_pickup", 409, "该订单不是自提订单", "It is not fetched by its buyer.")
NOT_WAITING = Problem(
    "goods_not_waiting",
    409,
    "商品当前不在待取货状态",
    "Its goods are not waiting to be fetched.",
    ("查看订单状态", "Look at the order."),
)
CODE_WRONG = Problem(
    "pickup_code_wrong",
    409,
    "取货码不正确",
    "This is not the buyer's code.",
    ("请买家出示订单中的取货码", "Ask the buyer for it."),
)
TOO_MUCH = Problem(
    "refund_too_much",
    409,
    "最多可退 {live_yuan}",
    "At most {live_yuan} can go back.",
)
TOO_MANY_REFUNDS = Problem(
    "refunds_used_up", 409, "退款次数已达上限（50 次）", "It was refunded fifty times, which is the most."
)
CASE_LATE = Problem(
    "after_sale_over",
    409,
    "已超过售后期限（{until}）",
    "The time to ask ended at {until}.",
    ("联系商家协商", "Talk to the merchant."),
)
NOTHING_SENT = Problem(
    "nothing_to_return",
    409,
    "尚未发货，无需退货，请申请仅退款",
    "Nothing was sent, so nothing can come back.",
    ("申请仅退款", "Ask for the money alone."),
)
CASE_DECIDED = Problem(
    "case_decided", 409, "售后申请当前状态为 {state}", "The case is {state}; that cannot be done with it."
)
TOO_MANY_CASES = Problem(
    "too_many_cases",
    409,
    "该订单的售后申请次数已达上限（{limit} 次）",
    "This order has had {limit} cases, which is the most.",
    ("联系商家协商", "Talk to the merchant."),
)
