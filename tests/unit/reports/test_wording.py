"""Words: figures rounded once, times in Beijing, addresses that may stand behind a link, bars in proportion."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.facts import Coverage
from reports import charts, wording


@pytest.mark.parametrize(
    ("value", "said"), [("0.125", "0.13"), ("-0.125", "-0.13"), ("71", "71.00"), ("1E+2", "100.00")]
)
def test_figures_are_rounded_half_up(value: str, said: str) -> None:
    assert wording.figure(Decimal(value)) == said


def test_nothing_is_a_dash() -> None:
    assert (wording.figure(None), wording.clock(None), wording.day(None), wording.stamp(None)) == ("—", "—", "—", None)


def test_times_are_told_in_beijing() -> None:
    at = datetime(2026, 11, 19, 17, 14, 9, tzinfo=UTC)
    assert wording.clock(at) == "2026-11-20 01:14"
    assert wording.day(at) == "2026-11-20"
    assert wording.stamp(at) == "2026-11-20T01:14:09+08:00"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://a.example/附件 1.doc", "http://a.example/附件%201.doc"),
        ('HTTPS://a.example/"><x', "HTTPS://a.example/%22%3E%3Cx"),
        ("http://a.example/?q=%E4%BA%91#top", "http://a.example/?q=%E4%BA%91#top"),
        ("javascript:alert(1)", ""),
        (" jav\x00ascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("external:../x", ""),
        ("http://", ""),
        ("wechat:gh_1", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_stand_behind_a_link(url: str, address: str) -> None:
    assert wording.web_address(url) == address


def test_shortening_says_how_much_was_left_out() -> None:
    text = "甲" * 300
    short = wording.shortened(text, 100)
    assert len(short) <= 100
    left = len(text) - short.count("甲")
    assert f"（略去 {left} 字）" in short
    assert wording.shortened("甲" * 100, 100) == "甲" * 100


def test_unprintable_characters() -> None:
    assert wording.printable("a\x00\x1b\x85\u202e\u2028b\ud800\tc\nd") == "ab\ufffd\tc\nd"


def test_coverage_in_words() -> None:
    assert wording.coverage_words(Coverage()) == ""
    assert wording.coverage_words(Coverage(10, 7, 2, 1, "超时")) == (
        "应看 10 处，看到 7 处；被对方防护拦截 2 处；访问失败 1 处；采集止于：超时"
    )


def test_labels_fall_back_to_the_id() -> None:
    assert wording.family_label(wording.family("link.broken")) == "链接可用"
    assert (wording.family_label("x"), wording.kind_label("x")) == ("x", "x")
    assert wording.kind_label("quarterly") == "季度检查"


def _rects(drawing: str) -> list[tuple[str, int, int]]:
    nodes = LexborHTMLParser(drawing).css("rect")
    return [
        (str(node.attributes["class"]), int(node.attributes.get("x") or 0), int(node.attributes["width"] or 0))
        for node in nodes
    ]


def test_bars_are_in_proportion_and_laid_end_to_end() -> None:
    drawing = charts.bar([(Decimal(30), "fill"), (20, "pending")], 100, track=Decimal(80))
    assert _rects(drawing) == [("track", 0, 800), ("fill", 0, 300), ("pending", 300, 200)]


def test_bars_stay_inside_their_scale() -> None:
    assert _rects(charts.bar([(150, "fill")], 100)) == [("track", 0, 1000), ("fill", 0, 1000)]
    assert _rects(charts.bar([(-5, "fill"), (10, "weak")], 100)) == [("track", 0, 1000), ("weak", 0, 100)]
    assert _rects(charts.bar([(5, "fill")], 0)) == [("track", 0, 0)]


def test_shades_grow_with_the_count() -> None:
    steps = [charts.shade(value, 50) for value in range(51)]
    assert steps == sorted(steps)
    assert (steps[0], steps[1], steps[50]) == (0, 1, 5)
    assert charts.shade(1, 1) == 3
