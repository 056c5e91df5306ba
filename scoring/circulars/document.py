"""A Word document as lines: paragraphs and the rows of its tables in the order in which they stand."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from lxml import etree

from crawler.documents.text import Unreadable
from scoring.circulars.table import Line

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAIN = "word/document.xml"
_MOST_XML = 20_000_000
_WRAPPERS = (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}smartTag", f"{_W}ins")
_MOST_SPAN = 100


def lines(archive: zipfile.ZipFile) -> Iterator[Line]:
    """Numbered as they stand. A cell over several columns is filled in its first. Raises Unreadable."""
    try:
        if archive.getinfo(_MAIN).file_size > _MOST_XML:
            raise Unreadable(f"正文展开后超过 {_MOST_XML // 1_000_000} MB")
        # no entities, no network, and libxml2's own bounds on depth and size
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
        root = etree.fromstring(archive.read(_MAIN), parser)
    except KeyError as error:
        raise Unreadable("不是 DOCX 文件") from error
    except etree.XMLSyntaxError as error:
        raise Unreadable("文件已损坏") from error
    body = root.find(f"{_W}body")
    number = 0
    for block in _children(body) if body is not None else ():
        if block.tag == f"{_W}p":
            number += 1
            yield Line(number, (_text(block),))
        elif block.tag == f"{_W}tbl":
            opens = True
            for row in _children(block, f"{_W}tr"):
                number += 1
                yield Line(number, tuple(_cells(row)), opens=opens)
                opens = False


def _children(element: etree._Element, tag: str = "") -> Iterator[etree._Element]:
    """Its blocks, those within content controls and insertions too."""
    for child in element:
        if child.tag in _WRAPPERS:
            yield from _children(child, tag)
        elif not tag or child.tag == tag:
            yield child


def _cells(row: etree._Element) -> Iterator[str]:
    before = row.find(f"{_W}trPr/{_W}gridBefore")
    yield from [""] * _value(before, 0)
    for cell in _children(row, f"{_W}tc"):
        yield _text(cell)
        yield from [""] * (_value(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1) - 1)


def _value(element: etree._Element | None, absent: int) -> int:
    text = element.get(f"{_W}val", "") if element is not None else ""
    return min(int(text), _MOST_SPAN) if text.isascii() and text.isdigit() else absent


def _text(element: etree._Element) -> str:
    """Its words; a break of lines or paragraphs is a space."""
    parts = element.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}p")
    return "".join((part.text or "") if part.tag == f"{_W}t" else " " for part in parts).strip()
