"""From a column's name to its type, by a lexicon of names that government sites use."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from crawler.read.lexicon import table

_NOISE = re.compile(r"[\s　·•>»\-—_|（）()【】\[\]：:]+")


@lru_cache(maxsize=4096)
def type_of(name: str) -> str:
    """The type that a column's name tells; "" where it tells none."""
    plain = _NOISE.sub("", name)
    if not plain:
        return ""
    whole, patterns = _lexicon()
    known = whole.get(plain)
    if known is not None:
        return known
    return next((kind for kind, pattern in patterns if pattern.search(plain)), "")


def is_telling(name: str) -> bool:
    """Whether a name names a column at all."""
    return bool(name.strip()) and name.strip() not in table("column_types")["empty_names"]


@cache
def _lexicon() -> tuple[dict[str, str], tuple[tuple[str, re.Pattern[str]], ...]]:
    rows = table("column_types")["types"]
    whole: dict[str, str] = {}
    for row in rows:
        for name in row["names"]:
            whole.setdefault(name, row["type"])
    return whole, tuple((row["type"], re.compile("|".join(row["patterns"]))) for row in rows)
