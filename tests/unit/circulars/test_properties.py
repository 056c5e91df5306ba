"""What fits is never accused, whatever its size, decimals and style; what is changed in one cell is always found."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.circulars.samples import WRITERS, Grid, told

UNTIMED = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no failure."""


@st.composite
def consistent(draw: st.DrawFn) -> Grid:
    """A table in which all holds: parts within maxima, totals that are their sums, ranks of either style."""
    decimals, width = draw(st.integers(0, 3)), draw(st.integers(1, 6))
    maxima = draw(st.lists(st.integers(1, 60), min_size=width, max_size=width))
    unit = Decimal(1).scaleb(-decimals)
    rows = draw(
        st.lists(st.tuples(*(st.integers(0, maximum * 10**decimals) for maximum in maxima)), min_size=1, max_size=30)
    )
    rows.sort(key=sum, reverse=True)
    shared = draw(st.booleans())
    grid: Grid = [["名次", "单位名称", *(f"指标{chr(0x7532 + at)} ({one})" for at, one in enumerate(maxima)), "总分"]]
    for at, parts in enumerate(rows):
        rank = 1 + (sum(sum(other) > sum(parts) for other in rows) if shared else at)
        cells = [str(part * unit) for part in (*parts, sum(parts))]
        grid.append([str(rank), f"虚构{chr(0x4E00 + at)}县", *(f"{Decimal(cell):f}" for cell in cells)])
    return grid


@UNTIMED
@given(consistent(), st.sampled_from([".txt", ".md", ".csv"]))
def test_a_consistent_table_yields_nothing(rows: Grid, suffix: str) -> None:
    assert told(WRITERS[suffix](rows), suffix) == []


@UNTIMED
@given(consistent(), st.data())
def test_one_wrong_total_is_one_error_at_its_row(rows: Grid, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(rows) - 1))
    right = Decimal(rows[at][-1])
    wrong = right - data.draw(st.integers(4, 50))
    rows[at][-1] = f"{wrong:f}"
    assert told(WRITERS[".csv"](rows), ".csv") == [("sum", at, rows[at][1], f"{wrong:f}", f"{right:f}")]


@UNTIMED
@given(consistent().filter(lambda rows: len(rows) > 3), st.data())
def test_one_wrong_rank_is_found_at_its_row(rows: Grid, data: st.DataObject) -> None:
    at = data.draw(st.integers(2, len(rows) - 2))
    rows[at][0] = str(int(rows[at][0]) + len(rows))
    assert [one[:2] for one in told(WRITERS[".csv"](rows), ".csv")] == [("rank", at)]


def test_a_wrong_rank_within_a_tie_begins_no_ranking_of_its_own() -> None:
    head = ["名次", "单位名称", "指标甲 (1)", "总分"]
    rows = [
        ["1", "甲", "1", "1"],
        ["7", "乙", "1", "1"],
        ["1", "丙", "1", "1"],
        ["1", "丁", "1", "1"],
        ["5", "戊", "0", "0"],
    ]
    assert [one[:2] for one in told(WRITERS[".csv"]([head, *rows]), ".csv")] == [("rank", 2)]
