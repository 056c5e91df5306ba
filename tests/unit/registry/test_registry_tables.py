"""What only sheets and CSV files can get wrong: sheets, headings, merged cells, formulas, numbers, quoting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.workbook import Workbook

from scheduler.registry import load
from tests.unit.registry.offices import SHEETS, edited, lines_of, problems_of, without, write_csv, write_xlsx


def changed_book(folder: Path, change: Callable[[Workbook], object]) -> Path:
    """The office's workbook after a change made to it cell by cell."""
    path = write_xlsx(folder, SHEETS)
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def test_a_missing_sheet_is_named(tmp_path: Path) -> None:
    sheets = {name: table for name, table in SHEETS.items() if name != "账号"}
    assert lines_of(write_xlsx(tmp_path, sheets)) == [
        "文件 台账.xlsx，工作表“账号”：缺少此工作表；没有账号也请保留，只留表头"
    ]
    assert lines_of(write_csv(tmp_path, sheets)) == [
        "文件 账号.csv：缺少此文件（或 accounts.csv）；没有账号也请保留，只留表头"
    ]


def test_a_sheet_whose_name_is_a_slip_is_not_passed_over(tmp_path: Path) -> None:
    sheets = {("栏日" if name == "栏目" else name): table for name, table in SHEETS.items()}
    assert lines_of(write_xlsx(tmp_path, sheets)) == ["文件 台账.xlsx，工作表“栏日”：未知的工作表，是否应为“栏目”？"]


def test_a_table_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, {**SHEETS, "sites": SHEETS["网站"]})
    assert lines_of(path) == ["文件 台账.xlsx，工作表“sites”：与工作表“网站”是同一张表"]
    write_csv(tmp_path, {**SHEETS, "sites": SHEETS["网站"]})
    assert lines_of(tmp_path) == ["文件 sites.csv：与 网站.csv 并存，不知以哪一份为准：请只留一份"]


def test_sheets_with_headings_alone_hold_no_unit(tmp_path: Path) -> None:
    assert lines_of(write_xlsx(tmp_path, {name: table[:1] for name, table in SHEETS.items()})) == [
        "文件 台账.xlsx：没有任何单位"
    ]


def test_a_missing_column_is_named_once(tmp_path: Path) -> None:
    sheets = {**SHEETS, "账号": without(SHEETS["账号"], "账号名称")}
    assert lines_of(write_xlsx(tmp_path, sheets)) == ["文件 台账.xlsx，工作表“账号”，第 1 行，“账号名称”列：缺少此列"]


@pytest.mark.parametrize(
    ("heading", "reason"),
    [
        ("认证主提", "未知的列，是否应为“认证主体”？"),
        ("备注栏", "未知的列，请删除或改正列名"),
        ("账号名称", "此列出现了两次"),
        ("帐号名称", "与“账号名称”列是同一列"),
    ],
)
def test_an_unknown_or_doubled_column_is_named(tmp_path: Path, heading: str, reason: str) -> None:
    sheets = {**SHEETS, "账号": edited(SHEETS["账号"], 1, "认证主体", heading)}
    assert lines_of(write_csv(tmp_path, sheets)) == [f"文件 账号.csv，第 1 行，“{heading}”列：{reason}"]


def test_content_under_no_heading_is_named(tmp_path: Path) -> None:
    sheets = {**SHEETS, "单位": [*SHEETS["单位"][:2], [*SHEETS["单位"][2], "又及"]]}
    assert lines_of(write_xlsx(tmp_path, sheets)) == [
        "文件 台账.xlsx，工作表“单位”，第 3 行：第 8 列没有列名，却有内容（又及）"
    ]


def test_a_sheet_without_headings_is_named(tmp_path: Path) -> None:
    sheets = {**SHEETS, "栏目": SHEETS["栏目"][1:]}
    assert lines_of(write_xlsx(tmp_path, sheets)) == [
        "文件 台账.xlsx，工作表“栏目”：找不到表头，应有一行列名，至少包括：首页网址、栏目网址、栏目名称"
    ]


def test_merged_cells_in_the_data_are_refused_by_their_range_alone(tmp_path: Path) -> None:
    path = changed_book(tmp_path, lambda book: book["账号"].merge_cells("A2:A3"))
    assert lines_of(path) == [
        "文件 台账.xlsx，工作表“账号”，第 2 行，“单位代码”列：数据区有合并单元格 A2:A3，请取消合并并逐行填写"
    ]


def test_merged_cells_above_the_headings_are_no_fault(tmp_path: Path) -> None:
    def add_title(book: Workbook) -> None:
        book["单位"].insert_rows(1)
        book["单位"]["A1"] = "云溪市单位名录"
        book["单位"].merge_cells("A1:F1")

    assert len(load(changed_book(tmp_path, add_title)).units) == 2


