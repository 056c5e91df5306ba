"""Labelled pages of the corpus, and how we read one of them."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

from crawler.facts import BEIJING
from crawler.read.page import PageReader, Reading

LABELS = Path(__file__).with_name("labels")
AS_OF = datetime(2026, 11, 1, tzinfo=BEIJING)
URL = "http://www.yunxi.gov.cn/lm/page.html"
"""The address that pages are read under: it tells neither a kind nor a day."""


def labelled(name: str) -> list[tuple[str, str, str]]:
    """The rows of a label file: page, truth, how it was told."""
    lines = (LABELS / name).read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    return [(page, truth, how) for page, truth, how in rows]


@cache
def body_of(corpus: Path, page: str) -> bytes:
    """The bytes of a page."""
    return (corpus / page).read_bytes()


@cache
def reading_of(corpus: Path, page: str) -> Reading:
    """What we make of a page, as `xuncha facts` would of a saved one."""
    reader = PageReader("http://www.yunxi.gov.cn/", frozenset({"www.yunxi.gov.cn"}), AS_OF, home_known=False)
    return reader.read(body_of(corpus, page), URL, fetched_at=AS_OF)
