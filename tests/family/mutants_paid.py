"""What of bought value must not be wrong and is no condition, each as one sabotaged line; what breaks its promises."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

ROOM = "chalicelib/family"
PURSE, RULES, TOPUP, PAYMENT, BACK, VIEWS, OWED = (
    f"{ROOM}/{name}.py"
    for name in ("purse", "topup_rules", "topup", "topup_payment", "topup_back", "topup_views", "liability")
)
LOTS = f"{ROOM}/lots.py"
OWING = "chalicelib/orders/owing.py"
OWED_ROUTES = f"{ROOM}/liability_routes.py"
WALLET, CHANGES, EDITIONS, WORDS = (
    f"chalicelib/merchants/{name}.py" for name in ("wallet", "wallet_changes", "editions", "wallet_words")
)
GATE, KIND, CODES, STORE = (
    f"chalicelib/campaigns/{name}.py" for name in ("wallet_checks", "kinds/topup", "kinds/codes", "service")
)
PURSES, SERVICE = "chalicelib/voucher/purses.py", "chalicelib/voucher/service.py"
DELIVERY, PAYBACK, CASES = (f"chalicelib/fulfilment/{name}.py" for name in ("delivery", "payback", "cases"))

PAID_FOR: tuple[Mutant, ...] = (
    sabotage(PURSE, "what is on its way takes no room", "cap_fen - family.paid - (family.arriving or 0)", "cap_fen - family.paid"),
    sabotage(PURSE, "a wallet is full a fen early", "if fen > (room :=", "if fen >= (room :="),
    sabotage(PURSE, "another top-up is overlooked", "return Family.arriving == family.arriving", "return Family.pk.exists()"),
    sabotage(RULES, "an ended family is filled or topped up", "(FamilyState.CLOSING, FamilyState.CLOSED)", "()"),
    sabotage(RULES, "a frozen family is topped up", "if family.status is FamilyState.FROZEN:", "if False:"),
    sabotage(RULES, "whoever is frozen fills or tops up", "if member.state is MemberState.FROZEN:", "if False:"),
    sabotage(RULES, "a minor fills or tops up", "if member.role is Role.MINOR:", "if False:"),
    sabotage(RULES, "an adult fills his owner's wallet", "if family.mode is Mode.OWNER_PAYS and member.role is not Role.OWNER:", "if False:"),
    sabotage(RULES, "whoever may not fill tops up", "    insist_may_fill(family, member)\n", ""),
    sabotage(RULES, "it is sold while that is paused", "if declared is None or declared.terms.paused:", "if declared is None:"),
    sabotage(RULES, "nobody need read the terms", "if edition != declared.edition:", "if False:"),
    sabotage(RULES, "what is not paid goes back", "if order.state is not OrderState.CONFIRMED:", "if False:"),
    sabotage(RULES, "it goes back a second later", "if now > (until := refund_until(order)):", "if False:"),
    sabotage(RULES, "six days will do", "REFUND_WITHIN = timedelta(days=7)", "REFUND_WITHIN = timedelta(days=6)"),
    sabotage(RULES, "what others bought goes back", "most = min(payment.live_fen, left_fen)", "most = left_fen"),
    sabotage(LOTS, "what is spent is the newest", "for name, fen in lots.items():", "for name, fen in reversed(lots.items()):"),
    sabotage(LOTS, "what went back of a lot is still of it", "move.paid > 0 or move.why in BACK", "move.paid > 0"),
    sabotage(LOTS, "all that is there is everybody's", "        taken = min(fen, max(0, spent))\n", "        taken = 0\n"),
    sabotage(RULES, "more goes back than is there", "if not 0 < fen <= most:", "if not 0 < fen:"),
    sabotage(RULES, "the last refund may leave money behind", "last = payment.refunds == MOST_REFUNDS - 1 and fen < payment.live_fen", "last = False"),
    sabotage(RULES, "a fifty-first refund is begun", "if last or payment.refunds >= MOST_REFUNDS:", "if last:"),
    sabotage(TOPUP, "another denomination is bought", "(one for one in offer.skus if one.sku_id == sku_id)", "(one for one in offer.skus)"),
    sabotage(TOPUP, "the same request orders anew", "if replay := placing.made_before(found, intent):", "if (replay := placing.made_before(found, intent)) and not replay:"),
    sabotage(TOPUP, "a campaign that is over sells", "        campaign.insist_running(now)\n", ""),
    sabotage(TOPUP, "friends gain by a top-up", "        made.follows = list(offer.followed_by)\n", ""),
    sabotage(TOPUP, "it costs a fen less", "price_fen=bought.value_fen,", "price_fen=bought.value_fen - 1,"),
    sabotage(TOPUP, "nothing is on its way", "[Family.arriving.add(fen)]", "[Family.arriving.add(0)]"),
    sabotage(PAYMENT, "money that comes late fills the wallet", "not in (OrderState.HELD, OrderState.CLOSING):", "is OrderState.CONFIRMED:"),
    sabotage(PAYMENT, "what was paid for is still on its way", "Family.arriving.add(-fen), Family.paid", "Family.paid"),
    sabotage(PAYMENT, "what was paid for is not there", "Family.arriving.add(-fen), Family.paid.add(fen)", "Family.arriving.add(-fen)"),
    sabotage(PAYMENT, "what was given up is still on its way", "        gone = [Family.arriving.add(-fen)]\n", "        gone = [Family.arriving.add(0)]\n"),
    sabotage(BACK, "anybody takes it back", " or order.uid != uid:", ":"),
    sabotage(BACK, "goods go back as value", " or order.play != PLAY or", " or"),
    sabotage(BACK, "it is taken out of another wallet", "if family_of(order.object_id) != fid:", "if False:"),
    sabotage(BACK, "the same request takes twice", "if (done := recorded(intent, found[keys[0]])) is not None:", "if (done := recorded(intent, found[keys[0]])) is None and done:"),
    sabotage(OWING, "an order of which nothing is left stands", "if amount_fen == live_fen(order, payment):", "if False:"),
    sabotage(VIEWS, "what may go back is told of no rules", "        topup_rules.insist_in_time(order, clock.now())\n", ""),
    sabotage(BACK, "money goes back and its value stays", "[Family.paid.add(-fen)]", "[Family.paid.add(0)]"),
    sabotage(BACK, "the log does not know what went back", "amount_fen=str(fen), note=note", 'amount_fen="", note=note'),
    sabotage(VIEWS, "whose it is in the end is not said", "    purse.ENDS,\n", ""),
    sabotage(VIEWS, "a quote does not say why not", "can_top_up=refusal is None,", "can_top_up=True,"),
    sabotage(OWED, "closed wallets are all wallets", "if one.status is FamilyState.CLOSED", "if True"),
    sabotage(OWED, "the rest is forgotten", "while len(found) < AT_ONCE:", "while not found:"),
    sabotage(OWED_ROUTES, "a part is called the whole", "whole=after is None and more is None,", "whole=more is None,"),
    sabotage(WALLET, "every card is named", "return NAMED_FEN if self.named else UNNAMED_FEN", "return NAMED_FEN"),
    sabotage(CHANGES, "the old declaration is kept in mind", "    forget(mid)\n", ""),
    sabotage(CHANGES, "a filing says nothing", "if not any(sign.isalnum() for sign in getattr(terms, name)):", "if False:"),
    sabotage(CHANGES, "void terms stand", "if (void := void_terms(getattr(terms, name))) is not None:", "if (void := void_terms(getattr(terms, name))) is None and void:"),
    sabotage(WORDS, "who refuses nothing is refused", 'VOID.search(NEVER_REFUSED.sub("", row))', "VOID.search(row)"),
    sabotage(WORDS, "English terms are not read", ' or VOID_EN.search(" ".join(plain.replace("’", "\'").split()))', ""),
    sabotage(GATE, "whoever has filed nothing sells", "    if shop.wallet is None:", "    if False and shop.wallet is None:"),
    sabotage(GATE, "what is paused is published", "if shop.wallet.paused:", "if False:"),
    sabotage(GATE, "a card holds anything", "if one.fen > shop.wallet.cap_fen:", "if False:"),
    sabotage(GATE, "nothing that is sold may be called bought", "    if offer.sells_prepaid:\n        return", "    if False:\n        return"),
    sabotage(KIND, "one denomination is named twice", "        if one.sku_id in seen:", "        if False:"),
    sabotage(CODES, "codes that are sold sell no value", "if self.funding is Funding.SOLD and isinstance(self.brings, BringsPurse):", "if False:"),
    sabotage(CODES, "what is sold has a budget", "(Currency.FEN, self.brings.fen) if self.funding is Funding.GIFT else None", "(Currency.FEN, self.brings.fen)"),
    sabotage(STORE, "the gate does not know the filing", "wallet=wallet.terms if wallet is not None else None)", "wallet=None)"),
    sabotage(PURSES, "whoever is in no family fills one", "    if family is None:\n        raise RippleError(CODE_NEEDS_FAMILY)\n    standing", "    if family is None:\n        return None\n    standing"),
    sabotage(PURSES, "an ended family is filled", "    standing.insist_there(family)\n", ""),
    sabotage(PURSES, "codes that are sold pass the cap", "        purse.insist_room(family, offer.brings.fen, wallet.cap_fen(mid))\n", "        pass\n"),
    sabotage(PURSES, "what is sold is given", "sold if offer.funding is Funding.SOLD else [Family.granted.add(fen)]", "[Family.granted.add(fen)]"),
    sabotage(PURSES, "another kind of value is undone", "[Family.granted.add(-brings.fen)]", "[Family.paid.add(-brings.fen)]"),
    sabotage(PURSES, "what is spent is undone", "    if there < brings.fen:\n", "    if False:\n"),
    sabotage(SERVICE, "a preview promises what is refused", "        purses.insist_fits(mid, offer, fid, found)\n", ""),
    sabotage(DELIVERY, "what is there is delivered again", "if order.state is not OrderState.CONFIRMED or order.delivery is not Delivery.WAITING:", "if order.state is not OrderState.CONFIRMED:"),
    sabotage(PAYBACK, "value stays where its money went back", "if order.play in RETURNS:", "if False:"),
    sabotage(CASES, "after-sale takes money without its value", "if order.play in RETURNS:", "if False:"),
)  # fmt: skip


def paid_broken_by(one: dict[str, Mutant]) -> dict[str, Mutant]:
    """What breaks each promise; ``one`` finds a mutant by its name."""
    return {
        "topups_arrive": one["family/topup_payment.py: what was given up is still on its way"],
        "topups_are_moved": sabotage(PAYMENT, "a fen is missing", "Why.TOPPED_UP, paid=fen,", "Why.TOPPED_UP, paid=fen - 1,"),
        "bought_under_a_filing": sabotage(EDITIONS, "a filing is put elsewhere", "found = kind(*key, ", 'found = kind(f"0{key.pk}", key.sk, '),
        "bought_within_the_cap": one["family/purse.py: what is on its way takes no room"],
        "purse_codes_fill_once": sabotage(PURSES, "another code is named", 'return f"{code.bid}-{code.serial}"', 'return f"{code.bid}-{code.serial + 1}"'),
    }  # fmt: skip
