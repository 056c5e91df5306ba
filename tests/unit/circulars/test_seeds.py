"""The two published circulars that are named in docs/circulars.md, as they were captured."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from scoring.circulars.checking import checked
from scoring.circulars.reading import read
from scoring.circulars.table import Kind, Report
from tests.unit.circulars.samples import golden

CORPUS = os.environ.get("XUNCHA_CORPUS", "")
SEEDS = Path(CORPUS).parent / "seeds"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS or not SEEDS.is_dir(), reason="XUNCHA_CORPUS names no folder beside the circulars"),
]


def seed(number: str) -> Report:
    (file,) = SEEDS.glob(f"{number}_*.txt")
    return checked(read(file))


def test_the_circular_of_2017_holds() -> None:
    report = seed("000")
    assert [len(table.rows) for table in report.tables] == [13, 46, 10, 30]
    assert (report.discrepancies, report.notes) == ((), ())


def test_the_circular_of_2019_has_one_wrong_row_and_two_wrong_counts() -> None:
    report = seed("001")
    assert [len(table.rows) for table in report.tables] == [13, 33, 13, 12, 33, 16, 48]
    assert report.notes == ()
    assert Counter(one.kind for one in report.discrepancies) == {Kind.SUM: 1, Kind.ROUNDING: 21, Kind.COUNT: 2}
    told = [one for one in report.discrepancies if one.kind is not Kind.ROUNDING]
    assert [(one.table, one.row, one.unit, one.printed, one.computed) for one in told] == [
        ("政务新媒体 / 市级部门 / 政务微信", 3, "安康市公安局", "80.00", "78.00"),
        ("政府网站 / 市级部门", None, "", "32", "33"),
        ("政务新媒体 / 县区政府 / 政务微信、政务新媒体 / 市级部门 / 政务微信", None, "", "47", "46"),
    ]


def test_its_tables_are_read_as_they_were_transcribed() -> None:
    names = ["2019-website-county", "2019-website-department", "2019-wechat-county", "2019-weibo-county"]
    names += ["2019-wechat-department", "2019-weibo-department"]
    for table, name in zip(seed("001").tables, names, strict=False):
        rows = [(row.cells[0], row.unit, row.cells[-1]) for row in table.rows]
        expected = [(one[0], one[1], one[-1]) for one in golden(name)[1:]]
        assert [(rank, unit) for rank, unit, _ in rows] == [(rank, unit) for rank, unit, _ in expected]
        assert [row.cells[len(row.cells) - 1] or row.cells[-2] for row in table.rows] == [one[-1] for one in expected]
