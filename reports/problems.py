"""The neutral problem list (问题清单) and inspection view: what every writer reads, and nothing else.

Built from the vocabularies of checks and scoring; no writer sees a database. Everything is sorted when it is
built, so that equal inspections give equal reports whatever the order in which workers finished.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from checks.model import JSON, CheckResult, Mode, Severity, StampedFinding, State, Subject, Target
from crawler.facts import Coverage
from reports.past import Past
from scoring.model import Scorecard

if TYPE_CHECKING:
    from reports.activity import AccountActivity

_SEVERITIES = tuple(Severity)
_SUBJECTS = tuple(Subject)
_TELLABLE = (State.FAIL, State.NEEDS_REVIEW)
_UNSETTLED = (State.UNDETERMINED, State.ERROR, State.NOT_CHECKED)


class Life(StrEnum):
    """A finding's life across inspections, as far as a list of what stands open needs it."""

    NEW = "new"
    PERSISTING = "persisting"

    @property
    def label(self) -> str:
        """The life in Chinese."""
        return {"new": "新增", "persisting": "持续"}[self.value]


class CheckText(Protocol):
    """What a report says about a check; `checks.model.Check` is one."""

    @property
    def title(self) -> str:
        """名称."""
        ...

    @property
    def rectify(self) -> str:
        """How to mend it, in Chinese."""
        ...

    @property
    def mode(self) -> Mode:
        """Who settles it."""
        ...


class History(Struct, frozen=True):
    """What earlier inspections know of a fingerprint."""

    life: Life
    first_seen: datetime


class NamedTarget(Struct, frozen=True):
    """A target with the name it is registered under."""

    target: Target
    name: str


class Problem(Struct, frozen=True):
    """One fault as a unit is told of it. `state` is fail or needs-review; `evidence` is paths from the outbox."""

    unit: str
    unit_name: str
    target: Target
    target_name: str
    check: str
    title: str
    state: State
    severity: Severity
    url: str
    message: str
    fingerprint: str
    life: Life
    first_seen: datetime
    location: str = ""
    quote: str = ""
    problem_url: str = ""
    observed: Mapping[str, JSON] = field(default_factory=dict)
    confirmations: int = 1
    clause: str = ""
    rectify: str = ""
    evidence: tuple[str, ...] = ()
    mode: Mode = Mode.AUTOMATIC


class Unsettled(Struct, frozen=True):
    """A check without an answer (未能判定, 出错, 未检查) and why: neither a fault of the unit nor clean."""

    target: Target
    target_name: str
    check: str
    title: str
    state: State
    reason: str
    coverage: Coverage


class CountedApart(Struct, frozen=True):
    """A problem that only a ruleset's own thresholds make: it counts in a card of that ruleset and is in no list.

    `target` is the card's, `title` the ruleset's; `indicators` are those that it counts for, by id and name.
    """

    target: Target
    ruleset: str
    title: str
    indicators: tuple[str, ...]
    problem: Problem


class RulesetRef(Struct, frozen=True):
    """The ruleset (指标体系) an inspection was scored under."""

    id: str
    version: str
    title: str


class RunFigures(Struct, frozen=True):
    """One target's run. `pages`, `links` and `blocked` are distinct addresses; seconds are None where not measured.

    `unchanged` counts the pages that were taken over from the last inspection because they had not changed.
    `platform` is the builder's system that the site shows, "" where it shows none.
    `exit_reason` is in the scheduler's words: 完成, 超时, 被拦截, 本机网络故障, 磁盘不足, 出错.
    """

    target: Target
    name: str
    pages: int
    links: int
    blocked: int
    exit_reason: str
    wall_seconds: float | None = None
    cpu_seconds: float | None = None
    unchanged: int = 0
    platform: str = ""


class UnitProblems(Struct, frozen=True):
    """All that concerns one unit. Build it with `unit_problems`, which sorts.

    `fixed` counts what an earlier inspection had found and this one found mended; None where none came before.
    `kind` is the registry's: county, district-agency, department, institution. `catalogue` are the ids of the checks
    that found something, in the catalogue's order. `apart` is what counts in scores by a ruleset's thresholds alone.
    """

    code: str
    name: str
    targets: tuple[NamedTarget, ...]
    problems: tuple[Problem, ...]
    results: tuple[CheckResult, ...]
    unsettled: tuple[Unsettled, ...]
    scorecards: tuple[Scorecard, ...]
    fixed: int | None = None
    kind: str = "department"
    catalogue: tuple[str, ...] = ()
    apart: tuple[CountedApart, ...] = ()

    def apart_of(self, card: Scorecard) -> tuple[CountedApart, ...]:
        """What counts in one card alone."""
        return tuple(one for one in self.apart if (one.target, one.ruleset) == (card.target, card.ruleset))

    @property
    def confirmed(self) -> tuple[Problem, ...]:
        """The problems that are settled (发现问题)."""
        return tuple(problem for problem in self.problems if problem.state is State.FAIL)

    @property
    def pending(self) -> tuple[Problem, ...]:
        """The problems that a person has yet to confirm (待人工复核)."""
        return tuple(problem for problem in self.problems if problem.state is State.NEEDS_REVIEW)


