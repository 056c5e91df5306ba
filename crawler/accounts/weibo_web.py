"""Source `weibo-web`: weibo.com's ajax listing with the operator's own login. Undocumented, off by default.

The login's cookie tells by itself when it ends (`ALF`): a dead one is known before anything is asked. Without a login
nothing is asked at all, loopback stand-ins excepted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from msgspec import Struct
from msgspec.structs import replace

from crawler.accounts.answer import DEFAULT_LIMITS, Limits, get
from crawler.accounts.attempt import Attempt, Keep, SourceFailure
from crawler.accounts.budget import Channel, budget_of
from crawler.accounts.login import Login, expect, login_of
from crawler.accounts.pacing import Pacer
from crawler.accounts.settings import Settings, weibo_uid
from crawler.accounts.weibo_cards import WeiboPost, read_web_posts, read_web_profile
from crawler.accounts.weibo_mobile import read_answer
from crawler.accounts.weibo_timeline import View, judged, read_back, since_id
from crawler.facts import BEIJING, Account, AccountFetch, AccountOutcome, AccountProfile

KIND = "weibo-web"
SETTINGS = ("base_url", "cookie_env", "interval", "max_pages")
PLATFORM = "https://weibo.com"
MAX_PAGES = 10
"""Pages of ten posts read back at most."""

_ALF = re.compile(r"(?:^|;)\s*ALF=(?:\d\d_)?(\d{9,11})(?:;|\s|$)")


@dataclass(frozen=True, slots=True)
class WeiboWebSource:
    """Reads weibo.com with the caller's client and clock. `environ` is where the cookie is looked up."""

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
        if account.platform != "weibo":
            raise settings.wrong("kind", f"{KIND} 只能读取微博账号")
        uid = weibo_uid(settings)
        login = login_of(settings, self.environ, PLATFORM)
        least = 0.0 if login.is_local else budget_of(KIND).interval
        interval = settings.number("interval", least, at_least=least)
        pages = int(settings.number("max_pages", MAX_PAGES, at_least=1))
        attempt = Attempt(KIND, account, since, until, self.clock, f"{login.base_url}/u/{uid}", self.keep)
        attempt.secrets = (login.secret,)
        if not self.enabled and not login.is_local:
            return attempt.ended(AccountOutcome.NO_SOURCE, reason="微博网页端数据来源默认关闭，尚未启用")
        call = _Caller(self, attempt, login, Channel(KIND, login.variable, login.host, interval, login.is_local))
        profile: AccountProfile | None = None
        try:
            _expect_live(login, self.clock())
            data = await call("/ajax/profile/info", {"uid": uid})
            if data is None:
                raise SourceFailure(AccountOutcome.EMPTY, "账号信息为空")
            profile = read_web_profile(data, uid)

            async def turn(page: int, place: str) -> tuple[tuple[WeiboPost, ...], str]:
                position = {"since_id": place} if place else {}
                asked = {"uid": uid, "page": str(page), "feature": "0", **position}
                data = await call("/ajax/statuses/mymblog", asked)
                return read_web_posts(_list(data), uid, self.clock()), since_id(data)

            timeline = await read_back(turn, since, pages, profile)
        except SourceFailure as failure:
            return replace(attempt.failed(failure), profile=profile)
        view = View(bool(login.secret) or login.is_local, f"{login.base_url}/{uid}/{{}}")
        return judged(attempt, view, profile, timeline)


class _Caller(Struct, frozen=True):
    """One account's way to ask: the `data` of a good answer, None for 这里还没有内容; raises SourceFailure."""

    source: WeiboWebSource
    attempt: Attempt
    login: Login
    channel: Channel

    async def __call__(self, path: str, params: Mapping[str, str]) -> dict[str, Any] | None:
        headers = {"Accept": "application/json, text/plain, */*", "Referer": self.attempt.url}
        if self.login.secret:
            headers["Cookie"] = self.login.secret
        source = self.source
        async with source.pacer.call(self.channel, source.clock):
            answer = await get(
                source.client, self.login.base_url + path, limits=source.limits, params=params, headers=headers
            )
            self.attempt.heard(answer.body)
            return read_answer(answer)


def expiry(cookie: str) -> datetime | None:
    """When a weibo.com cookie says that its login ends; None where it does not say."""
    found = _ALF.search(cookie)
    return datetime.fromtimestamp(int(found[1]), BEIJING) if found else None


def _expect_live(login: Login, now: datetime) -> None:
    expect(login)
    ends = expiry(login.secret)
    if ends is not None and ends <= now:
        raise SourceFailure(AccountOutcome.LOGIN_EXPIRED, f"登录凭据已于 {ends:%Y-%m-%d %H:%M} 到期，未请求")


def _list(data: dict[str, Any] | None) -> list[Any]:
    if data is None:
        return []
    listed = data.get("list")
    if not isinstance(listed, list):
        raise SourceFailure(AccountOutcome.CHANGED, "返回成功但没有博文列表 list")
    return listed
