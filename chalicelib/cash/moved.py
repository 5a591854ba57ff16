"""What a bill of the operations account says, put together by what it says it of."""

from __future__ import annotations

import hashlib

import msgspec

from chalicelib.cash import numbers
from chalicelib.core import clock
from chalicelib.wechat.fundflow import FundFlow, Movement

TRANSFER = "转账"
"""What WeChat's kinds of business have in their names that are transfers."""


class Said(msgspec.Struct, frozen=True):
    """What a day's bill says of one transfer."""

    transfer_bill_no: str
    amounts: tuple[int, ...]
    """In fen, in the bill's order: below zero what left, above what came back."""

    @property
    def net(self) -> int:
        """All of it together."""
        return sum(self.amounts)

    def differs(self, amount: int) -> bool:
        """Whether a line has another amount than the transfer."""
        return {abs(fen) for fen in self.amounts} != {amount}


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """What moved in all, in fen above zero."""

    transfers: int
    transferred: int
    returns: int
    returned: int
    other_came: int
    other_went: int


class Moved(msgspec.Struct, frozen=True):
    """A whole bill."""

    digest: str
    transfers: dict[str, Said]
    """By number; of one that has none, by WeChat's own number or its instant."""
    sums: Sums
    last: Movement | None
    """The latest line, whose balance is the account's."""


def moved(flow: FundFlow) -> Moved:
    """The bill by number, whatever its order."""
    said: dict[str, Said] = {}
    last: Movement | None = None
    left, back, came, went = list[int](), list[int](), 0, 0
    for line in flow.movements():
        last = line if last is None or line.at >= last.at else last
        if TRANSFER not in line.kind and numbers.parse(line.number) is None:
            came, went = came + max(line.amount, 0), went - min(line.amount, 0)
            continue
        (left if line.amount < 0 else back).append(abs(line.amount))
        name = line.number or line.transfer_bill_no or clock.iso(line.at)
        before = said[name].amounts if name in said else ()
        said[name] = Said(line.transfer_bill_no, (*before, line.amount))
    sums = Sums(
        transfers=len(left),
        transferred=sum(left),
        returns=len(back),
        returned=sum(back),
        other_came=came,
        other_went=went,
    )
    return Moved(hashlib.sha1(flow.content).hexdigest(), said, sums, last)
