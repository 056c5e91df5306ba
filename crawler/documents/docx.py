"""The paragraphs of a DOCX document, streamed: tables cell by cell, without headers and footers."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import IO

from lxml import etree

from crawler.documents.text import Part, Unreadable

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAIN = "word/document.xml"


def parts(archive: zipfile.ZipFile) -> Iterator[Part]:
    """The paragraphs that say something, numbered as they stand. Raises Unreadable."""
    with archive.open(_MAIN) as stream:
        yield from _paragraphs(stream)


def _paragraphs(stream: IO[bytes]) -> Iterator[Part]:
    number = 0
    pieces: list[str] = []
    try:
        # no entities, no network, and libxml2's own bounds on depth and size
        for _, element in etree.iterparse(
            stream, events=("end",), resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
        ):
            tag = element.tag
            if tag == f"{_W}t":
                pieces.append(element.text or "")
            elif tag in (f"{_W}tab", f"{_W}br"):
                pieces.append(" ")
            elif tag == f"{_W}p":
                number += 1
                text = " ".join("".join(pieces).split())
                pieces.clear()
                if text:
                    yield Part(f"第 {number} 段", text)
                _forget(element)
    except etree.XMLSyntaxError as error:
        raise Unreadable("文件已损坏") from error


def _forget(element: etree._Element) -> None:
    """Lets go of what has been read."""
    element.clear()
    while element.getprevious() is not None:
        parent = element.getparent()
        if parent is None:
            return
        del parent[0]
