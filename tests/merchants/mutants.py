"""What of a merchant's cash must not be wrong, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

ROOM = "chalicelib/merchants"
CHANGES, LACKS, ROUTES, VIEWS, TERMS, EDITIONS = (
    f"{ROOM}/{name}.py" for name in ("cash_changes", "cash_lacks", "cash_routes", "cash_views", "cash", "editions")
)

SET_UP: tuple[Mutant, ...] = (
    sabotage(EDITIONS, "the same again is a change of its own", "if found is not None and found.edition == made:", "if False:"),
    sabotage(EDITIONS, "what nobody read is overwritten", "        if before != edition:", "        if False:"),
    sabotage(EDITIONS, "terms that come back are the old edition", 'derived(name, edition or "", _json(said)', 'derived(name, _json(said)'),
    sabotage(CHANGES, "nobody compares the account with its bills", "    setup.set_due(bill_due_at(today))\n", ""),
    sabotage(CHANGES, "the day is London's", "clock.day_of(now)", "now.date()"),
    sabotage(CHANGES, "the old terms are kept in mind", "    forget(mid)\n", ""),
    sabotage(EDITIONS, "nobody wrote down what changed", "found.mid, **said)", "found.mid)"),
    sabotage(EDITIONS, "an old word is said anew", "kind.said_at.set(now)]", "kind.said_at.set(found.said_at)]"),
    sabotage(CHANGES, "limits contradict one another", "        if getattr(terms.limits, name) > most:", "        if False:"),
    sabotage(LACKS, "anybody may transfer", "if terms is None or not terms.is_company:", "if terms is None:"),
    sabotage(LACKS, "WeChat may be asked from anywhere", "if terms is None or terms.egress_address is None:", "if terms is None:"),
    sabotage(LACKS, "a fen is missing", "if operations_fen < budget_fen:", "if operations_fen < budget_fen - 1:"),
    sabotage(ROUTES, "what is read back is an old figure", "terms=msgspec.structs.replace(setup.terms, operations_fen=seen.balance_fen),", "terms=setup.terms,"),
    sabotage(VIEWS, "the bill is the merchant's word", "SeenBy.MERCHANT if at == setup.said_at else SeenBy.BILL", "SeenBy.MERCHANT"),
    sabotage(TERMS, "an older bill is believed", "setup.seen_at > setup.said_at:", "True:"),
)  # fmt: skip
