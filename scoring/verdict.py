"""The verdict over the whole: 合格, 不合格, 未能判定, or the ruleset's own words. What is not known decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from checks.model import State
from scoring.display import shown
from scoring.evidence import OPEN
from scoring.model import ScoreTrace
from scoring.ranks import is_told
from scoring.ruleset import Gate, Ruleset

QUALIFIED = "合格"
UNQUALIFIED = "不合格"
UNDETERMINED = "未能判定"
SCORED = "已评分"


class Standing(Struct, frozen=True):
    """The total before bonuses and how far what is open could move it.

    `reach` is the denominator once all that is open were settled; points that do not apply are not in it.
    """

    base: Decimal
    unsettled: Decimal
    unsettled_deductions: Decimal
    reach: Decimal

    @property
    def best(self) -> Decimal:
        """The total if all that is open turned out well."""
        return self.base + self.unsettled

    @property
    def worst(self) -> Decimal:
        """The total if all that is open turned out badly."""
        return self.base - self.unsettled_deductions

    def surely_from(self, line: Decimal, maximum: Decimal) -> bool:
        """At or over the line whatever is open; the line stands on `maximum` and moves with the denominator."""
        return self.reach > 0 and self.worst * maximum >= line * self.reach

    def surely_over(self, line: Decimal, maximum: Decimal) -> bool:
        """Over the line whatever is open."""
        return self.reach > 0 and self.worst * maximum > line * self.reach

    def surely_below(self, line: Decimal, maximum: Decimal) -> bool:
        """Below the line even if all that is open turned out well."""
        return self.reach > 0 and self.best * maximum < line * self.reach

    def never_over(self, line: Decimal, maximum: Decimal) -> bool:
        """Not over the line even if all that is open turned out well."""
        return self.reach == 0 or self.best * maximum <= line * self.reach


def reached(ruleset: Ruleset, vetoes: Sequence[ScoreTrace], gate: Gate | None, standing: Standing) -> tuple[str, str]:
    """The verdict and why: vetoes first, then a gate's words, then the line, where the ruleset has one."""
    held = [veto for veto in vetoes if veto.state is State.FAIL]
    if held:
        return UNQUALIFIED, "、".join(f"{veto.indicator} {veto.name}" for veto in held)
    if gate:
        return gate.words, gate.rule
    line = ruleset.qualified_from
    maximum = ruleset.maximum.value
    if line and standing.surely_below(line.value.value, maximum):
        return UNQUALIFIED, _below(standing, line.value.value, maximum)
    waiting = [f"{veto.indicator} {veto.name}（{veto.state.label}）" for veto in vetoes if veto.state in OPEN]
    if waiting:
        return UNDETERMINED, f"否决指标尚未判定：{'、'.join(waiting)}"
    if line and standing.reach > 0 and not standing.surely_from(line.value.value, maximum):
        return UNDETERMINED, (
            f"已判定部分得 {shown(standing.base)} 分，另有 {shown(standing.unsettled)} 分未能判定，"
            f"尚不能确定是否达到 {shown(line.value.value)} 分"
        )
    if line or (vetoes and not ruleset.dimensions):
        return QUALIFIED, ""
    told = standing.reach - standing.unsettled
    if is_told(told, maximum):
        return SCORED, f"另有 {shown(standing.unsettled)} 分未能判定" if standing.unsettled else ""
    if told:
        return UNDETERMINED, f"得到判定的只有 {shown(told)} 分，不足满分的十分之一，不评分"
    return UNDETERMINED, "没有一项指标得到判定"


def _below(standing: Standing, line: Decimal, maximum: Decimal) -> str:
    scale = f"（不适用 {shown(maximum - standing.reach)} 分，合格线按比例折算）" if standing.reach != maximum else ""
    if standing.unsettled:
        best = f"未能判定的 {shown(standing.unsettled)} 分即使全得，也只有 {shown(standing.best)} 分"
        return f"{best}，低于 {shown(line)} 分{scale}"
    return f"{shown(standing.base)} 分，低于 {shown(line)} 分{scale}"
