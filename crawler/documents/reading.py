"""One document: bytes in, text by places out. What it is, its first bytes say, not its name."""

from __future__ import annotations

import time
import zipfile

from crawler.documents import package
from crawler.documents.text import DocumentText, Unreadable, within_bounds

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(body: bytes, *, seconds: float) -> DocumentText:
    """The text of a document; what cannot be read says why. Never raises for what a document does.

    `seconds` are of the processor: a machine that is busy elsewhere leaves nothing unread.
    """
    until = time.process_time() + seconds
    start = body[:1024].lstrip()
    kind = ""
    try:
        if b"%PDF-" in start:
            from crawler.documents import pdf  # each reader's library is loaded for the first document of its kind

            kind = "pdf"
            return pdf.read(body, until=until)
        if body.startswith(b"PK"):
            archive = package.opened(body)
            kind = _kind_of(archive)
            if kind == "docx":
                from crawler.documents import docx

                return within_bounds(kind, docx.parts(archive))
            from crawler.documents import xlsx

            return within_bounds(kind, xlsx.parts(body))
        if body.startswith(_OLD):
            raise Unreadable("旧版 Office 格式或已加密的文件，不能读取")
        raise Unreadable("不是 PDF、DOCX 或 XLSX 文件")
    except Unreadable as error:
        return DocumentText(kind, unread=str(error))
    except (RecursionError, MemoryError):
        return DocumentText(kind, unread="内容过于庞大或嵌套过深")


def _kind_of(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    raise Unreadable("不是 PDF、DOCX 或 XLSX 文件")
