"""Everything that can happen in Ripple: each line leads to one `routes.py`, `timers.py` or consumer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalice.app import CloudWatchEvent, Rate

from chalicelib.core import consumers, due, outbox
from chalicelib.core.lazily import lazily
from chalicelib.edge import routes as edge
from chalicelib.edge.app import App
from chalicelib.edge.operation import MERCHANT, USER
from chalicelib.family.plugged import CARTS
from chalicelib.livecodes.plugged import PICTURES
from chalicelib.notices.plugged import CARDS, PAGES, REASONS
from chalicelib.orders.play import PLAYS
from chalicelib.orders.plugged import BROUGHT, DRIVERS, FOLLOWERS, PAYERS, RETURNS, TENDERS
from chalicelib.rewards.plugged import LINES, SOURCES
from chalicelib.sharing.objects import Kind, Sharers
from chalicelib.sharing.plugged import CODES, HELD, KINDS, MARKS, TREES, WORDS

with lazily():
    from chalicelib.accounts import avatars, names, tokens
    from chalicelib.accounts import routes as accounts
    from chalicelib.bargain import messages as bargain_messages
    from chalicelib.bargain import routes as bargain
    from chalicelib.bargain.carts import BUYING
    from chalicelib.bargain.held import HOLDING, help_due
    from chalicelib.bargain.items import Bargain, Help
    from chalicelib.bargain.payment import BARGAINING
    from chalicelib.bargain.timers import bargain_due
    from chalicelib.campaigns import routes as campaigns
    from chalicelib.campaigns.items import StockShard
    from chalicelib.cash import admin_routes as cash_desk
    from chalicelib.cash import driving, flow
    from chalicelib.cash import routes as cash
    from chalicelib.cash.days import FlowDay
    from chalicelib.cash.reminding import REMINDING as CASH_ENDS
    from chalicelib.cash.review import HOLDING as CASH_HOLDING
    from chalicelib.cash.timers import cash_due
    from chalicelib.coupons import routes as coupons
    from chalicelib.coupons import shared_routes as coupons_shared
    from chalicelib.coupons import tender
    from chalicelib.coupons.reminding import REMINDING as COUPON_ENDS
    from chalicelib.family import admin_routes as family_desk
    from chalicelib.family import ask_routes as family_asks
    from chalicelib.family import invitation_routes as family_invitations
    from chalicelib.family import liability_routes as wallets_owed
    from chalicelib.family import money_routes as family_money
    from chalicelib.family import people_routes as family_people
    from chalicelib.family import routes as family
    from chalicelib.family import topup_routes as topups
    from chalicelib.family.adjusting import adjustment_due
    from chalicelib.family.adjustments import Adjustment
    from chalicelib.family.asks import ask_due
    from chalicelib.family.items import Ask, Family, Invitation
    from chalicelib.family.payer import OWNER_PAYS
    from chalicelib.family.tender import FAMILY
    from chalicelib.family.timers import family_due, invitation_due
    from chalicelib.family.topup_payment import BACK as TOPUPS_BACK
    from chalicelib.family.topup_payment import TOPUPS
    from chalicelib.fulfilment import delivery, upload
    from chalicelib.fulfilment import pickup_routes as pickup
    from chalicelib.fulfilment import routes as fulfilment
    from chalicelib.fulfilment.at_once import FOLLOWING as AT_ONCE
    from chalicelib.fulfilment.cases import case_due
    from chalicelib.fulfilment.items import Case
    from chalicelib.fulfilment.timers import order_due
    from chalicelib.groupbuy import carts as group_carts
    from chalicelib.groupbuy import live as group_cards
    from chalicelib.groupbuy import messages as group_messages
    from chalicelib.groupbuy import routes as groupbuy
    from chalicelib.groupbuy.items import Group
    from chalicelib.groupbuy.payment import GROUPBUY
    from chalicelib.groupbuy.timers import group_due
    from chalicelib.invite import codes, counting, shapes
    from chalicelib.invite import reward_routes as rewarded
    from chalicelib.invite import routes as invite
    from chalicelib.invite.friends import Friend
    from chalicelib.invite.holding import HOLDS
    from chalicelib.invite.items import Edge, Tally
    from chalicelib.invite.reaching import FIRST_HELPS
    from chalicelib.invite.reaching import FOLLOWING as INVITING
    from chalicelib.invite.thresholds import friend_due
    from chalicelib.livecodes import admin_routes as live_desk
    from chalicelib.livecodes import marks as live_marks
    from chalicelib.livecodes import routes as live
    from chalicelib.livecodes.items import LiveCode
    from chalicelib.livecodes.timers import live_due
    from chalicelib.merchants import cash_routes as cash_setup
    from chalicelib.merchants import keys
    from chalicelib.merchants import routes as merchants
    from chalicelib.merchants import wallet_routes as wallet_setup
    from chalicelib.merchants.cash import CashSetup
    from chalicelib.merchants.items import Merchant
    from chalicelib.notices import admin_routes as notices_desk
    from chalicelib.notices import planning, sending, telling
    from chalicelib.notices import routes as notices
    from chalicelib.notices.card_items import Card
    from chalicelib.notices.cards import card_due
    from chalicelib.notices.items import Plan
    from chalicelib.orders import bills, follows, owing, refund, reminding, steps
    from chalicelib.orders import routes as orders
    from chalicelib.orders.day import DayBill
    from chalicelib.orders.items import Order
    from chalicelib.pictures import drawing
    from chalicelib.posters import admin_routes as poster_desk
    from chalicelib.posters import picture_routes as pictures_sent
    from chalicelib.posters import routes as posters
    from chalicelib.posters import sending as posters_sent
    from chalicelib.punchcards import desk_routes as cards_desk
    from chalicelib.punchcards import routes as cards
    from chalicelib.punchcards.carts import BUYING as CARDS_BUYING
    from chalicelib.punchcards.payment import BACK as CARDS_BACK
    from chalicelib.punchcards.payment import PUNCHCARDS
    from chalicelib.push import routes as push
    from chalicelib.recall import routes as recall
    from chalicelib.recall.following import FOLLOWING as SORTING
    from chalicelib.recall.items import Recall
    from chalicelib.recall.timers import recall_due
    from chalicelib.redpacket import lines as packet_lines
    from chalicelib.redpacket import messages as packet_messages
    from chalicelib.redpacket import rain_routes as rain
    from chalicelib.redpacket import routes as redpacket
    from chalicelib.redpacket.following import FOLLOWING as PACKING
    from chalicelib.redpacket.held import HOLDING as PACKET_HOLDING
    from chalicelib.redpacket.held import act_due
    from chalicelib.redpacket.items import Claim, Packet, Unlock
    from chalicelib.redpacket.rain import RAINING
    from chalicelib.redpacket.timers import packet_due
    from chalicelib.rewards import grants, lines, watch
    from chalicelib.rewards import routes as rewards
    from chalicelib.rewards import timers as accounts_of_value
    from chalicelib.rewards.balance_tender import BALANCE
    from chalicelib.rewards.cash import Cash
    from chalicelib.rewards.items import Account, Coupon, Grant, Posting, Watch
    from chalicelib.rewards.reminding import REMINDING as POINTS_END
    from chalicelib.rewards.review import HOLDING as REVIEWING
    from chalicelib.rewards.thanks import FOLLOWING as THANKING
    from chalicelib.sharing import firsts
    from chalicelib.sharing import held_routes as held_acts
    from chalicelib.sharing import routes as sharing
    from chalicelib.voucher import admin_routes as codes_made
    from chalicelib.voucher import desk_routes as codes_desk
    from chalicelib.voucher import export_routes as exports
    from chalicelib.voucher import goods_routes as codes_for_goods
    from chalicelib.voucher import lines as code_lines
    from chalicelib.voucher import routes as codes_typed
    from chalicelib.voucher import word_routes as word_desk
    from chalicelib.voucher.export_timers import export_due
    from chalicelib.voucher.exports import Export
    from chalicelib.voucher.items import Batch, Used
    from chalicelib.voucher.payment import VOUCHERS
    from chalicelib.voucher.texts import TEXT_CODE
    from chalicelib.voucher.timers import batch_due
    from chalicelib.voucher.word_items import Spoken
    from chalicelib.wechat import forwarding

app = App("ripple", authenticate={USER: tokens.authenticate, MERCHANT: keys.authenticate})

app.serve(
    [
        # mini-programs
        ("GET", "/v1/health", edge.health),
        ("GET", "/v1/openapi.json", edge.openapi(app)),
        ("POST", "/v1/login", accounts.login),
        ("POST", "/v1/tokens/refresh", accounts.refresh),
        ("POST", "/v1/logout", accounts.logout),
        ("GET", "/v1/me", accounts.me),
        ("PATCH", "/v1/me", accounts.edit_me),
        ("GET", "/v1/campaigns", campaigns.running),
        ("GET", "/v1/campaigns/{campaign_id}", sharing.campaign),
        ("POST", "/v1/campaigns/{campaign_id}/quote", groupbuy.quote),
        ("GET", "/v1/campaigns/{campaign_id}/groups", groupbuy.joinable),
        ("POST", "/v1/campaigns/{campaign_id}/groups", groupbuy.open_group),
        ("POST", "/v1/campaigns/{campaign_id}/orders", groupbuy.buy_alone),
        ("GET", "/v1/groups", groupbuy.mine),
        ("GET", "/v1/groups/cards", groupbuy.cards),
        ("GET", "/v1/groups/{group_id}", groupbuy.show),
        ("POST", "/v1/groups/{group_id}/seats", groupbuy.join),
        ("POST", "/v1/campaigns/{campaign_id}/bargains", bargain.start),
        ("GET", "/v1/bargains", bargain.mine),
        ("GET", "/v1/bargains/{bargain_id}", bargain.show),
        ("POST", "/v1/bargains/{bargain_id}/helps", bargain.help_with),
        ("POST", "/v1/bargains/{bargain_id}/quote", bargain.quote),
        ("POST", "/v1/bargains/{bargain_id}/order", bargain.buy),
        ("POST", "/v1/bargains/{bargain_id}/cancel", bargain.cancel),
        ("POST", "/v1/campaigns/{campaign_id}/coupons", coupons.claim),
        ("GET", "/v1/me/coupons", coupons.mine),
        ("GET", "/v1/me/coupons/{coupon_id}", coupons.show),
        ("POST", "/v1/me/coupons/{coupon_id}/share", coupons_shared.share),
        ("POST", "/v1/me/coupons/{coupon_id}/unshare", coupons_shared.unshare),
        ("GET", "/v1/families/{family_id}/coupons", coupons_shared.listed),
        ("POST", "/v1/campaigns/{campaign_id}/cards/quote", cards.quote),
        ("POST", "/v1/campaigns/{campaign_id}/cards", cards.buy),
        ("GET", "/v1/families/{family_id}/cards", cards.listed),
        ("GET", "/v1/families/{family_id}/cards/{order_id}", cards.show),
        ("POST", "/v1/families/{family_id}/cards/{order_id}/refund", cards.refund),
        ("POST", "/v1/families/{family_id}/cards/{order_id}/pass", cards.new_pass),
        ("GET", "/v1/families/{family_id}/cards/{order_id}/pass/qr", cards.pass_qr),
        ("GET", "/v1/campaigns/{campaign_id}/bursts", rain.show),
        ("POST", "/v1/campaigns/{campaign_id}/bursts/{burst}/claims", rain.claim),
        ("POST", "/v1/campaigns/{campaign_id}/packets", redpacket.start),
        ("GET", "/v1/packets", redpacket.mine),
        ("GET", "/v1/packets/{packet_id}", redpacket.show),
        ("POST", "/v1/packets/{packet_id}/helps", redpacket.help_with),
        ("POST", "/v1/packets/{packet_id}/claims", redpacket.claim),
        ("GET", "/v1/orders/{order_id}/packet", redpacket.of_order),
        ("POST", "/v1/entries", sharing.enter),
        ("POST", "/v1/shares/{share_id}/short-link", sharing.short_link),
        ("POST", "/v1/shares/{share_id}/code", sharing.code),
        ("POST", "/v1/shares/{share_id}/text", sharing.text),
        ("POST", "/v1/shares/{share_id}/private-card", sharing.private_card),
        ("POST", "/v1/shares/{share_id}/poster", posters.mine),
        ("GET", "/v1/live-codes/{live_id}", live.show),
        ("POST", "/v1/live-codes/{live_id}/place", live.place),
        ("GET", "/v1/invites", invite.mine),
        ("POST", "/v1/invites", invite.accept),
        ("POST", "/v1/invites/code", invite.code),
        ("POST", "/v1/invites/code/qr", invite.code_qr),
        ("GET", "/v1/invites/children", invite.children),
        ("GET", "/v1/invites/leaderboard", invite.everybodys_leaderboard),
        ("GET", "/v1/campaigns/{campaign_id}/leaderboard", invite.leaderboard),
        ("GET", "/v1/me/rewards", rewards.mine),
        ("GET", "/v1/me/accounts", rewards.my_accounts),
        ("GET", "/v1/me/cash", cash.mine),
        ("GET", "/v1/me/cash/{cash_id}", cash.show),
        ("POST", "/v1/me/cash/{cash_id}/claim", cash.claim),
        ("POST", "/v1/me/cash/{cash_id}/cancel", cash.cancel),
        ("GET", "/v1/campaigns/{campaign_id}/rewards", rewarded.mine),
        ("POST", "/v1/codes/preview", codes_typed.preview),
        ("POST", "/v1/codes/redeem", codes_typed.redeem),
        ("POST", "/v1/codes/qr", codes_typed.code_qr),
        ("POST", "/v1/codes/quote", codes_for_goods.quote),
        ("POST", "/v1/codes/order", codes_for_goods.order),
        ("GET", "/v1/me/pass", codes_typed.my_pass),
        ("GET", "/v1/me/pass/qr", codes_typed.my_pass_qr),
        ("POST", "/v1/families/{family_id}/fill", family_money.fill),
        ("GET", "/v1/families/{family_id}/ledger", family_money.show),
        ("GET", "/v1/families/{family_id}/summary", family_money.month),
        ("GET", "/v1/me/family", family.mine),
        ("POST", "/v1/families", family.create),
        ("GET", "/v1/families/{family_id}", family.show),
        ("PATCH", "/v1/families/{family_id}", family.edit),
        ("POST", "/v1/families/{family_id}/freeze", family.freeze),
        ("POST", "/v1/families/{family_id}/unfreeze", family.unfreeze),
        ("POST", "/v1/families/{family_id}/close", family.close),
        ("POST", "/v1/families/{family_id}/leave", family_people.leave),
        ("POST", "/v1/families/{family_id}/hand-over", family_people.hand_over),
        ("POST", "/v1/families/{family_id}/hand-over/accept", family_people.accept_hand_over),
        ("POST", "/v1/families/{family_id}/hand-over/decline", family_people.decline_hand_over),
        ("PATCH", "/v1/families/{family_id}/members/{user_id}", family_people.edit_member),
        ("POST", "/v1/families/{family_id}/members/{user_id}/remove", family_people.remove),
        ("POST", "/v1/families/{family_id}/members/{user_id}/freeze", family_people.freeze_member),
        ("POST", "/v1/families/{family_id}/members/{user_id}/unfreeze", family_people.unfreeze_member),
        ("GET", "/v1/families/{family_id}/invitations", family_invitations.listed),
        ("POST", "/v1/families/{family_id}/invitations", family_invitations.invite),
        ("POST", "/v1/families/{family_id}/invitations/{code}/revoke", family_invitations.revoke),
        ("POST", "/v1/families/{family_id}/invitations/{code}/qr", family_invitations.qr),
        ("GET", "/v1/family-invitations/{code}", family_invitations.look),
        ("POST", "/v1/family-invitations/{code}/accept", family_invitations.accept),
        ("POST", "/v1/family-invitations/{code}/decline", family_invitations.decline),
        ("POST", "/v1/campaigns/{campaign_id}/topups/quote", topups.quote),
        ("POST", "/v1/campaigns/{campaign_id}/topups", topups.top_up),
        ("GET", "/v1/families/{family_id}/topups/{order_id}", topups.show),
        ("POST", "/v1/families/{family_id}/topups/{order_id}/refund", topups.refund),
        ("POST", "/v1/me/consents", notices.report),
        ("GET", "/v1/me/notices", notices.mine),
        ("PUT", "/v1/me/notices", notices.want),
        ("GET", "/v1/orders", orders.mine),
        ("GET", "/v1/orders/{order_id}", fulfilment.show),
        ("GET", "/v1/orders/{order_id}/pickup/qr", pickup.qr),
        ("POST", "/v1/orders/{order_id}/prepay", orders.prepay),
        ("POST", "/v1/orders/{order_id}/cancel", orders.cancel),
        ("POST", "/v1/orders/{order_id}/received", fulfilment.received),
        ("POST", "/v1/orders/{order_id}/cases", fulfilment.ask),
        ("POST", "/v1/orders/{order_id}/cases/{case}/withdraw", fulfilment.withdraw),
        ("POST", "/v1/orders/{order_id}/cases/{case}/send-back", fulfilment.send_back),
        ("GET", "/v1/orders/{order_id}/receiver", orders.show_receiver),
        ("PUT", "/v1/orders/{order_id}/receiver", orders.change_receiver),
        ("GET", "/v1/families/{family_id}/asks", family_asks.listed),
        ("POST", "/v1/families/{family_id}/asks", family_asks.ask),
        ("GET", "/v1/families/{family_id}/asks/{ask_id}", family_asks.show),
        ("POST", "/v1/families/{family_id}/asks/{ask_id}/approve", family_asks.approve),
        ("POST", "/v1/families/{family_id}/asks/{ask_id}/pay", family_asks.pay),
        ("POST", "/v1/families/{family_id}/asks/{ask_id}/refuse", family_asks.refuse),
        ("POST", "/v1/families/{family_id}/asks/{ask_id}/withdraw", family_asks.withdraw),
        ("GET", "/v1/families/{family_id}/orders-to-pay", family_asks.to_pay),
        ("GET", "/v1/families/{family_id}/orders-paid", family_asks.paid),
        # merchants
        ("GET", "/v1/admin/merchant", merchants.show),
        ("GET", "/v1/admin/keys", merchants.list_keys),
        ("POST", "/v1/admin/keys", merchants.create_key),
        ("POST", "/v1/admin/keys/{key_id}/revoke", merchants.revoke_key),
        ("GET", "/v1/admin/audit", merchants.audit),
        ("GET", "/v1/admin/cash", cash_setup.show),
        ("PUT", "/v1/admin/cash", cash_setup.say),
        ("GET", "/v1/admin/wallet", wallet_setup.show),
        ("PUT", "/v1/admin/wallet", wallet_setup.say),
        ("GET", "/v1/admin/families/liability", wallets_owed.owed),
        ("GET", "/v1/admin/held", held_acts.waiting),
        ("POST", "/v1/admin/held/decide", held_acts.decide_all),
        ("POST", "/v1/admin/held/{held_id}/approve", held_acts.approve),
        ("POST", "/v1/admin/held/{held_id}/reject", held_acts.reject),
        ("GET", "/v1/admin/nicknames", accounts.hidden_names),
        ("POST", "/v1/admin/users/{user_id}/nickname", accounts.decide_name),
        ("GET", "/v1/admin/campaigns", campaigns.listed),
        ("POST", "/v1/admin/campaigns", campaigns.create),
        ("GET", "/v1/admin/campaigns/{campaign_id}", campaigns.inspect),
        ("PUT", "/v1/admin/campaigns/{campaign_id}", campaigns.edit),
        ("PUT", "/v1/admin/campaigns/{campaign_id}/allowed-words", campaigns.allow),
        ("POST", "/v1/admin/campaigns/{campaign_id}/publish", campaigns.publish),
        ("POST", "/v1/admin/campaigns/{campaign_id}/pause", campaigns.pause),
        ("POST", "/v1/admin/campaigns/{campaign_id}/resume", campaigns.resume),
        ("POST", "/v1/admin/campaigns/{campaign_id}/end", campaigns.end),
        ("GET", "/v1/admin/campaigns/{campaign_id}/groups", groupbuy.listed),
        ("GET", "/v1/admin/groups/{group_id}", groupbuy.inspect),
        ("POST", "/v1/admin/groups/{group_id}/close", groupbuy.close),
        ("GET", "/v1/admin/campaigns/{campaign_id}/bargains", bargain.listed),
        ("GET", "/v1/admin/bargains/{bargain_id}", bargain.inspect),
        ("POST", "/v1/admin/bargains/{bargain_id}/close", bargain.close),
        ("GET", "/v1/admin/campaigns/{campaign_id}/coupons", coupons.listed),
        ("POST", "/v1/admin/campaigns/{campaign_id}/coupons/give", coupons.give),
        ("POST", "/v1/admin/users/{user_id}/coupons/{coupon_id}/invalidate", coupons.invalidate),
        ("GET", "/v1/admin/campaigns/{campaign_id}/bursts", rain.inspect),
        ("GET", "/v1/admin/campaigns/{campaign_id}/packets", redpacket.listed),
        ("GET", "/v1/admin/packets/{packet_id}", redpacket.inspect),
        ("POST", "/v1/admin/packets/{packet_id}/close", redpacket.close),
        ("GET", "/v1/admin/live-codes", live_desk.codes),
        ("POST", "/v1/admin/live-codes", live_desk.create),
        ("GET", "/v1/admin/live-codes/{live_id}", live_desk.inspect),
        ("PUT", "/v1/admin/live-codes/{live_id}", live_desk.edit),
        ("POST", "/v1/admin/live-codes/{live_id}/pause", live_desk.pause),
        ("POST", "/v1/admin/live-codes/{live_id}/resume", live_desk.resume),
        ("POST", "/v1/admin/live-codes/{live_id}/end", live_desk.end),
        ("POST", "/v1/admin/live-codes/{live_id}/code", live_desk.printed),
        ("POST", "/v1/admin/live-codes/{live_id}/targets", live_desk.add_target),
        ("PUT", "/v1/admin/live-codes/{live_id}/targets/{number}", live_desk.edit_target),
        ("POST", "/v1/admin/live-codes/{live_id}/targets/{number}/close", live_desk.close_target),
        ("POST", "/v1/admin/live-codes/{live_id}/targets/{number}/reopen", live_desk.reopen_target),
        ("GET", "/v1/admin/live-codes/{live_id}/targets/{number}/scans", live_desk.scans),
        ("GET", "/v1/admin/live-codes/{live_id}/targets/{number}/days", live_desk.days),
        ("GET", "/v1/admin/users/{user_id}/invites", invite.inspect),
        ("GET", "/v1/admin/users/{user_id}/rewards", rewards.statement),
        ("GET", "/v1/admin/users/{user_id}/accounts", rewards.accounts),
        ("POST", "/v1/admin/users/{user_id}/rebuild", rewards.rebuild),
        ("GET", "/v1/admin/campaigns/{campaign_id}/budget", rewards.budget),
        ("POST", "/v1/admin/campaigns/{campaign_id}/budget/top-up", rewards.top_up),
        ("POST", "/v1/admin/campaigns/{campaign_id}/budget/release", rewards.release),
        ("GET", "/v1/admin/campaigns/{campaign_id}/batches", codes_made.listed),
        ("POST", "/v1/admin/campaigns/{campaign_id}/batches", codes_made.mint),
        ("GET", "/v1/admin/batches", codes_made.all_batches),
        ("GET", "/v1/admin/batches/{batch_id}", codes_made.inspect),
        ("GET", "/v1/admin/batches/{batch_id}/codes", codes_made.codes),
        ("POST", "/v1/admin/batches/{batch_id}/bind", codes_made.bind),
        ("POST", "/v1/admin/batches/{batch_id}/revoke", codes_made.revoke),
        ("POST", "/v1/admin/batches/{batch_id}/revoke-range", codes_made.revoke_range),
        ("POST", "/v1/admin/batches/{batch_id}/revoke-code", codes_made.revoke_code),
        ("POST", "/v1/admin/batches/{batch_id}/rekey", codes_made.rekey),
        ("POST", "/v1/admin/codes/status", codes_desk.status),
        ("POST", "/v1/admin/codes/qr", codes_desk.qr),
        ("POST", "/v1/admin/codes/redeem", codes_desk.redeem),
        ("POST", "/v1/admin/codes/undo", codes_desk.undo),
        ("GET", "/v1/admin/codes/keys", codes_desk.keys),
        ("POST", "/v1/admin/codes/keys/retire", codes_desk.retire),
        ("POST", "/v1/admin/batches/{batch_id}/exports", exports.ask),
        ("GET", "/v1/admin/batches/{batch_id}/exports", exports.listed),
        ("POST", "/v1/admin/batches/{batch_id}/exports/{export}/approve", exports.approve),
        ("POST", "/v1/admin/batches/{batch_id}/exports/{export}/link", exports.link),
        ("POST", "/v1/admin/cards/use", cards_desk.use),
        ("POST", "/v1/admin/cards/undo", cards_desk.undo),
        ("GET", "/v1/admin/cards/{order_id}", cards_desk.inspect),
        ("POST", "/v1/admin/cards/{order_id}/refund", cards_desk.pay_back),
        ("GET", "/v1/admin/campaigns/{campaign_id}/word", word_desk.inspect),
        ("GET", "/v1/admin/pictures", pictures_sent.listed),
        ("POST", "/v1/admin/pictures", pictures_sent.send),
        ("GET", "/v1/admin/pictures/{picture_id}", pictures_sent.show),
        ("GET", "/v1/admin/posters", poster_desk.listed),
        ("POST", "/v1/admin/posters", poster_desk.create),
        ("GET", "/v1/admin/posters/{poster_id}", poster_desk.show),
        ("PUT", "/v1/admin/posters/{poster_id}", poster_desk.edit),
        ("POST", "/v1/admin/posters/{poster_id}/preview", poster_desk.preview),
        ("POST", "/v1/admin/posters/{poster_id}/release", poster_desk.release),
        ("POST", "/v1/admin/posters/{poster_id}/withdraw", poster_desk.withdraw),
        ("GET", "/v1/admin/everyday-posters", poster_desk.all_everyday),
        ("PUT", "/v1/admin/everyday-posters/{kind}", poster_desk.say_everyday),
        ("GET", "/v1/admin/campaigns/{campaign_id}/inviters", rewarded.inviters),
        ("GET", "/v1/admin/segments", recall.show),
        ("PUT", "/v1/admin/segments", recall.say),
        ("GET", "/v1/admin/segments/{segment}/users", recall.listed),
        ("GET", "/v1/admin/recalls", recall.all_recalls),
        ("POST", "/v1/admin/recalls", recall.start),
        ("GET", "/v1/admin/recalls/{recall_id}", recall.inspect),
        ("POST", "/v1/admin/recalls/{recall_id}/cancel", recall.cancel),
        ("GET", "/v1/admin/campaigns/{campaign_id}/cash", cash_desk.owed_by_campaign),
        ("GET", "/v1/admin/cash/liability", cash_desk.liability),
        ("GET", "/v1/admin/cash/days", cash_desk.days_compared),
        ("POST", "/v1/admin/cash/days", cash_desk.compare_day),
        ("GET", "/v1/admin/cash/years/{year}", cash_desk.year),
        ("GET", "/v1/admin/cash/years/{year}/sheet", cash_desk.year_sheet),
        ("GET", "/v1/admin/users/{user_id}/cash", cash_desk.inspect),
        ("GET", "/v1/admin/families", family_desk.listed),
        ("GET", "/v1/admin/families/names", family_desk.hidden_names),
        ("GET", "/v1/admin/families/adjustments", family_desk.adjustments),
        ("GET", "/v1/admin/families/{family_id}", family_desk.inspect),
        ("GET", "/v1/admin/families/{family_id}/ledger", wallets_owed.movements),
        ("POST", "/v1/admin/families/{family_id}/name", family_desk.decide_name),
        ("POST", "/v1/admin/families/{family_id}/freeze", family_desk.freeze),
        ("POST", "/v1/admin/families/{family_id}/unfreeze", family_desk.unfreeze),
        ("POST", "/v1/admin/families/{family_id}/members/{user_id}/freeze", family_desk.freeze_member),
        ("POST", "/v1/admin/families/{family_id}/members/{user_id}/unfreeze", family_desk.unfreeze_member),
        ("POST", "/v1/admin/families/{family_id}/adjustments", family_desk.adjust),
        ("POST", "/v1/admin/families/{family_id}/adjustments/{adjustment_id}/approve", family_desk.approve),
        ("POST", "/v1/admin/families/{family_id}/adjustments/{adjustment_id}/refuse", family_desk.refuse),
        ("GET", "/v1/admin/users/{user_id}/family", family_desk.of_user),
        ("POST", "/v1/admin/users/{user_id}/minor", family_desk.set_minor),
        ("GET", "/v1/admin/payments", orders.day),
        ("GET", "/v1/admin/orders", fulfilment.listed),
        ("GET", "/v1/admin/orders/sheet", fulfilment.to_send),
        ("POST", "/v1/admin/orders/numbers", fulfilment.numbers),
        ("GET", "/v1/admin/orders/{order_id}", fulfilment.inspect),
        ("POST", "/v1/admin/orders/{order_id}/send", fulfilment.send),
        ("POST", "/v1/admin/orders/{order_id}/correct", fulfilment.correct),
        ("POST", "/v1/admin/orders/{order_id}/hand-over", fulfilment.hand_over),
        ("POST", "/v1/admin/handovers", fulfilment.scan),
        ("POST", "/v1/admin/orders/{order_id}/refund", fulfilment.give_back),
        ("GET", "/v1/admin/cases", fulfilment.open_cases),
        ("POST", "/v1/admin/orders/{order_id}/cases/{case}/grant", fulfilment.grant),
        ("POST", "/v1/admin/orders/{order_id}/cases/{case}/refuse", fulfilment.refuse),
        ("POST", "/v1/admin/orders/{order_id}/cases/{case}/goods-came", fulfilment.goods_came),
        ("POST", "/v1/admin/orders/{order_id}/receiver/reveal", orders.reveal_receiver),
        ("POST", "/v1/admin/orders/{order_id}/receiver/erase", orders.erase_receiver),
        ("GET", "/v1/admin/notices", notices_desk.show),
        ("PUT", "/v1/admin/notices", notices_desk.say),
        ("POST", "/v1/admin/notices/templates/{template_id}/mended", notices_desk.mended),
        ("GET", "/v1/admin/users/{user_id}/notices", notices_desk.of_user),
        ("GET", "/v1/admin/stuck", orders.stuck_money),
        ("POST", "/v1/admin/stuck/{stuck_id}/retry", orders.retry),
        ("POST", "/v1/admin/stuck/{stuck_id}/resolve", orders.resolve),
        ("GET", "/v1/admin/bills", orders.bills_compared),
        ("POST", "/v1/admin/bills", orders.compare_bill),
        # wechat
        ("POST", "/notify/wechat/{mid}/pay", orders.notified),
        ("POST", "/notify/wechat/{mid}/transfer", cash.notified),
        ("GET", "/notify/wechat/{mid}/push", push.asked),
        ("POST", "/notify/wechat/{mid}/push", push.told),
    ]
)

PLAYS["groupbuy"] = GROUPBUY
PLAYS["bargain"] = BARGAINING
PLAYS["voucher"] = VOUCHERS
PLAYS["topup"] = TOPUPS
RETURNS["topup"] = TOPUPS_BACK
PLAYS["punchcard"] = PUNCHCARDS
RETURNS["punchcard"] = CARDS_BACK
TENDERS["coupon"] = tender.COUPONS
TENDERS["balance"] = BALANCE
TENDERS["family"] = FAMILY
PAYERS["family"] = OWNER_PAYS
CARTS["group_open"] = group_carts.OPENING
CARTS["group_join"] = group_carts.JOINING
CARTS["group_solo"] = group_carts.ALONE
CARTS["bargain_buy"] = BUYING
CARTS["card_buy"] = CARDS_BUYING
FOLLOWERS["thanks"] = THANKING
FOLLOWERS["packet"] = PACKING
FOLLOWERS["invite"] = INVITING
FOLLOWERS["at_once"] = AT_ONCE
FOLLOWERS["segments"] = SORTING
BROUGHT["thanks"] = THANKING
DRIVERS["transfer_refused"] = driving.DRIVER
DRIVERS["transfer_slow"] = driving.DRIVER
SOURCES["thanks"] = THANKING
SOURCES["rain"] = RAINING
SOURCES["invite"] = HOLDS
LINES[Grant] = lines.GRANTS
LINES[Posting] = lines.POSTINGS
LINES[Coupon] = lines.COUPONS
LINES[Cash] = lines.CASH
LINES[Claim] = packet_lines.CLAIMS
LINES[Packet] = packet_lines.PACKETS
LINES[Used] = code_lines.USED
LINES[Spoken] = code_lines.SPOKEN
KINDS["campaign"] = Kind(page="pages/campaign/index?c={id}")
KINDS["group"] = Kind(page="pages/group/index?g={id}")
KINDS["bargain"] = Kind(page="pages/bargain/index?b={id}")
KINDS["packet"] = Kind(page="pages/packet/index?r={id}")
KINDS["invite"] = Kind(page="pages/invite/index", sharers=Sharers.OWNER, window=timedelta(days=30))
KINDS["live"] = Kind(page="pages/live/index?l={id}", window=timedelta(days=30))
PAGES["order"] = "pages/order/index?o={id}"
PAGES["group"] = "pages/group/index?g={id}"
PAGES["bargain"] = "pages/bargain/index?b={id}"
PAGES["packet"] = "pages/packet/index?r={id}"
PAGES["coupon"] = "pages/coupon/index?c={id}"
PAGES["cash"] = "pages/cash/index?c={id}"
PAGES["reward"] = "pages/rewards/index?r={id}"
PAGES["family"] = "pages/family/index?f={id}"
PAGES["campaign"] = "pages/campaign/index?c={id}"
REASONS["coupon"] = COUPON_ENDS
REASONS["cash"] = CASH_ENDS
REASONS["reward"] = POINTS_END
REASONS["order"] = reminding.PAYING
REASONS["group"] = group_messages.ENDING
REASONS["bargain"] = bargain_messages.ENDING
REASONS["packet"] = packet_messages.ENDING
CARDS["group"] = group_cards.LIVE
WORDS["invite code"] = codes.WORD
MARKS["live code"] = live_marks.MARK
CODES["text code"] = TEXT_CODE
HELD[Help] = HOLDING
HELD[Grant] = REVIEWING
HELD[Unlock] = PACKET_HOLDING
HELD[Claim] = PACKET_HOLDING
HELD[Cash] = CASH_HOLDING
PICTURES["sent"] = posters_sent.known
TREES["invite"] = shapes.TREE
due.register({Order: order_due, Group: group_due, Bargain: bargain_due, Help: help_due, Case: case_due})
due.register({Edge: counting.edge_due, Tally: counting.tally_due, Friend: friend_due})
due.register({Grant: grants.grant_due, Account: accounts_of_value.account_due, Watch: watch.watch_due})
due.register({Packet: packet_due, Unlock: act_due, Claim: act_due, Cash: cash_due})
due.register({Family: family_due, Invitation: invitation_due, Ask: ask_due})
due.register({Batch: batch_due, Export: export_due, LiveCode: live_due, Adjustment: adjustment_due})
due.register({CashSetup: flow.setup_due, FlowDay: flow.day_due})
due.register({Plan: planning.plan_due, Card: card_due})
due.register({Recall: recall_due})
due.register({Merchant: bills.merchant_due, DayBill: bills.bill_due, outbox.OutboxEntry: outbox.deliver})
outbox.register({owing.REFUND: refund.EFFECT, delivery.UPLOAD: upload.EFFECT, steps.PRESALE: upload.DECLARE})
outbox.register({names.CHECK: names.EFFECT, avatars.CHECK: avatars.EFFECT, telling.MESSAGE: sending.EFFECT})
outbox.register({follows.FOLLOWS: follows.EFFECT, firsts.FIRST_HELP: FIRST_HELPS})
consumers.notice({StockShard: watch.moved, Group: group_cards.moved})


@app.schedule(Rate(1, unit=Rate.MINUTES))
def sweeper(event: CloudWatchEvent) -> dict[str, int]:
    """Every minute: find the shards that have something due."""
    return consumers.swept(event.to_dict())


@app.lambda_function(name="worker")
def worker(event: dict[str, Any], context: Any) -> dict[str, list[Any]]:
    """The due queue: act on what is due in a shard."""
    return consumers.worked(event, context)


@app.lambda_function(name="outbox")
def deliver(event: dict[str, Any], context: Any) -> dict[str, list[Any]]:
    """The table's stream: do what was just owed, count who was invited, give what was claimed, look at budgets."""
    return consumers.streamed(event, context)


@app.lambda_function(name="pictures")
def pictures(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """An errand of drawing: a poster, a picture that was sent, a QR code, a sheet of them."""
    return drawing.drawn(event)


@app.lambda_function(name="egress")
def egress(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One request for WeChat Pay, from the fixed address; only a deployment with one has this function."""
    return forwarding.forwarded(event)
