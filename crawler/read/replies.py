"""Lists whose entries come as JSON: an array of objects, each with a title, an address and a day of publication.

    {"data": {"total": 86, "results": [{"title": "…", "url": "/a/1.html", "publishedTimeStr": "2026-08-03 09:00:00"}]}}

The names of the fields stand in `crawler/data/replies.yaml`. What has another shape is no list to us, and says nothing.
"""

from __future__ import annotations

import json
import re
from collections import deque
from datetime import datetime
from functools import cache
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qsl

from crawler.facts import BEIJING
from crawler.read.datastore import Datastore
from crawler.read.lexicon import words

_CALLBACK = re.compile(r"\s*[\w$.]{1,60}\s*\(\s*(?=[{\[])")
_TAG = re.compile(r"<[^<>]{0,300}>")
_ROOTED = re.compile(r"https?://|/", re.IGNORECASE)
_MOST_NODES = 2_000
_MOST_PAGES = 300
_SECONDS, _MILLISECONDS = 10, 13


def reply_of(text: str) -> Datastore | None:
    """The list that a JSON reply (bare or handed to a callback) brings; None where it brings none that we know."""
    begun = text[:80].lstrip("\ufeff \t\r\n")
    if begun[:1] not in ("{", "["):
        called = None if begun[:1] == "<" else _CALLBACK.match(text)
        if called is None:
            return None
        text = text[called.end() :].rstrip(" \t\r\n;)")
    try:
        told = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    best: list[tuple[str, str, str, bool]] = []
    total = 0
    waiting: deque[Any] = deque([told])
    for _ in range(_MOST_NODES):
        if not waiting:
            break
        node = waiting.popleft()
        if isinstance(node, dict):
            total = total or _count(node)
            waiting.extend(value for value in node.values() if isinstance(value, dict | list))
        elif isinstance(node, list):
            rows = _rows(node)
            best = rows if len(rows) > len(best) else best
            if not rows:
                waiting.extend(value for value in node if isinstance(value, dict | list))
    if not best:
        return None
    return Datastore(html=f"<ul>{''.join(map(_entry, best))}</ul>", records=len(best), total=total, more="", whole=True)


def counts_pages(url: str) -> bool:
    """Whether a request asks for the first page of a list."""
    query = url.partition("?")[2].lower()
    return any(name in _names("page") and value == "1" for name, value in parse_qsl(query))


def further_replies(url: str, records: int, total: int) -> tuple[str, ...] | None:
    """The requests for the pages behind this one, in order; None where nothing tells how to ask for them.

    The request must count pages from 1. Where no total is told, a full page names the next one alone.
    """
    path, mark, query = url.partition("?")
    fields = {name.lower(): (name, value) for name, value in parse_qsl(query, keep_blank_values=True)} if mark else {}
    page = next((fields[name] for name in _names("page") if name in fields), None)
    if page is None or not page[1].isdigit() or not int(page[1]):
        return None
    here = int(page[1])
    size = next((int(fields[name][1]) for name in _names("size") if name in fields and fields[name][1].isdigit()), 0)
    if not total:
        last = here + 1 if records >= size else here
    elif here == 1:
        last = -(-total // records)  # a server may send less than it was asked for
    elif size:
        last = -(-total // size)
    else:
        return None
    return tuple(
        f"{path}?{_requery(query, page[0], number)}" for number in range(here + 1, min(last, here + _MOST_PAGES) + 1)
    )


def _rows(node: list[Any]) -> list[tuple[str, str, str, bool]]:
    """The entries of an array as title, address, day and whether they are pinned; empty where it is no list."""
    if not node or not all(isinstance(value, dict) for value in node):
        return []
    rows = []
    for value in node:
        fields = {str(name).lower(): inner for name, inner in value.items()}
        title = unescape(_TAG.sub("", _first(fields, "title"))).strip()
        address = _first(fields, "url").strip()
        if not title or not address:
            return []
        rows.append((title, address, _day(fields), _first(fields, "pinned").lower() in ("1", "true")))
    return rows if sum(bool(day) for _, _, day, _ in rows) * 2 >= len(rows) else []


def _first(fields: dict[str, Any], key: str) -> str:
    """The first field of these names that holds words or a number."""
    for name in _names(key):
        value = fields.get(name)
        if isinstance(value, str | int) and value != "":
            return str(value)
    return ""


def _day(fields: dict[str, Any]) -> str:
    """The day as it is written; numbers are seconds or milliseconds since 1970."""
    told = _first(fields, "date").strip()
    if told.isdigit() and len(told) in (_SECONDS, _MILLISECONDS):
        return f"{datetime.fromtimestamp(int(told[:_SECONDS]), BEIJING):%Y-%m-%d %H:%M}"
    return told


def _count(node: dict[str, Any]) -> int:
    told = _first({str(name).lower(): value for name, value in node.items()}, "total")
    return int(told) if told.isdigit() else 0


def _entry(row: tuple[str, str, str, bool]) -> str:
    """An entry as a page would write it; a relative address leads nowhere: only the script knows what it goes with."""
    title, address, day, pinned = row
    address = address if _ROOTED.match(address) else f"unknown:{address}"
    mark = "<i>置顶</i>" if pinned else ""
    link = f'<a href="{escape(address)}" title="{escape(title)}">{escape(title, quote=False)}</a>'
    return f"<li>{mark}{link}<span>{escape(day)}</span></li>"


def _requery(query: str, name: str, number: int) -> str:
    """The query with another page number, all else as it was written."""
    fields = [(field.partition("=")[0], field) for field in query.split("&")]
    return "&".join(f"{field}={number}" if field == name else written for field, written in fields)


@cache
def _names(key: str) -> tuple[str, ...]:
    return tuple(name.lower() for name in words("replies", key))
