"""What merchants write: sentences that no text may have, by what forbids them, and honest ones that all may."""

from __future__ import annotations

from chalicelib.campaigns.words import LEVELS, RANDOM
from chalicelib.campaigns.words_of_rewards import CASHABLE, DRAW
from chalicelib.campaigns.words_of_sharing import FORCED_SHARE, REWARDED_SHARE

FORCED = """
強制分享
不得不转发3个群才能参团
把链接发给3个好友就能参团
转给3位好友才能参加
Share with 3 friends to unlock
Share this page to join
Win a piano! Share this page to unlock now
分享到3个群才能开团
请分享给三位好友后方可参加
转发成功后解锁
点击分享即可解锁
必须转发本活动
需要先分享
先分享到朋友圈再下单
不分享不能参加
分享到微信群后才可查看
分享才能拼团
share with 3 groups to join
after sharing you can unlock it
you need to share this page
sharing is required
"""
REWARDED = """
发圈截图返 5 元
晒到朋友圈即可领券
好友點擊鏈接你得紅包
分享给好友得红包
转发到朋友圈即可获得优惠券一张
分享给3位好友立减5元
每分享一次得5积分
分享朋友圈截图领红包
分享越多优惠越多
集满30个赞免费送
好友点开链接你就得1元
好友打开即可帮你砍
朋友浏览得积分
10次浏览送红包
Share this campaign and receive 5 yuan
Get a coupon for sharing
rewards for sharing
share and get a gift
分享给好友就送小样
your friend just opens the card and you get points
"""
RANDOMLY = """
每次砍价金额由系统随机
砍掉的金额不固定
砍价凭运气
最高可砍50元
每刀减5–20元不等
砍价幅度因人而异
新用户帮砍更多
新用户多砍
a randomly sized cut
"""
DEEP = """
三级分佣
团队销售额提成
好友的好友下单你也得奖励
multi-tier commissions
"""
DRAWN = """
邀请好友得抽奖机会
助力 3 人可抽奖一次
拼手气红包
好友助力得随机红包
随机发放 1 到 10 元红包
红包金额由系统随机分配
每份 1-10 元不等
有机会获得 88 元现金红包
可能抽中大奖
最高可得 88 元红包
最高 188 元红包等你拿
转盘抽大奖
幸运大转盘
刮刮乐
砸金蛋
中奖率 10%
奖励金额不确定
幸运红包
Help three friends for a lucky draw
A lottery for everybody who helps
Win up to 88 yuan
You may win up to 88 yuan in cash
a random red packet
Spin the wheel
a chance to win a prize
a raffle for helpers
手气王得大红包
奖励由系统随机分配现金
"""
MONEYED = """
余额可提现
余额可以随时提现
红包可提现到微信零钱
满 10 元可提现
秒提现
积分可兑换现金
积分可以换现金
余额可转让给好友
余额支持转赠
积分可买卖
充 100 送 20
充值 100 元送 20 元
充值有礼
余额充值
10 元购买 1000 积分
余额全平台通用余额
余额在其他商家通用
积分变现
红包可直接变现
You can withdraw your balance
Balance can be withdrawn at any time
Points are redeemable for cash
Transfer your balance
Top up your balance
Top up 100 and get 120
Buy points
Balance is good in all shops
"""
OF_KINDS = (
    *((FORCED_SHARE, FORCED), (REWARDED_SHARE, REWARDED), (RANDOM, RANDOMLY), (LEVELS, DEEP)),
    *((DRAW, DRAWN), (CASHABLE, MONEYED)),
)
SAID = [(category, line) for category, lines in OF_KINDS for line in lines.strip().splitlines()]

