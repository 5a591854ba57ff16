"""What is told of an invitation: to its owner, and to whoever holds its code."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.accounts.items import NameState
from chalicelib.accounts.mask import seen as masked
from chalicelib.campaigns.views import why_not
from chalicelib.core import clock
from chalicelib.core.errors import Language, RippleError
from chalicelib.core.money import yuan
from chalicelib.family import invitation_codes, rules, standing
from chalicelib.family.items import Family, Invitation
from chalicelib.family.joining import Offered
from chalicelib.family.states import InvitationState, Mode, Role
from chalicelib.family.views import InvitationCard, InvitationPreview, InvitationView, Terms

PAGE = "pages/family/invitation?code={code}"
"""Where a card of an invitation leads in the mini-program; no leading slash (WeChat's form)."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def for_owner(family: Family, invitation: Invitation, language: Language) -> InvitationView:
    """An invitation as its owner sees it."""
    state = rules.state_of(invitation, clock.now())
    return InvitationView(
        code=invitation_codes.shown(invitation.code),
        state=state,
        role=invitation.role,
        per_fen=invitation.per,
        cap_fen=invitation.cap,
        until=invitation.until,
        used_by=invitation.used_by,
        share=_card(family, invitation, language) if state is InvitationState.OPEN else None,
        created_at=invitation.created_at,
    )


def for_holder(offered: Offered, language: Language) -> InvitationPreview:
    """An invitation as whoever holds its code sees it; of one that is over, that it is."""
    invitation, refused = offered.invitation, _refusal(offered)
    state = rules.state_of(invitation, clock.now())
    return InvitationPreview(
        code=invitation_codes.shown(invitation.code),
        state=state,
        until=invitation.until,
        terms=_terms(offered, language) if state is InvitationState.OPEN else None,
        can_accept=refused is None,
        why_not=why_not(refused, language),
        now=clock.now(),
    )


def _refusal(offered: Offered) -> RippleError | None:
    """Why accepting would be refused, in the order of `joining.accept`."""
    now = clock.now()
    try:
        rules.insist_open(offered.invitation, now)
        rules.insist_free(offered.belonging, now)
        standing.insist_there(offered.family)
        rules.insist_of_owner(offered.family, offered.invitation)
        rules.insist_room(offered.family)
    except RippleError as refused:
        return refused
    return None


def _card(family: Family, invitation: Invitation, language: Language) -> InvitationCard:
    shown = family.name_state is NameState.SHOWN
    if language == "zh":
        title = f"邀请您加入{f'「{family.name}」' if shown else ''}家庭账户"
    else:
        title = f"You are invited to the family {family.name}" if shown else "You are invited to a family"
    return InvitationCard(title=title, path=PAGE.format(code=invitation.code))


def _terms(offered: Offered, language: Language) -> Terms:
    invitation, family = offered.invitation, offered.family
    return Terms(
        family_name=family.name if family.name_state is NameState.SHOWN else None,
        owner=masked(offered.owner),
        people=family.size,
        most_people=rules.MOST_PEOPLE,
        mode=family.mode,
        role=invitation.role,
        per_fen=invitation.per,
        cap_fen=invitation.cap,
        cooling_hours=rules.COOLING // HOUR,
        lock_days=rules.LOCK // DAY,
        sentences=[said[0] if language == "zh" else said[1] for said in _sentences(family, invitation)],
    )


def _sentences(family: Family, invitation: Invitation) -> list[tuple[str, str]]:
    """How it works, in Chinese and in English."""
    per, cap, minor = yuan(invitation.per), yuan(invitation.cap), invitation.role is Role.MINOR
    hours, days = rules.COOLING // HOUR, rules.LOCK // DAY
    whose = (
        ("家庭钱包由主人充入，主人拥有", "The wallet is the owner's, who alone puts something in.")
        if family.mode is Mode.OWNER_PAYS
        else (
            "家庭钱包由成年成员共同充入；家庭账户关闭后，余额归主人使用",
            "Every adult may put something into the wallet; once the family is closed, what is left is its owner's.",
        )
    )
    above = (
        ("超出限额时，须经主人同意", "Above that the owner is asked each time.")
        if minor
        else ("超出限额的部分自行支付，或请主人同意", "What is above that you pay yourself, or ask the owner for.")
    )
    back = (
        (
            "退款退回家庭钱包，并恢复当月限额",
            "Refunds go back to the wallet, and may be spent again that month.",
        )
        if family.restores
        else ("退款退回家庭钱包，不恢复当月限额", "Refunds go back to the wallet; the cap stays used.")
    )
    leaving = (
        ("未成年成员不能自行退出，由主人移除；", "A minor does not leave by himself; the owner removes him.")
        if minor
        else ("您可随时退出；", "You may leave at any time.")
    )
    return [
        whose,
        (f"加入 {hours} 小时后可用家庭钱包付款", f"You spend {hours} hours after joining."),
        (
            f"每次最多 {per}，每月最多 {cap}；按北京时间的自然月计，下单未付款的也计入",
            f"At most {per} at once and {cap} in a month of China's calendar; orders not paid yet count.",
        ),
        above,
        back,
        (
            "主人能看到每一笔消费，可随时调整限额、冻结或移除成员",
            "The owner sees every spend, and may change caps, freeze or remove members at any time.",
        ),
        (
            f"{leaving[0]}退出或被移除后 {days} 天内不能加入其他家庭账户",
            f"{leaving[1]} After that you join no other family for {days} days.",
        ),
    ]
