"""One self-contained page of an inspection: no script, nothing loaded from outside, made to be read and printed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from importlib.resources import files
from itertools import groupby
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup
from msgspec import Struct

from checks.model import Severity, State
from reports import activity, charts, digest, narrative, scoresheet, statistics
from reports.naming import file_stems, reference
from reports.problems import InspectionView, Problem, UnitProblems
from reports.ranking import PROVISIONAL, rankings
from reports.sharing import shared_faults
from reports.templating import environment
from reports.wording import (
    clock,
    coverage_words,
    day,
    figure,
    kind_label,
    platform_label,
    shortened,
    subject_label,
    web_address,
    words,
)
from scoring.explaining import heading_apart
from scoring.ranks import total

PROBLEMS_SHOWN = 50
"""Problems of one unit on the page; the rest stand in its workbook."""
TYPES_SHOWN = 15
"""Problem types in the chart; the rest are summed in its last line."""

REPEATS_SHOWN = 20
"""Lines of what comes again and again; the rest stand in annex.xlsx."""


class ProblemGroup(Struct, frozen=True):
    """Problems of one check and severity that follow each other in a unit's list; `first` is the first one's number."""

    title: str
    severity: Severity
    clause: str
    rectify: str
    first: int
    problems: tuple[Problem, ...]


class UnitSection(Struct, frozen=True):
    """One unit's part of the page. `rest` counts the problems that stand in the workbook only."""

    unit: UnitProblems
    anchor: str
    workbook: str
    groups: tuple[ProblemGroup, ...]
    rest: int


def write(view: InspectionView, path: Path) -> None:
    """Write the page. Links to workbooks and evidence are relative to the outbox, so it belongs at its top.

    Raises OSError where the file cannot be written.
    """
    path.write_text(render(view), encoding="utf-8")


def render(view: InspectionView) -> str:
    """The page as text; equal views give equal pages."""
    types = digest.types(view)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            view=view,
            counts=digest.counts(view),
            rankings=rankings(view),
            provisional=PROVISIONAL,
            types=types[:TYPES_SHOWN],
            types_rest=types[TYPES_SHOWN:],
            heat=digest.heat(view),
            shared=shared_faults(view),
            changes=statistics.changes(view),
            repeats=statistics.repeats(view),
            repeats_shown=REPEATS_SHOWN,
            streaks=statistics.streaks(view) if view.past else (),
            comparison=narrative.comparison(view),
            silent=tuple(activity.silent(view)),
            accounts=tuple(_accounts(view)),
            degrees=words().degrees,
            part=partial(next, iter("一二三四五六七八")),
            sections=tuple(_sections(view)),
            reading=words().reading,
            css=Markup((files("reports") / "templates" / "report.css").read_text("utf-8")),  # our own file
        )
    )


class AccountLine(Struct, frozen=True):
    """One account of the page with its calendar and the trends of its posts a week and of its followers, drawn."""

    account: activity.AccountActivity
    calendar: Markup
    posts: Markup
    followers: Markup


def _accounts(view: InspectionView) -> Iterator[AccountLine]:
    for one in view.accounts:
        weeks = activity.calendar(one)
        most = max(day.count for week in weeks for day in week if day)
        told = [[(day.words, day.count, day.known) if day else None for day in week] for week in weeks]
        posts, followers = (
            charts.line([(day.toordinal(), count) for day, count in series])
            for series in (activity.weekly(one), one.followers)
        )
        yield AccountLine(one, charts.calendar(told, most), posts, followers)


def _sections(view: InspectionView) -> Iterator[UnitSection]:
    stems = file_stems(view)
    for number, unit in enumerate(view.units, start=1):
        shown = unit.problems[:PROBLEMS_SHOWN]
        yield UnitSection(
            unit=unit,
            anchor=f"unit-{number}",
            workbook=reference(f"problems/{stems[unit.code]}.xlsx"),
            groups=tuple(_groups(shown)),
            rest=len(unit.problems) - len(shown),
        )


def _groups(problems: tuple[Problem, ...]) -> Iterator[ProblemGroup]:
    first = 1
    for (check, severity, clause), group in groupby(
        problems, key=lambda item: (item.check, item.severity, item.clause)
    ):
        members = tuple(group)
        yield ProblemGroup(members[0].title or check, severity, clause, members[0].rectify, first, members)
        first += len(members)


@cache
def _environment() -> Environment:
    """Templates with autoescape; whatever a page says is made printable before it is escaped."""
    made = environment(
        total=total,
        clock=clock,
        day=day,
        figure=figure,
        kind=kind_label,
        platform=platform_label,
        subject=subject_label,
        web=web_address,
        short=shortened,
        reference=reference,
        coverage=coverage_words,
        ordered=scoresheet.ordered,
        state=scoresheet.state_label,
    )
    made.globals.update(
        apart_heading=heading_apart,
        bar=charts.bar,
        patterns=charts.patterns,
        shade=charts.shade,
        State=State,
        Severity=Severity,
    )
    return made
