"""Source `weibo-mobile`: m.weibo.cn's getIndex with the operator's own login. Undocumented and changing, so off by
default: whoever switches it on answers for the platform's terms. No captcha is solved, no visitor cookie minted.

The anonymous view leaves posts out (weibo-rss #49), so without a login it proves presence alone. A `base_url` on this
machine's loopback is the operator's own stand-in and answers for its login itself; any other says `login: gateway`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from crawler.accounts.answer import DEFAULT_LIMITS, Answer, Limits, get, json_object, told_message
from crawler.accounts.attempt import CLOCK_SLACK, Attempt, Keep, SourceFailure, joined
from crawler.accounts.failures import of_address, of_message, of_status
from crawler.accounts.pacing import Pacer
from crawler.accounts.settings import Settings, is_loopback
from crawler.accounts.weibo_cards import WeiboPost, read_posts, read_profile
from crawler.facts import BEIJING, Account, AccountFetch, AccountOutcome, AccountProfile, PostFact

KIND = "weibo-mobile"
SETTINGS = ("base_url", "cookie_env", "login", "interval", "max_pages")
PLATFORM = "https://m.weibo.cn"
INTERVAL = 3.0
"""Seconds between calls, and the least that may be set; lifted for loopback only."""

MAX_PAGES = 10
"""Pages of ten posts read back at most; projects keep below 60 calls a run and 300 a day."""

COOKIE_PREFIX = "XUNCHA_"
"""A registry may name only our own variables: it is no way to send another program's secrets somewhere."""

OPENED = datetime(2009, 8, 14, tzinfo=BEIJING)
"""The day Sina Weibo opened: how far back a listing reaches of which every post has been seen."""

_NOTHING_HERE = "这里还没有内容"


@dataclass(frozen=True, slots=True)
class Access:
    """How one account is reached. `is_authenticated` says whether an absence may be believed at all."""

    uid: str
    base_url: str
    cookie: str = field(repr=False)
    is_authenticated: bool
    interval: float
    max_pages: int


@dataclass(slots=True)
class Timeline:
    """The account's posts as read back page by page, newest first but for the pinned ones."""

    posts: dict[str, WeiboPost] = field(default_factory=dict)
    undated: int = 0
    is_whole: bool = False
    stopped: str = ""
    """Why reading back ended before the window's start, in words; "" where it did not."""

    def add(self, page: tuple[WeiboPost, ...]) -> bool:
        """Takes a page in; says whether it held anything new."""
        before = len(self.posts)
        for post in page:
            if post.post_id and post.post_id not in self.posts:
                self.posts[post.post_id] = post
                self.undated += post.moment is None
        return len(self.posts) > before

    @property
    def reached(self) -> datetime | None:
        """The time of the last ordinary post. Pinned ones stand out of order and reach nowhere; nor does a lone post,
        which may be pinned without a mark.
        """
        ordinary = [post.moment for post in self.posts.values() if not post.pinned and post.moment]
        return ordinary[-1].latest if len(ordinary) > 1 else None


