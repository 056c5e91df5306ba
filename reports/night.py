"""The report of a night (巡检日报): from the rows that an inspection left to what somebody should know in the morning.

Pure. A night that found nothing at all is no good news but an alarm: so quiet a city means that we are broken.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from checks.model import JSON, State, Subject, Target
from checks.registry import CHECKS
from crawler.facts import BEIJING, AccountOutcome, Outcome
from storage.figures import Earlier
from storage.inspections import InspectionRecord, TargetRow

WHOLE = frozenset({"完成", AccountOutcome.FETCHED.label})
"""How a target ends of which all was seen that was to be seen."""
_UNTOLD = (State.UNDETERMINED, State.ERROR)
_BESIDE = (State.NOT_APPLICABLE, State.NOT_CHECKED)


class Limits(Struct, frozen=True):
    """`data/night.yaml`, which says of each what it is and where it comes from."""

    fallen_share: float
    pages_min: int
    articles_min: int
    posts_min: int
    blocked_share: float
    undetermined_share: float
    undetermined_targets: float
    free_bytes_min: int
    slowest: int
    shown: int


class Changed(Struct, frozen=True):
    """A finding that is new or fixed; `grave` where it is a veto, `candidate` where a person has yet to confirm it."""

    target: Target
    check: str
    fingerprint: str
    is_new: bool
    grave: bool
    candidate: bool


class Incident(Struct, frozen=True):
    """A fault of our own network while a target was visited: from its first sign to its last."""

    target: Target
    first: datetime
    last: datetime
    times: int


class Disk(Struct, frozen=True):
    """Bytes free where the data lie, and bytes that the night's saved pages take."""

    free: int
    taken: int


class Night(Struct, frozen=True):
    """What is stored of a night.

    `before` is each target as the last night before left it; `articles` how many articles a site showed then and now.
    `standing` counts the findings that were there before and are still, `candidates` those that wait for a person.
    """

    record: InspectionRecord
    rows: tuple[TargetRow, ...]
    before: Mapping[Target, Earlier]
    articles: Mapping[Target, tuple[int, int]]
    states: Mapping[Target, Mapping[State, int]]
    changed: tuple[Changed, ...]
    standing: int
    candidates: int
    incidents: tuple[Incident, ...]
    disk: Disk
    missed: tuple[date, ...] = ()


class Named(Struct, frozen=True):
    """A target as a person knows it, with what is to be said of it."""

    unit: str
    name: str
    kind: str
    address: str
    words: str = ""


class Kind(Struct, frozen=True):
    """Changed findings of one check: how many, how many of these are candidates, on which targets."""

    check: str
    title: str
    grave: bool
    count: int
    candidates: int
    targets: tuple[str, ...]


class Emptied(Struct, frozen=True):
    """A target that shows far less of something than the night before. `cause` is "" where all was seen: then the
    target itself has less to show; else it says why we saw less, which is no sign of anything.
    """

    target: Named
    what: str
    before: int
    now: int
    cause: str


class Slow(Struct, frozen=True):
    """How long a target took, in seconds of the clock and of the processor, and how many pages it has."""

    target: Named
    seconds: float
    cpu_seconds: float
    pages: int


class OwnFault(Struct, frozen=True):
    """A fault of our own network, with the target that was being visited."""

    target: Named
    first: datetime
    last: datetime
    times: int


class AlarmKind(StrEnum):
    """What is wrong with a night as a whole."""

    NOTHING_DONE = "nothing-done"
    NO_FINDINGS = "no-findings"
    MOSTLY_UNDETERMINED = "mostly-undetermined"
    UNFINISHED = "unfinished"
    DISK = "disk"


class Alarm(Struct, frozen=True):
    """One alarm, in words that say what to look at."""

    kind: AlarmKind
    words: str


