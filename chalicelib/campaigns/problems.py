"""What a campaign can be refused for."""

from chalicelib.core.errors import Problem

WRONG_STATE = Problem(
    "campaign_state",
    409,
    "活动当前状态为 {status}，不能执行该操作",
    "The campaign is {status}; that cannot be done now.",
)
EDITED_MEANWHILE = Problem(
    "edited_meanwhile",
    409,
    "草稿已被其他人修改（当前第 {edition} 版）",
    "Somebody else has changed the draft (edition {edition} now).",
    ("重新读取草稿后再修改", "Read the draft again and repeat the change."),
)
GATE_REFUSED = Problem(
    "gate_refused",
    422,
    "活动未通过发布检查",
    "The campaign does not pass the publish gate.",
    ("按提示修改草稿", "Mend the draft."),
)
WORD_TAKEN = Problem(
    "word_taken",
    409,
    "口令已用于活动 {campaign_id}，该活动尚未结束",
    "The word is that of the campaign {campaign_id}, which is not over.",
    ("换一个口令，或先结束该活动", "Choose another word, or end that campaign first."),
)
NOT_RUNNING = Problem(
    "campaign_not_running",
    409,
    "活动当前不可参加",
    "The campaign is not running now.",
    ("看看其他活动", "Look for another."),
)
SOLD_OUT = Problem(
    "sold_out", 409, "库存不足", "Too little stock is left.", ("看看其他活动", "Look for another campaign.")
)
REGION_NEEDED = Problem(
    "region_needed",
    422,
    "运费因地区而异，请提供收货省份",
    "The freight depends on the province that the goods go to.",
    ("选择收货地址", "Choose an address."),
)
NOT_DELIVERED_THERE = Problem(
    "not_delivered_there",
    409,
    "该商品不配送至{province}",
    "This is not delivered to {province}.",
    ("更换收货地址", "Choose another address."),
)
SKU_UNKNOWN = Problem("sku_unknown", 422, "活动中没有商品 {sku_id}", "The campaign has no SKU {sku_id}.")
