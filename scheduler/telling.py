"""From the store to the outbox: gathers what one inspection found and has it written for people and programs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from checks.model import CheckResult, State, Subject, Target
from checks.registry import CHECKS
from crawler.clock import now
from crawler.facts import AccountFetch, Unit
from reports import outbox
from reports.activity import WEEKS, AccountActivity, activity
from reports.evidence import FOLDER, Capture, CaptureKind, Exported, export
from reports.evidence_page import Claim
from reports.manifest import NAME as MANIFEST
from reports.manifest import Seal
from reports.papers import Papers
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
from scheduler.past import past_of
from scheduler.unread import unread
from scoring.model import Scorecard
from scoring.review import in_force, reviewed, settled
from storage.errors import EvidenceMissing
from storage.exports import ExportRecord
from storage.inspections import InspectionRecord, TargetRow
from storage.results import FindingRow
from storage.store import Store


class Outbox(Struct, frozen=True):
    """What was written: the view, the paths (evidence first, the manifest last) and the manifest's SHA-256."""

    view: InspectionView
    paths: tuple[Path, ...]
    digest: str


def write_outbox(
    store: Store,
    record: InspectionRecord,
    out: Path,
    parts: Collection[outbox.Part] = outbox.WHOLE,
    papers: Papers | None = None,
    *,
    asked: bool = False,
) -> Outbox:
    """Writes the outbox of an inspection, or some parts of it with the evidence they point to, and seals the folder.

    `asked` says that a person asked for it beside what every inspection leaves: such an export keeps its evidence, and
    is noted in the database before anything is read, where every machine's retention looks.

    What an earlier export left there and this one did not write again is removed, unless somebody has changed it.
    Raises OSError where the disk refuses, and what `outbox.check` raises before anything is touched.
    """
    papers = papers or Papers()
    outbox.check(parts, papers)
    if asked:
        store.handovers.note(record.id, now())
    seal = Seal(out)
    outdated = _outdated(record, out, parts)
    seal.open()
    reviews = in_force(store.reviews.standing(), record.as_of.date())
    findings = [row for row in store.results.findings(record.id) if reviewed(row.stamped, reviews)[0] is not State.PASS]
    exported = _export_evidence(store, record, findings, out)
    seal.add(exported.files)
    view = view_of(store, record, findings, exported.proofs)
    paths = outbox.write(view, out, parts, papers)
    seal.add(paths)
    seal.drop(outdated)
    return Outbox(view, (out / FOLDER, *paths, out / MANIFEST), note_export(store, record.id, parts, out, seal))


def note_export(store: Store, inspection: str, formats: Iterable[str], out: Path, seal: Seal) -> str:
    """Closes the seal of an export and enters it in the register; answers the manifest's SHA-256."""
    digest = seal.close()
    named = tuple(sorted(str(each) for each in formats))
    store.exports.note(ExportRecord(now(), inspection, named, str(out.absolute()), seal.files, digest))
    return digest


def _outdated(record: InspectionRecord, out: Path, parts: Collection[outbox.Part]) -> Callable[[str], bool]:
    """Which files of an earlier export this one takes the place of: all, where they tell of another inspection."""
    earlier = out / outbox.RUN
    replaced = parts
    if earlier.is_file():
        try:
            if json.loads(earlier.read_bytes()).get("id") != record.id:
                replaced = outbox.WHOLE
        except (ValueError, AttributeError):
            replaced = outbox.WHOLE
    return lambda name: name.startswith(f"{FOLDER}/") or outbox.territory(name, replaced)


def view_of(
    store: Store,
    record: InspectionRecord,
    findings: Iterable[FindingRow],
    evidence: Mapping[str, tuple[str, ...]],
) -> InspectionView:
    """The inspection as the reports tell it, after the reviews in force; `evidence` maps an address to its files."""
    reviews = in_force(store.reviews.standing(), record.as_of.date())
    rows = store.inspections.targets(record.id)
    results: dict[str, list[CheckResult]] = defaultdict(list)
    judged: set[Target] = set()
    units = {unit.code: unit for unit in record.units}
    for result in store.results.results(record.id):
        judged.add(result.target)
        results[result.target.unit].append(settled(result, reviews))
    for row in rows:
        if row.target not in judged:
            results[row.target.unit].extend(unread(row, units[row.target.unit]))
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
            _unit(record, unit, targets, results, cards, history, evidence, fixed)
            for unit in record.units
            if unit.code in targets
        ),
        runs=tuple(_figures(row) for row in rows if row.target.kind is not Subject.UNIT),
        accounts=tuple(_activities(store, record, rows)),
        past=past_of(store, record),
    )


def _activities(store: Store, record: InspectionRecord, rows: Iterable[TargetRow]) -> Iterator[AccountActivity]:
    """What the accounts posted, as far as this inspection read it; in the order of the units."""
    units = {unit.code: unit for unit in record.units}
    for row in sorted(rows, key=lambda row: list(units).index(row.target.unit)):
        if row.target.kind is not Subject.ACCOUNT or row.run is None:
            continue
        unit = units[row.target.unit]
        account = next(one for one in unit.accounts if one.key == row.target.address)
        fetches = msgspec.convert(store.runs.notes(row.run).get("fetches", ()), tuple[AccountFetch, ...])
        history = store.accounts.history(account.key, record.as_of - timedelta(weeks=WEEKS), record.as_of)
        yield activity(row.target, row.name, unit.name, account.platform, record.as_of, fetches, history)


