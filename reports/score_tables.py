"""评分 and 排名 as annexes: one a ruleset, counties and departments apart.

The layout is that of the printed circulars (安政办函〔2018〕50号, 〔2020〕10号): 序号, name, one column a dimension
with its maximum, 总得分; words stand over merged cells in place of scores. 得分率 is added where not all could be
determined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from msgspec.structs import replace

from checks.model import State, Subject, Target
from reports.papers import numeral
from reports.problems import InspectionView
from reports.ranking import PROVISIONAL, Ranking, Standing, rankings
from reports.tables import Annex, Cell, Column, Sheet, Span
from reports.wording import figure, rounded
from scoring.model import Kind, Scorecard
from scoring.verdict import QUALIFIED, SCORED, UNDETERMINED, UNQUALIFIED

_COUNTY = ("county", "district-agency")
"""县（区）级 as the printed circulars have it, 派出机构 among them; all other units are 部门."""
_PLAIN = (QUALIFIED, UNQUALIFIED, UNDETERMINED, SCORED)
_MOST_DIGITS = 6
_DECIMALS = 10
"""Beyond these two totals do not differ: sums of thirds are not exact."""
RATE = "得分率（%）"
_SUBJECTS = {"site": "网站", "wechat": "政务微信", "weibo": "政务微博", "app": "移动客户端", "unit": "单位"}


def annexes(view: InspectionView) -> Iterator[Annex]:
    """One annex a ruleset, in the order of the view."""
    every = rankings(view)
    titles = Counter(map(_title, every))
    for whole in every:
        groups = list(_groups(view, whole))
        apart = len(groups) > 1
        tables = tuple(
            _table(ranking, f"（{numeral(place)}）{level}" if apart else "", level if apart else "")
            for place, (level, ranking) in enumerate(groups, start=1)
        )
        title = _title(whole)
        named = title if titles[title] == 1 else f"{title}（{whole.title}）"
        by_rate = any(column.head == RATE for table in tables for column in table.columns)
        yield Annex(named, tables, tuple(_notes(whole, by_rate=by_rate)))


def _title(ranking: Ranking) -> str:
    subject = _subject(ranking)
    judged = not ranking.is_scored or any(
        line.card.verdict in (QUALIFIED, UNQUALIFIED) or line.card.vetoes for line in ranking.standings
    )
    return f"{'政府网站' if subject == '网站' else subject}{'检查结果' if judged else '绩效评估结果'}"


def _groups(view: InspectionView, whole: Ranking) -> Iterator[tuple[str, Ranking]]:
    """The ruleset's ranking within each level that has a target."""
    for level, of_counties in (("县（区）", True), ("部门", False)):
        units = tuple(unit for unit in view.units if (unit.kind in _COUNTY) is of_counties)
        for ranking in rankings(replace(view, units=units)):
            if (ranking.ruleset, ranking.version) == (whole.ruleset, whole.version):
                yield level, ranking


def _subject(ranking: Ranking) -> str:
    """网站, 政务微信 …: what most of its cards are about."""
    kinds = Counter(
        card.target.address.partition(":")[0] if card.target.kind is Subject.ACCOUNT else card.target.kind.value
        for card in (line.card for line in ranking.standings)
    )
    return _SUBJECTS.get(kinds.most_common(1)[0][0], "政务新媒体")


def _table(ranking: Ranking, caption: str, level: str) -> Sheet:
    subject = _subject(ranking)
    short = f"{subject} {ranking.ruleset.removeprefix('cn-')} {level}".strip()[:31]
    names = _names(ranking)
    if not ranking.is_scored:
        columns = (Column("序号", 6), Column(f"{subject}名称", 30), Column("结果", 12), Column("说明", 50))
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (number, names[line.card.target], line.card.verdict, line.card.verdict_note or "—")
            for number, line in enumerate(ranking.standings, start=1)
        )
        return Sheet(caption, short, columns, rows)
    shown = [line for line in ranking.standings if line.rate is not None or line.card.vetoed]
    left = [line for line in ranking.standings if line not in shown]
    layout = _Layout(ranking, shown, subject)
    rows = tuple(layout.row(line, names[line.card.target]) for line in shown)
    untold = (f"未能判定，不参加排名：{'、'.join(names[line.card.target] for line in left)}。",) if left else ()
    return Sheet(caption, short, layout.columns, rows, untold)


