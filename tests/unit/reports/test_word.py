"""The Word documents, opened again by python-docx: what they say, what they leave out, whose template they follow."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.shared import Mm
from lxml import etree
from msgspec.structs import replace

from checks.model import State
from crawler.facts import BEIJING
from reports import circular, notice, outbox, specimen
from reports.annexes import annexes
from reports.errors import TemplateRefused
from reports.papers import Papers, numeral, period_words
from reports.problems import InspectionView
from reports.templates.make import TEMPLATES, packed
from reports.word import Template
from scoring.circulars.checking import checked
from scoring.circulars.reading import read
from scoring.circulars.table import Kind
from tests.unit.reports import sample

OFFICE = Papers(issuer="临江市人民政府办公室", days=10, issued=date(2026, 11, 27))


def opened(path: Path) -> Document:
    return docx.Document(str(path))


def text_of(document: Document) -> str:
    return "\n".join(node.text or "" for node in document.element.iter("{*}t"))


@pytest.fixture(scope="module")
def own(view: InspectionView, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("papers")
    outbox.write(view, out, {outbox.Part.DOCX}, OFFICE)
    return out


@pytest.fixture(scope="module")
def paper(own: Path) -> Document:
    return opened(own / "problems" / "云溪县人民政府.docx")


def test_our_templates_are_in_step_with_their_maker() -> None:
    for name, make in TEMPLATES.items():
        kept = Path("reports/templates", name).read_bytes()
        assert kept == packed(make()), f"{name}: run python -m reports.templates.make"


def test_the_page_is_that_of_official_papers(paper: Document) -> None:
    section = paper.sections[0]
    sides = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    for side, millimetres in zip(sides, (210, 297, 37, 28), strict=True):
        assert side is not None
        assert abs(side - Mm(millimetres)) < Mm(0.1)
    assert "PAGE" in etree.tostring(section.footer._element, encoding="unicode")
    fonts = {style.name: style.element.xpath(".//w:rFonts/@w:eastAsia") for style in paper.styles}
    assert fonts["公文标题"] == ["方正小标宋简体"]
    assert fonts["公文正文"] == ["仿宋_GB2312"]
    assert fonts["一级标题"] == ["黑体"]


def test_a_notice_tells_the_confirmed_problems_by_kind(paper: Document, view: InspectionView) -> None:
    unit, text = view.units[0], text_of(paper)
    assert f"存在 {len(unit.confirmed)} 个问题" in text
    for title in {problem.title for problem in unit.confirmed}:
        many = sum(problem.title == title for problem in unit.confirmed)
        assert f"）{title}：{many} 个" in text
    assert "依据：《政府网站与政务新媒体检查指标》（国办秘函〔2019〕19号）扣分指标“链接可用性”" in text
    assert "其余" in text
    assert "附件：问题清单（云溪县人民政府.xlsx）" in text
    rows = [row for row in paper.tables[0].rows if row.cells[0].text.isdigit()]
    assert len(rows) < len(unit.confirmed)
    for row in rows:
        problem = unit.problems[int(row.cells[0].text) - 1]
        assert problem.state is State.FAIL
        assert row.cells[1].text == problem.target_name
        assert row.cells[-1].text == f"{problem.first_seen:%Y-%m-%d}"


def test_candidates_accuse_nobody(own: Path, view: InspectionView) -> None:
    for document in own.rglob("*.docx"):
        assert "错别字" not in text_of(opened(document)), document.name
    assert any(problem.title == "错别字" for problem in view.problems)


def test_a_unit_without_confirmed_problems_has_no_notice(own: Path, view: InspectionView, tmp_path: Path) -> None:
    assert not (own / "problems" / "临江市水利局（city-water）.docx").exists()
    doubtful = tuple(problem for problem in view.units[0].problems if problem.state is State.NEEDS_REVIEW)
    units = (replace(view.units[0], problems=doubtful),)
    written = outbox.write(replace(view, units=units), tmp_path, {outbox.Part.DOCX})
    assert [path.name for path in written] == ["circular.docx", "self-check.docx"]


def test_hostile_words_stay_words(view: InspectionView, tmp_path: Path) -> None:
    hostile = tuple(
        one for one in view.units[0].confirmed if one.check != "link.broken" or "/files/" not in one.problem_url
    )
    units = (replace(view.units[0], problems=hostile),)
    outbox.write(replace(view, units=units), tmp_path, {outbox.Part.DOCX})
    text = text_of(opened(tmp_path / "problems" / "云溪县人民政府.docx"))
    assert sample.FORMULA in text
    assert "<script>alert" in text
    assert not {"\x00", "\x07", "\x1b", "\u202e"} & set(text)
    assert "略去" in text  # a long address is cut in its middle, and that is said
    for path in tmp_path.rglob("*.docx"):
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                if name.endswith((".xml", ".rels")):
                    etree.fromstring(package.read(name))


def test_braces_in_a_page_are_no_template(view: InspectionView, tmp_path: Path) -> None:
    evil = "{{ 7*7 }}{% for x in y %} {#c#}"
    problem = replace(view.units[0].confirmed[0], message=evil, quote=evil, target_name=evil)
    units = (replace(view.units[0], name=evil, problems=(problem,)),)
    outbox.write(replace(view, name=evil, units=units), tmp_path, {outbox.Part.DOCX})
    for path in tmp_path.rglob("*.docx"):
        assert evil in text_of(opened(path)).replace("\n", ""), path.name


def test_an_inspection_without_anything_has_papers_too(view: InspectionView, tmp_path: Path) -> None:
    unit = replace(view.units[3], problems=(), scorecards=(), results=(), unsettled=())
    outbox.write(replace(view, units=(unit,), rulesets=(), runs=(), ended=None), tmp_path)
    text = text_of(opened(tmp_path / "circular.docx"))
    assert "本次检查尚未结束" in text
    assert "本次检查没有确认的问题；未能判定的情况不等同于没有问题。" in text
    assert "附件：" not in text
    assert "对照" not in text_of(opened(tmp_path / "self-check.docx"))


def test_what_the_office_did_not_give_is_a_blank(view: InspectionView, tmp_path: Path) -> None:
    outbox.write(view, tmp_path, {outbox.Part.DOCX})
    for path in (tmp_path / "circular.docx", tmp_path / "problems" / "云溪县人民政府.docx"):
        text = text_of(opened(path))
        assert "（发文机关名称）" in text
        assert "〔2026〕　　号" in text
        assert "年　　月　　日前" in text
    assert "（主送机关）：" in text_of(opened(tmp_path / "circular.docx"))


def test_what_the_office_gave_stands_there(view: InspectionView, tmp_path: Path) -> None:
    given = replace(
        OFFICE, number="临政办函〔2026〕9号", notice_number="临政督〔2026〕{n}号", addressees="各县区人民政府"
    )
    outbox.write(view, tmp_path, {outbox.Part.DOCX}, given)
    text = text_of(opened(tmp_path / "circular.docx"))
    for words in (
        "临江市人民政府办公室",
        "临政办函〔2026〕9号",
        "各县区人民政府：",
        "2026年11月27日",
        "2026年12月11日前",
    ):
        assert words in text
    numbers = [text_of(opened(path)) for path in (tmp_path / "problems").glob("*.docx")]
    assert all(sum(f"临政督〔2026〕{n}号" in one for one in numbers) == 1 for n in range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("papers", "words"),
    [
        (Papers(), "　　　　年　　月　　日前"),
        (Papers(days=10), "自本通知印发之日起 10 个工作日内"),
        (Papers(days=3, issued=date(2026, 9, 30)), "2026年10月10日前（自本通知印发之日起 3 个工作日内）"),
        (
            Papers(days=10, issued=date(2026, 12, 28)),
            "自本通知印发之日起 10 个工作日内（2027 年的节假日安排尚不掌握，截止日期请人工核填：　　　　年　　月　　日）",
        ),
    ],
)
def test_the_deadline_is_never_a_guess(papers: Papers, words: str) -> None:
    assert papers.deadline_words() == words


def test_the_circular_passes_our_own_check(own: Path, view: InspectionView) -> None:
    report = checked(read(own / "circular.docx"))
    assert {one.kind for one in report.discrepancies} <= {Kind.ROUNDING}
    assert len(report.tables) >= 2
    text = text_of(opened(own / "circular.docx"))
    confirmed = sum(problem.state is State.FAIL for problem in view.problems)
    assert f"共确认问题 {confirmed} 个" in text
    for annex in annexes(view):
        assert text.count(annex.title) == 2  # in the list of annexes, and over the annex


def test_wide_tables_lie_across_and_every_head_repeats(own: Path) -> None:
    document = opened(own / "circular.docx")
    lying = {section.page_width > section.page_height for section in document.sections}  # type: ignore[operator]
    assert lying == {True, False}
    for section in document.sections:
        assert "PAGE" in etree.tostring(section.footer._element, encoding="unicode")
    for table in document.tables:
        assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")


ORDER = {  # ECMA-376 Part 1, the sequences of CT_PPr, CT_TblPr, CT_TcPr and CT_SectPr as far as papers use them
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl pBdr shd spacing ind jc rPr sectPr",
    "tblPr": "tblStyle tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "tcPr": "tcW gridSpan vMerge tcBorders shd tcMar vAlign",
    "sectPr": "headerReference footerReference type pgSz pgMar pgNumType cols titlePg docGrid",
    "rPr": "rStyle rFonts b bCs i iCs color sz szCs",
}


def test_elements_stand_in_the_order_that_word_asks_for(own: Path) -> None:
    for path in own.rglob("*.docx"):
        for kind, names in ORDER.items():
            order = names.split()
            for element in opened(path).element.iter(f"{{*}}{kind}"):
                children = [etree.QName(child).localname for child in element]
                assert set(children) <= set(order), (path.name, kind, children)
                assert children == sorted(children, key=order.index), (path.name, kind, children)


def test_equal_views_give_equal_bytes(own: Path, tmp_path: Path) -> None:
    for path in outbox.write(sample.view(), tmp_path, {outbox.Part.DOCX}, OFFICE):
        assert path.read_bytes() == (own / path.relative_to(tmp_path)).read_bytes(), path.name


def office_template(folder: Path, text: str, name: str = "notice.docx") -> Papers:
    document = docx.Document()
    document.add_paragraph(text)
    document.save(str(folder / name))
    return Papers(templates=folder)


def test_an_office_has_its_own_template(view: InspectionView, tmp_path: Path) -> None:
    papers = office_template(tmp_path, "本办样式：{{ 单位 }}有 {{ 问题数 }} 个问题。")
    outbox.check(outbox.WHOLE, papers)
    out = tmp_path / "out"
    outbox.write(view, out, {outbox.Part.DOCX}, papers)
    assert text_of(opened(out / "problems" / "云溪县人民政府.docx")) == "本办样式：云溪县人民政府有 113 个问题。"
    assert "存在的主要问题" in text_of(opened(out / "circular.docx"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ 单位名 }}", "没有“单位名”这个变量；可用的有："),
        ("{% for 类 in 类别 %}{{ 类.名 }}{% endfor %}", "没有“名”这个变量"),
        ("{% for 类 in 类别 %}", "标记有误"),
        ("{{ ().__class__.__mro__ }}", "标记有误"),
    ],
)
def test_a_template_that_asks_for_what_there_is_not_is_refused(tmp_path: Path, text: str, said: str) -> None:
    papers = office_template(tmp_path, text)
    with pytest.raises(TemplateRefused) as refused:
        outbox.check(outbox.WHOLE, papers)
    assert said in str(refused.value)
    assert str(tmp_path / "notice.docx") in str(refused.value)


def test_a_file_that_is_no_document_is_refused(tmp_path: Path) -> None:
    (tmp_path / "circular.docx").write_bytes(b"not a document")
    with pytest.raises(TemplateRefused, match="不是可读取的 DOCX 文件"):
        outbox.check({outbox.Part.DOCX}, Papers(templates=tmp_path))


def test_every_variable_of_ours_is_given(view: InspectionView) -> None:
    made = annexes(view)
    contexts = {
        notice.TEMPLATE: notice.context(view, view.units[0], 1, OFFICE, "x.xlsx"),
        circular.CIRCULAR: circular.context(view, OFFICE, made),
        circular.SELF_CHECK: circular.self_check(view, OFFICE),
    }
    documented = Path("docs/papers.md").read_text("utf-8")
    for name, context in contexts.items():
        assert Template(name, None)
        assert [key for key in context if f"`{key}`" not in documented] == []


def test_the_specimen_has_something_of_everything() -> None:
    view = specimen.view()
    context = circular.context(view, Papers(), annexes(view))
    assert all(context[key] for key in ("单项否决", "问题", "反复出现", "未能判定", "结论", "附件"))
    kinds = notice.context(view, view.units[0], 1, Papers(), "x")["类别"]
    assert all(kind["其余"] and kind["依据"] and kind["整改建议"] and kind["问题"] for kind in kinds)


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九"), (100, "100")],
)
def test_numerals(number: int, words: str) -> None:
    assert numeral(number) == words


def test_periods() -> None:
    first, last = datetime(2026, 11, 19, 22, tzinfo=BEIJING), datetime(2026, 11, 20, 5, tzinfo=BEIJING)
    assert period_words(first, last) == "2026年11月19日至11月20日"
    assert period_words(first, first) == "2026年11月19日"
    assert period_words(first, None) == "2026年11月19日起"
