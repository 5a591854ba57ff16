"""What can be made to go wrong: per endpoint, a number of times, in the order asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from infra.local.wechat_sim.refusal import ControlRefusal

ANSWER_KINDS = frozenset(
    {
        "busy",  # -1 or SYSTEM_ERROR; nothing was done
        "quota",  # 45011 or FREQUENCY_LIMITED with 429; nothing was done
        "5xx",  # status 502 from in front of WeChat, unsigned; with "after": true, although it was done
        "unreachable",  # connection closed before anything was done
        "lost",  # done, then the connection is closed without an answer
        "slow",  # done at once, answered after "seconds"
        "garbled",  # done, but the answer is no JSON
    }
)
CODE_KINDS = ANSWER_KINDS | {
    "invalid_page",  # 41030 although the page is released; nothing was done
}
MESSAGE_KINDS = ANSWER_KINDS | {
    "overlap",  # 43108 although no other message is under way; nothing was done
}
PORTRAIT_KINDS = frozenset(
    {
        "unreachable",  # connection closed
        "5xx",
        "slow",  # answered after "seconds"
        "absent",  # 404
        "svg",  # no picture that a phone's camera takes
        "huge",  # 7,000 pixels square
        "truncated",  # the first half of it
        "elsewhere",  # 302 to another host
    }
)
SHIPPING_KINDS = ANSWER_KINDS | {
    "conflict",  # 10060019; nothing was done
}
PAY_KINDS = ANSWER_KINDS | {
    "bad_signature",  # done, but the answer's signature is wrong
    "unsigned",  # done, but the answer carries no signature
    "stale_answer",  # done, but the answer's timestamp is ten minutes old
    "old_names",  # error codes in the spelling without underscores
}
REFUND_KINDS = frozenset({"success", "processing", "abnormal", "closed", "not_enough", "user_account_abnormal"})
TRANSFER_KINDS = frozenset(
    {
        "accepted",  # taken, ACCEPTED for "seconds" before its money is locked
        "processing",  # the same, PROCESSING for "seconds"
        "risk",  # taken, and FAIL at once: TRANSFER_RISK
        "late_close",  # taken; unconfirmed it still waits "seconds" after its package expired
        "not_enough",  # NOT_ENOUGH whatever the operations account has; nothing was done
        "no_auth",  # NO_AUTH, the caller's address is not allowed; nothing was done
    }
)
CANCEL_KINDS = frozenset(
    {
        "cancelled",  # CANCELLED at once
        "canceling",  # CANCELING for "seconds"
        "overtaken",  # CANCELING, but the user had just confirmed: SUCCESS
    }
)
OUTCOMES = REFUND_KINDS | TRANSFER_KINDS | CANCEL_KINDS
"""What does not spoil an answer, but decides what is answered."""

NOTIFY_KINDS = frozenset(
    {
        "late",  # first sent after "seconds"
        "tampered",  # validly signed, but "field" (amount, openid, mchid, …) differs from the truth
        "duplicate",  # sent again although it was acknowledged
        "reordered",  # held back until another one was sent
        "lost",  # this attempt never arrives
        "bad_signature",
        "stale",
        "probe",
    }
)
PUSH_KINDS = frozenset(
    {
        "duplicate",  # sent again although it was taken
        "lost",  # this attempt never arrives
        "bad_signature",
        "late",  # first sent after "seconds", so that others come before it
    }
)
ENDPOINTS = {
    "login": ANSWER_KINDS,
    "token": ANSWER_KINDS,
    "domain_ip": ANSWER_KINDS,
    "short_link": ANSWER_KINDS,
    "code": CODE_KINDS,
    "portrait": PORTRAIT_KINDS,
    "activity": ANSWER_KINDS,
    "upload": SHIPPING_KINDS | {"not_visible"},  # 10060001 although paid
    "get_order": SHIPPING_KINDS,
    "special_order": SHIPPING_KINDS,
    "risk": ANSWER_KINDS,
    "content": ANSWER_KINDS,
    "media": ANSWER_KINDS,
    "message": MESSAGE_KINDS,
    "card": ANSWER_KINDS,
    "prepay": PAY_KINDS,
    "query": PAY_KINDS,
    "close": PAY_KINDS,
    "refund": PAY_KINDS | REFUND_KINDS,
    "refund_query": PAY_KINDS,
    "transfer": PAY_KINDS | TRANSFER_KINDS,
    "transfer_query": PAY_KINDS,
    "transfer_cancel": PAY_KINDS | CANCEL_KINDS,
    "bill": PAY_KINDS,
    "fund_bill": PAY_KINDS,
    "bill_file": ANSWER_KINDS,
    "notify": NOTIFY_KINDS,
    "push": PUSH_KINDS,
}


@dataclass
class Fault:
    """``left``: how many times yet (None: until cleared). ``match``: only requests whose target or body contain it."""

    endpoint: str
    kind: str
    left: int | None = 1
    seconds: float = 10.0
    after: bool = False
    match: str = ""
    field: str = "amount"


class Faults:
    """The list, consulted in order."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(
        self,
        endpoint: str,
        kind: str,
        *,
        count: int | None = 1,
        seconds: float = 10.0,
        after: bool = False,
        match: str = "",
        field: str = "amount",
    ) -> None:
        """Let the next ``count`` matching calls of ``endpoint`` go wrong in the way of ``kind``."""
        if kind not in ENDPOINTS.get(endpoint, frozenset()):
            known = {name: sorted(kinds) for name, kinds in ENDPOINTS.items()}
            raise ControlRefusal(400, f"no such fault: {endpoint}/{kind}; known: {known}")
        self._faults.append(Fault(endpoint, kind, count, seconds, after, match, field))

    def take(self, endpoint: str, about: str, kinds: frozenset[str] | None = None) -> Fault | None:
        """The fault that this call meets, used up by one."""
        for fault in self._faults:
            if fault.endpoint != endpoint or fault.match not in about:
                continue
            if kinds is not None and fault.kind not in kinds:
                continue
            if fault.left is not None:
                fault.left -= 1
                if fault.left <= 0:
                    self._faults.remove(fault)
            return fault
        return None

    def clear(self) -> None:
        """All is well again."""
        self._faults.clear()

    def pending(self) -> list[dict[str, Any]]:
        """What is still to happen."""
        return [vars(fault).copy() for fault in self._faults]
