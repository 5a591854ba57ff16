"""What no text of a campaign may say: words and forms by category, as data.

Texts are read folded (`copy_lint`): small letters and digits of one width, nothing between them, simplified characters.
A word is found wherever its letters stand, whatever separates them. A form is a regular expression and is found within
one sentence. Both stand here in folded writing: no spaces, no signs; ``100%`` is folded to ``百分百``.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple


class Category(NamedTuple):
    """Words of one kind, and what is said of them."""

    name: str
    zh: str
    en: str
    words: tuple[str, ...]
    forms: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    """What may stand right before: whoever says that something is not so promises nothing."""
    unread: tuple[str, ...] = ()
    """Endings of pointers to texts in which such words are names or facts."""
    allowable: bool = False
    """Whether an owner may let one stand where it stands."""


def pairs(first: str, second: str) -> tuple[str, ...]:
    """Every word of ``first`` before every word of ``second``."""
    return tuple(a + b for a, b in product(first.split(), second.split()))


def listed(words: str) -> tuple[str, ...]:
    """Words that stand with spaces between them."""
    return tuple(words.split())


DENIED = listed(
    "无 不 非 没 没有 并无 不是 不会 不设 不做 不含 不存在 不涉及 不支持 不提供 不得 不可 不能 不以"
    " 不得以 禁止以 不要求 无需 无须 毋需 毋须 不需 不须 不必 不用 不需要 禁止 严禁 拒绝 杜绝"
    " no not never non without neednot noneedto dont cannot nota notan notany nevera neverany withouta withoutany"
)

UNDENIED = listed("不得不 不能不 不可不 何不 要不")
"""What ends like a denial and is none."""

LURE = Category(
    "lure",
    "文案含有诱导、夸大利益的用语",
    "The copy lures with gains",
    listed(
        "百元现金天天领 现金天天领 天天领现金 点一下就有钱 点开就有钱 打开就有钱 点击领钱 免费领现金 现金免费领"
        " 人人有红包 人人领现金 躺着赚钱 轻松月入 一夜暴富 免费拿走"
        " freecash tapforcash taptogetcash clicktogetcash easymoney getrich cashforeveryone"
    ),
    ("(?<![0-9])0元(?:购|拿|领|得)", "砍到0元", "(?:天天|每天|人人)都?(?:有|领|送)(?:红包|现金)"),
    allowable=True,
)
"""Exaggerated gain as bait (rules W4)."""

PRESSING = Category(
    "pressing",
    "文案含有催促、暗示点击的用语",
    "The copy presses or hints",
    (
        *pairs("只差 仅差 就差 还差 只剩 只剩最后", "一步 1步 一刀 1刀"),
        *pairs("只差 仅差 就差", "一人 1人 一个人 1个人"),
        *pairs("红包", "待领取 未领取 即将过期 即将失效"),
        *pairs("有人给你 有人给您", "发红包 发了红包 送红包"),
        *listed("点击消除红点 onlyonestep justonestep onesteptogo onestepleft onestepaway unreadredpacket"),
        *listed("yourredpacketexpires youhaveanunread youhave1unread"),
    ),
    ("(?:你|您)有(?:一|1)(?:个|份|条|张)(?:新的?)?(?:未读|待领|红包|现金|礼物|奖励|消息)",),
    allowable=True,
)
"""Red dots, "only one step left" and other hints (rules W4)."""

CERTAIN = Category(
    "certain",
    "文案含有保证中奖、保证收益的用语",
    "The copy promises a sure win",
    listed(
        "百分百中奖 百分百有奖 百分百得奖 百分百win 人人中奖 人人有奖 必中奖 必中大奖 保证中奖 逢抽必中"
        " 稳赚 包赚 必赚 只赚不赔 零风险高收益 保本保收益"
        " guaranteedwin guaranteedtowin guaranteedprize everyonewins surewin cannotlose"
    ),
    allowable=True,
)
"""A win or a gain that is said to be sure (rules W4, W6)."""

SUPERLATIVE = Category(
    "superlative",
    "文案含有广告法禁用的绝对化用语",
    "The copy has a superlative that the advertising law forbids",
    (
        *pairs("全网 全国 全球 史上 行业 全城", "最低 最便宜 最好 最优惠"),
        *pairs("全网 全国 全球 中国", "唯一"),
        *listed("世界级 宇宙级 顶级 最先进 最优质 最便宜 最划算 最好的 最好吃 最好喝 最好用 最好看 最强"),
        *listed("最正宗 最健康 最安全 最高品质 第一品牌 第一名牌 独一无二 绝无仅有 史无前例 前无古人 无与伦比"),
        *listed("唯一指定 驰名商标 质量免检 top1 no1brand no1choice numberonebrand numberonechoice"),
        *listed("bestintheworld worldsbest bestinchina bestever cheapestinchina cheapestonline lowestpriceever"),
        *listed("lowestpriceonline unrivalled unrivaled oneofakind"),
    ),
    (
        "国家级(?!非遗|非物质|地理标志|经济|高新|开发区|龙头|实验室)",
        "(?<!独)特供",
        "(?<!太)极品",
        "最高级(?!别)",
        "最佳(?!赏味|食用|饮用|口感|使用|品尝|品饮|保存)",
        "(?:全国|全网|全球|世界|亚洲|中国|行业|业内|销量|排名|品质|口碑|人气)第(?:一|1)(?![次步批个位章季届期])",
    ),
    unread=("/host_name", "/host_contact", "/name", "/address", "/hours", "/reference_basis"),
    allowable=True,
)
"""Superlatives (advertising law art. 9 no. 3). Some uses are lawful, and an owner may say why his is."""

INVENTED = Category(
    "invented",
    "不得承诺或展示虚拟成员、虚拟助力",
    "Invented members and helpers are not allowed",
    (
        *pairs("虚拟", "成团 成员 用户 团员 好友 助力 砍价"),
        *pairs("机器人", "成团 参团 凑团 入团 补位 补齐 助力 砍价 帮砍"),
        *pairs("系统自动", "成团 助力 砍"),
        *listed("模拟成团 拼团机器人 成团机器人 系统帮砍 系统帮你砍 系统代砍"),
        *pairs("virtual fake robot invented", "member members helper helpers"),
        *pairs("bots robots", "join"),
    ),
)
"""People who do not exist (rules L9). A robot alone is a thing that shops sell."""

NEWCOMER = "(?:新用户|新人|新好友|会员|vip)(?:来|可以|可|能|会)?"

RANDOM = Category(
    "random",
    "砍价金额必须固定并提前公示，不得承诺随机或不确定的金额",
    "What a help cuts is fixed and told before: no random or uncertain cut may be promised",
    (
        *pairs("金额 幅度 砍多少", "随机 看运气 不一定"),
        *pairs("幸运 惊喜 神秘 暴击", "一刀"),
        *listed("随机砍 砍价看运气 手气砍 可能砍到 有机会砍到 砍价暴击 神秘金额 砍到多少看人品"),
        *pairs("random lucky", "cut cuts amount amounts discount discounts"),
        *listed("maycutupto mightcutupto cutsarerandom cutisrandom dependsonluck dependsonyourluck"),
    ),
    (
        "随机地?(?:砍|减|立减|降|扣|优惠(?!券)|金额|掉落)",
        (
            "(?:砍|减|降)价?(?:掉|下)?的?(?:金额|幅度|多少|价格|钱数)?(?:由系统|是|为|均|全|完全|都)?"
            "(?:随机|不定|不固定|不确定|看运气|凭运气|靠运气|看手气|凭手气|看人品|不等)"
        ),
        "(?:看|凭|靠)(?:运气|手气|人品)",
        "(?:可能|或许|也许|有机会|有机率|有几率|最高|至高)(?:可以|可|会|能)?(?:砍|减(?![少弱轻肥缓]))",
        "(?:砍|减|金额|幅度).{0,6}因人而异",
        "(?:砍|减)(?:价|掉|去)?.{0,10}元不等",
        f"{NEWCOMER}(?:助力|帮砍|帮忙|帮你)+时?(?:可以|可|能|会)?(?:更多|双倍|翻倍|多砍|多减)",
        f"{NEWCOMER}(?:多砍|多减|砍更多|砍得更多|砍掉更多|砍双倍)",
        "(?:random(?:ly)?(?:sized|priced)?|uncertain|lucky)(?:cut|amount|discount|reduction)s?",
    ),
    DENIED,
)
"""A cut of which nobody knows beforehand how much it is, or which depends on who helps (rules W6, L11)."""

LEVELS = Category(
    "levels",
    "不得承诺多层级的收益",
    "Gains over more than one level may not be promised",
    listed(
        "下级的下级 下线的下线 躺赚 发展下线 发展下级 拉人头 人头费 团队计酬 二级返佣 三级分销 睡后收入"
        " multilevelmarketing yourdownline commissiononyourdownline passiveincome"
    ),
    (
        (
            "(?:二|两|三|四|多|2|3|4|无限)(?:级|层|代)(?:及以上)?的?"
            "(?:返佣|返利|返现|分销|分佣|佣金|代理|奖励|提成|收益|分润)"
        ),
        "(?:团队|下线|下级|下家)的?(?:消费|购买|下单|业绩|销售额?)?(?:返佣|返利|提成|佣金|分润|分成|计酬)",
        (
            "(?:好友|朋友|下级|徒弟)的(?:好友|朋友|下级|徒弟)(?:下单|购买|消费|参团|助力)?后?(?:你|您)?(?:也|还|都)?"
            "(?:能|可以|可)?(?:得|获|有|返|拿|赚)"
        ),
        (
            "(?:multilevel|multitier|secondlevel|secondtier|twolevel|twotier|threelevel|threetier)"
            "(?:commission|reward|referral|bonus|distribution)s?"
        ),
    ),
    DENIED,
)
"""Gains from those whom one's invited invite, or pay by heads (rules L1)."""

