"""Lexicon files: every fault is told with its row and column, and nothing of a wrong file is taken in."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from crawler.facts.texts import TextKind
from crawler.words.errors import WordbookErrors
from crawler.words.files import COLUMNS, read
from crawler.words.folder import bring_in
from crawler.words.wordbook import built_in, wordbook

GOOD = [
    ["类型", "错误写法", "正确写法", "例外", "后文", "自", "来源"],
    ["错别字", "云西县", "云溪县", "云西县城路", "", "", "云溪县人民政府办公室"],
    ["表述", "云溪地区", "云溪县", "", "行署", "1998-01-01", "县志"],
    ["放行", "大布署村", "", "", "", "", ""],
]


def _csv(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def _told(path: Path) -> list[str]:
    with pytest.raises(WordbookErrors) as refused:
        read(path)
    return str(refused.value).splitlines()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_file_is_read_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    typo, wording, allowed = read(_csv(tmp_path / "词库.csv", GOOD, encoding))
    assert (typo.kind, typo.wrong, typo.right, typo.exceptions) == (TextKind.TYPO, "云西县", "云溪县", ("云西县城路",))
    assert (wording.since, wording.source) == (date(1998, 1, 1), "县志")
    assert allowed.kind is None


def test_a_workbook_is_read_like_a_csv_file(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in GOOD[:3]:
        sheet.append([date(1998, 1, 1) if cell == "1998-01-01" else cell or None for cell in row])
    book.save(tmp_path / "词库.xlsx")
    assert read(tmp_path / "词库.xlsx") == read(_csv(tmp_path / "词库.csv", GOOD[:3]))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["错字", "云西县", "云溪县"], "文件 词库.csv，第 2 行，“类型”列：只能是错别字、表述、放行（错字）"),
        (["错别字", "县", "云溪县"], "文件 词库.csv，第 2 行，“错误写法”列：应为 2 至 40 个字（县）"),
        (["错别字", "云 西", "云溪"], "文件 词库.csv，第 2 行，“错误写法”列：不能含空格或换行（云 西）"),
        (["错别字", "云西县", ""], "文件 词库.csv，第 2 行，“正确写法”列：错别字须给出正确写法"),
        (["错别字", "云溪县", "云溪县"], "文件 词库.csv，第 2 行，“正确写法”列：与错误写法相同（云溪县）"),
        (
            ["错别字", "云西县", "云溪县", "云溪县城"],
            "文件 词库.csv，第 2 行，“例外”列：“云溪县城”中没有“云西县”，不会起作用（云溪县城）",
        ),
        (["表述", "云西县", "", "", "", "98年"], "文件 词库.csv，第 2 行，“自”列：应为 YYYY-MM-DD 形式的日期（98年）"),
        (
            ["表述", "云西县", "", "", "(", ""],
            "文件 词库.csv，第 2 行，“后文”列：不是有效的正则表达式（(）",
        ),
        (["表述", "云西县", "", "", "", "", "", "多出"], "文件 词库.csv，第 2 行：内容超出表头的列数（多出）"),
    ],
)
def test_a_fault_is_told_with_its_row_column_and_reason(tmp_path: Path, row: list[str], told: str) -> None:
    assert _told(_csv(tmp_path / "词库.csv", [GOOD[0], row])) == [told]


def test_every_fault_of_a_file_is_told(tmp_path: Path) -> None:
    rows = [
        GOOD[0],
        ["错别字", "甲乙", "甲乙"],
        ["# 说明"],
        ["错别字", "云西县", "云溪县"],
        ["错别字", "云西县", "云溪县"],
    ]
    told = _told(_csv(tmp_path / "词库.csv", rows))
    assert len(told) == 2
    assert told[1] == "文件 词库.csv，第 5 行，“错误写法”列：与第 4 行重复（云西县）"


def test_headings_are_checked_before_rows(tmp_path: Path) -> None:
    told = _told(_csv(tmp_path / "词库.csv", [["类型", "错词", "正确写法"], ["?", "", ""]]))
    assert told == [
        f"文件 词库.csv，第 1 行，“错词”列：未知的列，可用的列：{'、'.join(COLUMNS)}",
        "文件 词库.csv，第 1 行，“错误写法”列：缺少此列",
    ]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("词库.csv", b"", "没有内容"),
        ("词库.txt", b"x", "只支持 CSV 和 XLSX 文件"),
        ("词库.xlsx", b"PK\x03\x04 broken", "不是可读取的 XLSX 文件"),
        ("词库.csv", b"\xff\xfe\xff\xff\x81", "文字编码无法识别"),
        ("词库.csv", '类型,错误写法\n表述,"云西县\n'.encode(), "CSV 格式不正确"),
    ],
)
def test_what_is_no_lexicon_file_is_refused(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert told in _told(tmp_path / name)[0]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert _told(tmp_path / "词库.csv") == ["文件 词库.csv：文件不存在或无法读取"]


def test_the_office_s_entries_go_over_the_built_in_ones(tmp_path: Path) -> None:
    rows = [
        ["类型", "错误写法", "正确写法", "例外"],
        ["错别字", "布署", "部署", "大布署村"],
        ["放行", "座落村", "", ""],
    ]
    bring_in(_csv(tmp_path / "本县.csv", rows), tmp_path / "在用", replace=False)
    book = wordbook(tmp_path / "在用")
    assert book.digest != built_in().digest
    assert book.hits("大布署村、座落村") == ()
    assert [hit.entry for hit in book.hits("公布署名、工作布署")] == ["布署", "布署"], (
        "the office's row replaces ours whole"
    )
    assert wordbook(tmp_path / "没有").digest == built_in().digest


def test_nothing_of_a_wrong_file_comes_in(tmp_path: Path) -> None:
    folder = tmp_path / "在用"
    bring_in(_csv(tmp_path / "一.csv", GOOD), folder, replace=False)
    before = (folder / "一.csv").read_bytes()
    for name, rows in (
        ("一.csv", [*GOOD, ["错别字", "甲乙", "甲乙"]]),
        ("一.csv", GOOD[:2]),
        ("二.csv", GOOD),
        ("三.csv", GOOD[:1]),
    ):
        with pytest.raises(WordbookErrors):
            bring_in(_csv(tmp_path / name, rows), folder, replace=False)
        assert [path.name for path in folder.iterdir()] == ["一.csv"]
        assert (folder / "一.csv").read_bytes() == before
    bring_in(_csv(tmp_path / "一.csv", GOOD[:2]), folder, replace=True)
    assert len(read(folder / "一.csv")) == 1
