"""The fake feed services: wewe-rss (`/feeds/`, `/feeds/{id}.json|rss|atom`) and we-mp-rss (`/rss/{id}`); the articles
that their entries lead to stand on the same server (`/s/{id}`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

from demo.account_model import DemoAccount, DemoPost
from demo.platform_articles import article
from demo.platform_http import Manner, Reply, Request

SCENARIOS = {
    "ok": "in order",
    "stale": "not synced for 60 days, answered as if nothing were wrong",
    "no-sync": "the sync time cannot be learned",
    "dated": "the JSON bears date_published, which wewe-rss leaves out",
    "no-text": "获取全文失败 stands in the place of every text",
    "undated": "no entry bears a date",
    "empty": "200 without an entry",
    "blank": "200 without a body",
    "unknown": "400 不存在该feed！ or 404 with code 40401",
    "cookies-expired": "503 with RSSHub's sentence",
    "cooling-down": "503 with RSSHub's other sentence",
    "html": "a page where a feed was due",
    "truncated": "the file breaks off",
    "blocked": "403",
    "slow": "no answer at all",
    "dropped": "the connection breaks off",
}
"""What an account's feed may do."""

STALE = timedelta(days=60)
LIMIT = 30
NO_TEXT = "获取全文失败，请重试~"
_HTML = '<!DOCTYPE html><html lang="zh-CN"><head><title>登录</title></head><body>请登录后查看</body></html>'
_SENTENCES = {
    "cookies-expired": "Cookies expired. Please update WEIBO_COOKIES",
    "cooling-down": "Cooling down before new visitor Cookies",
}


