"""What must not go wrong with what WeChat tells by itself, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

SUBSCRIPTIONS, CONSENTS = "chalicelib/push/subscriptions.py", "chalicelib/notices/consents.py"
EVENTS, SERVICE = "chalicelib/push/events.py", "chalicelib/accounts/service.py"

PUSHED: tuple[Mutant, ...] = (
    sabotage(SUBSCRIPTIONS, "every answer is a yes", "template_id: said == ACCEPTED for", "template_id: True for"),
    sabotage(SUBSCRIPTIONS, "what was agreed to is switched off", "if said == REJECTED]", "]"),
    sabotage(SUBSCRIPTIONS, "any text is an answer", " and said in (ACCEPTED, REJECTED)", ""),
    sabotage(SUBSCRIPTIONS, "consents are as old as their telling", 'at = message.when("CreateTime") or clock.now()\n        consents.switched_off', "at = clock.now()\n        consents.switched_off"),
    sabotage(CONSENTS, "an older consent switches on again", "consent.off_at is not None and at < consent.off_at:", "False:"),
    sabotage(SERVICE, "users of others are one's own", "if lookup is not None and lookup.owner == mid else None", "if lookup is not None else None"),
    sabotage(EVENTS, "nobody knows who took it back", '    count("AuthorizationsRevoked")\n', ""),
)  # fmt: skip

BROKEN: dict[str, Mutant] = {
    "pushed_events_act_once": sabotage(CONSENTS, "nobody knows what was heard", '        tx.put("event", event)\n', "")
}
