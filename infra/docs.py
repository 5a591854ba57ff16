"""`make docs`: the parts of the documents that come from the code: picture, state tables, problems, figures.

A block stands between ``<!-- from code: NAME -->`` and ``<!-- end -->``. A test compares each with what the code says.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from infra.local import family_month
from infra.local.endpoint import ROOT

DOCUMENTS = (
    "README.md",
    "README.zh.md",
    "docs/architecture.md",
    "docs/groupbuy.md",
    "docs/bargain.md",
    "docs/coupons.md",
    "docs/redpackets.md",
    "docs/orders.md",
    "docs/rewards.md",
    "docs/cash.md",
    "docs/codes.md",
    "docs/posters.md",
    "docs/posters-lint.md",
    "docs/livecodes.md",
    "docs/recall.md",
    "docs/family.md",
    "docs/prepaid.md",
    "docs/family-shared.md",
    "docs/sharing.md",
    "docs/risk.md",
    "docs/time.md",
    "docs/notices.md",
    "docs/push.md",
    "docs/api.md",
    "docs/figures.md",
)
BLOCK = re.compile(r"(<!-- from code: ([a-z-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def picture() -> str:
    """Who calls whom: clients, functions, rooms and what they stand on, read from the application itself."""
    from app import app
    from chalicelib.core import due, outbox
    from chalicelib.orders.play import PLAYS
    from chalicelib.sharing.plugged import HELD

    rooms = Counter(served.handler.__module__.split(".")[1] for served in app.served)
    timed = {item: handler.__module__.split(".") for item, handler in due.HANDLERS.items()}
    handlers = {item.__name__: place[1] for item, place in timed.items() if place[0] == "chalicelib"}
    lines = ["```mermaid", "flowchart LR"]
    lines += [
        "  mini([mini-program]) --> api",
        "  merchant([merchant]) --> api",
        "  pay([WeChat Pay]) -- notifies --> api",
        "  weixin -- pushes --> api",
    ]
    lines.append("  api[API: dispatcher]")
    for room, count in sorted(rooms.items()):
        lines.append(f"  api -- {count} routes --> {room}")
    lines += ["  minute([every minute]) --> sweeper[sweeper] -- shards --> queue[[due queue]] --> worker[worker]"]
    for name, room in sorted(handlers.items()):
        lines.append(f"  worker -- due {name} --> {room}")
    lines.append("  table[(one table)] -- stream --> outbox[outbox]")
    for effect, registered in sorted(outbox.EFFECTS.items()):
        lines.append(f"  outbox -- {effect} --> {registered.deliver.__module__.split('.')[1]}")
    lines.append("  outbox -- whoever was just invited --> invite")
    lines.append("  outbox -- a budget that moved --> rewards")
    lines.append("  outbox -- a group with a live card that moved --> groupbuy")
    lines.append("  push -- goods received --> fulfilment")
    lines.append("  push -- consents, deliveries --> notices")
    lines.append("  push -- pictures looked at --> accounts")
    for play in PLAYS.values():
        lines.append(f"  orders -- payment, release --> {type(play).__module__.split('.')[1]}")
    for held in HELD:
        package, room = held.__module__.split(".")[:2]
        if package == "chalicelib":
            lines.append(f"  sharing -- {held.__name__} that waits --> {room}")
    for room in sorted({*rooms, *handlers.values()} - {"edge", "core", "push"}):
        lines.append(f"  {room} -- one read, one transaction --> table")
    lines += [
        "  posters & voucher & fulfilment & invite -- errands --> pictures[pictures: draws]",
        "  pictures -- what is drawn, what merchants send --> kept[(bucket of pictures)]",
        "  sharing -- codes of WeChat --> kept",
        "  voucher -- files of codes --> exports[(bucket of exports)]",
    ]
    lines += ["  orders & fulfilment & accounts & sharing --> wechat[wechat clients] --> weixin([WeChat])"]
    lines += ["  wechat -. transfers, where there is a fixed address .-> egress[egress] --> pay", "```"]
    return "\n".join(dict.fromkeys(lines))


def states(room: str, name: str, module: str = "states") -> Callable[[], str]:
    """A room's state table, as it stands in its `states.py` or another module."""

    def table() -> str:
        found = import_module(f"chalicelib.{room}.{module}")
        return _table(("from", "event", "condition", "to", "effects"), getattr(found, name))

    return table


def moments() -> str:
    """Of what users can be told, and the facts of each."""
    from chalicelib.notices.moments import MOMENTS

    rows = [
        (f"`{moment.value}`", told.sort.value, told.zh, told.en, ", ".join(f"`{fact}`" for fact in told.facts))
        for moment, told in MOMENTS.items()
    ]
    return _table(("moment", "sort", "中文", "English", "facts"), rows)


