"""Evidence and workbooks in one outbox: real files, real links, and a real browser that finds nothing to load."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, sync_playwright
from selectolax.lexbor import LexborHTMLParser

from crawler.facts import BEIJING
from reports import outbox
from reports.evidence import Capture, CaptureKind, export
from tests.unit.reports import sample

CHROMIUM = Path("/usr/bin/chromium")
AT = datetime(2026, 11, 19, 22, 14, tzinfo=BEIJING)
PAGE = "http://www.yunxi-county.example/zwgk/a16.html"
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


@pytest.fixture
def outside() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    handler = type("Handler", (_Counting,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    thread.join()
    server.server_close()


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
    store = {
        "e1": _hostile_page(base).encode("gb18030"),
        "e2": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
        "e3": PNG,
        "e4": "<p>没有声明编码，也没有文档类型</p>".encode(),
        "e5": b"%PDF-1.7",
    }
    captures = [
        Capture("e2", PAGE, AT, CaptureKind.HEADERS),
        Capture("e3", PAGE, AT, CaptureKind.PNG),
        Capture("e1", PAGE, AT, CaptureKind.HTML, "gb2312"),
        Capture("e4", "http://www.yunxi-county.example/--><script>/", AT, CaptureKind.HTML, "no-such-charset"),
        Capture("e4", "http://www.yunxi-county.example/again", AT + timedelta(hours=5), CaptureKind.HTML),
        Capture("e5", "http://www.yunxi-county.example/a.pdf", AT, CaptureKind.OTHER),
        Capture("gone", "http://www.yunxi-county.example/gone", AT, CaptureKind.HTML),
    ]
    return store, captures


def test_files_are_named_by_their_bytes_and_the_manifest_verifies_them(tmp_path: Path) -> None:
    store, captures = _stored("http://outside.example")
    proofs = export(captures, store.get, tmp_path / "evidence")
    sha = {key: hashlib.sha256(body).hexdigest()[:12] for key, body in store.items()}
    assert proofs == {
        PAGE: (f"evidence/{sha['e1']}.html", f"evidence/{sha['e3']}.png", f"evidence/{sha['e2']}.headers.txt"),
        "http://www.yunxi-county.example/--><script>/": (f"evidence/{sha['e4']}.html",),
        "http://www.yunxi-county.example/again": (f"evidence/{sha['e4']}.html",),
        "http://www.yunxi-county.example/a.pdf": (f"evidence/{sha['e5']}.bin",),
    }
    manifest = json.loads((tmp_path / "evidence" / "manifest.json").read_text("utf-8"))
    assert len(manifest) == len(captures)
    for entry in manifest:
        if entry["id"] == "gone":
            assert (entry["file"], entry["sha256"]) == (None, None)
            continue
        original = (tmp_path / "evidence" / entry["original"]).read_bytes()
        assert original == store[entry["id"]]
        assert hashlib.sha256(original).hexdigest() == entry["sha256"]
        assert (tmp_path / "evidence" / entry["file"]).is_file()
    assert manifest[0].keys() == {"url", "at", "kind", "id", "file", "original", "sha256", "bytes"}


def test_a_saved_page_is_marked_readable_and_forbidden_everything(tmp_path: Path) -> None:
    store, captures = _stored("http://outside.example")
    proofs = export(captures, store.get, tmp_path / "evidence")
    text = (tmp_path / proofs[PAGE][0]).read_bytes().decode("utf-8-sig")
    assert text.startswith(
        '<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src'
    )
    assert f"at 2026-11-19T22:14:00+08:00 | sha256 {hashlib.sha256(store['e1']).hexdigest()} -->" in text
    assert "完成太阳能路灯按装工作" in text
    tree = LexborHTMLParser(text)
    assert not tree.css("script, iframe, object, embed, link, base, meta[http-equiv=refresh]")
    other = (tmp_path / proofs["http://www.yunxi-county.example/--><script>/"][0]).read_bytes().decode("utf-8-sig")
    assert not other.startswith("<!DOCTYPE"), "a page without a doctype stays one"
    assert "<script" not in other
    assert "没有声明编码" in other


def test_exporting_twice_gives_equal_bytes(tmp_path: Path) -> None:
    store, captures = _stored("http://outside.example")
    export(captures, store.get, tmp_path / "one")
    export(list(reversed(captures)), store.get, tmp_path / "two")
    one = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert one == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}


def test_every_evidence_link_of_a_workbook_leads_to_a_file(tmp_path: Path) -> None:
    store, captures = _stored("http://outside.example")
    proofs = export(captures, store.get, tmp_path / "evidence")
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
def test_a_browser_opens_saved_pages_without_a_request_or_a_script(
    tmp_path: Path, outside: tuple[str, list[str]], browser: Browser
) -> None:
    base, asked = outside
    store, captures = _stored(base)
    proofs = export(captures, store.get, tmp_path / "evidence")
    page = browser.new_page()
    (tmp_path / "raw.html").write_bytes(store["e1"])
    page.goto((tmp_path / "raw.html").as_uri(), wait_until="load")
    assert "/script.js" in asked, "the page as it was does ask"
    page.close()
    asked.clear()
    page = browser.new_page()
    page.goto((tmp_path / proofs[PAGE][0]).as_uri(), wait_until="networkidle")
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