def _unit(
    record: InspectionRecord,
    unit: Unit,
    targets: Mapping[str, list[NamedTarget]],
    results: Mapping[str, list[CheckResult]],
    cards: Mapping[str, list[Scorecard]],
    history: Mapping[str, History],
    evidence: Mapping[str, tuple[str, ...]],
    fixed: Mapping[str, int] | None,
) -> UnitProblems:
    return unit_problems(
        unit.code,
        unit.name,
        targets[unit.code],
        results.get(unit.code, ()),
        cards.get(unit.code, ()),
        checks=CHECKS,
        history=history,
        as_of=record.as_of,
        evidence=evidence,
        fixed=None if fixed is None else fixed.get(unit.code, 0),
        kind=unit.kind,
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
    """The rulesets that scored something, in the order they were asked for; those asked for by a file come last."""
    used = {
        card.ruleset: RulesetRef(card.ruleset, card.version, card.title) for kept in cards.values() for card in kept
    }
    named = [ruleset for ruleset in record.rulesets if ruleset in used]
    return tuple(used[ruleset] for ruleset in dict.fromkeys((*named, *used)))


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
        platform=str(stats.get("platform", "")),
    )


def _export_evidence(store: Store, record: InspectionRecord, findings: Sequence[FindingRow], out: Path) -> Exported:
    """Copies what the findings point to into the outbox, readable offline, and says by address where it lies."""
    wanted: dict[str, set[str]] = {}
    claims: dict[str, list[Claim]] = defaultdict(list)
    related: dict[str, set[str]] = defaultdict(set)
    pictured: set[str] = set()
    names = _names(store, record)
    for row in findings:
        urls = set(_rests_on(row))
        pictured.update(_pictures(row))
        for sha in row.evidence:
            wanted.setdefault(sha, set()).update(urls, _pictures(row))
        for url in urls:
            claims[url].append(_claim(row, names))
            related[url].update(urls)
    captures = [
        Capture(sha, kept.url, kept.at, CaptureKind(kept.kind), kept.client)
        for sha, records in store.evidence.records(list(wanted)).items()
        for kept in records
        if kept.url in wanted[sha]
    ]

    def read(sha: str) -> bytes | None:
        try:
            return store.evidence.get(sha)
        except EvidenceMissing:
            return None

    pages = [capture for capture in captures if capture.url not in pictured]
    pictures = [capture for capture in captures if capture.url in pictured]
    exported = export(pages, read, out / FOLDER, claims=claims, related=related, pictures=pictures)
    # What an account's source answered is kept under the account; a finding may name the account's page instead.
    proofs = dict(exported.proofs)
    for row in findings:
        own = proofs.get(row.stamped.finding.url)
        if row.stamped.target.kind is Subject.ACCOUNT and own:
            for url in row.stamped.finding.evidence_urls:
                proofs.setdefault(url, own)
    return replace(exported, proofs=proofs)


def _rests_on(row: FindingRow) -> tuple[str, ...]:
    finding = row.stamped.finding
    return tuple(dict.fromkeys(url for url in (*finding.evidence_urls, finding.problem_url, finding.url) if url))


def _pictures(row: FindingRow) -> tuple[str, str]:
    """The names that its screenshots would be kept under, the marked one first."""
    return row.stamped.picture, row.stamped.plain_picture


def _names(store: Store, record: InspectionRecord) -> Mapping[Target, tuple[str, str]]:
    """The names of each target's unit and of the target itself."""
    units = {unit.code: unit.name for unit in record.units}
    return {
        row.target: (units.get(row.target.unit, row.target.unit), row.name)
        for row in store.inspections.targets(record.id)
    }


def _claim(row: FindingRow, names: Mapping[Target, tuple[str, str]]) -> Claim:
    stamped = row.stamped
    unit, target = names.get(stamped.target, (stamped.target.unit, stamped.target.address))
    check = CHECKS.get(stamped.check)
    finding = stamped.finding
    title = check.title if check else stamped.check
    first, length = finding.observed.get("offset"), finding.observed.get("length")
    marked = (first, first + length) if isinstance(first, int) and isinstance(length, int) else (0, 0)
    return Claim(unit, target, title, finding.message, finding.location, finding.quote, _pictures(row), marked)


def vetoed_or_found(view: InspectionView) -> tuple[bool, bool]:
    """Whether any target is vetoed, and whether anything was found at all (for `--fail-on`)."""
    vetoed = any(card.vetoed for card in view.scorecards)
    found = any(problem.state is State.FAIL for problem in view.problems)
    return vetoed, found


def ended_badly(rows: Iterable[TargetRow]) -> tuple[int, int]:
    """How many targets could not be inspected, of how many."""
    kept = list(rows)
    return sum(row.state != "done" for row in kept), len(kept)
