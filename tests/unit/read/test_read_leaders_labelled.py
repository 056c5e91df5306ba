"""Leaders whom a page introduces behind the word 姓名, in tables and with names of any surname."""

from datetime import datetime

import pytest

from crawler.facts import BEIJING, Coverage, Site, Unit
from crawler.read.page import PageReader
from crawler.read.site import MemoryRun, assemble

AS_OF = datetime(2026, 11, 20, 17, tzinfo=BEIJING)
HOME, LEADERS = "http://www.a.example/", "http://www.a.example/ldzc/index.htm"
TAIL = "<b>简历：</b>汉族，大学学历，先后在乡镇、街道和市直部门工作，历任科员、科长等职。<br><b>分工：</b>主持全面工作，分管办公室。"


@pytest.mark.parametrize(
    "person",
    [
        "<td><img src='l1.png' width=105></td><td><b>姓名：</b>柏克勤<br><b>职务：</b>党组书记、局长<br>"
        + TAIL
        + "</td>",
        "<td><img src='l1.png' width=105></td><td><p>姓　名：柏克勤</p><p>职务：党组书记、局长</p>" + TAIL + "</td>",
        "<td><img src='l1.png' width=105></td><td>姓名</td><td>柏克勤</td><td>职务：局长 " + TAIL + "</td>",
    ],
)
def test_a_labelled_name_is_a_person(person: str) -> None:
    body = (
        f"<html><head><title>领导之窗</title><meta name='ColumnName' content='领导之窗'></head><body>"
        f"<div class='pos'>当前位置：<a href='/'>首页</a> → 领导之窗</div><table><tr>{person}</tr></table></body></html>"
    ).encode()
    home = b"<html><body><div class='nav'><a href='/ldzc/index.htm'>\xe9\xa2\x86\xe5\xaf\xbc\xe4\xb9\x8b\xe7\xaa\x97</a></div></body></html>"
    reader = PageReader(HOME, frozenset({"www.a.example"}), AS_OF)
    pages = [
        reader.read(text, url, fetched_at=AS_OF, depth=depth).fact
        for text, url, depth in ((home, HOME, 0), (body, LEADERS, 1))
    ]
    site = Site("a", "甲局网站", HOME)
    facts = assemble(Unit("a", "甲局"), site, AS_OF, MemoryRun(pages, bodies={LEADERS: body}), coverage=Coverage())
    assert facts.leaders is not None
    (leader,) = facts.leaders
    assert (leader.name, leader.photo, leader.resume, leader.post, leader.duties) == ("柏克勤", True, True, True, True)
