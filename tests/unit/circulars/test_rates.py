"""Ranks by 得分率: only where they follow it throughout; a table ranked by totals is judged by totals."""

from __future__ import annotations

import pytest

from tests.unit.circulars.samples import as_text, told

HEAD = ["序号", "网站名称", "信息公开 (40)", "平台建设 (60)", "总得分", "可得分", "得分率（%）"]


def table(*rows: tuple[str, str, str, str, str]) -> list[list[str]]:
    """Rows of rank, name, part, attainable, rate; the other part is nought."""
    return [HEAD, *([rank, name, part, "0.00", part, out_of, rate] for rank, name, part, out_of, rate in rows)]


BY_RATE = (
    ("1", "甲网", "20.00", "20", "100.00"),
    ("2", "乙网", "36.00", "40", "90.00"),
    ("3", "丙网", "32.00", "40", "80.00"),
    ("4", "丁网", "15.00", "20", "75.00"),
    ("5", "戊网", "28.00", "40", "70.00"),
)
SWAPPED = (*BY_RATE[:3], ("4", "戊网", "28.00", "40", "70.00"), ("5", "丁网", "15.00", "20", "75.00"))
PROVISIONAL = (
    ("暂列1", "甲网", "2.00", "2", "100.00"),
    *((str(n), *row) for n, (_, *row) in enumerate(BY_RATE[1:], 2)),
)
BY_TOTAL = (
    ("1", "甲网", "39.96", "40", "100"),
    ("2", "乙网", "39.84", "40", "100"),
    ("2", "丙网", "39.84", "40", "100"),
    ("4", "丁网", "30.00", "40", "75"),
)


@pytest.mark.parametrize("rows", [BY_RATE, PROVISIONAL, BY_TOTAL])
def test_ranks_that_follow_the_rate_or_the_total_are_right(rows: tuple[tuple[str, str, str, str, str], ...]) -> None:
    assert told(as_text(table(*rows))) == []


def test_a_part_that_few_could_be_judged_by_is_a_part_of_the_sum() -> None:
    rows = [
        ["1", "甲网", "2.00", "10.00", "12.00", "60", "20.00"],
        ["2", "乙网", "2.00", "—", "2.00", "40", "5.00"],
        ["3", "丙网", "1.00", "—", "1.00", "40", "2.50"],
    ]
    assert told(as_text([HEAD, *rows])) == []


def test_ranks_that_follow_neither_are_told() -> None:
    assert {one[0] for one in told(as_text(table(*SWAPPED)))} == {"rank"}
