"""Pages that say "not found" under a 200: told by how the site answers an address that cannot exist.

One sign is a suspicion, two are a verdict (outcomes of a visit): likeness to that answer, a phrase on a short page, a
title that says so beside the phrase, a page that holds nothing but the phrase.
"""

from __future__ import annotations

import re
import uuid
from difflib import SequenceMatcher

from msgspec import Struct
from scrapy.http import Response

from crawler.clock import now
from crawler.facts import PageFact, PageKind
from crawler.fetch.visits import is_html
from crawler.read.complexity import too_complex
from crawler.read.lexicon import any_pattern
from crawler.read.page import PageReader, Reading
from crawler.read.urls import extension_of, normalise

LIKENESS = 0.95
MOST_PREFIXES = 5
"""So many folders of a site are asked for an impossible address, besides its root."""
_BARE = 60
_NUMBERS = re.compile(r"\d+|[0-9a-f]{16,}")
_PAGES = frozenset(("html", "htm", "shtml", "jhtml", "jsp", "php", "asp", "aspx"))


class Answer(Struct, frozen=True):
    """What an impossible address was answered: where it ended and what that page says; "" where it teaches nothing."""

    final: str = ""
    text: str = ""


_NOTHING = Answer()


class SoftNotFound:
    """What one site's answers to impossible addresses teach, by prefix: the host and the first folder of the path.

    The root is asked at the start of a visit; a folder only where a page under it bears one sign and no more, for many
    sites are several systems side by side, each with an error page of its own.
    """

    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}

    @staticmethod
    def probe_address(prefix: str, like: str = "") -> str:
        """An address under a prefix that nobody can have published; it ends as the address `like` does."""
        ending = extension_of(like)
        return f"{prefix}xuncha-{uuid.uuid4().hex}.{ending if ending in _PAGES else 'html'}"

    def learn(self, prefix: str, status: int, final: str, home: str, text: str) -> None:
        """Keeps an answer where it came under 200; a true 404 needs no likeness, and home proves nothing."""
        tells = 200 <= status < 300 and final != home and text.strip()
        self._answers[prefix] = Answer(final, text) if tells else _NOTHING

    def learn_from(self, prefix: str, response: Response, home: str, reader: PageReader, most_tags: int) -> None:
        """Reads the answer to the probe; one that is no page, or too large a one, has no text."""
        text = ""
        if is_html(response) and not too_complex(response.body, most_tags):
            text = reader.read(response.body, response.url, fetched_at=now(), status=response.status).text
        self.learn(prefix, response.status, normalise(response.url), home, text)

    def learn_nothing(self, prefix: str) -> None:
        """A probe without an answer: nothing is learnt, and nobody asks again."""
        self._answers[prefix] = _NOTHING

    def unsettled(self, address: str, final: str, home: str, reading: Reading) -> str:
        """The prefix that must be asked before a page can be judged; "" where nothing is open.

        Open is a page with one sign that no answer settles, under a prefix that was not asked and still may be.
        """
        prefix = prefix_of(final)
        if final == home or address == home or prefix in self._answers or len(self._answers) > MOST_PREFIXES:
            return ""
        if len(signs_of(reading.fact, reading.text)) != 1 or self.sign(address, final, home, reading):
            return ""
        return prefix

    def sign(self, address: str, final: str, home: str, reading: Reading) -> str:
        """Why the page is a not-found page, in words; "" unless two signs agree."""
        if final == home or address == home:
            return ""
        signs = signs_of(reading.fact, reading.text)
        if len(signs) == 1:
            for prefix in dict.fromkeys((prefix_of(final), prefix_of(home))):
                answer = self._answers.get(prefix, _NOTHING)
                # a folder that sends what is missing to its index page tells nothing against that page
                if answer.text and answer.final != final and _alike(answer.text, reading.text):
                    signs.insert(0, "与本站对不存在地址的应答一致")
                    break
        return "，".join(signs) if len(signs) >= 2 else ""


def prefix_of(url: str) -> str:
    """The host and the first folder of an address, with a slash at its end: http://host/sub/ of http://host/sub/a/1.html."""
    scheme, _, rest = url.partition("?")[0].partition("//")
    host, _, path = rest.partition("/")
    folder, inner, _ = path.partition("/")
    return f"{scheme}//{host}/{folder}/" if inner else f"{scheme}//{host}/"


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
