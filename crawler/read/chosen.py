"""Which of many pages are read where only a bounded number is: the same at each run, whatever order they came in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def chosen(urls: Iterable[str], most: int) -> list[str]:
    """At most so many of the addresses, by a hash of each, in the order given."""
    held = list(dict.fromkeys(urls))
    if len(held) <= most:
        return held
    taken = set(sorted(held, key=lambda url: hashlib.sha256(url.encode("utf-8", "replace")).digest())[:most])
    return [url for url in held if url in taken]
