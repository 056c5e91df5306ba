"""A ruleset may ask another threshold of a check: what is recorded is judged by it, in scores and in the calendar."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.integration.inspecting.conftest import lines
from tests.integration.inspecting.test_scores import OVERLAY
from tests.integration.office.conftest import Xuncha

CHECK = "disclosure.annual-report-late"
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
