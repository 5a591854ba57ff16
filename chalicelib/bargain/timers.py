"""A bargain whose time has come: it waits for helps that are held, and then it is over once."""

from __future__ import annotations

from chalicelib.bargain import endings, rules
from chalicelib.bargain.items import HELPABLE, Bargain
from chalicelib.bargain.states import BargainState
from chalicelib.core import clock, log
from chalicelib.core.times import Time, span, timed
from chalicelib.core.transaction import Transaction, update_one


@timed(
    Time(
        "its end (`expires_at`), where it has not reached its floor",
        "it has expired: what it held of goods and budget is free again",
        "past its end nobody helps, whatever its state says",
    ),
    Time(
        "the end of its claim window (`claim_until`), where nobody has bought at its floor",
        "it is missed: what it held of goods and budget is free again",
        "past it nobody buys, whatever its state says",
    ),
    Time(
        f"every {span(rules.SETTLE_AGAIN)} past its end, while a help waits to be looked at",
        "it is looked at again: a help that was given in time may still bring it to its floor",
        "it is over later",
    ),
)
def bargain_due(bargain: Bargain) -> None:
    """End a bargain past its end, or past its claim window (the due handler of `Bargain`)."""
    leased = {"leased": Bargain.gsi2sk == bargain.gsi2sk}
    now = clock.now()
    ends_at = bargain.claim_until if bargain.status is BargainState.FLOOR else bargain.expires_at
    if bargain.status not in (*HELPABLE, BargainState.FLOOR):
        update_one(bargain, [], when=leased, due=None)
    elif ends_at is not None and now < ends_at:
        update_one(bargain, [], when=leased, due=ends_at)
    elif bargain.status is BargainState.FLOOR:
        _end(bargain, BargainState.MISSED)
    elif bargain.held > 0:
        waits = {**leased, "status": Bargain.status == bargain.status}
        settling = [Bargain.status.set(BargainState.SETTLING)]
        update_one(bargain, settling, when=waits, due=now + rules.SETTLE_AGAIN)
    else:
        _end(bargain, BargainState.EXPIRED)


def _end(bargain: Bargain, state: BargainState) -> None:
    when = {"status": Bargain.status == bargain.status, "leased": Bargain.gsi2sk == bargain.gsi2sk}
    if state is BargainState.EXPIRED:
        when["none_held"] = Bargain.held == 0
    tx = Transaction()
    tx.update("bargain", bargain, endings.ended(state), when=when, due=None)
    endings.add_back(tx, bargain)
    tx.commit()
    log.info("bargain_ended", bid=bargain.bid, status=state.value, helps=bargain.helps)
