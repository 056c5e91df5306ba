"""The page, parsed again: self-contained, escaped, readable without a script."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from reports import html
from reports.past import Judged, Past
from reports.problems import InspectionView
from tests.unit.reports import sample


@pytest.fixture(scope="module")
def source(written: Path) -> str:
    return (written / "report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def page(source: str) -> LexborHTMLParser:
    return LexborHTMLParser(source)


def _text(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


def test_nothing_is_loaded_or_run(page: LexborHTMLParser, source: str) -> None:
    assert not page.css("script, link, iframe, frame, object, embed, img, video, audio, source, base, form, image, use")
    for node in page.css("*"):
        names = set(node.attributes)
        assert not {name for name in names if name.startswith("on")}, node.html
        assert not names & {"src", "srcset", "background", "poster", "action", "ping", "xlink:href", "style"}, node.html
    style = " ".join(node.text() for node in page.css("style"))
    assert "@import" not in style
    assert set(re.findall(r"url\(([^)]*)\)", style)) == {"#hatch", "#untold"}
    policy = page.css_first("meta[http-equiv]")
    assert policy is not None
    assert str(policy.attributes["content"]).startswith("default-src 'none';")
    assert "<?xml" not in source


def test_links_are_web_addresses_anchors_or_files_of_the_outbox(page: LexborHTMLParser, written: Path) -> None:
    ids = {node.attributes["id"] for node in page.css("[id]")}
    for node in page.css("a"):
        href = str(node.attributes["href"])
        if href.startswith("#"):
            assert href[1:] in ids
        elif href.startswith("problems/"):
            assert (written / unquote(href)).is_file()
        else:
            assert re.match(r"https?://|evidence/[0-9a-f]{12}\.html$", href), href


def test_hostile_text_is_shown_and_harmless(page: LexborHTMLParser, source: str, view: InspectionView) -> None:
    hostile = replace(view, name=sample.SCRIPT)
    assert "<script" not in html.render(hostile)
    assert "<script" not in source
    assert not [character for character in source if ord(character) < 32 and character != "\n"]
    assert "\u202e" not in source
    assert not [a for a in page.css("a") if "javascript" in str(a.attributes["href"])]


def test_hostile_problems_are_among_the_ones_shown(view: InspectionView) -> None:
    found = (problem for problem in view.units[0].problems if problem.check == "link.broken")
    hostile = tuple(problem for problem in found if not problem.quote.startswith("附件"))
    unit = replace(view.units[0], problems=hostile)
    page = LexborHTMLParser(html.render(replace(view, units=(unit,))))
    text = page.text()
    assert sample.FORMULA in text
    assert sample.SCRIPT in text
    assert "略去" in text, "an address of 5,000 characters is shown short"
    assert sample.SCRIPT_URL in _text(page, "span.addr")


def test_every_indicator_shows_its_sum(page: LexborHTMLParser, view: InspectionView) -> None:
    sums = _text(page, "p.sums")
    for card in view.scorecards:
        for trace in card.traces:
            if trace.arithmetic:
                assert trace.arithmetic in sums
    cards = page.css("details.card > summary")
    assert len(cards) >= 12


def test_fifty_problems_are_shown_and_the_rest_is_counted(page: LexborHTMLParser, view: InspectionView) -> None:
    article = page.css_first("#unit-1")
    assert article is not None
    assert len([row for row in article.css("table.list tbody tr") if 'data-label="问题描述"' in str(row.html)]) == 50
    (rest,) = [" ".join(node.text().split()) for node in article.css("p.rest")]
    assert rest == f"另有 {len(view.units[0].problems) - 50} 项未在本页列出，见问题清单（Excel）和 findings.jsonl。"


def test_tiles(page: LexborHTMLParser) -> None:
    tiles = dict(zip(_text(page, ".tiles dt"), _text(page, ".tiles dd"), strict=True))
    assert tiles == {
        "单位": "6个", "网站": "6个", "政务新媒体账号": "6个", "检查页面": "17052页", "发现问题": "274项",
        "触发单项否决": "3个对象", "待人工复核": "72项", "未能判定": "10项",
    }  # fmt: skip


def test_ranking_table(page: LexborHTMLParser) -> None:
    table = page.css_first("table.ranking")
    assert table is not None
    rows = [[" ".join(cell.text().split()) for cell in row.css("td, th")] for row in table.css("tbody tr")]
    assert [row[0] for row in rows] == ["1", "2", "3", "3", "3", "—"]
    assert rows[0][2:6] == ["合格", "93.00", "100.00", "93.0%"]
    assert rows[-1][2] == "▲ 不合格"
    assert rows[1][-1] == "—", "a dimension of which nothing was determined has no score"


def test_without_an_earlier_inspection_there_is_no_comparison(page: LexborHTMLParser) -> None:
    assert page.css_first("#comparison") is None


def test_the_comparison_tells_what_was_mended_and_what_repeats(view: InspectionView) -> None:
    unit = view.units[0]
    problem = unit.confirmed[0]
    judged = {problem.target: {problem.check: Judged(True, frozenset({problem.fingerprint, "gone"}))}}
    past = (Past("p", "<b>上季度</b>", view.as_of - timedelta(days=90), judged),)
    page = LexborHTMLParser(html.render(replace(view, past=past)))
    section = page.css_first("#comparison")
    assert section is not None
    assert "<b>上季度</b>" in section.text()
    first = section.css_first("table.bars tbody tr")
    assert first is not None
    assert " ".join(first.text().split()).startswith(f"{unit.name}上次 2，本次 {len(unit.confirmed)}")
    assert "50.0%" in first.text()
    assert problem.title in section.css_first("table.grid").text()


def test_heat_table_holds_figures_and_colour_only_repeats_them(page: LexborHTMLParser, view: InspectionView) -> None:
    table = page.css_first("table.heat")
    assert table is not None
    first = [" ".join(cell.text().split()) for cell in table.css("tbody tr")[0].css("td, th")]
    assert first[0] == "云溪县人民政府"
    assert int(first[-1]) == len(view.units[0].confirmed) == sum(int(cell) for cell in first[1:-1] if cell != "·")


def test_undetermined_checks_stand_with_reasons(page: LexborHTMLParser) -> None:
    text = page.css_first("#unit-2").text()
    assert "搜索请求被对方防护拦截，未能判定" in text
    assert "检查程序出错：ValueError" in text


def test_for_keyboard_and_screen_reader(page: LexborHTMLParser) -> None:
    root = page.css_first("html")
    assert root is not None
    assert root.attributes["lang"] == "zh-CN"
    assert page.css_first("main#main") is not None
    assert page.css_first("a.skip[href='#main']") is not None
    for cell in page.css("th"):
        assert cell.attributes.get("scope") in ("col", "row", "rowgroup"), cell.html
    for region in page.css(".scroll"):
        assert region.attributes["tabindex"] == "0"
        assert region.attributes["aria-label"]
    for drawing in page.css("svg"):
        assert drawing.attributes["aria-hidden"] == "true"
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
    for node in page.css("[aria-labelledby], [aria-describedby]"):
        named = node.attributes.get("aria-labelledby") or node.attributes.get("aria-describedby")
        assert named in ids
    levels = [int(str(node.tag)[1]) for node in page.css("h1, h2, h3, h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_an_inspection_without_scores_problems_and_runs(view: InspectionView) -> None:
    empty = replace(view.units[3], scorecards=(), problems=(), unsettled=())
    page = LexborHTMLParser(html.render(replace(view, rulesets=(), runs=(), units=(empty,))))
    assert [node.text() for node in page.css("h2")] == ["一、总体情况", "二、问题分布", "三、各单位情况", "阅读说明"]
    assert "不等同于没有问题" in page.text()
    assert "违规" not in page.text()