def template_keys() -> str:
    """What each kind of key of a template takes."""
    from chalicelib.notices.moments import MOMENTS
    from chalicelib.notices.templates import RULES, WRITTEN_BY_US

    forms = {fact: form for told in MOMENTS.values() for fact, form in told.facts.items()}
    rows = []
    for kind, rule in RULES.items():
        facts = ", ".join(f"`{fact}`" for fact, form in forms.items() if form in rule.forms)
        text = "no" if kind in WRITTEN_BY_US else f"up to {rule.longest} signs"
        rows.append((f"`{kind}`", "all" if len(rule.forms) == len(set(forms.values())) else facts or "none", text))
    return _table(("key", "facts", "a text of your own"), rows)


def problems() -> str:
    """Every refusal that a client can meet."""
    import app  # noqa: F401 - names every room, and each declares its problems when it is imported
    from chalicelib.core.errors import Problem
    from chalicelib.core.lazily import everything

    everything()
    ours = [vars(module) for name, module in sys.modules.items() if name.startswith("chalicelib.")]
    declared = {value.code: value for names in ours for value in names.values() if isinstance(value, Problem)}
    rows = [
        (f"`{p.code}`", str(p.status), p.zh, p.en, p.next_step[1] if p.next_step else "") for p in declared.values()
    ]
    return _table(("code", "status", "中文", "English", "next step"), sorted(rows, key=lambda row: (row[1], row[0])))


def routes() -> str:
    """Every route, who may call it, and what it is for."""
    from app import app

    rows = []
    for served in app.served:
        who = served.operation.role or served.operation.auth.value
        key = "yes" if served.operation.idempotent else ""
        rows.append((f"`{served.method} {served.template}`", who, key, served.operation.summary))
    return _table(("route", "who", "Idempotency-Key", "what"), rows)


def figures() -> str:
    """The figures of the last `make bench`, as they were written; unchanged where there are none."""
    results = ROOT / "build" / "bench.json"
    if not results.exists():
        return ""
    rows: list[tuple[str, ...]] = []
    for bench in msgspec.json.decode(results.read_bytes()):
        for figure in bench["figures"]:
            budget = figure.get("budget")
            rows.append(
                (figure["name"], f"{figure['value']:g}", figure["unit"], "" if budget is None else f"{budget:g}")
            )
    return _table(("figure", "value", "unit", "budget"), rows)


def risk_signals() -> str:
    """What speaks against an act, and how much."""
    from chalicelib.sharing.verdict import DENY_AT, HOLD_AT, VERSION, WEIGHTS

    rows = [
        (f"`{signal}`", weight.en, weight.zh, *(_alone(points) for points in (weight.points, weight.cash)))
        for signal, weight in WEIGHTS.items()
    ]
    head = ("signal", "when", "中文", "points for a price cut or a coupon", "for cash")
    return f"Version {VERSION}. Held from {HOLD_AT} points, refused from {DENY_AT}.\n\n{_table(head, rows)}"


def times() -> str:
    """What falls due, room by room: when, what happens then, and what is so until it does."""
    import app  # noqa: F401 - registers who handles what
    from chalicelib.core import due
    from chalicelib.core.times import Timed

    handled = defaultdict[Timed[Any], list[str]](list)
    for kind, handler in due.HANDLERS.items():
        if isinstance(handler, Timed) and kind.__module__.startswith("chalicelib."):
            handled[handler].append(f"`{kind.__name__}`")
    rooms = sorted((handler.__module__.split(".")[1], names, handler.times) for handler, names in handled.items())
    rows = [(room, " ".join(names), *msgspec.structs.astuple(time)) for room, names, times in rooms for time in times]
    return _table(("room", "what", "when", "what happens", "until then"), rows)


def effects() -> str:
    """What is done outside, how an unknown outcome is treated, and how often a merchant's may be tried."""
    import app  # noqa: F401 - registers them
    from chalicelib.core.outbox import EFFECTS

    rows = []
    for name, effect in sorted(EFFECTS.items()):
        normal, slow = (f"{effect.rate.normal}", f"{effect.rate.slow}") if effect.rate else ("", "")
        room = effect.deliver.__module__.split(".")[1]
        rows.append((f"`{name}`", room, effect.repeat.value.replace("_", " "), normal, slow))
    return _table(("act", "room", "an unknown outcome", "a second, of one merchant", "after trouble"), rows)


def pushed_events() -> str:
    """What comes of each message that WeChat pushes."""
    from chalicelib.push.events import EVENTS

    return _table(("event", "what comes of it"), [(f"`{name}`", event.does) for name, event in EVENTS.items()])


GUESSERS, GUESSES_A_DAY, LIVE = 1000, 20, 1_000_000
"""Who guesses at codes: so many accounts, as often as each may. Live are so many codes of a kind that is not stored."""


