"""The template reads back as a registry, offers lists to choose from, and explains every column."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from scheduler.errors import TemplateNotWritten
from scheduler.registry import load, write_template
from scheduler.registry_columns import vocabulary


def test_the_template_is_a_registry_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    write_template(path)
    registry = load(path)
    (unit,) = registry.units
    assert (unit.code, unit.kind, unit.requires) == ("yunxi-county", "county", ("site", "wechat", "weibo"))
    assert unit.sites[0].site_code == "6109990001"
    assert unit.sites[0].columns[0].url == "http://www.yunxi.example/xxgk/zcwj/"
    assert unit.accounts[0].source is not None
    assert registry.canaries == ("http://www.canary.example/",)


def test_every_column_with_words_offers_them_as_a_list(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    write_template(path)
    book = openpyxl.load_workbook(path)
    for table in vocabulary().tables.values():
        sheet = book[table.name]
        lists = {
            str(validation.sqref).split(":")[0]: str(validation.formula1)
            for validation in sheet.data_validations.dataValidation
            if validation.type == "list"
        }
        for at, column in enumerate((entry for entry in table.columns.values() if not entry.rare), start=1):
            cell = sheet.cell(row=1, column=at)
            assert cell.value == column.heading
            assert sheet.cell(row=2, column=at).number_format == "@"
            if column.values and not column.many:
                place = f"{cell.column_letter}2"
                assert lists[place].strip('"').split(",") == list(vocabulary().shown(column.values))


def test_the_guide_explains_every_column(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    write_template(path)
    book = openpyxl.load_workbook(path)
    rows = {(row[0], row[1]): row[2:] for row in book["填写说明"].iter_rows(values_only=True)}
    for table in vocabulary().tables.values():
        for column in table.columns.values():
            needed, note, *_ = rows[table.name, column.heading]
            assert needed == ("必填" if column.required else "可加列" if column.rare else "选填")
            assert note == column.note


@pytest.mark.parametrize(
    ("name", "reason"),
    [("nowhere/台账.xlsx", "无法写入"), ("台账.xls", "应以 .xlsx 结尾"), ("filled.xlsx", "文件已存在，不予覆盖")],
)
def test_a_template_never_takes_the_place_of_a_file(tmp_path: Path, name: str, reason: str) -> None:
    filled = tmp_path / "filled.xlsx"
    filled.write_bytes(b"a registry")
    with pytest.raises(TemplateNotWritten, match=reason):
        write_template(tmp_path / name)
    assert [entry.name for entry in tmp_path.iterdir()] == ["filled.xlsx"]
    assert filled.read_bytes() == b"a registry"
