"""A family as it is stored and as the model has it, in the same words."""

from __future__ import annotations

from typing import Any

from chalicelib.family.items import Ask, Belonging, Family, Invitation, Member
from chalicelib.family.rows import Spend
from chalicelib.family.states import MemberState
from tests.family.model import Model
from tests.orders.model import Stored


class Observed(Stored):
    """What is stored, in the model's words; there is one family."""

    def told(self) -> dict[str, Any]:
        (family,) = (item for item in self.items if isinstance(item, Family))
        members = [item for item in self.items if isinstance(item, Member)]
        there = [item for item in self.items if isinstance(item, Belonging)]
        return {
            "status": family.status.value,
            "owner": family.owner,
            "offered": family.offered_to,
            "wallet": (family.granted, family.paid, family.held),
            "size": family.size,
            "people": {m.uid: (m.role.value, m.state.value, m.per, m.cap, m.active_from) for m in members},
            "months": {m.uid: (m.month, m.spent, m.approved) for m in members if m.month},
            "belong": sorted(b.uid for b in there if b.fid is not None),
            "locked": {b.uid: b.locked_until for b in there if b.locked_until is not None},
            "invitations": {i.code: i.state.value for i in self.items if isinstance(i, Invitation)},
            "asks": {ask.ask_id: (ask.uid, ask.state.value) for ask in self.items if isinstance(ask, Ask)},
            "spends": {
                spend.oid: (
                    spend.uid,
                    spend.state.value,
                    spend.granted,
                    spend.paid,
                    spend.back_granted,
                    spend.back_paid,
                )
                for spend in self.items
                if isinstance(spend, Spend)
            },
        }


def told(model: Model) -> dict[str, Any]:
    people = model.people.items()
    return {
        "status": model.status,
        "owner": model.owner,
        "offered": model.offered,
        "wallet": (model.granted, model.paid, model.held),
        "size": model.size,
        "people": {u: (m.role, m.state, m.per, m.cap, m.since) for u, m in people},
        "months": {u: (m.month, m.spent, m.approved) for u, m in people if m.month},
        "belong": sorted(u for u, m in people if m.state != MemberState.REMOVED.value),
        "locked": model.locked,
        "invitations": {code: invitation.state for code, invitation in model.invitations.items()},
        "asks": {ask_id: (ask.user, ask.state) for ask_id, ask in model.asks.items()},
        "spends": {
            o: (s.user, s.state, s.granted, s.paid, s.back_granted, s.back_paid) for o, s in model.spends.items()
        },
    }
