"""The situations at the merchant's desk, and of minors, in which things may happen at the same time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalicelib.accounts.items import NameState, User, user_key
from chalicelib.core import clock
from chalicelib.core.transaction import update_one
from chalicelib.family.adjustments import adjustment_key
from chalicelib.redpacket.items import PacketId, packet_key
from infra.local.client import Api, Person
from tests.cash import gifts
from tests.cash import shop as cash
from tests.cash.acts import asking, grant_due
from tests.family import desk
from tests.family.acts import buys, wallet
from tests.family.desk import adjusts, approves, decides_name, freezes, refuses, says_minor, unfreezes
from tests.family.people import acts, closed, member_act, offers
from tests.family.shop import NAME, household, mid_of, uid_of
from tests.proof.acts import falls_due, people
from tests.proof.stage import Act, Scene
from tests.redpacket import shop as packets
from tests.rewards import shop as rewards
from tests.town import Town
from tests.voucher import shop as codes
from tests.voucher.files import colleague
from tests.voucher.test_cash import cash_batch

WEEK = 7 * 24 * 3600


def one(what: str) -> str:
    """The key of one request, however often it is sent."""
    return what.replace(" ", "-").ljust(20, "-")


def adjusting(api: Api, fid: str, fen: int, kind: str = "granted", who: str = "") -> Act:
    return lambda: adjusts(api, fid, fen, kind, key=one(f"adjusts {fen} {who}"))


def agreeing(api: Api, fid: str, adjustment: str, who: str) -> Act:
    return lambda: approves(api, fid, adjustment, key=one(f"{who} approves"))


def grown_up(town: Town, person: Person, *, minor: bool) -> Act:
    """His family has just said that he is a minor, or that he is none; a moment goes by."""
    key = user_key(mid_of(town), uid_of(person))

    def act() -> None:
        clock.advance(1)
        said = User.minor_since.set(clock.now()) if minor else User.minor_since.remove()
        update_one(key, [said], when={})
        clock.advance(1)

    return act


def freezing(town: Town) -> Mapping[str, Act]:
    """Two keys freeze and unfreeze a family."""
    fid, lei = household(town, *people(town, "ann", "ben")), colleague(town, "李雷")
    freezes(lei, fid).expect(200)
    return {
        "the owner unfreezes it": lambda: unfreezes(town.admin, fid, key=one("owner unfreezes")),
        "lei unfreezes it": lambda: unfreezes(lei, fid, key=one("lei unfreezes")),
        "lei freezes it": lambda: freezes(lei, fid, key=one("lei freezes")),
    }


def thawing(town: Town) -> Mapping[str, Act]:
    """Two keys freeze a member, and one unfreezes him."""
    ann, ben = people(town, "ann", "ben")
    fid, lei = household(town, ann, ben), colleague(town, "李雷")
    return {
        "the owner freezes ben": lambda: freezes(town.admin, fid, who=ben, key=one("owner freezes")),
        "lei freezes ben": lambda: freezes(lei, fid, who=ben, key=one("lei freezes")),
        "lei unfreezes ben": lambda: unfreezes(lei, fid, who=ben, key=one("lei unfreezes")),
    }


def freezing_too(town: Town) -> Mapping[str, Act]:
    """What the merchant froze its owner freezes too, while it is handed over and the merchant thinks better of it."""
    ann, ben, cat = people(town, "ann", "ben", "cat")
    fid = household(town, ann, ben, cat)
    offers(ann, fid, cat).expect(200)
    freezes(town.admin, fid).expect(200)
    freezes(town.admin, fid, who=ben).expect(200)
    return {
        "ann freezes it too": lambda: acts(ann, fid, "freeze", key=one("ann freezes it")),
        "ann freezes ben too": lambda: member_act(ann, fid, ben, "freeze", key=one("ann freezes ben")),
        "the shop unfreezes it": lambda: unfreezes(town.admin, fid, key=one("shop unfreezes it")),
        "the shop unfreezes ben": lambda: unfreezes(town.admin, fid, who=ben, key=one("shop unfreezes ben")),
        "cat takes it over": lambda: acts(cat, fid, "hand-over/accept", key=one("cat takes it")),
    }


def closed_wallet(town: Town) -> Mapping[str, Act]:
    """A closed family's wallet is frozen and unfrozen at the desk, while its last owner spends of it."""
    ann, lei, campaign = town.person("ann"), colleague(town, "李雷"), town.campaign()
    fid = household(town, ann, granted=9_000)
    closed(town, ann, fid)
    return {
        "ann buys": lambda: buys(ann, campaign, wallet(fid, 500), key=one("ann buys")),
        "the owner freezes it": lambda: freezes(town.admin, fid, key=one("owner freezes")),
        "lei freezes it": lambda: freezes(lei, fid, key=one("lei freezes")),
        "lei unfreezes it": lambda: unfreezes(lei, fid, key=one("lei unfreezes")),
    }


