"""Addresses: normal form, host, joining, what an address names."""

from __future__ import annotations

import pytest

from crawler.facts import Resource
from crawler.read.urls import directory_of, host_of, join, normalise, readable, resource_of


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("HTTP://WWW.Yunxi.GOV.cn:80/a/../b.html#top", "http://www.yunxi.gov.cn/b.html"),
        ("https://www.yunxi.gov.cn:443", "https://www.yunxi.gov.cn/"),
        ("http://www.yunxi.gov.cn:8100/x?p=1&q=#f", "http://www.yunxi.gov.cn:8100/x?p=1&q="),
        ("http://www.yunxi.gov.cn/%D5%D0%C6%B8.doc", "http://www.yunxi.gov.cn/%D5%D0%C6%B8.doc"),
        ("http://www.yunxi.gov.cn/附件 1.doc", "http://www.yunxi.gov.cn/%E9%99%84%E4%BB%B6%201.doc"),
        ("http:\\\\www.yunxi.gov.cn\\a", "http://www.yunxi.gov.cn/a"),
        ("javascript:void(0)", ""),
        ("mailto:a@b.cn", ""),
        ("http://", ""),
        ("", ""),
        ("/a.html", ""),
    ],
)
def test_normal_form(written: str, normal: str) -> None:
    assert normalise(written) == normal
    if normal:
        assert normalise(normal) == normal


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://WWW.Yunxi.gov.cn/x", "www.yunxi.gov.cn"),
        ("http://www.yunxi.gov.cn:80/x", "www.yunxi.gov.cn"),
        ("https://www.yunxi.gov.cn:8443", "www.yunxi.gov.cn:8443"),
        ("http://127.0.0.11:8100/", "127.0.0.11:8100"),
        ("http://user:pw@www.yunxi.gov.cn/", "www.yunxi.gov.cn"),
        ("ftp://www.yunxi.gov.cn/", ""),
        ("nonsense", ""),
    ],
)
def test_host(url: str, host: str) -> None:
    assert host_of(url) == host


BASE = "http://www.yunxi.gov.cn/zwgk/a.html"


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("b.html", "http://www.yunxi.gov.cn/zwgk/b.html"),
        ("./b.html#x", "http://www.yunxi.gov.cn/zwgk/b.html"),
        ("../b.html", "http://www.yunxi.gov.cn/b.html"),
        ("/x/y.html", "http://www.yunxi.gov.cn/x/y.html"),
        ("/x/../y.html", "http://www.yunxi.gov.cn/y.html"),
        ("//ldj.yunxi.gov.cn/", "http://ldj.yunxi.gov.cn/"),
        ("?page=2", "http://www.yunxi.gov.cn/zwgk/a.html?page=2"),
        (" \n/x.html\t", "http://www.yunxi.gov.cn/x.html"),
        ("tel:12345", ""),
    ],
)
def test_join(href: str, target: str) -> None:
    assert join(BASE, href) == target


def test_a_query_is_written_in_the_charset_of_the_page() -> None:
    assert join(BASE, "/s.asp?k=云溪#a", "gb18030") == "http://www.yunxi.gov.cn/s.asp?k=%D4%C6%CF%AA"
    assert join(BASE, "/s.asp?k=云溪") == "http://www.yunxi.gov.cn/s.asp?k=%E4%BA%91%E6%BA%AA"


@pytest.mark.parametrize(
    ("url", "tag", "resource"),
    [
        ("http://a.cn/x.DOC", "a", Resource.ATTACHMENT),
        ("http://a.cn/x.pdf?v=1", "a", Resource.ATTACHMENT),
        ("http://a.cn/module/download/downfile.jsp?classid=0&filename=2607.docx", "a", Resource.ATTACHMENT),
        ("http://a.cn/x.ofd", "a", Resource.ATTACHMENT),
        ("http://a.cn/x.jpg", "a", Resource.IMAGE),
        ("http://a.cn/x.mp4", "a", Resource.MEDIA),
        ("http://a.cn/", "a", Resource.PAGE),
        ("http://a.cn/index.html", "a", Resource.PAGE),
        ("http://a.cn/list.aspx?t=1.5", "a", Resource.PAGE),
        ("http://a.com", "a", Resource.PAGE),
        ("http://a.cn/x", "img", Resource.IMAGE),
        ("http://a.cn/x", "script", Resource.SCRIPT),
        ("http://a.cn/x", "link", Resource.STYLE),
        ("http://a.cn/x.html", "iframe", Resource.FRAME),
    ],
)
def test_resource(url: str, tag: str, resource: Resource) -> None:
    assert resource_of(url, tag) is resource


def test_directory() -> None:
    assert directory_of("http://a.cn/x/y.html?z=/") == "http://a.cn/x/"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("/f/%D5%D0%C6%B8.doc", "/f/招聘.doc"),
        ("/f/%E6%8B%9B%E8%81%98.doc", "/f/招聘.doc"),
        ("/f/%d5%d0%20a.doc", "/f/招 a.doc"),
        ("/f/plain.doc", "/f/plain.doc"),
        ("/f/%FF", "/f/%FF"),
        ("/f/100%", "/f/100%"),
    ],
)
def test_encoded_names_are_read_back(written: str, read: str) -> None:
    assert readable(written) == read
