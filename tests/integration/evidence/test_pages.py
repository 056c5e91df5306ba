"""Evidence pages and workbooks in one outbox: real files, real links, and a real browser that finds nothing to load."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook
from playwright.sync_api import Browser, sync_playwright
from selectolax.lexbor import LexborHTMLParser

from crawler.facts import BEIJING, Exchange, FetchOutcome, Hop, Outcome
from reports import outbox
from reports.evidence import Capture, CaptureKind, export
from reports.evidence_page import Claim
from reports.saved_page import harmless
from storage.bodies import Capture as Seen
from storage.statements import encoded, statement_of
from tests.unit.reports import sample

CHROMIUM = Path("/usr/bin/chromium")
AT = datetime(2026, 11, 19, 22, 14, tzinfo=BEIJING)
PAGE = "http://www.yunxi-county.example/zwgk/a16.html"
DOWN = "http://down.yunxi-county.example/"
ACCOUNT = "wechat:gh_yunxi01"
AGENT = "xuncha-test"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 24


class _Counting(BaseHTTPRequestHandler):
    """Answers everything and remembers what was asked."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>outside</title>")

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the test reads `asked`."""


@contextmanager
def _answering() -> Iterator[tuple[str, list[str]]]:
    """A server of its own: its address, and the paths that were asked of it."""
    asked: list[str] = []
    handler = type("Handler", (_Counting,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def outside() -> Iterator[tuple[str, list[str]]]:
    with _answering() as answering:
        yield answering


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """For what may still be asked when its page is gone, as a browser asks for an icon."""
    with _answering() as answering:
        yield answering


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


def _hostile_page(base: str) -> str:
    return f"""<!-- first --><!DOCTYPE html><html data-x="a>b"><head data-y="<head>">
    <meta charset="gb2312"><meta http-equiv="&#114;efresh" content="0;url={base}/refresh">
    <base href="{base}/"><link rel="stylesheet" href="{base}/style.css"><link rel="prefetch" href="{base}/prefetch">
    <script>document.title = "ran"; fetch("{base}/fetch")</script><script src="{base}/script.js"></script>
    <style>@import url({base}/import.css); body {{ background: url({base}/back.png); color: #333 }}</style></head>
    <body onload="document.title='ran'; new Image().src='{base}/onload'">
    <p id="kept">完成太阳能路灯按装工作</p><img src="{base}/pixel.png" onerror="document.title='ran'">
    <iframe src="{base}/frame"></iframe><object data="{base}/object"></object><embed src="{base}/embed">
    <video src="{base}/video" poster="{base}/poster"></video><form action="{base}/form"><input></form>
    <svg><image href="{base}/svg.png"/><script>document.title = "ran"</script></svg></body></html>"""


def _stored(base: str) -> tuple[dict[str, bytes], list[Capture]]:
    """Two looks at a page, a redirect and a failure, a picture, a payload, and what is no longer there."""
    page = _hostile_page(base).encode("gb18030")
    store: dict[str, bytes] = {}

    def keep(data: bytes) -> str:
        sha = hashlib.sha256(data).hexdigest()
        store[sha] = data
        return sha

    def look(url: str, attempt: int, body: bytes, kind: str = "response", **wire: Any) -> list[Capture]:
        at = AT + timedelta(minutes=attempt)
        failed = kind == "failure"
        seen = Seen(
            url,
            attempt,
            at,
            None if failed else 404,
            () if failed else (("Content-Type", "text/html; charset=gb2312"), ("Set-Cookie", "a=<b>")),
            body,
            kind,
            Exchange(url=url, sent=(("User-Agent", AGENT),), address="192.0.2.7", protocol="HTTP/1.1", **wire),
        )
        visit = FetchOutcome(url, url, at, Outcome.REFUSED if failed else Outcome.GONE, None, f"第{attempt}看", attempt)
        captures = [Capture(keep(encoded(statement_of(seen, (visit,), AGENT))), url, at, CaptureKind.HEADERS, AGENT)]
        if body:
            captures.append(Capture(keep(body), url, at, CaptureKind.HTML, AGENT))
        return captures

    hop = Hop("http://www.yunxi-county.example/old", AT, 302, "/zwgk/a16.html", address="192.0.2.8")
    captures = [
        *look(PAGE, 1, page, hops=(hop,), encoding="gzip", length=77, is_cut=True),
        *look(PAGE, 2, page),
        *look(DOWN, 1, b"", "failure", error="ConnectError", words="All <attempts> failed", note="对照网址可以打开"),
        Capture(keep(PNG), PAGE, AT, CaptureKind.PNG, AGENT),
        Capture(keep('{"list": ["云溪发布"]}'.encode()), ACCOUNT, AT, CaptureKind.OTHER, AGENT),
        Capture(keep(b"\x00\x01\x02"), "http://www.yunxi-county.example/a.bin", AT, CaptureKind.OTHER),
        Capture("0" * 64, "http://www.yunxi-county.example/gone", AT, CaptureKind.HTML),
    ]
    return store, captures


CLAIMS = {
    PAGE: (Claim("云溪县人民政府", "云溪县人民政府网", "错链（死链）", "两次访问均返回 404 <b>", "正文链接“附件”"),)
}


def test_a_page_tells_every_look_with_its_wire(tmp_path: Path) -> None:
    store, captures = _stored("http://outside.example")
    out = export(
        captures, store.get, tmp_path / "evidence", claims=CLAIMS, related={PAGE: (PAGE, DOWN, "http://none/")}
    )
    stem = hashlib.sha256(PAGE.encode()).hexdigest()[:12]
    assert out.proofs[PAGE] == (f"evidence/{stem}.html",)
    page = LexborHTMLParser((tmp_path / out.proofs[PAGE][0]).read_text("utf-8"))
    text = page.text()
    looks = page.css("article.look")
    assert len(looks) == 3
    assert [look.css_first("time").text() for look in looks] == [
        "2026-11-19 22:14:00 +08:00",
        "2026-11-19 22:15:00 +08:00",
        "2026-11-19 22:16:00 +08:00",
    ]
    first = looks[1].text()
    sha = hashlib.sha256(store[captures[1].id]).hexdigest()
    told = ("页面不存在", "第1看", "404（HTTP/1.1）", "192.0.2.7", AGENT, sha, "已解除 gzip 压缩", "只保存了开头部分")
    for words in (*told, "Set-Cookie: a=<b>", "http://www.yunxi-county.example/old", "/zwgk/a16.html", "192.0.2.8"):
        assert words in first, words
    assert "与第 2 次完全相同" in looks[2].text()
    assert "两次访问均返回 404 <b>" in text, "what comes from outside is escaped"
    assert page.css("h4 ~ p > a")[0].attributes["href"] == out.proofs[DOWN][0].split("/")[1]
    assert page.css_first("iframe").attributes["sandbox"] == ""
    assert not page.css("script")
    down = LexborHTMLParser((tmp_path / out.proofs[DOWN][0]).read_text("utf-8")).text()
    for words in ("没有得到完整应答", "ConnectError", "All <attempts> failed", "对照网址可以打开", "192.0.2.7"):
        assert words in down, words
    assert "云溪发布" in (tmp_path / out.proofs[ACCOUNT][0]).read_text("utf-8")
    assert "已不在证据库中" in (tmp_path / out.proofs["http://www.yunxi-county.example/gone"][0]).read_text("utf-8")


def test_the_words_at_fault_are_marked_in_their_sentence(tmp_path: Path) -> None:
    store, captures = _stored("http://outside.example")
    sentence = "会议<b>对</b>下一步工作作了布署。"
    claim = Claim("云溪县人民政府", "云溪县人民政府网", "错别字", "疑为“部署”之误", quote=sentence, marked=(17, 19))
    beyond = replace(claim, marked=(17, 400))
    out = export(captures, store.get, tmp_path / "evidence", claims={PAGE: (claim, beyond)})
    page = LexborHTMLParser((tmp_path / out.proofs[PAGE][0]).read_text("utf-8"))
    first, second = page.css("ol.claims > li")
    assert [mark.text() for mark in first.css("mark")] == ["布署"]
    assert first.css_first("q").text() == sentence
    assert not page.css("ol.claims b"), "what comes from outside is escaped"
    assert not second.css("mark")
    assert sentence in second.text()


def test_a_redirect_without_an_end_is_not_told_as_silence(tmp_path: Path) -> None:
    hops = tuple(Hop(PAGE, AT, 302, "/zwgk/a16.html", address="192.0.2.8") for _ in range(3))
    wire = Exchange(url=PAGE, hops=hops, error="IgnoreRequest", words="max redirections reached", address="192.0.2.8")
    seen = Seen(PAGE, 1, AT, None, (), b"", "failure", wire)
    content = encoded(statement_of(seen, (), AGENT))
    capture = Capture(hashlib.sha256(content).hexdigest(), PAGE, AT, CaptureKind.HEADERS)
    out = export([capture], {capture.id: content}.get, tmp_path / "evidence")
    page = LexborHTMLParser((tmp_path / out.proofs[PAGE][0]).read_text("utf-8"))
    assert "跳转没有到达终点" in page.text()
    assert "302（跳转次数过多，未再跟随）" in page.text()
    assert "应答" not in page.css_first("article.look").text(), "every request was answered"
    assert len(page.css("article.look tbody tr")) == 3


def test_bytes_lie_unchanged_beside_the_page_and_the_index_names_them(tmp_path: Path) -> None:
    store, captures = _stored("http://outside.example")
    out = export(captures, store.get, tmp_path / "evidence")
    index = json.loads((tmp_path / "evidence" / "index.json").read_text("utf-8"))
    assert len(index) == len(captures) - 1, "the bytes of both looks stand once"
    for entry in index:
        if entry["id"] == "0" * 64:
            assert (entry["file"], entry["sha256"], entry["bytes"]) == (None, None, None)
            continue
        original = (tmp_path / "evidence" / entry["file"]).read_bytes()
        assert original == store[entry["id"]]
        assert hashlib.sha256(original).hexdigest() == entry["sha256"]
        assert entry["file"].startswith(entry["sha256"][:12])
    assert {path.name for path in out.files} == {path.name for path in (tmp_path / "evidence").iterdir()}
    keys = {"url", "at", "kind", "id", "page", "file", "view", "sha256", "bytes"}
    assert all(entry.keys() == keys for entry in index)


def test_a_saved_page_is_marked_readable_and_forbidden_everything(tmp_path: Path) -> None:
    store, captures = _stored("http://outside.example")
    export(captures, store.get, tmp_path / "evidence")
    sha = captures[1].id
    text = (tmp_path / "evidence" / f"{sha[:12]}.page.html").read_bytes().decode("utf-8-sig")
    assert text.startswith(
        '<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src'
    )
    assert f"at 2026-11-19T22:15:00+08:00 | sha256 {sha} -->" in text
    assert "完成太阳能路灯按装工作" in text
    assert not LexborHTMLParser(text).css("script, iframe, object, embed, link, base, meta[http-equiv=refresh]")
    other = harmless("<p>没有声明编码</p>".encode(), url="http://a/--><script>/", at=AT, charset="none", digest="d")
    assert not other.decode("utf-8-sig").startswith("<!DOCTYPE"), "a page without a doctype stays one"
    assert b"<script" not in other
    assert "没有声明编码".encode() in other


def test_exporting_twice_gives_equal_bytes(tmp_path: Path) -> None:
    store, captures = _stored("http://outside.example")
    export(captures, store.get, tmp_path / "one", claims=CLAIMS)
    export(list(reversed(captures)), store.get, tmp_path / "two", claims=CLAIMS)
    one = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert one == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}


def test_every_evidence_link_of_a_workbook_leads_to_a_file(tmp_path: Path) -> None:
    store, captures = _stored("http://outside.example")
    proofs = export(captures, store.get, tmp_path / "evidence").proofs
    view = sample.view()
    problems = tuple(replace(problem, evidence=proofs.get(problem.url, ())) for problem in view.units[0].problems)
    outbox.write(replace(view, units=(replace(view.units[0], problems=problems),)), tmp_path)
    book = tmp_path / "problems" / "云溪县人民政府.xlsx"
    links = [cell.hyperlink.target for cell in load_workbook(book)["问题清单"]["L"] if cell.hyperlink]
    assert links
    for link in links:
        assert (book.parent / link.replace("\\", "/")).resolve().is_file()
    page = LexborHTMLParser((tmp_path / "report.html").read_text("utf-8"))
    for node in page.css("td.proof a"):
        assert (tmp_path / str(node.attributes["href"])).is_file()


@pytest.mark.browser
def test_a_browser_opens_evidence_without_a_request_or_a_script(
    tmp_path: Path, outside: tuple[str, list[str]], elsewhere: tuple[str, list[str]], browser: Browser
) -> None:
    base, asked = outside
    store, captures = _stored(base)
    proofs = export(captures, store.get, tmp_path / "evidence").proofs
    page = browser.new_page()
    (tmp_path / "raw.html").write_bytes(_hostile_page(elsewhere[0]).encode("gb18030"))
    page.goto((tmp_path / "raw.html").as_uri(), wait_until="load")
    assert "/script.js" in elsewhere[1], "the page as it was does ask"
    page.close()
    page = browser.new_page()
    page.goto((tmp_path / proofs[PAGE][0]).as_uri(), wait_until="networkidle")
    frame = page.frame_locator("iframe")
    assert frame.locator("#kept").inner_text() == "完成太阳能路灯按装工作"
    assert page.title().startswith("证据页")
    assert page.evaluate("document.querySelector('img.picture').complete")
    view = page.get_by_role("link", name="单独打开").get_attribute("href")
    page.goto((tmp_path / "evidence" / str(view)).as_uri(), wait_until="networkidle")
    assert page.inner_text("#kept") == "完成太阳能路灯按装工作"
    assert page.title() != "ran"
    assert page.evaluate("document.compatMode") == "CSS1Compat"
    assert page.evaluate("document.characterSet") == "UTF-8"
    assert page.url.startswith("file:")
    page.close()
    assert asked == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [1366, 390])
def test_the_report_fits_the_screen_and_loads_nothing(tmp_path: Path, browser: Browser, width: int) -> None:
    outbox.write(sample.view(), tmp_path)
    page = browser.new_page(viewport={"width": width, "height": 844})
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto((tmp_path / "report.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert requests == [(tmp_path / "report.html").as_uri()]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.close()