def test_a_formula_that_was_never_calculated_is_refused(tmp_path: Path) -> None:
    def set_formula(book: Workbook) -> None:
        book["网站"]["B2"] = '=CONCATENATE("云溪县","网")'

    assert lines_of(changed_book(tmp_path, set_formula)) == [
        "文件 台账.xlsx，工作表“网站”，第 2 行，“网站名称”列：公式没有计算结果：请用表格软件打开并保存，或改填数值"
    ]


def test_a_formula_is_taken_by_its_calculated_value(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("单位", "网站", "账号"):
            sheet = book.add_worksheet(name)
            for row, record in enumerate(SHEETS[name]):
                sheet.write_row(row, 0, [str(value) for value in record])
        book.get_worksheet_by_name("单位").write_formula(1, 1, '="云溪"&"县"', None, "云溪县")
    assert load(path).units[0].name == "云溪县"


@pytest.mark.parametrize(
    ("sheet", "place", "column", "value", "reason"),
    [
        (
            "网站",
            "D2",
            "网站标识码",
            109990001,
            "单元格是数字，前导零已丢失：请把单元格设为文本格式后重新填写 10 位标识码（109990001）",
        ),
        (
            "网站",
            "D2",
            "网站标识码",
            6109990001.5,
            "是带小数的数字，此处应为文字：请把单元格设为文本格式后重新填写（6109990001.5）",
        ),
        (
            "账号",
            "D3",
            "平台账号",
            5500000001000000,
            "是超过 15 位的数字，末尾几位已被表格软件改为 0：请把单元格设为文本格式后重新填写（5500000001000000）",
        ),
        ("单位", "B2", "单位名称", True, "是逻辑值（TRUE 或 FALSE），此处应为文字（True）"),
        (
            "单位",
            "B2",
            "单位名称",
            datetime(2026, 1, 1),  # noqa: DTZ001 - a cell has no zone
            "是日期或时间，此处应为文字：请把单元格设为文本格式后重新填写（2026-01-01 00:00:00）",
        ),
        ("网站", "H2", "开通日期", 42491, "不是日期：单元格是数字或时间，请设为日期格式，或写成 2017-03-01（42491）"),
        (
            "网站",
            "H2",
            "开通日期",
            time(8, 30),
            "不是日期：单元格是数字或时间，请设为日期格式，或写成 2017-03-01（08:30:00）",
        ),
        ("网站", "J2", "访问间隔（秒）", True, "不是数字（True）"),
        ("网站", "C3", "首页网址", "#N/A", "单元格是错误值（#N/A）"),
    ],
)
def test_a_cell_of_the_wrong_kind_says_what_became_of_it(
    tmp_path: Path, sheet: str, place: str, column: str, value: object, reason: str
) -> None:
    def set_cell(book: Workbook) -> None:
        book[sheet][place].value = value

    assert lines_of(changed_book(tmp_path, set_cell)) == [
        f"文件 台账.xlsx，工作表“{sheet}”，第 {place[1:]} 行，“{column}”列：{reason}"
    ]


@pytest.mark.parametrize(
    "written", ["2016-5-1", "2016/05/01", "2016.5.1", "2016年5月1日", "20160501", "2016-05-01 00:00:00", 20160501]
)
def test_a_day_may_be_written_in_many_forms(tmp_path: Path, written: object) -> None:
    sheets = {**SHEETS, "网站": edited(SHEETS["网站"], 2, "开通日期", written)}
    opened = load(write_xlsx(tmp_path, sheets)).units[0].sites[0].opened
    assert opened is not None
    assert opened.isoformat() == "2016-05-01"


def test_blank_rows_to_the_end_of_a_sheet_are_left_out(tmp_path: Path) -> None:
    def mark_last_row(book: Workbook) -> None:
        book["单位"].cell(row=1_048_576, column=1).number_format = "@"

    assert len(load(changed_book(tmp_path, mark_last_row)).units) == 2


def test_a_chart_where_a_table_should_be_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("单位", "网站", "账号"):
            sheet = book.add_worksheet(name)
            for row, record in enumerate(SHEETS[name]):
                sheet.write_row(row, 0, [str(value) for value in record])
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=单位!$A$1:$A$3"})
        book.add_chartsheet("设置").set_chart(chart)
    assert lines_of(path) == ["文件 台账.xlsx，工作表“设置”：是图表页，不是数据工作表"]


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, SHEETS)
    data = bytearray(path.read_bytes())
    data[200:400] = bytes(200)
    path.write_bytes(data)
    (problem,) = problems_of(path)
    assert problem.reason in ("工作簿已损坏，无法读取", "不是有效的 XLSX 工作簿")


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("单位代码;单位名称\na;甲\n", "第 1 行：", "各列应以英文逗号分隔（单位代码;单位名称）"),
        ("单位代码\t单位名称\na\t甲\n", "第 1 行：", "各列应以英文逗号分隔（单位代码\\t单位名称）"),
        (
            '单位代码,单位名称\na,"甲\n',
            "第 2 行：",
            "CSV 格式不正确：引号不成对，或引号后有多余字符，或一格内容过长（unexpected end of data）",
        ),
        ("单位代码,单位名称\na,甲\n" + "," * 70 + "x\n", "第 3 行：", "超过 64 列"),
    ],
)
def test_a_csv_that_is_not_one_is_refused(tmp_path: Path, text: str, place: str, reason: str) -> None:
    write_csv(
        tmp_path,
        {
            **SHEETS,
            "网站": SHEETS["网站"][:1],
            "账号": SHEETS["账号"][:1],
            "栏目": SHEETS["栏目"][:1],
            "维护": SHEETS["维护"][:1],
        },
    )
    (tmp_path / "单位.csv").write_text(text, "utf-8")
    separator = "，" if place else ""
    assert lines_of(tmp_path) == [f"文件 单位.csv{separator}{place}{reason}"]


