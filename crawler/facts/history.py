"""What earlier visits of a site knew: how far each column was read back, and when an address was first seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct, field


class EarlierRun(Struct, frozen=True):
    """A whole run: the day it was made, and by a column's address the oldest day down to which its list was read.

    Lists that do not run from new to old, and those without dates, are not in `read_back`.
    """

    day: date
    read_back: Mapping[str, date] = field(default_factory=dict)


class History(Struct, frozen=True):
    """The whole runs of a site before this one, oldest first, and the `day` of this one.

    `first_seen` gives for an address the place in `runs` of the first one that visited it; an address that is not in
    it was never visited before.
    """

    day: date
    runs: tuple[EarlierRun, ...] = ()
    first_seen: Mapping[str, int] = field(default_factory=dict)
