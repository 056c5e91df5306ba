"""The fictional city's new-media accounts: who runs them, what they posted, what their platforms will answer, and what
an inspection must make of it. Platforms, registry and ground truth all come from these objects.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

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

TABLE_COLUMNS = ("platform", "account_name", "platform_id", "title", "url", "published_at", "note")


class DemoPost(Struct, frozen=True):
    """One post. `marked` is whether a pinned one says so. `article` is the state of its page (platform_articles.py),
    `reprint` whether it only passes on another account's post.
    """

    at: datetime
    title: str
    pinned: bool = False
    marked: bool = True
    article: str = "ok"
    reprint: bool = False


class Expectation(Struct, frozen=True):
    """What one check must make of an account: fail, needs-review, pass or undetermined, and why."""

    check: str
    expect: str
    why: str


class DemoAccount(Struct, frozen=True):
    """One account. `scenario` is what its platform does (platform_feeds.py, platform_weibo.py); `form` is json, rss,
    atom (wewe-rss) or mp-rss (we-mp-rss) for a feed. `statuses_count` None counts the posts.
    `shown_name` and `verified_as` are what the platform shows where that is not the registered name and subject.
    `quiet` says that nobody likes, shares or comments on any of its posts.
    """

    unit: str
    platform: str
    name: str
    platform_id: str
    source: str
    subject: str = ""
    scenario: str = "ok"
    form: str = "json"
    posts: tuple[DemoPost, ...] = ()
    statuses_count: int | None = None
    shown_name: str = ""
    verified_as: str = ""
    quiet: bool = False
    expectations: tuple[Expectation, ...] = ()

    @property
    def feed_path(self) -> str:
        """The address of its feed on the feed server."""
        identifier = f"MP_WXS_{self.platform_id}"
        return f"/rss/{identifier}" if self.form == "mp-rss" else f"/feeds/{identifier}.{self.form}"


def posts_until(
    last_days: float, *, every: float = 2.0, count: int = 12, about: str = "政务动态"
) -> tuple[DemoPost, ...]:
    """Posts newest first: the last `last_days` before AS_OF, the others `every` days apart before it."""
    return tuple(
        DemoPost(AS_OF - timedelta(days=last_days + every * number), f"{about}（第 {count - number} 期）")
        for number in range(count)
    )


def _reprinted(posts: tuple[DemoPost, ...]) -> tuple[DemoPost, ...]:
    """The posts as passed on from somebody else; only a ruleset that sets a share of originals asks."""
    return tuple(replace(post, reprint=True) for post in posts)


def _with_title(posts: tuple[DemoPost, ...], title: str) -> tuple[DemoPost, ...]:
    """The posts, the newest under this title."""
    return (replace(posts[0], title=title), *posts[1:])


def _with_pages(posts: tuple[DemoPost, ...], *states: str) -> tuple[DemoPost, ...]:
    """The posts, the pages of the newest ones in these states (platform_articles.py); no fault by itself."""
    return (*(replace(post, article=state) for post, state in zip(posts, states, strict=False)), *posts[len(states) :])


def _profile(account: DemoAccount) -> tuple[Expectation, ...]:
    """What name, introduction, picture and verified subject must be made of."""
    checks = ("account.naming", "account.subject-not-government")
    if account.source not in ("weibo-mobile", "weibo-web") or account.scenario == "login-expired":
        return tuple(Expectation(check, "undetermined", "来源不提供账号资料") for check in checks)
    named, verified = bool(account.shown_name), "公司" in account.verified_as
    return (
        Expectation(checks[0], "fail" if named else "pass", f"平台显示的名称为“{account.shown_name or account.name}”"),
        Expectation(checks[1], "fail" if verified else "pass", f"认证主体为{account.verified_as or account.subject}"),
    )


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
        expectations=_updates("pass", "pass", "官方接口的发表数据到昨日为止，其中有近期发布"),
    ),
    DemoAccount(
        unit="qingyan-county",
        platform="weibo",
        name="青砚发布",
        platform_id="9907210001",
        subject="青砚县人民政府办公室",
        source="weibo-mobile",
        scenario="card-group",
        posts=posts_until(0.2, every=1.5, count=35, about="青砚微播报"),
        expectations=(
            *_updates("pass", "pass", "每天都有发布；博文在卡片组中"),
            Expectation("account.content-off-duty", "pass", "发布的都是政务播报"),
            Expectation("account.no-interaction", "pass", "博文有评论"),
            Expectation("account.typo", "pass", "三个月内的博文没有错字"),
            Expectation("account.wording", "pass", "三个月内的博文没有不当表述"),
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
        posts=_with_title(
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
        source="feed",
        form="rss",
        posts=posts_until(100, every=8, count=10, about="水务信息"),
        expectations=_updates("fail", "fail", "最近一次发布在 100 天前，超过三个月"),
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


def registry_entries(unit_code: str, url_of: Callable[[str], str], folder: Path) -> list[dict[str, object]]:
    """The unit's accounts in the registry's YAML shape; `url_of` tells where a kind of source is served.

    Writes the table of a table-sourced account into `folder`.
    """
    entries: list[dict[str, object]] = []
    for account in ACCOUNTS:
        if account.unit != unit_code:
            continue
        entry: dict[str, object] = {
            "platform": account.platform,
            "name": account.name,
            "platform_id": account.platform_id,
            "subject": account.subject,
        }
        if account.source == "feed":
            entry["source"] = {"kind": "feed", "url": f"{url_of('feed')}{account.feed_path}"}
        elif account.source == "table":
            entry["source"] = {"kind": "table", "path": str(write_table(account, folder))}
        else:
            own = {"app_id": account.platform_id} if account.source == "wechat-official" else {}
            address = {"base_url": url_of(account.source)}
            entry["source"] = {"kind": account.source, **address, **own}
        entries.append(entry)
    return entries


def write_table(account: DemoAccount, folder: Path) -> Path:
    """Writes the account's posts as a unit files them (CSV, GB18030 as Excel saves it); the file's absolute path."""
    path = folder.resolve() / f"{account.unit}-{account.platform}.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(TABLE_COLUMNS)
        writer.writerows(table_rows(account.posts, account))
    return path


def table_rows(posts: Sequence[DemoPost], account: DemoAccount) -> Iterable[tuple[str, ...]]:
    """The rows of a filing, one a post."""
    for number, post in enumerate(posts, start=1):
        yield (
            account.platform,
            account.name,
            account.platform_id,
            post.title,
            f"https://weibo.example/{account.platform_id}/{number}",
            f"{post.at:%Y-%m-%d %H:%M}",
            "",
        )


def truth() -> list[dict[str, str]]:
    """The ground truth: one row per account (or unit, whose platform_id is "") and check."""
    rows = [
        {
            "unit": account.unit,
            "platform": account.platform,
            "platform_id": account.platform_id,
            "check": expectation.check,
            "expect": expectation.expect,
            "why": expectation.why,
        }
        for account in ACCOUNTS
        for expectation in (*account.expectations, *_profile(account))
    ]
    for unit, required in REQUIRES.items():
        opened = {account.platform for account in ACCOUNTS if account.unit == unit}
        for platform in required:
            if platform != "site":
                missing = platform not in opened
                why = "要求开设而未登记任何账号" if missing else "已登记账号"
                rows.append(
                    {
                        "unit": unit,
                        "platform": platform,
                        "platform_id": "",
                        "check": "account.missing",
                        "expect": "fail" if missing else "pass",
                        "why": why,
                    }
                )
    return rows
