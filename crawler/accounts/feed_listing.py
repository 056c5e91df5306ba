"""The bytes of a feed as a listing: RSS 2.0, Atom, JSON Feed 1.x. Pure reading; what it proves is feed.py's matter."""

from __future__ import annotations

import io
import re
from typing import Any

import feedparser
from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from crawler.accounts.answer import Answer, json_object, told_message
from crawler.accounts.attempt import SourceFailure
from crawler.accounts.failures import is_no_text, of_message
from crawler.accounts.feed_dates import read_feed_date
from crawler.accounts.moment import Moment
from crawler.facts import AccountOutcome

TEXT = 5_000
"""Characters of a post's text that are kept."""

_JSON_FEED = re.compile(r"https?://jsonfeed\.org/version/1(?:\.\d+)?/?\Z")


class FeedItem(Struct, frozen=True):
    """One entry. `moment` is None where it bears no readable date."""

    post_id: str
    title: str
    url: str
    text: str
    moment: Moment | None


class FeedListing(Struct, frozen=True):
    """A feed in its own order. `built` is lastBuildDate or updated: when the file was made, as the feed says."""

    items: tuple[FeedItem, ...]
    built: Moment | None = None


def read_listing(answer: Answer) -> FeedListing:
    """The listing of a 2xx answer. Raises SourceFailure: 内容为空 for an empty body, 接口变更 for what is no feed,
    and what the message stands for where an error object came with status 200.
    """
    if not answer.start or answer.start.startswith(b"{"):
        return _json(json_object(answer, page=AccountOutcome.CHANGED))
    if answer.is_html:
        raise SourceFailure(AccountOutcome.CHANGED, "应返回订阅内容，返回的是网页")
    if answer.start.startswith(b"<"):
        return _xml(answer)
    raise of_message(answer.message) or SourceFailure(AccountOutcome.CHANGED, "返回内容不是 RSS、Atom 或 JSON Feed")


def _json(feed: dict[str, Any]) -> FeedListing:
    version, items = feed.get("version"), feed.get("items")
    if not isinstance(version, str) or not _JSON_FEED.match(version) or not isinstance(items, list):
        known = of_message(told_message(feed))
        raise known or SourceFailure(AccountOutcome.CHANGED, "返回的 JSON 不是 JSON Feed（缺少 version 或 items）")
    if not all(isinstance(item, dict) for item in items):
        raise SourceFailure(AccountOutcome.CHANGED, "JSON Feed 的 items 中有不是对象的条目")
    return FeedListing(tuple(_json_item(item) for item in items))


def _json_item(item: dict[str, Any]) -> FeedItem:
    url = _string(item.get("url"))
    return FeedItem(
        post_id=_string(item.get("id")) or url,
        title=_string(item.get("title")),
        url=url,
        text=_text(_string(item.get("content_text")) or _string(item.get("content_html"))),
        moment=read_feed_date(_string(item.get("date_published")))
        or read_feed_date(_string(item.get("date_modified"))),
    )


def _xml(answer: Answer) -> FeedListing:
    # As a stream: feedparser takes a bare string for an address or a file's name and would open it.
    feed = feedparser.parse(
        io.BytesIO(answer.body),
        response_headers={"content-type": answer.content_type} if "xml" in answer.content_type else {},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not feed.get("version"):
        raise SourceFailure(AccountOutcome.CHANGED, "返回的 XML 不是 RSS 或 Atom")
    if feed.get("bozo") and not answer.body.rstrip().endswith((b"</rss>", b"</feed>", b"</rdf:RDF>", b"-->")):
        raise SourceFailure(AccountOutcome.CHANGED, "返回的 XML 不完整")
    built = read_feed_date(_plain(feed.feed, "updated")) or read_feed_date(_plain(feed.feed, "published"))
    return FeedListing(tuple(_xml_item(entry) for entry in feed.entries), built)


def _xml_item(entry: Any) -> FeedItem:
    url = _plain(entry, "link")
    content = next((_plain(part, "value") for part in dict.get(entry, "content") or ()), "")
    return FeedItem(
        post_id=_plain(entry, "id") or url,
        title=_plain(entry, "title"),
        url=url,
        text=_text(content or _plain(entry, "summary")),
        moment=read_feed_date(_plain(entry, "published")) or read_feed_date(_plain(entry, "updated")),
    )


def _plain(node: Any, key: str) -> str:
    # dict.get: feedparser's own answers `updated` with `published` where there is none, and warns about it.
    return _string(dict.get(node, key))


def _string(value: object) -> str:
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _text(markup: str) -> str:
    """The visible words of a body, without the notice that stands in for one that could not be had."""
    if not markup:
        return ""
    body = LexborHTMLParser(markup).body
    words = " ".join(body.text(separator=" ").split()) if body is not None else ""
    return "" if is_no_text(words) else words[:TEXT]
