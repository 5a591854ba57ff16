"""What an export can be refused for, and what to do instead."""

from chalicelib.core.errors import Problem

SEE_EXPORTS = ("查看该批次的导出记录", "Look at the batch's exports.")

EXPORT_UNFIT = Problem(
    "export_batch_not_live",
    409,
    "批次状态为 {status}，不能导出",
    "The batch is {status}: its codes cannot be exported.",
    ("等待批次生成完成，或选择其他批次", "Wait until it is made, or choose another batch."),
)
EXPORT_TOO_LARGE = Problem(
    "export_too_large",
    409,
    "二维码页最多 {limit} 个兑换码，该批次有 {size} 个",
    "Sheets have {limit} codes at most, and this batch {size}.",
    ("改为导出 CSV", "Export it as a CSV instead."),
)
EXPORT_UNDER_WAY = Problem(
    "export_under_way",
    409,
    "该批次的导出 {export} 尚未完成（{state}）",
    "Export {export} of this batch is still {state}.",
    SEE_EXPORTS,
)
EXPORTS_FULL = Problem(
    "exports_full",
    409,
    "一个批次最多导出 {limit} 次",
    "A batch may be exported {limit} times.",
    ("使用已导出的文件", "Use a file that was fetched before."),
)
EXPORT_NEEDS_ANOTHER = Problem(
    "export_needs_another",
    409,
    "再次导出须由另一人的密钥批准",
    "A further export needs the key of another person than asked for it.",
    ("请另一位同事用自己的密钥批准", "Ask a colleague to approve it with a key of his own."),
)
EXPORT_NOT_ASKED = Problem(
    "export_not_asked",
    409,
    "该导出无需批准（{state}）",
    "Nobody has to approve this export: it is {state}.",
    SEE_EXPORTS,
)
EXPORT_NOT_READY = Problem(
    "export_not_ready",
    409,
    "文件尚未生成（{state}）",
    "The file is not there yet: the export is {state}.",
    ("稍后查看进度", "Look at its progress a little later."),
)
EXPORT_OF_ANOTHER = Problem(
    "export_of_another",
    409,
    "只有申请导出的密钥可以下载",
    "Only the key that asked for this export gets its file.",
    ("用自己的密钥申请导出", "Ask for an export with your own key."),
)
EXPORT_GONE = Problem(
    "export_gone",
    409,
    "该导出已失效",
    "This export is gone.",
    ("重新申请导出", "Ask for another."),
)
