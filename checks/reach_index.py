"""An index of reach (传播指数) of a listing, by the formula that `checks/data/reach.yaml` holds for its platform."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from checks import lexicon
from checks.post_listing import FIGURES, Listing


class ReachIndex(Struct, frozen=True):
    """An index to two places, with its formula's name and, in Chinese, what was left out of it."""

    value: Decimal
    name: str
    left_out: str


def reach_index(platform: str, found: Listing) -> ReachIndex | None:
    """None where the platform has no formula, nothing was posted, or a figure it requires is not told of every post."""
    formula: Mapping[str, Any] | None = lexicon.table("reach").get(platform)
    if not isinstance(formula, Mapping) or not found.posts:
        return None
    told = {name: counts for name in formula["figures"] if (counts := _whole(found, name)) is not None}
    if any(name not in told for name in formula["requires"]):
        return None
    weights = {name: float(formula["figures"][name]["weight"]) for name in told}
    whole = sum(weights.values())
    parts = {name: float(weight) for name, weight in formula["parts"].items()}
    sum_of_parts = sum(parts.values())
    total = 0.0
    for part, weight in parts.items():
        if part == "posts":
            total += weight / sum_of_parts * math.log(len(found.posts) + 1)
            continue
        for name, counts in told.items():
            count = _aggregate(part, counts, found.days) * formula["figures"][name]["factor"]
            total += weight / sum_of_parts * weights[name] / whole * math.log(count + 1)
    value = total ** formula["power"] * float(formula["scale"])
    missing = [FIGURES[name][0] for name in formula["figures"] if name not in told]
    left_out = "；".join(filter(None, (formula["left_out"], f"来源不提供{'、'.join(missing)}数" if missing else "")))
    return ReachIndex(Decimal(str(round(value, 2))), formula["name"], left_out)


def _whole(found: Listing, name: str) -> Sequence[int] | None:
    counts = found.told(FIGURES[name][1])
    return counts if len(counts) == len(found.posts) else None


def _aggregate(part: str, counts: Sequence[int], days: int) -> float:
    return {
        "daily": sum(counts) / days,
        "per_post": sum(counts) / len(counts),
        "peak": max(counts),
        "total": sum(counts),
    }[part]
