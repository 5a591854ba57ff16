"""What of messages must not be wrong and is no condition, and what breaks each promise about them."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

SENDING, RULES, CONSENTS, TEMPLATES, SETUP, PLANNING, BANS, ASKING, TELLING, CHANGES, WANTS, ROUTES, DESK = (
    f"chalicelib/notices/{name}.py"
    for name in (
        *("sending", "rules", "consents", "templates", "setup", "planning", "bans", "asking", "telling", "changes"),
        *("wants", "routes", "admin_routes"),
    )
)
OUTBOX = "chalicelib/core/outbox.py"

TOLD: tuple[Mutant, ...] = (
    sabotage(OUTBOX, "what may have been sent is sent again", "        _give_up(entry, effect)\n        return None\n", "        return Later(REDRIVE, str(unknown))\n"),
    sabotage(OUTBOX, "nobody hears that it is doubtful", "        effect.uncertain(entry, tx)\n", "        pass\n"),
    sabotage(SENDING, "an empty consent stays", "gone = [Consent.sent.add(-1), Consent.left.set(0), Consent.acts.set([])]", "gone = [Consent.sent.add(-1), Consent.acts.set([])]"),
    sabotage(SENDING, "a banned template is tried for ever", "        bans.ban(mine.mid, template_id, code)\n", "        pass\n"),
    sabotage(SENDING, "another's turn is a refusal", "    if code == OVERLAP:\n        return Later(AGAIN, code, accepted=True)\n", ""),
    sabotage(SENDING, "what was not sent is in doubt", "    except (Quota, Unsent) as not_yet:\n        return Later(AGAIN, str(not_yet))\n", ""),
    sabotage(SENDING, "a refusal costs the consent", "back = [Consent.sent.add(-1), Consent.left.add(1)]", "back = [Consent.sent.add(-1)]"),
    sabotage(SENDING, "it opens the home page", "page=PAGES[mine.kind].format(id=mine.object),", "page=None,"),
    sabotage(SENDING, "everybody reads Chinese", '(habit.language if habit else None) or "zh"', '"zh"'),
    sabotage(SENDING, "the trial version tells", "state=STATES[voice.terms.version],", 'state="trial",'),
    sabotage(SENDING, "a reminder asks for no reason", "if mine.sort is Sort.REMINDER else None\n", "if mine.sort is Sort.OFFER else None\n"),
    sabotage(SENDING, "nobody plans what was told of", "        planning.plan(mid, uid, mine.kind, mine.object)\n", "        pass\n"),
    sabotage(RULES, "the night is short", "return start <= now < end if start <= end else now >= start or now < end", "return start <= now < end"),
    sabotage(RULES, "enough is never enough", "return today >= terms.reminders_a_day", "return False"),
    sabotage(RULES, "a day has no end", "habit is not None and habit.day == day else 0", "habit is not None else 0"),
    sabotage(RULES, "wishes are not heard", "return MOMENTS[moment].sort in (habit.unwanted or ())", "return False"),
    sabotage(RULES, "old news is told", 'Why.LATE if now >= owed_at + LATE else None', "None"),
    sabotage(RULES, "what was told is told again", '    if before is not None and mine is None and before.taken:\n        return Drop(Why.TOLD)\n', ""),
    sabotage(RULES, "a reminder may be too late", "return best if best <= reason.until - SHORTEST else None", "return best"),
    sabotage(RULES, "no evening is early enough", "best = evening if early else next_waking(best, terms, zone)", "best = next_waking(best, terms, zone)"),
    sabotage(RULES, "two tell of one act, and both count", "if act.by != by and abs(act.at - at) <= SAME_ACT", "if False"),
    sabotage(RULES, "an act of long ago is this one", "act.by != by and abs(act.at - at) <= SAME_ACT", "act.by != by"),
    sabotage(CONSENTS, "any client is believed for ever", "    if before.left >= rules.MOST_LEFT:\n        return before\n", ""),
    sabotage(CONSENTS, "a lie stays", "    less = 1 if before.left else 0\n", "    less = 0\n"),
    sabotage(CONSENTS, "what is switched off stays", "    return Ledger(before.granted, 0)", "    return before"),
    sabotage(CONSENTS, "an old event ends what was agreed since", "        return before if since else emptied(before)\n", "        return emptied(before)\n"),
    sabotage(CONSENTS, "an event is heard again", "        if found[event.key] is not None:\n            return\n        tx.put(\"event\", event)\n", ""),
    sabotage(CONSENTS, "a strange template is noted", "        if template_id not in known:\n", "        if False:\n"),
    sabotage(CONSENTS, "a no is a yes", "            if answers[template_id] in YES:\n", "            if True:\n"),
    sabotage(CONSENTS, "a report sent again is another", "        if (before := recorded(intent, found[record])) is not None:\n", "        if (before := recorded(intent, found[record])) is None and before:\n"),
    sabotage(TEMPLATES, "any fact stands anywhere", "            if form not in rule.forms:\n", "            if False:\n"),
    sabotage(TEMPLATES, "any text stands anywhere", "        elif field.text is not None and not _fits(field.kind, field.text):\n", "        elif False:\n"),
    sabotage(TEMPLATES, "a key stands twice", "        if field.key in seen:\n", "        if False:\n"),
    sabotage(TEMPLATES, "a template has other keys elsewhere", "        if keys.setdefault(template.template_id, mine) != mine:\n", "        if False:\n"),
    sabotage(TEMPLATES, "a moment has two templates", "        if (template.moment, template.language) in told:\n", "        if False:\n"),
    sabotage(TEMPLATES, "a long text is refused by WeChat", "return (text if len(text) <= longest else text[: longest - len(more)] + more)", "return (text)"),
    sabotage(TEMPLATES, "nothing is said", ' or "-"', ""),
    sabotage(TEMPLATES, "line breaks are sent", 'if unicodedata.category(sign)[0] != "C").strip()', ").strip()"),
    sabotage(TEMPLATES, "everybody lives in Greenwich", "local = clock.parse(str(fact)).astimezone(ZoneInfo(zone))", "local = clock.parse(str(fact))"),
    sabotage(SETUP, "a banned template is used", "for template in self.of(moment) if template.template_id not in self.banned]", "for template in self.of(moment)]"),
    sabotage(SETUP, "it is believed for ever", "    if kept and kept[0] > clock.now():\n", "    if kept:\n"),
    sabotage(BANS, "nobody hears of a ban", '        count("TemplateBanned", template=template_id, code=code)\n', "        pass\n"),
    sabotage(BANS, "a ban is for ever", "if found.template_id != template_id]", "if found.template_id]"),
    sabotage(ASKING, "four are asked for", "[:MOST])", "[: MOST + 1])"),
    sabotage(TELLING, "it is written though nobody is told", "    if voice(mid).tells(moment):\n", "    if True:\n"),
    sabotage(CHANGES, "anything is a template", "    insist_fit(terms.templates)\n", ""),
    sabotage(CHANGES, "the old words are kept in mind", "    setup.forget(mid)\n", ""),
    sabotage(WANTS, "a wish is for ever", "Habit.unwanted.set(kept) if kept else Habit.unwanted.remove()", "Habit.unwanted.set(kept)"),
    sabotage(SETUP, "what cannot be read stops payments", "    except Undecodable as spoiled:\n", "    except ZeroDivisionError as spoiled:\n"),
    sabotage(SENDING, "the reason of another part will do", "    if reason is not None and reason.known_as(mine.object) != mine.ident:\n        reason = None\n", ""),
    sabotage("chalicelib/rewards/reminding.py", "one lot of points is reminded of and no other", '            part=f"{first.until:%Y%m%d}",\n', ""),
    sabotage("chalicelib/coupons/reminding.py", "one piece is reminded of and no other", "            part=str(piece + 1) if len(coupon.windows) > 1 else None,\n", ""),
    sabotage(PLANNING, "a night is no reason to wait", "    if at > clock.now():\n", "    if False:\n"),
)  # fmt: skip


def told_broken_by(one: dict[str, Mutant]) -> dict[str, Mutant]:
    """For each promise the line that breaks it."""
    return {
        "consents_are_counted": sabotage(SENDING, "a refusal is a gift", "back = [Consent.sent.add(-1), Consent.left.add(1)]", "back = [Consent.left.add(1)]"),
        "messages_are_decided_once": one["core/outbox.py: what may have been sent is sent again"],
        "reminders_let_people_sleep": one["notices/rules.py: the night is short"],
        "reminders_have_a_reason": sabotage(RULES, "what is over is reminded of", "if MOMENTS[moment].sort is Sort.REMINDER and (reason is None or reason.moment is not moment or now >= reason.until):", "if False:"),
        "plans_are_looked_at": sabotage(PLANNING, "a plan is never looked at", "    plan.set_due(at)\n", ""),
        "messages_come_to_an_end": sabotage(SENDING, "it is never known to be sent", "[Notice.state.set(NoticeState.SENT), Notice.msgid.set(msgid)]", "[Notice.msgid.set(msgid)]"),
    }  # fmt: skip
