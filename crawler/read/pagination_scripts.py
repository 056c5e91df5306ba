"""What the builders' paging scripts would write: the addresses of further pages, computed from the scripts' arguments.

The scripts are told by `crawler/data/vendors.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from crawler.read.lexicon import table
from crawler.read.urls import join

_MOST = 300
_LONGEST_SCRIPT = 20_000
_NUMBERED = re.compile(r"_(\d+)\.\w+\Z")
_CALLED = re.compile(
    r"\s*(?:javascript:)?\s*(?:return\s+)?(?P<name>\w+)\(\s*['\"]?(?P<argument>\w+)['\"]?\s*\)\s*;?", re.IGNORECASE
)
_SENT = re.compile(
    r"\A\s*(?:(?:window|self|top|document|this)\.)?location(?:\.href)?\s*=\s*([^;\n]+?)\s*;?\s*(?:return\b[^;]*;?\s*)?\Z"
)
_JOINED = re.compile(r"\s*\+\s*")
_QUOTED = re.compile(r"\"[^\"'+]*\"|'[^\"'+]*'")
_RANGE = ("startrecord", "endrecord")
_HINTS = ("createPage", "countPage")


def computed_pages(scripts: Iterable[str], url: str) -> tuple[str, ...] | None:
    """The further pages that a numbering script writes, in order; None where there is no such script.

    createPageHTML(5, 0, "index", "html") on index.html writes index_1.html to index_4.html; where the first page is
    numbered 1 (createPageHTML('page_div', 5, 1, 'list', 'shtml', 96) on list.shtml) it writes list_2 to list_5.
    """
    for script in scripts:
        if not any(hint in script for hint in _HINTS):
            continue
        for row in _numbered():
            told = _arguments(row, script[:_LONGEST_SCRIPT])
            if told is not None:
                return _numbered_pages(*told, url)
    return None


def _numbered_pages(total: int, current: int, name: str, ending: str, url: str) -> tuple[str, ...]:
    path = url.partition("?")[0]
    own = _NUMBERED.search(path)
    from_one = own is None and current == 1
    last = total if from_one else total - 1
    return tuple(
        join(url, f"{name}_{number}.{ending}") for number in range(current + 1, min(last, current + _MOST) + 1)
    )


def _arguments(row: dict[str, re.Pattern[str]], script: str) -> tuple[int, int, str, str] | None:
    if "call" in row:
        found = row["call"].search(script)
        return (int(found["total"]), int(found["current"]), found["name"], found["ending"]) if found else None
    total, current, address = (row[key].search(script) for key in ("total", "current", "address"))
    if total is None or current is None or address is None:
        return None
    return (
        int(total[1]),
        int(current[1]),
        address["name"] or address["name2"],
        address["ending"] or address["ending2"],
    )


def record_pages(scripts: Iterable[str], url: str, have: int, total: int) -> tuple[str, ...] | None:
    """大汉 jpage: the requests for the records that a page or reply does not hold, in order.

    A reply is asked for by its first and last record, so the next ones are asked for alike; a page tells the request's
    address and fields in its script. Empty behind the last record, None where nothing tells how to ask.
    """
    path, mark, query = url.partition("?")
    fields = dict(parse_qsl(query, keep_blank_values=True)) if mark else {}
    if all(fields.get(name, "").isdigit() for name in _RANGE):
        first, last = int(fields["startrecord"]), int(fields["endrecord"])
        return tuple(
            f"{path}?{_requery(query, start, min(start + last - first, total))}"
            for start in _starts(last + 1, last - first + 1, total)
        )
    told = table("vendors")["jpage"]
    for script in scripts:
        proxy = re.search(told["proxy"], script, re.IGNORECASE)
        per_page = re.search(told["per_page"], script, re.IGNORECASE)
        if proxy is None or per_page is None:
            continue
        sent = {
            name: found[1]
            for name in told["fields"]
            if (found := re.search(rf"\b{name}['\"]?\s*[:=]\s*['\"]?([^'\",;&}}\s]+)", script, re.IGNORECASE))
        }
        if not all(name in sent for name in told["needed"]) or not int(per_page[1]):
            continue
        size = max(have, int(per_page[1]))
        rest = urlencode(sent, quote_via=quote)
        return tuple(
            join(url, f"{proxy[1]}?startrecord={start}&endrecord={end}&perpage={per_page[1]}&{rest}")
            for start in _starts(have + 1, size, total)
            for end in (min(start + size - 1, total),)
        )
    return None


def _starts(first: int, size: int, total: int) -> list[int]:
    return list(range(first, total + 1, size))[:_MOST] if size > 0 else []


def _requery(query: str, first: int, last: int) -> str:
    """The query with other record numbers, all else as it was written."""
    written = {"startrecord": first, "endrecord": last}
    fields = [(field.partition("=")[0], field) for field in query.split("&")]
    return "&".join(f"{name}={written[name]}" if name in written else field for name, field in fields)


def sent_to(call: str, scripts: Iterable[str]) -> str:
    """The address that a call of a page's own function sends to; "" where it is not put together from words alone.

    goPage(2) with function goPage(n){ location.href = "list_" + n + ".html"; } leads to list_2.html.
    """
    called = _CALLED.match(call)
    if called is None:
        return ""
    name, argument = called["name"], called["argument"]
    for script in scripts:
        if name not in script:
            continue
        told = re.search(rf"\bfunction\s+{name}\s*\(\s*(\w+)\s*\)\s*\{{([^{{}}]{{1,400}})\}}", script[:_LONGEST_SCRIPT])
        sent = _SENT.search(told[2]) if told else None
        if told is None or sent is None:
            continue
        pieces = [piece.strip() for piece in _JOINED.split(sent[1])]
        words = [argument if piece == told[1] else piece[1:-1] for piece in pieces]
        if told[1] in pieces and all(piece == told[1] or _QUOTED.fullmatch(piece) for piece in pieces):
            return "".join(words)
    return ""


def printed_count(text: str) -> int:
    """How many pages a pager's words tell: 共 6 页, 1/6 页; 0 where they tell none."""
    return _count("counted", text)


@lru_cache(maxsize=256)
def drawn_count(script: str) -> int:
    """How many pages the script that draws a pager is told; 0 where it draws none. A site repeats its scripts."""
    return _count("drawn", script[:_LONGEST_SCRIPT])


def _count(key: str, text: str) -> int:
    for pattern in _counts(key):
        found = pattern.search(text)
        if found:
            return int(found["pages"])
    return 0


@cache
def _counts(key: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in table("vendors")[key])


@cache
def _numbered() -> tuple[dict[str, re.Pattern[str]], ...]:
    rows: list[dict[str, Any]] = table("vendors")["numbered"]
    return tuple(
        {key: re.compile(pattern, re.IGNORECASE) for key, pattern in row.items() if key != "vendor"} for row in rows
    )
