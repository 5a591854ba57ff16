"""What asking for a picture can be refused for."""

from chalicelib.core.errors import Problem

PICTURES_BUSY = Problem(
    "pictures_busy",
    429,
    "绘图繁忙，请稍后再试",
    "Too many pictures are being drawn.",
    ("稍等片刻，用同一个请求重试", "Retry the same request in a moment."),
)
"""Nothing was drawn, or what was drawn is not known; drawing it again gives the same."""
