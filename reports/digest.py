"""Counts over an inspection: the figures of tiles, charts and heat tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from checks.model import State, Subject
from reports.problems import InspectionView
from reports.wording import family, family_label, words


class Counts(Struct, frozen=True):
    """Totals of an inspection. `problems` are confirmed ones; `undetermined` includes results in error."""

    units: int
    sites: int
    accounts: int
    pages: int
    problems: int
    pending: int
    vetoed: int
    undetermined: int
    not_checked: int


class TypeCount(Struct, frozen=True):
    """How often one type of problem stands in the list: confirmed, and waiting for a person; `units` concerned."""

    check: str
    title: str
    confirmed: int
    pending: int
    units: int

    @property
    def total(self) -> int:
        """Confirmed and pending together."""
        return self.confirmed + self.pending


class HeatRow(Struct, frozen=True):
    """One unit's confirmed problems by family, in the order of the table's columns."""

    code: str
    name: str
    cells: tuple[int, ...]

    @property
    def total(self) -> int:
        """The row's sum."""
        return sum(self.cells)


class Heat(Struct, frozen=True):
    """Units × problem families, confirmed problems only; families without any are left out."""

    families: tuple[str, ...]
    rows: tuple[HeatRow, ...]

    @property
    def most(self) -> int:
        """The largest cell, 0 where there is none."""
        return max((cell for row in self.rows for cell in row.cells), default=0)


def counts(view: InspectionView) -> Counts:
    """The inspection in nine figures."""
    targets = [item.target for unit in view.units for item in unit.targets]
    states = Counter(problem.state for problem in view.problems)
    results = Counter(result.state for unit in view.units for result in unit.results)
    return Counts(
        units=len(view.units),
        sites=sum(target.kind is Subject.SITE for target in targets),
        accounts=sum(target.kind is Subject.ACCOUNT for target in targets),
        pages=sum(run.pages for run in view.runs),
        problems=states[State.FAIL],
        pending=states[State.NEEDS_REVIEW],
        vetoed=len({card.target for card in view.scorecards if card.vetoed}),
        undetermined=results[State.UNDETERMINED] + results[State.ERROR],
        not_checked=results[State.NOT_CHECKED],
    )


def types(view: InspectionView) -> tuple[TypeCount, ...]:
    """Problem types, the most frequent first."""
    titles: dict[str, str] = {}
    confirmed: Counter[str] = Counter()
    pending: Counter[str] = Counter()
    units: dict[str, set[str]] = {}
    for problem in view.problems:
        titles[problem.check] = problem.title
        (confirmed if problem.state is State.FAIL else pending)[problem.check] += 1
        units.setdefault(problem.check, set()).add(problem.unit)
    found = (TypeCount(check, titles[check], confirmed[check], pending[check], len(units[check])) for check in titles)
    return tuple(sorted(found, key=lambda line: (-line.total, line.check)))


def heat(view: InspectionView) -> Heat:
    """Units × families. Families stand in the catalogue's order; units in the view's."""
    cells = Counter((problem.unit, family(problem.check)) for problem in view.problems if problem.state is State.FAIL)
    present = {name for _, name in cells}
    known = [name for name in words().families if name in present]
    families = (*known, *sorted(present.difference(known)))
    return Heat(
        tuple(family_label(name) for name in families),
        tuple(HeatRow(unit.code, unit.name, tuple(cells[unit.code, name] for name in families)) for unit in view.units),
    )


def concerned(view: InspectionView) -> Mapping[str, int]:
    """By type how many units have confirmed problems of it."""
    return Counter(check for unit in view.units for check in {problem.check for problem in unit.confirmed})
