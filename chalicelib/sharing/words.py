"""What a share's text says beside its title, in both languages: no price, no gain for sharing (rules W1, W2)."""

from __future__ import annotations

Both = tuple[str, str]
"""A text as (zh, en)."""

TAP: Both = ("点开链接，在小程序里查看：", "Tap the link to see it in the mini-program: ")
PASTE: Both = ("复制这段文字，到小程序里粘贴查看：", "Copy this text and paste it inside the mini-program to see it: ")
PASTE_IN: Both = (
    "复制这段文字，到小程序“{name}”里粘贴查看：",
    "Copy this text and paste it inside the mini-program “{name}” to see it: ",
)
CODE: Both = ("兑换码：", "Redeem code: ")
"""What stands before a code; a pasted text is searched for it."""
