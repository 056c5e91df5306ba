"""Source `wechat-official`: the official account API with the unit's own AppID and AppSecret (supported, W1).

What was 发表 is told a day at a time and up to yesterday, so an absence is believed only where every day of the window
was told and the monitoring time point lies no later than the end of the last of them. The list of 发布 reaches to this
minute but leaves 群发 out: it proves presence alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import httpx
from msgspec import Struct
from msgspec.structs import replace

from crawler.accounts.answer import DEFAULT_LIMITS, Limits, get, post
from crawler.accounts.attempt import Attempt, Keep, SourceFailure, joined
from crawler.accounts.budget import Channel, budget_of
from crawler.accounts.login import Login, expect, login_of
from crawler.accounts.pacing import Pacer
from crawler.accounts.settings import Settings
from crawler.accounts.wechat_data import read_answer, read_batch, read_day, read_menu, read_token
from crawler.facts import BEIJING, Account, AccountFetch, AccountOutcome, AccountProfile, MenuEntry, PostFact

KIND = "wechat-official"
SETTINGS = ("base_url", "app_id", "secret_env", "interval", "max_pages")
PLATFORM = "https://api.weixin.qq.com"
DATA_SINCE = date(2025, 11, 1)
"""The first day that getarticletotaldetail tells (its page at developers.weixin.qq.com)."""

MAX_PAGES = 5
COUNT = 20
"""Entries of a page of freepublish/batchget, the interface's most."""

TRIES = 3
_TOKEN_CODES = (40001, 40014, 42001)
_BUSY = -1
_NO_MENU = 46003


@dataclass(frozen=True, slots=True)
class WechatOfficialSource:
    """Reads api.weixin.qq.com with the caller's client and clock. `environ` is where the AppSecret is looked up."""

    client: httpx.AsyncClient
    clock: Callable[[], datetime]
    pacer: Pacer
    environ: Mapping[str, str] = field(repr=False)
    limits: Limits = DEFAULT_LIMITS
    keep: Keep | None = None

    async def fetch(self, account: Account, since: datetime, until: datetime) -> AccountFetch:
        """What the API gives. Raises AccountSettingsError where the registry's entry is wrong."""
        settings = Settings(account, KIND, SETTINGS)
        if account.platform != "wechat":
            raise settings.wrong("kind", f"{KIND} 只能读取微信公众号")
        app_id = settings.required("app_id")
        login = login_of(settings, self.environ, PLATFORM, "secret_env")
        least = 0.0 if login.is_local else budget_of(KIND).interval
        interval = settings.number("interval", least, at_least=least)
        pages = int(settings.number("max_pages", MAX_PAGES, at_least=1))
        attempt = Attempt(KIND, account, since, until, self.clock, keep=self.keep)
        attempt.secrets = (login.secret,)
        session = _Session(self, attempt, login, app_id, Channel(KIND, app_id, login.host, interval, login.is_local))
        try:
            expect(login)
            await session.renew()
            days = await _days(session)
        except SourceFailure as failure:
            return attempt.failed(failure)
        published, list_fault = await _published(session, pages)
        menus = await _menus(session)
        profile = AccountProfile(menus=menus) if menus is not None else None
        return _judged(attempt, days, published, list_fault, profile)


@dataclass(slots=True)
class _Session:
    """One account's way to ask, with a token that is renewed once. Raises SourceFailure."""

    source: WechatOfficialSource
    attempt: Attempt
    login: Login
    app_id: str
    channel: Channel
    token: str = field(default="", repr=False)
    renewed: bool = False

    async def renew(self) -> None:
        """Takes a token; the answer is not kept, for it is a secret."""
        told: dict[str, object] = {"grant_type": "client_credential", "appid": self.app_id, "secret": self.login.secret}
        self.token = read_token(await self._patiently("/cgi-bin/stable_token", told))
        self.attempt.secrets = (*self.attempt.secrets, self.token)

    async def ask(self, path: str, told: dict[str, object] | None = None) -> dict[str, Any]:
        """POSTs `told`, or GETs where there is none. A dead token is renewed once in a fetch."""
        try:
            return await self._patiently(path, told)
        except SourceFailure as failure:
            if self.renewed or failure.code not in _TOKEN_CODES:
                raise
        self.renewed = True
        await self.renew()
        return await self._patiently(path, told)

    async def _patiently(self, path: str, told: dict[str, object] | None) -> dict[str, Any]:
        """A busy platform (-1) is asked again after 5·2ⁿ s."""
        for attempt in range(TRIES - 1):
            try:
                return await self._once(path, told)
            except SourceFailure as failure:
                if failure.code != _BUSY:
                    raise
            await self.source.pacer.pause(attempt)
        return await self._once(path, told)

    async def _once(self, path: str, told: dict[str, object] | None) -> dict[str, Any]:
        source, url = self.source, self.login.base_url + path
        is_token = path.endswith("/stable_token")
        params = None if is_token else {"access_token": self.token}
        async with source.pacer.call(self.channel, source.clock):
            if told is None:
                answer = await get(source.client, url, limits=source.limits, params=params)
            else:
                answer = await post(source.client, url, told, limits=source.limits, params=params)
            if not is_token:
                self.attempt.heard(answer.body)
            return read_answer(answer)


