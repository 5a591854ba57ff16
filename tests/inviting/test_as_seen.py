"""What an order brings its inviter rests on what still pays for it, in the very write that gives it."""

from __future__ import annotations

from chalicelib.rewards.items import Grant
from chalicelib.rewards.states import GrantState, Why
from tests.inviting.scenes import over
from tests.town import Town


def commissions(town: Town) -> set[tuple[GrantState, int]]:
    """Where each commission is, and what it is worth."""
    found = (item for item in town.items() if isinstance(item, Grant) and item.why is Why.INVITE_COMMISSION)
    return {(grant.state, grant.gift.amount) for grant in found}


def test_what_goes_back_in_that_instant_is_taken_off_the_commission(town: Town) -> None:
    acts = over(town)
    assert (GrantState.HELD, 890) in commissions(town)
    town.emulator.meanwhile(acts["a part of it goes back"])
    acts["its commission falls due"]()
    assert GrantState.GRANTED not in {state for state, _ in commissions(town)}
    town.pass_time(600)
    assert (GrantState.GRANTED, 800) in commissions(town)