def guessing() -> str:
    """What guessing codes brings."""
    from chalicelib.voucher.codes import Size, modulus, most_stored
    from chalicelib.voucher.letters import RADIX

    kinds = []
    for size, brings in ((Size.COUPON, "coupons"), (Size.VALUE, "cash, goods, sold")):
        space = int(RADIX ** (size - 2))
        kinds.append((f"{size:d}, unique", brings, f"{LIVE:,}", space / LIVE))
        kinds.append((f"{size:d}, permutation's key known", brings, "any", modulus(size)))
    for value, brings in ((False, "coupons"), (True, "cash, goods, sold")):
        for letters in (8, 9, 10):
            most = most_stored(letters, value)
            kinds.append((f"{letters}, stored", brings, f"{most:,}", RADIX ** (letters - 1) / most))
    rows = [(*kind, f"{one_in:,.0f}", _span(one_in / (GUESSERS * GUESSES_A_DAY))) for *kind, one_in in kinds]
    return _table(("letters", "for", "live codes", "one guess hits in", f"{GUESSERS:,} accounts hit once in"), rows)


def _span(days: float) -> str:
    return f"{days:,.0f} days" if days < 1000 else f"{days / 365.25:,.0f} years"


def _alone(points: int) -> str:
    from chalicelib.sharing.verdict import DENY_AT, HOLD_AT

    outcome = " (refused)" if points >= DENY_AT else " (held)" if points >= HOLD_AT else ""
    return f"{points}{outcome}"


BLOCKS: dict[str, Callable[[], str]] = {
    "picture": picture,
    "order-states": states("orders", "ORDER_TABLE"),
    "payment-states": states("orders", "PAYMENT_TABLE"),
    "delivery-states": states("fulfilment", "DELIVERY_TABLE"),
    "case-states": states("fulfilment", "CASE_TABLE"),
    "group-states": states("groupbuy", "GROUP_TABLE"),
    "seat-states": states("groupbuy", "SEAT_TABLE"),
    "bargain-states": states("bargain", "BARGAIN_TABLE"),
    "help-states": states("bargain", "HELP_TABLE"),
    "grant-states": states("rewards", "GRANT_TABLE"),
    "cash-states": states("rewards", "CASH_TABLE"),
    "coupon-states": states("rewards", "COUPON_TABLE"),
    "packet-states": states("redpacket", "PACKET_TABLE"),
    "act-states": states("redpacket", "ACT_TABLE"),
    "code-states": states("voucher", "CODE_TABLE"),
    "batch-states": states("voucher", "BATCH_TABLE"),
    "live-states": states("livecodes", "LIVE_TABLE"),
    "live-target-states": states("livecodes", "TARGET_TABLE"),
    "live-place-states": states("livecodes", "PLACE_TABLE"),
    "recall-states": states("recall", "TABLE"),
    "export-states": states("voucher", "EXPORT_TABLE", "export_states"),
    "poster-states": states("campaigns", "TEMPLATE_TABLE", "poster_states"),
    "families": states("family", "FAMILY_TABLE"),
    "family-members": states("family", "MEMBER_TABLE"),
    "family-invitations": states("family", "INVITATION_TABLE"),
    "family-spends": states("family", "SPEND_TABLE"),
    "family-asks": states("family", "ASK_TABLE"),
    "family-adjustments": states("family", "ADJUSTMENT_TABLE"),
    "family-month": family_month.told,
    "punch-cards": states("punchcards", "CARD_TABLE"),
    "punch-card-uses": states("punchcards", "USE_TABLE"),
    "times": times,
    "pushed-events": pushed_events,
    "effects": effects,
    "risk-signals": risk_signals,
    "guessing": guessing,
    "problems": problems,
    "moments": moments,
    "template-keys": template_keys,
    "message-states": states("notices", "MESSAGE"),
    "routes": routes,
    "figures": figures,
}
MEASURED = {"figures"}
"""Blocks that come from a run, not from the code alone: a test cannot make them again."""


def rendered(text: str, *, measured: bool) -> str:
    """``text`` with its blocks made anew; measured ones only where asked."""

    def block(found: re.Match[str]) -> str:
        name = found[2]
        content = BLOCKS[name]() if measured or name not in MEASURED else ""
        return f"{found[1]}{content}\n{found[4]}" if content else found[0]

    return BLOCK.sub(block, text)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    titles = list(head)
    lines = [f"| {' | '.join(titles)} |", f"|{'---|' * len(titles)}"]
    lines += [f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines)


def main() -> int:
    """Rewrite the documents' blocks."""
    for name in DOCUMENTS:
        path = Path(ROOT, name)
        path.write_text(rendered(path.read_text(), measured=True))
        print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
