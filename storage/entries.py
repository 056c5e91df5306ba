"""Manual entries (人工录入): what a person gave an indicator of one target in one inspection.

Rows are only ever added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from checks.model import Subject, Target
from scoring.manual import ManualDecision, ManualEntry, ManualScore
from storage import tables
from storage.database import Database
from storage.encoding import text_of


class Place(Struct, frozen=True):
    """What an entry is for: an indicator, dimension, veto or gate of a ruleset, on one target."""

    target: Target
    ruleset: str
    indicator: str


class Entered(Struct, frozen=True):
    """One row of the history: an entry, or (None) that the one before it was taken back by `by` for `reason`.

    `evidence` is the SHA-256 of the file that proves it, "" where none was given; `file` its name.
    """

    place: Place
    entry: ManualEntry | None
    at: datetime
    by: str
    reason: str
    evidence: str = ""
    file: str = ""


class _Score(Struct, frozen=True, tag="score"):
    value: ManualScore


class _Decision(Struct, frozen=True, tag="decision"):
    value: ManualDecision


class _Fact(Struct, frozen=True):
    entry: _Score | _Decision | None
    by: str
    reason: str
    evidence: str
    file: str


_fact = msgspec.json.Decoder(_Fact).decode


class Entries:
    """All entries there ever were. Every call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, inspection: str, entries: Sequence[Entered]) -> None:
        """Adds entries, all or none; each takes the place of what stood for its indicator.

        Raises RecordConflict for an inspection that is not recorded.
        """
        rows = [
            {
                "inspection": inspection,
                "unit": given.place.target.unit,
                "kind": given.place.target.kind.value,
                "address": given.place.target.address,
                "ruleset": given.place.ruleset,
                "indicator": given.place.indicator,
                "at": given.at,
                "fact": text_of(_Fact(_tagged(given.entry), given.by, given.reason, given.evidence, given.file)),
            }
            for given in entries
        ]
        if not rows:
            return
        with self._database.write() as connection:
            connection.execute(sa.insert(tables.entries), rows)

    def history(self, inspection: str) -> tuple[Entered, ...]:
        """Every entry of an inspection, in the order in which they were made."""
        table = tables.entries
        with self._database.read() as connection:
            query = sa.select(table).where(table.c.inspection == inspection).order_by(table.c.id)
            rows = connection.execute(query).all()
        found = []
        for row in rows:
            fact = _fact(row.fact)
            place = Place(Target(row.unit, row.address, Subject(row.kind)), row.ruleset, row.indicator)
            entry = fact.entry.value if fact.entry else None
            found.append(Entered(place, entry, row.at, fact.by, fact.reason, fact.evidence, fact.file))
        return tuple(found)

    def standing(self, inspection: str) -> Mapping[Place, Entered]:
        """What stands of an inspection's entries: the last of each indicator, those that were taken back left out."""
        last = {given.place: given for given in self.history(inspection)}
        return {place: given for place, given in last.items() if given.entry is not None}

    def of_targets(self, inspection: str) -> Mapping[tuple[Target, str], Mapping[str, ManualEntry]]:
        """What stands, as scoring takes it: by target and ruleset, then by indicator."""
        found: dict[tuple[Target, str], dict[str, ManualEntry]] = defaultdict(dict)
        for place, given in self.standing(inspection).items():
            if given.entry is not None:
                found[place.target, place.ruleset][place.indicator] = given.entry
        return found


def _tagged(entry: ManualEntry | None) -> _Score | _Decision | None:
    if entry is None:
        return None
    return _Score(entry) if isinstance(entry, ManualScore) else _Decision(entry)
