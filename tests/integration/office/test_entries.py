"""Scores entered by hand: the sheet has the rows that are asked for, and what comes back counts or is refused by cell."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.integration.office.conftest import Xuncha, cards, filled

SHEET = "人工评分"
NAME = "录入.xlsx"


def rows(path: Path) -> list[dict[str, Any]]:
    """The form's rows by heading, with their numbers in the sheet."""
    page = openpyxl.load_workbook(path)[SHEET]
    headings = [str(cell.value) for cell in page[3]]
    return [
        {"row": number, **dict(zip(headings, values, strict=True))}
        for number, values in enumerate(page.iter_rows(min_row=4, values_only=True), start=4)
    ]


@pytest.fixture
def form(xuncha: Xuncha) -> Path:
    xuncha("manual", "sheet", NAME)
    return xuncha.folder / NAME


def test_the_sheet_asks_for_exactly_what_the_cards_leave_open(xuncha: Xuncha, form: Path) -> None:
    asked = {(row["对象标识"].split(" ", 1)[1], row["指标体系"], row["指标编号"]) for row in rows(form)}
    left = {
        (target, ruleset, trace["indicator"])
        for (target, ruleset), card in cards(xuncha).items()
        for trace in card["traces"]
        if trace["indicator"] in card["undetermined"] or trace["state"] in ("not-checked", "undetermined")
    }
    assert asked and asked == left


def test_what_comes_back_counts_with_reason_author_and_proof(xuncha: Xuncha, form: Path) -> None:
    before = cards(xuncha)
    chosen = next(row for row in rows(form) if row["取值"] != "是／否" and row["目前结果"].startswith("未检查"))
    most = chosen["取值"].split("～")[1]
    (xuncha.folder / "现场照片.jpg").write_bytes(b"a picture")
    filled(form, SHEET, chosen["row"], 录入值=float(most), 理由="查看现场", 录入人="王五", 证据文件="现场照片.jpg")
    told = json.loads(xuncha("manual", "import", NAME, "--json").stdout)
    assert [(one["value"], one["by"], one["file"]) for one in told["entered"]] == [(most, "王五", "现场照片.jpg")]
    assert told["entered"][0]["evidence"] == hashlib.sha256(b"a picture").hexdigest()
    key = (chosen["对象标识"].split(" ", 1)[1], chosen["指标体系"])
    trace = next(one for one in cards(xuncha)[key]["traces"] if one["indicator"] == chosen["指标编号"])
    assert float(trace["score"]) == float(most)
    assert "查看现场（王五，证据 现场照片.jpg）" in trace["note"]
    assert "没有新的录入" in xuncha("manual", "import", NAME).stdout
    again = next(row for row in rows_again(xuncha) if row["指标编号"] == chosen["指标编号"] and row["录入值"])
    assert (again["录入值"], again["理由"], again["录入人"]) == (most, "查看现场", "王五")
    words = ("--target", key[0], "--ruleset", key[1], "--reason", "录错对象", "--by", "王五")
    xuncha("manual", "withdraw", chosen["指标编号"], *words)
    assert cards(xuncha) == before
    assert "没有人工录入" in xuncha("manual", "withdraw", chosen["指标编号"], *words, code=2).stderr
    assert [one["value"] for one in json.loads(xuncha("manual", "list", "--json").stdout)] == [most, None]


def rows_again(xuncha: Xuncha) -> list[dict[str, Any]]:
    xuncha("manual", "sheet", "again.xlsx")
    return rows(xuncha.folder / "again.xlsx")


def test_a_sheet_with_faults_is_refused_whole_and_names_every_cell(xuncha: Xuncha, form: Path) -> None:
    scored = [row for row in rows(form) if row["取值"] != "是／否"]
    most = scored[0]["取值"].split("～")[1]
    filled(form, SHEET, scored[0]["row"], 录入值=float(most) + 1, 理由="高了", 录入人="王五")
    filled(form, SHEET, scored[1]["row"], 录入值="很好", 理由="", 录入人="")
    filled(form, SHEET, scored[2]["row"], 理由="没有分值")
    filled(form, SHEET, scored[3]["row"], 录入值=0, 理由="无", 录入人="王五", 证据文件="../外面.txt")
    filled(form, SHEET, scored[4]["row"], 录入值=0, 理由="无", 录入人="王五", 指标编号="Z9")
    filled(form, SHEET, scored[5]["row"], 录入值="=1+1", 理由="公式", 录入人="王五")
    said = xuncha("manual", "import", NAME, code=2).stderr
    assert "公式没有计算结果" in said
    filled(form, SHEET, scored[5]["row"], 录入值=None, 理由=None, 录入人=None)
    said = xuncha("manual", "import", NAME, code=2).stderr
    for number, column, reason in (
        (0, "录入值", f"不在 0 至 {most} 之间"),
        (1, "理由", "没有填写理由"),
        (1, "录入人", "没有填写录入人"),
        (1, "录入值", "应为数字"),
        (2, "录入值", "没有填录入值"),
        (3, "证据文件", "应放在本表所在的文件夹内"),
        (4, "指标编号", "没有这个指标"),
    ):
        place = f"第 {scored[number]['row']} 行，“{column}”列"
        assert any(place in line and reason in line for line in said.splitlines()), (place, reason, said)
    assert json.loads(xuncha("manual", "list", "--json").stdout) == []


def test_a_veto_is_decided_and_a_dimension_entered_as_a_whole(xuncha: Xuncha, form: Path) -> None:
    decided = next((row for row in rows(form) if row["取值"] == "是／否"), None)
    assert decided is not None
    target, ruleset = decided["对象标识"].split(" ", 1)[1], decided["指标体系"]
    signed = ("--reason", "现场核实", "--by", "王五")
    words = ("--target", target, "--ruleset", ruleset, *signed)
    xuncha("manual", "set", decided["指标编号"], "--value", "是", *words)
    card = cards(xuncha)[target, ruleset]
    assert card["vetoed"] and card["verdict"] == "不合格"
    assert "应为是或否" in xuncha("manual", "set", decided["指标编号"], "--value", "3", *words, code=2).stderr
    words = ("--target", target, "--ruleset", "ankang-2019-website", *signed)
    assert "不在 0 至" in xuncha("manual", "set", "A", "--value", "1000", *words, code=2).stderr
    xuncha("manual", "set", "A", "--value", "1.5", *words)
    whole = next(one for one in cards(xuncha)[target, "ankang-2019-website"]["traces"] if one["indicator"] == "A")
    assert float(whole["score"]) == 1.5
    assert "已整体录入" in xuncha("manual", "set", "A1", "--value", "1", *words, code=2).stderr
