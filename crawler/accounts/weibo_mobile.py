"""Source `weibo-mobile`: m.weibo.cn's getIndex with the operator's own login. Undocumented and changing, so off by
default: whoever switches it on answers for the platform's terms. No captcha is solved, no visitor cookie minted.

The anonymous view leaves posts out (weibo-rss #49), so without a login it proves presence alone. A `base_url` on this
machine's loopback is the operator's own stand-in and answers for its login itself; any other says `login: gateway`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from msgspec import Struct
from msgspec.structs import replace

from crawler.accounts.answer import DEFAULT_LIMITS, Answer, Limits, get, json_object, told_message
from crawler.accounts.attempt import Attempt, Keep, SourceFailure
from crawler.accounts.budget import Channel, budget_of
from crawler.accounts.failures import of_address, of_message, of_status
from crawler.accounts.login import Login, login_of
from crawler.accounts.pacing import Pacer
from crawler.accounts.settings import Settings, weibo_uid
from crawler.accounts.weibo_cards import WeiboPost, read_posts, read_profile
from crawler.accounts.weibo_timeline import View, judged, read_back, since_id
from crawler.facts import Account, AccountFetch, AccountOutcome, AccountProfile

KIND = "weibo-mobile"
SETTINGS = ("base_url", "cookie_env", "login", "interval", "max_pages")
PLATFORM = "https://m.weibo.cn"

MAX_PAGES = 10
"""Pages of ten posts read back at most; projects keep below 60 calls a run and 300 a day."""

_NOTHING_HERE = "这里还没有内容"


class Access(Struct, frozen=True):
    """How one account is reached. `is_authenticated` says whether an absence may be believed at all."""

    uid: str
    login: Login
    is_authenticated: bool
    channel: Channel
    max_pages: int

    @property
    def base_url(self) -> str:
        """The platform's address, or its stand-in's."""
        return self.login.base_url


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
        attempt.secrets = (access.login.secret,)
        if not self.enabled and not access.login.is_local:
            return attempt.ended(AccountOutcome.NO_SOURCE, reason="微博移动端数据来源默认关闭，尚未启用")
        if access.login.is_missing:
            return attempt.ended(
                AccountOutcome.LOGIN_EXPIRED, reason=f"环境变量 {access.login.variable} 中没有登录凭据"
            )
        profile: AccountProfile | None = None
        try:
            data = await self._call(attempt, access, {})
            if data is None:
                raise SourceFailure(AccountOutcome.EMPTY, f"账号信息返回“{_NOTHING_HERE}”，登录失效时也如此")
            profile = read_profile(data, access.uid)

            async def turn(page: int, place: str) -> tuple[tuple[WeiboPost, ...], str]:
                position = {"since_id": place} if place else {"page": str(page)}
                data = await self._call(attempt, access, {"containerid": f"107603{access.uid}", **position})
                info = data.get("cardlistInfo") if data else None
                further = since_id(info if isinstance(info, dict) else None)
                return read_posts(_cards(data), access.uid, self.clock()), further

            timeline = await read_back(turn, since, access.max_pages, profile)
        except SourceFailure as failure:
            return replace(attempt.failed(failure), profile=profile)
        return judged(attempt, View(access.is_authenticated, f"{access.base_url}/status/{{}}"), profile, timeline)

    async def _call(self, attempt: Attempt, access: Access, extra: dict[str, str]) -> dict[str, Any] | None:
        """The `data` of one good answer; None where the platform says that nothing is here yet."""
        headers = {
            "Accept": "application/json, text/plain, */*",
            "Referer": f"{access.base_url}/u/{access.uid}",
            "X-Requested-With": "XMLHttpRequest",
        }
        if access.login.secret:
            headers["Cookie"] = access.login.secret
        async with self.pacer.call(access.channel, self.clock):
            answer = await get(
                self.client,
                f"{access.base_url}/api/container/getIndex",
                limits=self.limits,
                params={"type": "uid", "value": access.uid, **extra},
                headers=headers,
            )
            attempt.heard(answer.body)
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
    login = login_of(settings, environ, PLATFORM)
    least = 0.0 if login.is_local else budget_of(KIND).interval
    interval = settings.number("interval", least, at_least=least)
    return Access(
        uid=weibo_uid(settings),
        login=login,
        is_authenticated=bool(login.secret) or login.is_local or login.is_gateway,
        channel=Channel(KIND, login.variable, login.host, interval, login.is_local),
        max_pages=int(settings.number("max_pages", MAX_PAGES, at_least=1)),
    )


def _cards(data: dict[str, Any] | None) -> list[Any]:
    if data is None:
        return []
    cards = data.get("cards")
    if not isinstance(cards, list):
        raise SourceFailure(AccountOutcome.CHANGED, "返回成功但没有博文列表 cards")
    return cards
