"""信息公开 read from pages: the guide's fields, the annual report's sections and table, reports by title, departments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import pytest

from crawler.facts import BEIJING, Coverage, Site, SiteFacts, Unit
from crawler.facts.disclosure import ReportKind
from crawler.read.disclosure_guides import fields_of
from crawler.read.page import PageReader
from crawler.read.reports import told_by
from crawler.read.site import MemoryRun, assemble

HOST = "www.yunxi.gov.cn"
HOME = f"http://{HOST}/"
AS_OF = datetime(2026, 11, 20, tzinfo=BEIJING)
NAV = '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/nb/">信息公开年报</a></li><li><a href="/nsjg.html">内设机构</a></li></ul></div>'
WORDS = "<p>" + "全年主动公开政府信息六百余条，平台建设和监督保障各项工作有序推进。" * 14 + "</p>"
COLUMNS = "<tr><td rowspan='2' colspan='3'>（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</td><td>自然人</td><td colspan='5'>法人或其他组织</td><td>总计</td></tr><tr><td></td><td>商业企业</td><td>科研机构</td><td>社会公益组织</td><td>法律服务机构</td><td>其他</td><td></td></tr>"


def crawl(pages: Mapping[str, str]) -> SiteFacts:
    reader = PageReader(HOME, frozenset({HOST}), AS_OF)
    bodies = {
        HOME + path: f"<html><head><title>{path}</title></head><body>{NAV}{main}</body></html>".encode()
        for path, main in pages.items()
    }
    facts = [reader.read(body, url, fetched_at=AS_OF, depth=1).fact for url, body in bodies.items()]
    site = Site("yunxi", "云溪县人民政府网", HOME)
    return assemble(
        Unit("yunxi", "云溪县人民政府", kind="county"), site, AS_OF, MemoryRun(facts, (), bodies), coverage=Coverage()
    )


def row(label: str, *numbers: object, before: str = "", span: int = 3) -> str:
    cells = "".join(f"<td><p>{number}</p></td>" for number in numbers)
    return f"<tr>{before}<td colspan='{span}'><p>{label}</p></td>{cells}</tr>"


def report(table: str) -> str:
    return (
        "<div class='main'><h1>云溪县2025年政府信息公开工作年度报告</h1><p>发布时间：2026-03-12</p><div class='TRS_Editor'>"
        f"<p>全文包括总体情况、主动公开政府信息情况等部分。</p><p><strong>一、</strong><span>总体情况</span></p>{WORDS}"
        "<p>1.主动公开情况</p><p>公开信息六百条。</p><p>二、主动公开政府信息情况</p><table><tr><td>规章</td><td>0</td></tr></table>"
        f"<p>三、收到和处理政府信息公开申请情况</p>{table}<p>四、因政府信息公开工作被申请行政复议、提起行政诉讼情况</p>"
        "<p>五、存在的主要问题及改进情况</p><p>一是内容不够丰富。</p><p>六、其他需要报告的事项：无</p></div></div>"
    )


def test_the_table_is_read_through_its_merged_cells() -> None:
    result = "<td rowspan='9'>三、本年度办理结果</td>"
    table = (
        f"<table>{COLUMNS}"
        + row("一、本年新收政府信息公开申请数量", 12, "３", "&nbsp;", "", "—", "1", "1,016")
        + row("二、上年结转政府信息公开申请数量", "", "", "", "", "", "", "")
        + row("（一）予以公开", 9, 9, 9, 9, 9, 9, 9, before=result, span=2)
        + row("（七）总计", 11, 3, 0, 0, 0, 1, "见附件", span=2)
        + row("四、结转下年度继续办理", 1, "", "", "", "", "", 1)
        + "</table>"
    )
    facts = crawl({"nb/1.html": report(table)}).disclosure.reports[0]
    assert (facts.kind, facts.year, facts.published) == (ReportKind.ANNUAL, 2025, date(2026, 3, 12))
    assert facts.content is not None and facts.content.applications is not None
    rows = {one.name: (one.values, one.blank) for one in facts.content.applications.rows}
    assert rows == {
        "本年新收": ((12, 3, 0, 0, 0, 1, 1016), False),
        "上年结转": ((0,) * 7, True),
        "办结": ((11, 3, 0, 0, 0, 1, None), False),
        "结转下年": ((1, 0, 0, 0, 0, 0, 1), False),
    }


def test_sections_are_told_from_rows_and_subsections() -> None:
    table = f"<table>{COLUMNS}{row('一、本年新收政府信息公开申请数量', *range(7))}</table>"
    content = crawl({"nb/1.html": report(table)}).disclosure.reports[0].content
    assert content is not None
    lengths = {section.name: section.length for section in content.sections}
    assert list(lengths) == [
        "总体情况",
        "主动公开政府信息情况",
        "收到和处理政府信息公开申请情况",
        "政府信息公开行政复议、行政诉讼情况",
        "存在的主要问题及改进情况",
        "其他需要报告的事项",
    ]
    assert lengths["总体情况"] > 400
    assert lengths["政府信息公开行政复议、行政诉讼情况"] == 0
    assert lengths["其他需要报告的事项"] == 1


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("联系电话:0999-5550100", {"联系电话"}),
        ("联系电话:\n传真:0999-5550101", {"传真号码"}),
        ("电话/传真:(0999)5550100", {"联系电话", "传真号码"}),
        ("传 真:无", {"传真号码"}),
        ("办公时间:\n自收到申请之日起20个工作日内答复", set()),
        ("受理时间\n周一至周五", {"办公时间"}),
        ("电子邮箱:\n办公地址:", set()),
        ("办公地址\n云溪县政府街1号", {"办公地址"}),
        ("邮箱 xxgk@yunxi.example", {"互联网联系方式"}),
    ],
)
def test_a_label_without_its_value_gives_nothing(text: str, given: set[str]) -> None:
    told = {"联系电话", "传真号码", "办公时间", "办公地址", "互联网联系方式"}
    assert {name for name, _ in fields_of(text)} & told == given


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("云溪县2025年政府信息公开工作年度报告", ("annual", 2025, 0)),
        ("云溪县人民政府二〇二五年政府信息公开年报", ("annual", 2025, 0)),
        ("2025年政府网站工作年度报表", ("site", 2025, 0)),
        ("政府网站监管年度报表（2025年度）", ("supervision", 2025, 0)),
        ("云溪县2026年第三季度政府网站和政务新媒体自查情况", ("self-check", 2026, 3)),
        ("关于2026年4季度全县政府网站及政务新媒体抽查情况的通报", ("self-check", 2026, 4)),
        ("关于做好2025年度政府网站年度报表发布工作的通知", None),
        ("关于印发《政府信息公开工作年度报告格式》的通知", None),
        ("关于开展2026年第四季度政府网站自查工作的通知", None),
        ("一图读懂云溪县2025年政府信息公开年报", None),
        ("我县开展2026年政府网站安全检查", None),
        ("云溪县2025年国民经济和社会发展统计公报", None),
    ],
)
def test_reports_by_their_titles(title: str, told: tuple[str, int, int] | None) -> None:
    found = told_by(title)
    assert (found and (found.kind.value, found.year, found.quarter)) == told


def test_the_earlier_of_two_days_and_files_in_lists() -> None:
    entries = "<li><a href='/nb/1.html'>云溪县2025年政府信息公开工作年度报告</a><span>2026-03-10</span></li><li><a href='/nb/2024.pdf'>云溪县2024年政府信息公开工作年度报告</a><span>2025-03-11</span></li><li><a href='/nb/2.html'>关于征集意见的公告</a><span>2025-03-01</span></li><li><a href='/wzbb/'>政府网站年度报表</a></li>"
    facts = crawl({"nb/1.html": report(""), "nb/": f"<div class='main'><ul class='list'>{entries}</ul></div>"})
    assert [(one.year, one.published, one.attachment) for one in facts.disclosure.reports] == [
        (2025, date(2026, 3, 10), False),
        (2024, date(2025, 3, 11), True),
    ]


def test_departments_of_a_table_and_of_paragraphs() -> None:
    table = "<div class='main'><h1>内设机构</h1><table><tr><td>序号</td><td>科室名称</td><td>负责人</td><td>电话</td></tr><tr><td>1</td><td>办 公 室</td><td>方知行</td><td>0999-5550111</td></tr><tr><td>2</td><td>法规科</td><td>/</td><td>0999-5550112</td></tr></table></div>"
    lines = "<div class='main'><h1>内设机构</h1><p>一、办公室：负责文电工作。主任：方知行</p><p>二、法规科：负责审查工作。</p><p>办公电话：0999-5550100</p></div>"
    of_table = crawl({"nsjg.html": table}).disclosure.departments
    assert of_table is not None
    assert [(one.name, one.head, one.duty, one.telephone) for one in of_table] == [
        ("办公室", "方知行", "", "0999-5550111"),
        ("法规科", "", "", "0999-5550112"),
    ]
    of_lines = crawl({"nsjg.html": lines}).disclosure.departments
    assert of_lines is not None
    assert [(one.name, bool(one.head), bool(one.duty), bool(one.telephone)) for one in of_lines] == [
        ("办公室", True, True, True),
        ("法规科", False, True, True),
    ]


def test_departments_in_a_picture_are_not_told() -> None:
    picture = "<div class='main'><h1>内设机构</h1><p><img src='/u/1.jpg' width='600'></p><p>办公室：负责文电。</p><p>法规科：负责审查。</p></div>"
    assert crawl({"nsjg.html": picture}).disclosure.departments is None