def little(town: Town) -> Mapping[str, Act]:
    """Two keys put a wallet right, together for more than may be done alone."""
    fid, fang = household(town, town.person("ann")), colleague(town)
    adjusts(town.admin, fid, 1_000).expect(201)
    return {
        "the owner puts 6,000 in": adjusting(town.admin, fid, 6_000, who="owner"),
        "fang takes 900 out": adjusting(fang, fid, -900, who="fang"),
        "fang puts 5,000 in as bought": adjusting(fang, fid, 5_000, "paid", who="fang"),
    }


def much(town: Town) -> Mapping[str, Act]:
    """Two others approve an adjustment, and who asked takes it back, in the last instant of its week."""
    fid, fang, lei = household(town, town.person("ann")), colleague(town), colleague(town, "李雷")
    waits = desk.asked(town.admin, fid)
    clock.advance(WEEK - 1)
    lapses = falls_due(town, adjustment_key(mid_of(town), fid, waits))

    def a_week_is_over() -> None:
        clock.advance(1)
        lapses()

    return {
        "fang approves": agreeing(fang, fid, waits, "fang"),
        "lei approves": agreeing(lei, fid, waits, "lei"),
        "who asked takes it back": lambda: refuses(town.admin, fid, waits, key=one("owner takes back")),
        "the adjustment falls due": a_week_is_over,
    }


def looked_at_early(town: Town) -> Mapping[str, Act]:
    """A worker looks at an adjustment whose week is not over, while another approves it."""
    fid, fang = household(town, town.person("ann")), colleague(town)
    waits = desk.asked(town.admin, fid)
    return {
        "the adjustment falls due": falls_due(town, adjustment_key(mid_of(town), fid, waits)),
        "fang approves": agreeing(fang, fid, waits, "fang"),
    }


def taken_out(town: Town) -> Mapping[str, Act]:
    """Two adjustments together take more than there is."""
    fid, fang, lei = household(town, town.person("ann")), colleague(town), colleague(town, "李雷")
    approves(fang, fid, desk.asked(town.admin, fid, 20_000)).expect(200)
    first, second = (desk.asked(town.admin, fid, -15_000) for _ in range(2))
    return {
        "fang approves the first": agreeing(fang, fid, first, "fang"),
        "lei approves the second": agreeing(lei, fid, second, "lei"),
    }


def naming(town: Town) -> Mapping[str, Act]:
    """A name waits, and two decide otherwise."""
    fid, fang = desk.listed(town, town.person("ann"), name_state=NameState.REVIEW), colleague(town)
    return {
        "the owner shows it": lambda: decides_name(town.admin, fid, NAME, shown=True, key=one("shows it")),
        "fang refuses it": lambda: decides_name(fang, fid, NAME, shown=False, key=one("refuses it")),
    }


def coming_of_age(town: Town) -> Mapping[str, Act]:
    """Two keys say that somebody is a minor, and that he is none."""
    ann, fang = town.person("ann"), colleague(town)
    return {
        "the owner says that ann is a minor": lambda: says_minor(town.admin, ann, minor=True, key=one("a minor")),
        "fang says so too": lambda: says_minor(fang, ann, minor=True, key=one("a minor too")),
        "fang says that she is none": lambda: says_minor(fang, ann, minor=False, key=one("no minor")),
    }


def cash_of_a_minor(town: Town) -> Mapping[str, Act]:
    """Ann has cash, and is about to be given more, when she becomes a minor."""
    campaign, ann = cash.opened(town), town.person("ann")
    cash.given(town, campaign, ann)
    rewards.promise(town, campaign, ann, "more", 100, cash.AT_ONCE, seconds=0)
    return {
        "ann claims": asking(town, ann),
        "more is given": grant_due(town, ann, "more"),
        "ann becomes a minor": grown_up(town, ann, minor=True),
    }


def what_a_minor_did(town: Town) -> Mapping[str, Act]:
    """A code of cash is redeemed, and a node of cash reached, by somebody who becomes a minor."""
    _, bid = cash_batch(town)
    ann, ben = packets.grown(town, "ann", "ben")
    rid, code = packets.started(ann, gifts.unlocking(town)), codes.code(town, bid)
    other = packets.started(ann, town.campaign(packets.unlock_offer()))
    packets.helps(ben, rid).expect(201)
    return {
        "ann redeems": lambda: codes.redeems(ann, code, key=one("ann redeems")),
        "a node falls due": falls_due(town, packet_key(mid_of(town), PacketId(rid))),
        "a packet of balance is looked at": falls_due(town, packet_key(mid_of(town), PacketId(other))),
        "ann becomes a minor": grown_up(town, ann, minor=True),
    }


BUILDS: tuple[Callable[[Town], Mapping[str, Act]], ...] = (
    *(freezing, thawing, freezing_too, closed_wallet, little, much, looked_at_early, taken_out, naming, coming_of_age),
    *(cash_of_a_minor, what_a_minor_did),
)
SCENES = [Scene(f"desk_{build.__name__}", build) for build in BUILDS]
