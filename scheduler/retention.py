"""The rule of retention (保存期限): which inspections are kept whole, and why; `scheduler.pruning` carries it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

import msgspec
import yaml
from msgspec import Struct

from checks.model import Target
from crawler.facts import BEIJING
from scheduler.errors import RetentionRefused
from scheduler.past import WITH_VERDICTS
from storage.inspections import InspectionRecord


class Span(Struct, frozen=True, forbid_unknown_fields=True):
    """How long a kind of inspection is kept whole: every one, and one a week; None for ever."""

    whole_days: int | None = None
    weekly_days: int = 0


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole rule; `scheduler/data/retention.yaml` says what each number is for."""

    source: str
    kinds: Mapping[str, Span]
    judged: int
    grace_days: int
    unfinished_days: int


class Decision(Struct, frozen=True):
    """Whether an inspection is kept whole, and why, in Chinese."""

    whole: bool
    why: str


def rule_at(path: Path | None) -> Rule:
    """The office's rule, else ours. Raises RetentionRefused, which says what is wrong with it."""
    text = path.read_text("utf-8") if path else files("scheduler").joinpath("data/retention.yaml").read_text("utf-8")
    try:
        rule = msgspec.convert(yaml.safe_load(text), Rule)
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise RetentionRefused(f"保存期限文件 {path} 有误：{error}") from error
    spans = [days for span in rule.kinds.values() for days in (span.whole_days, span.weekly_days) if days is not None]
    if min((*spans, rule.unfinished_days)) < 0:
        raise RetentionRefused(f"保存期限文件 {path} 有误：天数不能小于 0")
    if rule.grace_days < 1:
        raise RetentionRefused(f"保存期限文件 {path} 有误：grace_days 不能小于 1，正在进行的检查可能还要用到")
    if rule.judged < WITH_VERDICTS:
        raise RetentionRefused(
            f"保存期限文件 {path} 有误：judged 不能小于 {WITH_VERDICTS}，连续合格等统计要看这么多批次"
        )
    return rule


def decide(
    records: Iterable[InspectionRecord],
    rule: Rule,
    now: datetime,
    *,
    in_rectification: Collection[str],
    read_whole: Mapping[str, int],
) -> Mapping[str, Decision]:
    """For each inspection whether it is kept whole. `in_rectification` have a notice whose problems are still open.

    Of a week (Monday to Sunday in Beijing, by registry) one that came to its end stays: the one that read most sites
    whole (`read_whole` counts them), of equal ones the first; a night on which our own network was down stands for no
    week. What was cleared before is no choice: nothing brings it back, nor can it be resumed.
    """
    ordered = sorted(records, key=lambda record: (record.started, record.id))
    weeks: dict[object, InspectionRecord] = {}
    unfinished: dict[str, str] = {}
    for record in ordered:
        if record.ended is None:
            if record.cleared is None:
                unfinished[record.registry_digest] = record.id
            continue
        week = (record.kind, record.registry_digest, record.started.astimezone(BEIJING).isocalendar()[:2])
        rank = record.cleared is None, read_whole.get(record.id, 0)
        best = weeks.get(week)
        if best is None or rank > (best.cleared is None, read_whole.get(best.id, 0)):
            weeks[week] = record
    resumable = frozenset(unfinished.values())
    of_weeks = frozenset(record.id for record in weeks.values())
    return {
        record.id: _decision(
            record,
            rule,
            now - record.started,
            in_rectification=record.id in in_rectification,
            resumable=record.id in resumable,
            of_week=record.id in of_weeks,
        )
        for record in ordered
    }


def _decision(
    record: InspectionRecord, rule: Rule, age: timedelta, *, in_rectification: bool, resumable: bool, of_week: bool
) -> Decision:
    span = rule.kinds.get(record.kind, Span())
    if record.ended is None and (resumable or age <= timedelta(days=rule.unfinished_days)):
        return Decision(True, "正在进行或可以接着检查")
    if span.whole_days is None:
        return Decision(True, "长期保存")
    if age <= timedelta(days=span.whole_days):
        return Decision(True, f"未满 {span.whole_days} 天")
    if in_rectification:
        return Decision(True, "整改通知尚未全部销号")
    if of_week and age <= timedelta(days=span.weekly_days):
        return Decision(True, f"每周一批，未满 {span.weekly_days} 天")
    return Decision(False, "超过保存期限")


def thinnable(
    records: Sequence[InspectionRecord],
    targets: Mapping[str, frozenset[Target]],
    judged: int,
    *,
    protected: Collection[str],
) -> Mapping[str, frozenset[Target]]:
    """By inspection the targets whose results no later one compares itself with.

    At least `judged` later ended inspections of that kind have looked at such a target; so whatever looks at it next
    finds as many in between. Target by target, or a site that left the registry would hold those of all the others.
    `protected` are left out (whole, or people built on them).
    """
    later: Counter[tuple[str, Target]] = Counter()
    found: dict[str, frozenset[Target]] = {}
    for record in sorted(records, key=lambda record: (record.started, record.id), reverse=True):
        own = targets.get(record.id, frozenset())
        if record.id not in protected:
            going = frozenset(target for target in own if later[record.kind, target] >= judged)
            if going:
                found[record.id] = going
        if record.ended is not None:
            later.update((record.kind, target) for target in own)
    return found