LAWFUL = """
满100积分享立减10元
积分享免单
充分享有礼遇
支持按需分享切片
太极品牌
独特供应链
无需分享即可参团
不强制分享
如需分享，请点击右上角
不分享也不影响参团
分享无奖励，分享不会获得任何奖励
禁止以转发领券等方式诱导
欢迎分享给好友一起拼团
分享给好友，好友打开卡片并确认后砍 20 元
分享给 2 位好友，一起拼
开团后分享给好友，好友即可参团
分享给好友。解锁新口味
先付款再分享给好友
好友打开页面后须点击帮砍按钮确认
邀请 3 位好友帮砍，3 位好友确认后即可以底价购买
和家人分享美味，分享装薯片
收集赞助商信息
金额固定，不随机，不靠运气
库存可能减少
新用户双倍积分
不设二级返佣，不做多级分销
适合作团队奖励的礼盒
已下线的商品不再发货
20元购买
国家级非遗工艺，最佳赏味期 30 天，最高级别的防护
最好在饭前饮用，口感因人而异
亚洲第一届茶博会同款
还差1人未成团将全额退款
通过好友的分享链接即可参团，点击分享卡片即可参团
适合家庭分享、送礼皆宜
分享到微信群，邀请好友参团；好友付款后即成团
扫地机器人 三人团
Robot vacuum: robots cut the grass
Virtual membership card
You do not have to share. No sharing required. There are no rewards for sharing.
friends open the card and confirm, then 20 yuan are cut
cashmere scarf, share your style, a must-share snack, share and get together
never a random cut
"""
GIVEN = """
邀请 3 位好友助力，得 10 元券
好友领取后，你得 2 元
下单后可得红包分给好友
邀请好友各得 5 元券
好友首次下单后，你和好友各得 5 元券
好友接受邀请并完成首单后，邀请人得 10 元券
邀请 3 位好友，好友接受邀请后得 100 积分
邀请好友帮拆，3 位好友确认后得 5 元
帮拆红包：每位好友确认助力后，红包拆开一份
3 位好友帮拆后可得 6 元余额
红包共 5 份，每份金额固定并提前公示
好友点击“领取”按钮后得 2 元券，你得 1 元余额
好友打开红包并点击领取后，双方各得 2 元
付款成功后得 5 份红包，可分给好友
红包可分给好友，好友领取后你也得一份
下单后获得红包，分享给好友领取
分享给好友，好友领取后各得 2 元
把红包发给好友，好友领取后各得 2 元券
将红包分享给好友，好友确认领取后你得 2 元
邀请好友注册无奖励，好友下单后得奖励
邀请 5 位好友并全部完成首单，额外得 50 元券
邀请好友助力：好友点击“帮 TA 拆”即算助力一次
被邀请的好友得新人券一张
新用户接受邀请即得 5 元新人券
老带新：好友收到礼品后，你得 200 积分
收货且售后期结束后到账
每实付 1 元得 2 积分，积分一年内有效
余额仅限本店使用，不可提现、不可转让
余额不可提现、转让或兑换现金
红包余额不能提现，不能转赠，仅可在本店下单抵扣
积分不可兑换现金，不可转让
本店不支持余额充值
余额为赠送金额，不支持充值、提现、转让
余额可用于下单抵扣
积分可抵扣现金
积分可兑换优惠券
奖励每人最多可得 3 份
每人最高可得 30 元
累计最高可得 100 元券
预算有限，先到先得，送完即止
红包金额固定，不随机
本活动不设抽奖
不抽奖，不随机，人人一样
赠品颜色随机发货
款式随机发货
抽奖箱 活动道具
红包雨：每晚 8 点开始，每场 100 份，每份 2 元
红包雨准时开抢，抢完即止
每份红包金额相同
整点抢红包，每份固定 1 元
领取后 1 分钟内到账
红包 24 小时内未领取将退回预算
未领取的红包到期失效
订单退款后，已赠送的余额与积分将收回
满 50 元可用的 5 元券
限本店使用的 10 元优惠券
首单立减 10 元
每邀请一位好友完成首单，得 10 元余额，最多 10 位
二级邀请无奖励
邀请好友的好友无奖励
话费充值卡 100 元
游戏充值卡
满 100 元减 10 元
下单返 5 元余额
下单即送 100 积分
确认收货后返 5 元券
购买后得红包
邀请好友下单，好友付款后你得 5 元
好友通过你的分享下单后，你得 5 元
好友通过分享卡片接受邀请并完成首单后，你得 5 元券
好友打开分享卡片并确认助力后，你得 5 元
拆红包需要 3 位好友点击确认
邀请好友帮忙拆开红包
邀请有礼：好友完成首单后双方各得 10 元券
分享无奖励，好友领取红包后双方各得 2 元
助力满 3 人得 5 元券，满 5 人得 10 元券
第一档 1 人得 1 元，第二档 3 人得 3 元
余额支付的部分不参与积分
积分到期前会提醒
优惠券可与余额同时使用
Invite 3 friends who help, and get a coupon of 10 yuan
Your friend claims, and you get 2 yuan
A paid order brings a packet for friends
Balance cannot be withdrawn, transferred or topped up
Balance is never cash and cannot be cashed out
Points are not redeemable for cash
While the budget lasts
Every packet is worth the same: no lottery and no random amounts
You and your friend get 5 yuan each once he has claimed
Friends who accept and place their first order bring you 100 points
A claim is open for 24 hours
Five shares of 2 yuan each
At most 30 yuan a person
Use your points at the till of this shop
Up to 3 coupons a person
Pay with balance
Send the packet to friends: each who claims gets 2 yuan, and so do you
颜色随机，优惠券 30 天有效
同一账户购买两件
可用余额购买本店商品
下单后账户会赠送 100 积分
库存 100 送完为止
a surprise gift for mum
余额购买茶叶
每份红包依次为 5、3、2 元，按领取顺序发放
随机抽检合格
随机附赠小样一份
积分购买商品
请勿转让优惠券
幸运茶
充值卡满 2 张包邮
最高温度 30 度
每单最高抵扣 30 元
抵扣最高不超过 10 元
"""
"""What honest rule sheets say of packets, invitations, gifts, balance and points."""

HONEST = [*LAWFUL.strip().splitlines(), *GIVEN.strip().splitlines()]
