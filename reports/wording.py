"""How reports put values into words a person reads: text made printable, figures, times, coverage.

Nothing here judges; the same words are used by every writer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from urllib.parse import quote

import yaml
from msgspec import Struct

from crawler.facts import BEIJING, Coverage

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_NOT_IN_URL = re.compile(r"[^\w%/:?#\[\]@!$&'()*+,;=~.-]")
_WEB = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)


class Words(Struct, frozen=True):
    """`data/words.yaml`: ids to Chinese, and how a problem list is to be read (heading, paragraphs)."""

    families: Mapping[str, str]
    kinds: Mapping[str, str]
    subjects: Mapping[str, str]
    platforms: Mapping[str, str]
    degrees: Mapping[str, str]
    sources: Mapping[str, str]
    reading: tuple[tuple[str, tuple[str, ...]], ...]


@cache
def words() -> Words:
    """The words as they stand in the data file, read once."""
    loaded = yaml.safe_load((files("reports") / "data" / "words.yaml").read_text("utf-8"))
    return Words(
        families=loaded["families"],
        kinds=loaded["kinds"],
        subjects=loaded["subjects"],
        platforms=loaded["platforms"],
        degrees=loaded["degrees"],
        sources=loaded["sources"],
        reading=tuple((part["heading"], tuple(part["text"])) for part in loaded["reading"]),
    )


def family(check: str) -> str:
    """The family of a check id: `link.broken` gives `link`."""
    return check.partition(".")[0]


def family_label(name: str) -> str:
    """The family in Chinese; the id itself where it is not in the data file."""
    return words().families.get(name, name)


def kind_label(kind: str) -> str:
    """The inspection's kind in Chinese; the id itself where it is not in the data file."""
    return words().kinds.get(kind, kind)


def subject_label(kind: str) -> str:
    """The kind of target in Chinese."""
    return words().subjects.get(kind, kind)


def platform_label(platform: str) -> str:
    """The platform of an account in Chinese; the id itself where it is not in the data file."""
    return words().platforms.get(platform, platform)


def source_label(source: str) -> str:
    """The source of an account's posts in Chinese, with what follows its kind; the kind itself where it has no name."""
    kind, colon, rest = source.partition(":")
    return f"{words().sources.get(kind, kind)}{colon}{rest}"


def printable(text: str) -> str:
    """Text without control characters, lone surrogates and marks that turn the direction of writing.

    Such characters make an XML part unreadable to Excel, steer a terminal, or show an address as another one.
    A lone surrogate becomes U+FFFD, so that its place is seen; tab and line feed stay.
    """
    return _UNPRINTABLE.sub(lambda hit: "\ufffd" if "\ud800" <= hit[0] <= "\udfff" else "", text)


def shortened(text: str, limit: int) -> str:
    """Text of at most `limit` characters; what is left out is said: `…（略去 120 字）…`, the end is kept."""
    if len(text) <= limit:
        return text
    tail = limit // 5
    head = limit - tail - 14
    return f"{text[:head]}…（略去 {len(text) - head - tail} 字）…{text[-tail:]}"


def web_address(url: str) -> str:
    """The address if it may stand behind a link (http and https alone), percent-encoded where needed; else empty."""
    text = printable(url).strip()
    if not _WEB.match(text):
        return ""
    return _NOT_IN_URL.sub(lambda hit: quote(hit[0]), text)


def figure(value: Decimal | None, digits: int = 2) -> str:
    """A reader's copy of an exact number, rounded half up; an em dash where there is none."""
    return "—" if value is None else f"{rounded(value, digits):f}"


def rounded(value: Decimal, digits: int = 2) -> Decimal:
    """The number rounded half up to so many decimals. Only what is shown is rounded, never what is summed."""
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def clock(at: datetime | None) -> str:
    """Beijing time to the minute, `2026-11-20 01:14`; an em dash where there is none."""
    return "—" if at is None else at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def day(at: datetime | None) -> str:
    """Beijing date, `2026-11-20`; an em dash where there is none."""
    return "—" if at is None else at.astimezone(BEIJING).strftime("%Y-%m-%d")


def stamp(at: datetime | None) -> str | None:
    """ISO 8601 with Beijing's offset to the second, for programs."""
    return None if at is None else at.astimezone(BEIJING).isoformat(timespec="seconds")


def coverage_words(coverage: Coverage) -> str:
    """What was seen of a target in one line; empty where nothing was counted."""
    parts = []
    if coverage.attempted:
        parts.append(f"应看 {coverage.attempted} 处，看到 {coverage.reached} 处")
    if coverage.blocked:
        parts.append(f"被对方防护拦截 {coverage.blocked} 处")
    if coverage.failed:
        parts.append(f"访问失败 {coverage.failed} 处")
    if coverage.unrendered:
        parts.append(f"由脚本生成而未能渲染 {coverage.unrendered} 页")
    if coverage.truncated_by:
        parts.append(f"采集止于：{coverage.truncated_by}")
    if coverage.note:
        parts.append(coverage.note)
    return "；".join(parts)
