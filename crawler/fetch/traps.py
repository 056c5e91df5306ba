"""Addresses without end: calendars, endless paging, session ids, the same page under ever new addresses.

Addresses are rationed by their shape (the path with its numbers taken out, and the names of the query's fields). An
address costs its shape one of a few tokens; a page that brings something new gives back more than it cost, one that
failed or needs a browser gives back what it cost, one that brings nothing new gives nothing. A column of 500 pages
therefore never notices; a calendar without end is left alone after `same_shape` fruitless pages, whatever is queued.
Each step is O(1) in the number of addresses seen.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import IntEnum
from functools import cache
from typing import Any, NamedTuple

from msgspec import Struct, field

from crawler.facts import PageFact, PageKind, Region
from crawler.read.lexicon import table, words

TRAP = "疑似无限延伸的地址"
REPEATED = "内容与同一形式的已读页面相同，不再重复记录"
_NUMBERS = re.compile(r"([0-9A-Fa-f%](?:(?<!%)[0-9A-Fa-f]{7,}|(?<=[0-9])[0-9]*|(?<=%)[0-9A-Fa-f]{2}))")
"""Digits, eight hexadecimal ones and more, escapes; written so that what cannot begin one is passed over quickly."""
_TOLD_APART = re.compile(r"[0-9A-Fa-f]{8,}|[0-9〇零一二三四五六七八九十百年月日\s]+")
_LONGEST_LOOP = 3
_WEIGHED = 20_000
"""Characters of a page's text that tell it from others."""
_YEAR_MONTH = re.compile(r"(\d{4})[-/.年]?(\d{1,2})?(?!\d{3})")


class Yield(IntEnum):
    """What a visit brought."""

    NOTHING = 0
    UNTOLD = 1
    SOMETHING = 2


class Step(NamedTuple):
    """An address that may be asked for: clicks from home, where the link stands, and whose ration it is on."""

    url: str
    depth: int
    region: Region
    shape: Shape


class Weight(NamedTuple):
    """Whether a page's words are new, and whether its shape has said them too often already."""

    is_new: bool
    repeats: bool


class Shape(Struct, eq=False):
    """The ration of all addresses of one form."""

    tokens: int
    asked: int = 0
    fruitful: int = 0
    worded: int = 0
    unshown: int = 0
    said: Counter[bytes] = field(default_factory=Counter)
    waiting: deque[Step] = field(default_factory=deque)

    @property
    def further(self) -> int:
        """Clicks by which the next address counts as further away: no shape keeps the others from their turn."""
        return self.asked // _number("far")


