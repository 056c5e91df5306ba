"""What becomes of a target whose worker died: it is tried again as long as each try gets further than the one before.

A worker is killed for reasons of ours, and takes every target it hosts with it; a page that kills workers does so at
the same place each time. So only a target that gained nothing through several deaths is given up, as 出错, which is
never a fault of its unit.
"""

from __future__ import annotations

from datetime import datetime

from storage.inspections import TargetRow
from storage.store import Store

MOST_DEATHS = 5
"""Deaths in a row without a single new visit after which a target is given up (assumed)."""
ALONE_AFTER = 2
"""Tries after which a target is worked on alone, so that it takes nobody with it."""


def after_death(store: Store, row: TargetRow, words: str, now: datetime) -> str:
    """Gives the target back ("pending") or gives it up ("failed"); "gone" where its worker no longer had it."""
    recorded = store.runs.recorded(row.run) if row.run is not None else 0
    has_gained = recorded > int(str(row.stats.get("recorded", 0)))
    deaths = 1 if has_gained else int(str(row.stats.get("deaths", 0))) + 1
    stats = {**row.stats, "deaths": deaths, "recorded": recorded}
    if deaths < MOST_DEATHS:
        is_mine = store.inspections.release(row.inspection, row.number, row.worker, stats)
        return "pending" if is_mine else "gone"
    reason = f"出错：{words}，连续 {deaths} 次没有进展"
    is_mine = store.inspections.give_up(row.inspection, row.number, row.worker, reason, stats, now)
    return "failed" if is_mine else "gone"
