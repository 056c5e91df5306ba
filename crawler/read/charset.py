"""Bytes to text. The bytes are believed before any declaration: pages declare gb2312 and are UTF-8, and the reverse."""

from __future__ import annotations

import codecs
import re

from msgspec import Struct

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:\-]+)", re.IGNORECASE)
_IN_META = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:\-]+)", re.IGNORECASE)
_IN_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:\-]+)", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_WINDOW = 4096
_CJK = re.compile(r"[㐀-鿿＀-￯　-〿]")
_COMMON = re.compile(
    "[的一是不了在人有我他这個个上们們来來到时時大地为為子中你说說生国國年着就那和要出也得里裡後后自以会會，。、：]"
)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_SEARCHED = 200_000
_SCORED = 8192
_CHINESE = ("gb18030", "big5")
_CERTAIN = 0.15
"""Share of everyday characters that a Chinese text reaches (0.2 and more), and one read in a wrong charset never."""
_GLANCE = 4096
_CLEAR = 0.2
_UTF16 = ("utf-16-le", "utf-16-be")


class Decoded(Struct, frozen=True):
    """Text with the charset the page declares (lower case, "" where it declares none) and the one it was read in."""

    text: str
    declared: str
    used: str


def decode(body: bytes, content_type: str) -> Decoded:
    """The text of a body. Never raises: what no charset can read is replaced by U+FFFD.

    Order: byte order mark, valid UTF-8, the declared charset where it fits, else the one that leaves least unread.
    GB2312 and GBK are read as GB18030, their superset (WHATWG Encoding).
    """
    declared = _declared(body, content_type)
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(codec, errors="replace"), declared, codec)
    family = _family(declared)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as failure:
        return _foreign(body, declared, family, cut_at=failure.start)
    if text.isascii():
        wide = _wide(body) if "\x00" in text else ""
        if wide:
            return Decoded(body.decode(wide, errors="replace"), declared, wide)
        return Decoded(text, declared, family or "utf-8")
    if family in ("gb18030", "big5") and not _CJK.search(text):
        # a few GBK pairs can pass for UTF-8, but never for UTF-8 Chinese
        other = _strict(body, family)
        if other is not None:
            return Decoded(other, declared, family)
    return Decoded(text, declared, "utf-8")


def _foreign(body: bytes, declared: str, family: str, cut_at: int) -> Decoded:
    """Bytes that are not valid UTF-8."""
    if cut_at >= len(body) - 3 and cut_at > 0 and family in ("", "utf-8") and not body[:cut_at].isascii():
        return Decoded(body.decode("utf-8", errors="replace"), declared, "utf-8")
    wide = family if family.startswith("utf-16") else _wide(body)
    if wide:
        return Decoded(body.decode(wide, errors="replace"), declared, wide)
    for codec in dict.fromkeys((family, "gb18030")):
        if codec in _CHINESE and (text := _strict(body, codec)) and _is_certain(text):
            return Decoded(text, declared, codec)
    best: tuple[float, str, str] | None = None
    likely = (family or "gb18030", "gb18030", "big5", "utf-8", *(_UTF16 if b"\0" in body[:_WINDOW] else ()))
    for codec in dict.fromkeys(likely):
        text = _strict(body, codec)
        if text is None:
            text = body.decode(codec, errors="replace")
        score = _plausibility(text) + (0.05 if codec == family else 0.0)
        if best is None or score > best[0]:
            best = (score, text, codec)
    if best is None:  # the loop above always runs; this tells the type checker so
        raise AssertionError("no charset tried")
    return Decoded(best[1], declared, best[2])


def _is_certain(text: str) -> bool:
    """Whether a text reads as Chinese: most do so clearly by a glance at their beginning."""
    return _plausibility(text, _GLANCE, _GLANCE // 8) >= _CLEAR or _plausibility(text) >= _CERTAIN


def _plausibility(text: str, searched: int = _SEARCHED, scored: int = _SCORED) -> float:
    """Share of everyday characters among the CJK ones, less the share of unreadable ones.

    Counted over what is not ASCII, for the head of a page may hold hardly a Chinese word among its scripts.
    """
    head = "".join(_BEYOND_ASCII.findall(text, 0, searched))[:scored]
    wide = len(_CJK.findall(head))
    lost = head.count("�")
    if wide + lost == 0:
        return 0.0
    return (len(_COMMON.findall(head)) - lost) / (wide + lost)


def _strict(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return None


def _wide(body: bytes) -> str:
    """UTF-16 without a byte order mark, told from the zero halves of ASCII characters; "" where it is not."""
    head = body[:_WINDOW]
    if len(head) < 4 or head.count(0) * 10 < len(head):
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else ""


def _declared(body: bytes, content_type: str) -> str:
    in_header = _IN_HEADER.search(content_type) if content_type else None
    if in_header:
        return in_header[1].lower()
    head = body[:_WINDOW]
    if b"<!--" in head:
        head = _COMMENT.sub(b"", head)
    found = _IN_XML.search(head) or _IN_META.search(head)
    return found[1].decode("ascii", errors="replace").lower() if found else ""


def _family(declared: str) -> str:
    """The codec that reads what is declared; "" where it is unknown or none."""
    name = declared.replace("_", "-")
    if not name:
        return ""
    if name.startswith(("gb", "x-gbk", "cp936", "windows-936", "chinese", "hz-gb", "euc-cn")):
        return "gb18030"
    if name.startswith(("big5", "x-big5", "cn-big5", "csbig5")):
        return "big5"
    if name in ("utf-8", "utf8", "unicode-1-1-utf-8", "x-unicode20utf8"):
        return "utf-8"
    if name.startswith("utf-16"):
        return "utf-16-be" if name.endswith("be") else "utf-16-le"
    try:
        b" ".decode(name)  # refuses what is no text encoding
    except (LookupError, ValueError):
        return ""
    return codecs.lookup(name).name
