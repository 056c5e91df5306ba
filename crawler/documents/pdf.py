"""The pages of a PDF document. A page that holds pictures and no text is a scan, which is said and not read."""

from __future__ import annotations

import io
import logging
import time
import unicodedata
from collections.abc import Iterator

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from crawler.documents.text import OUT_OF_TIME, DocumentText, Part, Unreadable, within_bounds

MOST_PAGES = 200
_SCANNED = 10
"""Characters of a page, on average, below which a document counts as scanned."""
_FULL, _SHORTEST = 0.8, 15
"""A line that is this full of the longest, and that long, goes on in the next."""
_RADICALS: dict[int, str] = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2E80, 0x2FE0)},
    **{
        ord(radical): sign
        for radical, sign in zip(
            "⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰",
            "民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙",
            strict=True,
        )
    },
}
"""Radicals that some makers of PDF write for the characters they look like (Unicode: EquivalentUnifiedIdeograph)."""
_DAMAGED = (PyPdfError, ArithmeticError, LookupError, ValueError, TypeError, AttributeError, RecursionError, OSError)


def read(body: bytes, *, until: float) -> DocumentText:
    """The document's text. `until` is when to stop, by the process's own time. Raises Unreadable."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(body), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("已加密")
        count = len(reader.pages)
    except _DAMAGED as error:
        raise Unreadable("已加密" if "crypt" in str(error).lower() else "文件已损坏") from error
    if not count:
        raise Unreadable("文件中没有页面")
    clock = _Clock(until)
    document = within_bounds("pdf", _pages(reader, min(count, MOST_PAGES), clock))
    read_pages = clock.pages
    if document.characters < _SCANNED * max(read_pages, 1) and not document.unread and not clock.ran_out:
        raise Unreadable("扫描件，没有文字层" if clock.pictured else "没有读到文字")
    if clock.ran_out:
        return DocumentText("pdf", document.parts, f"{OUT_OF_TIME}，只读了前 {read_pages} 页")
    if clock.damaged:
        return DocumentText("pdf", document.parts, f"有 {clock.damaged} 页已损坏，未读")
    if count > MOST_PAGES:
        return DocumentText("pdf", document.parts, document.unread or f"共 {count} 页，只读了前 {MOST_PAGES} 页")
    return document


class _OutOfTime(Exception):
    """The time for a document has run out in the middle of a page."""


class _Clock:
    """How long a document may still be read, and how far the reading came."""

    def __init__(self, until: float) -> None:
        self._until = until
        self.pages = 0
        self.damaged = 0
        self.pictured = False
        self.ran_out = False

    def look(self, *_: object) -> None:
        """Called at every operator of a page."""
        if time.process_time() > self._until:
            raise _OutOfTime


def _pages(reader: PdfReader, count: int, clock: _Clock) -> Iterator[Part]:
    for number in range(count):
        try:
            clock.look()
            page = reader.pages[number]
            text = page.extract_text(visitor_operand_before=clock.look)
            clock.pictured = clock.pictured or (not text.strip() and _has_picture(page))
        except _OutOfTime:
            clock.ran_out = True
            return
        except _DAMAGED:
            clock.damaged += 1
            continue
        clock.pages += 1
        text = _flowing(text.translate(_RADICALS))
        if text:
            yield Part(f"第 {number + 1} 页", text)


def _has_picture(page: PageObject) -> bool:
    """Whether a page shows a picture, as a scanned one does."""
    resources = page.get("/Resources", {}).get_object()
    drawn = resources.get("/XObject", {}).get_object()
    return any(drawn[name].get_object().get("/Subtype") == "/Image" for name in drawn)


def _flowing(text: str) -> str:
    """A page's lines, those that were only broken at the margin joined again."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lines = [line for line in lines if line]
    full = max((len(line) for line in lines), default=0) * _FULL
    joined: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on:
            joined[-1] += line
        else:
            joined.append(line)
        goes_on = len(line) >= max(full, _SHORTEST) and line[-1] not in "。！？；：:;.!?"
    return "\n".join(joined)
