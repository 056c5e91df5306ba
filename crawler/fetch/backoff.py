"""A server that asks for patience gets it: 429 and 503 slow their host down, up to a bound, until it answers again.

outcomes.md §13: 0.5 s · 2ⁿ up to 30 s, and `Retry-After` up to the limit of the crawl.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scrapy.http import Response

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

BUSY = frozenset({429, 503})
LONGEST = 30.0
"""Seconds between two requests that a host without `Retry-After` is granted at most."""


class BackoffMiddleware:
    """Widens the gap between two requests to a host that is busy, and takes it back at its first other answer."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._step = crawler.settings.getfloat("DOWNLOAD_DELAY") / 2
        self._most = crawler.settings.getfloat("XUNCHA_RETRY_AFTER")
        self._busy: dict[str, tuple[float, int]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BackoffMiddleware:
        """Scrapy's constructor; the longest pause comes by the setting XUNCHA_RETRY_AFTER, in seconds."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """The response as it is."""
        key = request.meta.get("download_slot", "")
        engine = self._crawler.engine
        slot = engine.downloader.slots.get(key) if engine is not None else None
        if slot is None:
            return response
        if response.status in BUSY:
            usual, times = self._busy.get(key, (slot.delay, 0))
            self._busy[key] = (usual, times + 1)
            asked = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
            slot.delay = max(slot.delay, min(asked, self._most), min(self._step * 2.0 ** min(times, 16), LONGEST))
        elif key in self._busy:
            slot.delay = self._busy.pop(key)[0]
        return response


def retry_after(value: bytes | None, now: datetime) -> float:
    """Seconds that a `Retry-After` header asks for, as a number or a date (RFC 9110 §10.2.3); 0 for anything else."""
    text = (value or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
