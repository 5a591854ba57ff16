"""What no text of a campaign may say about sharing, as data: see `words` for how it is read."""

from __future__ import annotations

from chalicelib.campaigns.words import DENIED, Category, listed, pairs


def unless(before: str) -> str:
    """A form that stands after none of these words."""
    return "".join(f"(?<!{word})" for word in before.split())


NUMBER = "(?:[0-9]{1,4}|[一二两三四五六七八九十百几多]{1,3})"
AFTER = "(?:之后|以后|后)"
SHARE = (
    f"(?:{unless('的 通过 点击 打开 点开 扫描 从 经')}|(?!分享(?:链接|卡片|页面|海报|小程序)))"
    "(?:分享|转发|(?:发|发到|晒|晒到|转|转到)朋友圈|发圈|(?:发|转)到群里?)"
)
"""To share: joining *by somebody's shared card* is none."""
POINTS = ("积", "充")
"""What ends in 分 before 享: 积分享立减."""
THIS = "(?:本?次?(?:活动|链接|页面|海报|卡片|商品|小程序|此页))?"
PEOPLE = "(?:不同)?的?(?:微信|qq)?(?:好友|朋友圈|朋友|亲友|群聊|群友|群里|群|人)?"
SHARED = (
    f"{THIS}(?:成功|完成)?(?:到|给|至|进|满|够)?(?:{NUMBER}|任意|指定)?"
    f"(?:个|位|名|次|下)?{PEOPLE}(?:截图)?(?:成功|完成)?"
)
"""What is shared and with whom, between the verb and what it is said to bring."""

AT_ONCE = "(?:即可|就可以|就能|就|便可|便能|便|即|自动|直接)"
GET = (
    f"{AFTER}?(?:{AT_ONCE}|可以|可|立即|马上|都能|都|均可)?"
    "(?:获得|得到|赢得|赢取|领取|领到|抽取|兑换|赠送|奖励|享受|立享|立减|立得|返还"
    "|(?:送|赠)(?![给达到]|礼(?![品物包券金]))|得|获|领|拿|赢|抽|返|享|减|赚)"
)
GAIN = (
    "(?:红包|现金|奖励|奖品|大奖|好礼|礼品|礼物|礼包|礼|赠品|小样|券|积分|返现|返利|佣金|提成|话费|流量"
    f"|会员|免单|折扣|优惠|福利|金币|{NUMBER}元|钱)"
)
FRIEND = "(?:好友|朋友|亲友|他人|别人|对方|群友|有人)"
OPENS = (
    "(?:只要|只需|每)?(?:点击|点开|点进|打开|查看|浏览|访问|进入|看到|点一下|扫码)(?:一下|一次)?"
    f"(?:你的|您的|该|此|本|这个)?(?:分享)?的?(?:链接|卡片|活动页|页面|活动|小程序|海报)?{AFTER}?"
)
UNLOCKS = "(?:解锁|查看|看到|下载|参加|参与|报名|开团|参团|下单|购买|买|继续|进入|使用|开启|激活|拼团|砍|付款|支付)"

IT = "(?:it|this|(?:the|this)(?:card|page|link|campaign|deal|offer|activity))?(?:now)?"
REWARD = "(?:rewards?|coupons?|cash|points|gifts?|bonus|redpackets?|vouchers?|prizes?)"

FORCED_SHARE = Category(
    "forced_share",
    "不得以分享作为参加、查看或解锁的条件",
    "A share must not be the condition of anything",
    (
        *pairs("分享 转发", "解锁 后解锁 后可见 后可看 后才能看 可解锁 即可解锁 才能解锁"),
        *pairs("shareto forwardto", "unlock view see continue download enter participate"),
        *pairs("unlock unlocks unlocked", "bysharing aftersharing"),
        *listed("不转不是 不分享不给看 强制分享 强制转发"),
    ),
    (
        f"{SHARE}{SHARED}{AFTER}?(?:才能|才可以|才可|才会|方能|方可|{AT_ONCE}){UNLOCKS}",
        f"{SHARE}{SHARED}{AFTER}(?:可以|可|能)?{UNLOCKS}",
        f"{SHARE}{SHARED}{AFTER}?(?:可以|可)?(?:解锁|可见)",
        f"(?:分享|转发)(?:到|至|进|满|够)?{NUMBER}个?(?:不同)?的?(?:微信)?群",
        (
            f"{unless('按 如 若 如您 如你 如果 若您')}(?:必须|必需|须要|须|需要|需)"
            f"(?:先|将|把)?{THIS}(?:成功|完成)?{SHARE}"
        ),
        f"(?<!抢)先(?:成功|完成)?(?:将|把)?{THIS}{SHARE}{SHARED}{AFTER}?(?:再|才|方)",
        "不(?:分享|转发)(?:到群|给好友)?(?:就|则)?(?:不能|不可|不得|不给|不予|不显示|无法|没法|没|看不)",
        "(?:must|haveto|needto)(?:first)?(?:share|forward)(?:it|this|the|to|with|first|before|your)",
        "(?:sharing|share|forwarding)(?:is)?required",
        (
            f"(?:after|by|once|when)(?:you)?(?:have)?(?:shared|share|sharing){IT}(?:you)?(?:can)?(?:then)?"
            "(?:unlock|view|join|continue|download)"
        ),
        (
            f"(?:发|转|推)(?:送|荐)?给{NUMBER}(?:个|位|名)?(?:不同)?的?(?:微信)?(?:好友|朋友|亲友|群友|群|人)"
            f"{AFTER}?(?:才能|才可以|才可|方可|{AT_ONCE}){UNLOCKS}"
        ),
        (
            "(?:share|forward)(?:it|(?:the|this)(?:card|page|link|campaign|deal|offer|activity)?)?"
            "(?:(?:to|with)(?:[0-9]{1,3}|two|three|five|ten|a|your)?(?:wechat)?(?:friends?|people|contacts?))?"
            "to(?:unlock|join|view|see|continue|download|enter|participate)"
        ),
        f"(?:share|forward){IT}(?:to|with|in)(?:[0-9]{{1,3}}|two|three|five|ten)(?:different)?(?:wechat)?(?:groups|chats)",
    ),
    DENIED,
)
"""A share as the condition of joining, seeing or unlocking (rules W1)."""

