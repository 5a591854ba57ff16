"""What of people in families must not be wrong and is no condition, and what breaks each promise about them."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

RULES, SERVICE, PEOPLE, JOINING, INVITING, HANDING, TIMERS, NAMING, DETAIL, PREVIEW, CODES, ROUTES = (
    f"chalicelib/family/{name}.py"
    for name in (
        *("rules", "service", "people", "joining", "inviting", "handing", "timers", "naming", "detail", "preview"),
        *("invitation_codes", "routes"),
    )
)

ITEMS = "chalicelib/family/items.py"

PEOPLED: tuple[Mutant, ...] = (
    sabotage(RULES, "whoever is in a family makes another", "if belonging is not None and belonging.fid is not None:", "if False:"),
    sabotage(RULES, "nobody is locked", "until if until is not None and now < until else None", "None"),
    sabotage(RULES, "wallets of closed families are without number", "len(belonging.wallets or []) >= MOST_WALLETS", "False"),
    sabotage(RULES, "a minor makes a family", "    if user.minor_since is not None:\n        raise RippleError(problems.MINOR_OWNS_NONE)\n", "    pass\n"),
    sabotage(RULES, "a seventh is let in", "if family.size >= MOST_PEOPLE:", "if False:"),
    sabotage(RULES, "a frozen family invites", "if family.status is FamilyState.FROZEN:", "if False:"),
    sabotage(RULES, "an invitation is open until it is written down", "InvitationState.OPEN and now > invitation.until:", "InvitationState.OPEN and False:"),
    sabotage(RULES, "an invitation ends before its last instant", "and now > invitation.until:", "and now >= invitation.until:"),
    sabotage(RULES, "a minor needs nobody's consent", "if role is Role.MINOR and not consent:", "if False:"),
    sabotage(RULES, "the owner leaves", "if family.owner == uid:", "if False:"),
    sabotage(RULES, "a minor leaves", "if member.role is Role.MINOR:", "if False:"),
    sabotage(RULES, "the owner unfreezes what the shop froze", "if frozen_by is not None and frozen_by != BY_OWNER:", "if False:"),
    sabotage(RULES, "a minor owns a family", "if heir.role is not Role.ADULT or", "if"),
    sabotage(RULES, "somebody frozen owns a family", " or heir.state is not MemberState.ACTIVE:", ":"),
    sabotage(RULES, "a month never ends", "if member.month == month else (0, 0)", "if True else (0, 0)"),
    sabotage(RULES, "less than nothing is left", "return max(0, member.cap", "return max(-(10**9), member.cap"),
    sabotage(RULES, "nobody waits for a day", "COOLING = timedelta(hours=24)", "COOLING = timedelta(hours=0)"),
    sabotage(RULES, "a lock ends after a month", "LOCK = timedelta(days=90)", "LOCK = timedelta(days=30)"),
    sabotage(SERVICE, "a family made again is refused", "            intent.insist_same(made.fingerprint)\n            return fid\n", "            pass\n"),
    sabotage(SERVICE, "no list has a family", "    family.gsi3pk, family.gsi3sk = families_index(mid, shard_of(fid)), place(named.at, fid)\n", ""),
    sabotage(SERVICE, "a cap stays", "        actions.append(Family.cap.remove())\n", "        pass\n"),
    sabotage(SERVICE, "an offer outlives its family", "    ends += [Family.offered_to.remove(), Family.offered_at.remove()]\n", "    pass\n"),
    sabotage(SERVICE, "the owner closes what the shop froze", "        rules.insist_not_by_shop(family.frozen_by)\n        there", "        there"),
    sabotage(NAMING, "a name in doubt is looked at again and again", "    if name == family.name and family.name_state in (NameState.SHOWN, NameState.REVIEW):\n        return None\n", ""),
    sabotage(NAMING, "a refused name is taken again", "    if name == family.name and family.name_state is NameState.REFUSED:\n        raise RippleError(TEXT_REFUSED, POINTER)\n", ""),
    sabotage(NAMING, "any name may be given", "    if state is NameState.REFUSED:\n        raise RippleError(TEXT_REFUSED, POINTER)\n", ""),
    sabotage(ITEMS, "everybody sees a hidden name", "self.name if self.name_state is NameState.SHOWN or self.owner == uid else None", "self.name"),
    sabotage(ITEMS, "the owner does not see his hidden name", " or self.owner == uid else None", " else None"),
    sabotage(NAMING, "a name is kept with its spaces", "kept := name.strip()", "kept := name"),
    sabotage(PREVIEW, "a card tells a hidden name", 'if family.name_state is NameState.SHOWN else ""', 'if True else ""'),
    sabotage(PREVIEW, "an invitation tells a hidden name", "family_name=family.name if family.name_state is NameState.SHOWN else None,", "family_name=family.name,"),
    sabotage(PREVIEW, "what is over is told", "terms=_terms(offered, language) if state is InvitationState.OPEN else None,", "terms=_terms(offered, language),"),
    sabotage(PREVIEW, "who is in a family may accept", "        rules.insist_free(offered.belonging, now)\n", ""),
    sabotage(JOINING, "who joins again is refused", " or invitation.used_by == uid:", ":"),
    sabotage(JOINING, "who comes back has spent nothing", "        stale = [Member.left_at.remove(),", "        stale = [Member.spent.set(0), Member.left_at.remove(),"),
    sabotage(JOINING, "whoever joins is no minor", "    people.add_minority(tx, user, minor=minor, now=now)\n", ""),
    sabotage(JOINING, "an invitation is declined once more", " or invitation.state is InvitationState.DECLINED:", ":"),
    sabotage(INVITING, "anybody's invitation is revoked", "if invitation is None or invitation.fid != fid:", "if invitation is None:"),
    sabotage(INVITING, "an invitation is revoked once more", " or invitation.state is InvitationState.REVOKED:", ":"),
    sabotage(INVITING, "who owned a family still learns its codes", "        family = standing.owned(found, mid, fid, uid)\n        if (before", "        family, _ = standing.seen(found, mid, fid, uid)\n        if (before"),
    sabotage(INVITING, "an invitation passes at its last instant", "made.set_due(made.until + OVER)", "made.set_due(made.until)"),
    sabotage(INVITING, "an invitation sent again is another", "        if (before := recorded(intent, found[keys[0]])) is not None:\n", "        if (before := None) is not None:\n"),
    sabotage(PEOPLE, "an adult by his family stays a minor", "        tx.update(\"user\", user, [User.minor_since.remove()], when={})\n", "        pass\n"),
    sabotage(PEOPLE, "who left is locked no more when he joins", "[Belonging.fid.set(fid), Belonging.locked_until.remove()]", "[Belonging.fid.set(fid)]"),
    sabotage(PEOPLE, "everybody who ever was there is there", " and item.state in STAYS]", "]"),
    sabotage(HANDING, "an owner keeps his caps", "[Member.role.set(Role.OWNER), Member.per.remove(), Member.cap.remove()]", "[Member.role.set(Role.OWNER)]"),
    sabotage(HANDING, "nobody withdraws an offer", "    if uid != family.owner or family.offered_to is None:\n", "    if True:\n"),
    sabotage(DETAIL, "everybody sees the balance", "if owner or family.open_balance or family.mode is Mode.PURSE else None", "if True else None"),
    sabotage(DETAIL, "an open balance is closed", "if owner or family.open_balance or family.mode is Mode.PURSE else None", "if owner or family.mode is Mode.PURSE else None"),
    sabotage(DETAIL, "a purse is closed", "if owner or family.open_balance or family.mode is Mode.PURSE else None", "if owner or family.open_balance else None"),
    sabotage(DETAIL, "members see one another", "    seen = me or owner\n", "    seen = True\n"),
    sabotage(DETAIL, "everybody sees whom it is offered to", " or me.uid not in (family.owner, family.offered_to):", ":"),
    sabotage(DETAIL, "a family's month never ends", "(family.spent or 0) if family.month == month else 0", "(family.spent or 0)"),
    sabotage(DETAIL, "members see the family's cap", "cap=_cap(family, month) if owner else None,", "cap=_cap(family, month),"),
    sabotage(CODES, "an invitation is a text code", "_sum(letters) != 1:", "_sum(letters) != 0:"),
    sabotage(CODES, "look-alikes are other letters", '.translate(_TYPED)\n', "\n"),
    sabotage(ROUTES, "a cap is said and unsaid", "    if asked.uncapped and asked.cap_fen is not None:\n", "    if False:\n"),
)  # fmt: skip

BROKEN: dict[str, Mutant] = {
    "one_family_a_person": sabotage(PEOPLE, "who leaves stays", "[Belonging.fid.remove(), Belonging.locked_until.set(until)]", "[Belonging.locked_until.set(until)]"),
    "families_are_counted": sabotage(PEOPLE, "who leaves is still counted", "[Family.size.add(-1)]", "[Family.size.add(0)]"),
    "families_have_one_owner": sabotage(HANDING, "who owned it owns it", "stays = [Member.role.set(Role.ADULT), ", "stays = ["),
    "families_are_offered_to_their_own": sabotage(PEOPLE, "who leaves may still take it over", "        fewer += [Family.offered_to.remove(), Family.offered_at.remove()]\n", "        pass\n"),
    "minors_have_consent": sabotage(PEOPLE, "no consent is kept", "[Member.role.set(role), Member.consent.set(Consent(family.owner, now))]", "[Member.role.set(role)]"),
    "closed_wallets_are_owned": sabotage(TIMERS, "a wallet is lost", "            free.append(Belonging.wallets.set(wallets))\n", "            pass\n"),
    "ends_are_looked_after": sabotage(INVITING, "no invitation passes", "    made.set_due(made.until + OVER)\n", ""),
    "invitations_are_used_once": sabotage(JOINING, "nobody used it", "[Invitation.state.set(InvitationState.USED), Invitation.used_by.set(user.uid)]", "[Invitation.state.set(InvitationState.USED)]"),
    "hidden_family_names_are_listed": sabotage(NAMING, "a name that is cleared waits", "return [*said, Family.gsi1pk.remove(), Family.gsi1sk.remove()]", "return said"),
    "families_end": sabotage(SERVICE, "nobody closes what ends", "when=there, due=clock.now())", "when=there)"),
}  # fmt: skip
