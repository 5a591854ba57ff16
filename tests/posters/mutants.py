"""What of posters must not be wrong and is no condition, each as one sabotaged line, and what breaks each promise."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

RULES, SENDING, MINE, RELEASING, DRAWING, EVERYDAY, TEMPLATES = (
    f"chalicelib/posters/{name}.py"
    for name in ("rules", "sending", "mine", "releasing", "drawing", "everyday", "templates")
)
CHECKS, STORED = "chalicelib/campaigns/poster_checks.py", "chalicelib/campaigns/posters.py"

POSTED: tuple[Mutant, ...] = (
    sabotage(RULES, "whatever was made is still good", "made is not None and made.look == wanted and now < made.until", "made is not None and now < made.until"),
    sabotage(RULES, "a poster outlives its file", "made.look == wanted and now < made.until", "made.look == wanted"),
    sabotage(RULES, "what was left out stays away", "return now + (AGAIN if left_out else KEPT)", "return now + KEPT"),
    sabotage(RULES, "an unreadable code is handed out", "    if any(fault.mistake is Mistake.CODE for fault in faults):\n", "    if False:\n"),
    sabotage(RULES, "a poster with mistakes is released", "    if faults:\n        each", "    if False:\n        each"),
    sabotage(RULES, "another edition is as good", "    if template.edition != edition:\n", "    if False:\n"),
    sabotage(RULES, "a picture that is not there is no matter", "        if ident not in found:\n", "        if False:\n"),
    sabotage(RULES, "any format stands for any", "if ident not in there or there[ident].format is not form:", "if ident not in there:"),
    sabotage(RULES, "everyday posters are said over others", "    if edition != (before.edition if before is not None else 0):\n", "    if False:\n"),
    sabotage(RULES, "the first poster named is it", "if ident in there and there[ident].format is form), None)", "if ident in there), None)"),
    sabotage(SENDING, "a refused picture is kept", "        if isinstance(taken, Refused):\n", "        if False:\n"),
    sabotage(MINE, "everybody gets the campaign's poster for ever", "        campaign.insist_not_over(clock.now())\n", ""),
    sabotage(MINE, "names that were not cleared are drawn", "nickname=public_name(user)", "nickname=user.nickname"),
    sabotage(MINE, "everyday posters stand before a campaign's", "    if chosen is None and usual is not None and form in usual.posters:\n", "    if usual is not None and form in usual.posters:\n"),
    sabotage(MINE, "a later release is judged by nobody", "        _insist_fit(chosen, share)\n", ""),
    sabotage(CHECKS, "two lines are read apart", "for both in neighbours(poster)", "for both in ()"),
    sabotage(RULES, "a picture has a code of its own", "        if found[ident].reads is not None:\n", "        if False:\n"),
    sabotage(SENDING, "two pictures have one file", "{ident}-{intent.fingerprint}", "{ident}"),
    sabotage(MINE, "no poster is remembered", '    Transaction().put("poster", made, when={}).commit()\n', "    pass\n"),
    sabotage(DRAWING, "words are not looked at", "        faults=exaggerated(poster),\n", "        faults=[],\n"),
    sabotage(RELEASING, "a release is judged by nobody", "    _insist_fit(mid, draft.draft)\n", "    pass\n"),
    sabotage(RELEASING, "a release by the same key is another", "    if recorded(intent, found[keys[1]]) is not None:\n        return draft\n", ""),
    sabotage(CHECKS, "a poster need not be released", "        if poster is None:\n            zh, en", "        if poster is None:\n            continue\n            zh, en"),
    sabotage(CHECKS, "two posters of a format", "        if poster.format in formats:\n", "        if False:\n"),
    sabotage(CHECKS, "a poster says what its campaign may not", "        yield from _said(offer, now, shop, pointer, poster)\n", ""),
    sabotage(CHECKS, "stickers are not read", "    return found | stickers\n", "    return found\n"),
    sabotage(STORED, "what is withdrawn is given", "return self.release if self.state is TemplateState.RELEASED else None", "return self.release"),
)  # fmt: skip


def posters_broken_by(one: dict[str, Mutant]) -> dict[str, Mutant]:
    """What breaks each promise of the room; ``one`` finds a mutant by its name."""
    return {
        "releases_are_kept": sabotage(RELEASING, "a release is kept under another number", "release_key(mid, ident, number)", "release_key(mid, ident, number + 1)"),
        "posters_say_nothing_forbidden": one["posters/drawing.py: words are not looked at"],
        "posters_are_in_the_log": sabotage(TEMPLATES, "nobody wrote down who changed it", '        audit.add(tx, mid, actor, "poster.edit", ident)\n', ""),
        "made_posters_are_their_owners": sabotage(MINE, "a poster is kept under another share", "*made_key(mid, uid, share, form),\n        look", "*made_key(mid, uid, share[::-1], form),\n        look"),
        "everyday_posters_were_released": sabotage(RULES, "drafts stand for everyday posters", "if ident not in there or there[ident].format is not form:", "if ident in there and there[ident].format is not form:"),
    }  # fmt: skip
