"""Documents are read by their places; what cannot be read says why, and none can hold or fill its reader."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from crawler.documents import package
from crawler.documents.reading import read
from crawler.documents.text import MOST_CHARACTERS
from tests.unit.documents.files import docx, encrypted_pdf, packed, pdf, scanned_pdf, xlsx


def _places(body: bytes) -> list[tuple[str, str]]:
    document = read(body, seconds=30)
    assert document.unread == ""
    return [(part.place, part.text) for part in document.parts]


def test_a_pdf_is_read_page_by_page() -> None:
    assert _places(pdf(["关于工作布署的通知", "第二页的文字有十个以上"])) == [
        ("第 1 页", "关于工作布署的通知"),
        ("第 2 页", "第二页的文字有十个以上"),
    ]


def test_a_line_broken_at_the_margin_goes_on_and_others_do_not() -> None:
    page = "会议强调各镇各部门要提高认识加强领导认真做好各项工作的布\n署和落实。\n姓名\n李青禾"
    ((_, text),) = _places(pdf([page]))
    assert text.split("\n") == ["会议强调各镇各部门要提高认识加强领导认真做好各项工作的布署和落实。", "姓名", "李青禾"]


def test_radicals_are_read_as_the_characters_they_stand_for() -> None:
    ((_, text),) = _places(pdf(["⼈⺠政府⼯作报告全⽂如下：外⻓"]))
    assert text == "人民政府工作报告全文如下：外长"


def test_a_docx_is_read_paragraph_by_paragraph() -> None:
    assert _places(docx(["通知", "", "作了布署。"])) == [("第 1 段", "通知"), ("第 3 段", "作了布署。")]


def test_a_workbook_is_read_row_by_row() -> None:
    rows: list[list[object]] = [
        ["姓名", "身份证号"],
        ["李青禾", "610999198503070029"],
        [None, None],
        ["周望川", 19900010002.0],
    ]
    assert _places(xlsx(rows)) == [
        ("工作表“名单”第 1 行", "姓名\n身份证号"),
        ("工作表“名单”第 2 行", "李青禾\n610999198503070029"),
        ("工作表“名单”第 4 行", "周望川\n19900010002"),
    ]


_PACKAGE = docx(["作了布署。"])
_PDF = pdf(["关于工作布署的通知"])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (scanned_pdf(), "扫描件，没有文字层"),
        (pdf(["", ""]), "没有读到文字"),
        (_PDF[: _PDF.rindex(b"startxref")] + b"startxref\n99999999\n%%EOF\n", "没有读到文字"),
        (_PDF.replace(b"0000000009 00000 n", b"0000000099 00000 n"), "没有读到文字"),
        (encrypted_pdf("关于工作的通知"), "已加密"),
        (b"%PDF-1.4\n" + b"\x00" * 500, "文件已损坏"),
        (_PACKAGE[: len(_PACKAGE) // 2], "文件已损坏"),
        (packed({"word/document.xml": b"<w:document"}), "文件已损坏"),
        (packed({"xl/workbook.xml": b"<workbook/>"}), "文件已损坏"),
        (packed({"a.txt": b"x"}), "不是 PDF、DOCX 或 XLSX 文件"),
        (b"<html>", "不是 PDF、DOCX 或 XLSX 文件"),
        (b"", "不是 PDF、DOCX 或 XLSX 文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "旧版 Office 格式或已加密的文件，不能读取"),
    ],
)
def test_what_cannot_be_read_says_why(body: bytes, reason: str) -> None:
    document = read(body, seconds=30)
    assert document.unread == reason
    assert document.parts == ()


def test_a_bomb_is_let_go_as_it_unfolds() -> None:
    body = packed({"word/document.xml": b"<" + b" " * (package.MOST_UNPACKED + 1_000_000)})
    assert len(body) < 200_000
    tracemalloc.start()
    document = read(body, seconds=30)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert document.unread == "解压后超过 80 MB"
    assert peak < 5_000_000


def test_entities_and_deep_nesting_harm_nobody() -> None:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY a0 "哈">{laughs}]><x xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:t>&a9;</w:t></w:p></x>'
    started = time.process_time()
    assert sum(len(part.text) for part in read(packed({"word/document.xml": bomb.encode()}), seconds=30).parts) < 1000
    nested = docx(["作了布署。"], inner="<w:x>" * 100_000)
    assert read(nested, seconds=30).unread == "文件已损坏"
    assert time.process_time() - started < 5


def test_a_page_that_takes_too_long_is_left_in_the_middle() -> None:
    body = pdf(["第一页的文字有十个以上", "第二页"], extra=b"q 1 0 0 1 0 0 cm Q\n" * 400_000)
    started = time.process_time()
    document = read(body, seconds=0.5)
    assert "读取超时" in document.unread
    assert time.process_time() - started < 20


def test_a_document_without_end_is_cut_off_and_says_so() -> None:
    document = read(docx(["字" * 1000] * (MOST_CHARACTERS // 1000 + 5)), seconds=30)
    assert document.characters <= MOST_CHARACTERS
    assert document.unread == "内容过多，只读到第 501 段"
