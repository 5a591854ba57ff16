"""What posters refuse, and what to do then."""

from __future__ import annotations

from chalicelib.core.errors import Problem

PICTURE_REFUSED = Problem(
    "picture_refused",
    422,
    "图片无法使用：{why_zh}",
    "The picture is not taken: {why_en}",
    (
        "换一张 PNG、JPEG 或 WebP 图片：不超过 3 MB、4000 万像素，每边至少 64 像素",
        "Send another PNG, JPEG or WebP: 3 MB and 40 million pixels at most, 64 pixels a side at least.",
    ),
)
PICTURE_UNKNOWN = Problem(
    "picture_unknown",
    422,
    "没有图片 {picture_id}",
    "There is no picture {picture_id}.",
    ("先上传图片", "Send the picture first."),
)
PICTURE_HAS_CODE = Problem(
    "picture_has_code",
    422,
    "图片 {picture_id} 里有另一个二维码，扫码的人会走错",
    "The picture {picture_id} has a QR code of its own, and people would go astray.",
    ("换一张没有二维码的图片", "Use a picture without one."),
)
POSTER_LINT = Problem(
    "poster_lint",
    422,
    "海报未通过检查",
    "The poster has mistakes.",
    ("按提示修改后再发布", "Mend them, then release it."),
)
POSTER_EDITED_MEANWHILE = Problem(
    "poster_edited_meanwhile",
    409,
    "海报已被他人修改，当前为第 {edition} 版",
    "Somebody else changed the poster; it is edition {edition} now.",
    ("刷新后重新修改", "Read it again, then change it."),
)
POSTER_NOT_RELEASED = Problem(
    "poster_not_released",
    409,
    "海报 {poster_id} 尚未发布",
    "The poster {poster_id} is not released.",
    ("先发布海报", "Release it first."),
)
NO_POSTER = Problem(
    "no_poster",
    404,
    "该分享暂无海报",
    "There is no poster of this format for what you share.",
    ("分享小程序卡片，或换一种尺寸", "Send the card, or ask for the other format."),
)
POSTER_UNREADABLE = Problem(
    "poster_unreadable",
    409,
    "海报中的码无法识别，未生成",
    "The code on the poster cannot be read, so nobody gets it.",
    ("分享小程序卡片", "Send the card."),
)
EVERYDAY_EDITED_MEANWHILE = Problem(
    "everyday_edited_meanwhile",
    409,
    "默认海报已被他人修改，当前为第 {edition} 版",
    "Somebody else changed the everyday posters; they are edition {edition} now.",
    ("刷新后重新修改", "Read them again, then change them."),
)
KIND_UNKNOWN = Problem(
    "kind_unknown",
    404,
    "没有这种分享",
    "Nothing of this kind is shared.",
    ("查看默认海报列表中的 kind", "Take a kind of the list of everyday posters."),
)

WHY = {
    "not_a_picture": ("不是 PNG、JPEG 或 WebP 图片", "it is no PNG, JPEG or WebP."),
    "truncated": ("图片不完整", "it is not whole."),
    "too_large": ("图片过大", "it is too large."),
    "too_small": ("图片过小", "it is too small."),
    "animated": ("不支持动图", "it is animated."),
    "unreachable": ("图片无法获取", "it could not be fetched."),
}
"""Why a picture is not taken, by `Refusal`."""
