"""信息公开 of a site put together after its crawl: guides, departments and reports, from a bounded number of bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import urlsplit

from msgspec.structs import replace

from crawler.facts import ColumnFact, PageFact, PageKind, RunFacts, Unit
from crawler.facts.disclosure import DisclosureFacts, ReportFact, ReportKind
from crawler.read.lexicon import any_pattern, words
from crawler.read.reports import Title, told_by

_LONGEST_NAME = 24
_SEPARATORS = re.compile(r"[_|\-—\s]+")
_MOST_GUIDES = 6
_MOST_DEPARTMENT_PAGES = 8
_MOST_REPORTS_READ = 6
_TEXTS = (PageKind.ARTICLE, PageKind.DOCUMENT, PageKind.OTHER)


class DisclosureSeeker:
    """Sees every page of a site once and keeps those that bear on 信息公开 by their names."""

    def __init__(self) -> None:
        self._guides: list[PageFact] = []
        self._departments: list[PageFact] = []
        self._reports: dict[str, tuple[PageFact, Title]] = {}

    def offer(self, page: PageFact) -> None:
        """Takes a page; most say by their names that they are nothing of the kind."""
        if not page.outcome.is_seen or page.missing or page.reply or page.kind is PageKind.HOME:
            return
        if page.kind in _TEXTS and (told := told_by(page.heading or page.title)):
            self._reports[page.url] = (page, told)
            return
        names = names_of(page)
        if any(map(is_guide, names)):
            self._guides.append(page)
        elif any(map(is_department_page, names)):
            self._departments.append(page)

    def facts(self, unit: Unit, columns: Iterable[ColumnFact], run: RunFacts) -> DisclosureFacts:
        """What the pages and the columns' lists add up to."""
        from crawler.read.departments import departments_of  # these load BeautifulSoup, which few sites need
        from crawler.read.disclosure_guides import guide_of

        stem = unit.name.removesuffix("人民政府")
        guides = _nearest(self._guides, stem, _MOST_GUIDES)
        departments = _nearest(self._departments, stem, _MOST_DEPARTMENT_PAGES)
        return DisclosureFacts(
            guides=tuple(
                guide_of(page, next(filter(is_guide, names_of(page))), body)
                for page in guides
                if (body := run.body(page.url))
            ),
            reports=_reports(self._reports, columns, run, stem),
            departments=departments_of(((page, body) for page in departments if (body := run.body(page.url))), run)
            if departments
            else None,
        )


def names_of(page: PageFact) -> tuple[str, ...]:
    """What a page is called: its heading, its column's label, the parts of its title.

    A standing text's first heading may be that of its first part (一、信息分类) under the title 「松汐区网 公开指南」.
    """
    return (page.heading, page.label("ColumnName") or "", *_SEPARATORS.split(page.title))


def is_guide(name: str) -> bool:
    """Whether a page's own name says that it is a guide, not that it speaks of one."""
    if "指南" not in name or any_pattern("disclosure", "not_a_guide").search(name):
        return False
    return bool(any_pattern("disclosure", "guide").search(name))


def is_department_page(name: str) -> bool:
    """Whether a page's own name announces 内设机构."""
    if len(name) > _LONGEST_NAME or any_pattern("disclosure", "not_a_guide").search(name):
        return False
    return bool(any_pattern("disclosure", "departments").search(name))


def is_file(url: str) -> bool:
    """Whether an address names a file to be opened with another program."""
    return urlsplit(url).path.lower().rpartition("/")[2].rpartition(".")[2] in words("extensions", "attachment")


def _nearest(pages: Iterable[PageFact], stem: str, most: int) -> list[PageFact]:
    """The pages that name the unit first, then those nearest to the home page."""
    return sorted(pages, key=lambda page: (stem not in page.heading, page.depth, page.url))[:most]


def _reports(
    pages: Mapping[str, tuple[PageFact, Title]], columns: Iterable[ColumnFact], run: RunFacts, stem: str
) -> tuple[ReportFact, ...]:
    """The reports that lists and pages name, newest year first; of a few annual reports the content as well.

    What bears neither a year nor a day (政府网站年度报表) is the entrance to reports, not one.
    """
    found: dict[str, ReportFact] = {}
    for page, told in pages.values():
        day = page.published.value if page.published else None
        if told.year or day or page.kind is PageKind.ARTICLE:
            title = page.heading or page.title
            found[page.url] = ReportFact(told.kind, page.url, title, told.year, told.quarter, day, is_file(page.url))
    for column in columns:
        for item in column.items:
            listed = item.date.value if item.date else None
            if known := found.get(item.url):
                found[item.url] = replace(known, published=_earlier(known.published, listed))
            elif item.url and (named := told_by(item.title)) and (named.year or listed or is_file(item.url)):
                found[item.url] = ReportFact(
                    named.kind, item.url, item.title, named.year, named.quarter, listed, is_file(item.url)
                )
    order = sorted(found.values(), key=lambda one: (-one.year, stem not in one.title, one.url))
    annual = [one for one in order if one.kind is ReportKind.ANNUAL and one.url in pages][:_MOST_REPORTS_READ]
    read = {one.url: _with_content(one, pages[one.url][0], run) for one in annual}
    return tuple(read.get(one.url, one) for one in order)


def _with_content(report: ReportFact, page: PageFact, run: RunFacts) -> ReportFact:
    from crawler.read.annual_reports import content_of

    body = run.body(report.url)
    return report if body is None or report.attachment else replace(report, content=content_of(page, body))


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day), default=None)
