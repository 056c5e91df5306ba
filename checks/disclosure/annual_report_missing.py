"""disclosure.annual-report-missing: years whose 政府信息公开工作年度报告 was due and is nowhere on the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from checks import derived, lexicon, reports
from checks.derived import SiteView
from checks.model import Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settings import integer
from checks.settling import settle, undetermined
from crawler.facts import SiteFacts

_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
_CHINESE_YEAR = re.compile(r"二[〇○零O0]([一二三四][〇○零O0一二三四五六七八九]|[〇○零O0][〇○零O0一二三四五六七八九])")
_DIGITS = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding a missing year: the last due one, and each earlier one since the site opened.

    Monitored on 2026-02-15, a department owes the report of 2025 (due 2026-01-31), a government that of 2024
    (2025's is due on 2026-03-31). A report without a year in its title is that of the year before it was published.
    """
    view = derived.of(facts)
    last = reports.annual_due(facts, thresholds).year
    first = max(facts.site.opened.year, integer(thresholds, "first_year")) if facts.site.opened else last
    if first > last:
        return Verdict(State.NOT_APPLICABLE, f"不适用：网站 {first} 年开设，年报尚未到发布期限")
    found = set(_years_found(facts, view))
    missing = [year for year in range(last, first - 1, -1) if year not in found]
    if missing and 0 in found:
        return undetermined("有年报的标题未写明年度，不能断定哪一年缺失")
    doubt = reports.doubt(facts, view, "annual_report_entrance") if missing else ""
    if doubt:
        return undetermined(f"未见 {_listed(missing)} 年度报告，但{doubt}")
    span = f"{first}—{last} 年" if first < last else f"{last} 年"
    return settle(
        findings=[_finding(facts, view, year, last) for year in missing],
        doubts=(),
        failed=f"应有 {span}的年度报告，缺少 {_listed(missing)}",
        passed=f"已发布 {span}的政府信息公开工作年度报告",
    )


def _years_found(facts: SiteFacts, view: SiteView) -> Iterator[int]:
    """Years that a report of the site's own body was found for; 0 stands for a report whose year is not known."""
    wanted, unwanted = lexicon.pattern("entries", "annual_report"), lexicon.pattern("entries", "not_an_entry")
    entrance = lexicon.pattern("entries", "annual_report_entrance")
    for title, day, is_report in _titles(facts, view):
        if not wanted.search(title) or unwanted.search(title) or reports.is_of_another_body(facts, title):
            continue
        year = _year_of(title)
        if year:
            yield year
        elif is_report and (day or not entrance.fullmatch(title)):
            yield day.year - 1 if day else 0


def _titles(facts: SiteFacts, view: SiteView) -> Iterator[tuple[str, date | None, bool]]:
    """Every title that may name a report, with its day and whether it is a report's own, not that of an entrance."""
    for page in view.reports:
        yield page.title, page.published, page.article
    for column in facts.columns:
        for item in column.items:
            yield item.title, view.day_of(item), True
    for mention in view.mentions:
        yield mention.text, None, False


def _year_of(title: str) -> int:
    """The year that a title names, in figures or in characters; 0 where it names none."""
    if found := _YEAR.search(title):
        return int(found[1])
    if found := _CHINESE_YEAR.search(title):
        return 2000 + int(found[1].translate(_DIGITS))
    return 0


def _listed(years: list[int]) -> str:
    return "、".join(str(year) for year in years)


def _finding(facts: SiteFacts, view: SiteView, year: int, last: int) -> Finding:
    return Finding(
        url=facts.site.home_url,
        message=f"未找到 {year} 年政府信息公开工作年度报告",
        location="政府信息公开年报",
        quote=f"{year} 年政府信息公开工作年度报告",
        observed={"year": year, "is_last_due": year == last},
        severity=Severity.MAJOR if year == last else Severity.MINOR,
        evidence_urls=reports.looked_at(facts, view, "annual_report_entrance"),
    )


CHECK = Check(
    id="disclosure.annual-report-missing",
    title="未发布年报",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="行政机关应当按期公布上一年度政府信息公开工作年度报告，接受社会监督。",
    rectify="在“政府信息公开年报”栏目发布缺少年度的报告；历年报告应当集中、长期保留。",
    measured="以监测时间点判断最近一个已到期的年度（部门 1 月 31 日、政府 3 月 31 日），在全部页面、"
    "列表和链接的标题中"
    "查找该年度报告；登记了网站开设日期的，同时查找开设以来各年度。",
    limits="采集不完整、年报栏目未读完或设在站外平台、标题未写明年度时为未能判定；门户网站上所属部门、"
    "乡镇的年报不计为本级年报；"
    "以图片作标题的读不出。",
    clause="政府信息公开条例（国令第711号）第四十九条、第五十条；国办公开办函〔2021〕30号",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("disclosure.annual-report-missing"),
)
