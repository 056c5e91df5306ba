"""The fictional city's new-media accounts. Platforms, registry and ground truth all come from these objects."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from demo.account_model import DemoAccount, DemoPost, Expectation, posts_until
from demo.model import AS_OF

REQUIRES = {
    "qingyan-county": ("site", "wechat", "weibo"),
    "songxi-district": ("site", "wechat", "weibo"),
    "caiyun-bureau": ("site", "wechat", "weibo"),
    "shuiwu-bureau": ("site", "wechat", "weibo"),
    "wenlv-bureau": ("site", "wechat", "weibo"),
    "xingzheng-bureau": ("site", "wechat", "weibo"),
}
"""What the registry demands of each unit. xingzheng-bureau has no WeChat account: 未开设."""


def _reprinted(posts: tuple[DemoPost, ...]) -> tuple[DemoPost, ...]:
    """The posts as passed on from somebody else; only a ruleset that sets a share of originals asks."""
    return tuple(replace(post, reprint=True) for post in posts)


def _with_titles(posts: tuple[DemoPost, ...], *titles: str) -> tuple[DemoPost, ...]:
    """The posts, the newest ones under these titles; on Weibo that is their text."""
    return (*(replace(post, title=title) for post, title in zip(posts, titles, strict=False)), *posts[len(titles) :])


def _with_pages(posts: tuple[DemoPost, ...], *states: str) -> tuple[DemoPost, ...]:
    """The posts, the pages of the newest ones in these states (platform_articles.py); no fault by itself."""
    return (*(replace(post, article=state) for post, state in zip(posts, states, strict=False)), *posts[len(states) :])


def _updates(stale: str, zombie: str, why: str) -> tuple[Expectation, ...]:
    return (Expectation("account.stale", stale, why), Expectation("account.zombie", zombie, why))


_PINNED = DemoPost(AS_OF - timedelta(days=800), "松汐区政务新媒体使用须知", pinned=True)

ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount(
        unit="qingyan-county",
        platform="wechat",
        name="青砚发布",
        platform_id="990721001",
        subject="青砚县人民政府办公室",
        source="wechat-official",
        posts=posts_until(1.4, every=1.2, count=40, about="青砚要闻"),
        menu=(("办事指南", "guide"), ("政务公开", "open")),
        expectations=(
            *_updates("pass", "pass", "官方接口的发表数据到昨日为止，其中有近期发布"),
            Expectation("account.menu-broken", "pass", "菜单入口都能打开"),
            Expectation("account.no-interaction", "pass", "有菜单，文章有留言"),
        ),
    ),
    DemoAccount(
        unit="qingyan-county",
        platform="weibo",
        name="青砚便民",
        platform_id="9907210007",
        subject="青砚县人民政府办公室",
        source="weibo-api",
        posts=_with_titles(
            posts_until(0.4, every=3, count=40, about="青砚便民提示"),
            "我县企业代表团赴香港等国家的市场考察农产品销路",
            "首批发放对象：李青禾，身份证号610999198503070029，补贴金额1200元",
            "报名截止2026年12月31日，逾期不再受理",
        ),
        verified=False,
        expectations=(
            *_updates("pass", "pass", "商业接口给出的列表完整，其中有近期发布"),
            Expectation("account.wording", "needs-review", "香港不是国家，应为“香港等国家和地区”"),
            Expectation("account.privacy", "needs-review", "没有遮挡身份证号码"),
            Expectation("account.typo", "pass", "报名截止是“停止”之意，不是错字"),
            Expectation("account.reach-low", "pass", "只测量，不设阈值"),
            Expectation("account.no-interaction", "pass", "博文有评论"),
        ),
    ),
    DemoAccount(
        unit="qingyan-county",
        platform="weibo",
        name="青砚发布",
        platform_id="9907210001",
        subject="青砚县人民政府办公室",
        source="weibo-mobile",
        scenario="card-group",
        posts=_with_titles(
            posts_until(0.2, every=1.5, count=65, about="青砚微播报"),
            "展会吸引了来自香港等国家和地区的客商",
            "发放对象：李青禾，身份证号610999********0029，补贴金额1200元",
        ),
        expectations=(
            *_updates("pass", "pass", "每天都有发布；博文在卡片组中"),
            Expectation("account.content-off-duty", "pass", "发布的都是政务播报"),
            Expectation("account.no-interaction", "pass", "博文有评论"),
            Expectation("account.typo", "pass", "三个月内的博文没有错字"),
            Expectation("account.wording", "pass", "“国家和地区”是规范表述"),
            Expectation("account.privacy", "pass", "身份证号码已遮挡"),
            Expectation("account.reach-low", "pass", "只测量，不设阈值"),
            Expectation("account.fake-followers", "undetermined", "首次检查，只有一天的粉丝数；博文有人点赞评论"),
        ),
    ),
    DemoAccount(
        unit="songxi-district",
        platform="wechat",
        name="松汐发布",
        platform_id="990721002",
        subject="松汐区人民政府办公室",
        source="feed",
        posts=_with_titles(
            _with_pages(posts_until(20, every=5, count=20, about="松汐动态"), "deleted", "challenge"),
            "松汐动态：一付对联送到家",
        ),
        expectations=(
            *_updates("fail", "pass", "最近一次发布在 20 天前，订阅源同步正常"),
            Expectation("account.typo", "needs-review", "标题把“一副对联”写成“一付对联”"),
            Expectation("account.privacy", "pass", "标题和正文中没有私人号码"),
        ),
    ),
    DemoAccount(
        unit="songxi-district",
        platform="weibo",
        name="松汐发布",
        platform_id="9907210002",
        subject="松汐区人民政府办公室",
        source="weibo-web",
        scenario="pinned-old",
        shown_name="松汐微发布",
        posts=(_PINNED, *_reprinted(posts_until(1, every=2.5, count=28, about="早安，愿你被温柔以待"))),
        quiet=True,
        expectations=(
            *_updates("pass", "pass", "首条是两年前的置顶博文，其下仍在更新"),
            Expectation("account.content-off-duty", "needs-review", "近一个月发布的都是心灵鸡汤"),
            Expectation("account.fake-followers", "needs-review", "粉丝 1.6 万，博文没有一次点赞、转发和评论"),
            Expectation("account.no-interaction", "undetermined", "没有评论，平台不说明菜单、留言"),
        ),
    ),
    DemoAccount(
        unit="songxi-district",
        platform="weibo",
        name="松汐旅游",
        platform_id="9907210008",
        subject="松汐区人民政府办公室",
        source="table",
        status="closed",
        posts=posts_until(400, every=9, count=5, about="松汐旅游"),
    ),
    DemoAccount(
        unit="caiyun-bureau",
        platform="wechat",
        name="砚江财蕴",
        platform_id="990721003",
        subject="砚江市财蕴局",
        source="feed",
        form="atom",
        posts=posts_until(40, every=6, count=15, about="财蕴资讯"),
        expectations=_updates("fail", "fail", "最近一次发布在 40 天前，超过一个月"),
    ),
    DemoAccount(
        unit="caiyun-bureau",
        platform="wechat",
        name="砚江会计",
        platform_id="990721006",
        subject="砚江市财蕴局",
        source="wechat-official",
        posts=posts_until(2.2, every=4, count=12, about="会计考试提示"),
        menu=(("考试报名", "enrol"), ("证书查询", "gone/certificate")),
        expectations=(
            *_updates("pass", "pass", "官方接口的发表数据到昨日为止，其中有近期发布"),
            Expectation("account.menu-broken", "fail", "菜单“证书查询”打不开，其余入口正常"),
            Expectation("account.no-interaction", "pass", "有菜单，文章有留言"),
        ),
    ),
    DemoAccount(
        unit="caiyun-bureau",
        platform="weibo",
        name="砚江财蕴",
        platform_id="9907210003",
        subject="砚江市财蕴局",
        source="weibo-mobile",
        scenario="login-expired",
        posts=posts_until(120, count=5),
        expectations=_updates("undetermined", "undetermined", "读取凭据登录失效，看不到博文"),
    ),
    DemoAccount(
        unit="shuiwu-bureau",
        platform="wechat",
        name="砚江水务",
        platform_id="990721004",
        subject="砚江市水务局",
        source="wechat-backend",
        posts=posts_until(100, every=8, count=10, about="水务信息"),
        expectations=_updates("fail", "fail", "最近一次发布在 100 天前，超过三个月"),
    ),
    DemoAccount(
        unit="shuiwu-bureau",
        platform="wechat",
        name="砚江节水",
        platform_id="990721007",
        subject="砚江市水务局",
        source="wechat-official",
        scenario="no-menu",
        posts=posts_until(1.6, every=3, count=15, about="节水知识"),
        quiet=True,
        expectations=(
            *_updates("pass", "pass", "官方接口的发表数据到昨日为止，其中有近期发布"),
            Expectation("account.menu-broken", "not-applicable", "没有菜单"),
            Expectation("account.no-interaction", "needs-review", "没有菜单，接口不说明自动回复、留言和评论"),
        ),
    ),
    DemoAccount(
        unit="shuiwu-bureau",
        platform="weibo",
        name="砚江水务",
        platform_id="9907210004",
        subject="砚江市水务局",
        source="weibo-mobile",
        scenario="empty",
        statuses_count=0,
        verified_as="砚江水韵文化传播有限公司",
        expectations=(
            Expectation("account.dormant", "fail", "开通后从未发布，平台显示博文数为 0"),
            *_updates("fail", "fail", "开通后从未发布，平台显示博文数为 0"),
        ),
    ),
    DemoAccount(
        unit="wenlv-bureau",
        platform="wechat",
        name="砚江文旅",
        platform_id="990721005",
        subject="砚江市文旅局",
        source="feed",
        form="rss",
        scenario="stale",
        posts=posts_until(0.5, every=3, count=40, about="文旅推荐"),
        expectations=_updates("undetermined", "undetermined", "订阅源 60 天没有同步，旧内容不能证明账号未更新"),
    ),
    DemoAccount(
        unit="wenlv-bureau",
        platform="weibo",
        name="砚江文旅",
        platform_id="9907210005",
        subject="砚江市文旅局",
        source="weibo-mobile",
        scenario="empty",
        statuses_count=900,
        verified_as="砚江市文旅局政务服务中心",
        expectations=_updates("undetermined", "undetermined", "列表为空而平台显示有 900 条博文"),
    ),
    DemoAccount(
        unit="xingzheng-bureau",
        platform="weibo",
        name="砚江审批",
        platform_id="9907210006",
        subject="砚江市行政审批局",
        source="table",
        posts=posts_until(3, every=4, count=10, about="审批服务提示"),
        expectations=_updates("pass", "pass", "单位填报的表格中有近期发布"),
    ),
)
