"""Follows what an account leads to: the entries of its menu, and a sample of its articles, politely and few.

Whatever is not good the first time is looked at again after all first looks; only what two looks agree on bears two
`attempts`. A refusal, a failure of the network, an address that needs a login or expires is told, and is no fault.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

import httpx
from msgspec import Struct
from msgspec.structs import replace

from crawler.accounts.answer import Answer, Limits, get
from crawler.accounts.article import Look, is_temporary, needs_login, normal, read_page
from crawler.accounts.attempt import SourceFailure
from crawler.accounts.failures import of_address
from crawler.accounts.pacing import Pacer
from crawler.accounts.settings import is_loopback
from crawler.facts import Account, AccountFetch, AccountOutcome
from crawler.facts.accounts import AccountLink

MENU, ARTICLE = "菜单", "文章"
MOST_ENTRIES = 30
MOST_ARTICLES = 5
ARTICLE_DAYS = 30
"""How many days before the time point the sampled articles are of."""
SECONDS = 180.0
"""How long all first looks at one account's links may take; what is left then is not opened."""
INTERVAL = 3.0
"""Seconds between two requests to one host; none on loopback."""
REDIRECTS = 5
PAGE_LIMITS = Limits(seconds=20.0, size=4 * 1024 * 1024)

KeepPage = Callable[[str, bytes], object]
"""Takes the address and the bytes of a page that was not good, for the evidence store."""


class Follower(Struct, frozen=True):
    """Opens addresses with the guarded client, each host in its turn."""

    client: httpx.AsyncClient
    clock: Callable[[], datetime]
    pacer: Pacer
    keep: KeepPage | None = None
    limits: Limits = PAGE_LIMITS
    seconds: float = SECONDS

    async def follow(self, wanted: Sequence[AccountLink]) -> tuple[AccountLink, ...]:
        """The links with what became of them, in the order given."""
        end = time.monotonic() + self.seconds
        first = [
            await self._looked_at(link)
            if time.monotonic() < end
            else replace(link, reason="本次可用的时间已用完，没有打开")
            for link in wanted
        ]
        return tuple([await self._again(link) if link.outcome in ("gone", "faulty") else link for link in first])

    async def _looked_at(self, link: AccountLink) -> AccountLink:
        look = _not_asked(link.url) or await self._look(link.url)
        return replace(
            link, outcome=look.outcome, reason=look.reason, status=look.status, text=look.text, at=self.clock()
        )

    async def _again(self, link: AccountLink) -> AccountLink:
        """A second look: alike, it counts; another one takes the first one's place and stands alone."""
        second = await self._looked_at(link)
        alike = (second.outcome, second.reason) == (link.outcome, link.reason)
        return replace(second, attempts=link.attempts + 1 if alike else 1)

    async def _look(self, url: str) -> Look:
        at = url
        try:
            for _ in range(REDIRECTS + 1):
                await self.pacer.wait(urlsplit(at).netloc, 0.0 if is_loopback(at) else INTERVAL)
                answer = await get(self.client, at, limits=self.limits)
                if not (300 <= answer.status < 400 and answer.location):
                    return self._kept(url, answer, read_page(answer))
                at = urljoin(at, answer.location)
                if (failure := of_address(at)) or needs_login(at):
                    return Look("blocked", failure.reason if failure else "须登录后查看", answer.status)
                if urlsplit(at).scheme not in ("http", "https"):
                    return Look("unread", "转到的不是网页地址", answer.status)
        except SourceFailure as failure:
            if failure.outcome is AccountOutcome.CHANGED:  # longer than we read, so it was there
                return Look("good")
            return Look("unread", failure.reason)
        except ValueError:
            return Look("unread", "地址无法识别")
        return Look("unread", "多次跳转")

    def _kept(self, url: str, answer: Answer, look: Look) -> Look:
        if self.keep is not None and look.outcome in ("gone", "faulty") and answer.body:
            self.keep(url, answer.body)
        return look


def links_of(account: Account, fetches: Iterable[AccountFetch]) -> tuple[AccountLink, ...] | None:
    """What there is to follow, not yet looked at; None where the sources gave nothing that could be.

    Entries of menus in their order, then articles of the last days: those with the smallest hash of their address, so
    that two inspections of one day open the same. Posts of Weibo are left out: their pages need a login.
    """
    fetched = [fetch for fetch in fetches if fetch.outcome is AccountOutcome.FETCHED]
    entries: dict[str, AccountLink] = {}
    for fetch in fetched:
        for entry in (fetch.profile.menus or ()) if fetch.profile else ():
            if entry.url:
                entries.setdefault(entry.url, AccountLink(MENU, entry.words, entry.url, "unread"))
    articles: dict[str, AccountLink] = {}
    for fetch in fetched if account.platform != "weibo" else ():
        for post in fetch.posts:
            near = fetch.until - timedelta(days=ARTICLE_DAYS) <= post.published_at <= fetch.until
            if near and post.url and not post.deleted and (url := normal(post.url)):
                articles.setdefault(url, AccountLink(ARTICLE, post.title, url, "unread"))
    chosen = sorted(articles, key=lambda url: hashlib.sha256(url.encode()).hexdigest())[:MOST_ARTICLES]
    wanted = (*list(entries.values())[:MOST_ENTRIES], *(articles[url] for url in chosen))
    return wanted or None


def _not_asked(url: str) -> Look | None:
    """Why an address is not opened at all; None where it is."""
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        return Look("unread", "地址无法识别")
    if scheme not in ("http", "https"):
        return Look("unread", "不是网页地址")
    if is_temporary(url):
        return Look("unread", "临时链接，到期自动失效")
    if needs_login(url):
        return Look("blocked", "须登录后查看")
    return None
