"""Charsets: captured pages in a known encoding, and pages re-encoded in memory; ours against charset-normalizer and chardet.

Right is whoever's answer reads the same text as the truth does: GBK and GB18030 are one for a page that both read alike.
Rivals see the bytes alone, as they are made for; ours sees the declaration within them too, and judges it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from crawler.read.charset import decode
from crawler.read.urls import join, readable
from tests.eval.table import Miss, Score, Table

Detector = Callable[[bytes], str]
"""A rival: bytes in, a codec's name out, "" where it tells none."""

_FOLDERS = {
    "big5": "big5", "gb2312": "gb18030", "gb18030": "gb18030", "utf_8": "utf-8", "utf-8": "utf-8", "utf-8-sig": "utf-8-sig",
    "utf_16": "utf-16", "utf-16": "utf-16", "utf_16_le": "utf-16-le", "utf_16_be": "utf-16-be", "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}  # fmt: skip
_MANIFEST = {"utf-8": "utf-8", "utf-8-sig": "utf-8-sig", "gb18030-compatible": "gb18030"}
_PAGES = (".html", ".htm", ".shtml", ".xml", ".txt")
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "hz": "gb18030",
    "big5hkscs": "big5",
    "cp950": "big5",
}
_META = re.compile(r"<meta[^>]*charset[^>]*>|<\?xml[^>]*\?>", re.IGNORECASE)
_CJK = re.compile(r"[\u4e00-\u9fff]")
_TITLES = ("关于印发《云溪县水库管理办法》的通知", "招聘公告 附件1", "2026年部门预算（公开）", "“十五五”规划纲要")


class Case(Struct, frozen=True):
    """Bytes, the codec that reads them, and how they were made."""

    page: str
    body: bytes
    codec: str
    how: str


def captured(corpus: Path, rivals: Mapping[str, Detector] | None = None) -> Table:
    """Pages of the encoding suites and the captured pages whose encoding the manifest names."""
    return _compared(
        "Charsets: captured pages", "the text reads as in its true encoding", list(_captured(corpus)), rivals
    )


def re_encoded(corpus: Path, rivals: Mapping[str, Detector] | None = None) -> Table:
    """Captured pages written again in other encodings, with and without true and false declarations (derived)."""
    return _compared(
        "Charsets: re-encoded pages (derived)",
        "undeclared, wrongly declared, mixed, with a byte order mark, UTF-16, cut short",
        list(_derived(corpus)),
        rivals,
    )


def addresses(corpus: Path, rivals: Mapping[str, Detector] | None = None) -> Table:
    """Chinese names in paths and queries (derived): written raw or percent-encoded in GBK or UTF-8."""
    del corpus, rivals
    base = "http://www.yunxi.gov.cn/zwgk/list.html"
    cases: list[tuple[str, str, str]] = []
    for title in _TITLES:
        utf8, gbk = quote(title), quote(title.encode("gb18030"))
        cases += [
            (
                f"raw path, {charset} page: {title}",
                join(base, f"/f/{title}.doc", charset),
                f"http://www.yunxi.gov.cn/f/{quote(title, safe='（）')}.doc",
            )
            for charset in ("utf-8", "gb18030")
        ]
        cases += [
            (
                f"path in {name}: {title}",
                join(base, f"/f/{written}.doc", charset),
                f"http://www.yunxi.gov.cn/f/{written}.doc",
            )
            for name, written in (("UTF-8", utf8), ("GBK", gbk))
            for charset in ("utf-8", "gb18030")
        ]
        cases += [
            (
                f"raw query, {charset} page: {title}",
                join(base, f"/s?q={title}", charset),
                f"http://www.yunxi.gov.cn/s?q={quote(title.encode(charset), safe='')}",
            )
            for charset in ("utf-8", "gb18030")
        ]
        cases += [
            (f"name read back from {written}", readable(f"/f/{written}.doc"), f"/f/{title}.doc")
            for written in (utf8, gbk)
        ]
    misses = tuple(Miss(name, wanted, told) for name, told, wanted in cases if _decoded(told) != _decoded(wanted))
    score = Score("xuncha", len(cases) - len(misses), len(cases), len(cases))
    return Table("Addresses with Chinese names (derived)", "joined and read back as a browser does", (score,), misses)


def _decoded(url: str) -> str:
    return (
        re.sub(r"%[0-9a-f]{2}", lambda found: found[0].upper(), url)
        .replace("（", quote("（"))
        .replace("）", quote("）"))
    )


