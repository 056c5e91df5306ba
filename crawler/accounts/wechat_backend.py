"""Source `wechat-backend`: the public platform's own list of what was published, for the account that is logged in.

The operator's cookie and token; undocumented, off by default. Since July 2026 it lists no other account. A list of
nothing proves nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from msgspec import Struct

from crawler.accounts.answer import DEFAULT_LIMITS, Answer, Limits, get, json_object
from crawler.accounts.attempt import CLOCK_SLACK, Attempt, Keep, SourceFailure, joined
from crawler.accounts.budget import Channel, budget_of
from crawler.accounts.failures import of_address, of_code, of_status
from crawler.accounts.login import expect, login_of
from crawler.accounts.pacing import Pacer
from crawler.accounts.settings import Settings
from crawler.facts import BEIJING, Account, AccountFetch, AccountOutcome, PostFact

KIND = "wechat-backend"
SETTINGS = ("base_url", "cookie_env", "token_env", "fakeid", "interval", "max_pages")
PLATFORM = "https://mp.weixin.qq.com"
MAX_PAGES = 5
COUNT = 5
"""Entries a page, as the back end's own page asks for."""


class Page(Struct, frozen=True):
    """One page: its posts in order, how many entries it had, the total, and whether one that tells nothing stands
    before the first live post (`is_open`): it may be newer than all of these. Deleted ones are no updates.
    """

    posts: tuple[PostFact, ...]
    entries: int
    total: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class WechatBackendSource:
    """Reads mp.weixin.qq.com with the caller's client and clock. `environ` is where cookie and token are looked up."""

    client: httpx.AsyncClient
    clock: Callable[[], datetime]
    pacer: Pacer
    environ: Mapping[str, str] = field(repr=False)
    enabled: bool = False
    limits: Limits = DEFAULT_LIMITS
    keep: Keep | None = None

    async def fetch(self, account: Account, since: datetime, until: datetime) -> AccountFetch:
        """What the back end gives. Raises AccountSettingsError where the registry's entry is wrong."""
        settings = Settings(account, KIND, SETTINGS)
        if account.platform != "wechat":
            raise settings.wrong("kind", f"{KIND} 只能读取微信公众号")
        cookie = login_of(settings, self.environ, PLATFORM)
        token = login_of(settings, self.environ, PLATFORM, "token_env")
        least = 0.0 if cookie.is_local else budget_of(KIND).interval
        interval = settings.number("interval", least, at_least=least)
        pages = int(settings.number("max_pages", MAX_PAGES, at_least=1))
        channel = Channel(KIND, cookie.variable, cookie.host, interval, cookie.is_local)
        attempt = Attempt(KIND, account, since, until, self.clock, keep=self.keep)
        attempt.secrets = (cookie.secret, token.secret)
        if not self.enabled and not cookie.is_local:
            return attempt.ended(AccountOutcome.NO_SOURCE, reason="微信公众号后台数据来源默认关闭，尚未启用")
        try:
            expect(cookie)
            expect(token)
        except SourceFailure as failure:
            return attempt.failed(failure)
        posts: list[PostFact] = []
        seen, stopped, is_open, is_whole = 0, "", False, False
        for number in range(pages):
            params = {**_QUERY, "begin": str(seen), "fakeid": settings.text("fakeid"), "token": token.secret}
            headers = {"Cookie": cookie.secret, "Referer": f"{cookie.base_url}/", "X-Requested-With": "XMLHttpRequest"}
            try:
                async with self.pacer.call(channel, self.clock):
                    url = f"{cookie.base_url}/cgi-bin/appmsgpublish"
                    answer = await get(self.client, url, limits=self.limits, params=params, headers=headers)
                    attempt.heard(answer.body)
                    page = read_publish_page(answer)
                _expect_own(page.posts, settings.text("fakeid"))
            except SourceFailure as failure:
                if number == 0:
                    return attempt.failed(failure)
                stopped = f"第 {number + 1} 页{failure.outcome.label}（{failure.reason}）"
                break
            is_open = is_open or (page.is_open and not _has_live(posts))
            posts.extend(page.posts)
            seen += page.entries
            is_whole = page.entries == 0 or seen >= page.total
            if is_whole or (page.posts and page.posts[-1].published_at < since):
                break
        if not posts:
            return attempt.ended(AccountOutcome.EMPTY, reason="后台没有列出可读的发表记录，不能证明未发布")
        unnamed = "" if settings.text("fakeid") else "台账未填 fakeid，不能确认所列为该账号"
        return _judged(attempt, posts, joined(stopped, "最新的发表记录内容为空，时间不明" if is_open else "", unnamed))


