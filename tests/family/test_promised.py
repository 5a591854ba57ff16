"""What the house promises of prepaid value: nothing that the law makes void, and whose it is in the end."""

from __future__ import annotations

import pytest

from chalicelib.family import money_views, purse, topup_views
from chalicelib.merchants.wallet_words import void_terms
from chalicelib.orders.lines import Promise
from chalicelib.punchcards import quotes

EVERY = (*quotes.PROMISES, *topup_views.PROMISES, *money_views.FILLED)


@pytest.mark.parametrize("promise", EVERY, ids=lambda one: one.en)
def test_no_promise_is_a_term_that_we_refuse_in_a_merchants_own(promise: Promise) -> None:
    assert (void_terms(promise.zh), void_terms(promise.en)) == (None, None)


def test_whoever_puts_value_in_is_told_whose_it_is_in_the_end() -> None:
    assert purse.ENDS in topup_views.PROMISES
    assert purse.ENDS in money_views.FILLED
