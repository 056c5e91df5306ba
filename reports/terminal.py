"""What the command line tells: the ranking, and one site in a screenful. Plain lines where it is not a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from checks.model import Severity, State, Target
from reports.problems import InspectionView, Problem
from reports.ranking import PROVISIONAL, Ranking, Standing, rankings
from reports.scoresheet import state_label, sum_line
from reports.sharing import shared_faults
from reports.wording import clock, figure, printable, shortened
from scoring.model import Kind, Scorecard
from scoring.ranks import total

WORST = 10
"""Problems told of one site; the rest are counted."""


def tell_ranking(console: Console, view: InspectionView) -> None:
    """Print one ranking per ruleset: a table on a terminal, tab-separated lines with a heading line elsewhere."""
    every = rankings(view)
    for ranking in every:
        if console.is_terminal:
            console.print(ranking_table(ranking))
        else:
            _plain(console, ranking_lines(ranking))
    if any(ranking.is_provisional for ranking in every):
        _plain(console, (PROVISIONAL,))


def tell_shared(console: Console, view: InspectionView) -> None:
    """Print what several sites have in common (同一平台共性问题), a line each; nothing where they have nothing."""
    lines = shared_lines(view)
    if console.is_terminal:
        for line in lines:
            console.print(line, highlight=False)
    else:
        _plain(console, (line.plain for line in lines))


def shared_lines(view: InspectionView) -> tuple[Text, ...]:
    """The heading and a line for each fault that several sites show alike; empty where none is."""
    faults = shared_faults(view)
    if not faults:
        return ()
    rows = [
        _line(
            f"  {fault.title}（{fault.problem_url or fault.platform}）："
            f"{len(fault.sites)} 个网站、{fault.pages} 个页面，{shortened('、'.join(fault.sites), 120)}"
        )
        for fault in faults[:WORST]
    ]
    if len(faults) > WORST:
        rows.append(_line(f"  另有 {len(faults) - WORST} 项，见 report.html"))
    return (_line("同一平台共性问题：", "bold"), *rows)


def tell_target(console: Console, view: InspectionView, target: Target, reports: Sequence[Path] = ()) -> None:
    """Print one target: scores, vetoes, worst problems with addresses, what is not settled, where the reports lie.

    Raises LookupError where the view has no such target.
    """
    lines = target_lines(view, target, reports)
    if console.is_terminal:
        for line in lines:
            console.print(line, highlight=False)
    else:
        _plain(console, (line.plain for line in lines))


def ranking_table(ranking: Ranking) -> Table:
    """名次, 名称, 结论, 总分, 可得分 and the dimensions as a rich table; 名称 and 结论 alone without points."""
    table = Table(
        title=Text(printable(f"{ranking.title}（{ranking.version}）")), box=box.SIMPLE_HEAVY, title_justify="left"
    )
    for label in _labels(ranking):
        justify: Literal["left", "right"] = "left" if label in ("名称", "结论") else "right"
        table.add_column(Text(label), justify=justify, overflow="fold", no_wrap=label != "名称")
    for standing in ranking.standings:
        table.add_row(*map(Text, _cells(ranking, standing)), style="red" if standing.card.vetoed else "")
    return table


def ranking_lines(ranking: Ranking) -> tuple[str, ...]:
    """The same as lines of tab-separated fields, the title and the labels first."""
    rows = (_cells(ranking, standing) for standing in ranking.standings)
    return (
        printable(f"{ranking.title}（{ranking.ruleset} {ranking.version}）"),
        *("\t".join(cells) for cells in (_labels(ranking), *rows)),
    )


def target_lines(view: InspectionView, target: Target, reports: Sequence[Path] = ()) -> tuple[Text, ...]:
    """The lines of one target's summary, styled; nothing a page says reaches the terminal as a control sequence."""
    unit = next((unit for unit in view.units if any(item.target == target for item in unit.targets)), None)
    if unit is None:
        raise LookupError(f"{target.address} is not a target of inspection {view.id}")
    name = next(item.name for item in unit.targets if item.target == target)
    mine = [problem for problem in unit.problems if problem.target == target]
    confirmed = [problem for problem in mine if problem.state is State.FAIL]
    unsettled = [item for item in unit.unsettled if item.target == target and item.state is not State.NOT_CHECKED]
    lines = [
        _line(f"{name}　{target.address}", "bold"),
        _line(f"单位：{unit.name}　监测时间点：{clock(view.as_of)}"),
    ]
    for card in unit.scorecards:
        if card.target == target:
            lines += _score_lines(card)
    lines.append(
        _line(
            f"发现问题 {len(confirmed)} 项，待人工复核 {len(mine) - len(confirmed)} 项，未能判定 {len(unsettled)} 项",
            "bold",
        )
    )
    for number, problem in enumerate(mine[:WORST], start=1):
        lines += _problem_lines(number, problem)
    if len(mine) > WORST:
        lines.append(_line(f"  另有 {len(mine) - WORST} 项，见问题清单"))
    if unsettled:
        lines.append(_line("未能判定（不视为问题，也不视为没有问题）：", "bold"))
        lines += [_line(f"  {item.title}：{item.reason}") for item in unsettled]
    if reports:
        lines.append(_line("报告：", "bold"))
        lines += [_line(f"  {path}") for path in reports]
    return tuple(lines)


def _score_lines(card: Scorecard) -> Iterable[Text]:
    yield _line(f"{card.title}　{sum_line(card)}", "bold red" if card.vetoed else "bold")
    for trace in card.traces:
        if trace.kind is Kind.VETO and trace.state is State.FAIL:
            yield _line(f"  {state_label(trace)}：{trace.name}　{trace.arithmetic}", "red")
    for part in card.dimensions:
        yield _line(f"  {part.name}　{figure(part.score)} / {figure(part.attainable)}")


def _problem_lines(number: int, problem: Problem) -> Iterable[Text]:
    mark = "" if problem.severity is Severity.MINOR else f"【{problem.severity.label}】"
    review = "（待人工复核）" if problem.state is State.NEEDS_REVIEW else ""
    style = "red" if problem.severity is Severity.VETO else ""
    yield _line(f"{number:>3}. {mark}{problem.title}{review}：{shortened(problem.message, 200)}", style)
    yield _line(f"     页面 {shortened(problem.url, 200)}", "dim")
    if problem.problem_url:
        yield _line(f"     地址 {shortened(problem.problem_url, 200)}", "dim")


def _labels(ranking: Ranking) -> tuple[str, ...]:
    if not ranking.is_scored:
        return ("名称", "结论")
    return ("名次", "名称", "结论", "总分", "可得分", *(_field(name) for name in ranking.dimensions))


def _cells(ranking: Ranking, standing: Standing) -> tuple[str, ...]:
    card = standing.card
    if not ranking.is_scored:
        return (_field(card.name), _field(card.verdict))
    told = standing.rate is not None
    scores = {part.name: part.score for part in card.dimensions if part.attainable and told}
    return (
        standing.place,
        _field(card.name),
        _field(card.verdict),
        figure(total(card)),
        figure(card.attainable),
        *(figure(scores.get(name)) for name in ranking.dimensions),
    )


def _field(text: str) -> str:
    """Text on one line without tabs, for a cell."""
    return " ".join(printable(text).split())


def _line(text: str, style: str = "") -> Text:
    return Text(printable(text).replace("\n", " "), style=style)


def _plain(console: Console, lines: Iterable[str]) -> None:
    """Lines as they are: rich would fold them, cut them and turn tabs into spaces."""
    for line in lines:
        console.file.write(f"{line}\n")
