"""What of words must not be wrong and is no condition, and what breaks each promise about them."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

WORDS, RULES, VALUES, VIEWS, ROUTES = (
    f"chalicelib/voucher/{name}.py" for name in ("words", "word_rules", "word_values", "word_views", "routes")
)
DOCUMENT, SPELLING, SPELLED = (f"chalicelib/campaigns/{name}.py" for name in ("kinds/word", "spelling", "spelled"))
BRINGS, CODES = "chalicelib/campaigns/kinds/brings.py", "chalicelib/campaigns/kinds/codes.py"
CHECKS = "chalicelib/campaigns/checks.py"
LINES, RISK, DECISION, STOCK = (
    f"chalicelib/{name}.py" for name in ("voucher/lines", "sharing/risk", "core/decision", "campaigns/stock")
)

SAID: tuple[Mutant, ...] = (
    sabotage(WORDS, "a redemption sent again is another", "        if (before := word_rules.found_asked(seen.said, ident)) is not None:\n", "        if (before := None) is not None:\n"),
    sabotage(WORDS, "a paused word brings", "    campaign.insist_running(now)\n", ""),
    sabotage(WORDS, "who is locked out may say words", "    guesses.insist_free(seen.found.item(Guesses, guesses_key(mid, uid)), now)\n", ""),
    sabotage(WORDS, "an unknown word is no guess", "        raise guesses.wrong(mid, uid, of=guesses.WORD)\n", '        raise RippleError(problems.WORD_GONE)\n'),
    sabotage(WORDS, "who comes too late reads twice", "return refused_at_once(attempt) if short else", "return decided_or_refused(attempt) if short else"),
    sabotage(WORDS, "a word is looked up each time", "        _kept[mid, word] = kept\n", ""),
    sabotage(WORDS, "that there is no word is believed as long as a word", "min(seconds, NONE_SECONDS)", "seconds * 0"),
    sabotage(WORDS, "a mistyped code is a word", "return word if spelling.can_be_word(word) and not letters.is_code(letters.normal(text)) else None", "return word"),
    sabotage(WORDS, "a lock is only a reason of a preview", "        if refused.problem.status != REFUSAL:\n            raise\n", ""),
    sabotage(RULES, "anybody counts as new", "if offer.only_new is not None and not", "if False and not"),
    sabotage(RULES, "a rank of three is trusted", "DOUBTED = 3", "DOUBTED = 4"),
    sabotage(RULES, "nobody is doubted", "if rank is not None and rank >= DOUBTED:", "if False:"),
    sabotage(RULES, "an old day counts for today", "sum(clock.day_of(one.at) == clock.day_of(now) for one in said)", "len(said)"),
    sabotage(RISK, "an old rank is believed", "return user.rank if user.rank_at is not None and now < user.rank_at + KEPT else None", "return user.rank"),
    sabotage(VALUES, "a coupon that was brought is not named", "return coupon_of(made.ref) if gift is None or isinstance(gift.form, AsCoupon) else None", "return None"),
    sabotage(VIEWS, "its merchant sees one redemption a shard", "redeemed=sum(shard.taken for shard in shards)", "redeemed=len(shards)"),
    sabotage(VIEWS, "today is the first day", "clock.day_of(now), shard)", "clock.day_of(campaign.offer.starts_at), shard)"),
    sabotage(LINES, "a statement says nothing of a word", "    if offer.gift is None:\n        return None\n    return Line(\n        at=spoken.at,", "    return None\n    return Line(\n        at=spoken.at,"),
    sabotage(ROUTES, "no word is previewed", "        return word_views.preview(words.preview(call.mid, call.uid, word), call.language)\n", "        pass\n"),
    sabotage(DECISION, "a whole read that cannot be had is an error", "    except Contended:\n        return decided_or_refused(decide)\n", "    except ZeroDivisionError:\n        return decided_or_refused(decide)\n"),
    sabotage(STOCK, "nobody knows that it is short", "self.is_short = self._known_short()", "self.is_short = False"),
    sabotage(SPELLING, "case makes another word", 'unicodedata.normalize("NFKC", text).upper()', 'unicodedata.normalize("NFKC", text)'),
    sabotage(SPELLING, "signs make another word", "if sign.isalnum() and sign not in FILLERS)", ")"),
    sabotage(SPELLING, "what shows nothing makes another word", " and sign not in FILLERS)", ")"),
    sabotage(SPELLED, "a word is free while its campaign runs", "    if now >= before.until:\n", "    if True:\n"),
    sabotage(SPELLED, "a word is never free by time", "    if now >= before.until:\n", "    if False:\n"),
    sabotage(SPELLED, "a word is never free by its campaign's end", "return other is not None and other.status is CampaignState.ENDED", "return False"),
    sabotage(DOCUMENT, "a word of one letter", "if not spelling.FEWEST <= len(word) <= spelling.MOST:", "if not 1 <= len(word) <= spelling.MOST:"),
    sabotage(DOCUMENT, "a word that nobody finds", "    if spelling.reads_as_code(word):\n", "    if False:\n"),
    sabotage(DOCUMENT, "an address is a word", "    if LINK.search(", "    if False and LINK.search("),
    sabotage(DOCUMENT, "a number is a word", "    if PHONE.search(word):\n", "    if False:\n"),
    sabotage(DOCUMENT, "anybody's limit will do", "    if offer.per_user > offer.total:\n", "    if False:\n"),
    sabotage(DOCUMENT, "a day's limit may be wider", "offer.per_user_a_day > offer.per_user:", "False:"),
    sabotage(DOCUMENT, "users read who is new where nobody need be", "new_user=self.only_new,", "new_user=self.new_user,"),
    sabotage(BRINGS, "any budget will do", "    if funds != {currency: offer.total * amount}:\n", "    if not funds:\n"),
    sabotage(BRINGS, "a budget of nothing", "        if funds:\n            zh, en = \"没有赠送价值", "        if False:\n            zh, en = \"没有赠送价值"),
    sabotage(BRINGS, "a coupon may expire before its campaign", "        elif validity.until < ends_at:\n", "        elif False:\n"),
    sabotage(CODES, "stock may be anything", "offer.brings.sku.stock != offer.total:", "offer.brings.sku.stock < offer.total:"),
    sabotage(CODES, "value is sold", "if offer.funding is Funding.SOLD and not isinstance(", "if False and not isinstance("),
    sabotage(CODES, "goods may cost more than they are compared with", "    if offer.brings.price_fen > sku.reference_price_fen:\n", "    if False:\n"),
    sabotage(CODES, "one may redeem more codes than there are", "if offer.per_user is not None and offer.per_user > offer.total:", "if False:"),
    sabotage(CHECKS, "goods of codes need no name", "(/form|/sku|/skus/[0-9]+)/title$", "(/form|/skus/[0-9]+)/title$"),
)  # fmt: skip

BROKEN: dict[str, Mutant] = {
    "words_are_counted": sabotage(WORDS, "a redemption counts twice for its day", "[WordDay.n.add(1)]", "[WordDay.n.add(2)]"),
    "word_days_are_true": sabotage(WORDS, "a redemption counts for the day before", "word_day_key(mid, cid, clock.day_of(now), drawn[0].shard)", "word_day_key(mid, cid, clock.day_of(campaign.offer.starts_at), drawn[0].shard)"),
    "words_are_limited": sabotage(RULES, "one more than one may", "if len(said) >= offer.per_user:", "if len(said) > offer.per_user:"),
    "words_are_in_time": sabotage(WORDS, "a word is redeemed when it is over", "            at=now,\n", "            at=campaign.offer.ends_at,\n"),
    "words_bring_what_they_say": sabotage(WORDS, "the legs of a word are nowhere", "            made.legs, made.posted_at = legs, now\n", "            made.posted_at = now\n"),
    "words_lead_somewhere": sabotage(SPELLED, "a word leads nowhere", "            tx.put(f\"word{n}\", made)\n            continue\n", "            continue\n"),
}  # fmt: skip
"""What breaks each promise about words."""
