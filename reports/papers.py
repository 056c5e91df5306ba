"""What an office gives to its papers (公文): who issues, number, date, deadline.

What it does not give stays a visible blank.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from msgspec import Struct

from checks.working_days import UnknownYear, deadline
from crawler.facts import BEIJING
from reports.adoptions import Adoptions

BLANK_DATE = "　　　　年　　月　　日"
_DIGITS = "〇一二三四五六七八九"


class Papers(Struct, frozen=True):
    """The particulars of papers. `templates` is the folder of the office's own templates.

    `number` is the 发文字号 of the circular; in `notice_number` the word {n} counts the notices from 1.
    `days` is the deadline for mending in working days from `issued`; 0 where the office gives none. `due` is the
    deadline itself where it is settled already (an issued notice).
    """

    issuer: str = ""
    number: str = ""
    notice_number: str = ""
    addressees: str = ""
    issued: date | None = None
    days: int = 0
    due: date | None = None
    templates: Path | None = None
    adoptions: Adoptions | None = None

    def issuer_words(self) -> str:
        """The issuing office, or a blank to fill in."""
        return self.issuer or "（发文机关名称）"

    def number_words(self, year: int) -> str:
        """The circular's 发文字号, or its form with blanks."""
        return self.number or blank_number(year)

    def notice_number_words(self, year: int, nth: int) -> str:
        """The n-th notice's 发文字号, or its form with blanks."""
        return self.notice_number.replace("{n}", str(nth)) or blank_number(year)

    def year(self, as_of: datetime) -> int:
        """The year of 发文字号: that of the date, else that of the monitoring time point."""
        return (self.issued or as_of.astimezone(BEIJING)).year

    def issued_words(self) -> str:
        """成文日期."""
        return day_words(self.issued) if self.issued else BLANK_DATE

    def deadline_words(self) -> str:
        """The last day for mending as a part of a sentence: a date only where it is surely known."""
        if self.due is not None:
            return f"{day_words(self.due)}前"
        if not self.days:
            return f"{BLANK_DATE}前"
        within = f"自本通知印发之日起 {self.days} 个工作日内"
        if self.issued is None:
            return within
        last = deadline(self.issued, self.days)
        if isinstance(last, UnknownYear):
            return f"{within}（{last.words}，截止日期请人工核填：{BLANK_DATE}）"
        return f"{day_words(last)}前（{within}）"


def blank_number(year: int) -> str:
    """`〔2026〕　　号`, to be filled in by hand."""
    return f"　　　〔{year}〕　　号"


def day_words(day: date) -> str:
    """`2026年11月9日`, as papers write it: no leading noughts."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_words(at: datetime) -> str:
    """`2026年11月20日 17:00`, Beijing time."""
    local = at.astimezone(BEIJING)
    return f"{day_words(local.date())} {local:%H:%M}"


def period_words(started: datetime, ended: datetime | None) -> str:
    """`2026年11月19日至11月20日`, or the one day; from a day on where it has not ended."""
    first = started.astimezone(BEIJING).date()
    if ended is None:
        return f"{day_words(first)}起"
    last = ended.astimezone(BEIJING).date()
    if first == last:
        return day_words(first)
    until = day_words(last) if last.year != first.year else f"{last.month}月{last.day}日"
    return f"{day_words(first)}至{until}"


def numeral(number: int) -> str:
    """一, 十, 二十一 … up to 九十九; beyond that figures."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")
