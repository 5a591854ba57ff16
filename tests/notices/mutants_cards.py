"""What of live cards must not be wrong and is no condition, and what breaks each promise about them."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

CARDS, MAKING, RULES, ITEMS = (
    f"chalicelib/notices/{name}.py" for name in ("cards", "card_making", "card_rules", "card_items")
)
GROUPS, DETAIL, TIMERS = (f"chalicelib/groupbuy/{name}.py" for name in ("live", "detail", "timers"))

SHOWN_LIVE: tuple[Mutant, ...] = (
    sabotage(CARDS, "what the stream tells is left to the sweeper", "if seen is not None and clock.now() < until:", "if False:"),
    sabotage(CARDS, "a card that may not be told yet is forgotten", "due=soon)", "due=card.due)"),
    sabotage(CARDS, "whoever waits for WeChat is disturbed", "    if card.is_held(now):\n", "    if False:\n"),
    sabotage(CARDS, "word that was left is not heard", "quiet = seen.edition == card.edition", "quiet = True"),
    sabotage(CARDS, "a card that nobody tells any more stays due", "if not whatever and not card_rules.behind", "if not card_rules.behind"),
    sabotage(CARDS, "cards are changed at any rate", "    rate.insist_turn(card, API, CALLS)\n", ""),
    sabotage(CARDS, "trouble slows nothing", "        rate.slow_down(card.mid, API, CALLS)\n", ""),
    sabotage(CARDS, "a lost start is a failure", "if started and refused.code == OVER:", "if False:"),
    sabotage(CARDS, "a card whose day is over is a failure", "if refused.code != EXPIRED:", "if True:"),
    sabotage(CARDS, "nobody hears of refused cards", 'count("CardsFailed", mid=card.mid, thing=card.ident, code=refused.code)', "pass"),
    sabotage(CARDS, "what WeChat refused is told again", "return replace(activity, ended=refused.code)", "return activity"),
    sabotage(CARDS, "always the released version", "return setup.voice(mid).terms.version", 'return "release"'),
    sabotage(MAKING, "a silent WeChat is asked at each look", "        _spared[mid] = now + SPARED\n", ""),
    sabotage(MAKING, "merchants cannot do without", " or not setup.voice(mid).terms.cards:", ":"),
    sabotage(MAKING, "a renewed card is not looked after", "due = now + FIRST_LOOK if card.due is None else UNSET", "due = UNSET"),
    sabotage(MAKING, "the stream tells nothing of a group", '    tx.update("thing", CARDS[kind].key(mid, ident), [CARDS[kind].mark()], when={})\n', ""),
    sabotage(RULES, "a card is sent to its last second", "if one.until - now >= LEAST_LEFT", "if one.until > now"),
    sabotage(RULES, "cards without number", "if len(kept) < MOST else None", ""),
    sabotage(RULES, "a card is looked at every minute", "max(FIRST_LOOK, 2 * (now - made_at))", "FIRST_LOOK + (now - made_at)"),
    sabotage(DETAIL, "a decided group has a card", " or group.status is not GroupState.OPEN:", ":"),
    sabotage(TIMERS, "the drain tells no card", "        cards.ended(group.mid, GROUP, group.gid)\n", "        pass\n"),
)  # fmt: skip


def cards_broken_by() -> dict[str, Mutant]:
    """For each promise the line that breaks it."""
    return {
        "cards_never_go_back": sabotage(CARDS, "a card counts down", "have=standing.have, need=standing.need", "have=standing.need - standing.have, need=standing.need"),
        "cards_say_what_is": sabotage(GROUPS, "who holds a seat is there", "Standing(group.paid, ", "Standing(group.paid + group.held, "),
        "cards_are_changed_seldom": sabotage(ITEMS, "WeChat is told at any pace", "return max(now, self.called_at + PACE) if self.called_at else now", "return now"),
        "cards_are_looked_after": sabotage(RULES, "nobody looks at a card twice", "if standing is None or standing.run is not Run.JOINING or not living:", "if True:"),
        "cards_show_the_end": sabotage(CARDS, "no card ever starts", "    started = standing.run is Run.SUCCEEDED\n", "    started = False\n"),
    }  # fmt: skip
