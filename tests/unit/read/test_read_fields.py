"""Labelled texts: what stands under names, in the ways in which pages write them."""

from __future__ import annotations

import pytest

from crawler.read.fields import Vocabulary, labelled
from crawler.read.page import outlined

WORDS = Vocabulary.of(
    {
        "place": ["办理地点", "地点", "办理地点和时间"],
        "time": ["办理时间", "办理地点和时间"],
        "phone": ["联系电话"],
        "way": ["办理流程"],
    },
    ["收费标准"],
    ["上一篇"],
)


def read(html: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in labelled(outlined(f"<html><body><div class='main'>{html}</div></body></html>", None), WORDS):
        for name in one.fields:
            found[name] = "（图）" if one.shown and not one.value else one.value
    return found


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>办理地点：二楼</p><p>联系电话：123</p>", {"place": "二楼", "phone": "123"}),
        ("<p>办理地点：二楼　联系电话：123</p>", {"place": "二楼", "phone": "123"}),
        (
            "<table><tr><th>办理地点</th><td>二楼</td><th>联系电话</th><td></td></tr></table>",
            {"place": "二楼", "phone": ""},
        ),
        ("<table><tr><td>办 理 地 点</td><td>二楼</td></tr></table>", {"place": "二楼"}),
        (
            "<h3>一、办理地点</h3><p>二楼</p><p>三楼</p><h3>二、办理流程</h3><p><img src='/lc.jpg'></p>",
            {"place": "二楼\n三楼", "way": "（图）"},
        ),
        ("<p>【办理地点】二楼</p><p>（三）联系电话（工作日）：123</p>", {"place": "二楼", "phone": "123"}),
        ("<dl><dt>办理地点</dt><dd>二楼</dd><dt>联系电话</dt><dd>123</dd></dl>", {"place": "二楼", "phone": "123"}),
        ("<p><b>联系电话：</b>123<br>上一篇：办事</p>", {"phone": "123"}),
        ("<p>联系电话：</p><p>上一篇：<a href='/1'>另一篇</a></p>", {"phone": ""}),
        ("<p>办理地点：</p><p>收费标准：不收费</p>", {"place": ""}),
        ("<p>办理地点和时间：二楼，工作日</p>", {"place": "二楼，工作日", "time": "二楼，工作日"}),
        ("<div style='display:none'><p>办理地点：二楼</p></div>", {"place": "二楼"}),
        (
            "<table><tr><td>办理地点</td><td>办理时间</td><td>联系电话</td></tr><tr><td>二楼</td><td>工作日</td><td>123</td></tr></table>",
            {"place": "二楼", "time": "工作日", "phone": "123"},
        ),
        ("<p>会议的地点改在二楼，办理时间不变。</p>", {}),
        ("<p>地点</p><p>二楼</p>", {}),
    ],
)
def test_what_stands_under_a_name(html: str, expected: dict[str, str]) -> None:
    assert read(html) == expected


def test_footer_and_navigation_are_no_part_of_it() -> None:
    assert read("<p>办理地点：二楼</p></div><div class='footer'><p>联系电话：0915-1</p>") == {"place": "二楼"}
