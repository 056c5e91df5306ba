"""Makes our Word templates (`python -m reports.templates.make`); the files beside this one are its output.

Page and fonts follow GB/T 9704-2012 (党政机关公文格式): A4, margins 37/35/28/26 mm, 方正小标宋简体 for heads and
titles, 3号仿宋_GB2312 for the text with 28 pt lines, 黑体 and 楷体_GB2312 for headings, 4号宋体 for page numbers.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from reports.word import repacked

SONG, FANG, HEI, KAI, PLAIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
RED = RGBColor(0xE6, 0x00, 0x12)
LEFT, CENTRE, RIGHT, BOTH = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
_MADE = datetime(2026, 1, 1)  # noqa: DTZ001 (a document's properties have no zone)


def notice() -> Paper:
    """整改通知书."""
    paper = _paper("整改通知书模板")
    _letterhead(paper)
    _add(paper, "政府网站和政务新媒体问题整改通知书", "公文标题")
    _add(paper, "{{ 单位 }}：", "主送机关")
    _add(
        paper,
        "在“{{ 检查名称 }}”（监测时间点：{{ 监测时间点 }}）中，发现你单位所属网站、政务新媒体账号存在 "
        "{{ 问题数 }} 个问题"
        "{% if 否决数 %}，其中 {{ 否决数 }} 个涉及单项否决{% endif %}{% if 持续数 %}，{{ 持续数 }} 个为此前已发现、"
        "至今仍存在的问题{% endif %}。现将有关问题和整改要求通知如下。",
        "公文正文",
    )
    _add(paper, "一、存在的问题", "一级标题")
    _kinds(paper)
    _add(paper, "二、整改要求", "一级标题")
    _add(
        paper,
        "（一）请你单位对照上述问题和附件逐项整改，举一反三，对同类问题一并排查，并于{{ 整改期限 }}完成整改，"
        "书面报送整改情况，逐项说明整改措施、完成时间和责任人。",
        "公文正文",
    )
    _add(
        paper,
        "（二）对所列问题有异议的，请在上述期限内注明附件中的序号，附说明或截图一并反馈，由我方组织复核。",
        "公文正文",
    )
    _add(paper, "（三）整改完成后将对上述问题进行复查，未整改或再次出现的，按有关规定处理。", "公文正文")
    _add(paper, "附件：问题清单（{{ 问题清单 }}）", "附件末项")
    _signature(paper, sealed=True)
    _add(paper, "（联系人：　　　　　　联系电话：　　　　　　　　）", "公文正文")
    return paper


def circular() -> Paper:
    """通报."""
    paper = _paper("通报模板")
    _letterhead(paper)
    _add(paper, "关于{{ 检查名称 }}情况的通报", "公文标题")
    _add(paper, "{{ 主送 }}：", "主送机关")
    _add(
        paper,
        "为加强政府网站和政务新媒体监管，{{ 检查时间 }}，{{ 发文机关 }}组织开展了{{ 检查名称 }}"
        "（{{ 检查类型 }}，监测时间点：{{ 监测时间点 }}）。现将有关情况通报如下。",
        "公文正文",
    )
    _add(paper, "一、总体情况", "一级标题")
    _add(paper, "{{ 检查范围 }}{% for 句 in 结论 %}{{ 句 }}{% endfor %}{{ 问题概况 }}", "公文正文")
    _add(paper, "二、存在的主要问题", "一级标题")
    _problems(paper)
    _add(paper, "三、与上次检查比较", "一级标题")
    _add(paper, "{{ 与上次比较 }}{{ 反复出现 }}", "公文正文")
    _add(paper, "{%p if 未能判定 %}", "公文正文")
    _add(paper, "四、未能判定的情况", "一级标题")
    _add(paper, "{{ 未能判定 }}", "公文正文")
    _add(paper, "{%p endif %}", "公文正文")
    _add(paper, "{% if 未能判定 %}五{% else %}四{% endif %}、工作要求", "一级标题")
    _add(
        paper,
        "（一）限期整改。各单位要对照问题清单逐项整改，并于{{ 整改期限 }}报送整改情况。"
        "对涉及单项否决的问题要立即整改。",
        "公文正文",
    )
    _add(
        paper,
        "（二）举一反三。各单位要对同类问题开展全面排查，完善内容更新、信息审核、链接巡检和日常监测机制，防止问题反复出现。",
        "公文正文",
    )
    _add(paper, "（三）复查复核。对通报所列问题有异议的，请在整改期限内提交说明；整改完成后将组织复查。", "公文正文")
    _add(paper, "{%p for 项 in 附件 %}", "公文正文")
    listed = "{% if loop.first %}附件：{% else %}　　　{% endif %}{{ 项.序 }}. {{ 项.标题 }}"
    _add(paper, "{%p if loop.last %}", "公文正文")
    _add(paper, listed, "附件末项")
    _add(paper, "{%p else %}", "公文正文")
    _add(paper, listed, "附件说明")
    _add(paper, "{%p endif %}", "公文正文")
    _add(paper, "{%p endfor %}", "公文正文")
    _signature(paper, sealed=False)
    _add(paper, "{{p 附件正文 }}", "公文正文")
    return paper


def self_check() -> Paper:
    """季度自查报告."""
    paper = _paper("季度自查报告模板")
    _add(paper, "{{ 季度 }}\n政府网站和政务新媒体自查报告", "公文标题")
    _add(paper, "一、检查总体情况", "一级标题")
    _add(
        paper,
        "{{ 检查时间 }}，{% if 指标体系 %}对照{% for 名 in 指标体系 %}《{{ 名 }}》{% endfor %}{% endif %}开展了检查，"
        "监测时间点为{{ 监测时间点 }}。{{ 检查范围 }}{% for 句 in 结论 %}{{ 句 }}{% endfor %}",
        "公文正文",
    )
    _add(paper, "二、检查发现的主要问题", "一级标题")
    _add(paper, "{{ 问题概况 }}", "公文正文")
    _problems(paper)
    _add(paper, "三、问题整改情况", "一级标题")
    _add(paper, "{{ 与上次比较 }}{{ 反复出现 }}", "公文正文")
    _add(paper, "四、检查结果", "一级标题")
    _looped(
        paper,
        "项",
        "对象",
        (
            ("序号", "{{ 项.序号 }}", 11),
            ("网站/账号", "{{ 项.名称 }}", 45),
            ("主办单位", "{{ 项.单位 }}", 40),
            ("结果", "{{ 项.结果 }}", 20),
            ("问题数", "{{ 项.问题数 }}", 18),
            ("连续合格季度数", "{{ 项.连续合格 }}", 22),
        ),
    )
    _add(paper, "{%p if 未能判定 %}", "公文正文")
    _add(paper, "{{ 未能判定 }}", "公文正文")
    _add(paper, "{%p endif %}", "公文正文")
    _add(paper, "五、下一步工作", "一级标题")
    _add(
        paper,
        "对检查发现的问题逐项整改、逐项复查；对反复出现的问题查明原因，完善日常监测和信息审核机制；对未能判定的网站和账号，"
        "排除采集障碍后补充检查。",
        "公文正文",
    ).paragraph_format.keep_with_next = True
    _signature(paper, sealed=False)
    return paper


TEMPLATES = {"notice.docx": notice, "circular.docx": circular, "self-check.docx": self_check}


def packed(paper: Paper) -> bytes:
    """The template as bytes, the same at every making."""
    buffer = io.BytesIO()
    paper.save(buffer)
    return repacked(buffer.getvalue())


def _kinds(paper: Paper) -> None:
    """One table of all problems: a line a kind with its clause, then its problems."""
    columns = (("序号", 10), ("网站/账号", 26), ("问题描述和所在页面", 99), ("首次发现", 21))
    table = _table(paper, columns, 10)
    for row, tag in ((1, "for 类 in 类别"), (3, "for 项 in 类.问题"), (5, "endfor"), (6, "if 类.其余"), (8, "endif")):
        _fill(paper, table.cell(row, 0), f"{{%tr {tag} %}}", "附表文字")
    _fill(paper, table.cell(9, 0), "{%tr endfor %}", "附表文字")
    head = table.cell(2, 0).merge(table.cell(2, len(columns) - 1))
    _fill(
        paper,
        head,
        "（{{ 类.序 }}）{{ 类.名称 }}：{{ 类.数量 }} 个{% if 类.否决 %}，涉及单项否决{% endif %}",
        "附表分类",
    )
    _more(paper, head, "依据：{{ 类.依据 }}", "类.依据")
    _more(paper, head, "整改建议：{{ 类.整改建议 }}", "类.整改建议")
    aligned = head._tc.get_or_add_tcPr().find(qn("w:vAlign"))
    assert aligned is not None
    aligned.addprevious(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="F2F2F2"/>'))
    texts = (
        "{{ 项.序号 }}",
        "{{ 项.对象 }}",
        "{{ 项.描述 }}{% if 项.位置 %}（{{ 项.位置 }}）{% endif %}",
        "{{ 项.首次发现 }}",
    )
    for at, text in enumerate(texts):
        _fill(paper, table.cell(4, at), text, "附表文字" if 0 < at < len(texts) - 1 else "附表正文")
    _more(paper, table.cell(4, 2), "所在页面：{{ 项.页面 }}", "项.页面", "附表地址")
    _more(paper, table.cell(4, 2), "问题地址：{{ 项.问题地址 }}", "项.问题地址", "附表地址")
    rest = table.cell(7, 0).merge(table.cell(7, len(columns) - 1))
    _fill(paper, rest, "其余 {{ 类.其余 }} 个同类问题见附件问题清单。", "附表文字")
    _mark_rows(table)


def _more(paper: Paper, cell: _Cell, text: str, when: str, style: str = "附表说明") -> None:
    """A further paragraph of a cell, which stands only where there is something to say."""
    for part in (f"{{%p if {when} %}}", text, "{%p endif %}"):
        cell.add_paragraph(part, style=paper.styles[style])


def _problems(paper: Paper) -> None:
    _add(paper, "{%p if 单项否决 %}", "公文正文")
    _led(paper, "（一）单项否决。", "存在单项否决情形的有：{{ 单项否决 | join('；') }}。")
    _add(paper, "{%p endif %}", "公文正文")
    _add(paper, "{%p for 项 in 问题 %}", "公文正文")
    _led(paper, "（{{ 项.序 }}）{{ 项.名称 }}。", "{{ 项.说明 }}")
    _add(paper, "{%p endfor %}", "公文正文")
    _add(paper, "{%p if not 问题 %}", "公文正文")
    _add(paper, "本次检查没有确认的问题；未能判定的情况不等同于没有问题。", "公文正文")
    _add(paper, "{%p endif %}", "公文正文")


def _led(paper: Paper, lead: str, text: str) -> None:
    """A paragraph whose first words are its heading."""
    paragraph = _add(paper, "", "公文正文")
    run = paragraph.add_run(lead)
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:hAnsi", "w:ascii"):
        fonts.set(qn(script), KAI)
    paragraph.add_run(text)


def _letterhead(paper: Paper) -> None:
    """发文机关标志, 发文字号 and the red line below it."""
    _add(paper, "{{ 发文机关 }}", "发文机关标志")
    number = _add(paper, "{{ 发文字号 }}", "发文字号")
    number.paragraph_format.element.get_or_add_pPr().append(
        parse_xml(f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="18" w:space="8" w:color="E60012"/></w:pBdr>')
    )
    _in_order(number)


def _in_order(paragraph: Paragraph) -> None:
    """The border stands before the spacing in a paragraph's properties, as the schema has it."""
    properties = paragraph._p.get_or_add_pPr()
    border = properties.find(qn("w:pBdr"))
    style = properties.find(qn("w:pStyle"))
    if border is not None and style is not None:
        style.addnext(border)