def _captured(corpus: Path) -> Iterator[Case]:
    for path in sorted(path for folder in ("Ousret", "chardet") for path in (corpus / "encoding" / folder).glob("*/*")):
        codec = _FOLDERS.get(path.parent.name.lower())
        if codec is not None:
            yield Case(str(path.relative_to(corpus)), path.read_bytes(), codec, "folder")
    with (corpus / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            codec = _MANIFEST.get(row["encoding"])
            # what merely could be GB18030 is known to be Chinese only among the captured articles
            named = row["path"].startswith("encoding/" if codec != "gb18030" else ("encoding/", "robots/")) or not row[
                "path"
            ].endswith(_PAGES)
            if codec is not None and not named:
                yield Case(row["path"], (corpus / row["path"]).read_bytes(), codec, "manifest")


def _derived(corpus: Path) -> Iterator[Case]:
    sources = [case for case in _captured(corpus) if case.how == "manifest" and case.codec.startswith("utf-8")]
    pages = [
        case for case in sources if case.page.startswith(("gov_pages/", "extraction/")) and case.page.endswith(".html")
    ]
    for case in pages[::2]:
        text = case.body.decode(case.codec, errors="replace").replace("�", "")
        if len(_CJK.findall(text)) >= 40 and len(case.body) < 400_000:
            yield from _written_again(case.page, _META.sub("", text))
    for path in sorted((corpus / "encoding/Ousret/big5").glob("*.xml")):
        text = path.read_bytes().decode("big5", errors="ignore")
        yield Case(path.name, _head("", text).encode("big5", errors="ignore"), "big5", "Big5, undeclared")
        yield Case(
            path.name, _head("gb2312", text).encode("big5", errors="ignore"), "big5", "Big5 that declares gb2312"
        )
        yield Case(path.name, _head("big5", text).encode(), "utf-8", "UTF-8 that declares big5")


def _written_again(page: str, text: str) -> Iterator[Case]:
    gbk = text.encode("gbk", errors="ignore").decode("gbk")
    yield Case(page, _head("", text).encode(), "utf-8", "UTF-8, undeclared")
    yield Case(page, _head("gb2312", text).encode(), "utf-8", "UTF-8 that declares gb2312")
    yield Case(page, b"\xef\xbb\xbf" + _head("gbk", text).encode(), "utf-8-sig", "UTF-8 with a mark that declares gbk")
    yield Case(page, _head("", gbk).encode("gbk"), "gb18030", "GBK, undeclared")
    yield Case(page, _head("gb2312", gbk).encode("gbk"), "gb18030", "GBK that declares gb2312")
    yield Case(page, _head("utf-8", gbk).encode("gbk"), "gb18030", "GBK that declares utf-8")
    yield Case(page, _head("iso-8859-1", gbk).encode("gbk"), "gb18030", "GBK that declares iso-8859-1")
    yield Case(page, _head("big5", gbk).encode("gbk"), "gb18030", "GBK that declares big5")
    yield Case(page, _head("", text).encode("gb18030"), "gb18030", "GB18030, undeclared")
    yield Case(page, _head("", text).encode("utf-16"), "utf-16", "UTF-16 with a mark")
    yield Case(page, _head("", text).encode("utf-16-le"), "utf-16-le", "UTF-16LE without a mark")
    yield Case(page, _head("utf-8", text).encode("utf-16-be"), "utf-16-be", "UTF-16BE that declares utf-8")
    whole = _head("utf-8", text).encode()
    yield Case(page, whole[: len(whole) * 2 // 3 - 1], "utf-8", "UTF-8, cut short")
    footer = "<p>主办单位：云溪县人民政府办公室</p>"
    yield Case(page, whole + footer.encode("gbk"), "utf-8", "UTF-8 with a GBK footer")
    yield Case(page, _head("gbk", gbk).encode("gbk") + footer.encode(), "gb18030", "GBK with a UTF-8 footer")


def _head(declared: str, text: str) -> str:
    return f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">{text}' if declared else text


def _compared(topic: str, counted: str, cases: Sequence[Case], rivals: Mapping[str, Detector] | None) -> Table:
    told = [decode(case.body, "").used for case in cases]
    scores = [_score("xuncha", cases, told)]
    for name, detector in (_rivals() if rivals is None else rivals).items():
        scores.append(_score(name, cases, [detector(case.body) for case in cases]))
    misses = tuple(
        Miss(case.page, case.codec, used, case.how)
        for case, used in zip(cases, told, strict=True)
        if not _reads_alike(case, used)
    )
    return Table(topic, f"{counted}; {len(cases)} pages", tuple(scores), misses)


def _score(reader: str, cases: Sequence[Case], told: Sequence[str]) -> Score:
    right = sum(_reads_alike(case, used) for case, used in zip(cases, told, strict=True))
    return Score(reader, right, len(cases), sum(bool(used) for used in told))


def _reads_alike(case: Case, used: str) -> bool:
    name = used.lower().replace("_", "-")
    codec = _SUPERSETS.get(name.replace("-", ""), name)
    if codec == case.codec:
        return True
    try:
        return bool(codec) and _text(case.body, codec) == _text(case.body, case.codec)
    except LookupError:
        return False


def _text(body: bytes, codec: str) -> str:
    return body.decode(codec, errors="replace").removeprefix("\ufeff")


def _rivals() -> Mapping[str, Detector]:
    from tests.eval.rivals import charset_readers  # installed by `make eval` alone

    return charset_readers()


MEASURES = (captured, re_encoded, addresses)
