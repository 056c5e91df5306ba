"""Whose a host is: government, public, commerce, or not to be told; by the end of its name."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from checks import derived, lexicon


@lru_cache(maxsize=16384)
def stands_in(name: str, key: str) -> bool:
    """Whether a host name is, or lies below, a name of that list of data/hosts.yaml."""
    return _ends("hosts", key).search(f".{name}") is not None


def is_blocked(name: str) -> bool:
    """Whether a host stands in the office's own list (data/blocklist.yaml)."""
    return bool(lexicon.words("blocklist", "hosts")) and _ends("blocklist", "hosts").search(f".{name}") is not None


def is_nongovernment(name: str) -> bool:
    """Whether a host is surely of no government: it bears a name, and none that is kept for one.

    www.yunxi.gov.cn → no; 61.185.20.9 → no, for a number tells nobody's; tea.example.com → yes.
    """
    return is_name(name) and not stands_in(name, "government")


def is_commercial(name: str) -> bool:
    """Whether a host may be of commerce: no government, and none of the public bodies and media that are known."""
    return is_nongovernment(name) and not stands_in(name, "public")


def is_name(name: str) -> bool:
    """Whether a host bears a name, and not a number."""
    return bool(name) and (derived.is_named_host(name) or name.isalpha())


@cache
def _ends(table: str, key: str) -> re.Pattern[str]:
    names = "|".join(re.escape(name.lower()) for name in lexicon.words(table, key))
    return re.compile(rf"\.(?:{names})\Z")