def _signature(paper: Paper, *, sealed: bool) -> None:
    _add(paper, "", "附件末项")
    _add(paper, "{{ 发文机关 }}" + ("（盖章）" if sealed else ""), "落款")
    _add(paper, "{{ 成文日期 }}", "落款")


def _looped(paper: Paper, name: str, over: str, columns: Sequence[tuple[str, str, float]]) -> None:
    """A table with one row for each of a list: heads, texts, widths in millimetres; wide columns stand left."""
    table = _table(paper, [(head, width) for head, _, width in columns], 4)
    for at, (_, text, width) in enumerate(columns):
        _fill(paper, table.cell(2, at), text, "附表文字" if width > 30 else "附表正文")
    _fill(paper, table.cell(1, 0), f"{{%tr for {name} in {over} %}}", "附表文字")
    _fill(paper, table.cell(3, 0), "{%tr endfor %}", "附表文字")
    _mark_rows(table)


def _table(paper: Paper, columns: Sequence[tuple[str, float]], rows: int) -> Table:
    """A ruled table of these heads and widths (millimetres), its first row filled."""
    table: Table = paper.add_table(rows=rows, cols=len(columns))
    table.style = paper.styles["Table Grid"]
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    sides = "".join(f'<w:{side} w:w="57" w:type="dxa"/>' for side in ("left", "right"))
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    assert look is not None
    look.addprevious(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>"))
    for at, (head, width) in enumerate(columns):
        table.columns[at].width = Mm(width)
        for row in range(rows):
            table.cell(row, at).width = Mm(width)
        _fill(paper, table.cell(0, at), head, "附表表头")
    return table


def _mark_rows(table: Table) -> None:
    for at, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
        if not at:
            properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def _fill(paper: Paper, cell: _Cell, text: str, style: str) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = paper.styles[style]
    paragraph.add_run(text)
    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:vAlign {nsdecls("w")} w:val="center"/>'))


def _add(paper: Paper, text: str, style: str) -> Paragraph:
    return paper.add_paragraph(text, style=style)


def _paper(title: str) -> Paper:
    """An empty paper with its page, page numbers and styles."""
    paper = Document()
    section = paper.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    paper.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer.paragraphs[0], RIGHT)
    _page_number(section.even_page_footer.paragraphs[0], LEFT)
    normal = paper.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    _font(normal, FANG, 16)
    _style(paper, "发文机关标志", SONG, 36, CENTRE, before=10, after=20, colour=RED, line=48)
    _style(paper, "发文字号", FANG, 16, CENTRE, after=24)
    _style(paper, "公文标题", SONG, 22, CENTRE, before=16, after=18, line=34)
    _style(paper, "主送机关", FANG, 16, LEFT)
    _style(paper, "公文正文", FANG, 16, BOTH, indent=32)
    _style(paper, "一级标题", HEI, 16, LEFT, indent=32, keep=True)
    _style(paper, "二级标题", KAI, 16, LEFT, indent=32, keep=True)
    _style(paper, "附件说明", FANG, 16, LEFT, indent=32)
    _style(paper, "附件末项", FANG, 16, LEFT, indent=32, keep=True)
    _style(paper, "落款", FANG, 16, RIGHT, right=32, keep=True)
    _style(paper, "附件标记", HEI, 16, LEFT)
    _style(paper, "附件标题", SONG, 18, CENTRE, before=8, after=10, keep=True)
    _style(paper, "附件小标题", KAI, 14, LEFT, before=6, after=4, line=22, keep=True)
    _style(paper, "附表表头", HEI, 10.5, CENTRE, line=15, keep=True)
    _style(paper, "附表正文", FANG, 10.5, CENTRE, line=15)
    _style(paper, "附表文字", FANG, 10.5, LEFT, line=15)
    _style(paper, "附表分类", HEI, 10.5, LEFT, before=2, line=15, keep=True)
    _style(paper, "附表说明", FANG, 9, LEFT, line=13, keep=True)
    _style(paper, "附表地址", FANG, 9, LEFT, line=13)
    _style(paper, "附注", FANG, 10.5, LEFT, before=2, line=16)
    properties = paper.core_properties
    properties.title, properties.author, properties.last_modified_by, properties.comments = title, "巡查", "巡查", ""
    properties.created = properties.modified = _MADE
    return paper


