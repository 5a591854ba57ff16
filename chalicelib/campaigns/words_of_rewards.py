"""What no text of a campaign may say about what it gives, as data: see `words` for how it is read."""

from __future__ import annotations

from chalicelib.campaigns.words import DENIED, Category, listed, pairs
from chalicelib.campaigns.words_of_sharing import NUMBER, unless

VALUE = (
    "(?:红包|现金|奖励|奖金|奖品|大奖|礼金|彩金|积分|优惠券|代金券|券|余额|返现|返利|佣金|免单|话费|流量|金币"
    f"|{NUMBER}元|{NUMBER}积分)"
)
"""What is given. Goods are not in it: that their colour is a matter of chance is an honest sentence."""
CHANCE = "(?:随机|不定|不固定|不确定|看运气|凭运气|靠运气|看手气|凭手气|靠手气|看人品|拼手速)"
HAVING = "(?:获得|得到|赢得|赢取|领取|领到|抽取|抽中|抢到|拿到|得|获|领|抢|抽|返|拿|赢|中)"
MODAL = "(?:可以|可|能|会|均可|都可|都能|就能|就可|即可|支持)"
EACH = "每人 每位 每个 每户 单人 人均 累计 合计 总计 共计 个人 用户"
"""Before a bound: so much at most, all together."""
PURSE = "(?:余额|储值金?|钱包|积分|红包(?:余额|金额)?|奖励(?:金)?|佣金|返现|返利|账户)"
KEPT = "(?:余额|储值金?|钱包|积分)"
"""What a shop keeps for its users; packets and coupons, which a buyer may give to friends, are none."""

GAINED = (
    "(?:redpackets?|packets?|rewards?|gifts?|prizes?|bonus(?:es)?|coupons?|vouchers?|points|cash|yuan|rmb|balance"
    "|money)"
)

DRAW = Category(
    "draw",
    "赠送的内容与金额必须固定并提前公示，不得抽奖、随机或不确定",
    "What is given is fixed and told before: no draw, and no random or uncertain gain",
    (
        *pairs("拼 比 碰 试试", "手气"),
        *pairs("手气 运气", "红包 最佳 王"),
        *pairs("随机 神秘 惊喜 幸运", "红包 现金 大奖 奖金 奖励"),
        *pairs("幸运", "抽奖 大转盘 转盘 大奖 锦鲤"),
        *pairs("中奖", "概率 几率 机会 率 名单 号码"),
        *listed(
            "抽红包 抽大奖 抽现金 抽免单 抽积分 抽优惠券 开大奖 大转盘 刮刮乐 刮奖 砸金蛋 九宫格抽 盲盒奖励"
            " 一元夺宝 1元夺宝"
        ),
        *pairs("lucky prize", "draw draws wheel"),
        *pairs("lucky mystery surprise", "redpacket redpackets reward rewards prize prizes bonus cash"),
        *listed("spinthewheel spintowin scratchcard scratchandwin raffle raffles sweepstake sweepstakes"),
        *pairs("achanceto yourchanceto chancesto", "win get"),
        *listed("dependsonyourluck tryyourluck"),
    ),
    (
        "抽奖(?!箱|券册|桶|盒)",
        "抽签(?!筒|桶)",
        f"{VALUE}的?(?:金额|数额|面额|大小|数量|多少)?(?:由系统|由平台|是|为|均|全|完全|都|会)?{CHANCE}",
        f"随机地?(?:发放|派发|派送|掉落|赠送?|送|奖励|返还?|立返|获得|得到|得|领取?|抽取?|分配)(?:的|到|给你|您)?.{{0,8}}?{VALUE}",
        f"(?:{unless('色 款 式 样 味 号 码 品')}随机|神秘|幸运)(?:优惠|折扣|代金|满减)?券",
        f"(?:每[份人个张]的?(?:金额|数额)|(?:每[份人个张]的?)?(?:面额|折扣))(?:由系统|由平台|是|为|均|全|完全|都)?{CHANCE}",
        f"{MODAL}?(?:可能|或许|也许|有机会|有机率|有几率|有概率){MODAL}?{HAVING}.{{0,6}}?{VALUE}",
        f"{unless(EACH)}(?:最高|至高){MODAL}?{HAVING}.{{0,4}}?{VALUE}",
        f"(?:最高|至高){NUMBER}元?的?(?:红包|现金|奖励|大奖|礼金|奖金)",
        "(?:每份|红包|奖励|奖金|积分|获得|可得|领取|派发|赠送|返现)(?:金额)?.{0,12}?(?:元|积分|金额)不等",
        f"(?:random(?:ly)?(?:sized|chosen)?|uncertain)(?:amounts?(?:of)?)?{GAINED}",
        f"(?:may|might|could)(?:just)?(?:win|get|receive)(?:up|asmuch)(?:to|as).{{0,12}}?{GAINED}",
        f"(?:win|earn|get)upto(?:rmb|yuan|cny)?[0-9]+(?:rmb|yuan|cny)?(?:in|of)?(?:{GAINED}|cash)",
        "(?:lottery|lotteries)(?!box)",
        "(?:enter|join|win)(?:a|the|our)(?:prize)?draw",
    ),
    DENIED,
)
"""A draw, or a gain of which nobody knows beforehand what it is (rules W6)."""

TOP_UP_WORDS = listed("购买余额 余额充值 buybalance purchasebalance")
TOP_UP_FORMS = (
    f"{KEPT}{MODAL}?(?:随时)?(?:充值|续充)",
    "(?:topup|rechargeyour|chargeup)(?:your)?(?:balance|wallet|points)",
)
"""How texts say that what a shop keeps for its users can be bought."""

