"""A time as a source prints it: often no more than a day or an hour, so a span from earliest to latest."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from crawler.facts import BEIJING

_CALENDAR = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?)?\Z")


class Moment(Struct, frozen=True):
    """A printed time. What is not printed is read in the account's favour: `latest` is what a post is dated by."""

    earliest: datetime
    latest: datetime

    @classmethod
    def exactly(cls, at: datetime) -> Moment:
        """A time that leaves nothing open."""
        return cls(at, at)

    @classmethod
    def day(cls, day: date) -> Moment:
        """A date without a clock: any second of that day in Asia/Shanghai."""
        start = datetime.combine(day, time(), BEIJING)
        return cls(start, start + timedelta(days=1, seconds=-1))

    def not_after(self, until: datetime) -> datetime | None:
        """The latest time of this moment up to `until`; None where all of it lies after."""
        if self.latest <= until:
            return self.latest
        return until if self.earliest <= until else None


def read_calendar(text: str) -> Moment | None:
    """A date as people write it, in Asia/Shanghai: 2026-11-06, 2026/11/6 7:05, 2026年11月6日 07:05:30; else None."""
    found = _CALENDAR.match(text.strip())
    if found is None:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
        if found[4] is None:
            return Moment.day(day)
        clock = time(int(found[4]), int(found[5]), int(found[6] or 0))
    except ValueError:
        return None
    return Moment.exactly(datetime.combine(day, clock, BEIJING))