class InspectionView(Struct, frozen=True):
    """One inspection (检查批次) as it is told. Units in the registry's order; `ended` None means: still running.

    `past` are the earlier inspections of the same kind, the latest first, as far as the store goes.
    """

    id: str
    name: str
    kind: str
    as_of: datetime
    started: datetime
    ended: datetime | None
    rulesets: tuple[RulesetRef, ...]
    tool_version: str
    units: tuple[UnitProblems, ...]
    runs: tuple[RunFigures, ...] = ()
    accounts: tuple[AccountActivity, ...] = ()
    past: tuple[Past, ...] = ()

    @property
    def problems(self) -> Iterator[Problem]:
        """Every problem, unit by unit."""
        return (problem for unit in self.units for problem in unit.problems)

    @property
    def scorecards(self) -> Iterator[Scorecard]:
        """Every scorecard, unit by unit."""
        return (card for unit in self.units for card in unit.scorecards)

    def unit_name(self, code: str) -> str:
        """The unit's name; the code itself where the inspection has no such unit."""
        return next((unit.name for unit in self.units if unit.code == code), code)


def unit_problems(
    code: str,
    name: str,
    targets: Iterable[NamedTarget],
    results: Iterable[CheckResult],
    scorecards: Iterable[Scorecard],
    *,
    checks: Mapping[str, CheckText],
    history: Mapping[str, History],
    as_of: datetime,
    evidence: Mapping[str, Sequence[str]] | None = None,
    fixed: int | None = None,
    kind: str = "department",
) -> UnitProblems:
    """One unit's share of an inspection, sorted.

    `checks` gives titles, advice and modes by check id, in the catalogue's order (an id that is missing is shown as it
    is); `history` is by
    fingerprint, and a fingerprint that is missing is new at `as_of`; `evidence` maps an address to the files that
    `reports.evidence.export` wrote for it. Findings in a state other than fail and needs-review are no problems.
    """
    named = sorted(targets, key=lambda item: _place(item.target))
    names = {item.target: item.name for item in named}
    ordered = sorted(results, key=lambda result: (_place(result.target), result.check))

    def told(stamped: StampedFinding) -> Problem:
        finding = stamped.finding
        text = checks.get(stamped.check)
        past = history.get(stamped.fingerprint, History(Life.NEW, as_of))
        proofs = (*(finding.evidence_urls or (finding.url,)), stamped.picture)
        files = (path for url in proofs for path in (evidence or {}).get(url, ()))
        return Problem(
            unit=code,
            unit_name=name,
            target=stamped.target,
            target_name=names.get(stamped.target, stamped.target.address),
            check=stamped.check,
            title=text.title if text else stamped.check,
            state=stamped.state,
            severity=finding.severity,
            url=finding.url,
            message=finding.message,
            fingerprint=stamped.fingerprint,
            life=past.life,
            first_seen=past.first_seen,
            location=finding.location,
            quote=finding.quote,
            problem_url=finding.problem_url,
            observed=finding.observed,
            confirmations=finding.confirmations,
            clause=stamped.clause,
            rectify=text.rectify if text else "",
            evidence=tuple(dict.fromkeys(files)),
            mode=text.mode if text else Mode.AUTOMATIC,
        )

    def apart(card: Scorecard) -> Iterator[CountedApart]:
        indicators: dict[str, list[str]] = {}
        whole = {found.fingerprint: found for trace in card.traces for found in trace.by_threshold}
        for trace in card.traces:
            for found in trace.by_threshold:
                indicators.setdefault(found.fingerprint, []).append(f"{trace.indicator} {trace.name}")
        problems = sorted((told(found) for found in whole.values()), key=_urgency)
        for problem in problems:
            counts = tuple(indicators[problem.fingerprint])
            yield CountedApart(card.target, card.ruleset, card.title, counts, problem)

    cards = sorted(scorecards, key=lambda card: (card.ruleset, _place(card.target)))
    finders = {result.check for result in ordered if result.findings}

    return UnitProblems(
        code=code,
        name=name,
        targets=tuple(named),
        problems=tuple(
            sorted(
                (told(found) for result in ordered for found in result.findings if found.state in _TELLABLE),
                key=_urgency,
            )
        ),
        results=tuple(ordered),
        unsettled=tuple(
            Unsettled(
                target=result.target,
                target_name=names.get(result.target, result.target.address),
                check=result.check,
                title=checks[result.check].title if result.check in checks else result.check,
                state=result.state,
                reason=result.summary,
                coverage=result.coverage,
            )
            for state in _UNSETTLED
            for result in ordered
            if result.state is state
        ),
        scorecards=tuple(cards),
        fixed=fixed,
        kind=kind,
        catalogue=tuple(check for check in checks if check in finders),
        apart=tuple(one for card in cards for one in apart(card)),
    )


def _place(target: Target) -> tuple[int, str]:
    """Sites before accounts before units, then by address."""
    return _SUBJECTS.index(target.kind), target.address


def _urgency(problem: Problem) -> tuple[object, ...]:
    """Vetoes, then severity, then check, then address; the rest only makes the order total."""
    return (
        _SEVERITIES.index(problem.severity),
        problem.check,
        problem.url,
        problem.problem_url,
        problem.location,
        problem.fingerprint,
        problem.message,
    )
