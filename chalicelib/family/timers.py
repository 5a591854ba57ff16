"""What time does to families: one that ends is closed once nothing of it is held, and invitations pass."""

from __future__ import annotations

from datetime import datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.core import clock
from chalicelib.core.store import read
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import Transaction, update_one
from chalicelib.family import people, rules
from chalicelib.family.items import Belonging, Family, Invitation, Member, belonging_key
from chalicelib.family.states import FamilyState, InvitationState, MemberState


@timed(
    Time(
        f"its owner closes it; then every {span(rules.CLOSE_AGAIN)} while an order holds something of its wallet",
        "it is closed and everybody is free to join another; the wallet stays its last owner's",
        "nothing is bought from its wallet, and nobody joins",
    )
)
def family_due(leased: Family) -> None:
    """Close a family that ends and of which no order holds anything (the due handler of `Family`).

    Everybody is free to join another at once. The wallet stays its last owner's.
    """
    now, tx = clock.now(), Transaction()
    when: dict[str, Condition] = {"leased": Family.gsi2sk == leased.gsi2sk}
    if leased.held > 0:
        tx.update("family", leased, when=when, due=now + rules.CLOSE_AGAIN)
    else:
        when["unheld"] = Family.held <= 0
        closes = [Family.status.set(FamilyState.CLOSED), Family.closed_at.set(now), Family.size.set(0)]
        tx.update("family", leased, closes, when=when, due=None)
        _add_departures(tx, leased, now)
    tx.commit()


def _add_departures(tx: Transaction, family: Family, now: datetime) -> None:
    """Nobody is in it any more, nor locked for that; whom the merchant froze stays frozen (`rules.kept_frozen`)."""
    owner = belonging_key(family.mid, family.owner)
    known = read(owner).item(Belonging, owner)
    wallets = [*((known.wallets if known is not None else None) or []), family.fid]
    for n, member in enumerate(people.members(family.mid, family.fid)):
        gone = [Member.state.set(MemberState.REMOVED), Member.left_at.set(now)]
        tx.update(f"member{n}", member, gone, when={"stays": Member.state.is_in(*people.STAYS)})
        free: list[Action] = [Belonging.fid.remove(), Belonging.left.set(family.fid)]
        if member.uid == family.owner:
            free.append(Belonging.wallets.set(wallets))
        his = belonging_key(family.mid, member.uid)
        tx.update(f"belonging{n}", his, free, when={"his": Belonging.fid == family.fid})


@timed(
    Time(
        f"{span(rules.INVITATION_LIFE)} after it was made",
        "it has expired",
        "past its end nobody joins by it, whatever its state says",
    )
)
def invitation_due(leased: Invitation) -> None:
    """An invitation has passed (the due handler of `Invitation`)."""
    passed = [Invitation.state.set(InvitationState.EXPIRED)]
    update_one(leased, passed, when={"leased": Invitation.gsi2sk == leased.gsi2sk}, due=None)
