"""What an order can be refused for."""

from chalicelib.core.errors import Problem

NOT_PAYABLE = Problem(
    "order_not_payable",
    409,
    "订单当前状态为 {state}，不能支付",
    "The order is {state} and cannot be paid.",
    ("查看订单状态", "Look at the order."),
)
PAY_WINDOW_OVER = Problem(
    "pay_window_over",
    409,
    "支付时间已过",
    "The time to pay is over.",
    ("重新参团或开新团", "Take a seat again or open a group of your own."),
)
PAYMENT_CHANGED = Problem(
    "payment_changed",
    409,
    "收款设置已变更，请取消该订单后重新下单",
    "The merchant's payment settings changed since this order was made.",
    ("取消订单后重新下单", "Cancel the order and order again."),
)
PAYMENT_REFUSED = Problem(
    "payment_refused",
    409,
    "微信支付拒绝了该订单（{wechat_code}）",
    "WeChat Pay refused this order ({wechat_code}).",
    ("取消订单后重试，或联系商家", "Cancel the order and try again, or ask the merchant."),
)
QUOTE_EXPIRED = Problem(
    "quote_expired",
    409,
    "报价已过期",
    "The quote has expired.",
    ("重新获取报价", "Ask for a new quote."),
)
QUOTE_UNFIT = Problem(
    "quote_unfit",
    422,
    "该报价不适用于本次下单",
    "The quote is not one for this order.",
    ("重新获取报价", "Ask for a new quote."),
)
PAYER_PAYS = Problem(
    "family_payer_pays",
    409,
    "该订单由家庭主人支付",
    "The owner of the family pays for this order.",
    ("请家庭主人支付，或取消后重新下单", "Ask the owner, or cancel it and order again."),
)
TENDER_UNKNOWN = Problem(
    "tender_unknown",
    422,
    "不支持用 {tender} 支付",
    "Nothing is paid with {tender} here.",
    ("去掉该支付方式后重试", "Leave it out and try again."),
)
TENDER_TWICE = Problem(
    "tender_twice",
    422,
    "{ref} 重复",
    "{ref} is named twice.",
    ("每项只填写一次", "Name each once."),
)
NOT_CANCELLABLE = Problem(
    "order_not_cancellable",
    409,
    "订单当前状态为 {state}，不能取消",
    "The order is {state} and cannot be cancelled.",
)
NOTIFICATION_REFUSED = Problem(
    "notification_refused", 401, "通知验签失败", "The notification is not a genuine, fresh one of WeChat's."
)
NOTIFICATION_MISPLACED = Problem(
    "notification_mismatch",
    422,
    "通知内容与订单不符，已记录",
    "The notification does not fit our order; it is recorded.",
)
RECEIVER_FIXED = Problem(
    "receiver_fixed",
    409,
    "订单当前状态为 {state}，不能再修改收货信息",
    "The order is {state}; its receiver can no longer be changed.",
    ("联系商家", "Ask the merchant."),
)
RECEIVER_ELSEWHERE = Problem(
    "receiver_elsewhere",
    409,
    "运费按配送至{province}计算，收货地址须在该地区",
    "Its freight was for {province}; the goods cannot go elsewhere.",
    ("取消订单后按新地址重新下单", "Cancel the order and order again."),
)
RECEIVER_KEPT = Problem(
    "receiver_kept",
    409,
    "依法须将交易信息保存至 {until}，此前不能删除",
    "The law keeps it until {until}; it cannot be erased before.",
    ("到期后会自动删除", "It goes by itself then."),
)
RECEIVER_KEY_MISSING = Problem(
    "receiver_key_missing",
    409,
    "商家尚未启用收货信息",
    "The merchant cannot keep receivers yet.",
    ("不填收货信息下单，并联系商家", "Order without a receiver and tell the merchant."),
)
RECEIVER_UNREADABLE = Problem(
    "receiver_unreadable",
    409,
    "订单 {order_id} 的收货信息无法解密",
    "The receiver of the order {order_id} cannot be opened.",
    ("请买家重新填写收货信息", "Let the buyer give it again."),
)
NOT_RETRYABLE = Problem(
    "stuck_not_retryable",
    409,
    "这笔款项无法由系统重试",
    "This money is not ours to send again.",
    ("在微信商户平台处理后标记为已解决", "Place it on WeChat's merchant platform, then resolve it."),
)
STILL_OWED = Problem(
    "stuck_still_owed",
    409,
    "系统仍在自动重试，完成后会自动消失",
    "It is still being tried; it goes from the list when it is done.",
    ("可立即重试", "Retry it now."),
)
