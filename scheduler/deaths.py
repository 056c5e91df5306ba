"""What becomes of a target whose worker died: it is tried again as long as each try gets further than the one before.

A worker is killed for reasons of ours, and takes every target it hosts with it; a page that kills workers does so at
the same place each time. What disturbs us passes: so only a target that gained nothing through several deaths, over
some minutes, is given up, as 出错, which is never a fault of its unit.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.inspections import TargetRow
from storage.store import Store

MOST_DEATHS = 5
"""Deaths in a row without a single new visit after which a target may be given up (assumed)."""
PASSING = timedelta(minutes=5)
"""How long a disturbance of ours may last: deaths within so long are its doing, not the target's (assumed)."""
DEATHS_AT_ONCE = 20
"""Deaths in a row after which a target is given up however fast they came (assumed)."""
ALONE_AFTER = 2
"""Tries after which a target is worked on alone, so that it takes nobody with it."""


def after_death(store: Store, row: TargetRow, words: str, now: datetime) -> str:
    """Gives the target back, or gives it up: the reason then, "" where it goes on or its worker no longer had it."""
    recorded = store.runs.recorded(row.run) if row.run is not None else 0
    has_gained = recorded > int(str(row.stats.get("recorded", 0)))
    before = {} if has_gained else row.stats
    deaths = int(str(before.get("deaths", 0))) + 1
    since = datetime.fromisoformat(str(before.get("dying_since", now)))
    stats = {**row.stats, "deaths": deaths, "dying_since": since.isoformat(), "recorded": recorded}
    if deaths < MOST_DEATHS or (now - since < PASSING and deaths < DEATHS_AT_ONCE):
        store.inspections.release(row.inspection, row.number, row.worker, stats)
        return ""
    reason = f"出错：{words}，连续 {deaths} 次没有进展"
    return reason if store.inspections.give_up(row.inspection, row.number, row.worker, reason, stats, now) else ""
