"""A month of a family of four, as a list of steps: `make walk` and the tests take them, docs/family.md prints them.

Who acts is one of the family, the ``shop`` or its ``colleague``. ``{names}`` in paths and bodies are what earlier steps
kept of their answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from infra.local.client import Api, Person

FAMILY = ("mum", "dad", "kid", "grandma")


class Step(NamedTuple):
    """One act: a request and what is answered, or what happens outside Ripple (``act``)."""

    who: str
    says: str
    method: str = ""
    path: str = ""
    body: Any = None
    status: int = 200
    code: str | None = None
    """Of the refusal, where it is one."""
    keep: Mapping[str, str] = {}
    """What later steps call it, and where it stands in the answer."""
    act: str = ""
    """``a day`` passes, or ``pays`` what an answer was kept of."""
    subject: str = ""
    """Which answer is paid."""
    order: str = ""
    """Of which order that is."""


WALLET = [{"tender": "family", "ref": "{family}"}]
BUY = "/v1/campaigns/{campaign}/orders"
HOME = "/v1/families/{family}"
SIZE = 8900
"""What the demo's goods cost alone, in fen."""
SPENT = {"mum": (0, 0), "dad": (SIZE, 0), "kid": (0, SIZE), "grandma": (2_000, 0)}
"""What each has spent in the end within his caps, and what was approved: a refund gives no cap back."""

STEPS = (
    Step("mum", "makes a family", "POST", "/v1/families", {"name": "湖畔之家"}, 201, keep={"family": "family_id"}),
    *(
        Step("mum", f"invites {who}", "POST", f"{HOME}/invitations", body, 201, keep={f"code_of_{who}": "code"})
        for who, body in (
            ("dad", {"per_fen": 10_000, "cap_fen": 30_000}),
            ("kid", {"role": "minor", "per_fen": 5_000, "cap_fen": 9_000, "consent": True}),
            ("grandma", {"per_fen": 3_000, "cap_fen": 6_000}),
        )
    ),
    *(
        Step(who, "accepts", "POST", f"/v1/family-invitations/{{code_of_{who}}}/accept", {}, 201)
        for who in ("dad", "kid", "grandma")
    ),
    Step(
        "shop",
        "owes her 400 yuan of goodwill, which is more than one key may give",
        "POST",
        "/v1/admin/families/{family}/adjustments",
        {"kind": "granted", "fen": 40_000, "note": "年会员赠送"},
        201,
        keep={"adjustment": "adjustment_id"},
    ),
    Step(
        "colleague",
        "agrees",
        "POST",
        "/v1/admin/families/{family}/adjustments/{adjustment}/approve",
    ),
    Step("dad", "is too early", "POST", BUY, {"pay_with": WALLET}, 409, "family_cooling"),
    Step("dad", "waits", act="a day"),
    Step("dad", "buys within his caps", "POST", BUY, {"pay_with": WALLET}, 201, keep={"of_dad": "order_id"}),
    Step("kid", "wants what is above hers", "POST", BUY, {"pay_with": WALLET}, 409, "family_above_cap"),
    Step(
        "kid",
        "asks mum",
        "POST",
        f"{HOME}/asks",
        {"act": "group_solo", "target": "{campaign}"},
        201,
        keep={"ask": "ask_id"},
    ),
    Step("mum", "approves", "POST", f"{HOME}/asks/{{ask}}/approve", keep={"of_kid": "order_id"}),
    Step(
        "grandma",
        "lets the wallet pay a part",
        "POST",
        BUY,
        {"pay_with": [{"tender": "family", "ref": "{family}", "fen": 2_000}]},
        201,
        keep={"of_grandma": "order_id", "to_pay": ""},
    ),
    Step("grandma", "pays the rest herself", act="pays", subject="to_pay", order="of_grandma"),
    Step(
        "dad",
        "orders, and lets mum pay by WeChat",
        "POST",
        BUY,
        {"payer": "{family}"},
        201,
        keep={"of_mum": "order_id"},
    ),
    Step("mum", "sees what waits for her", "GET", f"{HOME}/orders-to-pay"),
    Step("mum", "pays for it", "POST", "/v1/orders/{of_mum}/prepay", {}, keep={"to_pay": ""}),
    Step("mum", "confirms in WeChat", act="pays", subject="to_pay", order="of_mum"),
    Step("mum", "sees what she paid herself", "GET", f"{HOME}/orders-paid"),
    Step(
        "shop",
        "refunds dad's first order: it is back in the wallet",
        "POST",
        "/v1/admin/orders/{of_dad}/refund",
        {"amount_fen": SIZE, "note": "缺货"},
    ),
    Step("mum", "freezes dad", "POST", f"{HOME}/members/{{dad}}/freeze", {}),
    Step("dad", "spends no more", "POST", BUY, {"pay_with": WALLET}, 409, "family_member_frozen"),
    Step("mum", "thinks better of it", "POST", f"{HOME}/members/{{dad}}/unfreeze", {}),
    Step("dad", "sees what he spent", "GET", f"{HOME}/ledger"),
    Step("mum", "sees who spent what", "GET", f"{HOME}/ledger", keep={"ledger": ""}),
    Step("mum", "adds the month up", "GET", f"{HOME}/summary?month={{month}}", keep={"summary": ""}),
    Step("shop", "looks at it", "GET", "/v1/admin/families/{family}"),
)


def live(
    people: Mapping[str, Person],
    shop: Api,
    colleague: Api,
    campaign: str,
    month: str,
    *,
    a_day: Callable[[str], None],
    paid: Callable[[Person, str], None],
    tell: Callable[[str], None],
) -> dict[str, Any]:
    """Take every step; what was kept on the way. ``a_day`` lets a family's cooling pass, ``paid`` a payment arrive.

    Raises AssertionError where something is answered otherwise.
    """
    kept: dict[str, Any] = {"campaign": campaign, "month": month, **{name: people[name].uid for name in FAMILY}}
    staff = {"shop": shop, "colleague": colleague}
    for step in STEPS:
        tell(f"{step.who} {step.says}")
        if step.act == "a day":
            a_day(kept["family"])
        elif step.act == "pays":
            answer = kept[step.subject]
            people[step.who].pay(answer).expect(200)
            paid(people[step.who], kept[step.order])
        else:
            path, body = step.path.format(**kept), filled(step.body, kept)
            caller = staff[step.who] if step.who in staff else people[step.who].api
            answer = caller.call(step.method, path, body).expect(step.status)
            if step.code is not None and answer["code"] != step.code:
                raise AssertionError(f"{step.says}: {answer['code']}")
            for name, place in step.keep.items():
                kept[name] = answer[place] if place else answer
    return kept


def filled(body: Any, kept: Mapping[str, Any]) -> Any:
    """A body with what was kept in its places."""
    if isinstance(body, dict):
        return {name: filled(value, kept) for name, value in body.items()}
    if isinstance(body, list):
        return [filled(value, kept) for value in body]
    return body.format(**kept) if isinstance(body, str) else body


def told() -> str:
    """The steps as a table of the documents."""
    lines = ["| who | | request | answer |", "|---|---|---|---|"]
    for step in STEPS:
        body = "" if not step.body else f" `{json.dumps(step.body, ensure_ascii=False)}`"
        request = f"`{step.method} {step.path}`{body}" if step.path else ""
        answer = "" if not step.path else f"{step.status}{f' `{step.code}`' if step.code else ''}"
        lines.append(f"| {step.who} | {step.says} | {request} | {answer} |")
    return "\n".join(lines) + "\n"
