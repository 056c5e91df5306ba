"""Ranks: by rate, shared where equal, none for what is vetoed or unknown."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from openpyxl import load_workbook

from checks.model import Subject, Target
from reports import flat, html, records, terminal, xlsx
from reports.annexes import annexes
from reports.problems import InspectionView
from reports.ranking import PROVISIONAL, rankings
from scoring.model import DimensionScore, Scorecard
from tests.unit.reports import sample


def _card(code: str, total: str, attainable: str, *, vetoed: bool = False, maximum: str = "100") -> Scorecard:
    return Scorecard(
        Target(code, f"http://{code}.example/", Subject.SITE), code, "r", "1", "体系", "合格", Decimal(total),
        Decimal(attainable), Decimal(maximum), Decimal(0), (), (), (), vetoed,
    )  # fmt: skip


def _ranked(*cards: Scorecard) -> list[tuple[str, int | None]]:
    view = sample.view()
    units = (replace(view.units[0], scorecards=cards),)
    (ranking,) = rankings(replace(view, rulesets=(), units=units))
    return [(line.card.name, line.rank) for line in ranking.standings]


def test_equal_rates_share_a_rank_and_the_next_one_is_skipped() -> None:
    cards = [_card(code, total, "100") for code, total in (("a", "71"), ("b", "90"), ("c", "71"), ("d", "60"))]
    assert _ranked(*cards) == [("b", 1), ("a", 2), ("c", 2), ("d", 4)]


def test_what_was_not_determined_does_not_lower_a_place() -> None:
    assert _ranked(_card("a", "80", "100"), _card("b", "60", "70")) == [("b", 1), ("a", 2)]


def test_rates_are_compared_exactly() -> None:
    assert _ranked(_card("a", "71.0001", "100"), _card("b", "71.0002", "100")) == [("b", 1), ("a", 2)]


def test_vetoed_and_unknown_stand_last_without_a_rank() -> None:
    assert _ranked(_card("a", "0", "0"), _card("b", "99", "100", vetoed=True), _card("c", "10", "100")) == [
        ("c", 1), ("b", None), ("a", None),
    ]  # fmt: skip


def test_a_ruleset_of_vetoes_alone_has_no_ranks() -> None:
    none: dict[str, Any] = {"total": "0", "attainable": "0", "maximum": "0"}
    assert _ranked(_card("a", vetoed=True, **none), _card("b", **none)) == [("b", None), ("a", None)]


def test_what_was_hardly_told_has_no_rank() -> None:
    """A site that never opened, of which its name alone could be judged, is not the last of all."""
    assert _ranked(_card("a", "0", "9.99"), _card("b", "4", "10"), _card("c", "20", "80")) == [
        ("b", 1),
        ("c", 2),
        ("a", None),
    ]


def test_a_target_of_which_next_to_nothing_was_told_has_no_score_anywhere(tmp_path: Path) -> None:
    """A site that never opened: its name could be judged, and failed. It is 未能判定 and nowhere nought points."""
    part = DimensionScore("平台建设", Decimal(100), Decimal(3), Decimal(0))
    dark = replace(_card("dark", "0", "3"), verdict="未能判定", name="打不开的网站", dimensions=(part,))
    open_ = replace(_card("open", "80", "100"), dimensions=(replace(part, attainable=Decimal(100), score=Decimal(80)),))
    unit = replace(sample.view().units[0], scorecards=(dark, open_), problems=(), unsettled=())
    view = replace(sample.view(), rulesets=(), units=(unit,))
    (ranking,) = rankings(view)
    row = next(line for line in terminal.ranking_lines(ranking) if "打不开" in line)
    assert row.split("\t") == ["—", "打不开的网站", "未能判定", "—", "3.00", "—"]
    page = html.render(view)
    row = page[page.index("打不开的网站") :].partition("</tr>")[0]
    assert "未能判定" in row and "0.00" not in row.replace("3.00", "")
    said = page[page.index("评分表：打不开的网站") :]
    assert '<span class="points">不评分 ' in said
    assert [(one["total"], one["rank"], one["verdict"]) for one in records.scores(view)] == [
        (None, None, "未能判定"), (80, 1, "合格"),
    ]  # fmt: skip
    flat.write_scores(view, tmp_path / "scores.csv")
    with (tmp_path / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        totals = [row for row in csv.DictReader(file) if not row["dimension"]]
    assert [(row["verdict"], row["score"], row["rank"]) for row in totals] == [
        ("未能判定", "", ""),
        ("合格", "80", "1"),
    ]
    xlsx.write(view, unit, tmp_path / "x.xlsx")
    page_of = load_workbook(tmp_path / "x.xlsx")["评分表"]
    sums = [row[3].value for row in page_of.iter_rows() if row[0].value == "总分"]
    assert sums == ["—", 80]
    assert any("未能判定　不评分（可得分 3.00" in str(cell.value) for cell in page_of["A"])
    (table,) = annexes(view)[0].tables
    assert not any("打不开" in str(cell) for line in table.rows for cell in line)
    assert table.notes == ("未能判定，不参加排名：打不开的网站。",)


def test_one_ranking_per_ruleset_in_the_order_of_the_view(view: InspectionView) -> None:
    found = rankings(view)
    assert [ranking.ruleset for ranking in found] == [sample.WEBSITE, sample.NEWMEDIA]
    assert [ranking.is_scored for ranking in found] == [True, False]
    assert found[0].dimensions == ("政府信息公开", "解读回应参与", "服务公开", "平台建设", "制度建设与组织保障")


def test_a_place_by_less_than_half_of_the_points_is_provisional() -> None:
    cards = (_card("a", "30", "30"), _card("b", "45", "50"), _card("c", "20", "20", vetoed=True))
    units = (replace(sample.view().units[0], scorecards=cards),)
    view = replace(sample.view(), rulesets=(), units=units)
    (ranking,) = rankings(view)
    assert [(line.card.name, line.place) for line in ranking.standings] == [("a", "暂列1"), ("b", "2"), ("c", "—")]
    assert ranking.is_provisional and PROVISIONAL in html.render(view)
    (whole,) = rankings(replace(view, units=(replace(units[0], scorecards=cards[1:]),)))
    assert not whole.is_provisional
    assert PROVISIONAL not in html.render(replace(view, units=(replace(units[0], scorecards=cards[1:]),)))
