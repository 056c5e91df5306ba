"""The report of a night (巡检日报): from the rows that an inspection left to what somebody should know in the morning.

Pure. Alarms and falls have files of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from checks.model import State, Subject, Target
from checks.registry import CHECKS
from crawler.facts import BEIJING, Outcome
from crawler.facts.endings import UNREACHABLE
from reports.night_alarms import alarms
from reports.night_falls import emptied
from reports.night_figures import WHOLE, count, outcomes, seconds, untold
from reports.night_model import Changed, Kind, Limits, Named, Night, NightReport, OwnFault, Slow
from reports.wording import platform_label, subject_label
from storage.inspections import TargetRow


def night_report(night: Night, limits: Limits) -> NightReport:
    """The report of one night; equal rows give equal reports."""
    record, rows = night.record, night.rows
    units = {unit.code: unit.name for unit in record.units}
    names = {row.target: _named(row, units) for row in rows}
    done = [row for row in rows if row.state == "done"]
    failed = [row for row in rows if row.state == "failed"]
    unfinished = len(rows) - len(done) - len(failed)
    undetermined = [row for row in done if _undetermined_share(night.states, row) >= limits.undetermined_share]
    news = [one for one in night.changed if one.is_new and not one.candidate]
    doubts = [one for one in night.changed if one.is_new and one.candidate]
    fixed = [one for one in night.changed if not one.is_new]
    sources = Counter(
        row.exit_reason for row in done if row.target.kind is Subject.ACCOUNT and row.exit_reason not in WHOLE
    )
    report = NightReport(
        inspection=record.id,
        name=record.name,
        kind=record.kind,
        night=record.started.astimezone(BEIJING).date(),
        at=night.at,
        sits_until=night.sits_until,
        as_of=record.as_of,
        started=record.started,
        ended=record.ended,
        due=len(rows),
        done=len(done),
        unfinished=unfinished,
        new=len(news),
        new_candidates=len(doubts),
        standing=night.standing,
        candidates=night.candidates,
        fixed=len(fixed),
        alarms=(),
        missed=night.missed,
        failed=tuple(_said(names[row.target], row.exit_reason.removeprefix("出错：")) for row in failed),
        blocked=tuple(_said(names[row.target], _blocked_words(row)) for row in done if _is_blocked(row, limits)),
        unreachable=tuple(names[row.target] for row in done if row.exit_reason == UNREACHABLE),
        undetermined=tuple(_said(names[row.target], _untold_words(night.states, row)) for row in undetermined),
        new_kinds=_kinds(news, names),
        new_candidate_kinds=_kinds(doubts, names),
        fixed_kinds=_kinds(fixed, names),
        emptied=tuple(emptied(night, (row for row in done if row.exit_reason != UNREACHABLE), names, limits)),
        sources=tuple(sources.most_common()),
        incidents=tuple(
            OwnFault(names[one.target], one.first, one.last, one.times)
            for one in sorted(night.incidents, key=lambda one: one.first)
        ),
        slowest=_slowest(done, names, limits),
        disk=night.disk,
    )
    return msgspec.structs.replace(report, alarms=tuple(alarms(night, report, limits)))


def _is_blocked(row: TargetRow, limits: Limits) -> bool:
    if Outcome.BLOCKED.label in row.exit_reason.split("；"):
        return True
    answers = outcomes(row.stats)
    blocked = answers.get(Outcome.BLOCKED.value, 0)
    return bool(blocked) and blocked >= limits.blocked_share * sum(answers.values())


def _blocked_words(row: TargetRow) -> str:
    blocked = count(row.stats, "blocked")
    return f"被拦截 {blocked} 次，看到 {count(row.stats, 'pages')} 页" if blocked else row.exit_reason


def _undetermined_share(states: Mapping[Target, Mapping[State, int]], row: TargetRow) -> float:
    many, of = untold(states.get(row.target, {}))
    return many / of if of else 0.0


def _untold_words(states: Mapping[Target, Mapping[State, int]], row: TargetRow) -> str:
    many, of = untold(states.get(row.target, {}))
    reason = "" if row.exit_reason in WHOLE else f"（{row.exit_reason}）"
    return f"{of} 项中 {many} 项未能判定{reason}"


def _kinds(changed: Iterable[Changed], names: Mapping[Target, Named]) -> tuple[Kind, ...]:
    """By check, vetoes first, then the most frequent."""
    grouped: dict[str, list[Changed]] = {}
    for one in changed:
        grouped.setdefault(one.check, []).append(one)
    kinds = []
    for check, mine in grouped.items():
        known = CHECKS.get(check)
        counts = Counter(names[one.target].name for one in mine if one.target in names)
        targets = tuple(f"{name} {many}" for name, many in counts.most_common())
        vetoes = sum(one.grave for one in mine)
        kinds.append(Kind(check, known.title if known else check, len(mine), vetoes, targets))
    return tuple(sorted(kinds, key=lambda kind: (not kind.vetoes, -kind.count, kind.check)))


def _slowest(done: Iterable[TargetRow], names: Mapping[Target, Named], limits: Limits) -> tuple[Slow, ...]:
    slow = [
        Slow(names[row.target], seconds(row.stats, "wall_seconds"), seconds(row.stats, "cpu_seconds"), pages)
        for row in done
        if (pages := count(row.stats, "pages")) or "wall_seconds" in row.stats
    ]
    return tuple(sorted(slow, key=lambda one: (-one.seconds, one.target.address))[: limits.slowest])


def _named(row: TargetRow, units: Mapping[str, str]) -> Named:
    target, kind = row.target, row.target.kind
    what = platform_label(target.address.partition(":")[0]) if kind is Subject.ACCOUNT else subject_label(kind.value)
    shown = "" if kind is Subject.UNIT else what
    return Named(units.get(target.unit, target.unit), row.name, kind.value, target.address, shown)


def _said(named: Named, words: str) -> Named:
    return msgspec.structs.replace(named, words=words)
