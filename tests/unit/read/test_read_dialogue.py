"""Messages, consultations and service guides as pages show them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from crawler.facts import BEIJING, ColumnFact, DateSource, ListItem, Outcome, PageFact, PageKind, PublishedDate
from crawler.facts.participation import ConsultationFact, MessageFact, ParticipationFacts
from crawler.facts.services import ServiceFacts
from crawler.read.chosen import chosen
from crawler.read.rereading import Reread
from crawler.read.site import MemoryRun

HOME = "http://www.yunxi.example/"
AS_OF = datetime(2026, 11, 20, tzinfo=BEIJING)


def reread(
    kind: str, bodies: dict[str, str], *, board: str = "", name: str = ""
) -> tuple[Reread, tuple[ColumnFact, ...]]:
    """The pages of one column, at addresses a, b, c …, under the column's own page."""
    kept = {
        f"{HOME}{path}": f"<html><body><div class='main'>{body}</div></body></html>".encode()
        for path, body in bodies.items()
    }
    kept[HOME + "list/"] = f"<html><body>{board}</body></html>".encode()
    items = tuple(
        ListItem(f"标题{path}", f"{HOME}{path}", PublishedDate(date(2026, 10, 1), DateSource.LIST, ""))
        for path in bodies
    )
    column = ColumnFact(f"{HOME}list/", name or "栏目", kind, items=items, pages=(f"{HOME}list/",))
    pages = [PageFact(url, AS_OF, Outcome.OK, PageKind.ARTICLE) for url in kept]
    return Reread(MemoryRun(pages, (), kept)), (column,)


def talk(kind: str, bodies: dict[str, str], board: str = "") -> ParticipationFacts:
    again, columns = reread(kind, bodies, board=board)
    found = again.participation(columns, AS_OF)
    assert found is not None
    return found


def message(html: str) -> MessageFact:
    (found,) = talk("message", {"a": html}).messages
    return found


def consultation(html: str) -> ConsultationFact:
    (found,) = talk("consultation", {"a": html}).consultations
    return found


def test_a_letter_in_a_table_of_labels() -> None:
    told = message(
        "<table><tr><td>编号:</td><td>C1</td><td>来信人:</td><td>王小明</td></tr><tr><td>来信时间:</td><td>2026-10-12 09:30</td>"
        "<td>办理单位:</td><td>水务局</td></tr><tr><td>来信内容:</td><td>我叫王小明，13912345678，何时供水？</td></tr></table>"
        "<table><tr><td>办理时间:</td><td>2026-10-15</td></tr><tr><td>处理情况:</td><td>明日恢复供水。</td></tr></table>"
    )
    assert (told.asked, told.answered, told.body, told.is_answered) == (
        date(2026, 10, 12),
        date(2026, 10, 15),
        "水务局",
        True,
    )
    assert told.reply == "明日恢复供水。" and told.question == "我叫王**，139****78，何时供水？"
    assert "王小明" not in str(told) and "13912345678" not in str(told)


@pytest.mark.parametrize(
    ("rest", "answered", "valid"),
    [
        ("<p>办理状态：未回复</p>", False, True),
        ("<p>办理状态：办理中</p><p>答复内容：</p>", False, True),
        ("<p>答复内容：暂无回复</p><p>办理状态：待回复</p>", False, True),
        ("<p>答复时间：</p><p>答复内容：</p>", None, True),
        ("<p>办理状态：已受理</p>", None, True),
        ("<p>办理状态：已转办</p>", None, True),
        ("<p>办理状态：不予受理</p>", None, False),
        ("<p>办理状态：办理中</p><p>答复内容：已经修好。</p>", True, True),
        ("<p>办理状态：已办结</p>", True, True),
        ("<p>答复内容：<img src='/pic/reply8.jpg'></p>", True, True),
    ],
)
def test_whether_it_is_answered(rest: str, answered: bool | None, valid: bool) -> None:
    told = message(f"<p>来信时间：2026-06-01</p><p>来信内容：路灯不亮。</p>{rest}")
    assert (told.is_answered, told.is_valid) == (answered, valid)


def test_a_list_and_its_pages_are_one_message_each() -> None:
    board = (
        "<p>共收到来信 12 封</p><table><tr><th>标题</th><th>来信时间</th><th>回复时间</th><th>状态</th></tr>"
        "<tr><td><a href='/a'>路灯</a></td><td>2026-10-01</td><td>2026-10-09</td><td>已回复</td></tr>"
        "<tr><td><a href='/z'>修路</a></td><td>2026-06-01</td><td></td><td>未回复</td></tr></table>"
    )
    found = talk("message", {"a": "<p>来信内容：路灯不亮</p><p>答复内容：已修好</p>"}, board)
    lamp, road = sorted(found.messages, key=lambda one: one.url)
    assert (lamp.asked, lamp.answered, lamp.reply) == (date(2026, 10, 1), date(2026, 10, 9), "已修好")
    assert (road.asked, road.is_answered) == (date(2026, 6, 1), False)
    assert found.statistics == "共收到来信 12 封"


