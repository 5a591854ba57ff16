"""What of a family's wallet must not be wrong and is no condition, each as one sabotaged line; what breaks promises."""

from __future__ import annotations

from collections.abc import Mapping

from tests.proof.mutant import Mutant, sabotage

ROOM = "chalicelib/family"
CAPS, FILLING, LEDGER, PEOPLE, SPENDS, SUMMARY, TENDER, VIEWS = (
    f"{ROOM}/{name}.py"
    for name in ("caps", "filling", "ledger", "people", "spends", "summary", "tender", "money_views")
)

GIVEN_FIRST = sabotage(
    CAPS, "what was given comes back first", "return fen - first, first", "return first, fen - first"
)
STAYS_HELD = sabotage(SPENDS, "what is paid is held for ever", "actions = [Spend.state.set(SpendState.CAPTURED), Spend.captured_at.set(clock.now())]", "actions = [Spend.captured_at.set(clock.now())]")  # fmt: skip

SPENT: tuple[Mutant, ...] = (
    GIVEN_FIRST,
    STAYS_HELD,
    sabotage(CAPS, "a minor takes a part", "needed = wanted if self.whole else 1", "needed = 1"),
    sabotage(CAPS, "a closed family has a cap", "return None if family.status is FamilyState.CLOSED else family.cap", "return family.cap"),
    sabotage(CAPS, "last month counts", "spent = member.spent if member.month == month else 0", "spent = member.spent"),
    sabotage(CAPS, "everybody's last month counts", "(family.spent or 0) if family.month == month else 0", "family.spent or 0"),
    sabotage(CAPS, "a month that is ahead is overlooked", "if max(family.month or month, member.month or month) > month:", "if False:"),
    sabotage(CAPS, "an approval reaches beyond the wallet", "if self.balance < total:", "if False:"),
    sabotage(CAPS, "an approval reaches beyond everybody's cap", "if self.family_left is not None and self.family_left < total:", "if False:"),
    sabotage(CAPS, "what was bought is spent first", "first = min(granted, fen)", "first = min(granted, fen - 1)"),
    sabotage(SPENDS, "what comes back is always spent again", "restores = bool(family.restores) and", "restores ="),
    sabotage(SPENDS, "what was approved is spent again", "and spend.ask is None and member.month", "and member.month"),
    sabotage(SPENDS, "late money is whose it was", "        Spend.payer.set(spend.payer),\n", ""),
    sabotage(SPENDS, "nobody counts what all take", "actions.append(Family.spent.add(fen))", "pass"),
    sabotage(TENDER, "whoever knows of a request approves it", "if \".\" in pay.ref and not isinstance(pay, Approved):", "if False:"),
    sabotage(TENDER, "anybody approves", "if wallet.family.owner != pay.by:", "if False:"),
    sabotage(TENDER, "a closed family's wallet is everybody's", "if family.status is not FamilyState.CLOSED or family.owner != uid:", "if family.status is not FamilyState.CLOSED:"),
    sabotage(TENDER, "a closed family's wallet pays whom the shop froze", "    elif member.frozen_by is not None:\n", "    elif False:\n"),
    sabotage(TENDER, "nobody is told of what he has of closed families", ", *(belonging.wallets or [])]", "]"),
    sabotage(TENDER, "nobody is told what to do instead", "{'；' if language == 'zh' else ' '}{told['next']}", ""),
    sabotage(TENDER, "a wallet tells a hidden name", "(name := family.name_for(uid)) is not None", "(name := family.name)"),
    sabotage(TENDER, "a closed wallet looks like one that is open", "if family is not None and family.status is FamilyState.CLOSED:", "if False:"),
    sabotage(TENDER, "late money takes what is not there", "return room.within(part.fen) == part.fen", "return room.within(part.fen) > 0"),
    sabotage(FILLING, "one key fills twice", "if done.legs != legs:", "if False:"),
    sabotage(FILLING, "anybody fills any wallet", "        topup_rules.insist_may_fill(family, member)\n", ""),
    sabotage(FILLING, "nobody is told that it is too much", "if there < fen:", "if False:"),
    sabotage(LEDGER, "members see what everybody put in", "owns or family.mode is Mode.PURSE or bool(family.open_balance)", "True"),
    sabotage(LEDGER, "members see nothing that came in", "owns or family.mode is Mode.PURSE or bool(family.open_balance)", "owns"),
    sabotage(LEDGER, "everybody sees what everybody spends", "return self.all or mine == self.uid or", "return True or"),
    sabotage(LEDGER, "who belonged to a closed family still looks", "if family.status is FamilyState.CLOSED and not owns:", "if False:"),
    sabotage(LEDGER, "a page begins with the last row of the one before", "position(row) < before]", "position(row) <= before]"),
    sabotage(SUMMARY, "what was released is summed", " or row.state is SpendState.RELEASED:", ":"),
    sabotage(SUMMARY, "what may be spent again counts", "his.spent += row.total - (row.restored or 0)", "his.spent += row.total"),
    sabotage(SUMMARY, "a month is London's", "replace(tzinfo=clock.BEIJING)", "replace(tzinfo=clock.now().tzinfo)"),
    sabotage(SUMMARY, "a member's month is everybody's", "if sight.shows(row)]", "]"),
    sabotage(LEDGER, "everybody is told whose top-up it was", "mine = self.all or row.by == self.uid", "mine = True"),
    sabotage(LEDGER, "no top-up is found from the ledger", "return row.subject if mine", "return None if mine"),
    sabotage(VIEWS, "a member's page is everybody's", "if sight.shows(row)]", "]"),
    sabotage(VIEWS, "the last part is all of the month", "whole=since is None and sums.after is None,", "whole=sums.after is None,"),
    sabotage(VIEWS, "only who has spent is in a month", "*(_belonging(sight.family) if sight.all else [])]", "]"),
)  # fmt: skip


def money_broken_by(known: Mapping[str, Mutant]) -> dict[str, Mutant]:
    """What breaks each promise of the wallet."""
    return {
        "wallets_add_up": sabotage(SPENDS, "what is free stays away", "home = [Family.granted.add(spend.granted), Family.paid.add(spend.paid), Family.held.add(-1)]", "home = [Family.granted.add(spend.granted), Family.held.add(-1)]"),
        "wallets_count_holds": sabotage(SPENDS, "what is paid still counts as held", "[Family.held.add(-1)], when={})", "[Family.held.add(0)], when={})"),
        "months_are_counted": sabotage(SPENDS, "what was released still counts", "[Member.spent.add(-part.fen)]", "[Member.spent.add(0)]"),
        "caps_hold": known["family/spends.py: _add_counted without room"],
        "spends_and_orders_agree": STAYS_HELD,
        "backs_are_bounded": GIVEN_FIRST,
        "approvals_execute_once": sabotage("chalicelib/family/ask_items.py", "a request names no order", "Ask.oid.set(order.oid)", "Ask.oid.set(order.uid)"),
        "fills_are_posted": sabotage(FILLING, "a fen is lost on its way", "granted=fen, by=uid", "granted=fen - 1, by=uid"),
        "ends_end_spending": sabotage(PEOPLE, "who is frozen spends", "cold = [Member.state.set(MemberState.FROZEN),", "cold = [Member.state.set(MemberState.ACTIVE),"),
        "holds_end": STAYS_HELD,
    }  # fmt: skip
