"""信息采用量 as offices supply it: read whole, or refused with row, column and reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from reports.adoptions import Adopted
from reports.annexes import annexes
from reports.tables import words
from scheduler.adoption_form import read
from scheduler.errors import SheetRefused
from tests.unit.reports import sample

RIGHT = "类别,单位名称,采用量\n县区,云溪县政府,18\n县区,兰亭县政府,253\n部门,市统计局,115\n部门,市司法局,38\n部门,合计,153\n"


def file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "采用.csv"
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_counts_are_read_by_group_the_most_adopted_first(tmp_path: Path, encoding: str) -> None:
    told = read(file(tmp_path, RIGHT, encoding))
    assert told.groups == (
        ("县区", (Adopted("兰亭县政府", 253), Adopted("云溪县政府", 18))),
        ("部门", (Adopted("市统计局", 115), Adopted("市司法局", 38))),
    )


def test_a_workbook_is_read_alike(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["单位名称", "采用量"], ["市统计局", 115.0], ["市司法局", 38], [None, None]):
        book.active.append(row)
    book.save(tmp_path / "采用.xlsx")
    assert read(tmp_path / "采用.xlsx").groups == (("", (Adopted("市统计局", 115), Adopted("市司法局", 38))),)


def test_a_formula_that_was_never_reckoned_is_no_count(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["单位名称", "采用量"], ["市统计局", "=100+15"], ["市司法局", 38]):
        book.active.append(row)
    book.save(tmp_path / "采用.xlsx")
    with pytest.raises(SheetRefused, match="第 2 行，“采用量”列：公式没有计算结果"):
        read(tmp_path / "采用.xlsx")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("单位,数\n甲,1\n", "第 1 行，“单位名称”列：没有这一列\n文件 采用.csv，第 1 行，“采用量”列：没有这一列"),
        ("单位名称,采用量\n甲,1\n甲,2\n", "第 3 行，“单位名称”列：与第 2 行重复（甲）"),
        ("单位名称,采用量\n\n甲,一百\n", "第 3 行，“采用量”列：应为不带单位的整数（一百）"),
        ("单位名称,采用量\n甲,-3\n", "第 2 行，“采用量”列：应为不带单位的整数（-3）"),
        ("单位名称,采用量\n甲,３\n", "第 2 行，“采用量”列：应为不带单位的整数（３）"),
        ("单位名称,采用量\n甲,\n", "第 2 行，“采用量”列：空白"),
        ("单位名称,采用量\n,5\n", "第 2 行，“单位名称”列：空白"),
        ("单位名称,采用量\n", "只有表头"),
        ("", "没有内容"),
        ('单位名称,采用量\n"甲,1\n', "CSV 格式不正确"),
    ],
)
def test_a_fault_is_named_and_nothing_is_used(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        read(file(tmp_path, text))
    assert said in str(refused.value)
    assert "采用.csv" in str(refused.value)


@pytest.mark.parametrize("name", ["没有.csv", "采用.doc", "坏.xlsx"])
def test_what_is_no_table_is_refused(tmp_path: Path, name: str) -> None:
    if name != "没有.csv":
        (tmp_path / name).write_bytes(b"PK\x03\x04nonsense")
    with pytest.raises(SheetRefused):
        read(tmp_path / name)


def test_the_annex_has_the_two_halves_of_the_printed_one(tmp_path: Path) -> None:
    annex = annexes(sample.view(), read(file(tmp_path, RIGHT)))[-1]
    (table,) = annex.tables
    assert annex.title == "政务信息采用情况统计表"
    assert [column.head for column in table.columns] == ["序号", "单位名称", "采用量"] * 2
    assert [[words(cell) for cell in row] for row in table.rows] == [
        ["1", "兰亭县政府", "253", "1", "市统计局", "115"],
        ["2", "云溪县政府", "18", "2", "市司法局", "38"],
        ["", "", "", "", "", ""],
    ]
