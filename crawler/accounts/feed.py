"""Source `feed`: RSS, Atom or JSON Feed run by the operator (wewe-rss, we-mp-rss, RSSHub) or by the unit.

Such a service answers 200 with old content when its own login has died, so what a feed proves is told apart:
- an entry proves that something was posted;
- an absence is believed only back to the last entry listed, and only where the listing is known to have been
  refreshed up to `until`. wewe-rss shows that as `syncTime`, which it writes after a good refresh alone; an entry newer
  than `until` shows it too. lastBuildDate does not: we-mp-rss writes the time at which it rendered its database,
  dead login or not, and RSSHub renders views that leave posts out. An operator who knows better says so with
  `freshness: build-date`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
from msgspec import Struct

from crawler.accounts.answer import DEFAULT_LIMITS, Answer, Limits, get
from crawler.accounts.attempt import CLOCK_SLACK, Attempt, Keep, SourceFailure, joined
from crawler.accounts.budget import Channel, budget_of
from crawler.accounts.errors import AccountSettingsError
from crawler.accounts.failures import is_partial, of_address, of_status
from crawler.accounts.feed_listing import FeedListing, read_listing
from crawler.accounts.pacing import Pacer
from crawler.accounts.settings import Settings, is_loopback
from crawler.facts import BEIJING, Account, AccountFetch, AccountOutcome, PostFact

KIND = "feed"
SETTINGS = ("url", "freshness", "fresh_within_hours")
FRESH_WITHIN_HOURS = 1.0
"""How far the last refresh may lie before `until`. Units post on the eve of an inspection: a day would be too long."""

RECENT = timedelta(days=14)
"""An entry of the last two weeks is worth 获取成功 even where freshness is unknown: 19号 asks for no shorter window."""

_WEWE_RSS = re.compile(r"(?P<index>.*/feeds/)(?P<id>[^/]+)\.(?:json|rss|atom)\Z")


class FeedSource(Struct, frozen=True):
    """Reads a feed with the caller's client and clock, each host in its turn and within its budget."""

    client: httpx.AsyncClient
    clock: Callable[[], datetime]
    pacer: Pacer
    limits: Limits = DEFAULT_LIMITS
    keep: Keep | None = None

    async def fetch(self, account: Account, since: datetime, until: datetime) -> AccountFetch:
        """What the feed gives. Raises AccountSettingsError where the registry's entry is wrong."""
        settings = Settings(account, KIND, SETTINGS)
        url = settings.address("url")
        freshness = settings.choice("freshness", ("sync-index", "build-date"))
        slack = timedelta(hours=settings.number("fresh_within_hours", FRESH_WITHIN_HOURS, at_least=0))
        if freshness == "build-date" and urlsplit(url).path.endswith(".json"):
            raise AccountSettingsError(account.key, "freshness", "JSON Feed 没有生成时间，不能用 build-date")
        attempt = Attempt(KIND, account, since, until, self.clock, keep=self.keep)
        try:
            # The sync time first: one that is read after the listing may belong to a newer one.
            refreshed = await self._sync_time(attempt, url) if freshness == "sync-index" else None
            listing = read_listing(await self._get(attempt, url))
            if not listing.items:
                raise SourceFailure(AccountOutcome.EMPTY, "订阅内容没有任何条目，不能证明账号未发布")
            if freshness == "build-date" and listing.built:
                refreshed = listing.built.earliest
        except SourceFailure as failure:
            return attempt.failed(failure)
        return _judged(attempt, url, listing, refreshed, slack)

    async def _get(self, attempt: Attempt, url: str) -> Answer:
        async with self.pacer.call(_channel(url), self.clock):
            answer = await get(self.client, url, limits=self.limits, follow_redirects=True)
            attempt.heard(answer.body)
            if 300 <= answer.status < 400:
                raise of_address(answer.location) or SourceFailure(AccountOutcome.CHANGED, f"返回 {answer.status}")
            if failure := of_status(answer.status, answer.message):
                if failure.outcome is AccountOutcome.NO_ACCOUNT:
                    raise SourceFailure(
                        failure.outcome, joined(failure.reason, "订阅服务中没有该账号，不等于平台上没有")
                    )
                raise failure
        return answer

    async def _sync_time(self, attempt: Attempt, url: str) -> datetime | None:
        """When wewe-rss last read this account without error; None where it cannot be learned."""
        shape = _WEWE_RSS.match(url.partition("?")[0])
        if shape is None:
            return None
        try:
            async with self.pacer.call(_channel(url), self.clock):
                answer = await get(self.client, shape["index"], limits=self.limits, follow_redirects=True)
        except SourceFailure:
            return None
        attempt.heard(answer.body)
        try:
            feeds = json.loads(answer.body)
        except (ValueError, RecursionError):
            return None
        for feed in feeds if isinstance(feeds, list) else ():
            if isinstance(feed, dict) and feed.get("id") == shape["id"]:
                return _epoch(feed.get("syncTime"))
        return None


