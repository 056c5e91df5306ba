"""Pages that say "not found" under a 200: told by how the site answers an address that cannot exist.

One sign is a suspicion, two are a verdict: likeness to that answer, a phrase on a short page, a phrase in the title.
"""

from __future__ import annotations

import re
import uuid
from difflib import SequenceMatcher
from urllib.parse import urljoin

from scrapy.http import Response

from crawler.fetch.visits import is_html, now
from crawler.read.complexity import too_complex
from crawler.read.page import PageReader, Reading
from crawler.read.urls import normalise

LIKENESS = 0.95
_TITLE = re.compile(r"(^|\D)404(\D|$)|页面(不存在|未找到|没有找到)|找不到(该|您访问的)?页面|not\s*found", re.IGNORECASE)


class SoftNotFound:
    """What one site's answer to an impossible address teaches."""

    def __init__(self) -> None:
        self._text: str | None = None
        self._goes_home = False

    @staticmethod
    def probe_address(home: str) -> str:
        """An address that nobody can have published."""
        return urljoin(home, f"/xuncha-{uuid.uuid4().hex}.html")

    def learn(self, status: int, final: str, home: str, text: str) -> None:
        """Keeps the answer's text where the site answers 200; a true 404 needs no likeness, home proves nothing."""
        self._goes_home = final == home
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
        fact = reading.fact
        signs = []
        if self._text is not None and _alike(self._text, reading.text):
            signs.append("与本站对不存在地址的应答一致")
        if fact.missing:
            signs.append(f"页面提示“{fact.missing}”")
        if fact.missing and _TITLE.search(fact.title):
            signs.append(f"标题为“{fact.title.strip()}”")
        return "，".join(signs) if len(signs) >= 2 else ""


def _alike(known: str, text: str) -> bool:
    if abs(len(known) - len(text)) > (1 - LIKENESS) * max(len(known), len(text)) + 40:
        return False
    matcher = SequenceMatcher(None, known[:4000], text[:4000], autojunk=False)
    return matcher.quick_ratio() >= LIKENESS and matcher.ratio() >= LIKENESS
