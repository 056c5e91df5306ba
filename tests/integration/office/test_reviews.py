"""Reviews from the command line: what waits, what a decision reaches, what it moves, and that every change is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.integration.inspecting.conftest import lines
from tests.integration.office.conftest import Xuncha, cards, filled

SIGNED = ("--reason", "已与单位核对", "--by", "张三")


def queue(xuncha: Xuncha) -> list[dict[str, Any]]:
    return [finding for group in json.loads(xuncha("review", "queue", "--json").stdout) for finding in group]


def exported(xuncha: Xuncha) -> dict[str, dict[str, Any]]:
    """The findings of a fresh export by fingerprint."""
    xuncha("export", "--inspection", "latest", "--format", "json", "--out", "told")
    return {row["fingerprint"]: row for row in lines(xuncha.folder / "told/findings.jsonl")}


def review(xuncha: Xuncha, fingerprint: str, *words: str) -> Any:
    return json.loads(xuncha("review", "add", fingerprint, *words, *SIGNED, "--json").stdout)


def test_a_false_alarm_gives_points_back_leaves_every_list_and_can_be_taken_back(xuncha: Xuncha) -> None:
    before, told = cards(xuncha), exported(xuncha)
    scored = next(
        fingerprint
        for card in before.values()
        for trace in card["traces"]
        if trace["kind"] == "deduct" and trace["score"] is not None
        for fingerprint in trace["findings"]
    )
    taken = review(xuncha, scored[:12], "--decision", "false-alarm")
    assert [one["fingerprint"] for one in taken["reached"]] == [scored]
    assert taken["changes"]
    after = cards(xuncha)
    assert after != before
    assert scored not in exported(xuncha)
    assert f"误报 #{taken['reviews'][0]['number']} 张三" in json.dumps(list(after.values()), ensure_ascii=False)
    xuncha("review", "withdraw", str(taken["reviews"][0]["number"]), "--reason", "复查属实", "--by", "李四")
    assert cards(xuncha) == before
    assert exported(xuncha) == told
    history = json.loads(xuncha("review", "list", "--json").stdout)
    assert [one.get("withdraws") for one in history] == [None, taken["reviews"][0]["number"]]
    assert "已撤销" in xuncha("review", "list").stdout


def test_a_confirmed_candidate_becomes_a_problem_and_leaves_the_queue(xuncha: Xuncha) -> None:
    waiting = queue(xuncha)
    assert waiting
    chosen = waiting[0]["fingerprint"]
    assert exported(xuncha)[chosen]["state"] == "needs-review"
    review(xuncha, chosen, "--decision", "confirm")
    assert chosen not in {one["fingerprint"] for one in queue(xuncha)}
    assert exported(xuncha)[chosen]["state"] == "fail"


def test_a_wider_scope_reaches_a_whole_check_on_a_site(xuncha: Xuncha) -> None:
    told = exported(xuncha)
    by_target: dict[tuple[str, str], list[str]] = {}
    for fingerprint, row in told.items():
        by_target.setdefault((row["check"], row["target"]), []).append(fingerprint)
    many = max(by_target.values(), key=len)
    assert len(many) > 1
    taken = review(xuncha, many[0], "--decision", "exempt", "--scope", "site", "--expires", "2099-12-31")
    assert sorted(one["fingerprint"] for one in taken["reached"]) == sorted(many)
    assert told.keys() - exported(xuncha).keys() == set(many)


def test_what_stands_on_several_targets_is_offered_for_all_of_them(xuncha: Xuncha) -> None:
    told = exported(xuncha)
    quotes: dict[tuple[str, str], dict[str, str]] = {}
    for fingerprint, row in told.items():
        if row["quote"] and not row.get("problem_url") and "***" not in row["quote"]:
            quotes.setdefault((row["check"], "".join(row["quote"].split())), {})[row["target"]] = fingerprint
    shared = next((found for found in quotes.values() if len(found) > 1), None)
    if shared is None:
        pytest.fail("the demo city has no fault that shows on two targets")
    first, *others = shared.values()
    taken = review(xuncha, first, "--decision", "false-alarm")
    assert set(others) <= {one["fingerprint"] for one in taken["elsewhere"]}
    taken = review(xuncha, first, "--decision", "false-alarm", "--scope", "everywhere")
    assert set(shared.values()) <= {one["fingerprint"] for one in taken["reached"]}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--decision", "nonsense", *SIGNED), "--decision 应为"),
        (("--decision", "exempt", "--scope", "planet", *SIGNED), "--scope 应为"),
        (("--decision", "exempt", "--reason", " ", "--by", "张三"), "没有写明理由"),
        (("--decision", "exempt", "--reason", "有据", "--by", ""), "没有写明复核人"),
        (("--decision", "exempt", "--expires", "2020-01-01", *SIGNED), "到期日 2020-01-01 已过"),
        (("--decision", "exempt", "--expires", "明年", *SIGNED), "“明年”不是有效的日期"),
    ],
)
def test_a_decision_that_cannot_be_taken_changes_nothing(xuncha: Xuncha, words: tuple[str, ...], reason: str) -> None:
    fingerprint = queue(xuncha)[0]["fingerprint"]
    assert reason in xuncha("review", "add", fingerprint, *words, code=2).stderr
    assert json.loads(xuncha("review", "list", "--json").stdout) == []


def test_an_unknown_finding_and_an_unknown_review_are_refused(xuncha: Xuncha) -> None:
    assert "没有编号为" in xuncha("review", "add", "0" * 12, "--decision", "exempt", *SIGNED, code=2).stderr
    assert "太短" in xuncha("review", "add", "0", "--decision", "exempt", *SIGNED, code=2).stderr
    assert "没有生效的复核 #7" in xuncha("review", "withdraw", "7", *SIGNED, code=2).stderr


def test_the_queue_goes_out_as_a_sheet_and_comes_back(xuncha: Xuncha) -> None:
    waiting = queue(xuncha)
    xuncha("review", "queue", "--sheet", "复核.xlsx")
    path = xuncha.folder / "复核.xlsx"
    page = openpyxl.load_workbook(path)["复核"]
    assert page.max_row == 3 + len(waiting)
    assert xuncha("review", "import", "复核.xlsx").stdout.startswith("表中没有填写决定")
    filled(path, "复核", 4, 决定="误报", 理由="屏外导航", 复核人="张三")
    filled(path, "复核", 5, 决定="确认", 范围="本条", 理由="现场查看", 复核人="张三", 到期日="2099-01-31")
    taken = json.loads(xuncha("review", "import", "复核.xlsx", "--json").stdout)
    assert [(one["decision"], one["expires"]) for one in taken["reviews"]] == [
        ("false-alarm", None),
        ("confirmed", "2099-01-31"),
    ]
    assert len(queue(xuncha)) == len(waiting) - 2


def test_a_sheet_with_a_fault_is_refused_whole_with_row_and_column(xuncha: Xuncha) -> None:
    xuncha("review", "queue", "--sheet", "复核.xlsx")
    path = xuncha.folder / "复核.xlsx"
    filled(path, "复核", 4, 决定="误报", 理由="屏外导航", 复核人="张三")
    filled(path, "复核", 5, 决定="大概", 理由="", 复核人="张三", 到期日="明年")
    filled(path, "复核", 6, 理由="忘了填决定")
    said = xuncha("review", "import", "复核.xlsx", code=2).stderr.splitlines()
    assert [line.split("：")[0] for line in said] == [
        "文件 复核.xlsx，工作表“复核”，第 5 行，“决定”列",
        "文件 复核.xlsx，工作表“复核”，第 5 行，“理由”列",
        "文件 复核.xlsx，工作表“复核”，第 5 行，“到期日”列",
        "文件 复核.xlsx，工作表“复核”，第 6 行，“决定”列",
    ]
    assert json.loads(xuncha("review", "list", "--json").stdout) == []


def test_a_file_that_is_no_sheet_is_refused(xuncha: Xuncha) -> None:
    Path(xuncha.folder / "坏.xlsx").write_bytes(b"PK nothing")
    assert "不是有效的 XLSX 工作簿" in xuncha("review", "import", "坏.xlsx", code=2).stderr
    assert "无法读取" in xuncha("review", "import", "没有.xlsx", code=2).stderr
