"""The moments at which a user may be told something: what each is called, and the facts that its message may name."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec


class Moment(StrEnum):
    """Why a user is told something. A user is told of one object at one moment once."""

    GROUP_SUCCEEDED = "group_succeeded"
    GROUP_FAILED = "group_failed"
    PAID = "paid"
    REFUNDED = "refunded"
    SHIPPED = "shipped"
    REWARD_ARRIVED = "reward_arrived"
    HELP_DECIDED = "help_decided"
    FAMILY_REQUEST = "family_request"
    FAMILY_ANSWER = "family_answer"
    PAY_ENDING = "pay_ending"
    GROUP_ENDING = "group_ending"
    BARGAIN_ENDING = "bargain_ending"
    UNLOCK_ENDING = "unlock_ending"
    REWARD_ENDING = "reward_ending"
    CASH_ENDING = "cash_ending"
    RECALL = "recall"
    THANKS = "thanks"


class Sort(StrEnum):
    """What a message is, which decides when it may come and who may keep it away."""

    EVENT = "event"
    """Told at once, at any hour."""
    REMINDER = "reminder"
    """Told in waking hours, a few a day, while its reason stands; a user may want none."""
    OFFER = "offer"
    """From the merchant of his own accord: as a reminder, and a user may want none of these alone."""


class Form(StrEnum):
    """What a fact is; it decides which keys of a template may carry it."""

    TEXT = "text"
    MONEY = "money"
    """Whole fen."""
    NUMBER = "number"
    TIME = "time"
    """An instant, as `clock.iso` writes it; told in the merchant's zone."""
    CODE = "code"
    """Letters and digits: a number of an order or a parcel."""
    WORD = "word"
    """A Chinese word of at most five letters that says how something ended."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A moment: its facts, and what it is in both languages."""

    sort: Sort
    facts: Mapping[str, Form]
    zh: str
    en: str


Facts = dict[str, str | int]
"""What a message says: texts, words and codes as they are, whole fen, numbers, instants as `clock.iso` writes them."""

TITLE = {"title": Form.TEXT}


def _told(sort: Sort, zh: str, en: str, **facts: Form) -> Told:
    return Told(sort=sort, facts=MappingProxyType({**TITLE, **facts}), zh=zh, en=en)


MOMENTS: Mapping[Moment, Told] = MappingProxyType(
    {
        Moment.GROUP_SUCCEEDED: _told(
            Sort.EVENT,
            "拼团成功",
            "a group succeeded",
            need=Form.NUMBER,
            amount_fen=Form.MONEY,
            order=Form.CODE,
            at=Form.TIME,
        ),
        Moment.GROUP_FAILED: _told(
            Sort.EVENT,
            "拼团失败，正在退款",
            "a group failed, and the refund is on its way",
            need=Form.NUMBER,
            amount_fen=Form.MONEY,
            order=Form.CODE,
            at=Form.TIME,
        ),
        Moment.PAID: _told(
            Sort.EVENT, "支付成功", "an order is paid", amount_fen=Form.MONEY, order=Form.CODE, at=Form.TIME
        ),
        Moment.REFUNDED: _told(
            Sort.EVENT, "退款到账", "money is back", amount_fen=Form.MONEY, order=Form.CODE, at=Form.TIME
        ),
        Moment.SHIPPED: _told(
            Sort.EVENT,
            "商品已发出",
            "goods are on their way",
            order=Form.CODE,
            carrier=Form.TEXT,
            parcel=Form.CODE,
            at=Form.TIME,
        ),
        Moment.REWARD_ARRIVED: _told(Sort.EVENT, "奖励到账", "a reward arrived", reward=Form.TEXT, at=Form.TIME),
        Moment.HELP_DECIDED: _told(
            Sort.EVENT, "助力结果", "a help that waited is decided", result=Form.WORD, at=Form.TIME
        ),
        Moment.FAMILY_REQUEST: _told(
            Sort.EVENT,
            "家人请你付款",
            "somebody of the family asks its owner to pay",
            who=Form.TEXT,
            amount_fen=Form.MONEY,
            until=Form.TIME,
        ),
        Moment.FAMILY_ANSWER: _told(
            Sort.EVENT,
            "家人已答复",
            "the family's owner answered a request",
            amount_fen=Form.MONEY,
            result=Form.WORD,
            at=Form.TIME,
        ),
        Moment.PAY_ENDING: _told(
            Sort.REMINDER,
            "待付款即将关闭",
            "an order can be paid for a little longer",
            amount_fen=Form.MONEY,
            order=Form.CODE,
            until=Form.TIME,
        ),
        Moment.GROUP_ENDING: _told(
            Sort.REMINDER,
            "拼团即将结束，还差人",
            "a group is about to end with seats left",
            need=Form.NUMBER,
            have=Form.NUMBER,
            left=Form.NUMBER,
            amount_fen=Form.MONEY,
            until=Form.TIME,
        ),
        Moment.BARGAIN_ENDING: _told(
            Sort.REMINDER,
            "砍价即将结束",
            "a bargain is about to end, or to be bought no more",
            left=Form.NUMBER,
            amount_fen=Form.MONEY,
            until=Form.TIME,
        ),
        Moment.UNLOCK_ENDING: _told(
            Sort.REMINDER,
            "红包助力即将结束",
            "a packet that friends help to open is about to end",
            left=Form.NUMBER,
            until=Form.TIME,
        ),
        Moment.REWARD_ENDING: _told(
            Sort.REMINDER,
            "优惠即将过期",
            "a coupon, a voucher or points are about to expire",
            reward=Form.TEXT,
            until=Form.TIME,
        ),
        Moment.CASH_ENDING: _told(
            Sort.REMINDER,
            "现金待领取，即将过期",
            "cash can be claimed for a little longer",
            amount_fen=Form.MONEY,
            until=Form.TIME,
        ),
        Moment.RECALL: _told(
            Sort.OFFER, "老客回访", "a merchant calls somebody back", reward=Form.TEXT, until=Form.TIME
        ),
        Moment.THANKS: _told(
            Sort.OFFER,
            "邀请感谢",
            "a merchant thanks somebody for his friends",
            reward=Form.TEXT,
            friends=Form.NUMBER,
            until=Form.TIME,
        ),
    }
)
"""Every moment."""
