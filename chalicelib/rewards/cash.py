"""Cash that a gift has become: what is stored of it, and giving and taking it back inside somebody's transaction.

It owns the part of its campaign's budget that it was drawn from, whoever gave it; what goes back goes back from here.
Asking for it, and the transfer, are the room `cash`'s.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.accounts.items import user_index
from chalicelib.campaigns import stock
from chalicelib.campaigns.gifts import ESCROWS, AsCash, Currency
from chalicelib.campaigns.stock import Drawn
from chalicelib.core import clock
from chalicelib.core.ids import MerchantId, UserId, derived
from chalicelib.core.table import IntAttribute, Item, Key, StateAttribute, StructAttribute, TimeAttribute, table
from chalicelib.core.transaction import Transaction, update_one
from chalicelib.notices.moments import Moment
from chalicelib.notices.setup import voice
from chalicelib.rewards.items import Posted
from chalicelib.rewards.states import ON_ITS_WAY, CashState, Why

ID_LETTERS = 8
"""Of the id of a user's cash, among all of his."""

LISTED = "CSH#"
"""How the index entries of a user's cash begin."""

TALLIES = 8
"""Items over which what a campaign owes as cash is counted."""


class Cash(Posted):
    """One gift of money: at any moment in one state, and its transfer, whatever was tried, under one number."""

    letter = "U"
    prefix = "CSH#"

    state = StateAttribute(CashState)
    amount = IntAttribute()
    """Fen."""
    cid = UnicodeAttribute()
    version = IntAttribute()
    why = StateAttribute(Why)
    subject = UnicodeAttribute()
    ref = UnicodeAttribute()
    """What gave it, by its name among its user's grants or postings."""
    drawn = StructAttribute[list[Drawn]](list[Drawn])
    """What of its campaign's budget it holds or has spent, by shard."""
    since = TimeAttribute()
    """From when on he may ask for it."""
    until = TimeAttribute()
    """The last instant at which he may ask for it."""
    n = IntAttribute()
    """Which attempt the next one, or that which is on its way, is: more by one with each that WeChat ended."""
    tapped_at = TimeAttribute(null=True)
    """When the attempt that is on its way began."""
    intent_at = TimeAttribute(null=True)
    """When it was last decided to offer it to WeChat: an offer may be on its way for so long after."""
    day = UnicodeAttribute(null=True)
    """The merchant's day on whose limits it counts, while it is on its way and once it is paid."""
    asked_at = TimeAttribute(null=True)
    """Since when WeChat waits for him to confirm."""
    body = UnicodeAttribute(null=True)
    """What is offered to WeChat, sealed: the same whenever it is offered again."""
    package = UnicodeAttribute(null=True)
    """What the client opens WeChat's page with, sealed."""
    cleared = IntAttribute(null=True)
    """1 where its merchant has looked at him and lets him have it."""
    revoked = IntAttribute(null=True)
    """1 where its gift was undone while it was on its way: nobody may ask for it again."""
    note = UnicodeAttribute(null=True)
    """Why it waits for the merchant, or why it was returned: codes."""
    failed = UnicodeAttribute(null=True)
    """WeChat's word for why the attempt before ended."""
    created_at = TimeAttribute()
    ended_at = TimeAttribute(null=True)

    @property
    def uid(self) -> UserId:
        """Whose."""
        return UserId(self.pk.split("#", 1)[1])

    @property
    def cash_id(self) -> str:
        """Its id among its user's."""
        return self.sk.removeprefix(self.prefix)


class CashTally(Item):
    """What a campaign has given as cash, counted by where it is; a part of its users counts here. Absent is zero."""

    letter = "C"
    prefix = "TAL#"

    claimable = IntAttribute(null=True)
    """Fen that somebody may ask for, or will when his hold is over, or that wait for the merchant."""
    flight = IntAttribute(null=True)
    """Fen whose transfer may be alive at WeChat."""
    paid = IntAttribute(null=True)
    returned = IntAttribute(null=True)
    """Fen that went back to the budget."""


WHERE = {
    CashState.CLAIMABLE: CashTally.claimable,
    CashState.REVIEW: CashTally.claimable,
    CashState.SENDING: CashTally.flight,
    CashState.WAITING: CashTally.flight,
    CashState.CANCELLING: CashTally.flight,
    CashState.PAID: CashTally.paid,
    CashState.RETURNED: CashTally.returned,
}
"""Under what cash of a state is counted."""