def _style(
    paper: Paper,
    name: str,
    font: str,
    size: float,
    place: WD_ALIGN_PARAGRAPH,
    *,
    before: float = 0,
    after: float = 0,
    line: float = 28,
    indent: float = 0,
    right: float = 0,
    keep: bool = False,
    colour: RGBColor | None = None,
) -> None:
    style = paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.base_style = paper.styles["Normal"]
    style.quick_style = True
    _font(style, font, size)
    if colour is not None:
        style.font.color.rgb = colour
    form = style.paragraph_format
    form.alignment, form.keep_with_next = place, keep
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    form.first_line_indent, form.right_indent = Pt(indent), Pt(right)
    form.widow_control = True


def _font(style: ParagraphStyle, font: str, size: float) -> None:
    """Chinese in this font; Latin letters and figures too, as papers are set."""
    style.font.size, style.font.name = Pt(size), font
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:hAnsi", "w:ascii", "w:cs"):
        fonts.set(qn(script), font)


def _page_number(paragraph: Paragraph, place: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —, on the outer side of the page."""
    paragraph.alignment = place
    form = paragraph.paragraph_format
    form.left_indent, form.right_indent = Pt(14), Pt(14)
    for piece in ("— ", "PAGE", " —"):
        run = paragraph.add_run("" if piece == "PAGE" else piece)
        run.font.name, run.font.size = PLAIN, Pt(14)
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), PLAIN)
        if piece == "PAGE":
            for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("text", "1"), ("end", "")):
                run._r.append(_field(kind, text))


def _field(kind: str, text: str):  # type: ignore[no-untyped-def]  # an lxml element, which python-docx leaves untyped
    if kind == "text":
        return parse_xml(f"<w:t {nsdecls('w')}>{text}</w:t>")
    if not kind:
        return parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve"> {text} </w:instrText>')
    return parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>')


def main() -> None:
    """Write the templates beside this file."""
    for name, make in TEMPLATES.items():
        (Path(__file__).parent / name).write_bytes(packed(make()))


if __name__ == "__main__":
    main()
