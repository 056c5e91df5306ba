"""Each planted error is found, at its row and with its kind, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import pytest

from tests.unit.circulars.samples import FICTIONAL, HEAD, TITLE, WRITERS, Grid, as_text, report, told

Told = list[tuple[str, int | None, str, str, str]]
RANK, NAME, PART, LAST, TOTAL = 0, 1, 2, 5, 6


def planted(*cells: tuple[int, int, str]) -> Grid:
    rows = deepcopy(FICTIONAL)
    for row, column, text in cells:
        rows[row - 1][column] = text
    return [HEAD, *rows]


def without(*numbers: int) -> Grid:
    return [HEAD, *(row for at, row in enumerate(FICTIONAL, start=1) if at not in numbers)]


CASES: dict[str, tuple[Grid, Told]] = {
    "nothing": (planted(), []),
    "a wrong total in its place": (
        planted((2, TOTAL, "88.25")),
        [("sum", 2, "青岩区政府网", "88.25", "87.25")],
    ),
    "a wrong total out of place is one error": (
        planted((6, TOTAL, "93.75")),
        [("sum", 6, "南浦区政府网", "93.75", "73.75")],
    ),
    "rounding is rounding": (planted((1, TOTAL, "89.81")), [("rounding", 1, "云溪县政府网", "89.81", "89.80")]),
    "rounding to its end": (planted((1, TOTAL, "89.82")), [("rounding", 1, "云溪县政府网", "89.82", "89.80")]),
    "more than rounding": (planted((1, TOTAL, "89.83")), [("sum", 1, "云溪县政府网", "89.83", "89.80")]),
    "a wrong rank": (planted((3, RANK, "5")), [("rank", 3, "白鹭县政府网", "5", "3")]),
    "ranks numbered through": (planted((5, RANK, "5")), []),
    "two rows changed over": (
        [HEAD, *FICTIONAL[:5], ["6", *FICTIONAL[6][1:]], ["7", *FICTIONAL[5][1:]], FICTIONAL[7]],
        [("rank", 7, "南浦区政府网", "7", "6")],
    ),
    "a rank left out": (without(6), [("missing", 6, "古渡县政府网", "7", "6")]),
    "a part over its maximum": (
        planted((2, LAST, "10.50"), (2, PART, "34.50")),
        [("over-maximum", 2, "青岩区政府网", "10.50", "10")],
    ),
    "a total over the sum of the maxima": (
        planted((1, TOTAL, "100.50")),
        [("sum", 1, "云溪县政府网", "100.50", "89.80"), ("over-maximum", 1, "云溪县政府网", "100.50", "100")],
    ),
    "the same name twice": (
        planted((8, NAME, "白鹭县 政府网")),
        [("duplicate", 8, "白鹭县政府网", "白鹭县政府网", "")],
    ),
    "a blank part": (planted((4, PART, "")), [("missing", 4, "石门县政府网", "", "")]),
    "a blank total": (planted((4, TOTAL, "")), [("missing", 4, "石门县政府网", "", "")]),
    "an unreadable part": (planted((4, PART, "3O.00")), [("missing", 4, "石门县政府网", "3O.00", "")]),
    "a blank name": (planted((4, NAME, "")), [("missing", 4, "", "", "")]),
    "a blank rank": (planted((3, RANK, "")), [("missing", 3, "白鹭县政府网", "", "")]),
    "a row without numbers": (
        planted(*((8, column, "") for column in range(PART, TOTAL + 1))),
        [("missing", 8, "双桥县政府网", "", "")],
    ),
    "words in place of scores": (
        planted((8, PART, "网站已关停"), *((8, column, "") for column in range(PART + 1, TOTAL)), (8, TOTAL, "0.00")),
        [],
    ),
    "marks in place of scores": (planted(*((8, column, "/") for column in range(PART, TOTAL + 1))), []),
}


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("case", CASES)
def test_a_planted_error_is_found_and_nothing_else(case: str, suffix: str) -> None:
    rows, expected = CASES[case]
    assert told(WRITERS[suffix](rows), suffix) == expected


def test_a_rank_that_should_be_shared() -> None:
    rows = [
        [str(rank), f"{name}县", str(score), str(score)]
        for rank, name, score in zip([1, 1, 3, 3, 5, 6], "甲乙丙丁戊己", [90, 90, 80, 80, 70, 70], strict=True)
    ]
    assert told(as_text([["名次", "单位名称", "建设", "总分"], *rows])) == [("rank", 6, "己县", "6", "5")]


def test_one_shared_rank_says_that_ranks_are_shared() -> None:
    rows = [
        [str(rank), f"{name}县", str(score), str(score)]
        for rank, name, score in zip([1, 1, 3, 4, 5], "甲乙丙丁戊", [90, 90, 80, 80, 70], strict=True)
    ]
    assert told(as_text([["名次", "单位名称", "建设", "总分"], *rows])) == [("rank", 4, "丁县", "4", "3")]


def test_ranks_without_leaps_are_a_style_of_their_own() -> None:
    """中国政府网站绩效评估 2016 prints 6, 6, 7, 7, 8; one number at the very end says nothing of the style."""
    ranks, scores = [1, 2, 2, 3, 3, 4, 5], [90, 80, 80, 70, 70, 60, 50]
    rows = [
        [str(rank), f"{name}县", str(score), str(score)]
        for rank, name, score in zip(ranks, "甲乙丙丁戊己庚", scores, strict=True)
    ]
    head = ["名次", "单位名称", "建设", "总分"]
    assert told(as_text([head, *rows])) == []
    assert told(as_text([head, *rows[::-1]])) == []
    assert told(as_text([head, *([str(int(row[0]) + 13), *row[1:]] for row in rows)])) == []
    assert told(as_text([head, *rows[:3], ["3", *rows[3][1:]]])) == [("rank", 4, "丁县", "3", "4")]


def test_a_deduction_is_taken_off_whatever_its_sign() -> None:
    head = ["序号", "单位名称", "建设", "运维", "得分", "扣分项", "总得分"]
    rows = [
        ["1", "云溪县", "50.00", "40.00", "90.00", "0.00", "90.00"],
        ["2", "青岩区", "45.00", "40.00", "85.00", "5.00", "80.00"],
        ["3", "白鹭县", "40.00", "36.00", "76.00", "-4.00", "72.00"],
    ]
    assert told(as_text([head, *rows])) == []
    rows[1][5] = "6.00"
    rows[2][4] = "77.00"
    assert told(as_text([head, *rows])) == [
        ("sum", 2, "青岩区", "80.00", "79.00"),
        ("sum", 3, "白鹭县", "77.00", "76.00"),
        ("sum", 3, "白鹭县", "72.00", "73.00"),
    ]


def test_whole_points_are_never_rounding() -> None:
    head = ["序号", "单位名称", "建设", "运维", "总分"]
    assert told(as_text([head, ["1", "云溪县", "50", "40", "91"], ["2", "青岩区", "40", "40", "80"]])) == [
        ("sum", 1, "云溪县", "91", "90")
    ]


def test_totals_of_another_making_are_not_accused() -> None:
    """A weighted total is no sum: most rows differ, which is told as such."""
    head = ["序号", "单位名称", "网站", "新媒体", "总分"]
    rows = [[str(at), f"第{'一二三四五'[at - 1]}县", f"{99 - at}", f"{90 - at}", f"{95 - at}.50"] for at in range(1, 6)]
    found = report(as_text([head, *rows]))
    assert found.discrepancies == ()
    assert found.notes == ("“砚江市2025年政府网站绩效评估结果”：多数行的“总分”不是各列之和，可能另有折算，未核对合计",)


def test_a_serial_number_is_no_rank_where_rows_follow_another_order() -> None:
    head = ["序号", "单位名称", "建设", "总分"]
    scores = [70, 90, 60, 95, 50, 99, 40, 80]
    rows = [
        [str(at), f"{name}县", str(score), str(score)]
        for at, (name, score) in enumerate(zip("甲乙丙丁戊己庚辛", scores, strict=True), 1)
    ]
    found = report(as_text([head, *rows]))
    assert found.discrepancies == ()
    assert found.notes == ("“砚江市2025年政府网站绩效评估结果”：序号不是按得分高低排的，未核对名次",)


def test_ranks_of_another_making_are_not_accused() -> None:
    """A low figure may be the best, or ranks may be given within classes: most rows differ, which is told as such."""
    rows = [
        [str(at), f"{name}县", str(score), str(score)]
        for at, (name, score) in enumerate(zip("甲乙丙丁戊己", range(1, 7), strict=True), 1)
    ]
    found = report(as_text([["名次", "单位名称", "扣分", "总分"], *rows]))
    assert "多数名次与得分高低不相符" in found.notes[-1]
    assert not [one for one in found.discrepancies if one.kind == "rank"]


def ranked(rank_of: Callable[[int, list[int]], int]) -> Grid:
    scores = [70, 90, 60, 95, 60, 99, 40, 80]
    names = "甲乙丙丁戊己庚辛"
    return [
        ["单位名称", "建设", "总分", "排名"],
        *(
            [f"{name}县", str(score), str(score), str(rank_of(at, scores))]
            for at, (name, score) in enumerate(zip(names, scores, strict=True))
        ),
    ]


def test_a_ranking_may_stand_beside_rows_in_another_order() -> None:
    def shared(at: int, scores: list[int]) -> int:
        return 1 + sum(score > scores[at] for score in scores)

    def through(at: int, scores: list[int]) -> int:
        return shared(at, scores) + scores[:at].count(scores[at])

    for style in (shared, through):
        rows = ranked(style)
        assert told(as_text(rows)) == []
        rows[2][3] = "4"
        assert told(as_text(rows)) == [("rank", 2, "乙县", "4", "3")]


def test_pages_with_broken_heads_are_one_table() -> None:
    broken = [
        "名次",
        "网站 名称",
        "信息\u3000公开 (40)",
        "解读 回应（20分）",
        "办事服务 (30)",
        "机制 保障(10)",
        "总 得分",
    ]
    pages = [HEAD, *FICTIONAL[:3], [""], broken, *FICTIONAL[3:6], ["- 7 -"], HEAD, *FICTIONAL[6:]]
    found = report(as_text(pages))
    assert [len(table.rows) for table in found.tables] == [8]
    assert found.discrepancies == ()


def test_the_same_head_beginning_with_one_is_another_table() -> None:
    found = report(as_text([HEAD, *FICTIONAL, [""], HEAD, *FICTIONAL]))
    assert [table.title for table in found.tables] == [TITLE, f"{TITLE}（第 2 张表）"]
    assert found.discrepancies == ()


def test_lists_side_by_side() -> None:
    head = ["序号", "单位名称", "采用量"] * 2
    rows = [
        ["1", "云溪县", "90", "4", "市甲局", "20"],
        ["2", "青岩区", "80", "5", "市乙局", "20"],
        ["3", "白鹭县", "70", "6", "市丙局", "10"],
        ["", "", "", "7", "", ""],
    ]
    assert told(as_text([head, *rows])) == []
    rows[1][5] = "75"
    assert told(as_text([head, *rows])) == [("rank", 5, "市乙局", "5", "3")]


def test_maxima_and_averages_in_rows_of_their_own() -> None:
    head = ["名次", "单位名称", "建设", "运维", "总分"]
    rows = [["", "满分", "60", "40", "100"], ["1", "云溪县", "58", "42", "100"], ["2", "青岩区", "40", "40", "80"]]
    rows.append(["", "平均分", "49", "41", "99"])
    assert told(as_text([head, *rows])) == [("over-maximum", 1, "云溪县", "42", "40")]


def test_a_head_of_two_lines() -> None:
    head = [["名次", "单位名称", "政府网站", "", "总分"], ["", "", "建设 (60)", "运维 (40)", ""]]
    assert told(as_text([*head, ["1", "云溪县", "61", "30", "91"], ["2", "青岩区", "50", "30", "80"]])) == [
        ("over-maximum", 1, "云溪县", "61", "60")
    ]


def test_scores_and_ranks_of_groups_below_a_head_of_two_lines() -> None:
    head = [["序号", "单位名称", "信息公开", "", "办事服务", "", "总分", ""], ["", "", *["得分", "排名"] * 3]]
    rows = [
        ["1", "云溪县", "40", "2", "45", "1", "85", "1"],
        ["2", "青岩区", "42", "1", "40", "2", "82", "2"],
        ["3", "白鹭县", "30", "3", "39", "3", "70", "3"],
        ["", "全市平均", "37", "", "41", "", "79", ""],
    ]
    assert told(as_text([*head, *rows])) == [("sum", 3, "白鹭县", "70", "69")]
    assert told(as_text([*head, *rows[:2], *head, *rows[2:]])) == [("sum", 3, "白鹭县", "70", "69")]
    assert told(as_text([*head, *rows[:2], *head, *rows])) == [("sum", 3, "白鹭县", "70", "69")]


def test_footnotes_and_ranks_that_are_not_given() -> None:
    rows = [HEAD, *deepcopy(FICTIONAL)]
    rows[1][TOTAL], rows[2][PART], rows[8][RANK] = "89.80①", "36.00*", "不参与排名"
    assert told(as_text(rows)) == []


def test_a_table_that_is_not_recognised_is_a_note() -> None:
    found = report(as_text([["指标", "权重", "说明"], ["信息公开", "0.4", "含年报"], ["办事服务", "0.3", "含指南"]]))
    assert (found.tables, found.discrepancies) == ((), ())
    assert found.notes == ("未能识别的表格，未核对：第 3 行起，“砚江市2025年政府网站绩效评估结果”（指标 权重 说明）",)
    contacts = report(as_text([["序号", "单位名称", "联系人", "电话"], ["1", "云溪县", "李青禾", ""]]))
    assert contacts.discrepancies == () and "未能识别的表格" in contacts.notes[0]
