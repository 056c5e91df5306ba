"""Reports by their titles: 年报, 网站工作年度报表, 监管年度报表, 季度自查结果, with year and quarter."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from crawler.facts.disclosure import ReportKind
from crawler.read.lexicon import any_pattern, table

_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
_CHINESE_YEAR = re.compile(r"二[〇○零O0]([一二三四][〇○零O0一二三四五六七八九]|[〇○零O0][〇○零O0一二三四五六七八九])")
_DIGITS = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
_QUARTER = re.compile(r"(?:第\s*)?([一二三四1-4])\s*季")
_SIGNS = re.compile(r"报|查|测|评|检")


class Title(Struct, frozen=True):
    """What a title tells of a report; 0 where it does not tell the year or the quarter."""

    kind: ReportKind
    year: int
    quarter: int


def told_by(title: str) -> Title | None:
    """The report that a title names; None where it names none or only speaks of one.

    「2026年第三季度政府网站自查情况」 → a self-check of 2026, 3. 「关于做好2025年度网站报表编制工作的通知」 → None.
    """
    if not _SIGNS.search(title):
        return None
    kind = next((kind for kind, must, never in _kinds() if _names(title, must, never)), None)
    if kind is None or _only_speaks(title, kind):
        return None
    quarter = _QUARTER.search(title) if kind is ReportKind.SELF_CHECK else None
    return Title(kind, year_of(title), "一二三四".find(quarter[1]) + 1 or int(quarter[1]) if quarter else 0)


def year_of(title: str) -> int:
    """The year that a title names, in figures or in characters; 0 where it names none."""
    if found := _YEAR.search(title):
        return int(found[1])
    if found := _CHINESE_YEAR.search(title):
        return 2000 + int(found[1].translate(_DIGITS))
    return 0


def _names(title: str, must: tuple[re.Pattern[str], ...], never: re.Pattern[str] | None) -> bool:
    return all(one.search(title) for one in must) and not (never and never.search(title))


def _only_speaks(title: str, kind: ReportKind) -> bool:
    if kind is ReportKind.ANNUAL and any_pattern("disclosure", "annual_notices").search(title):
        return True
    return bool(any_pattern("disclosure", "not_a_report").search(title))


@cache
def _kinds() -> tuple[tuple[ReportKind, tuple[re.Pattern[str], ...], re.Pattern[str] | None], ...]:
    return tuple(
        (
            ReportKind(row["kind"]),
            tuple(re.compile(one) for one in row["must"]),
            re.compile("|".join(row["never"])) if "never" in row else None,
        )
        for row in table("disclosure")["reports"]
    )
