"""The laws a ruleset must obey beyond its shape: known checks, sums that close, caps that hold."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from scoring.display import plain
from scoring.errors import Refusal
from scoring.indicators import AnyIndicator, Bonus, Condition, Deduct, Deduction, Item, Part, Presence, Ratio, Veto
from scoring.indicators import RatioIndicator as RatioKind

if TYPE_CHECKING:
    from scoring.ruleset import Gate, Ruleset

Breach = tuple[str, str]
"""Where in the file, and why."""


def refusals(ruleset: Ruleset, known_checks: frozenset[str], file: str) -> Iterator[Refusal]:
    """Every breach as a refusal, in the order of the file."""
    breaches = (
        *_dates(ruleset),
        *_ids(ruleset),
        *_applies(ruleset),
        *_sums(ruleset),
        *_indicators(ruleset),
        *_gates(ruleset),
        *_bonuses(ruleset),
        *_checks(ruleset, known_checks),
    )
    return (Refusal(file, where, reason) for where, reason in breaches)


def _name(indicator: AnyIndicator | Gate) -> str:
    name = indicator.words if not hasattr(indicator, "name") else indicator.name
    return f"{indicator.id} {name}"


def _total(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


def _dates(ruleset: Ruleset) -> Iterator[Breach]:
    if ruleset.effective.until and ruleset.effective.until < ruleset.effective.since:
        yield "effective", "until 早于 since"


def _ids(ruleset: Ruleset) -> Iterator[Breach]:
    seen: set[str] = set()
    ids = [dimension.id for dimension in ruleset.dimensions]
    ids += [gate.id for gate in ruleset.gates]
    ids += [indicator.id for _, indicator in ruleset.indicators()]
    for identity in ids:
        if identity in seen:
            yield identity, f"编号“{identity}”出现两次"
        seen.add(identity)


def _applies(ruleset: Ruleset) -> Iterator[Breach]:
    applies = ruleset.applies_to
    if stray := set(applies.scored) - set(applies.kinds):
        yield "applies_to", f"scored 中的“{'、'.join(sorted(stray))}”不在 kinds 之列"


def _sums(ruleset: Ruleset) -> Iterator[Breach]:
    total = _total(dimension.points.value for dimension in ruleset.dimensions)
    if total != ruleset.maximum.value:
        yield "dimensions", f"各一级指标合计 {plain(total)} 分，不等于满分 {plain(ruleset.maximum.value)} 分"
    for dimension in ruleset.dimensions:
        points = _total(indicator.points.value for indicator in dimension.indicators)
        if points != dimension.points.value:
            where = f"{dimension.id} {dimension.name}"
            yield where, f"二级指标合计 {plain(points)} 分，不等于 {plain(dimension.points.value)} 分"


def _indicators(ruleset: Ruleset) -> Iterator[Breach]:
    for _, indicator in ruleset.indicators():
        where = _name(indicator)
        if isinstance(indicator, Veto):
            yield from _veto(where, indicator)
            continue
        points = indicator.points.value
        if points == 0:
            yield where, "分值为 0"
        if isinstance(indicator, Deduct | Deduction):
            ceiling = indicator.ceiling if isinstance(indicator, Deduct) else points
            if ceiling > points:
                yield where, f"扣分上限 {plain(ceiling)} 高于分值 {plain(points)}"
            yield from _items(where, indicator.items, ceiling)
        if isinstance(indicator, Presence) or (isinstance(indicator, Bonus) and indicator.parts):
            yield from _parts(where, indicator.parts, points)
        if isinstance(indicator, RatioKind) or (isinstance(indicator, Bonus) and indicator.ratio):
            yield from _tiers(where, indicator.ratio, points)
        if isinstance(indicator, Bonus) and indicator.parts and indicator.ratio:
            yield where, "parts 与 ratio 只能有一个"


def _items(where: str, items: tuple[Item, ...], ceiling: Decimal) -> Iterator[Breach]:
    for item in items:
        if item.per_item.value == 0:
            yield where, f"“{item.label}”每处扣 0 分"
        if item.per_item.value > ceiling:
            yield where, f"扣分上限 {plain(ceiling)} 低于“{item.label}”每处扣分 {plain(item.per_item.value)}"
    yield from _labels(where, [item.label for item in items])


def _labels(where: str, labels: list[str]) -> Iterator[Breach]:
    for label in sorted({label for label in labels if labels.count(label) > 1}):
        yield where, f"名称“{label}”出现两次"


def _parts(where: str, parts: tuple[Part, ...], points: Decimal) -> Iterator[Breach]:
    total = _total(part.points.value for part in parts)
    if total != points:
        yield where, f"各部分合计 {plain(total)} 分，不等于 {plain(points)} 分"
    yield from _labels(where, [part.label for part in parts])


def _tiers(where: str, ratio: Ratio | None, points: Decimal) -> Iterator[Breach]:
    tiers = ratio.tiers if ratio else ()
    steps = [(tier.at_least.value, tier.points.value) for tier in tiers]
    if any(lower[0] >= upper[0] or lower[1] >= upper[1] for upper, lower in pairwise(steps)):
        yield where, "各档须从高到低排列，分值随之递减"
    if steps and steps[0][1] != points:
        yield where, f"最高档 {plain(steps[0][1])} 分，不等于分值 {plain(points)} 分"


def _veto(where: str, veto: Veto) -> Iterator[Breach]:
    if not veto.any and not veto.manual:
        yield where, "没有否决条件；由人工判定的须写明 manual: true"
    yield from _conditions(where, veto.any)


def _conditions(where: str, conditions: tuple[Condition, ...]) -> Iterator[Breach]:
    for condition in conditions:
        if bool(condition.of) == bool(condition.share):
            yield where, f"条件“{condition.label}”须有 of 或 share 之一"
        if condition.of and (condition.at_least is None or condition.at_least.value < 1):
            yield where, f"条件“{condition.label}”的 at_least 须不小于 1"
        if condition.share and condition.at_least is not None:
            yield where, f"条件“{condition.label}”的 at_least 须写在 share 之内"


def _gates(ruleset: Ruleset) -> Iterator[Breach]:
    known = {dimension.id for dimension in ruleset.dimensions}
    for gate in ruleset.gates:
        if stray := set(gate.counts) - known:
            yield _name(gate), f"counts 中没有这样的一级指标：{'、'.join(sorted(stray))}"
        yield from _conditions(_name(gate), gate.any)


def _bonuses(ruleset: Ruleset) -> Iterator[Breach]:
    if not ruleset.bonuses:
        return
    cap = ruleset.bonuses.cap.value
    for bonus in ruleset.bonuses.indicators:
        if bonus.points.value > cap:
            yield _name(bonus), f"加分上限 {plain(cap)} 低于该项分值 {plain(bonus.points.value)}"
    if _total(bonus.points.value for bonus in ruleset.bonuses.indicators) < cap:
        yield "bonuses", f"各加分项合计不足加分上限 {plain(cap)} 分"


def _checks(ruleset: Ruleset, known: frozenset[str]) -> Iterator[Breach]:
    for gate in ruleset.gates:
        yield from ((_name(gate), _unknown(check, known)) for check in gate.checks if check not in known)
    for _, indicator in ruleset.indicators():
        yield from ((_name(indicator), _unknown(check, known)) for check in indicator.checks if check not in known)
    yield from (("thresholds", _unknown(check, known)) for check in ruleset.thresholds if check not in known)


def _unknown(check: str, known: frozenset[str]) -> str:
    near = difflib.get_close_matches(check, sorted(known), n=1)
    return f"没有检查项“{check}”" + (f"，是否为“{near[0]}”" if near else "")