class NightReport(Struct, frozen=True):
    """The report. `night` is the date on which the inspection began; lists are whole, writers shorten them."""

    inspection: str
    name: str
    kind: str
    night: date
    as_of: datetime
    started: datetime
    ended: datetime | None
    due: int
    done: int
    unfinished: int
    new: int
    new_candidates: int
    standing: int
    candidates: int
    fixed: int
    alarms: tuple[Alarm, ...]
    missed: tuple[date, ...]
    failed: tuple[Named, ...]
    blocked: tuple[Named, ...]
    unreachable: tuple[Named, ...]
    undetermined: tuple[Named, ...]
    new_kinds: tuple[Kind, ...]
    fixed_kinds: tuple[Kind, ...]
    emptied: tuple[Emptied, ...]
    sources: tuple[tuple[str, int], ...]
    incidents: tuple[OwnFault, ...]
    slowest: tuple[Slow, ...]
    disk: Disk

    @property
    def digest(self) -> str:
        """Of what stands besides problems: blocked, failed and unreachable targets, alarms, missed nights. No times."""
        parts: list[str] = [alarm.kind.value for alarm in self.alarms]
        parts += [f"missed {day}" for day in self.missed]
        for word, targets in (("failed", self.failed), ("blocked", self.blocked), ("shut", self.unreachable)):
            parts += sorted(f"{word} {one.kind} {one.address}" for one in targets)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def is_news(self, last: str | None) -> bool:
        """Whether somebody must be told, given the digest of the last report that was sent (None: none ever was).

        Problems that are new or fixed are news, and so is an alarm, every night that it lasts.
        """
        return bool(self.new or self.new_candidates or self.fixed or self.alarms) or self.digest != last


@cache
def limits() -> Limits:
    """The numbers of the data file, read once."""
    return msgspec.yaml.decode((files("reports") / "data" / "night.yaml").read_bytes(), type=Limits)


def night_report(night: Night, limits: Limits) -> NightReport:
    """The report of one night; equal rows give equal reports."""
    record, rows = night.record, night.rows
    units = {unit.code: unit.name for unit in record.units}
    names = {row.target: _named(row, units) for row in rows}
    done = [row for row in rows if row.state == "done"]
    failed = [row for row in rows if row.state == "failed"]
    unfinished = len(rows) - len(done) - len(failed)
    undetermined = [row for row in done if _undetermined_share(night.states, row) >= limits.undetermined_share]
    news = [one for one in night.changed if one.is_new]
    fixed = [one for one in night.changed if not one.is_new]
    new_candidates = sum(one.candidate for one in news)
    sources = Counter(
        row.exit_reason for row in done if row.target.kind is Subject.ACCOUNT and row.exit_reason not in WHOLE
    )
    report = NightReport(
        inspection=record.id,
        name=record.name,
        kind=record.kind,
        night=record.started.astimezone(BEIJING).date(),
        as_of=record.as_of,
        started=record.started,
        ended=record.ended,
        due=len(rows),
        done=len(done),
        unfinished=unfinished,
        new=len(news) - new_candidates,
        new_candidates=new_candidates,
        standing=night.standing,
        candidates=night.candidates,
        fixed=len(fixed),
        alarms=(),
        missed=night.missed,
        failed=tuple(_said(names[row.target], row.exit_reason) for row in failed),
        blocked=tuple(_said(names[row.target], _blocked_words(row)) for row in done if _is_blocked(row, limits)),
        unreachable=tuple(names[row.target] for row in done if row.exit_reason == "首页无法打开"),
        undetermined=tuple(_said(names[row.target], _untold_words(night.states, row)) for row in undetermined),
        new_kinds=_kinds(news, names),
        fixed_kinds=_kinds(fixed, names),
        emptied=tuple(_emptied(night, done, names, limits)),
        sources=tuple(sources.most_common()),
        incidents=tuple(
            OwnFault(names[one.target], one.first, one.last, one.times)
            for one in sorted(night.incidents, key=lambda one: one.first)
        ),
        slowest=_slowest(done, names, limits),
        disk=night.disk,
    )
    return msgspec.structs.replace(report, alarms=tuple(_alarms(report, limits)))


def _alarms(report: NightReport, limits: Limits) -> Iterator[Alarm]:
    if not report.done:
        why = f"应查 {report.due} 个对象，一个也没有查成" if report.due else "本次检查没有任何对象，请核对台账"
        yield Alarm(AlarmKind.NOTHING_DONE, why)
    elif report.ended is not None and not (report.new + report.standing + report.candidates):
        words = f"查了 {report.done} 个对象，一处问题也没有发现：多半是巡查程序或本机网络出了问题，不能据此认为全部合格"
        yield Alarm(AlarmKind.NO_FINDINGS, words)
    if report.done and len(report.undetermined) > limits.undetermined_targets * report.done:
        many = f"{report.done} 个对象中有 {len(report.undetermined)} 个大部分项目未能判定"
        yield Alarm(AlarmKind.MOSTLY_UNDETERMINED, f"{many}，请先查本机网络、出口地址是否被拦截和登录凭据")
    if report.ended is None:
        yield Alarm(AlarmKind.UNFINISHED, f"检查尚未结束，还有 {report.unfinished} 个对象没有查完")
    if report.disk.free < limits.free_bytes_min:
        words = f"磁盘仅余 {gigabytes(report.disk.free)}，少于 {gigabytes(limits.free_bytes_min)}"
        yield Alarm(AlarmKind.DISK, words)