KEPT_WORDS = (
    *pairs("充值 储值 预存", "有礼 即送 立送 返现 送好礼"),
    *listed("充多少送多少 存多少送多少 充得多送得多 积分变现 余额变现 积分换现金 积分兑现金 余额换现金"),
    *listed("购买余额 购买积分 余额充值 积分充值 全平台通用余额 积分转让 余额转让 余额转赠 积分买卖"),
    *listed("topupandget topuptoget rechargeandget"),
    *pairs("buy purchase", "points balance"),
)
KEPT_FORMS = (
    f"(?:满|够){NUMBER}元?{MODAL}?(?:提现|兑现)",
    f"{KEPT}(?:都|也|均)?{MODAL}(?:随意|自由|随时)?(?:转让|转赠|转账|转售|送给|转给|出售|买卖|交易|变卖)",
    TOP_UP_FORMS[0],
    f"(?:充值?|储值|预存|(?<!库)存)(?:满|够)?{NUMBER}元?(?:立即|即|就|可|再)?(?:送|赠|返|得){NUMBER}",
    f"{NUMBER}元(?:购买|换购|充值|买){NUMBER}(?:积分|余额)",
    f"{KEPT}(?:在|可在|可以在)?(?:全平台|各店|多店|全网商家|其他(?:商家|店铺|商户|门店)|任意(?:商家|店铺|商户))(?:都|均)?(?:可)?(?:通用|使用|可用|消费|互通)",
    "canbe(?:resold|(?:transferred|sold|given)to(?:others|otherusers|afriend|friends|anybody|anyone))",
    "(?:transfer|sell|resell)your(?:balance|points)",
    TOP_UP_FORMS[1],
    "(?:topup|recharge|deposit)(?:rmb|yuan)?[0-9]+(?:rmb|yuan)?(?:and|to)?(?:get|receive)",
    "(?:balance|points)(?:is|are)?(?:good|valid|usable|accepted)(?:in|at)(?:all|any|every|other)(?:shops?|stores?|merchants?)",
)
"""Balance or points sold, passed on, bought, or good elsewhere; and a sum that must be saved up first."""

CASHABLE = Category(
    "cashable",
    "余额与积分为本店赠送，不得承诺提现、兑换现金、转让、买卖、充值或跨店使用",
    "Balance and points are given and good in this shop: no cash for them, no transfer, no sale, no top-up",
    (
        *KEPT_WORDS,
        *pairs("秒 随时 立即 马上 直接 自由 一键 快速 满1元", "提现"),
        *pairs("提现", "秒到账 到微信 到零钱 到银行卡 到支付宝 无门槛"),
        *listed("红包变现 红包换现金"),
        *pairs("cashouttoyour withdrawtoyour", "bank wechat wallet card account"),
        *listed("instantwithdrawal instantcashout withdrawanytime cashoutanytime"),
    ),
    (
        *KEPT_FORMS,
        f"{MODAL}(?:随时|立即|直接|全额|自由|申请)?(?:提现|变现|折现|套现)",
        f"{PURSE}{MODAL}(?:随时|直接|全额|按比例)?(?:兑换|兑|换|换成|兑成|折算成|折成)(?:成|为)?(?:等额)?(?:现金|人民币|零钱)",
        "(?:you)?can(?:always|now)?(?:withdraw|cashout)(?!nothing)",
        "canbe(?:withdrawn|cashedout)",
        "(?:redeemable|exchangeable|convertible|redeem(?:ed|it)?|exchange(?:d|it)?|convert(?:ed|it)?)(?:for|into|to)cash",
    ),
    DENIED,
)
"""Balance or points as money: cashed, sold, passed on, bought, or good elsewhere (rules M1, M2)."""

APART = "(?:(?!不|无|非|没|勿|禁|红包|现金|奖励|佣金).){0,4}?"
"""Little between two words, and neither a denial nor the money that a campaign really gives."""
APART_EN = "(?:(?!not|never|cannot|cash|packet|reward).){0,20}?"

KEPT_AS_MONEY = Category(
    "kept_as_money",
    CASHABLE.zh,
    CASHABLE.en,
    KEPT_WORDS,
    (
        *KEPT_FORMS,
        f"{KEPT}{APART}(?:提现|变现|折现|套现)",
        f"{KEPT}{APART}(?:兑换|兑|换|折算|折)(?:成|为)?(?:等额)?(?:现金|人民币|零钱)",
        "(?:withdraw|cashout)(?:your|the)?(?:balance|points)",
        f"(?:balance|points){APART_EN}(?:withdrawn|cashedout|(?:for|into|to|as)cash)",
    ),
    DENIED,
)
"""The same where the campaign gives money: that this is paid out may be said, and of balance and points it may not."""

PREPAID = Category(
    "prepaid",
    "储值须等额到账，不得承诺充值赠送、提现、兑换现金、转让、跨店使用或积分充值",
    "What is sold is worth its price in this shop: no bonus, no cash for it, no transfer, no points",
    tuple(word for word in CASHABLE.words if word not in TOP_UP_WORDS),
    (
        *(form for form in CASHABLE.forms if form not in TOP_UP_FORMS),
        f"积分{MODAL}?(?:随时)?(?:充值|续充)",
        "(?:topup|rechargeyour|chargeup)(?:your)?points",
        "(?:充值?|储值|预存)(?:(?!不|无|非|没|勿|禁).){0,8}?(?:赠(?!与)|加送|送(?!达|货)|返现|返利|多得|额外)",
        "(?:topup|topups|recharge|recharges|toppingup)(?:(?!no|without).){0,16}?(?:bonus|extra|forfree|freegift)",
    ),
    DENIED,
)
"""Where a merchant who has filed sells value: that it can be bought may be said; a bonus, and cash for it, may not."""

REWARDS = (DRAW, CASHABLE, KEPT_AS_MONEY, PREPAID)
