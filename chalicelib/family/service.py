"""A family and what its owner decides about all of it: made, set up, frozen and closed."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.accounts.items import User, user_key
from chalicelib.core import clock
from chalicelib.core.decision import Read, decided, decided_or_refused
from chalicelib.core.errors import UNAUTHENTICATED, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import read
from chalicelib.core.transaction import Transaction
from chalicelib.family import naming, people, rules, standing
from chalicelib.family.items import (
    Belonging,
    Family,
    FamilyId,
    Member,
    belonging_key,
    families_index,
    family_key,
    hidden_names_index,
    member_key,
    place,
    shard_of,
)
from chalicelib.family.states import FamilyState, Mode, Role


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an owner changes of his family; what is None stays."""

    name: str | None = None
    mode: Mode | None = None
    cap: int | None = None
    """What all together may spend in a month, in fen."""
    uncapped: bool = False
    """Nothing bounds that any more."""
    restores: bool | None = None
    open_balance: bool | None = None


def create(intent: Intent, name: str) -> FamilyId:
    """A family of whoever asks. Raises `ALREADY_IN_FAMILY`, `FAMILY_LOCKED`, `FAMILY_LIMIT`, `TEXT_REFUSED`."""
    mid, uid = intent.mid, intent.actor
    fid, kept = FamilyId(intent.ident("family")), naming.stripped(name)
    keys = (family_key(mid, fid), belonging_key(mid, uid), user_key(mid, uid))

    def attempt(read: Read) -> FamilyId:
        found = read(*keys)
        made, user = found.item(Family, keys[0]), found.item(User, keys[2])
        if made is not None:
            intent.insist_same(made.fingerprint)
            return fid
        if user is None:
            raise RippleError(UNAUTHENTICATED)
        now = clock.now()
        belonging = found.item(Belonging, keys[1])
        rules.insist_may_create(user, belonging, now)
        tx = Transaction().put("family", _new(intent, fid, naming.judged(user, kept, now)))
        key, since = member_key(mid, fid, uid), people.joined(mid, uid, belonging)
        tx.put("member", Member(*key, role=Role.OWNER, active_from=now, joined_at=now, **since))
        people.add_belonging(tx, mid, uid, fid, now)
        tx.commit()
        return fid

    return decided_or_refused(attempt)


def edit(mid: MerchantId, uid: str, fid: str, settings: Settings) -> None:
    """Set a family up. Raises `NOT_OWNER`, `FAMILY_ENDED`, `TEXT_REFUSED`."""
    keys = (*standing.keys(mid, fid, uid), user_key(mid, uid))
    name = naming.stripped(settings.name) if settings.name is not None else None

    def attempt() -> None:
        found = read(*keys)
        family, user = standing.owned(found, mid, fid, uid), found.item(User, keys[-1])
        standing.insist_there(family)
        if user is None:
            raise RippleError(UNAUTHENTICATED)
        named = naming.changed(family, user, name, clock.now()) if name is not None else None
        actions = _settings(settings) + (named.actions(family) if named is not None else [])
        if not actions:
            return
        as_read: dict[str, Condition] = {
            "owner": Family.owner == uid,
            "there": Family.status.is_in(*standing.STAYS),
        }
        if named is not None:
            as_read["name"] = Family.name == family.name
            as_read["name_state"] = Family.name_state == family.name_state
        Transaction().update("family", family, actions, when=as_read).commit()

    decided(attempt)


def freeze(intent: Intent, fid: str) -> None:
    """Nobody spends any more, at once. Raises `NOT_OWNER`, `FAMILY_ENDED`."""

    def add(tx: Transaction, family: Family, _owner: Member) -> bool:
        if family.status is FamilyState.FROZEN:
            both = rules.frozen_too(family.frozen_by)
            if both is None:
                return False
            cold: list[Action] = [Family.frozen_by.set(both)]
        else:
            cold = [Family.status.set(FamilyState.FROZEN), Family.frozen_by.set(rules.BY_OWNER)]
            cold.append(Family.frozen_at.set(clock.now()))
        as_read = {
            "owner": Family.owner == intent.actor,
            "status": Family.status == family.status,
            "frozen_by": standing.same(Family.frozen_by, family.frozen_by),
        }
        tx.update("family", family, cold, when=as_read)
        return True

    _decided(intent, fid, add)


