"""Pictures that strangers see: WeChat looks at them once they are chosen, and pushes what it thinks (rules W14).

Until then they are hidden, so that no copy is taken of one that it refuses. Where the merchant is pushed nothing,
nobody could tell us, and they are shown. As with names, WeChat looks only within two hours of a visit; what it has not
looked at by then waits for the next.
"""

from __future__ import annotations

from datetime import timedelta

from pynamodb.expressions.update import Action

from chalicelib.accounts.items import AvatarState, Trace, User, trace_key, user_key
from chalicelib.core import clock, log
from chalicelib.core.decision import decided
from chalicelib.core.errors import RippleError
from chalicelib.core.ids import MerchantId, new_ulid
from chalicelib.core.outbox import Done, Effect, EffectClass, Later, OutboxEntry, owe
from chalicelib.core.rate import Rate
from chalicelib.core.store import read_one
from chalicelib.core.transaction import Lost, Transaction, update_one
from chalicelib.merchants.service import app_account, hears
from chalicelib.wechat import content
from chalicelib.wechat.content import Suggest
from chalicelib.wechat.http import Quota, WechatError

CHECK = "wechat_avatar_check"
"""The outbox's name of asking WeChat to look at a picture."""

VISIT = timedelta(hours=2)
"""How long after a visit WeChat looks at what a user chose."""

REFUSED = timedelta(minutes=15)
"""The pause after a refusal of the question itself: a person must look at it."""

LOOKING = timedelta(hours=1)
"""After so long without a word it is asked anew, at a visit: it tells within half an hour."""

KEPT = timedelta(days=1)
"""How long it is known what WeChat was asked."""


def chosen(tx: Transaction, user: User, url: str) -> list[Action]:
    """What changes of the user when he chooses a picture; nothing where it is his already.

    ``tx`` owes that WeChat looks at it.
    """
    if url == user.avatar_url:
        return []
    actions: list[Action] = [User.avatar_url.set(url), User.pictured_at.set(clock.now())]
    if hears(user.mid):
        return [*actions, *_asking(tx, user)]
    return [*actions, User.picturing.set(new_ulid()), User.avatar_state.remove(), User.looked_at.remove()]


def visit(user: User) -> None:
    """He has just come: WeChat is asked anew about a picture of which it told nothing. Nothing depends on it."""
    if user.avatar_state is not AvatarState.UNCHECKED:
        return
    if user.looked_at is not None and clock.now() < user.looked_at + LOOKING:
        return
    tx = Transaction()
    tx.update("user", user, _asking(tx, user), when={"same": User.picturing == user.picturing})
    try:
        tx.commit()
    except (Lost, RippleError) as why:
        log.info("avatar_not_asked_about", uid=user.uid, why=str(why))


def deliver(entry: OutboxEntry) -> Done | Later:
    """Ask WeChat to look; under which id it will tell is kept."""
    user = read_one(User, user_key(entry.mid, entry.payload["uid"]))
    if user is None or user.picturing != entry.number or user.avatar_state is not AvatarState.UNCHECKED:
        return Done()
    if clock.now() >= entry.created_at + VISIT:
        return Done()
    try:
        trace_id = content.check_media(app_account(user.mid), url=user.avatar_url or "", openid=user.openid)
    except content.Away:
        return Done()
    except Quota:
        return Later(timedelta(minutes=1), "quota")
    except WechatError as refused:
        log.error("avatar_check_refused", uid=user.uid, wechat_code=refused.code, rid=refused.request_id)
        return Later(REFUSED, refused.code)
    return Done(lambda tx: _asked(tx, user, trace_id))


EFFECT = Effect(EffectClass.SAME_NUMBER, deliver, Rate(normal=25, slow=5))
"""How the outbox asks about pictures: below WeChat's 2,000 a minute."""


def told(mid: MerchantId, trace_id: str, suggest: Suggest) -> None:
    """WeChat tells what it saw. However often and in whatever order it does, a picture that it refused once is hidden.

    What is of another picture, or of nothing that we asked about, changes nothing.
    """
    key, risky = trace_key(mid, trace_id), suggest is Suggest.RISKY

    def attempt() -> None:
        trace = read_one(Trace, key)
        if trace is None:
            Transaction().put("trace", Trace(*key, risky=risky, ttl=_kept())).commit()
        elif trace.uid is not None:
            _decide(mid, trace.uid, trace.picturing or "", suggest)

    decided(attempt)


def _decide(mid: MerchantId, uid: str, picturing: str, suggest: Suggest) -> None:
    if suggest is Suggest.REVIEW:
        log.warning("avatar_in_doubt", uid=uid)
    when = {"asked": User.picturing == picturing}
    if suggest is not Suggest.RISKY:
        when["unchecked"] = User.avatar_state == AvatarState.UNCHECKED
    try:
        update_one(user_key(mid, uid), _verdict(risky=suggest is Suggest.RISKY), when=when)
    except Lost as lost:
        log.info("avatar_verdict_late", uid=uid, why=lost.name)


def _asking(tx: Transaction, user: User) -> list[Action]:
    """WeChat is to look, which ``tx`` owes."""
    picturing = new_ulid()
    owe(tx, "look", user.mid, CHECK, picturing, {"uid": user.uid})
    return [User.picturing.set(picturing), User.avatar_state.set(AvatarState.UNCHECKED), User.looked_at.remove()]


def _asked(tx: Transaction, user: User, trace_id: str) -> None:
    """It looks under that id, unless it has told already what it saw."""
    key = trace_key(user.mid, trace_id)
    early = read_one(Trace, key)
    actions: list[Action] = [User.looked_at.set(clock.now())]
    if early is None:
        tx.put("trace", Trace(*key, uid=user.uid, picturing=user.picturing, ttl=_kept()))
    elif early.risky is not None:
        actions = _verdict(risky=early.risky)
    tx.update("user", user, actions, when={"same": User.picturing == user.picturing})


def _verdict(*, risky: bool) -> list[Action]:
    return [User.avatar_state.set(AvatarState.REFUSED if risky else AvatarState.SHOWN), User.looked_at.remove()]


def _kept() -> int:
    return int((clock.now() + KEPT).timestamp())
