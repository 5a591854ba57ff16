"""Two merchants with everything that a route may be about, and every role that may ask for it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import jwt
import pytest

from chalicelib.accounts.items import NameState
from chalicelib.core import chance, clock
from chalicelib.core.ids import MerchantId
from chalicelib.family.guesses import InvitationGuesses
from chalicelib.notices.moments import Moment
from chalicelib.orders import stuck
from chalicelib.voucher.items import Guesses
from infra.local.client import Api, Person, Reply
from infra.local.seed import demo_offer
from tests.accounts.texts import DOUBTFUL
from tests.bargain.shop import LOOKED, offer, started, ticket, waiting
from tests.cash import shop as cash
from tests.conftest import EMULATOR, START
from tests.contract.matrix import MATRIX, OF_GOODS, QUERIES
from tests.coupons import shop as coupons
from tests.emulator import copied
from tests.family import desk
from tests.family import people as family
from tests.family import topup_shop as topups
from tests.family.acts import balance
from tests.family.asks_shop import asked
from tests.family.shared_shop import FOR_FAMILIES
from tests.family.shop import NAME, endow
from tests.fulfilment.shop import OTHER, PARCEL, Bought, bought
from tests.inviting import shop as inviting
from tests.livecodes import shop as livecodes
from tests.merchants.wallet import FILED
from tests.notices import shop as notices
from tests.orders.address import ADDRESS
from tests.posters import shop as posters
from tests.punchcards import shop as cards
from tests.recall import shop as segments
from tests.redpacket import shop as packets
from tests.rewards.shop import offer as giving
from tests.sharing.friends import invitation
from tests.snapshot import keep
from tests.thanks import shop as thanks
from tests.thanks.shop import pouring
from tests.town import Town, send
from tests.voucher import files, goods_shop, words
from tests.voucher import shop as vouchers

EDITED = {name: said for name, said in livecodes.wish().items() if name != "targets"}
"""The texts of a live code."""

OF_CARDS = (
    ("GET", "/v1/families/{family_id}/cards/{order_id}"),
    ("POST", "/v1/families/{family_id}/cards/{order_id}/refund"),
    ("POST", "/v1/families/{family_id}/cards/{order_id}/pass"),
    ("GET", "/v1/families/{family_id}/cards/{order_id}/pass/qr"),
    ("GET", "/v1/admin/cards/{order_id}"),
    ("POST", "/v1/admin/cards/{order_id}/refund"),
)
BUYING = ("", "/quote")
"""Routes of a punch card, and of buying one."""

SHARING = ("share", "unshare")
"""What becomes of a coupon that a family may use."""

LONG_AGO = 31 * 86_400
"""Longer than any token lives, refresh tokens too."""


class Scene:
    """Two merchants, a group in which the user holds an unpaid seat, and a campaign in every state."""

    def __init__(self) -> None:
        self.town = town = Town(EMULATOR)
        expired = town.person("expired")
        clock.advance(1)
        guest, host = town.person("user"), town.person("other")
        fid = family.founded(host)
        family.joins(guest, family.invited(host, fid))
        host.api.call("PATCH", f"/v1/families/{fid}", {"mode": "purse"}).expect(200)
        endow(town, fid, 90_000, 0)
        self.invitation = invitation(expired)
        clock.advance(LONG_AGO)
        other_shop = town.second()
        running, self.draft, self.paused = town.campaign(), self.drafted(), town.campaign()
        town.admin.post(f"/v1/admin/campaigns/{self.paused}/pause")
        _, group = town.opened(running)
        self.user, other = town.person("user"), town.person("other")
        seat = self.user.join(group["group_id"]).expect(201)
        self.user.api.call("PUT", f"/v1/orders/{seat['order_id']}/receiver", ADDRESS).expect(200)
        goods = self.goods()
        self.bargains, self.gifts = town.campaign(offer()), town.campaign(giving())
        self.inviting = town.campaign(inviting.offer())
        bid = started(self.user, self.bargains)
        self.ticket = ticket(other, bid)
        self.goods_code = vouchers.code(town, goods_shop.minted(town))
        self.coupons = town.campaign(coupons.offer(per_user=9))
        coupon = coupons.claimed(self.user, self.coupons)
        for_family = coupons.gets(town, self.user, FOR_FAMILIES)
        self.rain, self.word = pouring(town), words.spoken(town)
        self.rain_ticket = thanks.ticket(self.user, self.rain)
        self.unlocks = town.campaign(packets.unlock_offer())
        unlocked = packets.started(self.user, self.unlocks)
        shared_out = packets.brought(town, self.user, town.campaign(packets.goods()))
        self.tickets = {rid: packets.ticket(other, rid) for rid in (unlocked, shared_out)}
        self.claimed = shared_out
        money = cash.opened(town)
        claimable = cash.given(town, money, self.user)
        asked_for = cash.given(town, money, self.user, "gift-2")
        self.user.api.call("POST", f"/v1/me/cash/{asked_for}/claim", {}).expect(200)
        self.codes = town.campaign(vouchers.offer(vouchers.POINTS, per_user=None))
        batch = vouchers.minted(town, self.codes)
        self.code = vouchers.code(town, batch)
        vouchers.redeems(self.user, vouchers.code(town, batch, 1)).expect(201)
        town.admin.post("/v1/admin/codes/keys/retire", {"note": "leaked"})
        self.topups = topups.opened(town)
        self.home = fid
        topped_up = topups.tops_up(town, self.user, self.topups, fid).expect(201)
        self.user.pay(topped_up).expect(200)
        town.hear()
        self.cards = cards.opened(town)
        card = cards.bought(town, self.user, fid, self.cards)
        self.used = cards.uses(town, self.user, fid, card)
        clock.advance(LOOKED)
        self.card_pass = cards.a_pass(self.user, fid, card)
        self.shown = self.user.api.get("/v1/me/pass")["qr"]
        phone = town.person("user")
        phone.api.call("POST", "/v1/logout", {"refresh_token": phone.refresh_token}).expect(204)
        foreign = Person.login(send, town.control, other_shop.appid, "user")
        viewer, operator, revoked, spare = (self.key(role) for role in ("viewer", "operator", "owner", "viewer"))
        town.admin.post(f"/v1/admin/keys/{revoked['key']['key_id']}/revoke")
        asked_export = self.exports(Api(send, operator["api_key"]))
        refund, unplaced = self.stuck()
        released = posters.released(town)
        posters.stands(town, "invite", tall=released).expect(200)
        self.terms = {"owner": town.admin.get("/v1/admin/cash")["edition"]}
        """Which edition of how cash is paid stands; the other merchant pays none."""
        self.filing = {"owner": topups.terms_read(town)}
        self.sorting = {"owner": segments.sorts(town)}
        notices.says(town, Moment.PAID, Moment.RECALL)
        self.voice = {"owner": town.admin.get("/v1/admin/notices")["edition"]}
        self.ids = {
            "campaign_id": running,
            "group_id": group["group_id"],
            "order_id": seat["order_id"],
            "mid": town.merchant.mid,
            "key_id": spare["key"]["key_id"],
            "stuck_id": unplaced,
            "case": "1",
            "bargain_id": bid,
            "coupon_id": coupon,
            "burst": "1",
            "packet_id": unlocked,
            "cash_id": claimable,
            "share_id": invitation(self.user)["share_id"],
            "held_id": waiting(town, self.user, other),
            "user_id": self.doubtful(other),
            "year": "2026",
            "batch_id": batch,
            "export": "01",
            "picture_id": posters.sent(town),
            "poster_id": posters.written(town),
            "kind": "campaign",
            "template_id": notices.banned(town),
            "live_id": livecodes.made(town, livecodes.page(), livecodes.store()),
            "number": "1",
            "family_id": fid,
            "segment": "new",
            "recall_id": segments.recalls(town, self.coupons),
            "ask_id": asked(self.user, fid, running),
        }
        self.family = self.adjusted()
        """What the merchant's desk has of a family."""
        family.offers(other, fid, self.user).expect(200)
        self.ids["code"] = family.invited(other, fid)
        members = "/v1/families/{family_id}/members/{user_id}"
        balance(town, self.user, 100)
        self.resting = livecodes.made(town, livecodes.page())
        livecodes.turns(town, self.resting, 1, "close").expect(200)
        livecodes.moves(town, self.resting, "pause").expect(200)
        admin = "/v1/admin/campaigns/{campaign_id}"
        self.other_ids = {
            ("PUT", admin): {"campaign_id": self.draft},
            ("PUT", f"{admin}/allowed-words"): {"campaign_id": self.draft},
            ("POST", f"{admin}/publish"): {"campaign_id": self.draft},
            ("POST", f"{admin}/resume"): {"campaign_id": self.paused},
            ("POST", "/v1/admin/live-codes/{live_id}/resume"): {"live_id": self.resting},
            ("POST", "/v1/admin/live-codes/{live_id}/targets/{number}/reopen"): {"live_id": self.resting},
            **{("POST", f"{members}/{act}"): {"user_id": self.user.uid} for act in ("remove", "freeze", "unfreeze")},
            ("PATCH", members): {"user_id": self.user.uid},
            ("POST", "/v1/admin/stuck/{stuck_id}/retry"): {"stuck_id": refund},
            ("POST", "/v1/campaigns/{campaign_id}/bargains"): {"campaign_id": self.bargains},
            ("GET", "/v1/admin/campaigns/{campaign_id}/bargains"): {"campaign_id": self.bargains},
            **{("POST", f"{admin}/budget/{act}"): {"campaign_id": self.gifts} for act in ("top-up", "release")},
            ("GET", f"{admin}/cash"): {"campaign_id": money},
            ("POST", "/v1/campaigns/{campaign_id}/topups/quote"): {"campaign_id": self.topups},
            ("POST", "/v1/campaigns/{campaign_id}/topups"): {"campaign_id": self.topups},
            ("GET", "/v1/families/{family_id}/topups/{order_id}"): {"order_id": topped_up["order_id"]},
            ("POST", "/v1/families/{family_id}/topups/{order_id}/refund"): {"order_id": topped_up["order_id"]},
            ("POST", "/v1/campaigns/{campaign_id}/coupons"): {"campaign_id": self.coupons},
            ("GET", "/v1/admin/campaigns/{campaign_id}/coupons"): {"campaign_id": self.coupons},
            ("POST", "/v1/admin/campaigns/{campaign_id}/coupons/give"): {"campaign_id": self.coupons},
            ("POST", "/v1/admin/users/{user_id}/coupons/{coupon_id}/invalidate"): {"user_id": self.user.uid},
            **{("POST", f"/v1/me/coupons/{{coupon_id}}/{act}"): {"coupon_id": for_family} for act in SHARING},
            **{("POST", f"/v1/campaigns/{{campaign_id}}/cards{act}"): {"campaign_id": self.cards} for act in BUYING},
            **{(method, path): {"order_id": card} for method, path in OF_CARDS},
            ("GET", "/v1/campaigns/{campaign_id}/bursts"): {"campaign_id": self.rain},
            ("POST", "/v1/campaigns/{campaign_id}/bursts/{burst}/claims"): {"campaign_id": self.rain},
            ("GET", "/v1/admin/campaigns/{campaign_id}/bursts"): {"campaign_id": self.rain},
            ("GET", "/v1/admin/campaigns/{campaign_id}/word"): {"campaign_id": self.word},
            ("GET", "/v1/campaigns/{campaign_id}/rewards"): {"campaign_id": self.inviting},
            ("GET", "/v1/admin/campaigns/{campaign_id}/inviters"): {"campaign_id": self.inviting},
            ("POST", "/v1/campaigns/{campaign_id}/packets"): {"campaign_id": self.unlocks},
            ("POST", "/v1/packets/{packet_id}/claims"): {"packet_id": shared_out},
            ("POST", "/v1/me/cash/{cash_id}/cancel"): {"cash_id": asked_for},
            ("POST", "/v1/admin/posters/{poster_id}/withdraw"): {"poster_id": released},
            ("POST", "/v1/admin/batches/{batch_id}/exports/{export}/approve"): {
                "batch_id": asked_export,
                "export": "02",
            },
            ("POST", "/v1/admin/batches/{batch_id}/exports/{export}/link"): {"batch_id": asked_export},
            **{key: self.family for key in MATRIX if key[1].startswith("/v1/admin/families/{")},
            **{(method, f"{admin}/batches"): {"campaign_id": self.codes} for method in ("GET", "POST")},
            **{("POST", path): {"order_id": goods[state].order_id} for path, state in OF_GOODS.items()},
            ("GET", "/v1/orders/{order_id}/pickup/qr"): {"order_id": goods["fetched"].order_id},
        }
        """Where a route needs an object of its own: another state, or another play's."""
        self.tokens: dict[str, str | None] = {
            "anonymous": None,
            "user": self.user.api.token,
            "other_user": other.api.token,
            "foreign_user": foreign.api.token,
            "viewer": viewer["api_key"],
            "operator": operator["api_key"],
            "owner": town.merchant.api_key,
            "foreign_owner": other_shop.api_key,
            "expired": expired.api.token,
            "logged_out": phone.api.token,
            "revoked_key": revoked["api_key"],
            "forged_token": forged(str(self.user.api.token)),
            "forged_key": town.merchant.api_key[:-40] + "0" * 40,
        }
        self.refresh_tokens = {
            "user": self.user.refresh_token,
            "other_user": other.refresh_token,
            "foreign_user": foreign.refresh_token,
            "expired": expired.refresh_token,
            "logged_out": phone.refresh_token,
            "forged_token": self.user.refresh_token[:-32] + "A" * 32,
        }
        for role in ("viewer", "operator", "owner", "foreign_owner"):
            # The first use of a key in a day is noted with it.
            self.call(role, "GET", "/v1/admin/merchant").expect(200)
        self.start = [*copied(self.stored())]
        self._back = keep(town)
        self.untouched = False
        """Whether everything is as it was when the scene was set."""

    def stuck(self) -> tuple[str, str]:
        """A refund that WeChat refuses, and a payment that belongs to nothing, by their ids in the list."""
        town = self.town
        _, failing = town.opened(town.campaign(group_seconds=3600))
        gid = failing["group_id"]
        town.admin.post(f"/v1/admin/groups/{gid}/close")
        town.minute()
        town.act("/_sim/faults", endpoint="refund", kind="not_enough", count=1)
        town.stream()
        stuck.record(MerchantId(town.merchant.mid), stuck.Reason.PAYMENT_OF_NO_ORDER, "somebodys-1", {"total_fen": 1})
        rows = town.admin.get("/v1/admin/stuck")["stuck"]
        by_kind = {row["retryable"]: row["stuck_id"] for row in rows}
        return by_kind[True], by_kind[False]

    def doubtful(self, person: Person) -> str:
        """Somebody whose name waits for the merchant."""
        person.api.call("PATCH", "/v1/me", {"nickname": DOUBTFUL}).expect(200)
        return person.uid

    def exports(self, operator: Api) -> str:
        """A batch that the operator has exported, and that somebody else wants to export again."""
        town = self.town
        bid = vouchers.batch(town)
        files.asks(operator, bid).expect(201)
        files.made(town, bid)
        files.asks(files.colleague(town), bid).expect(201)
        return bid

    def adjusted(self) -> dict[str, str]:
        """A family with a name in doubt, and an adjustment of its wallet that waits, by their ids."""
        town, member = self.town, self.town.person("guest")
        fid = desk.listed(town, town.person("host"), member, name_state=NameState.REVIEW)
        waits = desk.asked(files.colleague(town, "李雷"), fid)
        return {"family_id": fid, "user_id": member.uid, "adjustment_id": waits}

    def goods(self) -> dict[str, Bought]:
        """Orders of the user's that are confirmed, by how far they are."""
        kinds = {"fetched": "pickup", **dict.fromkeys(("waiting", "sent", "asked", "granted"), "express")}
        orders = {state: bought(self.town, "user", fulfilment=kind) for state, kind in kinds.items()}
        shown = orders["fetched"].shown
        self.pickup_code, self.pickup_qr = shown["pickup_code"], shown["pickup_qr"]
        for state in ("sent", "granted"):
            orders[state].send(PARCEL).expect(200)
        orders["asked"].ask().expect(201)
        orders["granted"].ask(goods_back=True).expect(201)
        orders["granted"].desk("cases/1/grant").expect(200)
        return orders

    def key(self, role: str) -> Any:
        return self.town.admin.post("/v1/admin/keys", {"name": role, "role": role})

    def drafted(self) -> str:
        draft: str = self.town.admin.post("/v1/admin/campaigns", {"offer": demo_offer(now=clock.now())})["campaign_id"]
        return draft

    def rewind(self) -> None:
        """Set the scene anew, if anything in it may have changed."""
        if not self.untouched:
            self._back()
        self.untouched = False

    def stored(self) -> list[dict[str, Any]]:
        """Everything but the guesses of those who named a code that is not good, and from where they guessed."""
        noted = (Guesses.prefix, InvitationGuesses.prefix)
        items = self.town.emulator.seen()
        return [raw for raw in items if raw["sk"]["S"] not in noted and "|SEEN#" not in raw["pk"]["S"]]

    def call(self, role: str, method: str, template: str) -> Reply:
        """The request that would succeed for whoever may make it."""
        ids = {**self.ids, **self.other_ids.get((method, template), {})}
        path = template.format(**ids) + QUERIES.get(template, "").format(**ids)
        return Api(send, self.tokens[role]).call(method, path, self.body(role, method, template))

    def body(self, role: str, method: str, template: str) -> Any:
        document = demo_offer(now=clock.now())
        bodies = {
            "/v1/login": {"appid": self.town.merchant.appid, "code": "test:somebody"},
            "/v1/tokens/refresh": {"refresh_token": self.refresh_tokens.get(role, self.tokens[role] or "nothing")},
            "/v1/logout": {"refresh_token": self.user.refresh_token},
            "/v1/me": {"nickname": "小明"},
            "/v1/bargains/{bargain_id}/helps": {"help_ticket": self.ticket},
            "/v1/codes/quote": {"code": self.goods_code},
            "/v1/codes/order": {"code": self.goods_code},
            "/v1/admin/campaigns/{campaign_id}/coupons/give": {"user_ids": [self.user.uid], "note": "sorry"},
            "/v1/admin/users/{user_id}/coupons/{coupon_id}/invalidate": {"reason": "by mistake"},
            "/v1/campaigns/{campaign_id}/bursts/{burst}/claims": {"help_ticket": self.rain_ticket},
            "/v1/packets/{packet_id}/helps": {"help_ticket": self.tickets[self.ids["packet_id"]]},
            "/v1/packets/{packet_id}/claims": {"help_ticket": self.tickets[self.claimed]},
            "/v1/families/{family_id}/asks": {"act": "group_solo", "target": self.ids["campaign_id"]},
            "/v1/entries": {"scene": self.invitation["scene"], "scene_value": 1007},
            "/v1/invites": {"share_id": self.invitation["share_id"]},
            "/v1/codes/preview": {"code": self.code},
            "/v1/codes/redeem": {"code": self.code},
            "/v1/codes/qr": {"code": self.code},
            "/v1/admin/codes/qr": {"code": self.code},
            "/v1/admin/codes/redeem": {"code": self.code, "pass": self.shown},
            "/v1/admin/codes/status": {"batch_id": self.ids["batch_id"], "serial": 0},
            "/v1/admin/codes/undo": {"batch_id": self.ids["batch_id"], "serial": 1, "note": "by mistake"},
            "/v1/admin/codes/keys/retire": {"note": "leaked"},
            "/v1/admin/campaigns/{campaign_id}/batches": {"size": 9, "label": "leaflets"},
            "/v1/admin/batches/{batch_id}/bind": {
                "codes": [{"serial": 2, "user_id": self.user.uid}],
                "note": "for her",
            },
            "/v1/admin/batches/{batch_id}/revoke": {"note": "misprinted"},
            "/v1/admin/batches/{batch_id}/revoke-range": {"first": 3, "last": 4, "note": "lost"},
            "/v1/admin/batches/{batch_id}/revoke-code": {"serial": 5, "note": "lost"},
            "/v1/admin/batches/{batch_id}/rekey": {"note": "leaked"},
            "/v1/admin/families/{family_id}/name": {"name": NAME, "shown": True},
            **{
                f"/v1/admin/families/{{family_id}}/{who}{act}": {"note": "stolen"}
                for who in ("", "members/{user_id}/")
                for act in ("freeze", "unfreeze")
            },
            "/v1/admin/families/{family_id}/adjustments": {"kind": "granted", "fen": 100, "note": "sorry"},
            "/v1/admin/users/{user_id}/minor": {"minor": True, "note": "of age"},
            "/v1/admin/pictures": {"name": "hill", "content": base64.b64encode(posters.picture()).decode()},
            "/v1/admin/posters": {"poster": posters.document()},
            "/v1/admin/posters/{poster_id}": {"edition": 1, "poster": posters.document(name="changed")},
            "/v1/admin/posters/{poster_id}/release": {"edition": 1},
            "/v1/admin/everyday-posters/{kind}": {"edition": 0, "posters": {}},
            "/v1/families/{family_id}/fill": {"fen": 100},
            "/v1/orders/{order_id}/receiver": ADDRESS,
            "/v1/admin/held/decide": {"held_ids": [self.ids["held_id"]], "decision": "approve"},
            "/v1/families": {"name": "小林一家"},
            "/v1/families/{family_id}": {"open_balance": True},
            "/v1/families/{family_id}/hand-over": {"user_id": self.user.uid},
            "/v1/families/{family_id}/members/{user_id}": {"per_fen": 100},
            "/v1/admin/users/{user_id}/nickname": {"nickname": DOUBTFUL, "decision": "approve"},
            "/v1/admin/campaigns/{campaign_id}/budget/top-up": {"budget": "fen", "amount": 100},
            "/v1/admin/campaigns/{campaign_id}/budget/release": {"budget": "points", "amount": 100},
            "/v1/admin/cash/days": {"day": clock.now().astimezone(clock.BEIJING).date().isoformat()},
            "/v1/admin/bills": {"day": clock.now().astimezone(clock.BEIJING).date().isoformat()},
            "/v1/admin/keys": {"name": "till", "role": "viewer"},
            "/v1/admin/cash": {"edition": self.terms.get(role), "terms": {"kind": "company"}},
            "/v1/campaigns/{campaign_id}/cards": {"family_id": self.home, "terms": self.filing["owner"]},
            "/v1/admin/cards/use": {"pass": self.card_pass},
            "/v1/admin/cards/undo": {"family_id": self.home, "use_id": self.used, "note": "by mistake"},
            "/v1/admin/cards/{order_id}/refund": {"note": "moved away"},
            "/v1/admin/recalls": segments.wish(self.coupons),
            "/v1/admin/segments": {"edition": self.sorting.get(role), "terms": segments.TERMS},
            "/v1/admin/wallet": {"edition": self.filing.get(role), "terms": FILED},
            "/v1/me/consents": {"results": {notices.template_id(Moment.PAID): "accept"}},
            "/v1/me/notices": {"unwanted": ["offer"]},
            "/v1/admin/notices": {"edition": self.voice.get(role), "terms": notices.terms(Moment.PAID)},
            "/v1/campaigns/{campaign_id}/topups/quote": {"family_id": self.home, "sku_id": "hundred"},
            "/v1/campaigns/{campaign_id}/topups": {
                "family_id": self.home,
                "sku_id": "hundred",
                "terms": self.filing["owner"],
            },
            "/v1/admin/campaigns/{campaign_id}/allowed-words": {"edition": 1, "allowed": []},
            "/v1/admin/live-codes": livecodes.wish(livecodes.page()),
            "/v1/admin/live-codes/{live_id}": {**EDITED, "edition": 1},
            "/v1/admin/live-codes/{live_id}/targets": livecodes.store(),
            "/v1/admin/live-codes/{live_id}/targets/{number}": {**livecodes.page(70), "edition": 1},
            "/v1/admin/campaigns": {"offer": document},
            "/v1/admin/campaigns/{campaign_id}": {"edition": 1, "offer": document},
            "/v1/admin/orders/numbers": {"csv": f"order_id,carrier,number\n{self.ids['order_id']},SF,SF0001"},
            "/v1/admin/stuck/{stuck_id}/resolve": {"note": "placed by hand"},
            "/v1/orders/{order_id}/cases": {"reason": "other"},
            "/v1/orders/{order_id}/cases/{case}/send-back": OTHER,
            "/v1/admin/orders/{order_id}/send": {"parcels": [PARCEL]},
            "/v1/admin/orders/{order_id}/correct": {"parcels": [OTHER]},
            "/v1/admin/orders/{order_id}/hand-over": {"code": self.pickup_code},
            "/v1/admin/handovers": {"scanned": self.pickup_qr},
            "/v1/admin/orders/{order_id}/refund": {"note": "sold out"},
            "/v1/admin/orders/{order_id}/cases/{case}/refuse": {"answer": "no"},
        }
        return None if method == "GET" else bodies.get(template, {})


def forged(token: str) -> str:
    """The same claims under the same key id, signed by somebody else."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(claims, "a key of somebody else, 32 bytes", "HS256", headers=jwt.get_unverified_header(token))


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    EMULATOR.fresh()
    with clock.fixed(START), chance.seeded(7):
        here = Scene()
        yield here
        here.town.close()