class Traps:
    """The rations of one site's crawl. `refused` counts the addresses that a rule alone turned away, `repeated` the
    pages that were not recorded because they said what their shape had said.
    """

    def __init__(self, as_of: datetime, *, same_shape: int) -> None:
        self._horizon = as_of + timedelta(days=_number("days_ahead"))
        self._ration = same_shape
        self._shapes: dict[str, Shape] = {}
        self._siblings: dict[str, set[str]] = {}
        self._seen: set[bytes] = set()
        self.refused = 0
        self.repeated = 0

    def refusal(self, url: str) -> str:
        """Why an address is left alone by its form alone, in Chinese; "" where it is not."""
        path, _, query = url.partition("?")
        if _loops(path):
            self.refused += 1
            return f"{TRAP}：路径反复自我嵌套"
        if query and self._is_far_ahead(query):
            self.refused += 1
            return f"{TRAP}：日历日期晚于监测时间点一年以上"
        return ""

    def admit(self, step: Step) -> bool:
        """Whether an address may be asked for now; else it waits until its shape has brought something new."""
        shape = step.shape
        if shape.tokens <= 0:
            shape.waiting.append(step)
            return False
        shape.tokens -= 1
        shape.asked += 1
        return True

    def learn(self, shape: Shape | None, found: Yield) -> Iterator[Step]:
        """Takes in what a rationed visit brought; the addresses whose wait is over."""
        if shape is None:
            return
        if found is Yield.SOMETHING:
            shape.fruitful += 1
        earned = {Yield.NOTHING: 0, Yield.UNTOLD: 1, Yield.SOMETHING: _number("earned")}[found]
        shape.tokens = min(shape.tokens + earned, self._ration)
        while shape.tokens > 0 and shape.waiting:
            shape.tokens -= 1
            shape.asked += 1
            yield shape.waiting.popleft()

    def weigh(self, shape: Shape | None, fact: PageFact, text: str) -> Weight:
        """Whether a page says what no page before it said, and how often its shape has said the same.

        Of an article only the numbers that its own address names are left out; of anything else no number counts, for
        a calendar and a pager change nothing but numbers.
        """
        told = f"{fact.title}\n{text[:_WEIGHED]}"
        if fact.kind is PageKind.ARTICLE:
            named = {number.lstrip("0") for number in _NUMBERS.findall(fact.url)}
            parts = _NUMBERS.split(told)  # words and numbers by turns
            told = "".join(parts[::2]) + ",".join(number for number in parts[1::2] if number.lstrip("0") not in named)
        else:
            told = _TOLD_APART.sub("", told)
        mark = hashlib.blake2b("".join(told.split()).encode("utf-8", "replace"), digest_size=8).digest()
        is_new = mark not in self._seen
        self._seen.add(mark)
        if shape is None:
            return Weight(is_new, repeats=False)
        shape.said[mark] += 1
        shape.worded += is_new
        return Weight(is_new, repeats=shape.said[mark] > _number("repeats"))

    def skip(self) -> None:
        """Counts a page that repeated what its shape had said and named nothing new."""
        self.repeated += 1

    def is_promising(self, other: Shape, than: Shape | None) -> bool:
        """Whether naming an address on the ration `other` is something new of a page on the ration `than`.

        Two shapes that name each other without end and say nothing prove nothing for each other.
        """
        if other is than or other.tokens <= 0:
            return False
        return other.asked < _number("trial") or other.worded * _number("earned") >= other.asked

    def shape_of(self, url: str) -> Shape:
        """The ration that an address is on."""
        path, _, query = url.partition("?")
        plain = _NUMBERS.sub("0", path)
        parent, _, name = plain.rpartition("/")
        known = self._siblings.setdefault(parent, set())
        if name not in known:
            if len(known) < _number("siblings"):
                known.add(name)
            else:
                name = "*"
        key = f"{parent}/{name}"
        if query:
            key += "?" + "&".join(sorted({_NUMBERS.sub("0", part.partition("=")[0]) for part in query.split("&")}))
        shape = self._shapes.get(key)
        if shape is None:
            shape = self._shapes[key] = Shape(self._ration)
        return shape

    def cut(self) -> Iterator[tuple[Shape, str, str]]:
        """The shapes of which addresses were left alone: the first of these and why, in Chinese."""
        for shape in self._shapes.values():
            if shape.tokens <= 0 and shape.waiting:
                reason = (
                    f"{TRAP}：同一形式的地址已访问 {shape.asked} 个，最近 {self._ration} 个没有新内容，"
                    f"其余 {len(shape.waiting)} 个未访问"
                )
                yield shape, shape.waiting[0].url, reason

    @property
    def hides(self) -> bool:
        """Whether what was left alone may hide content: a shape that had brought new pages, or that scripts fill."""
        return any(shape.fruitful + shape.unshown >= _number("hiding") for shape, _, _ in self.cut())

    @property
    def note(self) -> str:
        """What was left alone, in one line for the coverage; "" where nothing was."""
        left = [len(shape.waiting) for shape, _, _ in self.cut()]
        parts = [f"{len(left)} 种地址没有新内容，其余 {sum(left)} 个未访问"] if left else []
        if self.repeated:
            parts.append(f"{self.repeated} 个页面与同一形式的已读页面内容相同，未再深入")
        if self.refused:
            parts.append(f"按形式跳过 {self.refused} 个")
        return f"{TRAP}：{'；'.join(parts)}" if parts else ""

    def _is_far_ahead(self, query: str) -> bool:
        fields = dict(part.partition("=")[::2] for part in query.lower().split("&"))
        for name, value in fields.items():
            if name in _names("date_fields"):
                found = _YEAR_MONTH.match(value)
                if found and self._lies_ahead(int(found[1]), int(found[2] or 1)):
                    return True
            elif name in _names("year_fields") and value.isdigit() and len(value) == 4:
                month = next((fields[key] for key in ("month", "m", "yue") if fields.get(key, "").isdigit()), "1")
                if self._lies_ahead(int(value), int(month[:2])):
                    return True
        return False

    def _lies_ahead(self, year: int, month: int) -> bool:
        return 1900 < year < 10_000 and 1 <= month <= 12 and (year, month) > (self._horizon.year, self._horizon.month)


def _loops(path: str) -> bool:
    """One to three segments with a letter so many times in a row (`/a/a/a`, `/a/b/a/b/a/b`), or one of them often."""
    steps = path.split("/")[3:]
    times = _number("repetitions")
    if len(steps) < times or len(set(steps)) == len(steps):
        return False
    for length in range(1, _LONGEST_LOOP + 1):
        alike = 0
        for place in range(length, len(steps)):
            alike = alike + 1 if steps[place] == steps[place - length] else 0
            if alike >= length * (times - 1) and not "".join(steps[place - length + 1 : place + 1]).isdigit():
                return True
    often = _number("anywhere")
    return len(steps) - len(set(steps)) >= often - 1 and any(
        count >= often and not step.isdigit() for step, count in Counter(steps).items()
    )


@cache
def _names(key: str) -> frozenset[str]:
    return frozenset(words("traps", key))


@cache
def _number(key: str) -> int:
    value: Any = table("traps")[key]
    return int(value)
