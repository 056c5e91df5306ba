"""A ruleset may ask another threshold of a check: what is recorded is judged by it, in scores and in the calendar."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl

from tests.integration.inspecting.conftest import lines
from tests.integration.inspecting.test_scores import OVERLAY
from tests.integration.office.conftest import Xuncha

CHECK = "disclosure.annual-report-late"
HEADING = "按〈云溪县2026年政府网站评估指标〉阈值另计的问题"
OF_WECHAT = "ankang-2019-wechat"
NAME = "2025 年度政府信息公开工作年度报告"


def counted(text: str) -> set[str]:
    """The fingerprints that count for anything in the cards of one ruleset."""
    cards: list[dict[str, Any]] = json.loads(text)
    return {finding for card in cards for trace in card["traces"] for finding in trace["findings"]}


def test_what_is_recorded_is_judged_by_a_rulesets_own_threshold(xuncha: Xuncha, recorded: Path) -> None:
    """The water bureau's report is of 12 February: late by the State's day, in time where a place allows the 15th."""
    local = OVERLAY.replace("changes:", f'thresholds: {{{CHECK}: {{department_deadline: "02-15"}}}}\nchanges:')
    (xuncha.folder / "local.yaml").write_text(local, encoding="utf-8")
    (late,) = [row for row in lines(recorded / "out/findings.jsonl") if row["check"] == CHECK]
    assert late["fingerprint"] in counted(xuncha("score", "--ruleset", "ankang-2019-website", "--json").stdout)
    assert late["fingerprint"] not in counted(xuncha("score", "--ruleset", "local.yaml", "--json").stdout)
    assert f"2026-01-31　{NAME}" in xuncha("calendar", "--late").stdout
    own = xuncha("calendar", "--ruleset", "local.yaml").stdout
    assert f"2026-02-15　{NAME}" in own and f"2026-01-31　{NAME}" not in own
    entries = json.loads(xuncha("calendar", "--ruleset", "local.yaml", "--json").stdout)
    assert {one["state"] for one in entries if one["duty"] == "annual-report"} <= {
        "on-time",
        "missing",
        "untold",
        "done",
    }


def test_what_only_a_rulesets_threshold_makes_is_listed_under_its_name(xuncha: Xuncha) -> None:
    """Reports of January are in time by the State's day; a place that asks for them by the 2nd takes points for them."""
    local = OVERLAY.replace("changes:", f'thresholds: {{{CHECK}: {{department_deadline: "01-02"}}}}\nchanges:')
    (xuncha.folder / "local.yaml").write_text(local, encoding="utf-8")
    xuncha("rescore", "--ruleset", "local.yaml")
    xuncha("export", "--inspection", "latest", "--out", "told")
    folder = xuncha.folder / "told"
    listed = {row["fingerprint"] for row in lines(folder / "findings.jsonl")}
    cards = json.loads((folder / "scores.json").read_text("utf-8"))
    apart = {
        (card["ruleset"], card["unit"], trace["indicator"]): trace["by_threshold"]
        for card in cards
        for trace in card["traces"]
        if trace["by_threshold"]
    }
    assert apart and {ruleset for ruleset, _, _ in apart} == {"yunxi-2026-website"}
    for (_, unit, indicator), found in apart.items():
        assert unit != "shuiwu-bureau", "that one is late by every day, and listed"
        assert {one["check"] for one in found} == {CHECK} and not {one["fingerprint"] for one in found} & listed
        said = xuncha("score", "--ruleset", "local.yaml", "--explain", indicator, "--json").stdout
        told = [line for one in json.loads(said) for line in _under(one["words"], HEADING)]
        assert all(any(one["message"] in line for line in told) for one in found)
    page = (folder / "report.html").read_text("utf-8")
    assert page.count(f"<h5>{HEADING}</h5>") == len({unit for _, unit, _ in apart})
    books = {path.stem: openpyxl.load_workbook(path) for path in (folder / "problems").glob("*.xlsx")}
    units = [name for name, book in books.items() if "另计问题" in book.sheetnames]
    assert len(units) == len({unit for _, unit, _ in apart}) and "砚江市水务局" not in units
    sheet = books[units[0]]["另计问题"]
    assert str(sheet["A5"].value).startswith(HEADING)
    assert sheet["E6"].value in {one["message"] for found in apart.values() for one in found}


def _under(words: list[dict[str, Any]], heading: str) -> list[str]:
    return next((part["lines"] for part in words if part["heading"] == heading), [])


def test_words_of_posts_are_judged_anew(xuncha: Xuncha) -> None:
    """From the words that were kept: without them a check could only say that it cannot tell."""
    xuncha("rescore", "--ruleset", "ankang-2019-wechat")
    local = (
        OVERLAY.replace("ankang-2019-website", "ankang-2019-wechat")
        .replace("{subject: site, kinds: [portal, department]}", "{subject: account, platforms: [wechat]}")
        .replace("{set: D3, to: {cap: 1}", "{set: F4, to: {name: 自查}")
        .replace("changes:", "thresholds: {account.typo: {window_months: 2}}\nchanges:")
    )
    (xuncha.folder / "local.yaml").write_text(local, encoding="utf-8")
    both = [json.loads(xuncha("score", "--ruleset", name, "--json").stdout) for name in (OF_WECHAT, "local.yaml")]
    states = [
        [trace["state"] for card in cards for trace in card["traces"] if trace["indicator"] == "F3"] for cards in both
    ]
    assert states[0] == states[1] and {"pass", "fail"} <= set(states[0])


def test_a_threshold_that_a_check_does_not_know_is_refused(xuncha: Xuncha) -> None:
    wrong = OVERLAY.replace("changes:", f'thresholds: {{{CHECK}: {{nonsense: "02-15"}}}}\nchanges:')
    (xuncha.folder / "wrong.yaml").write_text(wrong, encoding="utf-8")
    for words in (("rulesets", "validate", "wrong.yaml"), ("score", "--ruleset", "wrong.yaml")):
        assert "没有阈值“nonsense”" in xuncha(*words, code=2).stderr


def test_the_calendar_tells_who_was_late_and_what_is_to_come(xuncha: Xuncha) -> None:
    entries = json.loads(xuncha("calendar", "--json").stdout)
    late = {(one["duty"], one["unit"]) for one in entries if one["state"] == "late"}
    assert {("annual-report", "shuiwu-bureau"), ("self-check", "caiyun-bureau")} <= late
    assert {one["deadline"] for one in entries if one["duty"] == "self-check"} == {
        "2026-02-10",
        "2026-05-10",
        "2026-08-10",
        "2026-11-10",
    }
    following = json.loads(xuncha("calendar", "--year", "2027", "--json").stdout)
    assert {one["state"] for one in following} == {"not-due"}