BUYS = "(?:购买|下单|消费|充值|付费|付款|支付|缴费|交费|缴纳|交纳|买)"
INVITER = (
    "(?:推广员|推广大使|推广官|分销员|分销商|代理商?|合伙人|邀请人|邀请官|推荐官"
    "|(?:邀请|推广|分销|推荐|代理)(?:的)?(?:资格|权限|身份|名额))"
)
OTHERS = "(?:他人|别人|好友|朋友|亲友|新用户|新人)"
AFTER_WHICH = "(?:后|才能|才可以|才可|即可|方可|就能|就可以|便可)"

JOIN_FEE = Category(
    "join_fee",
    "不得以缴费或购买作为邀请他人的条件",
    "Nobody may have to pay or buy before he may invite",
    (
        *pairs("缴纳 交纳 支付 缴 付 交 收取", "入会费 加盟费 代理费 门槛费 入门费 推广费 会费 保证金 押金"),
        *listed("入会费 加盟费 代理费 门槛费 入门费"),
        *listed("joiningfee joinfee entryfee agentfee startupfee membershipfee enrolmentfee enrollmentfee"),
    ),
    (
        f"{BUYS}.{{0,14}}?(?:{AFTER_WHICH}|可)(?:以|能)?(?:自动)?(?:成为|升级为|获得|拥有|取得|开通){INVITER}",
        f"{BUYS}.{{0,14}}?{AFTER_WHICH}(?:即可|才能|才可|方可|可以|可|能)?(?:开始)?(?:邀请|推广|推荐){OTHERS}",
        f"(?:成为|升级为|开通|获得){INVITER}.{{0,6}}?(?<![无不毋])(?:须|需|需要|必须|应)(?:先)?{BUYS}",
        f"(?:邀请|推广|推荐){OTHERS}?(?:前|之前)(?:须|需|需要|必须|应|请)?(?:先)?{BUYS}",
        (
            "(?:pay|buy|order|purchase|deposit|topup).{0,24}?(?:to|beforeyoucan|andthen|then|and)"
            "(?:become(?:an?|our)?(?:inviter|agent|promoter|partner|referrer|distributor)|invite(?!d))"
        ),
        (
            "(?:become(?:an?|our)?(?:inviter|agent|promoter|partner|referrer|distributor)|toinvite)"
            ".{0,12}?(?<!not)(?<!nt)(?:must|haveto|needto)(?:first)?(?:pay|buy|order|purchase|deposit|topup)"
        ),
    ),
    DENIED,
)
"""A fee or a purchase before somebody may invite (rules L1)."""

