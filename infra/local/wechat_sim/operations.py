"""A merchant's operations account (运营账户), the transfers that are paid from it, and what moved on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

FINAL = ("SUCCESS", "FAIL", "CANCELLED")


@dataclass(eq=False)
class Transfer:
    """A transfer to a user."""

    mchid: str
    appid: str
    out_bill_no: str
    transfer_bill_no: str
    body: dict[str, Any]
    user_name: str | None
    """As it was sealed in the body."""
    created_at: datetime
    changed_at: datetime
    state: str = "ACCEPTED"
    fail_reason: str | None = None
    due_at: datetime | None = None
    """When it goes on by itself, to ``then``."""
    then: str = ""
    then_reason: str | None = None
    package: str | None = None
    package_until: datetime | None = None
    closing_lag: float = 0.0
    """How many seconds it still waits after its package expired."""
    locked: bool = False
    """Its money was set aside."""

    @property
    def amount(self) -> int:
        """Fen."""
        return int(self.body["transfer_amount"])

    @property
    def openid(self) -> str:
        """Who may confirm."""
        return str(self.body["openid"])

    @property
    def over(self) -> bool:
        """Whether it will never change again."""
        return self.state in FINAL


@dataclass(frozen=True)
class Movement:
    """Money that came to or (below zero) left what is available."""

    at: datetime
    kind: str
    fen: int
    balance: int
    """Available afterwards."""
    transfer_bill_no: str = ""
    out_bill_no: str = ""
    remark: str = ""


@dataclass
class Operations:
    """One merchant's account, in fen."""

    available: int = 0
    locked: int = 0
    paid: int = 0
    movements: list[Movement] = field(default_factory=list)

    def top_up(self, fen: int, at: datetime) -> None:
        """The merchant brings (or, below zero, takes away) money."""
        self._move("充值" if fen > 0 else "提现", fen, at)

    def lock(self, transfer: Transfer, at: datetime) -> bool:
        """Set the transfer's money aside; False where there is too little."""
        if self.available < transfer.amount:
            return False
        transfer.locked = True
        self.locked += transfer.amount
        self._move("商家转账", -transfer.amount, at, transfer)
        return True

    def settle(self, transfer: Transfer, at: datetime) -> None:
        """Pay or give back what was set aside for a transfer that is over."""
        if not transfer.locked:
            return
        self.locked -= transfer.amount
        if transfer.state == "SUCCESS":
            self.paid += transfer.amount
        else:
            self._move("商家转账退回", transfer.amount, at, transfer)

    def _move(self, kind: str, fen: int, at: datetime, transfer: Transfer | None = None) -> None:
        self.available += fen
        numbers = (transfer.transfer_bill_no, transfer.out_bill_no) if transfer else ("", "")
        remark = str(transfer.body["transfer_remark"]) if transfer else ""
        self.movements.append(Movement(at, kind, fen, self.available, *numbers, remark))
