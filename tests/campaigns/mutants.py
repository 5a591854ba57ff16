"""What of the gate, its words and its permissions must not be wrong, each as one sabotaged line."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

ROOM = "chalicelib/campaigns"
GATE, CHECKS, LINT, ALLOWED, DISCLOSURE, STORE = (
    f"{ROOM}/{name}.py" for name in ("gate", "checks", "copy_lint", "allowed", "disclosure", "service")
)
CASH, WALLET = f"{ROOM}/cash_checks.py", f"{ROOM}/wallet_checks.py"
BARGAIN, GROUPBUY, SLOTS, UNLOCK, INVITE = (
    f"{ROOM}/kinds/{name}.py" for name in ("bargain", "groupbuy", "slots", "unlock", "invite")
)

REFUSED: tuple[Mutant, ...] = (
    sabotage(GATE, "a play's own checks are not asked", "if isinstance(offer, one.of)}", "if one.of is Offer}"),
    sabotage(GATE, "the first finding ends the search", "for found in look(offer, now, shop)]", "for found in list(look(offer, now, shop))[:1]]"),
    sabotage(CHECKS, "nobody says where goods are fetched", "    if fetched and not offer.pickup_points:", "    if False:"),
    sabotage(CHECKS, "a name may be invisible", "        if not folded(name):", "        if not name.strip():"),
    sabotage(CHECKS, "days count for whoever never ordered", "rule.dormant_days != NewUser().dormant_days", "False"),
    sabotage(CHECKS, "new may mean anything", "    if not names_new(offer.rule_sheet.eligibility, rule):", "    if False:"),
    sabotage(CHECKS, "a reference price comes from nowhere", "    if not folded(basis):", "    if False:"),
    sabotage(LINT, "case hides a word", 'unicodedata.normalize("NFKD", text).casefold()', 'unicodedata.normalize("NFKD", text)'),
    sabotage(LINT, "traditional characters hide a word", "lower.translate(words.SIMPLIFIED)", "lower"),
    sabotage(LINT, "a modifier hides a word", ' and unicodedata.category(sign) != "Lm"', ""),
    sabotage(LINT, "a filler hides a word", "sign not in FILLERS and ", ""),
    sabotage(LINT, "a word is found inside of another", "if self._inside[start] or self._inside[end] or ", "if "),
    sabotage(LINT, "a denial in the sentence before denies", "        if SENTENCE_END.search(self.text, self.letters[start - 1][0], self.letters[start][0]):\n            return False\n", ""),
    sabotage(LINT, "a denial within a word denies", "any(not self._inside[start - len(word)] for word in before)", "bool(before)"),
    sabotage(LINT, "a denied denial denies", "start == 0 or self.read.endswith(words.UNDENIED, 0, start)", "start == 0"),
    sabotage(LINT, "what is denied is promised", " or self._is_denied(category, start)", ""),
    sabotage(LINT, "a sentence goes on after its end", "for mark in SENTENCE_END.finditer(text)] if sentences", "for mark in SENTENCE_END.finditer(text)] if False"),
    sabotage(LINT, "a full stop hides a word", "for ended in (False, True))", "for ended in (True, True))"),
    sabotage(LINT, "names praise", "if not pointer.endswith(category.unread)]", "]"),
    sabotage(LINT, "lists of texts are not read", "    elif isinstance(value, list):", "    elif False:"),
    sabotage(ALLOWED, "anything may be allowed", "        if not found.allowable:", "        if False:"),
    sabotage(ALLOWED, "what nobody may allow is allowed", "if not (f.allowable and f.word", "if not (f.word"),
    sabotage(ALLOWED, "a word stands everywhere", "    return pointer, folded(word)", '    return "", folded(word)'),
    sabotage(ALLOWED, "a permission outlives its text", "if old.get(one.pointer) == new.get(one.pointer)]", "]"),
    sabotage(ALLOWED, "no reason is a reason", "        if not folded(wish.reason):", "        if False:"),
    sabotage(STORE, "the snapshot forgets what was allowed", "allowed=draft.allowed or [],", "allowed=[],"),
    sabotage(STORE, "nobody wrote down what was allowed", 'audit.add(tx, mid, actor, "campaign.allow", cid, words=allowed.told(granted))', "pass"),
    sabotage(STORE, "the gate does not know the shop", "gate.findings(draft.draft, now, shop)", "gate.findings(draft.draft, now)"),
    sabotage(STORE, "what the bill showed is not believed", "operations_fen=operations_fen(setup)[0])", "operations_fen=setup.terms.operations_fen)"),
    sabotage(STORE, "whatever becomes of the set-up, what it allowed is published", "if draft.draft.gives_cash and setup is not None:", "if False:"),
    sabotage(STORE, "whoever gives no cash needs its set-up", "if draft.draft.gives_cash and setup is not None:", "if setup is not None:"),
    sabotage(CASH, "a budget that is not there is promised", "budget_fen = (offer.gives.cash or 0) if offer.gives is not None else 0", "budget_fen = 0"),
    sabotage(CASH, "commission is a campaign's gift", "gifts=given_away, commission=commission,", "gifts=True, commission=False,"),
    sabotage(CASH, "commission needs the scene of gifts too", "given_away, commission = len(gifts) > len(earned), bool(earned)", "given_away, commission = True, bool(earned)"),
    sabotage(CASH, "less than WeChat transfers is given", "if gift.amount < LEAST_FEN:", "if gift.amount < 1:"),
    sabotage(CASH, "more than one transfer is given", "gift.amount > shop.cash.limits.most_fen", "gift.amount > shop.cash.limits.fen_a_day"),
    sabotage(CASH, "what friends do brings cash at once", "if form.hold_days == 0]", "if False]"),
    sabotage(UNLOCK, "nodes count as held", "    def unheld(self) -> Sequence[Gift]:\n        return self.gifts", "    def unheld(self) -> Sequence[Gift]:\n        return []"),
    sabotage(INVITE, "thresholds that count at once count as held", "if self.count_after_days == 0]", "if False]"),
    sabotage(INVITE, "an order's cash is told to wait twice", " and one.on is not StageOn.FIRST_ORDER]", "]"),
    sabotage(WALLET, "who gives cash may call balance money", "words_of_rewards.KEPT_AS_MONEY if offer.gives_cash", "words_of_rewards.DRAW if offer.gives_cash"),
    sabotage(WALLET, "who gives no cash may promise it", "if offer.gives_cash else words_of_rewards.CASHABLE", "if offer.gives_cash else words_of_rewards.KEPT_AS_MONEY"),
    sabotage(DISCLOSURE, "any number of friends is the number", 'rf"{own}\\s*{MEASURE}{WHAT_HELPS}"', 'rf"{MEASURE}{WHAT_HELPS}"'),
    sabotage(DISCLOSURE, "the third friend is three friends", "(?<![第前限]\\s)", ""),
    sabotage(DISCLOSURE, "any days are the days", "(?:{rule.dormant_days}|{_chinese(rule.dormant_days)})", "[0-9]+"),
    sabotage(BARGAIN, "the floor may be the start", "if sku.floor_price_fen >= sku.start_price_fen:", "if sku.floor_price_fen > sku.start_price_fen:"),
    sabotage(BARGAIN, "the start may be above its reference", "if sku.start_price_fen > sku.reference_price_fen:", "if False:"),
    sabotage(BARGAIN, "parts of no fen are published", "        except ValueError:", "        except ValueError:\n            continue"),
    sabotage(BARGAIN, "random cuts are promised", '    yield from said("BARGAIN_DETERMINISTIC", offer, words.RANDOM)', "    yield from ()"),
    sabotage(BARGAIN, "the bargainer counts as his helper", "return self.cuts - self.self_cut", "return self.cuts"),
    sabotage(GROUPBUY, "whoever is any is new", "return self.new_user if self.who_may_join is WhoMayJoin.NEW_USER else None", "return self.new_user"),
    sabotage(SLOTS, "a part may be nothing", "return [1 + more for more in _weighed(cut_fen - parts, range(2 * parts, parts, -1))]", "return _weighed(cut_fen, range(2 * parts, parts, -1))"),
    sabotage(SLOTS, "a fen is lost", "[share + (n < left) for n, share in enumerate(whole)]", "[share + (n < left - 1) for n, share in enumerate(whole)]"),
    sabotage(SLOTS, "the first takes what others need", "min(cut_fen - cut_fen // 2, cut_fen - (parts - 1))", "cut_fen - cut_fen // 2"),
)  # fmt: skip
