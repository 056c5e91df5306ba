"""The JSON files, field by field, read again by the standard library."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from checks.model import State
from reports import records
from reports.problems import InspectionView
from tests.unit.reports import sample

FINDING = {
    "unit": str, "target": str, "target_kind": str, "check": str, "state": str, "url": str, "location": str,
    "quote": str, "problem_url": str, "message": str, "observed": dict, "severity": str,
    "confirmations": int, "fingerprint": str, "evidence": list, "first_seen": str, "life": str, "clause": str,
}  # fmt: skip
RESULT = {
    "unit": str, "target": str, "target_kind": str, "check": str, "state": str, "summary": str, "findings": list,
    "coverage": dict, "measurements": list, "config": dict,
}  # fmt: skip


def _lines(path: Path) -> list[dict[str, Any]]:
    text = path.read_text("utf-8")
    assert text.endswith("\n")
    return [json.loads(line) for line in text.rstrip("\n").split("\n")]


def test_a_finding_has_the_fields_of_the_interface_and_no_others(written: Path, view: InspectionView) -> None:
    rows = _lines(written / "findings.jsonl")
    assert len(rows) == sum(len(unit.problems) for unit in view.units) > 300
    for row in rows:
        assert {key: type(value) for key, value in row.items()} == FINDING
        assert row["state"] in ("fail", "needs-review")
        assert row["severity"] in ("veto", "major", "minor")
        assert row["life"] in ("new", "persisting")
        assert row["target_kind"] in ("site", "account", "unit")
        assert datetime.fromisoformat(str(row["first_seen"])).utcoffset() is not None


def test_a_finding_says_what_was_found(written: Path) -> None:
    row = next(row for row in _lines(written / "findings.jsonl") if row["location"] == "正文链接“附件16”")
    assert row == {
        "unit": "yunxi-county",
        "target": "http://www.yunxi-county.example/",
        "target_kind": "site",
        "check": "link.broken",
        "state": "fail",
        "url": "http://www.yunxi-county.example/zwgk/a16.html",
        "location": "正文链接“附件16”",
        "quote": "附件16",
        "problem_url": "http://www.yunxi-county.example/files/2024/附件16.doc",
        "message": "链接“附件16”于 2026-11-19 22:14 与 2026-11-20 03:40 两次访问均返回 404",
        "observed": {"status": 404, "scope": "internal", "resource": "attachment", "on_homepage": False},
        "severity": "major",
        "confirmations": 2,
        "fingerprint": row["fingerprint"],
        "evidence": ["evidence/000000000010.html"],
        "first_seen": "2026-11-20T00:00:00+08:00",
        "life": "new",
        "clause": sample.CLAUSES["link.broken"],
    }
    assert len(str(row["fingerprint"])) == 32


def test_hostile_text_is_kept_as_it_was_seen(written: Path) -> None:
    messages = [row["message"] for row in _lines(written / "findings.jsonl")]
    assert sample.FORMULA in messages
    assert sample.SCRIPT in messages
    assert sample.CONTROL.replace("\ud800", "\ufffd") in messages
    assert sample.LONG_URL in [row["url"] for row in _lines(written / "findings.jsonl")]


def test_results_tell_every_check_with_its_state(written: Path, view: InspectionView) -> None:
    rows = _lines(written / "results.jsonl")
    assert len(rows) == sum(len(unit.results) for unit in view.units)
    for row in rows:
        assert {key: type(value) for key, value in row.items()} == RESULT
        assert set(row["coverage"]) == {
            "attempted",
            "reached",
            "blocked",
            "failed",
            "truncated_by",
            "note",
            "unrendered",
        }
    states = {row["state"] for row in rows}
    assert {"undetermined", "error", "not-checked", "pass", "fail"} <= states
    fingerprints = {row["fingerprint"] for row in _lines(written / "findings.jsonl")}
    assert {item for row in rows for item in row["findings"]} == fingerprints


def test_scores_are_exact_numbers_with_every_trace(written: Path, view: InspectionView) -> None:
    cards = json.loads((written / "scores.json").read_text("utf-8"), parse_float=Decimal, parse_int=Decimal)
    expected = list(view.scorecards)
    assert len(cards) == len(expected) == 12
    for card, source in zip(cards, expected, strict=True):
        assert card["total"] == (source.total if source.maximum else None)
        assert [trace["indicator"] for trace in card["traces"]] == [trace.indicator for trace in source.traces]
        for trace, original in zip(card["traces"], source.traces, strict=True):
            assert trace["score"] == original.score
            assert trace["provenance"] == original.provenance.value
            assert trace["arithmetic"] == original.arithmetic
            assert (set(trace["coverage"]), trace["reviews"]) == (set(original.coverage), list(original.reviews))
    assert set(cards[0]) == {
        "unit", "target", "target_kind", "name", "ruleset", "version", "title", "verdict", "vetoed", "total",
        "attainable", "maximum", "assumed_points", "undetermined", "dimensions", "traces", "ties", "rank",
    }  # fmt: skip
    assert cards[0]["total"].as_tuple().exponent < -6, "a third of a point is not rounded in the file"


def test_run_tells_as_of_versions_rulesets_and_targets(written: Path, view: InspectionView) -> None:
    run = json.loads((written / "run.json").read_text("utf-8"))
    assert run["as_of"] == "2026-11-20T00:00:00+08:00"
    assert run["versions"] == {"xuncha": "0.1.0"}
    assert [item["id"] for item in run["ruleset"]] == [sample.WEBSITE, sample.NEWMEDIA]
    assert len(run["targets"]) == 12
    first = next(item for item in run["targets"] if item["target"] == "http://www.lanting-county.example/")
    undetermined = sum(
        result.state in (State.UNDETERMINED, State.ERROR)
        for result in view.units[1].results
        if result.target.address == first["target"]
    )
    assert first == {
        "unit": "lanting-county",
        "target": "http://www.lanting-county.example/",
        "target_kind": "site",
        "name": "兰亭县人民政府网站",
        "pages": 1624,
        "unchanged": 0,
        "links": 40834,
        "blocked": 9,
        "undetermined": undetermined,
        "exit_reason": "被拦截",
        "wall_seconds": 1835.52,
        "cpu_seconds": 61.3,
    }
    assert undetermined == 3


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": Decimal("71.10"), "a": "中\ud800文"}, '{"b":71.10,"a":"中\ufffd文"}'),
        ((Decimal("NaN"), {"k": (1, None)}), '[null,{"k":[1,null]}]'),
    ],
)
def test_encoding(value: object, text: str) -> None:
    assert records.encode(value).decode() == text