class _Days(Struct, frozen=True):
    """What was 发表, newest day first. `told_from` and `told_until` bound the days told without a gap; None for none.

    `stopped` says why reading back ended early; "" where it did not.
    """

    posts: tuple[PostFact, ...]
    told_from: datetime | None
    told_until: datetime | None
    stopped: str

    def told(self, at: datetime) -> bool:
        """Whether the day of this time was told."""
        return bool(self.told_from and self.told_until and self.told_from <= at < self.told_until)


async def _days(session: _Session) -> _Days:
    """Every day of the window up to yesterday, one a call: the interface refuses more (dataRange error).

    Raises SourceFailure where not even the first could be had.
    """
    attempt = session.attempt
    today = attempt.clock().astimezone(BEIJING).date()
    last = min(attempt.until.astimezone(BEIJING).date(), today - timedelta(days=1))
    first = max(attempt.since.astimezone(BEIJING).date(), DATA_SINCE)
    posts: list[PostFact] = []
    told_from = told_until = None
    day, stopped = last, ""
    while day >= first:
        try:
            told = await session.ask(
                "/datacube/getarticletotaldetail", {"begin_date": day.isoformat(), "end_date": day.isoformat()}
            )
            read = read_day(told, day)
        except SourceFailure as failure:
            if day == last:
                raise
            stopped = f"{day} 起更早的数据{failure.outcome.label}（{failure.reason}）"
            break
        posts.extend(read.posts)
        if not read.is_delayed:
            told_from = _midnight(day)
            told_until = told_until or _midnight(day + timedelta(days=1))
        elif day != last:
            stopped = f"{day} 的数据有延迟"
            break
        day -= timedelta(days=1)
    return _Days(tuple(posts), told_from, told_until, stopped)


async def _published(session: _Session, pages: int) -> tuple[tuple[PostFact, ...], str]:
    """What was 发布 in the window, and in words why it could not be read; nothing bears the days out then."""
    posts: list[PostFact] = []
    seen = 0
    for _ in range(pages):
        try:
            batch = read_batch(
                await session.ask("/cgi-bin/freepublish/batchget", {"offset": seen, "count": COUNT, "no_content": 1})
            )
        except SourceFailure as failure:
            return tuple(posts), f"发布记录{failure.outcome.label}（{failure.reason}）"
        posts.extend(batch.posts)
        seen += batch.entries
        if not batch.entries or seen >= batch.total:
            break
        if batch.posts and batch.posts[-1].published_at < session.attempt.since:
            break
    return tuple(posts), ""


async def _menus(session: _Session) -> tuple[MenuEntry, ...] | None:
    """The account's menu; None where it is not told, () where there is none."""
    try:
        return read_menu(await session.ask("/cgi-bin/get_current_selfmenu_info"))
    except SourceFailure as failure:
        return () if failure.code == _NO_MENU else None


def _judged(
    attempt: Attempt,
    days: _Days,
    published: tuple[PostFact, ...],
    list_fault: str,
    profile: AccountProfile | None,
) -> AccountFetch:
    posts = {post.post_id: _up_to(post, attempt.until) for post in days.posts}
    told_until = days.told_until
    unmatched = False
    for one in published:
        known = posts.get(one.post_id)
        if known is not None:
            posts[one.post_id] = replace(known, title=known.title or one.title, deleted=one.deleted, text=one.text)
        elif one.published_at <= attempt.until:
            posts[one.post_id] = one
            unmatched = unmatched or days.told(one.published_at)
    if not posts:
        return attempt.ended(
            AccountOutcome.EMPTY,
            reason=joined("接口没有给出任何发表内容，不能证明未发布", days.stopped),
            profile=profile,
        )
    untold = ""
    if told_until is None or told_until < attempt.until:
        shown = f"只到 {told_until - timedelta(days=1):%Y-%m-%d}" if told_until else "有延迟"
        untold = f"平台的发表数据{shown}，其后至监测时间点未告知，仅能证明有发布"
    unlike = "发布记录中有文章不在发表数据中，数据不全" if unmatched else ""
    caveat = joined(days.stopped, untold, list_fault, unlike)
    return attempt.ended(
        AccountOutcome.FETCHED,
        reason=caveat,
        covered_since=None if caveat else days.told_from,
        posts=tuple(sorted(posts.values(), key=lambda post: post.published_at, reverse=True)),
        profile=profile,
    )


def _up_to(post: PostFact, until: datetime) -> PostFact:
    """A post of which only the day is known, on the day of the time point: as late as may be, and not after it."""
    return replace(post, published_at=min(post.published_at, until))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)
