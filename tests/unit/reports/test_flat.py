"""The CSV files, read again: every finding and score, and no formula."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from reports import flat, outbox
from reports.problems import InspectionView
from tests.unit.reports import sample


@pytest.fixture(scope="module")
def folder(view: InspectionView, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("flat")
    assert [path.name for path in outbox.write(view, out, {outbox.Part.CSV})] == ["findings.csv", "scores.csv"]
    return out


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_finding_has_its_line(folder: Path, view: InspectionView) -> None:
    told = rows(folder / "findings.csv")
    assert tuple(told[0]) == flat.FINDINGS
    assert [row["fingerprint"] for row in told] == [problem.fingerprint for problem in view.problems]
    assert {row["state"] for row in told} == {"fail", "needs-review"}


def test_no_text_is_a_formula_nor_unprintable(folder: Path) -> None:
    told = rows(folder / "findings.csv")
    assert f"'{sample.FORMULA}" in {row["message"] for row in told}
    for name in ("findings.csv", "scores.csv"):
        for row in rows(folder / name):
            for text in row.values():
                assert not text.startswith(("=", "+", "-", "@", "\t", "\r"))
                assert not {"\x00", "\x07", "\x1b", "\u202e", "\ud800"} & set(text)


def test_scores_are_exact_by_dimension_and_in_total(folder: Path, view: InspectionView) -> None:
    told = rows(folder / "scores.csv")
    totals = [row["score"] and Decimal(row["score"]) for row in told if not row["dimension"]]
    assert totals == [card.total if card.maximum else "" for card in view.scorecards]
    assert len(told) == sum(len(card.dimensions) + 1 for card in view.scorecards)
