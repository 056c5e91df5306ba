"""A score in words: what an indicator asks, how its points were reckoned, and what they rest on.

Made from the trace and the results alone, so that whoever disputes a point reads the same sum that was done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from checks.model import CheckResult, Measurement, StampedFinding, State
from scoring.display import plain, shown
from scoring.model import Kind, Scorecard, ScoreTrace

SHOWN = 20
"""Findings that are told one by one; the rest are counted."""


class Part(Struct, frozen=True):
    """A heading and what stands under it, all in Chinese."""

    heading: str
    lines: tuple[str, ...]


def heading_apart(title: str) -> str:
    """What stands over the problems that only a ruleset's own thresholds make, by the ruleset's title."""
    return f"按〈{title}〉阈值另计的问题"


def trace_of(card: Scorecard, indicator: str) -> ScoreTrace | None:
    """The trace of an indicator by its id, or by its name where only one bears it; None where there is none."""
    by_id = [trace for trace in card.traces if trace.indicator == indicator]
    by_name = [trace for trace in card.traces if trace.name == indicator]
    found = by_id or by_name
    return found[0] if len(found) == 1 else None


def explain(
    card: Scorecard, trace: ScoreTrace, results: Sequence[CheckResult], titles: Mapping[str, str]
) -> tuple[Part, ...]:
    """One indicator of a card in words. `results` are those that the card was made from, `titles` the checks' names."""
    used = [result for result in results if result.check in trace.checks]
    known = {stamped.fingerprint: stamped for result in used for stamped in result.findings}
    apart = {stamped.fingerprint: stamped for stamped in trace.by_threshold}
    parts = [
        Part("对象", (f"{card.name}（{card.target.address}）",)),
        Part("指标体系", (f"{card.title}（{card.ruleset} 版本 {card.version}）",)),
        Part("指标", (_indicator(trace),)),
        Part("依据", (trace.clause or "未注明",)),
        Part("规则", (trace.rule,)),
        Part("计算", tuple(_reckoned(trace))),
        Part("结果", (_outcome(trace),)),
        Part("检查情况", tuple(line for result in used for line in _checked(result, titles))),
        Part("计入的问题", tuple(_counted([name for name in trace.findings if name not in apart], known))),
        Part(heading_apart(card.title), tuple(_counted([*apart], apart, "“另计问题”表"))),
        Part("说明", (trace.note,) if trace.note else ()),
    ]
    return tuple(part for part in parts if part.lines)


def _indicator(trace: ScoreTrace) -> str:
    where = f"{trace.dimension}，" if trace.dimension else ""
    worth = "不计分，触发即不合格" if trace.kind is Kind.VETO else f"满分 {plain(trace.points)} 分"
    return f"{trace.indicator} {trace.name}（{where}{trace.kind.label}，{worth}；数值{trace.provenance.label}）"


def _reckoned(trace: ScoreTrace) -> Iterator[str]:
    for name, value in trace.operands.items():
        yield f"{name}：{value if isinstance(value, str) else plain(value)}"
    if trace.arithmetic:
        yield f"算式：{trace.arithmetic}"


def _outcome(trace: ScoreTrace) -> str:
    if trace.kind is Kind.VETO:
        if trace.state in (State.PASS, State.FAIL):
            return "触发单项否决" if trace.state is State.FAIL else "未触发单项否决"
        return f"{trace.state.label}，不据此否决"
    if trace.score is None:
        return f"{trace.state.label}：不计分，其满分也不计入可得分"
    part = "" if trace.attainable == trace.points else f"（可得分 {plain(trace.attainable)}，其余未能判定的不计）"
    return f"得 {shown(trace.score)} 分{part}"


def _checked(result: CheckResult, titles: Mapping[str, str]) -> Iterator[str]:
    name = titles.get(result.check, result.check)
    yield f"{name}（{result.check}）：{result.state.label}。{result.summary}"
    for measured in result.measurements:
        yield f"　测量 {_measured(measured)}"
    if result.coverage.attempted:
        seen = f"访问 {result.coverage.attempted} 个地址，读到 {result.coverage.reached} 个"
        missed = [
            f"{words} {count} 个"
            for words, count in (
                ("被拦截或需登录", result.coverage.blocked),
                ("失败", result.coverage.failed),
                ("未能渲染", result.coverage.unrendered),
            )
            if count
        ]
        cut = [f"未采集完：{result.coverage.truncated_by}"] if result.coverage.truncated_by else []
        yield f"　采集范围 {'，'.join([seen, *missed, *cut])}"


def _measured(measured: Measurement) -> str:
    value = "未能测得" if measured.value is None else f"{_short(measured.value)}{measured.unit}"
    if measured.numerator is None or measured.denominator is None:
        return f"{measured.name}＝{value}"
    return f"{measured.name}＝{plain(measured.numerator)} ÷ {plain(measured.denominator)}＝{value}"


def _short(value: Decimal) -> str:
    """Four decimals where there are more; the fraction beside it is exact."""
    return plain(value) if value == round(value, 4) else f"约 {round(value, 4)}"


def _counted(findings: Sequence[str], known: Mapping[str, StampedFinding], where: str = "问题清单") -> Iterator[str]:
    for number, fingerprint in enumerate(findings[:SHOWN], start=1):
        stamped = known.get(fingerprint)
        if stamped is None:
            yield f"{number}. 问题 {fingerprint[:12]}（已不在本次结果中）"
            continue
        place = stamped.finding.problem_url or stamped.finding.url
        yield f"{number}. {stamped.finding.message}（{place}）"
    if len(findings) > SHOWN:
        yield f"……另有 {len(findings) - SHOWN} 项，见{where}"
