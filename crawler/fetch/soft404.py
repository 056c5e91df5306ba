"""Pages that say "not found" under a 200: told by how the site answers an address that cannot exist.

One sign is a suspicion, two are a verdict (outcomes of a visit): likeness to that answer, a phrase on a short page, a
title that says so beside the phrase, a page that holds nothing but the phrase.
"""

from __future__ import annotations

import re
import uuid
from difflib import SequenceMatcher
from urllib.parse import urljoin

from scrapy.http import Response

from crawler.facts import PageFact, PageKind
from crawler.fetch.visits import is_html, now
from crawler.read.complexity import too_complex
from crawler.read.lexicon import any_pattern
from crawler.read.page import PageReader, Reading
from crawler.read.urls import normalise

LIKENESS = 0.95
_BARE = 60
_NUMBERS = re.compile(r"\d+|[0-9a-f]{16,}")


class SoftNotFound:
    """What one site's answer to an impossible address teaches."""

    def __init__(self) -> None:
        self._text: str | None = None

    @staticmethod
    def probe_address(home: str) -> str:
        """An address that nobody can have published."""
        return urljoin(home, f"/xuncha-{uuid.uuid4().hex}.html")

    def learn(self, status: int, final: str, home: str, text: str) -> None:
        """Keeps the answer's text where the site answers 200; a true 404 needs no likeness, home proves nothing."""
        self._text = text if 200 <= status < 300 and final != home and text.strip() else None

    def learn_from(self, response: Response, home: str, reader: PageReader, most_tags: int) -> None:
        """Reads the answer to the probe; one that is no page, or too large a one, has no text."""
        text = ""
        if is_html(response) and not too_complex(response.body, most_tags):
            text = reader.read(response.body, response.url, fetched_at=now(), status=response.status).text
        self.learn(response.status, normalise(response.url), home, text)

    def sign(self, address: str, final: str, home: str, reading: Reading) -> str:
        """Why the page is a not-found page, in words; "" unless two signs agree."""
        if final == home or address == home:
            return ""
        signs = signs_of(reading.fact, reading.text)
        if self._text is not None and _alike(self._text, reading.text):
            signs.insert(0, "与本站对不存在地址的应答一致")
        return "，".join(signs) if len(signs) >= 2 else ""


def signs_of(fact: PageFact, text: str) -> list[str]:
    """What the page itself says of its being missing, in words, one entry a sign; empty where it says nothing.

    `text` is what the page shows. A page that bears a publication date or dated entries is somebody's
    work, whatever a line of it says.
    """
    if not fact.missing or fact.published is not None or any(item.date for item in fact.items):
        return []
    if fact.kind is PageKind.HOME:
        return []
    title = fact.title.strip()
    from_title = fact.missing == title[: len(fact.missing)]
    signs = [f"标题为“{title}”" if from_title else f"页面提示“{fact.missing}”"]
    if not from_title and any_pattern("phrases", "missing_title").search(title):
        signs.append(f"标题为“{title}”")
    if any_pattern("phrases", "server_pages").search(f"{title}\n{text}"):
        signs.append("为服务器自带的错误页面")
    elif (
        fact.body_length < (_BARE if not from_title else 0) + len(fact.missing)
        and not fact.items
        and not fact.label("ColumnName")
    ):
        signs.append("页面没有其他内容")
    return signs


def _alike(known: str, text: str) -> bool:
    if abs(len(known) - len(text)) > (1 - LIKENESS) * max(len(known), len(text)) + 40:
        return False
    known, text = _NUMBERS.sub("0", known[:4000]), _NUMBERS.sub("0", text[:4000])
    matcher = SequenceMatcher(None, known, text, autojunk=False)
    return matcher.quick_ratio() >= LIKENESS and matcher.ratio() >= LIKENESS
