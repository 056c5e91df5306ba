"""Everything that does not hold in a circular, table by table and row by row."""

from __future__ import annotations

from collections.abc import Iterable

from scoring.circulars.counts import count_discrepancies
from scoring.circulars.ranking import rank_discrepancies
from scoring.circulars.rows import duplicates, missing, over_maximum
from scoring.circulars.sums import sum_discrepancies
from scoring.circulars.table import Discrepancy, Kind, Report, Section, Table
from scoring.circulars.tables import content_of

_ORDER = list(Kind)


def checked(sections: Iterable[Section]) -> Report:
    """What a file's sections print against what follows from it. Nothing but the file itself is needed."""
    content = content_of(tuple(sections))
    notes = list(content.notes)
    found: list[Discrepancy] = []
    for table in content.tables:
        found += sorted(_of(table, notes), key=lambda one: (one.row or 0, _ORDER.index(one.kind)))
    found += count_discrepancies(content.paragraphs, content.tables)
    return Report(content.tables, tuple(found), tuple(dict.fromkeys(notes)))


def _of(table: Table, notes: list[str]) -> Iterable[Discrepancy]:
    yield from sum_discrepancies(table, notes)
    yield from over_maximum(table, notes)
    yield from duplicates(table, notes)
    yield from missing(table)
    yield from rank_discrepancies(table, notes)
