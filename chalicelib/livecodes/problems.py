"""What of live codes can be refused."""

from chalicelib.core.errors import Problem

NOT_RUNNING = Problem(
    "live_code_not_running",
    409,
    "此码已暂停或停用",
    "This live code is not in use now.",
    ("请联系商家", "Ask the shop."),
)
FULL = Problem(
    "live_code_full",
    409,
    "名额已满",
    "Every place is taken.",
    ("稍后重新扫码，或联系商家", "Scan the code again later, or ask the shop."),
)
QR_EXPIRED = Problem(
    "live_qr_expired",
    409,
    "群二维码已过期，商家更新后即可加入",
    "The group's QR code is over; its shop has to renew it.",
    ("稍后重新打开本页", "Open this page again later."),
)
TARGET_CLOSED = Problem(
    "live_target_closed",
    409,
    "该群（或门店）已关闭",
    "Nobody is sent there any more.",
    ("重新领取名额", "Ask for a place again: you are given the next one."),
)
WRONG_STATE = Problem(
    "live_code_state",
    409,
    "活码当前状态为 {state}，不能执行该操作",
    "The live code is {state}; that cannot be done now.",
    ("刷新后查看当前状态", "Read it again."),
)
TARGET_STATE = Problem(
    "live_target_state",
    409,
    "该目标当前状态为 {state}，不能执行该操作",
    "The target is {state}; that cannot be done now.",
    ("刷新后查看当前状态", "Read the live code again."),
)
EDITED_MEANWHILE = Problem(
    "live_code_edited",
    409,
    "活码已被其他人修改（当前第 {edition} 版）",
    "Somebody else has changed the live code (edition {edition} now).",
    ("重新读取后再修改", "Read it again and repeat the change."),
)
CAPACITY_TAKEN = Problem(
    "live_capacity_taken",
    409,
    "已有 {taken} 人，容量不能低于此数",
    "{taken} places are taken; the capacity cannot be below that.",
    ("设置更大的容量，或关闭该目标", "Set a larger capacity, or close the target."),
)
TARGETS_FULL = Problem(
    "live_targets_full",
    409,
    "该活码的目标数量已达上限",
    "The live code has as many targets as it can have.",
    ("提高现有目标的容量，或新建活码", "Raise a target's capacity, or make another live code."),
)
PICTURE_UNREAD = Problem(
    "live_picture_unread",
    422,
    "图片里没有可识别的二维码",
    "No QR code can be read in the picture.",
    ("上传群二维码的原图，不要裁剪", "Send the group's QR code itself, not a crop."),
)
PICTURE_UNKNOWN = Problem(
    "live_picture_unknown",
    422,
    "没有找到图片 {picture_id}",
    "There is no picture {picture_id}.",
    ("先上传群二维码图片", "Upload the group's QR code first."),
)
