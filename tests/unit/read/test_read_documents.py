"""The elements of policy documents and what documents and interpretations show of each other, as pages write them."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.facts import PageFact
from crawler.facts.documents import DocumentFact, IssuerSource, Medium, Related, Validity
from tests.unit.read.pages import HOME, PROSE, page, read

TITLE = "云溪县人民政府关于印发《云溪县茶产业扶持办法》的通知"
SIGNED = "<p align=right>云溪县人民政府</p><p align=right>2026年7月2日</p>"


def document(table: str = "", text: str = PROSE, *, title: str = TITLE, rendered: bool = False) -> PageFact:
    head = f'<meta name="ColumnName" content="县政府文件"><meta name="ArticleTitle" content="{title}">'
    main = f'{table}<h1>{title}</h1><p>发布时间：2026-07-06</p><div class="TRS_Editor">{text}</div>'
    return read(page(main, head=head, title=title), "/zcwj/t20260706_1.html", rendered=rendered)


def told(fact: PageFact) -> DocumentFact:
    assert fact.document is not None
    return fact.document


CELLS = """<table><tr><td>索 引 号：</td><td>61/2026-00005</td><td>主题分类：</td><td>农业</td></tr>
<tr><td>发文机关：</td><td>云溪县人民政府</td><td>成文日期：</td><td>2026年07月02日</td></tr>
<tr><td>发文字号：</td><td>云政发〔2026〕5号</td><td>发布日期：</td><td>2026年07月06日</td></tr>
<tr><td>有 效 性：</td><td>有效</td></tr></table>"""
BARE = CELLS.replace("：", "")
LINES = """<div class="zw"><p>索引号：61/2026-00005　发布机构：云溪县人民政府　主题分类：农业</p>
<p>文　号：云政发〔2026〕5号　成文日期：2026-07-02　发布日期：2026-07-06　有效性：有效</p></div>"""
DEFINED = """<dl><dt>[索引号]</dt><dd>61/2026-00005</dd><dt>[发文机关]</dt><dd>云溪县人民政府</dd><dt>[文号]</dt>
<dd>云政发〔2026〕5号</dd><dt>[成文日期]</dt><dd>2026-07-02</dd><dt>[发布日期]</dt><dd>2026-07-06</dd><dt>[时效性]</dt><dd>有效</dd></dl>"""


@pytest.mark.parametrize("table", [CELLS, BARE, LINES, DEFINED])
def test_elements_of_a_table_are_read_however_it_is_made(table: str) -> None:
    fact = told(document(table))
    assert fact.number is not None and fact.number.value == "云政发〔2026〕5号"
    assert fact.index is not None and fact.index.value == "61/2026-00005"
    assert fact.written is not None and fact.written.value == date(2026, 7, 2)
    assert fact.published is not None and fact.published.value == date(2026, 7, 6)
    assert fact.validity is Validity.VALID and fact.validity_mark is not None
    assert fact.issuer is not None and fact.issuer.value == "云溪县人民政府"
    assert fact.unfilled == ()


def test_number_and_signature_are_read_from_the_text() -> None:
    fact = told(document(text=f"<p align=center>云政发〔2026〕5号</p>{PROSE}{SIGNED}", title="关于做好秋收工作的通知"))
    assert fact.number is not None and fact.number.value == "云政发〔2026〕5号"
    assert (fact.issuer and fact.issuer.value, fact.issuer_source) == ("云溪县人民政府", IssuerSource.SIGNATURE)
    assert fact.written is not None and fact.written.value == date(2026, 7, 2)
    assert fact.index is None and fact.validity is None


def test_title_names_the_issuer_before_the_table_of_who_published_it() -> None:
    table = "<p>索引号：61/2026-9　发布机构：云溪县人民政府办公室</p>"
    fact = told(document(table, title="陕山省人民政府关于印发《陕山省茶产业规划》的通知"))
    assert (fact.issuer and fact.issuer.value, fact.issuer_source) == ("陕山省人民政府", IssuerSource.TITLE)


@pytest.mark.parametrize(
    ("mark", "expected"),
    [("（已废止）", Validity.REPEALED), ("【失效】", Validity.LAPSED), ("（已修改）", Validity.AMENDED)],
)
def test_a_mark_at_the_end_of_the_title_says_whether_it_holds(mark: str, expected: Validity) -> None:
    assert told(document(title=TITLE + mark)).validity is expected


def test_a_stamp_says_whether_it_holds() -> None:
    worded = document('<img src="/images/z3.png" alt="已废止">' + CELLS.replace("<td>有效</td>", "<td></td>"))
    assert told(worded).validity is Validity.REPEALED
    behind = document(CELLS.replace("<td>有效</td>", '<td><img src="/images/z1.png"></td>'))
    assert told(behind).validity is Validity.OTHER
    elsewhere = document(CELLS.replace("<td>有效</td>", "<td></td>"), text='<img src="/a.jpg" alt="现场">' + PROSE)
    assert told(elsewhere).validity is None


def test_a_term_in_the_text_is_told_from_the_term_of_something_else() -> None:
    stated = f"{PROSE}<p>第六条　本办法自印发之日起施行，有效期五年。</p>"
    assert told(document(text=stated + SIGNED)).validity is Validity.STATED
    other = f"{PROSE}<p>考核合格者取得证书，证书有效期为一年。</p>"
    assert told(document(text=other + SIGNED)).validity is None


def test_a_table_that_a_script_fills_is_no_table_without_values() -> None:
    empty = CELLS
    for value in ("61/2026-00005", "农业", "云溪县人民政府", "2026年07月02日", "云政发〔2026〕5号", "2026年07月06日"):
        empty = empty.replace(f"<td>{value}</td>", "<td></td>")
    empty = empty.replace("<td>有效</td>", "<td></td>") + "<script>fill(document)</script>"
    assert "索引号" in told(document(empty)).unfilled
    assert told(document(empty, rendered=True)).unfilled == ()
    one = CELLS.replace("<td>云政发〔2026〕5号</td>", "<td></td>") + "<script>count()</script>"
    assert told(document(one)).unfilled == () and told(document(one)).number is None


def test_a_script_that_writes_the_table_is_seen() -> None:
    written = "<script>document.write('<td>索引号：</td><td>'+d.index+'</td><td>文号：</td>')</script>"
    assert told(document(written)).unfilled == ("索引号", "文号")


def test_a_form_to_fill_in_is_no_table_of_elements() -> None:
    form = "<table><tr><td>文号</td><td>所需的政府信息</td></tr><tr><td>发文机关</td><td>电话：12345</td></tr></table>"
    fact = document(form, title="关于信息公开申请的说明")
    assert fact.document is None or (fact.document.number is None and fact.document.issuer is None)


def test_news_bears_no_elements() -> None:
    fact = read(
        page(f"<h1>云溪县召开秋收推进会</h1><p>2026-07-06</p><div class='TRS_Editor'>{PROSE}</div>"), "/dt/1.html"
    )
    assert fact.document is None and fact.policy is None


def test_related_links_names_and_media_are_read() -> None:
    text = (
        "<p>近日，《云溪县茶产业扶持办法》正式印发。</p><p><img src='/images/tj.jpg'></p><p>问：谁可以申请？</p>"
        f"<p>答：茶农。</p>{PROSE}"
    )
    side = '<div class="xg"><h3>相关文件</h3><ul><li><a href="/zcwj/t20260706_1.html">云政发5号</a></li></ul></div>'
    head = (
        '<meta name="ColumnName" content="政策解读"><meta name="ArticleTitle" content="《云溪县茶产业扶持办法》解读">'
    )
    main = f'<h1>《云溪县茶产业扶持办法》解读</h1><p>2026-07-07</p><div class="TRS_Editor">{text}</div>{side}'
    fact = read(page(main, head=head, title="《云溪县茶产业扶持办法》解读"), "/zcjd/t20260707_2.html")
    assert fact.policy is not None
    assert Related("云政发5号", f"{HOME}zcwj/t20260706_1.html") in fact.policy.related
    assert fact.policy.named == ("云溪县茶产业扶持办法",)
    assert fact.policy.media == (Medium.PICTURE, Medium.QUESTIONS)
    assert fact.policy.unfilled == ""


def test_an_empty_place_for_related_links_is_told_where_a_script_may_fill_it() -> None:
    place = '<div><h3>相关解读</h3><div id="xgjd"></div></div>'
    filled = document(text=PROSE + SIGNED + place + "<script>loadRelated('#xgjd')</script>")
    assert filled.policy is not None and filled.policy.unfilled == "相关解读"


def test_related_links_that_a_script_writes_with_their_words_are_not_known() -> None:
    fact = document(text=PROSE + SIGNED + "<script>$('#x').append('<h3>相关解读</h3>')</script>")
    assert fact.policy is not None and fact.policy.unfilled == "相关解读"


def test_icons_and_share_codes_are_no_pictures() -> None:
    text = f'{PROSE}<p><img src="/images/share_weixin.png"><img src="/images/icon_doc.gif"></p>'
    fact = document(text=text)
    assert fact.policy is not None and fact.policy.media == ()
