"""Every play's scenes and stories, and the scenes of the rooms below: a new play adds its lines here."""

from __future__ import annotations

from tests.accounts import scenes as accounts
from tests.bargain import scenes as bargain
from tests.bargain.story import Story as Bargains
from tests.campaigns import scenes as campaigns
from tests.cash import scenes as cash
from tests.cash import scenes_books as cash_books
from tests.cash.story import Story as Cash
from tests.coupons import scenes as coupons
from tests.family import scenes_asks, scenes_money, scenes_paid, scenes_people, scenes_shared
from tests.family import scenes_desk as family_desk
from tests.family.story import Story as Families
from tests.fulfilment import scenes as fulfilment
from tests.groupbuy import scenes as groupbuy
from tests.groupbuy.story import Story as GroupBuys
from tests.invite import scenes as invite
from tests.inviting import scenes as inviting
from tests.livecodes import scenes as livecodes
from tests.livecodes.story import Story as LiveCodes
from tests.merchants import scenes as merchants
from tests.notices import scenes as notices
from tests.notices import scenes_cards
from tests.notices import scenes_plays as plays_told
from tests.notices import scenes_rewards as rewards_told
from tests.orders import scenes as orders
from tests.posters import scenes as posters
from tests.proof.stage import Scene
from tests.proof.story import Story
from tests.punchcards import scenes as punchcards
from tests.push import scenes as push
from tests.recall import scenes as recall
from tests.redpacket import scenes as redpacket
from tests.redpacket.story import Story as Packets
from tests.rewards import scenes as rewards
from tests.risk import scenes as risk
from tests.sharing import scenes as sharing
from tests.thanks import scenes as thanks
from tests.voucher import export_scenes as exports
from tests.voucher import scenes as voucher
from tests.voucher import scenes_desk, scenes_goods, scenes_words
from tests.voucher.story import Story as Codes

ROOMS = (
    *(accounts, merchants, campaigns, sharing, risk, orders, fulfilment),
    *(groupbuy, bargain, redpacket, coupons, invite, inviting, rewards, thanks, cash, cash_books),
    *(voucher, exports, scenes_goods, scenes_words, scenes_desk, posters, livecodes),
    scenes_money,
    *(scenes_people,),
    family_desk,
    *(scenes_money, scenes_asks),
    scenes_paid,
    *(scenes_paid, scenes_shared, punchcards, recall, notices),
    *(plays_told, rewards_told, push),
    scenes_cards,
)

SCENES: dict[str, Scene] = {scene.name: scene for room in ROOMS for scene in room.SCENES}

STORIES: dict[str, type[Story]] = {
    "groupbuy": GroupBuys,
    "bargain": Bargains,
    "redpacket": Packets,
    "cash": Cash,
    "codes": Codes,
    "livecodes": LiveCodes,
    "families": Families,
}
