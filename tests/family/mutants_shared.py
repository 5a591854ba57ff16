"""What of shared coupons must not be wrong and is no condition, and what breaks each promise about them."""

from __future__ import annotations

from tests.proof.mutant import Mutant, sabotage

ROOM = "chalicelib/coupons"
SHARED, RULES, USE, VIEWS, ITEMS, TENDER = (
    f"{ROOM}/{name}.py" for name in ("shared", "shared_rules", "shared_use", "shared_views", "items", "tender")
)
STANDING = "chalicelib/family/standing.py"

SHARED_OUT: tuple[Mutant, ...] = (
    sabotage(SHARED, "a late repetition shares what was taken out", "        if recorded(intent, found[record]) is not None:\n            return coupon\n        if belongs", "        if belongs"),
    sabotage(SHARED, "a family that is closing shares", "        standing.insist_there(family)\n", ""),
    sabotage(SHARED, "what is shared is shared twice", "        if rules.is_shared(coupon, fid, member):\n            return coupon\n", ""),
    sabotage(SHARED, "a former family keeps its row", "    if former not in (None, fid):", "    if False:"),
    sabotage(SHARED, "what was taken out stays listed", "        tx.delete(\"row\", shared_key(mid, fid, uid, coupon_id), when={})\n", ""),
    sabotage(SHARED, "one who has left sees what is shared", "    standing.seen(read(*standing.keys(mid, fid, uid)), mid, fid, uid)\n    rows", "    rows"),
    sabotage(SHARED, "what its owner left behind is shared", "if coupon is not None and rules.is_shared(coupon, fid, found.item(Member, member_key(mid, fid, row.uid))):", "if coupon is not None:"),
    sabotage(SHARED, "one's own is a choice twice", "[coupon for coupon in _all(mid, belongs.fid) if coupon.uid != uid]", "list(_all(mid, belongs.fid))"),
    sabotage(RULES, "any coupon is for families", "    if not coupon.terms.family:\n        raise RippleError(problems.COUPON_NOT_FOR_FAMILY)\n", ""),
    sabotage(RULES, "what is used up is shared", "    if not any(coupon.state(piece, now) in USABLE for piece in range(len(coupon.windows))):\n        raise RippleError(problems.COUPON_NOTHING_TO_SHARE)\n", ""),
    sabotage(RULES, "coming back shares again", "return owner.state in BELONGS and owner.joined_at <= coupon.shared_at", "return owner.state in BELONGS"),
    sabotage(RULES, "a frozen owner shares nothing", "BELONGS = (MemberState.ACTIVE, MemberState.FROZEN)", "BELONGS = (MemberState.ACTIVE,)"),
    sabotage(USE, "who may not spend uses one", "    standing.insist_may_spend(family, member, clock.now())\n", ""),
    sabotage(USE, "what is not shared is used", "    if coupon is None or not rules.is_shared(coupon, fid, owner):", "    if coupon is None:"),
    sabotage(USE, "two of one owner are one too many", "if part == next(one for one in of_family if _owner(one, order.uid) == named.uid):", "if True:"),
    sabotage(USE, "two of one family are one too many", "if part == of_family[0] and not by_wallet:", "if not by_wallet:"),
    sabotage(ITEMS, "one's own is borrowed", "if found is None or found[2] == uid:", "if found is None:"),
    sabotage(TENDER, "late money uses what is not shared any more", "if named.fid is not None and not shared_use.may_use(found, order.mid, named.fid, order.uid, named):", "if False:"),
    sabotage(TENDER, "a choice forgets who may not spend", "            family.insist_may_use(now)\n", "            pass\n"),
    sabotage(TENDER, "a quote forgets what others share", "if (family := shared.of_others(bill.mid, bill.uid)) is not None:", "if (family := shared.of_others(bill.mid, \"\")) is not None:"),
    sabotage(VIEWS, "everybody calls it as its owner does", "ref = ref_of(coupon.coupon_id, n) if mine else", "ref = ref_of(coupon.coupon_id, n) if True else"),
    sabotage(STANDING, "a coupon of one's own is the family's", "part.ref.split(\".\")[0] == fid", "True"),
)  # fmt: skip


def broken_by() -> dict[str, Mutant]:
    """What breaks each promise about them."""
    return {
        "shared_coupons_are_listed": sabotage(SHARED, "no family finds it", "    tx.put(\"row\", row, when={})\n", ""),
        "borrowed_within_the_family": sabotage(USE, "anybody borrows", "    family, member = standing.seen(found, mid, fid, uid)\n    standing.insist_may_spend(family, member, clock.now())\n", ""),
    }  # fmt: skip