def unfreeze(intent: Intent, fid: str) -> None:
    """Members may spend again. Raises `FROZEN_BY_SHOP`, `NOT_OWNER`, `FAMILY_ENDED`."""

    def add(tx: Transaction, family: Family, _owner: Member) -> bool:
        if family.status is FamilyState.ACTIVE:
            return False
        rules.insist_not_by_shop(family.frozen_by)
        frozen = {
            "owner": Family.owner == intent.actor,
            "frozen": Family.status == FamilyState.FROZEN,
            "own": Family.frozen_by == rules.BY_OWNER,
        }
        warm = [Family.status.set(FamilyState.ACTIVE), Family.frozen_by.remove(), Family.frozen_at.remove()]
        tx.update("family", family, warm, when=frozen)
        return True

    _decided(intent, fid, add)


def close(intent: Intent, fid: str) -> None:
    """It ends as soon as no order holds anything of its wallet, which stays its owner's.

    Where the merchant froze it or its owner it cannot be closed, since its owner could spend it then. Raises
    `FROZEN_BY_SHOP`, `NOT_OWNER`, `FAMILY_ENDED`.
    """

    def add(tx: Transaction, family: Family, owner: Member) -> bool:
        rules.insist_may_close(family, owner)
        there = {
            "owner": Family.owner == intent.actor,
            "there": Family.status.is_in(*standing.STAYS),
            "own": Family.frozen_by.does_not_exist() | (Family.frozen_by == rules.BY_OWNER),
        }
        ends: list[Action] = [Family.status.set(FamilyState.CLOSING), Family.frozen_by.remove()]
        ends += [Family.offered_to.remove(), Family.offered_at.remove()]
        ends.append(Family.frozen_at.remove())
        tx.update("family", family, ends, when=there, due=clock.now())
        tx.check("owner", owner, when={"unfrozen": Member.frozen_by.does_not_exist()})
        return True

    _decided(intent, fid, add)


def _new(intent: Intent, fid: FamilyId, named: naming.Named) -> Family:
    """A family of one, with nothing in its wallet."""
    mid = intent.mid
    family = Family(
        *family_key(mid, fid),
        name=named.name,
        name_state=named.state,
        name_check=named.check,
        named_at=named.at,
        owner=intent.actor,
        status=FamilyState.ACTIVE,
        mode=Mode.OWNER_PAYS,
        size=1,
        fingerprint=intent.fingerprint,
        created_at=named.at,
    )
    family.gsi3pk, family.gsi3sk = families_index(mid, shard_of(fid)), place(named.at, fid)
    if naming.waits(named.state):
        family.gsi1pk, family.gsi1sk = hidden_names_index(mid), place(named.at, fid)
    return family


def _settings(settings: Settings) -> list[Action]:
    """What changes of a family beside its name."""
    actions: list[Action] = []
    if settings.mode is not None:
        actions.append(Family.mode.set(settings.mode))
    if settings.cap is not None:
        actions.append(Family.cap.set(settings.cap))
    elif settings.uncapped:
        actions.append(Family.cap.remove())
    for flag, wanted in ((Family.restores, settings.restores), (Family.open_balance, settings.open_balance)):
        if wanted is not None:
            actions.append(flag.set(1) if wanted else flag.remove())
    return actions


def _decided(intent: Intent, fid: str, add: Callable[[Transaction, Family, Member], bool]) -> None:
    """What the owner does to all of it, once: ``add`` writes it, and says whether there is something to write."""
    mid, uid = intent.mid, intent.actor
    keys = (record_key(intent), *standing.keys(mid, fid, uid))

    def attempt(read: Read) -> None:
        found = read(*keys)
        if recorded(intent, found[keys[0]]) is not None:
            return
        family, tx = standing.owned(found, mid, fid, uid), Transaction()
        standing.insist_there(family)
        _, owner = standing.seen(found, mid, fid, uid)
        if add(tx, family, owner):
            add_record(tx, intent)
            tx.commit()

    decided_or_refused(attempt)
