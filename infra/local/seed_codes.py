"""The demo's text codes: a campaign whose codes bring a coupon. Its batches are minted by whoever tries it."""

from __future__ import annotations

from infra.local.seed_rewards import Document

CODES = 10_000
"""Of all batches of the demo together."""

CODE_OFF_FEN = 1500


def demo_codes(offer: Document) -> Document:
    """A code for fifteen yuan off of sixty, two for each user: printed on a card that lies in a parcel."""
    return {
        **{name: offer[name] for name in ("starts_at", "ends_at")},
        "kind": "codes",
        "title": f"{offer['skus'][0]['title']} 随箱兑换码",
        "description": "随箱卡片上的兑换码，在小程序内输入即可兑换优惠券。",
        "rule_sheet": {
            **offer["rule_sheet"],
            "rules_text": "每个兑换码只能使用一次，每人最多兑换两个。",
            "eligibility": "持有兑换码的用户均可兑换。",
            "result": "兑换后优惠券立即到账，满 60 元减 15 元，有效期 30 天。",
            "refund_terms": "使用该券的订单全额退款后券退回，有效期不变。",
        },
        "brings": {
            "kind": "coupon",
            "coupon": {
                "title": "满 60 减 15",
                "off": {"kind": "amount", "fen": CODE_OFF_FEN},
                "threshold_fen": 6000,
            },
            "validity": {"kind": "after_claim", "days": 30},
        },
        "total": CODES,
        "per_user": 2,
        "share": {"title": "输入兑换码领优惠券"},
    }


WORD_FEN = 100
WORDS = 10_000


def demo_word(offer: Document) -> Document:
    """A yuan of balance for whoever types the word, once a user: what is said when the goods are new."""
    return {
        **{name: offer[name] for name in ("starts_at", "ends_at")},
        "kind": "word",
        "title": f"{offer['skus'][0]['title']} 口令福利",
        "description": "在小程序内输入直播间的口令，即可获得余额。",
        "rule_sheet": {
            **offer["rule_sheet"],
            "rules_text": "输入直播间所说的口令，每人限兑一次，先到先得，领完即止。",
            "eligibility": "所有用户均可兑换。",
            "result": "兑换后 1 元余额立即到账，每份相同。",
            "refund_terms": "余额为赠送，仅可在本店下单使用。",
        },
        "word": f"{offer['skus'][0]['title']}上新",
        "brings": {"kind": "gift", "gift": {"amount": WORD_FEN, "form": {"as": "balance"}}},
        "total": WORDS,
        "budget": {"fen": WORDS * WORD_FEN},
        "share": {"title": "来直播间听口令"},
    }
