"""What stuck money means and what a merchant does about it, by reason."""

from __future__ import annotations

from chalicelib.orders.stuck import Reason

Meaning = tuple[str, str, str, str]

MEANINGS: dict[Reason, Meaning] = {
    Reason.CODE_REFUND_OWED: (
        "一个已售出的兑换码被撤销，或其订单未发货即全额退款，需向购买者退款",
        "A code that was sold is revoked, or its order ended before it was sent: its buyer is owed for it.",
        "按原销售渠道退款给购买者，然后标记为已解决",
        "Pay its buyer back where it was sold, then resolve it.",
    ),
    Reason.PAYMENT_DIFFERS: (
        "收到的付款与订单的金额、付款人或账户不一致",
        "A payment differs from its order in amount, payer or account.",
        "在微信商户平台核对并退款，然后标记为已解决",
        "Compare and refund it on WeChat's merchant platform, then resolve it.",
    ),
    Reason.PAYMENT_OF_NO_ORDER: (
        "收到的付款不属于任何订单",
        "A payment belongs to no order.",
        "查明同一商户号下的其他系统，然后标记为已解决",
        "Find the other system that uses this account, then resolve it.",
    ),
    Reason.SECOND_TRANSACTION: (
        "同一订单号下出现两笔付款",
        "There are two payments under one number.",
        "在微信商户平台核对两笔付款，然后标记为已解决",
        "Compare both on WeChat's merchant platform, then resolve it.",
    ),
    Reason.REFUND_OF_NO_DEBT: (
        "有一笔退款不是系统发起的",
        "Money was refunded that was not owed.",
        "确认是否仍需发货，然后标记为已解决",
        "Decide whether the goods are still due, then resolve it.",
    ),
    Reason.BILL_PAYMENT_UNKNOWN: (
        "微信账单中有一笔付款，系统中没有",
        "WeChat's bill has a payment that we do not know.",
        "在微信商户平台查明来源，然后标记为已解决",
        "Find where it comes from on WeChat's merchant platform, then resolve it.",
    ),
    Reason.BILL_PAYMENT_DIFFERS: (
        "微信账单中的付款与系统记录不一致",
        "A payment in WeChat's bill differs from ours.",
        "在微信商户平台核对金额与交易号，然后标记为已解决",
        "Compare amount and transaction on WeChat's merchant platform, then resolve it.",
    ),
    Reason.BILL_LACKS_PAYMENT: (
        "系统中有一笔付款，微信账单中没有",
        "WeChat's bill lacks a payment that we know.",
        "在微信商户平台核对该订单号，然后标记为已解决",
        "Look the number up on WeChat's merchant platform, then resolve it.",
    ),
    Reason.BILL_REFUND_UNKNOWN: (
        "微信账单中有一笔退款，不是系统发起的",
        "WeChat's bill has a refund that we did not ask for.",
        "确认是否为人工退款、是否仍需发货，然后标记为已解决",
        "See whether it was made by hand and whether the goods are still due, then resolve it.",
    ),
    Reason.BILL_REFUND_DIFFERS: (
        "微信账单中的退款金额与系统记录不一致",
        "A refund in WeChat's bill has another amount than ours.",
        "在微信商户平台核对退款金额，然后标记为已解决",
        "Compare the amount on WeChat's merchant platform, then resolve it.",
    ),
    Reason.BILL_LACKS_REFUND: (
        "系统中有一笔退款，微信账单中没有",
        "No bill of WeChat's has a refund that we know to be back.",
        "在微信商户平台核对该退款单号，然后标记为已解决",
        "Look the number up on WeChat's merchant platform, then resolve it.",
    ),
    Reason.REFUND_ABNORMAL: (
        "退款异常：付款人的账户无法收款",
        "The payer's account cannot take the refund.",
        "在微信商户平台改为退到其他账户",
        "Choose another way on WeChat's merchant platform.",
    ),
    Reason.CLOSING_SLOW: (
        "订单已过期，微信数小时未答复是否付款，可能有未知的付款",
        "The order is over, and for hours WeChat has not said whether it was paid; money may have come unseen.",
        "系统会继续询问；可立即重试，或在微信商户平台查询该订单号",
        "It is asked on by itself; retry it now, or look the number up on WeChat's merchant platform.",
    ),
    Reason.REFUND_REFUSED: (
        "微信暂时不能退这笔款，系统会自动重试",
        "WeChat cannot send it back yet; it is tried again by itself.",
        "检查商户号余额与微信返回的原因，然后重试",
        "Check the account's balance and WeChat's reason, then retry.",
    ),
    Reason.REFUND_CLOSED: (
        "微信已关闭这笔退款，款项没有退回",
        "WeChat has closed the refund; the money is not back.",
        "在微信商户平台查明原因，通过平台退款或转账给付款人",
        "Find the reason on WeChat's merchant platform, and refund or transfer it there.",
    ),
    Reason.REFUND_SLOW: (
        "退款超过三天仍未到账：微信仍在处理，或没有答复",
        "The refund is not back after three days: WeChat is still at it, or does not answer.",
        "可立即重试；若仍未到账，凭退款单号联系微信支付客服",
        "Retry it now; if it stays, ask WeChat Pay's support about the number.",
    ),
    Reason.BILL_PAYMENT_STATUS: (
        "我们记录为已付款，微信账单中的交易状态不是支付成功",
        "We know a payment as made that WeChat's bill has in another state.",
        "在微信商户平台核对交易状态，确认是否仍需发货，然后标记为已解决",
        "Look its state up on WeChat's merchant platform, decide whether the goods are due, then resolve it.",
    ),
    Reason.BILL_REFUND_STATUS: (
        "我们记录为已退款，微信账单中的退款状态不是成功",
        "We know a refund as back that WeChat's bill has as failed.",
        "在微信商户平台核对退款去向，必要时转账给付款人，然后标记为已解决",
        "See on WeChat's merchant platform where it went, transfer it if need be, then resolve it.",
    ),
    Reason.NOT_SHIPPED: (
        "已付款的订单超过承诺时间仍未发货",
        "Paid goods were not sent in the time that was promised.",
        "尽快发货，或退款给买家",
        "Send them, or give the money back.",
    ),
    Reason.CASE_UNANSWERED: (
        "买家的售后申请超过时限仍未处理",
        "A buyer asked for his money and has had no answer in time.",
        "同意或拒绝该申请；已寄回的，请确认收货",
        "Grant or refuse it; where goods came back, say that they arrived.",
    ),
    Reason.UPLOAD_REFUSED: (
        "微信不接受这笔订单的发货信息，可能延迟结算",
        "WeChat does not take how the goods went out; it may hold the money.",
        "按微信返回的原因更正发货信息，或在微信后台录入，然后重试或标记为已解决",
        "Correct it by WeChat's reason or enter it at WeChat, then retry or resolve it.",
    ),
    Reason.UPLOAD_SLOW: (
        "发货信息超过一天未能告知微信，可能延迟结算",
        "For a day WeChat could not be told that the goods went out; it may hold the money.",
        "系统会继续重试；可立即重试，或在微信后台录入",
        "It is tried on by itself; retry it now, or enter it at WeChat.",
    ),
    Reason.PRESALE_REFUSED: (
        "微信不接受这笔订单的预售报备，逾期未发货可能被处罚",
        "WeChat does not take the order as a presale; it may count the goods as late.",
        "按微信返回的原因处理后重试，或尽快发货",
        "Act on WeChat's reason and retry, or send the goods soon.",
    ),
    Reason.TRANSFER_REFUSED: (
        "微信不接受这笔转账，系统会用同一单号继续重试",
        "WeChat does not take a transfer; it is tried on under the same number.",
        "按微信返回的原因处理后重试；请求内容不会改变，须更改时请用户撤销后重新领取；切勿另行转账补发",
        "Act on WeChat's reason, then retry; what must be sent otherwise its user claims anew. Never pay it by hand.",
    ),
    Reason.TRANSFER_SLOW: (
        "一笔转账多日没有结果：微信没有说明是否已付",
        "A transfer has had no end for days: WeChat has not said whether it was paid.",
        "可立即重试；若仍无结果，请在 30 天内凭商户单号联系微信支付客服",
        "Retry it now; if it stays, ask WeChat Pay's support about the number before thirty days are over.",
    ),
    Reason.TRANSFER_UNKNOWN: (
        "微信通知了一笔转账，不是系统发起的",
        "WeChat tells of a transfer that we did not make.",
        "查明是谁用同一商户号转账，然后标记为已解决",
        "Find who else transfers from this account, then resolve it.",
    ),
    Reason.TRANSFER_DIFFERS: (
        "微信通知的转账，金额或收款人与系统记录不一致",
        "WeChat tells of a transfer with another amount or user than ours.",
        "在微信商户平台按商户单号核对，然后标记为已解决",
        "Look its number up on WeChat's merchant platform, then resolve it.",
    ),
    Reason.TRANSFER_CONTRADICTS: (
        "微信对同一笔转账先后说了两种结果，可能已付款两次或未付款",
        "WeChat has told of two ends of one transfer: it may have been paid twice, or not at all.",
        "在微信商户平台与资金账单中核对这个单号，再与用户结清，然后标记为已解决",
        "Look its number up on the platform and in the bill, settle it with the user, then resolve it.",
    ),
    Reason.FLOW_UNKNOWN: (
        "运营账户的资金账单中有一笔转账，不是系统发起的",
        "The operations account's bill has a transfer that we did not make.",
        "确认是否为人工转账或其他系统所为，然后标记为已解决",
        "See whether it was made by hand or by another system, then resolve it.",
    ),
    Reason.FLOW_DIFFERS: (
        "运营账户的资金账单中，转账金额与系统记录不一致",
        "The operations account's bill has a transfer with other amounts than ours.",
        "在微信商户平台按商户单号核对金额，然后标记为已解决",
        "Compare the amounts by its number on WeChat's merchant platform, then resolve it.",
    ),
    Reason.FLOW_LACKS_TRANSFER: (
        "微信说已付款的一笔转账，运营账户的资金账单中没有",
        "The operations account's bill lacks a transfer that WeChat told was paid.",
        "在微信商户平台核对这个单号，并询问用户是否到账，然后标记为已解决",
        "Look the number up on WeChat's merchant platform, ask the user whether he has it, then resolve it.",
    ),
    Reason.FLOW_LACKS_RETURN: (
        "一笔转账没有付成，钱却没有退回运营账户",
        "A transfer came to nothing, and its money has not come back to the operations account.",
        "凭商户单号联系微信支付客服追回，然后标记为已解决",
        "Ask WeChat Pay's support where the money is, by its number, then resolve it.",
    ),
}
"""What stuck money means and what to do, by reason, each in Chinese and English."""
