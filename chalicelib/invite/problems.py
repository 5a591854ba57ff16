"""What accepting an invitation can be refused for."""

from chalicelib.core.errors import Problem

INVITE_UNKNOWN = Problem(
    "invite_unknown",
    404,
    "邀请不存在",
    "There is no such invitation here.",
    ("核对邀请码或重新打开分享", "Check the code, or open the share again."),
)
SELF_INVITE = Problem(
    "invite_self",
    409,
    "不能邀请自己",
    "Nobody invites himself.",
    ("把邀请分享给好友", "Share the invitation with a friend."),
)
INVITED_ALREADY = Problem(
    "invite_already_bound",
    409,
    "您已有邀请人，不能更改",
    "You have an inviter already; the first stays for good.",
    ("无需操作", "There is nothing to do."),
)
INVITER_NEWER = Problem(
    "inviter_newer",
    409,
    "邀请人的注册时间晚于您",
    "Only who registered before you can have invited you.",
    ("由您邀请对方", "Invite that person instead."),
)
