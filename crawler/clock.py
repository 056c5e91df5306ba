"""The clock: the moment as it is written down. Whoever must be tried at any moment is given one instead."""

from __future__ import annotations

from datetime import datetime

from crawler.facts import BEIJING


def now() -> datetime:
    """The moment in Beijing time."""
    return datetime.now(BEIJING)