def _channel(url: str) -> Channel:
    """A feed's host: it knows no login, so all feeds of a host share one budget."""
    local = is_loopback(url)
    return Channel(KIND, "", urlsplit(url).netloc, 0.0 if local else budget_of(KIND).interval, local)


def _judged(
    attempt: Attempt, url: str, listing: FeedListing, refreshed: datetime | None, slack: timedelta
) -> AccountFetch:
    """The listing as a result. `refreshed` is None where no one vouches for the listing's freshness."""
    until, now = attempt.until, attempt.clock()
    posts: dict[str, PostFact] = {}
    for item in listing.items:
        at = item.moment.not_after(until) if item.moment else None
        if at is not None:
            key = item.post_id or f"{at.isoformat()} {item.title}"
            posts.setdefault(key, PostFact(key, at, item.title, item.url, item.text))
    dated = [item.moment for item in listing.items if item.moment]
    if not dated:
        return attempt.ended(AccountOutcome.CHANGED, reason="所有条目都没有可识别的发布时间")
    believable = [moment.earliest for moment in dated if moment.earliest <= now + CLOCK_SLACK]
    known = [time for time in (refreshed, max(believable, default=None)) if time and time <= now + CLOCK_SLACK]
    fresh_at = max(known, default=None)
    is_fresh = fresh_at is not None and fresh_at >= until - slack
    caveats = _caveats(url, listing, len(believable) < len(dated))
    newest = max((post.published_at for post in posts.values()), default=None)
    kept = tuple(posts.values())
    if is_fresh:
        last = listing.items[-1].moment
        covered = last.latest if last and not caveats else None
        return attempt.ended(AccountOutcome.FETCHED, reason=caveats, covered_since=covered, posts=kept)
    unknown = f"订阅内容只确知更新到 {_shown(refreshed)}，早于监测时间点" if refreshed else "订阅内容没有可信的更新时间"
    if newest is not None and newest >= until - RECENT:
        return attempt.ended(AccountOutcome.FETCHED, reason=joined(f"{unknown}，仅能证明有发布", caveats), posts=kept)
    return attempt.ended(
        AccountOutcome.STALE_DATA, reason=f"{unknown}，且近两周没有条目，不能证明账号未发布", posts=kept
    )


def _caveats(url: str, listing: FeedListing, future: bool) -> str:
    """Why an absence from this listing proves nothing; "" where nothing speaks against it."""
    undated = sum(item.moment is None for item in listing.items)
    parameter = is_partial(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    return joined(
        f"订阅地址带有“{parameter}”参数，不是全部条目" if parameter else "",
        f"{undated} 个条目没有可识别的发布时间" if undated else "",
        "有条目的发布时间晚于当前时间，时间不可信" if future else "",
    )


def _epoch(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        return None
    try:
        return datetime.fromtimestamp(value, BEIJING)
    except (ValueError, OverflowError, OSError):
        return None


def _shown(at: datetime) -> str:
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
