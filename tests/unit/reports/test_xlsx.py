"""The workbook, opened again by openpyxl."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from checks.model import CheckResult, Finding, Mode, StampedFinding, State
from reports import html, records, xlsx
from reports.problems import InspectionView, unit_problems
from reports.sheetstyle import URL_LIMIT, clipped, lines
from tests.unit.reports import sample

HEADINGS = [
    "序号", "网站/账号", "问题类型", "问题描述", "所在页面", "问题位置", "问题地址", "依据",
    "整改建议", "首次发现", "状态", "证据",
]  # fmt: skip
FIRST = 6


@pytest.fixture(scope="module")
def book(written: Path) -> Workbook:
    return load_workbook(written / "problems" / "云溪县人民政府.xlsx")


@pytest.fixture(scope="module")
def sheet(book: Workbook) -> Worksheet:
    return book["问题清单"]


def _row_of(sheet: Worksheet, message: str) -> int:
    return next(int(cell.row) for cell in sheet["D"] if isinstance(cell.value, str) and cell.value.startswith(message))


KINDS = ["错链（死链）", "栏目不更新", "空白栏目", "办事指南要素缺失", "内容不更新", "错别字（待复核）"]
"""The kinds of the first unit in the order of the catalogue, its candidates last."""


def test_sheets_and_headings(book: Workbook, sheet: Worksheet) -> None:
    assert book.sheetnames == ["问题汇总", "问题清单", *KINDS, "评分表", "未能判定", "说明"]
    assert sheet["A1"].value == "政府网站与政务新媒体检查问题清单"
    assert sheet["A2"].value == "单位：云溪县人民政府"
    assert "监测时间点：2026-11-20 00:00" in str(sheet["A3"].value)
    assert (
        sheet["A4"].value
        == book["问题汇总"]["A3"].value
        == (
            "共列 142 项：发现问题 113 项（其中涉单项否决 1 项），待人工复核 29 项；"
            "新增 94 项，持续 48 项，另有 12 项已整改；"
            "未能判定 1 项（见“未能判定”表）。"
        )
    )
    assert [cell.value for cell in sheet[5]] == HEADINGS


def test_the_sheets_by_kind_hold_every_problem_once_with_its_number(book: Workbook, view: InspectionView) -> None:
    unit = view.units[0]
    numbers: dict[str, list[int]] = {}
    for name in KINDS:
        numbers[name] = [row[0].value for row in book[name].iter_rows(min_row=FIRST)]  # type: ignore[misc]
    assert sorted(number for own in numbers.values() for number in own) == list(range(1, len(unit.problems) + 1))
    for name, own in numbers.items():
        title, pending, _ = name.partition("（待复核）")
        assert {unit.problems[number - 1].title for number in own} == {title}
        states = {unit.problems[number - 1].state for number in own}
        assert states == {State.NEEDS_REVIEW if pending else State.FAIL}
        assert book[name]["A1"].value == f"政府网站与政务新媒体检查问题清单：{name}"
        assert f"“{title}”的 {len(own)} 项" in str(book[name]["A4"].value)
        assert ("确认之前不作为问题" in str(book[name]["A4"].value)) is bool(pending)


def test_the_summary_tells_every_kind_and_leads_to_its_sheet(book: Workbook, view: InspectionView) -> None:
    unit, sheet = view.units[0], book["问题汇总"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    total = next(place for place, row in enumerate(rows) if row[0] == "发现问题合计")
    told = {str(row[1]): row[3] for row in rows[:total]}
    assert list(told) == KINDS[:-1]
    assert told == {title: sum(one.title == title for one in unit.confirmed) for title in told}
    assert [rows[total][at] for at in (0, 1, 3, 4, 5)] == ["发现问题合计", "5 类", len(unit.confirmed), 1, 75]
    assert rows[0][:3] == ["链接可用", "错链（死链）", "自动"]
    assert rows[0][6] == sample.CLAUSES["link.broken"]
    assert str(rows[total + 1][0]).startswith("待人工复核")
    assert rows[total + 2][:4] == ["内容与安全", "错别字", "自动发现，人工复核", len(unit.pending)]
    assert [rows[total + 3][at] for at in (0, 1, 3)] == ["待人工复核合计", "1 类", len(unit.pending)]
    links = [cell for cell in sheet["H"] if cell.hyperlink]
    assert [cell.value for cell in links] == KINDS
    assert [cell.hyperlink.location for cell in links] == [f"'{name}'!A1" for name in KINDS]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("C5", "$4:$4")


def test_every_sheet_leads_back_to_the_summary(book: Workbook) -> None:
    for name in book.sheetnames[1:]:
        back = [cell for row in book[name].iter_rows(max_row=3) for cell in row if cell.hyperlink]
        assert [(cell.value, cell.hyperlink.location) for cell in back] == [("返回“问题汇总”", "'问题汇总'!A1")], name


def test_what_only_a_rulesets_threshold_makes_has_a_sheet_of_its_own(view: InspectionView, tmp_path: Path) -> None:
    unit, fault = view.units[0], Finding("http://www.x.example/", sample.FORMULA, quote="@SUM(1)", problem_url="-2")
    apart = StampedFinding("link.broken", sample.site(unit.code), State.FAIL, fault, "条款", "f" * 32)
    card = unit.scorecards[0]
    traces = (replace(card.traces[1], by_threshold=(apart,)), replace(card.traces[2], by_threshold=(apart,)))
    unit = unit_problems(
        unit.code, unit.name, unit.targets, unit.results, [replace(card, traces=traces)],
        checks=sample.CHECKS, history={}, as_of=sample.AS_OF, evidence={fault.url: ("evidence/000000000001.html",)},
    )  # fmt: skip
    assert len(unit.problems) == len(view.units[0].problems), "no list has it"
    xlsx.write(view, unit, tmp_path / "x.xlsx")
    book = load_workbook(tmp_path / "x.xlsx")
    sheet = book["另计问题"]
    assert sheet["A5"].value == "按〈临江市政府网站绩效评估指标（网站类）〉阈值另计的问题（1 项）"
    assert [cell.value for cell in sheet[6]][:5] == [
        1, "云溪县人民政府网站", "i0 信息公开指南、i1 政府信息公开工作年度报告", "错链（死链）", sample.FORMULA,
    ]  # fmt: skip
    assert (sheet["E6"].data_type, sheet["E6"].quotePrefix, sheet["H6"].hyperlink) == ("s", True, None)
    assert sheet["K6"].hyperlink.target.replace("\\", "/") == "../evidence/000000000001.html"
    last = [cell for cell in book["问题汇总"]["H"] if cell.hyperlink][-1]
    assert (last.value, last.hyperlink.location) == ("另计问题", "'另计问题'!A1")
    assert "其中 1 项按本指标体系的阈值另计" in str([cell.value for cell in book["评分表"]["F"]])
    page = html.render(replace(view, units=(unit,)))
    assert page.count("<h5>按〈临江市政府网站绩效评估指标（网站类）〉阈值另计的问题</h5>") == 1
    assert page.count("i0 信息公开指南、i1 政府信息公开工作年度报告") == 1
    (record,) = [one for one in records.scores(replace(view, units=(unit,))) if one["ruleset"] == sample.WEBSITE]
    assert [[found["fingerprint"] for found in trace["by_threshold"]] for trace in record["traces"]] == [  # type: ignore[attr-defined]
        ["f" * 32], ["f" * 32],
    ]  # fmt: skip


def test_kinds_that_an_excel_sheet_cannot_be_called_by_have_sheets(view: InspectionView, tmp_path: Path) -> None:
    titles = ("坏链[a]:b*c?/d\\e", "'引'", "说明", "说明", "很长" * 20, "很长" * 20, "History")
    texts = {f"x.{place}": sample.Text(title, "", Mode.CONFIRMED) for place, title in enumerate(titles)}
    found = [
        StampedFinding(check, sample.site("u"), state, Finding("http://u.example/", "示例"), "", f"{check}{state}")
        for check in texts
        for state in (State.FAIL, State.NEEDS_REVIEW)
    ]
    results = [CheckResult(one.check, one.target, one.state, "", (one,)) for one in found]
    unit = unit_problems("u", "单位", (), results, (), checks=texts, history={}, as_of=sample.AS_OF)
    xlsx.write(view, unit, tmp_path / "x.xlsx")
    book = load_workbook(tmp_path / "x.xlsx")
    names = book.sheetnames[2:-3]
    assert len(names) == len({name.lower() for name in names}) == len(found)
    assert names[:4] == ["坏链［a］：b＊c？／d＼e", "引", "说明（2）", "说明（3）"]
    assert max(map(len, names)) <= 31
    leads = [cell.hyperlink.location for cell in book["问题汇总"]["H"] if cell.hyperlink]
    assert leads == [f"'{name}'!A1" for name in names]


def test_one_row_a_problem_in_the_order_of_the_list(sheet: Worksheet, view: InspectionView) -> None:
    unit = view.units[0]
    assert sheet.max_row == FIRST - 1 + len(unit.problems)
    assert [sheet.cell(row, 1).value for row in range(FIRST, sheet.max_row + 1)] == list(range(1, 143))
    for row, problem in enumerate(unit.problems, start=FIRST):
        assert str(sheet.cell(row, 3).value).startswith(problem.title)
    first = [cell.value for cell in sheet[FIRST]]
    assert first[1:5] == [
        "云溪县发布",
        "内容不更新\n（涉单项否决）",
        "最近一次发文为 2026-10-28，距监测时间点 23 天",
        "wechat:gh_yunxi-county",
    ]
    assert isinstance(first[9], datetime)
    assert {sheet.cell(row, 11).value for row in range(FIRST, sheet.max_row + 1)} == {
        "新增", "持续", "新增\n待人工复核", "持续\n待人工复核",
    }  # fmt: skip


def test_frozen_filtered_and_set_up_for_a4(sheet: Worksheet) -> None:
    assert sheet.freeze_panes == "D6"
    assert sheet.auto_filter.ref == "A5:L147"
    assert sheet.page_setup.orientation == "landscape"
    assert str(sheet.page_setup.paperSize) == sheet.PAPERSIZE_A4
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0), "one page wide, any number tall"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$5:$5"
    assert "&P" in str(sheet.oddFooter.right.text)
    assert sheet.column_dimensions["D"].width > 30
    for row in range(FIRST, sheet.max_row + 1):
        assert 15 <= sheet.row_dimensions[row].height <= 409
    assert sheet.cell(FIRST, 4).alignment.wrap_text
    assert sheet.cell(5, 1).font.name == "黑体"
    assert sheet.cell(FIRST, 4).font.name == "宋体"
    assert sheet["A2"].font.name == "仿宋"


def test_links_lead_to_page_address_and_evidence(sheet: Worksheet) -> None:
    row = _row_of(sheet, "链接“附件16”")
    assert sheet.cell(row, 5).hyperlink.target == "http://www.yunxi-county.example/zwgk/a16.html"
    assert sheet.cell(row, 5).value == "http://www.yunxi-county.example/zwgk/a16.html"
    assert sheet.cell(row, 7).hyperlink.target == "http://www.yunxi-county.example/files/2024/附件16.doc"
    assert sheet.cell(row, 12).hyperlink.target.replace("\\", "/") == "../evidence/000000000010.html"
    assert sheet.cell(row, 12).value == "000000000010.html"


def test_nothing_is_a_formula(book: Workbook, sheet: Worksheet) -> None:
    for page in book:
        assert not [cell.coordinate for line in page.iter_rows() for cell in line if cell.data_type == "f"]
    row = _row_of(sheet, "=HYPERLINK")
    cell = sheet.cell(row, 4)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (sample.FORMULA, "s", True)
    assert cell.hyperlink is None
    assert sheet.cell(row, 6).value == "+1\n原文：@SUM(1)"
    assert (sheet.cell(row, 7).value, sheet.cell(row, 7).data_type) == ("-2", "s")


def test_only_web_addresses_are_links(sheet: Worksheet) -> None:
    row = _row_of(sheet, "<script>")
    assert sheet.cell(row, 7).value == sample.SCRIPT_URL
    assert sheet.cell(row, 7).hyperlink is None
    assert sheet.cell(FIRST, 5).hyperlink is None, "an account's id is no address"


def test_addresses_too_long_for_excel_stand_whole_as_text(sheet: Worksheet) -> None:
    assert len(sample.LONG_URL) > 5000 > URL_LIMIT
    row = _row_of(sheet, "过长地址")
    for column in (5, 7):
        assert sheet.cell(row, column).value == sample.LONG_URL
        assert sheet.cell(row, column).hyperlink is None
    assert sheet.row_dimensions[row].height < 200


def test_long_addresses_are_shown_short_and_linked_whole(sheet: Worksheet) -> None:
    row = _row_of(sheet, "较长地址")
    page, address = sheet.cell(row, 5), sheet.cell(row, 7)
    assert "略去" in str(page.value) and len(str(page.value)) <= 120
    assert page.hyperlink.target.endswith("%E4%BA%91%E6%BA%AA")
    assert address.hyperlink.target.endswith("%22x%20y")


def test_control_characters_are_left_out(sheet: Worksheet) -> None:
    row = _row_of(sheet, "栏目[31m")
    assert sheet.cell(row, 4).value == "栏目[31m名称\ufffd结束"


def test_scorecards_show_every_indicator(book: Workbook, view: InspectionView) -> None:
    page = book["评分表"]
    card = view.units[0].scorecards[1]
    names = [cell.value for cell in page["B"]]
    assert [trace.name for trace in card.traces] == [name for name in names if name in {t.name for t in card.traces}]
    text = "\n".join(str(cell.value) for line in page.iter_rows() for cell in line if cell.value is not None)
    assert "总分 93.00 分（可得分 100.00，满分 100.00）；其中 46.00 分的分值由本系统暂定" in text
    assert "只设单项否决，不计分" in text
    row = names.index("政府信息公开工作年度报告") + 1
    assert [page.cell(row, column).value for column in (3, 4, 5)] == [15, 14.67, "发现问题"]
    assert page.cell(row, 6).value == "规则：每处扣 0.33 分，最多扣完为止\n计算：15 − min(0.33, 15) = 14.67"
    assert page.cell(row, 8).value == "本系统暂定"
    veto = names.index("互动回应差") + 1
    assert [page.cell(veto, column).value for column in (1, 3, 4, 5)] == ["单项否决", "—", "—", "未触发"]
    assert veto < row, "vetoes stand first"
    assert page.print_title_rows == "$3:$3"


def test_undetermined_indicators_are_named_and_have_no_score(written: Path) -> None:
    page = load_workbook(written / "problems" / "兰亭县人民政府.xlsx")["评分表"]
    row = next(cell.row for cell in page["B"] if cell.value == "站内搜索")
    assert [page.cell(row, column).value for column in (3, 4, 5)] == [8, "—", "未能判定"]
    assert any(str(cell.value) == "未能判定的指标（不计入可得分）：站内搜索" for cell in page["A"])


def test_what_is_not_settled_has_its_reason(written: Path) -> None:
    page = load_workbook(written / "problems" / "兰亭县人民政府.xlsx")["未能判定"]
    rows = [[cell.value for cell in line] for line in page.iter_rows(min_row=5)]
    assert rows[0][:5] == [1, "兰亭县人民政府网站", "IPv6", "未能判定", "本机没有 IPv6 网络，未能判定"]
    assert rows[1][5] == "应看 4 处，看到 0 处；被对方防护拦截 4 处；采集止于：被拦截"
    assert [row[3] for row in rows] == ["未能判定", "未能判定", "出错"]


def test_a_unit_without_problems_says_that_this_is_not_clean(written: Path) -> None:
    page = load_workbook(written / "problems" / "临江市水利局（city-water）.xlsx")["问题清单"]
    assert "不等同于没有问题" in str(page["A6"].value)


def test_reading_notes(book: Workbook) -> None:
    text = "\n".join(str(cell.value) for cell in book["说明"]["A"] if cell.value)
    for needed in ("监测时间点", "待人工复核", "未能判定", "异议", "SHA-256", "指标体系：", "系统版本：0.1.0"):
        assert needed in text
    assert "违规" not in text


def test_many_problems_go_on_to_further_sheets(view: InspectionView, tmp_path: Path) -> None:
    xlsx.write(view, view.units[0], tmp_path / "x.xlsx", rows_per_sheet=60)
    book = load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames[1:4] == ["问题清单", "问题清单（2）", "问题清单（3）"]
    assert "分列 3 张表，本表为第 2 张" in str(book["问题清单（2）"]["A4"].value)
    assert [book["问题清单（2）"].cell(row, 1).value for row in (6, 65)] == [61, 120]
    assert book["问题清单（3）"].max_row == 5 + 22


def test_links_of_a_full_sheet_stay_within_excels_limit() -> None:
    assert xlsx.ROWS_PER_SHEET * 3 <= 65_530


def test_a_unit_without_anything_can_be_written(view: InspectionView, tmp_path: Path) -> None:
    unit = unit_problems("x", "空 & 无", (), (), (), checks={}, history={}, as_of=sample.AS_OF)
    xlsx.write(replace(view, ended=None, rulesets=()), unit, tmp_path / "x.xlsx")
    book = load_workbook(tmp_path / "x.xlsx")
    assert "检查时间：2026-11-19 22:00 至 —" in str(book["问题清单"]["A3"].value)
    with zipfile.ZipFile(tmp_path / "x.xlsx") as parts:
        assert "空 &amp;&amp; 无" in parts.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize(
    ("text", "width", "expected"), [("", 10, 1), ("汉字汉字", 9.8, 1), ("汉字汉字汉", 9.8, 2), ("a\nb", 9, 2)]
)
def test_lines(text: str, width: float, expected: int) -> None:
    assert lines(text, width) == expected


def test_cells_are_cut_at_excels_limit_and_say_so() -> None:
    assert clipped("短") == "短"
    cut = clipped("\U0001f600" * 40_000)
    assert cut.endswith("…（后略）")
    assert len(cut.encode("utf-16-le")) // 2 <= 32_767
