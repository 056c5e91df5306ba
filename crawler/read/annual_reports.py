"""政府信息公开工作年度报告: its six sections, its table of applications, its pictures.

Format: 国办公开办函〔2019〕60号 and 〔2021〕30号. Real tables have merged cells, headings over headings and blanks
for zero; the numbers always are the last cells of their row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bs4 import Tag

from crawler.facts import PageFact
from crawler.facts.disclosure import ApplicationsRow, ApplicationsTable, ReportContent, ReportSection
from crawler.read.lexicon import any_pattern, table, words
from crawler.read.mainpart import PICTURE, lines_of, main_of, pictures_of, plain, soup_of
from crawler.read.unread import why_unread

SHORTEST = 400
"""Characters below which a page is only the cover of a report."""
_NUMBERED = re.compile(r"(?:第\s*[一二三四五六七]\s*部分|[一二三四五六七]\s*[、.,:])\s*[:、.]?\s*")
_HEADING_END = re.compile(r"情况|事项|[。;:]|$")
_LONGEST_HEADING = 44
_FRAME = re.compile(r"^(?:上一[篇条]|下一[篇条]|\[?打印|\[?关闭|分享|扫一扫|相关(?:链接|附件|新闻|稿件)|附件)")
_NUMBER = re.compile(r"-?\d+")
_SHOWN = 5
_TOLD = 4


def content_of(page: PageFact, body: bytes) -> ReportContent:
    """What a report's page holds."""
    soup = soup_of(body)
    main = main_of(soup)
    lines = lines_of(main, page.url)
    text = "\n".join(lines)
    sections = tuple(_sections(lines))
    # where the headings stand as text, a picture illustrates them and hides none
    seen = text.replace(PICTURE, "") if len(sections) >= _TOLD else text
    return ReportContent(
        length=len(text.replace(PICTURE, "")),
        sections=sections,
        applications=next(_applications(main), None),
        illustrations=tuple(_illustrations(main, page.url, body)),
        unread=why_unread(page, main, seen, SHORTEST),
    )


def _sections(lines: list[str]) -> Iterator[ReportSection]:
    """The sections in their order; of a heading that stands twice (a table of contents) the longer one."""
    found: dict[str, ReportSection] = {}
    name, heading, length = "", "", 0
    for line in [*lines, ""]:
        told = _section_of(line)
        if told or not line:
            if name and (name not in found or found[name].length < length):
                found[name] = ReportSection(name, heading, length)
            name, heading = told, line[:_LONGEST_HEADING]
            length = _behind_heading(line)
        elif not _FRAME.match(line):
            length += len(line)
    return (found[name] for name in _headings() if name in found)


def _behind_heading(line: str) -> int:
    """The characters of a heading's line that are text: 1 of 「六、其他需要报告的事项：无」, 0 of the bare heading."""
    numbered = _NUMBERED.match(line)
    end = _HEADING_END.search(line, numbered.end() if numbered else 0)
    return len(re.sub(r"[\s:。]", "", line[end.end() :])) if end else 0


def _section_of(line: str) -> str:
    """The section whose heading a line is: numbered and naming it, or its very name; "" for all else.

    「三、收到和处理政府信息公开申请情况」 and 「总体情况」 are; 「一、本年新收政府信息公开申请数量」 is a row.
    """
    bare = re.sub(r"\s+", "", line)
    if any(row.search(bare) for row in _rows().values()) or "办理结果" in bare:
        return ""
    numbered = _NUMBERED.match(line)
    if not numbered:
        return bare if bare in _headings() else ""
    words_of_it = re.sub(r"\s+", "", line[numbered.end() :])[:_LONGEST_HEADING]
    head = re.split(r"[。;；]", words_of_it)[0]
    return next((name for name, pattern in _headings().items() if pattern.search(head)), "")


def _applications(main: Tag) -> Iterator[ApplicationsTable]:
    """The table of applications: the innermost table that bears 本年新收."""
    for grid in main.find_all("table"):
        first = _rows()["本年新收"]
        if not first.search(re.sub(r"\s", "", grid.get_text())):
            continue
        if any(first.search(re.sub(r"\s", "", inner.get_text())) for inner in grid.find_all("table")):
            continue
        cells = [_cells(row) for row in grid.find_all("tr")]
        if found := _table(cells):
            yield found


def _cells(row: Tag) -> list[str]:
    return [re.sub(r"\s", "", plain(cell.get_text())) for cell in row.find_all(["td", "th"], recursive=False)]


def _table(cells: list[list[str]]) -> ApplicationsTable | None:
    """The rows that must balance, each by the cell before its numbers; None where the columns are not the format's.

    `| 三、本年度办理结果 | (七)总计 | 767 | 35 | | | 2 | 1 | 805 |` → 办结: 767, 35, 0, 0, 2, 1, 805.
    """
    columns = words("disclosure", "application_columns")
    named = {cell for row in cells for cell in row}
    if not {"自然人", "商业企业", "法律服务机构"} <= named:
        return None
    rows: dict[str, ApplicationsRow] = {}
    for row in cells:
        if len(row) <= len(columns) or "结转下年" in rows:
            continue
        label, numbers = row[-len(columns) - 1], row[-len(columns) :]
        name = next((name for name, pattern in _rows().items() if pattern.search(label)), "")
        if name:
            values = tuple(_number(cell) for cell in numbers)
            rows[name] = ApplicationsRow(name, label, values, blank=not any(numbers))
    return ApplicationsTable(columns, tuple(rows.values())) if rows else None


def _number(cell: str) -> int | None:
    """A cell's number: blanks and strokes are 0, `1,024` and `12件` read as numbers; None for other words."""
    bare = re.sub(r"[,，件宗条]", "", cell)
    if bare in ("", "-", "—", "–", "/", "\\", "无", "0.0", "○"):
        return 0
    return int(bare) if _NUMBER.fullmatch(bare) else None


def _illustrations(main: Tag, page: str, body: bytes) -> Iterator[str]:
    """Pictures, charts, films and links to a 图解, the first few."""
    found = [str(image.get("alt") or image.get("src") or "图片")[:60] for image in pictures_of(main, page)]
    found += [node.name for node in main.find_all(["canvas", "video", "svg"])]
    if b"echarts" in body or b"highcharts" in body:
        found.append("echarts")
    told = any_pattern("disclosure", "illustrated")
    found += [text[:60] for anchor in main.find_all("a") if told.search(text := plain(anchor.get_text()))]
    return iter(found[:_SHOWN])


@cache
def _headings() -> dict[str, re.Pattern[str]]:
    return {name: re.compile("|".join(rows)) for name, rows in table("disclosure")["sections"].items()}


@cache
def _rows() -> dict[str, re.Pattern[str]]:
    return {name: re.compile("|".join(rows)) for name, rows in table("disclosure")["application_rows"].items()}
