"""Names that strangers see: checked by WeChat when they are given, hidden until they are cleared (rules W14).

WeChat looks at a text only within two hours of its author's visit. What it could not look at stays hidden and is asked
about again through the outbox for so long, and then from the next visit on.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.accounts.items import NameCheck, NameState, User, name_index, user_key
from chalicelib.accounts.problems import NAME_DECIDED, TEXT_REFUSED
from chalicelib.core import clock, log
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError, Unknown
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId, new_ulid
from chalicelib.core.metrics import count
from chalicelib.core.outbox import Done, Effect, EffectClass, Later, OutboxEntry, owe
from chalicelib.core.rate import Rate
from chalicelib.core.store import query, read_all, read_one
from chalicelib.core.transaction import Lost, Transaction
from chalicelib.merchants import audit
from chalicelib.merchants.service import app_account
from chalicelib.wechat import content
from chalicelib.wechat.content import Judged, Suggest, TextScene
from chalicelib.wechat.http import Quota, WechatError

CHECK = "wechat_name_check"
"""The outbox's name of asking again."""

VISIT = timedelta(hours=2)
"""How long after a visit WeChat looks at what a user wrote."""

REFUSED = timedelta(minutes=15)
"""The pause after a refusal of the question itself: a person must look at it."""

WAITING = (NameState.REVIEW, NameState.UNCHECKED)

STATES = {Suggest.PASS: NameState.SHOWN, Suggest.REVIEW: NameState.REVIEW, Suggest.RISKY: NameState.REFUSED}


def asked(user: User, name: str) -> Judged | None:
    """WeChat's word now on a name that a user gives; None where it gives none, and nobody waits for it longer."""
    try:
        return _question(user, name)
    except content.Away:
        log.info("name_unchecked", uid=user.uid, why="away")
    except Unknown as unknown:
        log.warning("name_unchecked", uid=user.uid, why=str(unknown))
    except WechatError as refused:
        log.error("name_check_refused", uid=user.uid, wechat_code=refused.code, rid=refused.request_id)
    count("NamesUnchecked")
    return None


def given(tx: Transaction, user: User, nickname: str) -> list[Action]:
    """What changes of the user when he gives himself a name, once WeChat was asked; nothing where it is his already.

    What WeChat could not look at is asked about again, which ``tx`` owes. Raises `TEXT_REFUSED`.
    """
    if nickname == user.nickname and user.name_state in (NameState.SHOWN, NameState.REVIEW):
        return []
    if nickname == user.nickname and user.name_state is NameState.REFUSED:
        raise RippleError(TEXT_REFUSED, "/nickname")
    found, naming = asked(user, nickname), new_ulid()
    state = STATES[found.suggest] if found else NameState.UNCHECKED
    if state is NameState.REFUSED:
        raise RippleError(TEXT_REFUSED, "/nickname")
    if state is NameState.UNCHECKED:
        owe(tx, "check", user.mid, CHECK, naming, {"uid": user.uid})
    user.named_at = clock.now()
    named = [User.nickname.set(nickname), User.named_at.set(user.named_at)]
    return [*named, *_verdict(user, naming, state, found)]


def visit(user: User) -> None:
    """He has just come: a name of his that nobody has looked at is asked about again. Nothing depends on it."""
    if user.nickname is None or user.name_state not in (None, NameState.UNCHECKED):
        return
    naming, tx = new_ulid(), Transaction()
    owe(tx, "check", user.mid, CHECK, naming, {"uid": user.uid})
    same = {"same": User.naming == user.naming} if user.naming else {"unnamed": User.naming.does_not_exist()}
    tx.update("user", user, _verdict(user, naming, NameState.UNCHECKED, None), when=same)
    try:
        tx.commit()
    except (Lost, RippleError) as why:
        log.info("name_not_asked_about", uid=user.uid, why=str(why))


def deliver(entry: OutboxEntry) -> Done | Later:
    """Ask WeChat again; an answer counts for the name that it was asked about."""
    user = read_one(User, user_key(entry.mid, entry.payload["uid"]))
    if user is None or user.naming != entry.number or user.name_state is not NameState.UNCHECKED:
        return Done()
    if clock.now() >= entry.created_at + VISIT:
        return Done()
    try:
        found = _question(user, user.nickname or "")
    except content.Away:
        return Done()
    except Quota:
        return Later(timedelta(minutes=1), "quota")
    except WechatError as refused:
        log.error("name_check_refused", uid=user.uid, wechat_code=refused.code, rid=refused.request_id)
        return Later(REFUSED, refused.code)
    return Done(lambda tx: _settle(tx, user, found))


EFFECT = Effect(EffectClass.SAME_NUMBER, deliver, Rate(normal=50, slow=5))
"""How the outbox asks about names: below WeChat's 4,000 a minute."""


def waiting(mid: MerchantId, limit: int, after: dict[str, Any] | None) -> tuple[list[User], dict[str, Any] | None]:
    """A page of the users whose names others do not see yet, longest waiting first."""
    page = query(name_index(mid), index="gsi1", limit=limit, after=after)
    users = [item for item in read_all(page.keys) if isinstance(item, User)]
    return [user for user in users if user.name_state in WAITING], page.after


def decide(intent: Intent, uid: str, nickname: str, *, yes: bool, note: str | None) -> User:
    """Show a name to others, or never. Raises `NAME_DECIDED` where it is not waiting, or is not his name any more."""
    keys = record_key(intent), user_key(intent.mid, uid)

    def attempt(read: Read) -> User:
        found = read(*keys)
        user = found.item(User, keys[1])
        if user is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[keys[0]]) is not None:
            return user
        if user.nickname != nickname or user.name_state not in WAITING:
            raise RippleError(NAME_DECIDED)
        state = NameState.SHOWN if yes else NameState.REFUSED
        tx = Transaction()
        verdict = _verdict(user, new_ulid(), state, user.name_check)
        tx.update("user", user, verdict, when={"same": User.naming == user.naming})
        add_record(tx, intent)
        detail = {"note": note} if note else {}
        audit.add(tx, intent.mid, intent.actor, "nickname.approve" if yes else "nickname.reject", uid, **detail)
        tx.commit()
        user.name_state = state
        return user

    return decided_or_refused(attempt)


def _question(user: User, name: str) -> Judged:
    return content.check(app_account(user.mid), text=name, openid=user.openid, scene=TextScene.PROFILE)


def _verdict(user: User, naming: str, state: NameState, found: Judged | NameCheck | None) -> list[Action]:
    """The name is in ``state`` from now on, and in the list of those that wait while it waits."""
    actions: list[Action] = [User.naming.set(naming), User.name_state.set(state)]
    if found is not None:
        actions.append(User.name_check.set(NameCheck(found.label, found.trace_id)))
    else:
        actions.append(User.name_check.remove())
    if state in WAITING:
        place = f"{clock.iso(user.named_at or user.created_at)}#{user.uid}"
        return [*actions, User.gsi1pk.set(name_index(user.mid)), User.gsi1sk.set(place)]
    return [*actions, User.gsi1pk.remove(), User.gsi1sk.remove()]


def _settle(tx: Transaction, user: User, found: Judged) -> None:
    """What WeChat said, unless he has another name by now or the merchant has decided."""
    verdict = _verdict(user, new_ulid(), STATES[found.suggest], found)
    tx.update("user", user, verdict, when={"same": User.naming == user.naming})
