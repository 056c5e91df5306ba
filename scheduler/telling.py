"""From the store to the outbox: gathers what one inspection found and has it written for people and programs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from checks.model import CheckResult, State, Subject
from checks.registry import CHECKS
from crawler.read.charset import decode
from reports import outbox
from reports.evidence import FOLDER, Capture, CaptureKind, export
from reports.problems import (
    History,
    InspectionView,
    Life,
    NamedTarget,
    RulesetRef,
    RunFigures,
    UnitProblems,
    unit_problems,
)
from scoring.model import Scorecard
from storage.errors import EvidenceMissing
from storage.inspections import InspectionRecord, TargetRow
from storage.results import FindingRow
from storage.store import Store


def write_outbox(store: Store, record: InspectionRecord, out: Path) -> tuple[InspectionView, tuple[Path, ...]]:
    """Writes the whole outbox of an inspection and returns its view with the paths, evidence first."""
    findings = list(store.results.findings(record.id))
    files = _export_evidence(store, findings, out)
    view = view_of(store, record, findings, files)
    return view, (out / FOLDER, *outbox.write(view, out))


def view_of(
    store: Store,
    record: InspectionRecord,
    findings: Iterable[FindingRow],
    evidence: Mapping[str, tuple[str, ...]],
) -> InspectionView:
    """The inspection as the reports tell it; `evidence` maps an address to its files in the outbox."""
    rows = store.inspections.targets(record.id)
    results: dict[str, list[CheckResult]] = defaultdict(list)
    for result in store.results.results(record.id):
        results[result.target.unit].append(result)
    cards: dict[str, list[Scorecard]] = defaultdict(list)
    for card in store.results.cards(record.id):
        cards[card.target.unit].append(card)
    targets: dict[str, list[NamedTarget]] = defaultdict(list)
    for row in rows:
        targets[row.target.unit].append(NamedTarget(row.target, row.name))
    history = {
        row.stamped.fingerprint: History(Life(row.life), row.first_seen) for row in findings if row.life in set(Life)
    }
    fixed = _fixed_counts(store, record)
    return InspectionView(
        id=record.id,
        name=record.name,
        kind=record.kind,
        as_of=record.as_of,
        started=record.started,
        ended=record.ended,
        rulesets=_rulesets(record, cards),
        tool_version=record.tool_version,
        units=tuple(
            _unit(record, unit.code, unit.name, targets, results, cards, history, evidence, fixed)
            for unit in record.units
            if unit.code in targets
        ),
        runs=tuple(_figures(row) for row in rows if row.target.kind is not Subject.UNIT),
    )


def _unit(
    record: InspectionRecord,
    code: str,
    name: str,
    targets: Mapping[str, list[NamedTarget]],
    results: Mapping[str, list[CheckResult]],
    cards: Mapping[str, list[Scorecard]],
    history: Mapping[str, History],
    evidence: Mapping[str, tuple[str, ...]],
    fixed: Mapping[str, int] | None,
) -> UnitProblems:
    return unit_problems(
        code,
        name,
        targets[code],
        results.get(code, ()),
        cards.get(code, ()),
        checks=CHECKS,
        history=history,
        as_of=record.as_of,
        evidence=evidence,
        fixed=None if fixed is None else fixed.get(code, 0),
    )


def _fixed_counts(store: Store, record: InspectionRecord) -> Mapping[str, int] | None:
    """Findings of the inspection before that are gone now, by unit; None where there was none before."""
    if store.inspections.previous(record.id) is None:
        return None
    counts: dict[str, int] = defaultdict(int)
    for row in store.results.fixed(record.id):
        counts[row.stamped.target.unit] += 1
    return counts


def _rulesets(record: InspectionRecord, cards: Mapping[str, list[Scorecard]]) -> tuple[RulesetRef, ...]:
    """The rulesets that scored something, in the order they were asked for."""
    used = {
        card.ruleset: RulesetRef(card.ruleset, card.version, card.title) for kept in cards.values() for card in kept
    }
    return tuple(used[ruleset] for ruleset in record.rulesets if ruleset in used)


def _figures(row: TargetRow) -> RunFigures:
    stats = row.stats

    def count(key: str) -> int:
        value = stats.get(key, 0)
        return value if isinstance(value, int) else 0

    def seconds(key: str) -> float | None:
        value = stats.get(key)
        return float(value) if isinstance(value, int | float) else None

    return RunFigures(
        target=row.target,
        name=row.name,
        pages=count("pages"),
        unchanged=count("unchanged"),
        links=count("links"),
        blocked=count("blocked"),
        exit_reason=row.exit_reason,
        wall_seconds=seconds("wall_seconds"),
        cpu_seconds=seconds("cpu_seconds"),
    )


def _export_evidence(store: Store, findings: Iterable[FindingRow], out: Path) -> Mapping[str, tuple[str, ...]]:
    """Copies what the findings point to into the outbox, readable offline, with a manifest of hashes."""
    wanted: dict[str, set[str]] = {}
    for row in findings:
        finding = row.stamped.finding
        urls = {finding.url, finding.problem_url, *finding.evidence_urls}
        for sha in row.evidence:
            wanted.setdefault(sha, set()).update(urls)
    captures: list[Capture] = []
    for sha, records in store.evidence.records(list(wanted)).items():
        captures.extend(
            Capture(sha, kept.url, kept.at, CaptureKind(kept.kind), _charset(store, sha, kept.kind))
            for kept in records
            if kept.url in wanted[sha]
        )

    def read(sha: str) -> bytes | None:
        try:
            return store.evidence.get(sha)
        except EvidenceMissing:
            return None

    return export(captures, read, out / FOLDER)


def _charset(store: Store, sha: str, kind: str) -> str:
    if kind != CaptureKind.HTML:
        return "utf-8"
    try:
        return decode(store.evidence.get(sha), "").used
    except EvidenceMissing:
        return "utf-8"


def vetoed_or_found(view: InspectionView) -> tuple[bool, bool]:
    """Whether any target is vetoed, and whether anything was found at all (for `--fail-on`)."""
    vetoed = any(card.vetoed for card in view.scorecards)
    found = any(problem.state is State.FAIL for problem in view.problems)
    return vetoed, found


def ended_badly(rows: Iterable[TargetRow]) -> tuple[int, int]:
    """How many targets could not be inspected, of how many."""
    kept = list(rows)
    return sum(row.state != "done" for row in kept), len(kept)
