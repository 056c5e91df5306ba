"""Accuracy over captured pages that nobody here wrote; skipped where XUNCHA_CORPUS names no corpus."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

import pytest

from crawler.facts import BEIJING, PageFact
from crawler.read.page import PageReader
from crawler.read.urls import host_of

pytestmark = pytest.mark.corpus
AS_OF = datetime(2026, 11, 22, tzinfo=BEIJING)
NEUTRAL = "http://www.yunxi.gov.cn/a/b.html"


@pytest.fixture(scope="module")
def corpus() -> Path:
    named = os.environ.get("XUNCHA_CORPUS", "")
    if not named or not Path(named).is_dir():
        pytest.skip("XUNCHA_CORPUS names no folder of captured pages")
    return Path(named)


def read(body: bytes, url: str) -> PageFact:
    return PageReader("http://h.gov.cn/", frozenset({host_of(url)}), AS_OF).read(body, url, fetched_at=AS_OF).fact


def test_utf8_that_declares_gb2312_is_read_as_utf8(corpus: Path) -> None:
    body = (corpus / "gov_pages/vendor_or_copy/shwgj_docshow.jsp.html").read_bytes()
    fact = read(body, NEUTRAL)
    assert (fact.charset_declared, fact.charset_used) == ("gb2312", "utf-8")
    assert "工作分工" in fact.title


def test_every_label_of_a_captured_page_is_read(corpus: Path) -> None:
    for line in (corpus / "gov_pages/observed.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        path = corpus / row["path"]
        if path.suffix == ".html" and isinstance(row.get("SiteIDCode"), str):
            assert read(path.read_bytes(), NEUTRAL).label("SiteIDCode") == row["SiteIDCode"], row["path"]


def test_no_footer_that_shows_its_code_is_read_as_without(corpus: Path) -> None:
    lost = []
    for line in (corpus / "gov_pages/observed.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        path = corpus / row["path"]
        if path.suffix == ".html" and row.get("footer_site_code"):
            marks = read(path.read_bytes(), NEUTRAL).marks
            if marks.site_code not in row["footer_site_code"] and not marks.scripted:
                lost.append(row["path"])
    assert lost == []


def test_records_of_a_captured_reply_are_items(corpus: Path) -> None:
    body = (corpus / "gov_pages/captured/jpage_xml/jiangsu_gxt_page_1.xml").read_bytes()
    fact = read(body, "http://www.yunxi.gov.cn/module/web/jpage/dataproxy.jsp")
    assert len(fact.items) == body.decode().count("<record>")
    assert all(item.date and item.title and item.url for item in fact.items)


def test_a_second_reading_through_the_memory_is_the_first(corpus: Path) -> None:
    reader = PageReader("http://h.gov.cn/", frozenset({"www.yunxi.gov.cn"}), AS_OF)
    for path in sorted((corpus / "gov_pages").rglob("*.html")):
        body = path.read_bytes()
        url = f"http://www.yunxi.gov.cn/x/{path.stem}.html"
        alone = read(body, url)
        assert reader.read(body, url, fetched_at=AS_OF).fact == alone
        assert reader.read(body, url, fetched_at=AS_OF).fact == alone
