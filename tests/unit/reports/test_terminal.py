"""What the command line tells, on a terminal and into a pipe."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.console import Console

from checks.model import Subject, Target
from reports import terminal
from reports.problems import InspectionView
from tests.unit.reports import sample


def _piped() -> Console:
    return Console(file=io.StringIO(), force_terminal=False, width=80)


def _screen() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=140, color_system="standard")


def _said(console: Console) -> str:
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_ranking_into_a_pipe_is_tab_separated_and_uncut(view: InspectionView) -> None:
    console = _piped()
    terminal.tell_ranking(console, view)
    lines = _said(console).splitlines()
    assert "\x1b" not in _said(console)
    assert lines[0] == "临江市政府网站绩效评估指标（网站类）（city-2019-website 2026.1）"
    assert lines[1].split("\t")[:5] == ["名次", "名称", "结论", "总分", "可得分"]
    assert lines[2].split("\t") == [
        "1", "云溪县人民政府网站", "合格", "93.00", "100.00", "39.00", "9.00", "18.67", "16.33", "10.00",
    ]  # fmt: skip
    assert lines[7].split("\t")[:3] == ["—", "临江市教育局/体育局网站", "不合格"]
    assert lines[9:11] == ["名称\t结论", "临江市教育局/体育局发布\t合格"], "a ruleset of vetoes alone has no points"


def test_ranking_on_a_terminal_is_a_table(view: InspectionView) -> None:
    console = _screen()
    terminal.tell_ranking(console, view)
    said = _said(console)
    assert "云溪县人民政府网站" in said
    assert "不合格" in said
    assert "\x1b[31m" in said, "what is vetoed is red, and says so"


def test_one_site_tells_score_veto_worst_problems_and_paths(view: InspectionView) -> None:
    console = _piped()
    terminal.tell_target(console, view, sample.site("city-edu"), [Path("out/report.html")])
    said = _said(console)
    assert said.startswith("临江市教育局/体育局网站　http://www.city-edu.example/\n")
    assert "结论：不合格　总分 91.00 分" in said
    assert "触发否决：互动回应差　已确认问题 2 项 ≥ 1 项" in said
    assert "  1. 【涉单项否决】留言超期未答复：编号 20260701 的有效留言提交于 2026-07-01" in said
    assert "     页面 http://www.city-edu.example/hd/m1.html" in said
    assert "另有 79 项，见问题清单" in said
    assert "  IPv6：本机没有 IPv6 网络，未能判定" in said
    assert said.endswith("报告：\n  out/report.html\n")
    assert "\x1b" not in said


def test_what_a_page_says_never_steers_the_terminal(view: InspectionView) -> None:
    console = _piped()
    for line in terminal.target_lines(view, sample.site("yunxi-county")):
        console.print(line, soft_wrap=True)
    hostile = terminal.target_lines(_only_hostile(view), sample.site("yunxi-county"))
    text = "\n".join(line.plain for line in hostile)
    assert "栏目[31m名称\ufffd结束" in text
    assert not {sign for sign in text if ord(sign) < 32 and sign != "\n"}


def _only_hostile(view: InspectionView) -> InspectionView:
    unit = view.units[0]
    few = tuple(problem for problem in unit.problems if problem.check == "update.column-empty")
    return replace(view, units=(replace(unit, problems=few),))


def test_an_unknown_target_is_a_lookup_error(view: InspectionView) -> None:
    with pytest.raises(LookupError, match="no-such"):
        terminal.target_lines(view, Target("x", "no-such", Subject.SITE))
