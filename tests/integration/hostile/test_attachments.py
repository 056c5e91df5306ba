"""Attachments of every kind beside each other: those that can be read are, the others say why, and none does harm."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import msgspec
import pytest

from crawler.documents.process import DocumentReader
from crawler.facts.texts import Attachments
from crawler.words.wordbook import MOST_HITS
from tests.integration.hostile.running import LIMITS, Left, inspect
from tests.integration.hostile.server import Exchange, Handler, HostileServer, Scene
from tests.unit.documents.files import docx, encrypted_pdf, packed, pdf, scanned_pdf, xlsx

pytestmark = pytest.mark.hostile

_SLOW = pdf(["文字有十个以上的一页"], extra=b"q 1 0 0 1 0 0 cm Q\n" * 3_000_000)


def _file(body: bytes) -> Handler:
    async def answer(x: Exchange) -> None:
        await x.head("200 OK", "Content-Type: application/octet-stream", f"Content-Length: {len(body)}")
        if x.method != "HEAD":
            await x.send(body)

    return answer


async def _endless(x: Exchange) -> None:
    await x.head("200 OK", "Content-Type: application/pdf")
    for _ in range(1_600 if x.method == "GET" else 0):
        await x.send(b"%PDF-" + bytes(65_536))


async def _away(x: Exchange) -> None:
    if x.method == "HEAD":
        await x.head()
        return
    await x.head("302 Found", f"Location: http://127.9.9.9:{x.server.port}/else.docx")


async def _page(x: Exchange) -> None:
    await x.page("<html><body>请先登录</body></html>")


FILES: dict[str, Handler] = {
    "/fj/typo.docx": _file(docx(["通知", "会议作了全面布署。", "请各镇抓好落实。"])),
    "/fj/list.xlsx": _file(
        xlsx([["姓名", "身份证号"], ["李青禾", "610999198503070029"], ["周望川", "610999197811230034"]])
    ),
    "/fj/good.pdf": _file(pdf(["关于做好工作的通知", "各镇要再接再励，抓好落实。"])),
    "/fj/many.docx": _file(docx([f"第{number}次布署。" for number in range(2_000)])),
    "/fj/bomb.docx": _file(packed({"word/document.xml": b"<" + b" " * 300_000_000})),
    "/fj/deep.docx": _file(docx([], inner="<w:x>" * 200_000)),
    "/fj/endless.pdf": _endless,
    "/fj/broken.pdf": _file(b"%PDF-1.7\n" + bytes(range(256)) * 2_000),
    "/fj/locked.pdf": _file(encrypted_pdf("关于工作的通知")),
    "/fj/scanned.pdf": _file(scanned_pdf()),
    "/fj/away.docx": _away,
    "/fj/page.docx": _page,
}
UNREAD = {
    "/fj/bomb.docx": "解压后超过 80 MB",
    "/fj/deep.docx": "文件已损坏",
    "/fj/endless.pdf": "超过",
    "/fj/broken.pdf": "文件已损坏",
    "/fj/locked.pdf": "已加密",
    "/fj/scanned.pdf": "扫描件，没有文字层",
    "/fj/away.docx": "跳转到其他网站",
    "/fj/page.docx": "不是 PDF、DOCX 或 XLSX 文件",
}


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Left]:
    with HostileServer() as server:
        scene = Scene(tuple((path, f"附件{path.rsplit('/', 1)[-1]}") for path in FILES), FILES)
        yield inspect(server, scene, tmp_path_factory.mktemp("attachments"), limits=LIMITS)


def _told(left: Left) -> Attachments:
    return msgspec.convert(left.notes["trials"]["attachments"], Attachments)


def test_every_attachment_is_told_and_those_that_can_be_are_read(left: Left) -> None:
    told = {"/" + one.url.split("/", 3)[3]: one for one in _told(left).tried}
    assert told.keys() == FILES.keys()
    assert _told(left).named == len(FILES)
    for path, one in told.items():
        assert UNREAD.get(path, "") in one.unread, (path, one.unread)
        assert bool(one.unread) is (path in UNREAD), (path, one.unread)
        assert one.page.endswith("/")
    (typo,) = told["/fj/typo.docx"].hits
    assert (typo.entry, typo.place, typo.sentence) == ("布署", "第 2 段", "会议作了全面布署。")
    assert [hit.place for hit in told["/fj/good.pdf"].hits] == ["第 2 页"]
    assert len(told["/fj/many.docx"].hits) == MOST_HITS


def test_findings_name_the_attachment_and_its_place(left: Left) -> None:
    found = {
        (row.stamped.check, row.stamped.finding.location.split("，")[0]): row
        for row in left.findings
        if row.stamped.check.startswith("content.")
    }
    row = found["content.typo", "附件“附件typo.docx”第 2 段"]
    assert row.stamped.finding.url.endswith("/fj/typo.docx")
    assert row.evidence, "the attachment's bytes are kept"
    private = found["content.privacy", "附件“附件list.xlsx”工作表“名单”第 2 行"]
    assert "居民身份证号码 2 个" in private.stamped.finding.message
    assert "610999198503070029" not in private.stamped.finding.message + private.stamped.finding.quote


def test_nothing_is_harmed(left: Left) -> None:
    assert left.row.exit_reason == "完成"
    assert left.peak < 500, "MB of the worker"
    assert max(left.asked[path] for path in FILES) <= 4
    assert left.healthy


def test_a_reader_that_hangs_is_killed_and_replaced() -> None:
    async def read() -> tuple[str, str]:
        reader = DocumentReader(seconds=1_000, wait=2)
        try:
            return (await reader.read(_SLOW)).unread, (await reader.read(docx(["作了布署。"]))).parts[0].text
        finally:
            await reader.close()

    assert asyncio.run(read()) == ("读取超时", "作了布署。")
