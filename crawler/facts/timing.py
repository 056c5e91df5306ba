"""How long pages took to answer, and by what of ours and of the way such a time is lengthened."""

from __future__ import annotations

from msgspec import Struct


class PageTiming(Struct, frozen=True):
    """One page's first look: milliseconds from the request to the head of its answer, our pacing not counted."""

    url: str
    elapsed_ms: int


class Yardstick(Struct, frozen=True):
    """What a measured time is held against: `lag_ms`, by which nine of ten of our own waits ended late at most, and
    `way_ms`, the median time in which a connection to the site's host stood (None: none did).
    """

    lag_ms: int
    way_ms: int | None