def test_rows_of_a_csv_count_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    write_csv(
        tmp_path,
        {
            **SHEETS,
            "网站": SHEETS["网站"][:1],
            "账号": SHEETS["账号"][:1],
            "栏目": SHEETS["栏目"][:1],
            "维护": SHEETS["维护"][:1],
        },
    )
    (tmp_path / "单位.csv").write_text('单位代码,单位名称,联系人\na,甲,"一\r\n二"\n\nb,,\n', "utf-8")
    assert lines_of(tmp_path) == [
        "文件 单位.csv，第 2 行，“联系人”列：含有换行、制表符或其他看不见的字符（一\\r\\n二）",
        "文件 单位.csv，第 4 行，“单位名称”列：必填，不能为空",
    ]


@pytest.mark.parametrize(("name", "encoding"), [("big5", "big5"), ("shift_jis", "shift_jis"), ("utf-16", "utf-16")])
def test_a_csv_in_another_encoding_is_refused(tmp_path: Path, name: str, encoding: str) -> None:
    write_csv(tmp_path, SHEETS)
    words = {"big5": "雲溪縣人民政府辦公室", "shift_jis": "行政機関のウェブサイト", "utf-16": "云溪县"}[name]
    (tmp_path / "设置.csv").write_text(f"key,value\ncanaries,{words}\n", encoding)
    (problem,) = problems_of(tmp_path)
    assert (problem.file, problem.row, problem.reason[:2]) == ("设置.csv", 0, "编码")


def test_settings_of_a_source_beyond_the_template_may_be_added_as_columns(tmp_path: Path) -> None:
    head, *rows = SHEETS["账号"]
    table = [[*head, "填报起始", "填报截止", "回读页数"], *([*row, None, None, None] for row in rows)]
    table[3][-3:-1] = ["2026/10/1", "2026-11-06 09:30"]
    table[2][-1] = 3
    registry = load(write_xlsx(tmp_path, {**SHEETS, "账号": table}))
    filed, mobile = registry.units[1].accounts[0].source, registry.units[0].accounts[1].source
    assert filed is not None
    assert mobile is not None
    assert filed.settings["covered_since"] == "2026-10-01"
    assert filed.settings["covered_until"] == "2026-11-06 09:30:00"
    assert mobile.settings["max_pages"] == "3"


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        (4, "填报起始", "2026-10-01", "填报起始与填报截止须同时填写（2026-10-01）"),
        (3, "登录凭据变量", "SECRET", "变量名须以 XUNCHA_ 开头（SECRET）"),
        (2, "登录方式", "网关", "数据来源“订阅源”不用此项，请留空（网关）"),
    ],
)
def test_a_source_setting_that_does_not_fit_is_refused(
    tmp_path: Path, row: int, column: str, value: str, reason: str
) -> None:
    head, *rows = SHEETS["账号"]
    table = [[*head, column], *([*record, None] for record in rows)]
    table[row - 1][-1] = value
    lines = lines_of(write_xlsx(tmp_path, {**SHEETS, "账号": table}))
    assert lines == [f"文件 台账.xlsx，工作表“账号”，第 {row} 行，“{column}”列：{reason}"]


def test_a_column_type_that_is_none_of_the_lexicon_is_refused(tmp_path: Path) -> None:
    sheets = {**SHEETS, "栏目": edited(SHEETS["栏目"], 2, "栏目类型", "policy-docment")}
    (problem,) = problems_of(write_xlsx(tmp_path, sheets))
    assert (problem.sheet, problem.row, problem.column) == ("栏目", 2, "栏目类型")
    assert problem.reason.startswith("不是已知的栏目类型，是否应为“policy-document”；可填 ")
