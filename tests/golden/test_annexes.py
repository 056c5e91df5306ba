"""The annexes that we write print the published tables again, row for row, and pass our own check of circulars."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from pathlib import Path

import pytest

from checks.model import Subject
from crawler.facts import BEIJING
from reports import annex_book, flat, html, records
from reports.annexes import annexes
from reports.circular import CIRCULAR, context
from reports.papers import Papers
from reports.problems import InspectionView, NamedTarget, RulesetRef, unit_problems
from reports.ranking import rankings
from reports.tables import words
from reports.terminal import ranking_lines
from reports.word import Template
from scheduler.adoption_form import read as read_adoptions
from scoring.circulars.checking import checked
from scoring.circulars.reading import read
from scoring.circulars.table import Kind
from scoring.circulars.words import name_of
from tests.golden.test_circulars import FOLDER, NOT_PARTS, TABLES, cards, printed

AT = datetime(2018, 2, 8, tzinfo=BEIJING)
PRINTED_AS_TOTALLED = [table for table in TABLES if table != "2019-wechat-department"]


def viewed(table: str) -> InspectionView:
    """The table's rows as units of one inspection, scored by the printed dimension scores."""
    scored = cards(table)
    kind = "county" if table.endswith("county") else "department"
    units = tuple(
        unit_problems(
            f"{number:03}", card.name, [NamedTarget(card.target, card.name)], (), [card],
            checks={}, history={}, as_of=AT, kind=kind,
        )
        for number, (_, card) in enumerate(scored)
    )  # fmt: skip
    first = scored[0][1]
    ruleset = RulesetRef(first.ruleset, first.version, first.title)
    return InspectionView("g", "绩效评估", "on-demand", AT, AT, AT, (ruleset,), "", units)


def written(view: InspectionView, folder: Path, form: str) -> Path:
    made = annexes(view)
    if form == "xlsx":
        annex_book.write(view, made, folder / "annex.xlsx")
        return folder / "annex.xlsx"
    Template(CIRCULAR, None).render(context(view, Papers(), made), folder / CIRCULAR, title="", made=AT, annexes=made)
    return folder / CIRCULAR


@pytest.mark.parametrize("form", ["xlsx", "docx"])
@pytest.mark.parametrize("table", PRINTED_AS_TOTALLED)
def test_the_published_rows_come_out_and_pass_the_check(table: str, form: str, tmp_path: Path) -> None:
    report = checked(read(written(viewed(table), tmp_path, form)))
    assert {one.kind for one in report.discrepancies} <= {Kind.ROUNDING}
    rows = {row.unit: row.cells for row in report.tables[0].rows}
    heads = [column.head for column in report.tables[0].columns]
    assert len(rows) == len(printed(table))
    for row in printed(table):
        cells = dict(zip(heads, rows[name_of(row["名称"])], strict=True))
        parts = [head for head in row if head not in NOT_PARTS and row[head]]
        assert [cells[head] for head in parts] == [row[head] for head in parts]
        assert abs(float(cells["总得分"]) - float(row["总得分"])) < 0.011
        if row.get("情形"):
            assert row["情形"] in cells.values()
        if "扣分项" in row:
            assert (cells["得分"], cells["扣分项"]) == (row["得分"], row["扣分项"])


@pytest.mark.parametrize("form", ["xlsx", "docx"])
@pytest.mark.parametrize("table", PRINTED_AS_TOTALLED)
def test_equal_scores_are_ranked_as_the_rulesets_tables_print_them(table: str, form: str, tmp_path: Path) -> None:
    report = checked(read(written(viewed(table), tmp_path, form)))
    told = {row.unit: row.cells[0] for row in report.tables[0].rows}
    assert told == {name_of(row["名称"]): row["序号"] for row in printed(table)}


def test_every_export_ranks_in_the_style_of_its_ruleset(tmp_path: Path) -> None:
    for table in ("2017-newmedia-county", "2019-weibo-department"):
        view, ranks = viewed(table), [int(row["序号"]) for row in printed(table)]
        (ranking,) = rankings(view)
        assert [line.split("\t")[0] for line in ranking_lines(ranking)[2:]] == [str(rank) for rank in ranks]
        assert [record["rank"] for record in records.scores(view)] == ranks
        flat.write_scores(view, tmp_path / "scores.csv")
        with (tmp_path / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
            assert [int(row["rank"]) for row in csv.DictReader(file) if row["rank"]] == ranks
        page = html.render(view)
        assert re.findall(r'<td class="rank">(\d+)</td>', page) == [str(rank) for rank in ranks]
        assert ("得分率相同的依次编号" if "2017" in table else "得分率相同的名次相同") in page


def test_the_heads_are_the_printed_ones() -> None:
    (annex,) = annexes(viewed("2019-website-county"))
    assert [column.head for column in annex.tables[0].columns] == [
        "序号", "网站名称", "政府信息公开 (40)", "解读回应参与 (10)", "服务公开 (20)", "平台建设 (20)",
        "制度建设与组织保障 (10)", "总得分",
    ]  # fmt: skip
    assert viewed("2019-website-county").units[0].targets[0].target.kind is Subject.SITE


def test_the_published_counts_come_out(tmp_path: Path) -> None:
    counts = read_adoptions(FOLDER / "2019-adoptions.csv")
    with (FOLDER / "2019-adoptions.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["序号"], row["单位名称"], row["采用量"]) for row in csv.DictReader(file)]
    made = annexes(viewed("2019-website-county"), counts)
    (table,) = made[-1].tables
    halves = [[tuple(words(cell) for cell in row[at : at + 3]) for row in table.rows] for at in (0, 3)]
    assert [cells for half in halves for cells in half if any(cells)] == rows
    annex_book.write(viewed("2019-website-county"), made, tmp_path / "annex.xlsx")
    report = checked(read(tmp_path / "annex.xlsx"))
    assert {one.kind for one in report.discrepancies} <= {Kind.ROUNDING}
    assert len(report.tables[-1].rows) == len(rows) == 48