class FeedService:
    """Answers for the accounts that are read by feed, as of `now`."""

    def __init__(self, accounts: Sequence[DemoAccount], now: datetime) -> None:
        self._accounts = {account.feed_path: account for account in accounts if account.source == "feed"}
        for account in self._accounts.values():
            if account.scenario not in SCENARIOS:
                raise ValueError(f"unknown scenario {account.scenario!r} of {account.platform_id}")
        self._now = now

    def respond(self, request: Request) -> Reply:
        """The reply to one request."""
        if request.path.rstrip("/") == "/feeds":
            return self._index()
        if request.path.startswith("/s/"):
            return self._article(request.path.removeprefix("/s/"))
        account = self._accounts.get(request.path)
        if account is None or account.scenario == "unknown":
            return _unknown(request.path)
        if (early := _misbehaviour(account.scenario)) is not None:
            return early
        posts = [] if account.scenario == "empty" else self._visible(account)[:LIMIT]
        reply = {"json": self._json, "rss": self._rss, "atom": self._atom, "mp-rss": self._mp_rss}[account.form](
            account, posts, f"http://{request.headers.get('host', 'feeds.example')}"
        )
        if account.scenario == "truncated":
            return Reply(reply.body[: len(reply.body) // 2], content_type=reply.content_type)
        return Reply(reply.body, content_type=reply.content_type, manner=_manner(account.scenario))

    def _article(self, identifier: str) -> Reply:
        """The page of the post that a feed names by this address."""
        for account in self._accounts.values():
            for number, post in enumerate(self._visible(account)):
                if f"{account.platform_id}-{number}" == identifier:
                    return article(post.title, post.article)
        return article("", "missing")

    def _synced(self, account: DemoAccount) -> datetime:
        return self._now - STALE if account.scenario == "stale" else self._now

    def _visible(self, account: DemoAccount) -> list[DemoPost]:
        seen = [post for post in account.posts if post.at <= self._synced(account)]
        return sorted(seen, key=lambda post: post.at, reverse=True)

    def _index(self) -> Reply:
        rows = [
            {
                "id": account.feed_path.rpartition("/")[2].partition(".")[0],
                "name": account.name,
                "intro": f"{account.name}官方账号",
                "cover": "",
                "syncTime": int(self._synced(account).timestamp()),
                "updateTime": int(max((post.at for post in self._visible(account)), default=self._now).timestamp()),
            }
            for account in self._accounts.values()
            if account.form != "mp-rss" and account.scenario not in ("no-sync", "unknown")
        ]
        return _json(rows)

    def _json(self, account: DemoAccount, posts: Sequence[DemoPost], base: str) -> Reply:
        date = "date_published" if account.scenario == "dated" else "date_modified"
        items = []
        for number, post in enumerate(posts):
            item = {
                "id": f"{account.platform_id}-{number}",
                "content_html": _content(account, post),
                "url": f"{base}/s/{account.platform_id}-{number}",
                "title": post.title,
            }
            if account.scenario != "undated":
                item[date] = post.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            items.append(item)
        return _json(
            {
                "version": "https://jsonfeed.org/version/1",
                "title": account.name,
                "home_page_url": "http://feeds.example",
                "description": f"{account.name}官方账号",
                "items": items,
            }
        )

    def _rss(self, account: DemoAccount, posts: Sequence[DemoPost], base: str) -> Reply:
        return _rss(account, posts, base, "WeWe-RSS", format_datetime(self._now.astimezone(UTC), usegmt=True), _gmt)

    def _mp_rss(self, account: DemoAccount, posts: Sequence[DemoPost], base: str) -> Reply:
        return _rss(account, posts, base, "Mp-We-Rss", _zoneless(self._synced(account)), _zoneless)

    def _atom(self, account: DemoAccount, posts: Sequence[DemoPost], base: str) -> Reply:
        entries = "".join(
            f"<entry><title>{escape(post.title)}</title><id>{account.platform_id}-{number}</id>"
            f'<link href="{base}/s/{account.platform_id}-{number}"/>'
            + ("" if account.scenario == "undated" else f"<updated>{post.at.astimezone(UTC).isoformat()}</updated>")
            + f"<summary type='html'>{escape(_content(account, post))}</summary></entry>"
            for number, post in enumerate(posts)
        )
        text = (
            f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
            f"<id>{account.feed_path}</id><title>{escape(account.name)}</title>"
            f"<updated>{self._now.astimezone(UTC).isoformat()}</updated><generator>WeWe-RSS</generator>{entries}</feed>"
        )
        return Reply(text.encode(), content_type="application/atom+xml; charset=utf-8")


def _rss(
    account: DemoAccount, posts: Sequence[DemoPost], base: str, generator: str, built: str, written: object
) -> Reply:
    assert callable(written)
    items = "".join(
        f"<item><title>{escape(post.title)}</title><guid>{account.platform_id}-{number}</guid>"
        f"<link>{base}/s/{account.platform_id}-{number}</link>"
        f"<description>{escape(_content(account, post))}</description>"
        + ("" if account.scenario == "undated" else f"<pubDate>{written(post.at)}</pubDate>")
        + "</item>"
        for number, post in enumerate(posts)
    )
    text = (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{escape(account.name)}</title>'
        f"<link>http://feeds.example</link><description>{escape(account.name)}</description>"
        f"<generator>{generator}</generator><lastBuildDate>{built}</lastBuildDate>{items}</channel></rss>"
    )
    return Reply(text.encode(), content_type="application/xml; charset=utf-8")


def _gmt(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)


def _zoneless(at: datetime) -> str:
    """A time as we-mp-rss writes it: its own local time, no zone, a space where the zone would be."""
    return format_datetime(at.replace(tzinfo=None)).removesuffix("-0000")


def _content(account: DemoAccount, post: DemoPost) -> str:
    return NO_TEXT if account.scenario == "no-text" else f"<p>{escape(post.title)}的正文。</p>"


def _json(told: object, status: int = 200) -> Reply:
    return Reply(json.dumps(told, ensure_ascii=False).encode(), status)


def _unknown(path: str) -> Reply:
    if path.startswith("/rss/"):
        return _json({"detail": {"code": 40401, "message": "公众号不存在"}}, 404)
    return _json({"statusCode": 400, "message": "不存在该feed！"}, 400)


def _manner(scenario: str) -> Manner:
    return {"slow": Manner.NEVER, "dropped": Manner.BROKEN}.get(scenario, Manner.WHOLE)


def _misbehaviour(scenario: str) -> Reply | None:
    """The replies that do not depend on the account's posts."""
    if scenario in _SENTENCES:
        return Reply(_SENTENCES[scenario].encode(), 503, "text/plain; charset=utf-8")
    if scenario == "html":
        return Reply(_HTML.encode(), content_type="text/html; charset=utf-8")
    if scenario == "blank":
        return Reply(b"", content_type="application/xml")
    if scenario == "blocked":
        return Reply(_HTML.encode(), 403, "text/html; charset=utf-8")
    return None
