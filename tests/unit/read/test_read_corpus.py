"""Accuracy over captured pages that nobody here wrote; skipped where XUNCHA_CORPUS names no corpus."""

from __future__ import annotations

import json
import os
from datetime import date, datetime
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


def test_elements_of_captured_state_council_documents_are_read(corpus: Path) -> None:
    """Their table gives all but a mark of validity; the day of publication stands in the address too."""
    files = sorted((corpus / "gov_pages/fragments_wwwgovcn").glob("*.html"))
    assert len(files) > 20
    for file in files:
        document = read(file.read_bytes(), NEUTRAL).document
        assert document is not None, file.name
        year, month, day = file.name.split("_")[2:5]
        assert document.published and document.published.value == date(int(year), int(month), int(day)), file.name
        assert document.number and document.number.value.endswith("号"), file.name
        assert document.issuer and document.issuer.value.startswith("国务院"), file.name
        assert document.written and document.written.value <= document.published.value, file.name
        assert document.index and document.index.value.startswith("000014349/"), file.name
        assert document.unfilled == (), file.name


def test_a_table_under_the_name_of_another_part_of_the_page_is_read(corpus: Path) -> None:
    document = read((corpus / "gov_pages/vendor_or_copy/handan_details.jsp.html").read_bytes(), NEUTRAL).document
    assert document is not None and document.number and document.index
    assert (document.number.value, document.index.value) == ("无", "000014348/2020-35147")


def test_captured_news_bears_no_elements_of_a_document(corpus: Path) -> None:
    files = sorted((corpus / "extraction/gne/tests").glob("*/*.html"))
    assert len(files) > 30
    numbered = [file for file in files if (found := read(file.read_bytes(), NEUTRAL).document) and found.number]
    assert numbered == []