@dataclass(frozen=True, slots=True)
class WeiboMobileSource:
    """Reads m.weibo.cn with the caller's client and clock. `environ` is where cookies are looked up."""

    client: httpx.AsyncClient
    clock: Callable[[], datetime]
    pacer: Pacer
    environ: Mapping[str, str] = field(repr=False)
    enabled: bool = False
    limits: Limits = DEFAULT_LIMITS
    keep: Keep | None = None

    async def fetch(self, account: Account, since: datetime, until: datetime) -> AccountFetch:
        """What the platform gives. Raises AccountSettingsError where the registry's entry is wrong."""
        settings = Settings(account, KIND, SETTINGS)
        access = _access(settings, self.environ)
        attempt = Attempt(KIND, account, since, until, self.clock, f"{access.base_url}/u/{access.uid}", self.keep)
        if not self.enabled and not is_loopback(access.base_url):
            return attempt.ended(AccountOutcome.NO_SOURCE, reason="微博移动端数据来源默认关闭，尚未启用")
        if settings.text("cookie_env") and not access.cookie:
            return attempt.ended(
                AccountOutcome.LOGIN_EXPIRED, reason=f"环境变量 {settings.text('cookie_env')} 中没有登录凭据"
            )
        profile: AccountProfile | None = None
        try:
            data = await self._call(attempt, access, {})
            if data is None:
                raise SourceFailure(AccountOutcome.EMPTY, f"账号信息返回“{_NOTHING_HERE}”，登录失效时也如此")
            profile = read_profile(data, access.uid)
            timeline = await self._read_back(attempt, access, profile)
        except SourceFailure as failure:
            return replace(attempt.failed(failure), profile=profile)
        return _judged(attempt, access, profile, timeline)

    async def _read_back(self, attempt: Attempt, access: Access, profile: AccountProfile) -> Timeline:
        timeline = Timeline()
        position = {"page": "1"}
        for page in range(1, access.max_pages + 1):
            try:
                data = await self._call(attempt, access, {"containerid": f"107603{access.uid}", **position})
                cards = _cards(data)
            except SourceFailure as failure:
                if page == 1:
                    raise
                # What was read stands as proof of presence; whether it was whole is no longer known.
                timeline.stopped = f"第 {page} 页{failure.outcome.label}（{failure.reason}）"
                return timeline
            if not timeline.add(read_posts(cards, access.uid, self.clock())):
                timeline.is_whole = _is_counted(timeline, profile)
                return timeline
            if timeline.reached and timeline.reached < attempt.since:
                return timeline
            position = _next(data, page)
        timeline.is_whole = _is_counted(timeline, profile)
        return timeline

    async def _call(self, attempt: Attempt, access: Access, extra: dict[str, str]) -> dict[str, Any] | None:
        """The `data` of one good answer; None where the platform says that nothing is here yet."""
        await self.pacer.wait(urlsplit(access.base_url).netloc, access.interval)
        headers = {
            "Accept": "application/json, text/plain, */*",
            "Referer": f"{access.base_url}/u/{access.uid}",
            "X-Requested-With": "XMLHttpRequest",
        }
        if access.cookie:
            headers["Cookie"] = access.cookie
        answer = await get(
            self.client,
            f"{access.base_url}/api/container/getIndex",
            limits=self.limits,
            params={"type": "uid", "value": access.uid, **extra},
            headers=headers,
        )
        attempt.bodies.append(answer.body)
        return read_answer(answer)


def read_answer(answer: Answer) -> dict[str, Any] | None:
    """The `data` of a good answer, None for 这里还没有内容. Raises SourceFailure by the table of failures:

    432, 418, 403, 511, a page, a captcha → 被拦截 · 429, code 100098 → 频率限制 · ok -100, redirect to the login →
    登录失效 · a list or object absent → 接口变更. Bodies are never searched for "verify": all good ones say `verified`.
    """
    if 300 <= answer.status < 400:
        raise of_address(answer.location) or SourceFailure(AccountOutcome.CHANGED, f"返回 {answer.status} 跳转")
    if failure := of_status(answer.status, answer.message):
        raise failure
    told = json_object(answer, page=AccountOutcome.BLOCKED)
    script = told.get("js")
    if isinstance(script, dict) and script.get("url"):
        raise SourceFailure(AccountOutcome.BLOCKED, "要求人机验证")
    ok, message = told.get("ok"), told_message(told)
    if ok == 1:
        if not isinstance(told.get("data"), dict):
            raise SourceFailure(AccountOutcome.CHANGED, "返回成功但没有 data")
        data: dict[str, Any] = told["data"]
        return data
    if ok == -100:
        raise SourceFailure(AccountOutcome.LOGIN_EXPIRED, f"返回 ok -100{f'“{message}”' if message else ''}")
    if str(told.get("code", told.get("errno", ""))) == "100098":
        raise SourceFailure(AccountOutcome.RATE_LIMITED, "返回代码 100098")
    address = told.get("url")
    if isinstance(address, str) and (failure := of_address(address)):
        raise failure
    if _NOTHING_HERE in message:
        return None
    raise of_message(message) or SourceFailure(
        AccountOutcome.CHANGED, f"返回未知的失败 ok {ok!s:.20}{f'“{message[:60]}”' if message else ''}"
    )


