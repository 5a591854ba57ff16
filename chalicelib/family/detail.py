"""A family as one of its people sees it: the owner everything, the others their own and who else is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from chalicelib.accounts.items import User, user_key
from chalicelib.accounts.mask import public_avatar
from chalicelib.accounts.mask import seen as masked
from chalicelib.campaigns.views import WhyNot, why_not
from chalicelib.core import clock
from chalicelib.core.errors import UNAUTHENTICATED, Language, RippleError
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import Found, read, read_one
from chalicelib.family import people, rules, standing, topup_rules, waiting
from chalicelib.family.items import Belonging, Family, Member, belonging_key, family_key, month_of
from chalicelib.family.problems import FAMILY_UNKNOWN, NOT_OWNER
from chalicelib.family.states import Mode
from chalicelib.family.views import (
    Balance,
    ClosedWallet,
    FamilyCap,
    FamilyEnds,
    FamilyView,
    MemberView,
    MyFamily,
    Offer,
    Refusals,
    Spending,
)
from chalicelib.notices.asking import ask
from chalicelib.notices.moments import Moment

HANDING = (
    (
        "移交后，钱包归新主人，他也能看到以前的每一笔消费",
        "The wallet goes with it, and the new owner sees every former spend.",
    ),
    ("原主人成为成年成员，限额为默认限额", "Who owned it is an adult member then, with the usual caps."),
)
"""What both should know before a family is handed over, in Chinese and in English."""


def show(mid: MerchantId, uid: str, fid: str, language: Language) -> FamilyView:
    """A family of his. Raises `FAMILY_UNKNOWN`."""
    family, me = standing.seen(read(*standing.keys(mid, fid, uid)), mid, fid, uid)
    return _view(family, me, language)


def mine(mid: MerchantId, uid: str, language: Language) -> MyFamily:
    """The family that somebody belongs to, and the wallets of closed ones that he owned last."""
    his, user = belonging_key(mid, uid), user_key(mid, uid)
    found = read(his, user)
    if (who := found.item(User, user)) is None:
        raise RippleError(UNAUTHENTICATED)
    belonging, now = found.item(Belonging, his), clock.now()
    fid = belonging.fid if belonging is not None else None
    closed = [family_key(mid, wallet) for wallet in (belonging.wallets if belonging is not None else None) or []]
    wanted = [*(standing.keys(mid, fid, uid) if fid is not None else []), *closed]
    there = read(*wanted) if wanted else found
    refused = _refused(lambda: rules.insist_may_create(who, belonging, now))
    own = _own(there, mid, fid, uid, language) if fid is not None else None
    asks, orders = waiting.counts(mid, uid, own.family_id, own.role) if own is not None else (0, 0)
    return MyFamily(
        family=own,
        locked_until=rules.locked_until(belonging, now),
        wallets=[_closed(family) for key in closed if (family := there.item(Family, key)) is not None],
        can_create=refused is None,
        why_not=why_not(refused, language),
        now=now,
        open_asks=asks,
        orders_to_pay=orders,
    )


def ends(mid: MerchantId, fid: str) -> FamilyEnds:
    """How far the end of a family is whose owner has just closed it. Raises `FAMILY_UNKNOWN`."""
    family = read_one(Family, family_key(mid, fid))
    if family is None:
        raise RippleError(FAMILY_UNKNOWN)
    return FamilyEnds(
        family_id=fid,
        status=family.status,
        balance=balance_of(family),
        closed_at=family.closed_at,
        now=clock.now(),
    )


def balance_of(family: Family) -> Balance:
    """What a wallet holds."""
    return Balance(granted_fen=family.granted, paid_fen=family.paid, total_fen=family.balance)


def _own(there: Found, mid: MerchantId, fid: str, uid: str, language: Language) -> FamilyView | None:
    """The family that somebody was just said to be in; None where he has left it since."""
    try:
        family, me = standing.seen(there, mid, fid, uid)
    except RippleError:
        return None
    return _view(family, me, language)


def _view(family: Family, me: Member, language: Language) -> FamilyView:
    now, owner = clock.now(), family.owner == me.uid
    month = month_of(now)
    there = people.members(family.mid, family.fid)
    keys = [user_key(family.mid, member.uid) for member in there]
    users = read(user_key(family.mid, me.uid), *keys)
    return FamilyView(
        family_id=family.fid,
        name=family.name_for(me.uid),
        name_state=family.name_state if owner else None,
        status=family.status,
        frozen_by=_frozen_by(family),
        mode=family.mode,
        role=me.role,
        people=family.size,
        most_people=rules.MOST_PEOPLE,
        balance=balance_of(family) if owner or family.open_balance or family.mode is Mode.PURSE else None,
        cap=_cap(family, month) if owner else None,
        restores=bool(family.restores),
        open_balance=bool(family.open_balance),
        members=[
            _member(member, users.item(User, key), month, me=member.uid == me.uid, owner=owner)
            for member, key in zip(there, keys, strict=True)
        ],
        offer=_offer(family, me, language),
        why_not=_refusals(family, me, there, now, language),
        ask=ask(family.mid, language, Moment.FAMILY_REQUEST if owner else Moment.FAMILY_ANSWER),
        created_at=family.created_at,
        now=now,
    )


def _member(member: Member, user: User | None, month: str, *, me: bool, owner: bool) -> MemberView:
    """Somebody in a family; what he may spend, and since when, he himself and the owner see."""
    seen = me or owner
    return MemberView(
        user_id=member.uid,
        nickname=masked(user),
        avatar_url=public_avatar(user),
        role=member.role,
        me=me,
        state=member.state if seen else None,
        spends_from=member.active_from if seen else None,
        joined_at=member.joined_at if seen else None,
        spending=_spending(member, month) if seen else None,
    )


def _spending(member: Member, month: str) -> Spending:
    spent, approved = rules.used(member, month)
    return Spending(
        per_fen=member.per,
        cap_fen=member.cap,
        month=month,
        spent_fen=spent,
        approved_fen=approved,
        left_fen=rules.left(member, month),
    )


def _cap(family: Family, month: str) -> FamilyCap | None:
    if family.cap is None:
        return None
    spent = (family.spent or 0) if family.month == month else 0
    return FamilyCap(cap_fen=family.cap, month=month, spent_fen=spent, left_fen=max(0, family.cap - spent))


def _offer(family: Family, me: Member, language: Language) -> Offer | None:
    if family.offered_to is None or family.offered_at is None or me.uid not in (family.owner, family.offered_to):
        return None
    return Offer(
        to_me=family.offered_to == me.uid,
        user_id=family.offered_to,
        offered_at=family.offered_at,
        sentences=[zh if language == "zh" else en for zh, en in HANDING],
    )


def _refusals(family: Family, me: Member, there: list[Member], now: datetime, language: Language) -> Refusals:
    """What a person could not do now, each for the first reason that its use case has."""

    def asked(insist: Callable[[], None]) -> WhyNot | None:
        return why_not(_refused(insist), language)

    def owned(insist: Callable[[], None]) -> WhyNot | None:
        def both() -> None:
            if family.owner != me.uid:
                raise RippleError(NOT_OWNER)
            standing.insist_there(family)
            insist()

        return asked(both)

    def leaves() -> None:
        standing.insist_there(family)
        rules.insist_may_leave(family, me)

    return Refusals(
        spend=asked(lambda: standing.insist_may_spend(family, me, now)),
        fill=asked(lambda: topup_rules.insist_may_fill(family, me)),
        invite=owned(lambda: rules.insist_may_invite(family)),
        leave=asked(leaves),
        hand_over=owned(lambda: rules.insist_heir(there)),
        freeze=owned(lambda: None),
        unfreeze=owned(lambda: rules.insist_not_by_shop(family.frozen_by)),
        close=owned(lambda: rules.insist_may_close(family, me)),
    )


def _refused(insist: Callable[[], None]) -> RippleError | None:
    try:
        insist()
    except RippleError as refused:
        return refused
    return None


def _closed(family: Family) -> ClosedWallet:
    return ClosedWallet(family_id=family.fid, name=family.name, balance=balance_of(family), closed_at=family.closed_at)


def _frozen_by(family: Family) -> Literal["owner", "shop"] | None:
    if family.frozen_by is None:
        return None
    return "owner" if family.frozen_by == rules.BY_OWNER else "shop"
