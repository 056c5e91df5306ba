"""The golden tables say the same in every format; what cannot be read is refused with its reason."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import openpyxl
import pytest

from scoring.circulars.errors import UnreadableCircular
from scoring.circulars.reading import read
from tests.unit.circulars.samples import FICTIONAL, GOLDEN, HEAD, WRITERS, as_sheet, as_word, golden, report, told
from tests.unit.documents.files import packed

ROUNDED = {"2019-website-county": 3, "2019-website-department": 18}
WRONG = [("sum", 3, "安康市公安局", "80.00", "78.00")]
NAMES = sorted(path.stem for path in GOLDEN.glob("*.csv"))


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("name", NAMES)
def test_the_golden_tables_in_every_format(name: str, suffix: str) -> None:
    rows = golden(name)
    found = report(WRITERS[suffix](rows), suffix)
    assert [len(table.rows) for table in found.tables] == [len(rows) - 1]
    told = [
        (one.kind.value, one.row, one.unit, one.printed, one.computed)
        for one in found.discrepancies
        if one.kind != "rounding"
    ]
    assert told == (WRONG if name == "2019-wechat-department" else [])
    rounded = [one for one in found.discrepancies if one.kind == "rounding"]
    assert len(rounded) == ROUNDED.get(name, 0)
    assert all(f"{float(one.printed) - float(one.computed):.2f}" in ("0.01", "-0.01") for one in rounded)


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_table_as_it_lies_here(name: str) -> None:
    (section,) = read(GOLDEN / f"{name}.csv")
    assert len(section.lines) == len(golden(name))
    assert report((GOLDEN / f"{name}.csv").read_bytes(), ".csv").tables[0].title == "通报"


def test_a_workbook_without_number_formats_is_read_by_its_values() -> None:
    assert told(as_sheet(golden("2019-wechat-department"), form="General"), ".xlsx") == [
        ("sum", 3, "安康市公安局", "80", "78")
    ]


def test_a_sheet_is_read_as_it_is_shown() -> None:
    rows = [HEAD, ["1", "云溪县政府网", "38.50", "17.20", "25.00", "9.10", "89.8031"], *FICTIONAL[1:]]
    assert told(as_sheet(rows), ".xlsx") == []
    assert [one[0] for one in told(as_sheet(rows, form="General"), ".xlsx")] == ["rounding"]


def test_a_sheet_named_by_a_person_names_its_table() -> None:
    book = openpyxl.Workbook()
    book.active.title = "区县网站"
    for row in [HEAD, *FICTIONAL]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    assert [table.title for table in report(out.getvalue(), ".xlsx").tables] == ["区县网站"]


def test_formulas_without_results_are_no_blanks() -> None:
    book = openpyxl.Workbook()
    for row in [HEAD, *FICTIONAL]:
        book.active.append([*row[:-1], "=SUM(C2:F2)" if row[0] == "1" else row[-1]])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Exception, match="第 2 行有公式没有计算结果"):
        report(out.getvalue(), ".xlsx")


def test_words_over_merged_cells_of_a_document() -> None:
    document = docx.Document(io.BytesIO(as_word([HEAD, *FICTIONAL])))
    cells = document.tables[-1].add_row().cells  # type: ignore[no-untyped-call]  # python-docx is untyped
    cells[0].text, cells[1].text, cells[6].text = "9", "瀛东新区政府网", "0.00"
    cells[2].merge(cells[5]).text = "未开设网站"
    out = io.BytesIO()
    document.save(out)
    found = report(out.getvalue(), ".docx")
    assert found.discrepancies == ()
    assert [row.worded for row in found.tables[0].rows] == [False] * 8 + [True]
    assert found.tables[0].rows[8].cells[6] == "0.00"


REFUSED = {
    "旧.doc": (b"\xd0\xcf\x11\xe0", "另存为 .docx"),
    "旧.xls": (b"\xd0\xcf\x11\xe0", "另存为 .xlsx"),
    "版.pdf": (b"%PDF-1.7", "不支持 PDF 文件"),
    "图.png": (b"\x89PNG", "不支持的文件类型，可用：.txt、.md、.csv、.xlsx、.docx"),
    "空.txt": (b"", "没有内容"),
    "码.txt": ("名次\t单位名称".encode("utf-16"), "不是 UTF-8 或 GB18030 编码"),
    "码.csv": (b"\xff\xff\x80,\x81", "不是 UTF-8 或 GB18030 编码"),
    "引.csv": ('序号,单位名称,总得分\n1,"甲"乙,3\n'.encode(), "第 2 行：CSV 格式不正确"),
    "坏.xlsx": (b"PK\x03\x04 not a workbook", "文件已损坏"),
    "坏.docx": (b"no archive", "文件已损坏"),
    "册.docx": (packed({"xl/workbook.xml": b"<x/>"}), "不是 DOCX 文件"),
    "文.xlsx": (packed({"word/document.xml": b"<x/>"}), "不是可读取的 XLSX 工作簿"),
    "弹.docx": (packed({"word/document.xml": b"<" + b" " * 90_000_000}), "解压后超过 80 MB"),
    "大.docx": (packed({"word/document.xml": b"<" + b" " * 30_000_000}), "正文展开后超过 20 MB"),
    "深.docx": (packed({"word/document.xml": b"<x>" * 100_000}), "文件已损坏"),
    "长.csv": (b"a,b\n" * 20_001, "超过 20000 行"),
    "宽.csv": (b"a," * 101, "第 1 行超过 100 列"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_file_and_reason(name: str, tmp_path: Path) -> None:
    content, reason = REFUSED[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableCircular) as refused:
        read(tmp_path / name)
    assert str(refused.value).startswith(f"文件 {name}：") and reason in str(refused.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableCircular, match="不存在或无法读取"):
        read(tmp_path / "无.txt")
