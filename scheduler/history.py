"""What earlier whole runs of a site knew, for the check of forged dates; and what this run leaves for later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from checks.columns import is_newest_first
from checks.model import JSON
from crawler.facts import BEIJING, ColumnFact
from crawler.facts.history import EarlierRun, History
from storage.runs import Runs, RunView

NOTE = "read_back"
"""The note of a run that holds how far its columns were read back; only whole runs leave one."""
MOST = 30
"""Earlier runs that are looked at: a month of nights."""


def read_back(columns: Iterable[ColumnFact]) -> dict[str, JSON]:
    """By column address the oldest day, in ISO form, down to which its list was read; pinned entries aside."""
    found: dict[str, JSON] = {}
    for column in columns:
        days = [item.date.value for item in column.items if item.date and not item.pinned]
        if days and is_newest_first(column.items):
            found[column.url] = min(days).isoformat()
    return found


def history_of(runs: Runs, run: RunView, columns: Iterable[ColumnFact]) -> History:
    """The whole runs before this one, and which of them first visited what the columns list today."""
    day = run.record.started.astimezone(BEIJING).date()
    earlier = runs.noted(run.record.target, NOTE, before=run.record.id, most=MOST)
    wanted = {item.url for column in columns for item in column.items if item.url and item.date}
    first_seen: dict[str, int] = {}
    told: list[EarlierRun] = []
    for place, (record, note) in enumerate(earlier):
        told.append(EarlierRun(record.started.astimezone(BEIJING).date(), _days(note)))
        unknown = wanted.difference(first_seen)
        if unknown:
            visits = runs.view(record.id).visits_to(unknown)
            first_seen.update((url, place) for url, seen in visits.items() if seen)
    return History(day, tuple(told), first_seen)


def _days(note: JSON) -> Mapping[str, date]:
    return {url: date.fromisoformat(str(day)) for url, day in note.items()} if isinstance(note, dict) else {}