def _access(settings: Settings, environ: Mapping[str, str]) -> Access:
    if settings.account.platform != "weibo":
        raise settings.wrong("kind", f"{KIND} 只能读取微博账号")
    uid = settings.account.platform_id
    if not (uid.isascii() and uid.isdigit()):
        raise settings.wrong("platform_id", "微博账号的平台标识应为数字 UID")
    base_url = settings.address("base_url", PLATFORM).rstrip("/")
    local = is_loopback(base_url)
    variable = settings.text("cookie_env")
    if variable and not variable.startswith(COOKIE_PREFIX):
        raise settings.wrong("cookie_env", f"变量名须以 {COOKIE_PREFIX} 开头")
    if variable and base_url != PLATFORM and not local:
        raise settings.wrong("cookie_env", f"登录凭据只发往 {PLATFORM} 或本机")
    cookie = environ.get(variable, "").strip() if variable else ""
    if not (cookie.isascii() and cookie.isprintable()):
        raise settings.wrong("cookie_env", f"环境变量 {variable} 的内容不能作为请求头")
    gateway = settings.choice("login", ("cookie", "gateway")) == "gateway"
    if gateway and base_url == PLATFORM:
        raise settings.wrong("login", "gateway 须同时填写 base_url")
    return Access(
        uid=uid,
        base_url=base_url,
        cookie=cookie,
        is_authenticated=bool(cookie) or local or gateway,
        interval=settings.number("interval", 0.0 if local else INTERVAL, at_least=0.0 if local else INTERVAL),
        max_pages=int(settings.number("max_pages", MAX_PAGES, at_least=1)),
    )


def _cards(data: dict[str, Any] | None) -> list[Any]:
    if data is None:
        return []
    cards = data.get("cards")
    if not isinstance(cards, list):
        raise SourceFailure(AccountOutcome.CHANGED, "返回成功但没有博文列表 cards")
    return cards


def _next(data: dict[str, Any] | None, page: int) -> dict[str, str]:
    info = data.get("cardlistInfo") if data else None
    since_id = info.get("since_id") if isinstance(info, dict) else None
    return {"since_id": str(since_id)} if since_id else {"page": str(page + 1)}


def _is_counted(timeline: Timeline, profile: AccountProfile) -> bool:
    """Whether every post that the profile counts has been seen, so that the listing is whole to its beginning."""
    return profile.posts_total is not None and len(timeline.posts) >= profile.posts_total > 0


def _judged(attempt: Attempt, access: Access, profile: AccountProfile, timeline: Timeline) -> AccountFetch:
    until, now = attempt.until, attempt.clock()
    if not timeline.posts:
        return _empty(attempt, access, profile)
    if timeline.undated == len(timeline.posts):
        return attempt.ended(AccountOutcome.CHANGED, reason="博文时间的写法无法识别", profile=profile)
    posts = tuple(
        _fact(post, at, access.base_url)
        for post in timeline.posts.values()
        if post.moment and (at := post.moment.not_after(until))
    )
    future = any(post.moment and post.moment.earliest > now + CLOCK_SLACK for post in timeline.posts.values())
    reason = joined(
        "" if access.is_authenticated else "未登录读取，仅能证明有发布",
        timeline.stopped,
        f"{timeline.undated} 条博文没有可识别的发布时间" if timeline.undated else "",
        "有博文的发布时间晚于当前时间，时间不可信" if future else "",
    )
    covered = None if reason else (OPENED if timeline.is_whole else timeline.reached)
    return attempt.ended(AccountOutcome.FETCHED, reason=reason, covered_since=covered, posts=posts, profile=profile)


def _empty(attempt: Attempt, access: Access, profile: AccountProfile) -> AccountFetch:
    """No post was listed. Only a login and a count of 0 together say that there is none."""
    if profile.posts_total == 0 and access.is_authenticated:
        return attempt.ended(AccountOutcome.FETCHED, reason="平台显示博文数为 0", covered_since=OPENED, profile=profile)
    counted = "未知" if profile.posts_total is None else str(profile.posts_total)
    return attempt.ended(
        AccountOutcome.EMPTY, reason=f"博文列表为空，而平台显示的博文数为 {counted}，不能证明未发布", profile=profile
    )


def _fact(post: WeiboPost, at: datetime, base_url: str) -> PostFact:
    return PostFact(
        post_id=post.post_id,
        published_at=at,
        title=post.title,
        url=f"{base_url}/status/{post.bid or post.post_id}",
        text=post.text,
        pinned=post.pinned,
        original=post.original,
        likes=post.likes,
        shares=post.shares,
        comments=post.comments,
        deleted=post.deleted,
    )
