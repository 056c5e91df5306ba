"""Dates as feeds write them: RFC 822 with and without a zone, ISO 8601, and calendar dates as people write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawler.accounts.moment import Moment, read_calendar
from crawler.facts import BEIJING

_CHINA = re.compile(r"\bCST\b")
_UTC_UNKNOWN = re.compile(r"[+ ]?-0000\Z")


def read_feed_date(text: str) -> Moment | None:
    """The moment a feed's date states; None where it is no date.

    A time without a zone is Asia/Shanghai (we-mp-rss writes `Sat, 14 Jun 2025 12:00:00 ` in its server's local time),
    and CST is China's, not the one of Chicago. A date without a clock is any second of that day.
    """
    words = " ".join(text.split())
    if (written := read_calendar(words)) is not None:
        return written
    at = _iso(words) or _rfc822(words)
    if at is None:
        return None
    return Moment.exactly((at if at.tzinfo else at.replace(tzinfo=BEIJING)).astimezone(BEIJING))


def _iso(words: str) -> datetime | None:
    try:
        return datetime.fromisoformat(words)
    except ValueError:
        return None


def _rfc822(words: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(words)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if _CHINA.search(words):
        return at.replace(tzinfo=BEIJING)
    return at.replace(tzinfo=UTC) if _UTC_UNKNOWN.search(words) else at
