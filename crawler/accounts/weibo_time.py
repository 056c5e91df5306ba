"""`created_at` of m.weibo.cn against an injected clock, in Asia/Shanghai.

刚刚 · N秒前 · N分钟前 · N小时前 · 今天 HH:MM · 昨天 HH:MM · MM-DD · YYYY-MM-DD · Tue Feb 23 12:28:47 +0800 2021
(MM月DD日 HH:MM and YYYY-MM-DD HH:MM in older answers)
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone

from crawler.accounts.moment import Moment
from crawler.facts import BEIJING

_AGO = re.compile(r"(\d{1,4})\s*(秒|分钟|小时)前\Z")
_DAY = re.compile(r"(今天|昨天)\s*(\d{1,2}):(\d{2})\Z")
_MONTH_DAY = re.compile(r"(\d{1,2})(?:-|月)(\d{1,2})日?(?:\s+(\d{1,2}):(\d{2}))?\Z")
_YEAR = re.compile(r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?(?:\s+(\d{1,2}):(\d{2}))?(?::(\d{2}))?\Z")
# Not strptime: its month names follow the process's locale.
_FULL = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) ([+-])(\d{2})(\d{2}) (\d{4})\Z")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = {"秒": timedelta(seconds=1), "分钟": timedelta(minutes=1), "小时": timedelta(hours=1)}
_LEAP_CYCLE = 8
"""Years within which every month and day has stood in a calendar: 29 February skips 2100 and its like."""


def read_created_at(text: str, now: datetime) -> Moment | None:
    """The moment a post was made; None where the words are none of the known forms.

    `now` is the time of the answer. A month and day without a year is the last such day that is not after it:
    seen on 2 January 2027, 12-30 is of 2026 and 01-02 of 2027; seen on 1 March 2027, 02-29 is of 2024.
    """
    here = now.astimezone(BEIJING)
    words = text.strip()
    if words == "刚刚":
        return Moment(here - _UNITS["分钟"], here)
    if found := _AGO.match(words):
        unit = _UNITS[found[2]]
        latest = here - int(found[1]) * unit
        return Moment(latest - unit, latest)
    if found := _DAY.match(words):
        moment = _at(here.date() - timedelta(days=1 if found[1] == "昨天" else 0), found[2], found[3])
        if moment and moment.earliest > here:  # 今天 23:59, said just before midnight and read just after it
            return Moment(moment.earliest - timedelta(days=1), moment.latest - timedelta(days=1))
        return moment
    if found := _MONTH_DAY.match(words):
        dated = _last(int(found[1]), int(found[2]), here.date())
        return _at(dated, found[3], found[4]) if dated else None
    if found := _YEAR.match(words):
        try:
            dated = date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            return None
        return _at(dated, found[4], found[5], found[6])
    return _full(words)


def _at(day: date, hour: str | None, minute: str | None, second: str | None = None) -> Moment | None:
    if hour is None or minute is None:
        return Moment.day(day)
    try:
        start = datetime.combine(day, time(int(hour), int(minute), int(second or 0)), BEIJING)
    except ValueError:
        return None
    return Moment.exactly(start) if second else Moment(start, start + timedelta(seconds=59))


def _last(month: int, day: int, today: date) -> date | None:
    for year in range(today.year, today.year - _LEAP_CYCLE - 1, -1):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if candidate <= today:
            return candidate
    return None


def _full(words: str) -> Moment | None:
    found = _FULL.match(words)
    if found is None or found[1] not in _MONTHS:
        return None
    month = _MONTHS.index(found[1]) + 1
    offset = timedelta(hours=int(found[5]), minutes=int(found[6]))
    try:
        zone = timezone(-offset if found[4] == "-" else offset)
        hour, minute, second = (int(part) for part in found[3].split(":"))
        at = datetime(int(found[7]), month, int(found[2]), hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
    return Moment.exactly(at.astimezone(BEIJING))