REWARDED_SHARE = Category(
    "rewarded_share",
    "不得因分享或好友仅打开页面而许诺利益",
    "Nothing may be promised for sharing, nor for a friend's merely opening",
    (
        *pairs(
            "分享 转发 发朋友圈",
            "得红包 领红包 抽红包 送红包 拿红包 得现金 领现金 领券 得券 送券 抽奖 领奖 得优惠券 领优惠券 得奖励"
            " 拿奖励 有礼 有奖 得好礼 领好礼 送好礼 得积分 送积分 赚积分 返现 返利 赚钱 赚佣金 得佣金 免单 立减"
            " 赢大奖 赢好礼 即得 有惊喜",
        ),
        *pairs("集赞", "有礼 领 送 换 得"),
        *pairs("share forward", "toearn towin andwin andearn win"),
        *listed("shareforacoupon shareforcash shareforreward shareforrewards collectlikes"),
    ),
    (
        f"{SHARE}{SHARED}{GET}.{{0,6}}?{GAIN}",
        f"{SHARE}{SHARED}{AFTER}?(?:才能|才可以|才可|方能|方可|{AT_ONCE}|可以|可)(?:领取|领奖|兑换)",
        f"{SHARE}{SHARED}(?:{AT_ONCE}|可|能)?赚",
        f"{SHARE}{SHARED}(?:{AT_ONCE}|都)?有(?:礼|奖|红包|钱|惊喜|好礼)",
        "(?:分享|转发)(?:得|的)?越多.{0,8}越",
        f"集(?:满|齐|够)?(?:{NUMBER}个?)?赞(?![助成誉美许])",
        f"{FRIEND}{OPENS}{AT_ONCE}?(?:你|您|双方|分享者|邀请人|邀请者)(?:们)?(?:各|都|也)?{GET}.{{0,6}}?{GAIN}",
        f"{FRIEND}{OPENS}{AT_ONCE}?(?:得|送|返|赚|奖励).{{0,6}}?{GAIN}",
        f"{FRIEND}{OPENS}{AT_ONCE}(?:会|可以|可|能)?(?:为|帮|替|给)?(?:你|您)?(?:砍|减|降价|助力|算|计|完成)",
        f"{NUMBER}(?:次|个)?(?:浏览|阅读|点击|访问)量?{GET}.{{0,6}}?{GAIN}",
        (
            f"(?:earn|get|win|receive|claim)s?(?:an|a|any|your|free|the)?{REWARD}"
            "(?:for|by|when|ifyou|whenyou|onceyou|after)(?:you|every|each)?(?:sharing|forwarding|share|forward)"
        ),
        (
            f"{unless('earn get win receive claim any')}{REWARD}"
            "(?:for|when|ifyou|whenyou|onceyou)(?:every|each|you)?(?:sharing|forwarding|share|forward)"
        ),
        (
            f"(?:share|forward){IT}(?:to|with|in)?(?:your|a|the)?(?:friends?|moments|groups?)?"
            "(?:and|to|then)(?:you)?(?:get(?!together|started|close|ready)|win|earn|receive|claim)"
        ),
        (
            "friends?(?:only|just|merely)?(?:opens?|views?|clicks?|taps?)(?:it|on|the|your|this|card|link|page)*"
            "(?:and)?you(?:get|win|earn|receive)"
        ),
    ),
    (*DENIED, *POINTS),
)
"""A gain for the share itself, or for a friend's merely opening it (rules W2, W3)."""

SHARING = (FORCED_SHARE, REWARDED_SHARE)
