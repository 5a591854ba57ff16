"""Names of families that others do not see yet: the merchant looks at them, and clears or refuses each (rules W14)."""

from __future__ import annotations

from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.accounts.items import NameState
from chalicelib.accounts.names import WAITING
from chalicelib.core.decision import Read, decided_or_refused
from chalicelib.core.errors import NOT_FOUND, RippleError
from chalicelib.core.idempotency import Intent, add_record, record_key, recorded
from chalicelib.core.ids import MerchantId
from chalicelib.core.store import query, read_all
from chalicelib.core.transaction import Transaction
from chalicelib.family.admin_problems import NAME_NOT_WAITING
from chalicelib.family.items import Family, family_key, hidden_names_index
from chalicelib.merchants import audit


def waiting(mid: MerchantId, limit: int, after: dict[str, Any] | None) -> tuple[list[Family], dict[str, Any] | None]:
    """A page of the families whose names wait, longest waiting first."""
    page = query(hidden_names_index(mid), index="gsi1", limit=limit, after=after)
    families = [item for item in read_all(page.keys) if isinstance(item, Family)]
    return [family for family in families if family.name_state in WAITING], page.after


def decide(intent: Intent, fid: str, name: str, note: str | None, *, shown: bool) -> Family:
    """Show a name to the whole family, or never. Raises NOT_FOUND, `NAME_NOT_WAITING`."""
    keys = record_key(intent), family_key(intent.mid, fid)

    def attempt(read: Read) -> Family:
        found = read(*keys)
        family = found.item(Family, keys[1])
        if family is None:
            raise RippleError(NOT_FOUND)
        if recorded(intent, found[keys[0]]) is not None:
            return family
        if family.name != name or family.name_state not in WAITING:
            raise RippleError(NAME_NOT_WAITING)
        state = NameState.SHOWN if shown else NameState.REFUSED
        verdict: list[Action] = [Family.name_state.set(state), Family.gsi1pk.remove(), Family.gsi1sk.remove()]
        same = {"same": Family.name == name, "waits": Family.name_state.is_in(*WAITING)}
        tx = Transaction()
        tx.update("family", family, verdict, when=same)
        add_record(tx, intent)
        detail = {"note": note} if note else {}
        act = "family.name.approve" if shown else "family.name.reject"
        audit.add(tx, intent.mid, intent.actor, act, fid, **detail)
        tx.commit()
        family.name_state = state
        return family

    return decided_or_refused(attempt)
