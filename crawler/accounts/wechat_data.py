"""The official API's answers as posts and menus. Pure reading; every shape it does not know is told, none is guessed.

Shapes: developers.weixin.qq.com getarticletotaldetail, freepublish_batchget, getCurrentSelfmenuInfo (seen 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from crawler.accounts.answer import Answer, json_object
from crawler.accounts.attempt import SourceFailure
from crawler.accounts.failures import of_code, of_status
from crawler.accounts.moment import Moment
from crawler.facts import BEIJING, AccountOutcome, MenuEntry, PostFact

FAMILY = "wechat-api"
_MSGID = re.compile(r"\d+_\d+\Z")


class Day(Struct, frozen=True):
    """What was published on one day. `is_delayed` says that the figures, so perhaps the list, are not yet all in."""

    posts: tuple[PostFact, ...]
    is_delayed: bool


class Batch(Struct, frozen=True):
    """One page of what was 发布 (not 群发): its posts, how many entries it had, and the total."""

    posts: tuple[PostFact, ...]
    entries: int
    total: int


def read_answer(answer: Answer) -> dict[str, Any]:
    """The object of a good answer. Raises SourceFailure; errors come with HTTP status 200 and an errcode."""
    if failure := of_status(answer.status, answer.message):
        raise failure
    told = json_object(answer, page=AccountOutcome.CHANGED)
    if code := told.get("errcode"):
        raise of_code(FAMILY, code, str(told.get("errmsg", "")))
    return told


def read_token(told: dict[str, Any]) -> str:
    """The access token. Raises SourceFailure."""
    token = told.get("access_token")
    if not isinstance(token, str) or not token:
        raise SourceFailure(AccountOutcome.CHANGED, "返回成功但没有 access_token")
    return token


def read_day(told: dict[str, Any], day: date) -> Day:
    """The articles of one day. A post is dated by its day alone, so read as its last second, in the account's favour.

    A row of `detail_list` counts all from publication up to its `stat_date`: the latest row is the total, and adding
    them up would count each reader many times. Raises SourceFailure.
    """
    listed, delayed = told.get("list"), told.get("is_delay")
    if not isinstance(listed, list) or not isinstance(delayed, bool):
        raise SourceFailure(AccountOutcome.CHANGED, "返回成功但没有 list 或 is_delay")
    posts = []
    for article in listed:
        if not isinstance(article, dict) or not isinstance(article.get("msgid"), str):
            raise SourceFailure(AccountOutcome.CHANGED, "发表内容没有 msgid")
        if article.get("ref_date") != day.isoformat():
            raise SourceFailure(AccountOutcome.CHANGED, "发表内容的 ref_date 不是所查日期")
        rows = article.get("detail_list")
        known = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        last = max(known, key=lambda row: str(row.get("stat_date", "")), default={})
        posts.append(
            PostFact(
                post_id=article["msgid"],
                published_at=Moment.day(day).latest,
                title=_string(article.get("title")),
                url=_string(article.get("content_url")),
                reads=_count(last.get("read_user")),
                likes=_count(last.get("like_user")),
                shares=_count(last.get("share_user")),
                comments=_count(last.get("comment_count")),
            )
        )
    return Day(tuple(posts), delayed)


def read_batch(told: dict[str, Any]) -> Batch:
    """One page of freepublish/batchget; `update_time` is the last edit, so no earlier than publication.

    Raises SourceFailure.
    """
    items, total = told.get("item"), told.get("total_count")
    if not isinstance(items, list) or not isinstance(total, int):
        raise SourceFailure(AccountOutcome.CHANGED, "返回成功但没有 item 或 total_count")
    posts: list[PostFact] = []
    for item in items:
        content = item.get("content") if isinstance(item, dict) else None
        articles = content.get("news_item") if isinstance(content, dict) else None
        updated = item.get("update_time") if isinstance(item, dict) else None
        if not isinstance(articles, list) or not isinstance(updated, int):
            raise SourceFailure(AccountOutcome.CHANGED, "发布记录没有 news_item 或 update_time")
        for number, article in enumerate(articles, start=1):
            url = _string(article.get("url"))
            posts.append(
                PostFact(
                    post_id=article_key(url) or f"{item.get('article_id', '')}_{number}",
                    published_at=datetime.fromtimestamp(updated, BEIJING),
                    title=_string(article.get("title")),
                    url=url,
                    text=_string(article.get("digest")),
                    deleted=bool(article.get("is_deleted", False)),
                )
            )
    return Batch(tuple(posts), len(items), total)


def article_key(url: str) -> str:
    """`mid_idx` of an article's address, which is its msgid; "" where the address does not show it."""
    query = parse_qs(urlsplit(url).query)
    key = f"{query.get('mid', [''])[0]}_{query.get('idx', [''])[0]}"
    return key if _MSGID.match(key) else ""


def read_menu(told: dict[str, Any]) -> tuple[MenuEntry, ...] | None:
    """The menu's entries, () where it is switched off, None where the answer does not tell.

    A button is {type, name, url | key | value, news_info: {list: [{content_url}]}} or {name, sub_button: {list: […]}}.
    """
    if told.get("is_menu_open") == 0:
        return ()
    info = told.get("selfmenu_info")
    buttons = info.get("button") if isinstance(info, dict) else None
    return tuple(_entries(buttons, "")) if isinstance(buttons, list) else None


def _entries(buttons: list[Any], above: str) -> Iterator[MenuEntry]:
    for button in buttons:
        if not isinstance(button, dict):
            continue
        words = f"{above}/{_string(button.get('name'))}" if above else _string(button.get("name"))
        inner = button.get("sub_button")
        below = inner.get("list") if isinstance(inner, dict) else None
        if isinstance(below, list) and below:
            yield from _entries(below, words)
            continue
        news = button.get("news_info")
        articles = news.get("list") if isinstance(news, dict) else None
        urls = [_string(a.get("content_url")) for a in articles or () if isinstance(a, dict)]
        url = _string(button.get("url")) or next(filter(None, urls), "")
        yield MenuEntry(words, url if url.startswith(("http://", "https://")) else "")


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _string(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