def test_questions_and_answers_on_one_page() -> None:
    found = talk(
        "message", {}, "<div><p>问：如何办证？</p><p>答：到大厅。</p><p>问：几点上班？</p><p>答：八点。</p></div>"
    )
    assert [(one.question, one.reply) for one in found.messages] == [
        ("如何办证？", "到大厅。"),
        ("几点上班？", "八点。"),
    ]


def test_what_is_no_message_is_told() -> None:
    found = talk("message", {"a": "<p>本信箱受理咨询和建议。</p>"})
    assert not found.messages and "没有读出问答" in found.messages_unread


@pytest.mark.parametrize(
    ("html", "start", "end"),
    [
        ("<p>征集时间：2026-10-01 至 2026-10-30</p>", date(2026, 10, 1), date(2026, 10, 30)),
        ("<p>征集时间：2026年10月1日至10月30日</p>", date(2026, 10, 1), date(2026, 10, 30)),
        ("<p>征集期限：2026年12月20日—1月20日</p>", date(2026, 12, 20), date(2027, 1, 20)),
        ("<p>开始时间：2026-10-01</p><p>截止时间：2026-10-30 18:00</p>", date(2026, 10, 1), date(2026, 10, 30)),
        ("<p>请于2026年9月30日前将意见反馈至我局。</p><p>2026年9月1日</p>", None, date(2026, 9, 30)),
        ("<p>征求意见截止到2026年9月30日。</p>", None, date(2026, 9, 30)),
        ("<p>本办法自2026年9月30日起施行。</p>", None, None),
        ("<p>发布时间：2026-09-01</p><p>欢迎提出意见。</p>", None, None),
    ],
)
def test_from_when_to_when(html: str, start: date | None, end: date | None) -> None:
    told = consultation(f"<h1>关于某办法公开征求意见的公告</h1>{html}")
    assert (told.start, told.end) == (start, end)


@pytest.mark.parametrize(
    ("html", "given"),
    [
        ("<p>征集结果：共收到意见 12 条，采纳 8 条。</p>", True),
        ("<p>结果反馈：暂无</p>", False),
        ("<p>结果反馈：</p><p>上一篇：无</p>", False),
        ("<p>相关：<a href='/r'>征集结果反馈</a></p>", True),
        ("<p>欢迎提出意见。</p>", False),
    ],
)
def test_whether_a_result_is_given(html: str, given: bool) -> None:
    told = consultation(f"<h1>关于某办法公开征求意见的公告</h1><p>征集时间：2026-10-01 至 2026-10-30</p>{html}")
    assert bool(told.result or told.links) is given


def guides(html: str) -> ServiceFacts:
    again, columns = reread("service", {"a": html})
    found = again.services(columns)
    assert found is not None
    return found


def test_a_guide_names_what_it_lacks() -> None:
    (guide,) = guides(
        "<p>申请条件：年满十八岁</p><p>申请材料：无需材料</p><p>联系电话：</p><p>办理地点：大厅</p>"
    ).guides
    assert guide.title == "标题a"
    assert guide.missing == ("设定依据", "办理时间", "联系电话", "办理流程")
    assert not guide.opaque


def test_an_address_and_a_telephone_make_no_guide() -> None:
    found = guides("<p>地址：大厅</p><p>电话：0915-1</p><p>某市召开政务服务会议，研究有关工作。</p>")
    assert not found.guides and found.untold == (f"{HOME}a",)


def test_a_picture_leaves_a_guide_open_and_a_chart_in_its_place_does_not() -> None:
    (first,) = guides(
        "<p>申请条件：年满十八岁</p><p>材料：身份证</p><p>见下图</p><p><img src='/pic/guide8.jpg'></p>"
    ).guides
    (second,) = guides(
        "<p>申请条件：年满十八岁</p><p>材料：身份证</p><p>办理流程：</p><p><img src='/pic/flow8.jpg'></p>"
    ).guides
    assert first.opaque == "页面含图片"
    assert "办理流程" in second.given and not second.opaque


def test_forms_and_where_they_are_had() -> None:
    (asked,) = guides("<p>申请条件：成年人</p><p>申请材料：《城乡低保申请表》、身份证</p>").guides
    (window,) = guides("<p>申请条件：成年人</p><p>申请材料：申请表（窗口领取）</p>").guides
    (given,) = guides("<p>申请条件：成年人</p><p>申请材料：申请表</p><p><a href='/f/sqb.doc'>申请表.doc</a></p>").guides
    assert asked.forms == ("城乡低保申请表",) and not asked.downloads and not asked.form_source
    assert window.form_source and given.downloads


def test_several_guides_on_one_page() -> None:
    page = "".join(f"<p>事项名称：事项{n}</p><p>申请条件：成年人</p><p>申请材料：身份证</p>" for n in (1, 2, 3))
    assert [guide.title for guide in guides(page).guides] == ["事项1", "事项2", "事项3"]


def test_the_chosen_are_the_same_in_any_order() -> None:
    urls = [f"{HOME}{n}.html" for n in range(100)]
    assert set(chosen(urls, 10)) == set(chosen(reversed(urls), 10))
    assert len(chosen(urls, 10)) == 10 and chosen(urls, 200) == urls