def cash_key(mid: MerchantId, uid: str, cash_id: str) -> Key:
    """Where a user's cash stands."""
    return table(mid).key("U", uid, sk=f"CSH#{cash_id}")


def tally_key(mid: MerchantId, cid: str, shard: int) -> Key:
    """Where a part of what a campaign has given as cash is counted."""
    return table(mid).key("C", cid, sk=f"TAL#{shard}")


def cash_of(ref: str) -> str:
    """The id of the cash that a gift of this reference is."""
    return derived("cash", ref, length=ID_LETTERS)


def account(uid: str) -> str:
    """The ledger account of the cash that a user may ask for or is about to get."""
    return f"cash:{uid}"


def transferred(uid: str) -> str:
    """The ledger account of what WeChat has transferred to a user."""
    return f"transferred:{uid}"


def add(
    tx: Transaction,
    name: str,
    uid: str,
    amount: int,
    form: AsCash,
    drawn: Sequence[Drawn],
    now: datetime,
    *,
    mid: MerchantId,
    cid: str,
    version: int,
    why: Why,
    ref: str,
    subject: str,
) -> None:
    """The user may ask for so much when ``tx`` has committed and the hold is over; ``drawn`` is its own from then.

    It is due when nobody may ask for it any more; before that once where he is to be told that he may.
    """
    if sum(part.units for part in drawn) != amount:
        raise ValueError(f"the cash of {ref} is not what was drawn for it")
    since = now + timedelta(days=form.hold_days)
    cash = Cash(
        *cash_key(mid, uid, cash_of(ref)),
        state=CashState.CLAIMABLE,
        amount=amount,
        cid=cid,
        version=version,
        why=why,
        subject=subject,
        ref=ref,
        drawn=list(drawn),
        since=since,
        until=since + timedelta(days=form.claim_days),
        n=1,
        created_at=now,
    )
    cash.gsi1pk, cash.gsi1sk = user_index(mid, uid), f"{LISTED}{clock.iso(now)}#{cash.cash_id}"
    cash.set_due(cash.since if form.hold_days and voice(mid).tells(Moment.REWARD_ARRIVED) else cash.until)
    tx.put(name, cash)
    tx.upsert(f"{name}_tally", _tally(cash), [CashTally.claimable.add(amount)])


def add_moved(tx: Transaction, cash: Cash, to: CashState) -> None:
    """It is counted where cash of that state is, in the transaction that brings it there."""
    before, after = WHERE[cash.state], WHERE[to]
    if before is not after:
        moves = [before.add(-cash.amount), after.add(cash.amount)]
        tx.update("tally", _tally(cash), moves, when={"counted": WHERE[cash.state] >= cash.amount})


def add_returned(
    tx: Transaction, cash: Cash, note: str, also: Sequence[Action] = (), when: Mapping[str, Condition] | None = None
) -> None:
    """Nobody gets it: it is its campaign's again, if it is as it was seen, and under the conditions ``when``."""
    actions: list[Action] = [
        Cash.state.set(CashState.RETURNED),
        Cash.note.set(note),
        Cash.drawn.set([]),
        Cash.ended_at.set(clock.now()),
        *gone(),
        *also,
    ]
    as_seen: dict[str, Condition] = {
        "as_seen": Cash.state == cash.state,
        "n": Cash.n == cash.n,
        "until": Cash.until == cash.until,
        **(when or {}),
    }
    tx.update("cash", cash, actions, when=as_seen, due=None)
    add_moved(tx, cash, CashState.RETURNED)
    stock.add_return(tx, cash.mid, cash.cid, ESCROWS[Currency.CASH], cash.drawn, name="budget")


def call_back(cash: Cash) -> None:
    """Its gift was undone while it is on its way: withdraw it, and let nobody ask for it again."""
    on_its_way = {"on_its_way": Cash.state.is_in(*ON_ITS_WAY)}
    actions = [Cash.state.set(CashState.CANCELLING), Cash.revoked.set(1)]
    update_one(cash, actions, when=on_its_way, due=clock.now())


def gone() -> list[Action]:
    """What an attempt leaves behind that is over, and what lists it for the merchant."""
    left = (Cash.tapped_at, Cash.intent_at, Cash.asked_at, Cash.day, Cash.body, Cash.package, Cash.gsi3pk, Cash.gsi3sk)
    return [attribute.remove() for attribute in left]


def _tally(cash: Cash) -> Key:
    return tally_key(cash.mid, cash.cid, zlib.crc32(cash.pk.encode()) % TALLIES)
