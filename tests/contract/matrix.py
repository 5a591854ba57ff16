"""Every route, and what each role is answered; and what a route refuses in words of its own."""

from __future__ import annotations

from typing import NamedTuple

import pytest


class Row(NamedTuple):
    """What each role is answered; the columns of the table."""

    anonymous: int
    user: int
    other_user: int
    foreign_user: int
    viewer: int
    operator: int
    owner: int
    foreign_owner: int
    expired: int
    logged_out: int
    revoked_key: int
    forged_token: int
    forged_key: int


ROLES = Row._fields


def public(status: int) -> Row:
    """Credentials change nothing."""
    return Row(*[status] * len(ROLES))


def users(own: int, other: int, foreign: int) -> Row:
    """For users: 401 without a good token, and a log-out leaves the access token its two hours."""
    return Row(401, own, other, foreign, 401, 401, 401, 401, 401, own, 401, 401, 401)


def keys(viewer: int, operator: int, owner: int, foreign: int) -> Row:
    """For API keys: 401 without a good key."""
    return Row(401, 401, 401, 401, viewer, operator, owner, foreign, 401, 401, 401, 401, 401)


MATRIX: dict[tuple[str, str], Row] = {
    ("GET", "/v1/health"): public(200),
    ("GET", "/v1/openapi.json"): public(200),
    ("POST", "/v1/login"): public(200),
    # The refresh token in the body is the role's own; an API key or nothing is none.
    ("POST", "/v1/tokens/refresh"): Row(401, 200, 200, 200, 401, 401, 401, 401, 401, 401, 401, 401, 401),
    # Everybody hands in the user's refresh token; that it ends for him alone is tested below.
    ("POST", "/v1/logout"): users(204, 204, 204),
    ("GET", "/v1/me"): users(200, 200, 200),
    ("PATCH", "/v1/me"): users(200, 200, 200),
    ("GET", "/v1/campaigns"): users(200, 200, 200),
    ("GET", "/v1/campaigns/{campaign_id}"): users(200, 200, 404),
    ("POST", "/v1/campaigns/{campaign_id}/quote"): users(200, 200, 404),
    ("GET", "/v1/campaigns/{campaign_id}/groups"): users(200, 200, 404),
    ("POST", "/v1/campaigns/{campaign_id}/groups"): users(201, 201, 404),
    ("POST", "/v1/campaigns/{campaign_id}/orders"): users(201, 201, 404),
    ("GET", "/v1/groups"): users(200, 200, 200),
    # What is another merchant's is left out of the cards.
    ("GET", "/v1/groups/cards"): users(200, 200, 200),
    # An open group is for everybody of the merchant; the user himself already sits in it.
    ("GET", "/v1/groups/{group_id}"): users(200, 200, 404),
    ("POST", "/v1/groups/{group_id}/seats"): users(409, 201, 404),
    ("POST", "/v1/campaigns/{campaign_id}/bargains"): users(201, 201, 404),
    ("GET", "/v1/bargains"): users(200, 200, 200),
    # A bargain is for everybody of the merchant to see; only its owner buys, and only others help.
    ("GET", "/v1/bargains/{bargain_id}"): users(200, 200, 404),
    ("POST", "/v1/bargains/{bargain_id}/helps"): users(409, 201, 404),
    ("POST", "/v1/bargains/{bargain_id}/quote"): users(200, 404, 404),
    ("POST", "/v1/bargains/{bargain_id}/order"): users(201, 404, 404),
    ("POST", "/v1/bargains/{bargain_id}/cancel"): users(200, 404, 404),
    # A wallet is topped up by who belongs to its family, and what was bought goes back to its buyer alone.
    ("POST", "/v1/campaigns/{campaign_id}/topups/quote"): users(200, 200, 404),
    ("POST", "/v1/campaigns/{campaign_id}/topups"): users(201, 201, 404),
    ("GET", "/v1/families/{family_id}/topups/{order_id}"): users(200, 404, 404),
    ("POST", "/v1/families/{family_id}/topups/{order_id}/refund"): users(200, 404, 404),
    ("POST", "/v1/campaigns/{campaign_id}/coupons"): users(201, 201, 404),
    ("GET", "/v1/me/coupons"): users(200, 200, 200),
    ("GET", "/v1/me/coupons/{coupon_id}"): users(200, 404, 404),
    ("POST", "/v1/me/coupons/{coupon_id}/share"): users(200, 404, 404),
    ("POST", "/v1/me/coupons/{coupon_id}/unshare"): users(200, 404, 404),
    ("GET", "/v1/families/{family_id}/coupons"): users(200, 200, 404),
    ("POST", "/v1/campaigns/{campaign_id}/cards/quote"): users(200, 200, 404),
    # Each buys for his own family.
    ("POST", "/v1/campaigns/{campaign_id}/cards"): users(201, 201, 404),
    ("GET", "/v1/families/{family_id}/cards"): users(200, 200, 404),
    ("GET", "/v1/families/{family_id}/cards/{order_id}"): users(200, 200, 404),
    # What is not used of it goes back to its buyer alone.
    ("POST", "/v1/families/{family_id}/cards/{order_id}/refund"): users(200, 404, 404),
    ("POST", "/v1/families/{family_id}/cards/{order_id}/pass"): users(200, 200, 404),
    ("GET", "/v1/families/{family_id}/cards/{order_id}/pass/qr"): users(200, 200, 404),
    ("GET", "/v1/campaigns/{campaign_id}/bursts"): users(200, 200, 404),
    # A ticket is its own user's.
    ("POST", "/v1/campaigns/{campaign_id}/bursts/{burst}/claims"): users(201, 422, 404),
    ("POST", "/v1/campaigns/{campaign_id}/packets"): users(201, 201, 404),
    ("GET", "/v1/packets"): users(200, 200, 200),
    # A packet is for everybody of the merchant to see; only others help or claim.
    ("GET", "/v1/packets/{packet_id}"): users(200, 200, 404),
    ("POST", "/v1/packets/{packet_id}/helps"): users(409, 201, 404),
    ("POST", "/v1/packets/{packet_id}/claims"): users(409, 201, 404),
    ("GET", "/v1/orders/{order_id}/packet"): users(200, 404, 404),
    ("POST", "/v1/entries"): users(200, 200, 404),
    # What is made for a share is its sharer's wish alone.
    ("POST", "/v1/shares/{share_id}/short-link"): users(200, 404, 404),
    ("POST", "/v1/shares/{share_id}/code"): users(200, 404, 404),
    ("POST", "/v1/shares/{share_id}/text"): users(200, 404, 404),
    ("POST", "/v1/shares/{share_id}/private-card"): users(200, 404, 404),
    ("POST", "/v1/shares/{share_id}/poster"): users(200, 404, 404),
    ("GET", "/v1/live-codes/{live_id}"): users(200, 200, 404),
    ("POST", "/v1/live-codes/{live_id}/place"): users(200, 200, 404),
    ("GET", "/v1/invites"): users(200, 200, 200),
    ("POST", "/v1/invites"): users(201, 201, 404),
    ("POST", "/v1/invites/code"): users(200, 200, 200),
    ("POST", "/v1/invites/code/qr"): users(200, 200, 200),
    ("GET", "/v1/invites/children"): users(200, 200, 200),
    ("GET", "/v1/invites/leaderboard"): users(200, 200, 200),
    ("GET", "/v1/campaigns/{campaign_id}/leaderboard"): users(200, 200, 404),
    ("GET", "/v1/me/rewards"): users(200, 200, 200),
    ("GET", "/v1/me/accounts"): users(200, 200, 200),
    # The foreign user's merchant uses no templates.
    ("POST", "/v1/me/consents"): users(200, 200, 409),
    ("GET", "/v1/me/notices"): users(200, 200, 200),
    ("PUT", "/v1/me/notices"): users(200, 200, 200),
    ("GET", "/v1/me/cash"): users(200, 200, 200),
    ("GET", "/v1/me/cash/{cash_id}"): users(200, 404, 404),
    ("POST", "/v1/me/cash/{cash_id}/claim"): users(200, 404, 404),
    # It is on its way: WeChat is asked to withdraw it.
    ("POST", "/v1/me/cash/{cash_id}/cancel"): users(202, 404, 404),
    ("GET", "/v1/campaigns/{campaign_id}/rewards"): users(200, 200, 404),
    # A code is its holder's, whoever that is; another merchant's is a wrong guess.
    ("POST", "/v1/codes/quote"): users(200, 200, 409),
    ("POST", "/v1/codes/order"): users(201, 201, 409),
    # A code is good for whoever of its merchant's users holds it; to another merchant it is none.
    ("POST", "/v1/codes/preview"): users(200, 200, 409),
    ("POST", "/v1/codes/redeem"): users(201, 201, 409),
    ("GET", "/v1/me/pass"): users(200, 200, 200),
    ("GET", "/v1/me/pass/qr"): users(200, 200, 200),
    # Nobody learns whether it is good: to draw it is to write letters.
    ("POST", "/v1/codes/qr"): users(200, 200, 200),
    ("GET", "/v1/me/family"): users(200, 200, 200),
    # The user is a member of the other's family; whoever is another merchant's is in none.
    ("POST", "/v1/families"): users(409, 409, 201),
    ("GET", "/v1/families/{family_id}"): users(200, 200, 404),
    ("PATCH", "/v1/families/{family_id}"): users(403, 200, 404),
    ("POST", "/v1/families/{family_id}/freeze"): users(403, 200, 404),
    ("POST", "/v1/families/{family_id}/unfreeze"): users(403, 200, 404),
    ("POST", "/v1/families/{family_id}/close"): users(403, 200, 404),
    ("POST", "/v1/families/{family_id}/leave"): users(200, 409, 404),
    ("POST", "/v1/families/{family_id}/hand-over"): users(403, 200, 404),
    # It is offered to the user.
    ("POST", "/v1/families/{family_id}/hand-over/accept"): users(200, 409, 404),
    ("POST", "/v1/families/{family_id}/hand-over/decline"): users(200, 200, 404),
    ("PATCH", "/v1/families/{family_id}/members/{user_id}"): users(403, 200, 404),
    ("POST", "/v1/families/{family_id}/members/{user_id}/remove"): users(403, 200, 404),
    ("POST", "/v1/families/{family_id}/members/{user_id}/freeze"): users(403, 200, 404),
    ("POST", "/v1/families/{family_id}/members/{user_id}/unfreeze"): users(403, 200, 404),
    ("GET", "/v1/families/{family_id}/invitations"): users(403, 200, 404),
    ("POST", "/v1/families/{family_id}/invitations"): users(403, 201, 404),
    ("POST", "/v1/families/{family_id}/invitations/{code}/revoke"): users(403, 200, 404),
    ("POST", "/v1/families/{family_id}/invitations/{code}/qr"): users(403, 200, 404),
    # An invitation is for whoever holds its code; both are in a family already.
    ("GET", "/v1/family-invitations/{code}"): users(200, 200, 404),
    ("POST", "/v1/family-invitations/{code}/accept"): users(409, 409, 404),
    ("POST", "/v1/family-invitations/{code}/decline"): users(200, 200, 404),
    ("POST", "/v1/families/{family_id}/fill"): users(201, 409, 404),
    ("GET", "/v1/families/{family_id}/ledger"): users(200, 200, 404),
    ("GET", "/v1/families/{family_id}/summary"): users(200, 200, 404),
    ("GET", "/v1/orders"): users(200, 200, 200),
    ("GET", "/v1/orders/{order_id}"): users(200, 404, 404),
    ("GET", "/v1/orders/{order_id}/pickup/qr"): users(200, 404, 404),
    ("POST", "/v1/orders/{order_id}/prepay"): users(200, 404, 404),
    ("POST", "/v1/orders/{order_id}/cancel"): users(200, 404, 404),
    ("GET", "/v1/orders/{order_id}/receiver"): users(200, 404, 404),
    ("PUT", "/v1/orders/{order_id}/receiver"): users(200, 404, 404),
    ("POST", "/v1/orders/{order_id}/received"): users(200, 404, 404),
    ("POST", "/v1/orders/{order_id}/cases"): users(201, 404, 404),
    ("POST", "/v1/orders/{order_id}/cases/{case}/withdraw"): users(200, 404, 404),
    ("POST", "/v1/orders/{order_id}/cases/{case}/send-back"): users(200, 404, 404),
    # A member asks and withdraws, the owner decides.
    ("GET", "/v1/families/{family_id}/asks"): users(200, 200, 404),
    ("POST", "/v1/families/{family_id}/asks"): users(201, 409, 404),
    ("GET", "/v1/families/{family_id}/asks/{ask_id}"): users(200, 200, 404),
    ("POST", "/v1/families/{family_id}/asks/{ask_id}/approve"): users(403, 200, 404),
    ("POST", "/v1/families/{family_id}/asks/{ask_id}/pay"): users(403, 200, 404),
    ("POST", "/v1/families/{family_id}/asks/{ask_id}/refuse"): users(403, 200, 404),
    ("POST", "/v1/families/{family_id}/asks/{ask_id}/withdraw"): users(200, 403, 404),
    ("GET", "/v1/families/{family_id}/orders-to-pay"): users(200, 200, 404),
    ("GET", "/v1/families/{family_id}/orders-paid"): users(200, 200, 404),
    ("GET", "/v1/admin/merchant"): keys(200, 200, 200, 200),
    ("GET", "/v1/admin/keys"): keys(403, 403, 200, 200),
    ("POST", "/v1/admin/keys"): keys(403, 403, 201, 201),
    ("POST", "/v1/admin/keys/{key_id}/revoke"): keys(403, 403, 200, 404),
    ("GET", "/v1/admin/audit"): keys(403, 403, 200, 200),
    ("GET", "/v1/admin/cash"): keys(200, 200, 200, 200),
    ("PUT", "/v1/admin/cash"): keys(403, 403, 200, 200),
    ("GET", "/v1/admin/segments"): keys(200, 200, 200, 200),
    ("PUT", "/v1/admin/segments"): keys(403, 403, 200, 200),
    # Nobody is in a segment of a merchant who has said nothing of segments.
    ("GET", "/v1/admin/segments/{segment}/users"): keys(200, 200, 200, 409),
    ("GET", "/v1/admin/recalls"): keys(200, 200, 200, 200),
    # The other merchant has said nothing of segments.
    ("POST", "/v1/admin/recalls"): keys(403, 201, 201, 409),
    ("GET", "/v1/admin/recalls/{recall_id}"): keys(200, 200, 200, 404),
    ("POST", "/v1/admin/recalls/{recall_id}/cancel"): keys(403, 200, 200, 404),
    ("GET", "/v1/admin/wallet"): keys(200, 200, 200, 200),
    ("PUT", "/v1/admin/wallet"): keys(403, 403, 200, 200),
    ("GET", "/v1/admin/families/liability"): keys(200, 200, 200, 200),
    ("POST", "/v1/admin/cards/use"): keys(403, 201, 201, 409),
    ("POST", "/v1/admin/cards/undo"): keys(403, 200, 200, 404),
    ("GET", "/v1/admin/cards/{order_id}"): keys(200, 200, 200, 404),
    ("POST", "/v1/admin/cards/{order_id}/refund"): keys(403, 403, 200, 404),
    ("GET", "/v1/admin/held"): keys(403, 200, 200, 200),
    # What is another merchant's is said line by line.
    ("POST", "/v1/admin/held/decide"): keys(403, 200, 200, 200),
    ("POST", "/v1/admin/held/{held_id}/approve"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/held/{held_id}/reject"): keys(403, 200, 200, 404),
    ("GET", "/v1/admin/nicknames"): keys(403, 200, 200, 200),
    ("POST", "/v1/admin/users/{user_id}/nickname"): keys(403, 200, 200, 404),
    ("GET", "/v1/admin/campaigns"): keys(200, 200, 200, 200),
    ("POST", "/v1/admin/campaigns"): keys(403, 201, 201, 201),
    ("GET", "/v1/admin/campaigns/{campaign_id}"): keys(200, 200, 200, 404),
    ("PUT", "/v1/admin/campaigns/{campaign_id}"): keys(403, 200, 200, 404),
    ("PUT", "/v1/admin/campaigns/{campaign_id}/allowed-words"): keys(403, 403, 200, 404),
    ("POST", "/v1/admin/campaigns/{campaign_id}/publish"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/campaigns/{campaign_id}/pause"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/campaigns/{campaign_id}/resume"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/campaigns/{campaign_id}/end"): keys(403, 200, 200, 404),
    ("GET", "/v1/admin/campaigns/{campaign_id}/groups"): keys(200, 200, 200, 404),
    ("GET", "/v1/admin/groups/{group_id}"): keys(200, 200, 200, 404),
    ("POST", "/v1/admin/groups/{group_id}/close"): keys(403, 200, 200, 404),
    ("GET", "/v1/admin/campaigns/{campaign_id}/bargains"): keys(200, 200, 200, 404),
    ("GET", "/v1/admin/bargains/{bargain_id}"): keys(200, 200, 200, 404),
    ("POST", "/v1/admin/bargains/{bargain_id}/close"): keys(403, 200, 200, 404),
    ("GET", "/v1/admin/campaigns/{campaign_id}/coupons"): keys(200, 200, 200, 404),
    ("POST", "/v1/admin/campaigns/{campaign_id}/coupons/give"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/users/{user_id}/coupons/{coupon_id}/invalidate"): keys(403, 200, 200, 404),
    ("GET", "/v1/admin/campaigns/{campaign_id}/bursts"): keys(200, 200, 200, 404),
    ("GET", "/v1/admin/campaigns/{campaign_id}/word"): keys(200, 200, 200, 404),
    ("GET", "/v1/admin/campaigns/{campaign_id}/packets"): keys(200, 200, 200, 404),
    ("GET", "/v1/admin/packets/{packet_id}"): keys(200, 200, 200, 404),
    ("POST", "/v1/admin/packets/{packet_id}/close"): keys(403, 200, 200, 404),
    ("GET", "/v1/admin/users/{user_id}/invites"): keys(200, 200, 200, 404),
    ("GET", "/v1/admin/users/{user_id}/rewards"): keys(200, 200, 200, 404),
    ("GET", "/v1/admin/users/{user_id}/accounts"): keys(200, 200, 200, 404),
    ("POST", "/v1/admin/users/{user_id}/rebuild"): keys(403, 200, 200, 404),
    ("GET", "/v1/admin/campaigns/{campaign_id}/budget"): keys(200, 200, 200, 404),
    ("POST", "/v1/admin/campaigns/{campaign_id}/budget/top-up"): keys(403, 403, 200, 404),
    ("POST", "/v1/admin/campaigns/{campaign_id}/budget/release"): keys(403, 403, 200, 404),
    ("POST", "/v1/admin/batches/{batch_id}/exports"): keys(403, 201, 201, 404),
    ("GET", "/v1/admin/batches/{batch_id}/exports"): keys(200, 200, 200, 404),
    ("POST", "/v1/admin/batches/{batch_id}/exports/{export}/approve"): keys(403, 200, 200, 404),
    # The operator asked for it, and nobody else gets it.
    ("POST", "/v1/admin/batches/{batch_id}/exports/{export}/link"): keys(403, 200, 409, 404),
    ("GET", "/v1/admin/pictures"): keys(200, 200, 200, 200),
    ("POST", "/v1/admin/pictures"): keys(403, 201, 201, 201),
    ("GET", "/v1/admin/pictures/{picture_id}"): keys(200, 200, 200, 404),
    ("GET", "/v1/admin/posters"): keys(200, 200, 200, 200),
    ("POST", "/v1/admin/posters"): keys(403, 201, 201, 201),
    ("GET", "/v1/admin/posters/{poster_id}"): keys(200, 200, 200, 404),
    ("PUT", "/v1/admin/posters/{poster_id}"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/posters/{poster_id}/preview"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/posters/{poster_id}/release"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/posters/{poster_id}/withdraw"): keys(403, 200, 200, 404),
    ("GET", "/v1/admin/everyday-posters"): keys(200, 200, 200, 200),
    ("PUT", "/v1/admin/everyday-posters/{kind}"): keys(403, 200, 200, 200),
    ("GET", "/v1/admin/campaigns/{campaign_id}/batches"): keys(200, 200, 200, 404),
    ("POST", "/v1/admin/campaigns/{campaign_id}/batches"): keys(403, 201, 201, 404),
    ("GET", "/v1/admin/batches"): keys(200, 200, 200, 200),
    ("GET", "/v1/admin/batches/{batch_id}"): keys(200, 200, 200, 404),
    ("GET", "/v1/admin/batches/{batch_id}/codes"): keys(200, 200, 200, 404),
    ("POST", "/v1/admin/batches/{batch_id}/bind"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/batches/{batch_id}/revoke"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/batches/{batch_id}/revoke-range"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/batches/{batch_id}/revoke-code"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/batches/{batch_id}/rekey"): keys(403, 403, 200, 404),
    ("POST", "/v1/admin/codes/status"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/codes/redeem"): keys(403, 201, 201, 409),
    ("POST", "/v1/admin/codes/qr"): keys(403, 200, 200, 409),
    ("POST", "/v1/admin/codes/undo"): keys(403, 200, 200, 404),
    ("GET", "/v1/admin/codes/keys"): keys(200, 200, 200, 200),
    ("POST", "/v1/admin/codes/keys/retire"): keys(403, 403, 200, 200),
    ("GET", "/v1/admin/live-codes"): keys(200, 200, 200, 200),
    ("POST", "/v1/admin/live-codes"): keys(403, 201, 201, 201),
    ("GET", "/v1/admin/live-codes/{live_id}"): keys(200, 200, 200, 404),
    ("PUT", "/v1/admin/live-codes/{live_id}"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/live-codes/{live_id}/pause"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/live-codes/{live_id}/resume"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/live-codes/{live_id}/end"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/live-codes/{live_id}/code"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/live-codes/{live_id}/targets"): keys(403, 201, 201, 404),
    ("PUT", "/v1/admin/live-codes/{live_id}/targets/{number}"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/live-codes/{live_id}/targets/{number}/close"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/live-codes/{live_id}/targets/{number}/reopen"): keys(403, 200, 200, 404),
    ("GET", "/v1/admin/live-codes/{live_id}/targets/{number}/scans"): keys(200, 200, 200, 404),
    ("GET", "/v1/admin/live-codes/{live_id}/targets/{number}/days"): keys(200, 200, 200, 404),
    ("GET", "/v1/admin/campaigns/{campaign_id}/inviters"): keys(200, 200, 200, 404),
    ("GET", "/v1/admin/campaigns/{campaign_id}/cash"): keys(200, 200, 200, 404),
    ("GET", "/v1/admin/cash/liability"): keys(200, 200, 200, 200),
    ("GET", "/v1/admin/cash/days"): keys(200, 200, 200, 200),
    # The other merchant pays no cash.
    ("POST", "/v1/admin/cash/days"): keys(403, 202, 202, 404),
    ("GET", "/v1/admin/cash/years/{year}"): keys(403, 200, 200, 200),
    ("GET", "/v1/admin/cash/years/{year}/sheet"): keys(403, 200, 200, 200),
    ("GET", "/v1/admin/users/{user_id}/cash"): keys(200, 200, 200, 404),
    ("GET", "/v1/admin/families"): keys(200, 200, 200, 200),
    ("GET", "/v1/admin/families/names"): keys(403, 200, 200, 200),
    ("GET", "/v1/admin/families/adjustments"): keys(200, 200, 200, 200),
    ("GET", "/v1/admin/families/{family_id}"): keys(200, 200, 200, 404),
    ("GET", "/v1/admin/families/{family_id}/ledger"): keys(200, 200, 200, 404),
    ("POST", "/v1/admin/families/{family_id}/name"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/families/{family_id}/freeze"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/families/{family_id}/unfreeze"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/families/{family_id}/members/{user_id}/freeze"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/families/{family_id}/members/{user_id}/unfreeze"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/families/{family_id}/adjustments"): keys(403, 201, 201, 404),
    ("POST", "/v1/admin/families/{family_id}/adjustments/{adjustment_id}/approve"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/families/{family_id}/adjustments/{adjustment_id}/refuse"): keys(403, 200, 200, 404),
    ("GET", "/v1/admin/users/{user_id}/family"): keys(200, 200, 200, 404),
    ("POST", "/v1/admin/users/{user_id}/minor"): keys(403, 200, 200, 404),
    ("GET", "/v1/admin/payments"): keys(200, 200, 200, 200),
    ("GET", "/v1/admin/orders"): keys(200, 200, 200, 200),
    ("GET", "/v1/admin/orders/sheet"): keys(403, 200, 200, 200),
    # What is not there is said line by line.
    ("POST", "/v1/admin/orders/numbers"): keys(403, 200, 200, 200),
    ("GET", "/v1/admin/orders/{order_id}"): keys(200, 200, 200, 404),
    ("POST", "/v1/admin/orders/{order_id}/send"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/orders/{order_id}/correct"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/orders/{order_id}/hand-over"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/handovers"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/orders/{order_id}/refund"): keys(403, 200, 200, 404),
    ("GET", "/v1/admin/cases"): keys(200, 200, 200, 200),
    ("POST", "/v1/admin/orders/{order_id}/cases/{case}/grant"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/orders/{order_id}/cases/{case}/refuse"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/orders/{order_id}/cases/{case}/goods-came"): keys(403, 200, 200, 404),
    ("POST", "/v1/admin/orders/{order_id}/receiver/reveal"): keys(403, 200, 200, 404),
    # The law keeps it for three years yet.
    ("POST", "/v1/admin/orders/{order_id}/receiver/erase"): keys(403, 403, 409, 404),
    ("GET", "/v1/admin/bills"): keys(200, 200, 200, 200),
    ("POST", "/v1/admin/bills"): keys(403, 202, 202, 202),
    ("GET", "/v1/admin/notices"): keys(200, 200, 200, 200),
    ("PUT", "/v1/admin/notices"): keys(403, 403, 200, 200),
    ("POST", "/v1/admin/notices/templates/{template_id}/mended"): keys(403, 200, 200, 404),
    # A user of another merchant was told nothing by this one.
    ("GET", "/v1/admin/users/{user_id}/notices"): keys(200, 200, 200, 200),
    ("GET", "/v1/admin/stuck"): keys(200, 200, 200, 200),
    ("POST", "/v1/admin/stuck/{stuck_id}/retry"): keys(403, 204, 204, 404),
    ("POST", "/v1/admin/stuck/{stuck_id}/resolve"): keys(403, 204, 204, 404),
    # WeChat's signature alone opens it, whoever else one is.
    ("POST", "/notify/wechat/{mid}/pay"): public(401),
    ("POST", "/notify/wechat/{mid}/transfer"): public(401),
    ("GET", "/notify/wechat/{mid}/push"): public(401),
    ("POST", "/notify/wechat/{mid}/push"): public(401),
}


CODES = {401: "unauthenticated", 403: "forbidden", 404: "not_found"}


OTHER_CODES = {
    ("/v1/tokens/refresh", 401): "refresh_token_invalid",
    ("/notify/wechat/{mid}/pay", 401): "notification_refused",
    ("/notify/wechat/{mid}/transfer", 401): "notification_refused",
    ("/notify/wechat/{mid}/push", 401): "notification_refused",
    ("/v1/me/consents", 409): "template_unused",
    ("/v1/groups/{group_id}/seats", 409): "already_seated",
    ("/v1/admin/segments/{segment}/users", 409): "no_segments",
    ("/v1/admin/recalls", 409): "no_segments",
    ("/v1/bargains/{bargain_id}/helps", 409): "own_bargain",
    ("/v1/campaigns/{campaign_id}/bursts/{burst}/claims", 422): "help_ticket_unfit",
    ("/v1/packets/{packet_id}/helps", 409): "own_packet",
    ("/v1/packets/{packet_id}/claims", 409): "own_packet",
    ("/v1/campaigns/{campaign_id}/topups/quote", 404): "family_unknown",
    ("/v1/campaigns/{campaign_id}/topups", 404): "family_unknown",
    ("/v1/codes/preview", 409): "code_invalid",
    ("/v1/codes/redeem", 409): "code_invalid",
    ("/v1/admin/codes/redeem", 409): "code_forged",
    ("/v1/admin/codes/qr", 409): "code_forged",
    ("/v1/entries", 404): "share_unknown",
    ("/v1/families/{family_id}/fill", 409): "family_balance_short",
    ("/v1/families/{family_id}/asks", 409): "family_owner_asks",
    ("/v1/shares/{share_id}/short-link", 404): "share_unknown",
    ("/v1/shares/{share_id}/code", 404): "share_unknown",
    ("/v1/shares/{share_id}/text", 404): "share_unknown",
    ("/v1/shares/{share_id}/private-card", 404): "share_unknown",
    ("/v1/shares/{share_id}/poster", 404): "share_unknown",
    ("/v1/invites", 404): "invite_unknown",
    ("/v1/admin/cards/use", 409): "card_pass_unfit",
    ("/v1/codes/quote", 409): "code_invalid",
    ("/v1/codes/order", 409): "code_invalid",
    ("/v1/families", 409): "family_already",
    ("/v1/families/{family_id}/leave", 409): "family_owner_stays",
    ("/v1/families/{family_id}/hand-over/accept", 409): "family_not_offered",
    ("/v1/family-invitations/{code}/accept", 409): "family_already",
    **{(path, 404): "family_invitation_unknown" for _, path in MATRIX if path.startswith("/v1/family-invitations/")},
    **{(path, 404): "family_unknown" for _, path in MATRIX if path.startswith("/v1/families/")},
    ("/v1/families/{family_id}/topups/{order_id}", 404): "not_found",
    ("/v1/families/{family_id}/topups/{order_id}/refund", 404): "not_found",
    ("/v1/families/{family_id}/cards/{order_id}/refund", 404): "not_found",
    **{(path, 403): "family_not_owner" for _, path in MATRIX if path.startswith("/v1/families/")},
    ("/v1/families/{family_id}/asks/{ask_id}/withdraw", 403): "family_not_asker",
    ("/v1/admin/orders/{order_id}/receiver/erase", 409): "receiver_kept",
    ("/v1/admin/batches/{batch_id}/exports/{export}/link", 409): "export_of_another",
}
"""What a route refuses in words of its own."""


QUERIES = {"/v1/groups/cards": "?ids={group_id}", "/v1/admin/payments": "?day=2026-11-11"}
"""What a route must be asked for."""


OF_GOODS = {
    "/v1/orders/{order_id}/received": "sent",
    "/v1/orders/{order_id}/cases": "waiting",
    "/v1/orders/{order_id}/cases/{case}/withdraw": "asked",
    "/v1/orders/{order_id}/cases/{case}/send-back": "granted",
    "/v1/admin/orders/{order_id}/send": "waiting",
    "/v1/admin/orders/{order_id}/correct": "sent",
    "/v1/admin/orders/{order_id}/hand-over": "fetched",
    "/v1/admin/orders/{order_id}/refund": "waiting",
    "/v1/admin/orders/{order_id}/cases/{case}/grant": "asked",
    "/v1/admin/orders/{order_id}/cases/{case}/refuse": "asked",
    "/v1/admin/orders/{order_id}/cases/{case}/goods-came": "granted",
}
"""How far an order must be for a route."""


CELLS = [
    pytest.param(method, template, role, status, id=f"{method} {template} as {role}")
    for (method, template), row in MATRIX.items()
    for role, status in zip(ROLES, row, strict=True)
]
