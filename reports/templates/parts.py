"""What papers are put together of: letterhead, paragraphs, tables with the loops of docxtpl, signature."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from reports.templates.page import KAI


def problems_by_kind(paper: Paper) -> None:
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


def main_problems(paper: Paper) -> None:
    """单项否决 first, then a paragraph a kind of problem."""
    add(paper, "{%p if 单项否决 %}", "公文正文")
    _led(paper, "（一）单项否决。", "存在单项否决情形的有：{{ 单项否决 | join('；') }}。")
    add(paper, "{%p endif %}", "公文正文")
    add(paper, "{%p for 项 in 问题 %}", "公文正文")
    _led(paper, "（{{ 项.序 }}）{{ 项.名称 }}。", "{{ 项.说明 }}")
    add(paper, "{%p endfor %}", "公文正文")
    add(paper, "{%p if not 问题 %}", "公文正文")
    add(paper, "本次检查没有确认的问题；未能判定的情况不等同于没有问题。", "公文正文")
    add(paper, "{%p endif %}", "公文正文")


def _led(paper: Paper, lead: str, text: str) -> None:
    """A paragraph whose first words are its heading."""
    paragraph = add(paper, "", "公文正文")
    run = paragraph.add_run(lead)
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:hAnsi", "w:ascii"):
        fonts.set(qn(script), KAI)
    paragraph.add_run(text)


def letterhead(paper: Paper) -> None:
    """发文机关标志, 发文字号 and the red line below it."""
    add(paper, "{{ 发文机关 }}", "发文机关标志")
    number = add(paper, "{{ 发文字号 }}", "发文字号")
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


def signature(paper: Paper, *, sealed: bool) -> None:
    """Who signs and on which day; `sealed` leaves room for the seal."""
    add(paper, "", "附件末项")
    add(paper, "{{ 发文机关 }}" + ("（盖章）" if sealed else ""), "落款")
    add(paper, "{{ 成文日期 }}", "落款")


def looped(paper: Paper, name: str, over: str, columns: Sequence[tuple[str, str, float]]) -> None:
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


def add(paper: Paper, text: str, style: str) -> Paragraph:
    """Add a paragraph in one of the paper's styles."""
    return paper.add_paragraph(text, style=style)