CATEGORIES = (LURE, PRESSING, CERTAIN, SUPERLATIVE, INVENTED, RANDOM, LEVELS, JOIN_FEE)

SIMPLIFIED = str.maketrans(
    "轉發紅領點錢虛擬團機級報賺隨幫鎖開獲勵個給後無須現獎優擊閱瀏覽參與購買載見費禮獨萬絕馳標價線層傭員戶"
    "齊夠讚網國業頂極質強統動鏈鍊過還劃穩險風證驚運氣額減頭計隊數積話會單贈訪問掃進頁達從輕鬆樣換滿則將請"
    "馬雙續繼啟補湊幾兩時贏碼親潤績銷憑異確檢祕圖誌為實賞嚴樂亞僅們夥倫餘儲兌內冊別製區賣歷曆變臺號奪寶宮"
    "對嘗盡屆幣並廣庫應張錄總搶擁曬顯權條來沒濟檻畢盤著簽籤係繫納經結緩繳薦裡裏譽訂讓許設試該讀賬帳資賠這"
    "遺鋪舖錦銀鍵門預飲驗鯉龍祇纔註羣贊啓爲昇喫",
    "转发红领点钱虚拟团机级报赚随帮锁开获励个给后无须现奖优击阅浏览参与购买载见费礼独万绝驰标价线层佣员户"
    "齐够赞网国业顶极质强统动链链过还划稳险风证惊运气额减头计队数积话会单赠访问扫进页达从轻松样换满则将请"
    "马双续继启补凑几两时赢码亲润绩销凭异确检秘图志为实赏严乐亚仅们伙伦余储兑内册别制区卖历历变台号夺宝宫"
    "对尝尽届币并广库应张录总抢拥晒显权条来没济槛毕盘着签签系系纳经结缓缴荐里里誉订让许设试该读账账资赔这"
    "遗铺铺锦银键门预饮验鲤龙只才注群赞启为升吃",
)
"""Traditional characters that occur in what is forbidden, as they are written here."""