_QUERY = {
    "sub": "list",
    "search_field": "null",
    "count": str(COUNT),
    "query": "",
    "type": "101_1",
    "free_publish_type": "1",
    "sub_action": "list_ex",
    "lang": "zh_CN",
    "f": "json",
    "ajax": "1",
}


def read_publish_page(answer: Answer) -> Page:
    """One page of the list, decoded twice. `ret` is tested before anything else is looked for. Raises SourceFailure."""
    if 300 <= answer.status < 400:
        raise of_address(answer.location) or SourceFailure(AccountOutcome.LOGIN_EXPIRED, f"返回 {answer.status} 跳转")
    if failure := of_status(answer.status, answer.message):
        raise failure
    told = json_object(answer, page=AccountOutcome.LOGIN_EXPIRED)
    base = told.get("base_resp")
    ret = base.get("ret") if isinstance(base, dict) else None
    if ret != 0:
        raise of_code(KIND, ret, str(base.get("err_msg", "")) if isinstance(base, dict) else "")
    listing = _decoded(told.get("publish_page"))
    entries = listing.get("publish_list") if listing else None
    total = listing.get("total_count") if listing else None
    if not isinstance(entries, list) or not isinstance(total, int):
        raise SourceFailure(AccountOutcome.CHANGED, "返回成功但没有发表记录 publish_list")
    posts: list[PostFact] = []
    is_open = False
    for entry in entries:
        own = list(_posts(_decoded(entry.get("publish_info")) if isinstance(entry, dict) else None))
        is_open = is_open or not (own or _has_live(posts))
        posts.extend(own)
    return Page(tuple(posts), len(entries), total, is_open)


def _decoded(text: object) -> dict[str, Any] | None:
    """The object that a string holds; None for "" and whatever else it may be."""
    try:
        told = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _posts(info: dict[str, Any] | None) -> Iterator[PostFact]:
    articles = info.get("appmsgex") if info else None
    sent = info.get("sent_info") if info else None
    sent_at = sent.get("time") if isinstance(sent, dict) else None
    for article in articles if isinstance(articles, list) else ():
        if not isinstance(article, dict):
            continue
        times = [sent_at] if _is_epoch(sent_at) else [article.get("create_time"), article.get("update_time")]
        known = [int(str(time)) for time in times if _is_epoch(time)]
        if known:
            yield PostFact(
                post_id=f"{article.get('appmsgid', '')}_{article.get('itemidx', '')}",
                published_at=datetime.fromtimestamp(max(known), BEIJING),
                title=str(article.get("title", "")).strip(),
                url=str(article.get("link", "")),
                text=str(article.get("digest", "")).strip(),
                deleted=bool(article.get("is_deleted", False)),
            )


def _has_live(posts: Sequence[PostFact]) -> bool:
    return any(not post.deleted for post in posts)


def _expect_own(posts: Iterable[PostFact], fakeid: str) -> None:
    """Raises SourceFailure where an article's address shows another account (`__biz` is its fakeid): the silence of
    whoever is logged in must not be laid to the account that is asked about. A short address shows none.
    """
    for post in posts:
        shown = parse_qs(urlsplit(post.url).query).get("__biz", [""])[0]
        if fakeid and shown and shown.rstrip("=") != fakeid.rstrip("="):
            raise SourceFailure(AccountOutcome.CHANGED, "列出的文章不属于所查的公众号")


def _is_epoch(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**11


def _judged(attempt: Attempt, posts: list[PostFact], caveat: str) -> AccountFetch:
    now = attempt.clock()
    if any(post.published_at > now + CLOCK_SLACK for post in posts):
        caveat = joined(caveat, "有文章的发布时间晚于当前时间，时间不可信")
    reached = min(post.published_at for post in posts)
    kept = {post.post_id: post for post in reversed(posts) if post.published_at <= attempt.until}
    return attempt.ended(
        AccountOutcome.FETCHED,
        reason=caveat,
        covered_since=None if caveat else reached,
        posts=tuple(reversed(kept.values())),
    )