def _emptied(
    night: Night, done: Iterable[TargetRow], names: Mapping[Target, Named], limits: Limits
) -> Iterator[Emptied]:
    """Of each target the first thing that fell, for fewer pages have fewer articles."""
    for row in done:
        earlier = night.before.get(row.target)
        if earlier is None:
            continue
        if row.target.kind is Subject.ACCOUNT:
            pairs = [("账号推文", count(earlier.stats, "posts"), count(row.stats, "posts"), limits.posts_min)]
        elif row.target.kind is Subject.SITE:
            articles_before, articles = night.articles.get(row.target, (0, 0))
            pairs = [
                ("网页", count(earlier.stats, "pages"), count(row.stats, "pages"), limits.pages_min),
                ("信息", articles_before, articles, limits.articles_min),
            ]
        else:
            continue
        for what, before, now, least in pairs:
            if before >= least and now <= before * (1 - limits.fallen_share):
                yield Emptied(names[row.target], what, before, now, _cause(row, earlier))
                break


def _cause(row: TargetRow, earlier: Earlier) -> str:
    """Why we may have seen less; "" where we saw all that there was."""
    if row.exit_reason not in WHOLE:
        return f"采集止于：{row.exit_reason}"
    blocked, before = count(row.stats, "blocked"), count(earlier.stats, "blocked")
    return f"被对方防护拦截 {blocked} 次（上次 {before} 次）" if blocked > before else ""


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
    untold, of = _untold(states, row)
    return untold / of if of else 0.0


def _untold_words(states: Mapping[Target, Mapping[State, int]], row: TargetRow) -> str:
    untold, of = _untold(states, row)
    reason = "" if row.exit_reason in WHOLE else f"（{row.exit_reason}）"
    return f"{of} 项中 {untold} 项未能判定{reason}"


def _untold(states: Mapping[Target, Mapping[State, int]], row: TargetRow) -> tuple[int, int]:
    mine = states.get(row.target, {})
    of = sum(many for state, many in mine.items() if state not in _BESIDE)
    return sum(mine.get(state, 0) for state in _UNTOLD), of


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
        grave = any(one.grave and not one.candidate for one in mine)
        candidates = sum(one.candidate for one in mine)
        kinds.append(Kind(check, known.title if known else check, grave, len(mine), candidates, targets))
    return tuple(sorted(kinds, key=lambda kind: (not kind.grave, -kind.count, kind.check)))


def _slowest(done: Iterable[TargetRow], names: Mapping[Target, Named], limits: Limits) -> tuple[Slow, ...]:
    slow = [
        Slow(names[row.target], _number(row.stats, "wall_seconds"), _number(row.stats, "cpu_seconds"), pages)
        for row in done
        if (pages := count(row.stats, "pages")) or "wall_seconds" in row.stats
    ]
    return tuple(sorted(slow, key=lambda one: (-one.seconds, one.target.address))[: limits.slowest])


def _named(row: TargetRow, units: Mapping[str, str]) -> Named:
    return Named(units.get(row.target.unit, row.target.unit), row.name, row.target.kind.value, row.target.address)


def _said(named: Named, words: str) -> Named:
    return msgspec.structs.replace(named, words=words)


def count(stats: Mapping[str, JSON], key: str) -> int:
    """A figure of a target as a whole number, 0 where it has none."""
    value = stats.get(key)
    return int(value) if isinstance(value, int | float) else 0


def outcomes(stats: Mapping[str, JSON]) -> Mapping[str, int]:
    """How often each class of outcome came, by its id."""
    told = stats.get("outcomes")
    return {name: int(many) for name, many in told.items() if isinstance(many, int)} if isinstance(told, dict) else {}


def _number(stats: Mapping[str, JSON], key: str) -> float:
    value = stats.get(key)
    return float(value) if isinstance(value, int | float) else 0.0


def gigabytes(amount: int) -> str:
    """Bytes as a person reads them."""
    return f"{amount / 1024**3:.1f} GB" if amount >= 1024**3 else f"{amount / 1024**2:.1f} MB"
