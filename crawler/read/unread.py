"""Why part of a standing text may stand where we do not read: in a picture, file, frame, script or further page."""

from __future__ import annotations

from bs4 import Tag

from crawler.facts import PageFact
from crawler.read.disclosure import is_file
from crawler.read.mainpart import PICTURE

_VIEWERS = ("iframe", "embed", "object", "frame")


def why_unread(page: PageFact, main: Tag, text: str, shortest: int) -> str:
    """The reason in Chinese; "" where a reader sees the same text as we do.

    A text shorter than `shortest` characters beside a file or a picture is only their cover.
    """
    if page.scripted and not page.rendered:
        return "正文由脚本生成，未渲染"
    if any(viewer.get("src") or viewer.get("data") for viewer in main.find_all(_VIEWERS)):
        return "正文中有嵌入的文件或页面，未读取"
    if page.next_pages:
        return "正文分为多页"
    if len(text.replace(PICTURE, "").strip()) >= shortest:
        return "正文中有图片，未读取" if PICTURE in text else ""
    if any(is_file(str(anchor["href"])) for anchor in main.find_all("a", href=True)):
        return "正文在附件中，未读取"
    return "正文是图片，未读取" if PICTURE in text else ""
