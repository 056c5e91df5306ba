"""Small attachments that open: PDF, Word and Excel files made from a title, the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from html import escape
from pathlib import PurePosixPath

from demo.answers import Answer
from demo.rendering import rendered

_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
}


def attachment(path: str, title: str, lines: Sequence[str] = ()) -> Answer:
    """A file of the kind its name says; old `.doc` and `.xls` are HTML that the office programs open.

    `lines` stand below the title of Word and Excel files; a row's cells are divided by ｜.
    """
    name = PurePosixPath(path.partition("=")[2] or path)
    suffix = name.suffix.lower()
    if suffix == ".pdf":
        body = _pdf()
    elif suffix == ".docx":
        body = _docx(title, lines)
    elif suffix == ".xlsx":
        body = _xlsx(title, lines)
    else:
        body = f"<html><head><meta charset='gb2312'></head><body><h3>{escape(title)}</h3></body></html>".encode("gbk")
    return Answer(200, body, _TYPES.get(suffix, "application/octet-stream"))


def _zip(parts: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 17, 0, 0)), text)
    return packed.getvalue()


def _docx(title: str, lines: Sequence[str]) -> bytes:
    return _zip(
        {
            "[Content_Types].xml": _types(("/word/document.xml", "wordprocessingml.document.main")),
            "_rels/.rels": _relations("officeDocument", "word/document.xml"),
            "word/document.xml": rendered("attachments/document.xml", title=title, lines=lines),
        }
    )


def _xlsx(title: str, lines: Sequence[str]) -> bytes:
    kinds = (
        ("/xl/workbook.xml", "spreadsheetml.sheet.main"),
        ("/xl/worksheets/sheet1.xml", "spreadsheetml.worksheet"),
    )
    return _zip(
        {
            "[Content_Types].xml": _types(*kinds),
            "_rels/.rels": _relations("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": rendered("attachments/workbook.xml"),
            "xl/_rels/workbook.xml.rels": _relations("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": rendered("attachments/sheet.xml", title=title, lines=lines),
        }
    )


def _types(*parts: tuple[str, str]) -> str:
    return rendered("attachments/types.xml", parts=parts)


def _relations(kind: str, target: str) -> str:
    return rendered("attachments/relations.xml", kind=kind, target=target)


def _pdf() -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length 58 >>\nstream\nBT /F1 18 Tf 72 770 Td (Yanjiang, attachment, 1 page) Tj ET   \nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, text in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(out)
