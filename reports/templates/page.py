"""The page of an official paper after GB/T 9704-2012 (党政机关公文格式): margins, styles, page numbers.

A4, margins 37/35/28/26 mm, 方正小标宋简体 for heads and titles, 3号仿宋_GB2312 for the text with 28 pt lines, 黑体 and
楷体_GB2312 for headings, 4号宋体 for page numbers.
"""

from __future__ import annotations

from datetime import datetime

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

SONG, FANG, HEI, KAI, PLAIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
RED = RGBColor(0xE6, 0x00, 0x12)
LEFT, CENTRE, RIGHT, BOTH = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
_MADE = datetime(2026, 1, 1)  # noqa: DTZ001 (a document's properties have no zone)


def blank(title: str) -> Paper:
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