class _Layout:
    """The columns of one score table, and its rows by them."""

    def __init__(self, ranking: Ranking, shown: Sequence[Standing], subject: str) -> None:
        cards = [line.card for line in shown] or [line.card for line in ranking.standings]
        self._deducts = any(trace.kind is Kind.DEDUCTION for card in cards for trace in card.traces)
        self._adds = any(trace.kind is Kind.BONUS for card in cards for trace in card.traces)
        self._judges = any(card.verdict in (QUALIFIED, UNQUALIFIED) for card in cards)
        ranked = [line for line in shown if line.rank is not None]
        self.by_rate = any(line.card.attainable != line.card.maximum for line in ranked) or not _told_apart(
            [rounded(line.card.total, _DECIMALS) for line in ranked], 2
        )
        rates = [(line.rate or Decimal(0)) * 100 for line in ranked]
        self._digits = next((digits for digits in range(2, _MOST_DIGITS) if _told_apart(rates, digits)), _MOST_DIGITS)
        maxima = {part.name: part.maximum for card in cards for part in card.dimensions}
        self._dimensions = ranking.dimensions
        self.columns = (
            Column("序号", 7 if ranking.is_provisional else 6),
            Column(f"{subject}名称", 26),
            *(Column(f"{name} ({_plain(maxima[name])})", 9, "number") for name in self._dimensions),
            *((Column("得分", 8, "number"),) if self._deducts or self._adds else ()),
            *((Column("扣分项", 8, "number"),) if self._deducts else ()),
            *((Column("加分项", 8, "number"),) if self._adds else ()),
            Column("总得分", 9, "number"),
            *((Column("可得分", 9, "number"), Column(RATE, 9, "number")) if self.by_rate else ()),
            *((Column("结果", 10, "number"),) if self._judges else ()),
        )

    def row(self, line: Standing, name: str) -> tuple[Cell, ...]:
        """The target's row: figures, or words over the columns in place of them."""
        card = line.card
        sums = 1 + self._deducts + self._adds if self._deducts or self._adds else 0
        between = len(self._dimensions) + sums
        tail: list[Cell] = [card.total]
        if self.by_rate:
            rate = rounded((line.rate or Decimal(0)) * 100, self._digits)
            tail += [card.attainable, rate if self._digits == 2 else f"{rate:f}"]
        if card.vetoed:
            held = "、".join(trace.name for trace in card.vetoes if trace.state is State.FAIL)
            words = Span(f"单项否决，不计分：{held}" if held else "单项否决，不计分", between)
            tail = ["—"] * len(tail)
            return line.place, name, words, *tail, *self._result(card)
        scores: list[Cell] = []
        parts = {part.name: part for part in card.dimensions}
        gated = {part for part in parts if _is_gated(card, part)}
        for name_ in self._dimensions:
            part = parts.get(name_)
            if gated and set(self._dimensions[len(scores) :]) <= gated:
                return line.place, name, *scores, Span(card.verdict, between - len(scores)), *tail, *self._result(card)
            scores.append(part.score if part and (part.attainable or part.score) else "—")
        return line.place, name, *scores, *self._sums(card), *tail, *self._result(card)

    def _sums(self, card: Scorecard) -> tuple[Cell, ...]:
        if not (self._deducts or self._adds):
            return ()
        subtotal = sum((part.score for part in card.dimensions), Decimal(0))
        return (
            subtotal,
            *((-_summed(card, Kind.DEDUCTION),) if self._deducts else ()),
            *((_summed(card, Kind.BONUS),) if self._adds else ()),
        )

    def _result(self, card: Scorecard) -> tuple[Cell, ...]:
        return (card.verdict,) if self._judges else ()


def _notes(ranking: Ranking, *, by_rate: bool) -> Iterator[str]:
    """What is to be known of all tables of a ruleset."""
    yield f"指标体系：{ranking.title}。"
    if by_rate:
        yield (
            "未能判定、不适用和未检查的指标不计入可得分，按得分率（总得分÷可得分）排名；“—”表示该项没有可计分的指标。"
        )
    if ranking.is_provisional:
        yield PROVISIONAL
    assumed = max((line.card.assumed_points for line in ranking.standings), default=Decimal(0))
    if assumed:
        yield f"满分中至多有 {figure(assumed)} 分的分值由检查系统暂定，有待主管单位确认。"


def _names(ranking: Ranking) -> dict[Target, str]:
    """The targets' names; where two are called the same the address tells them apart."""
    cards = [line.card for line in ranking.standings]
    times = Counter(card.name for card in cards)
    return {
        card.target: card.name if times[card.name] == 1 else f"{card.name}（{card.target.address}）" for card in cards
    }


def _told_apart(values: Sequence[Decimal], digits: int) -> bool:
    """Values that differ are printed differently with so many decimals."""
    return all(one == two or rounded(one, digits) != rounded(two, digits) for one, two in pairwise(values))


def _is_gated(card: Scorecard, dimension: str) -> bool:
    """The dimension does not count, because of what the card says in words (开通认证但未正常运营)."""
    own = [trace for trace in card.traces if trace.dimension == dimension]
    return (
        card.verdict not in _PLAIN
        and bool(own)
        and all(trace.state is State.FAIL and trace.arithmetic.startswith(card.verdict) for trace in own)
    )


def _summed(card: Scorecard, kind: Kind) -> Decimal:
    return sum((trace.score for trace in card.traces if trace.kind is kind and trace.score is not None), Decimal(0))


def _plain(value: Decimal) -> str:
    """A maximum as circulars print it: 40, not 40.00."""
    return f"{value.normalize():f}"
