"""disclosure.annual-report-missing: years whose 政府信息公开工作年度报告 was due and is nowhere on the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from checks import derived, lexicon
from checks.derived import SiteView
from checks.model import Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settings import integer, text
from checks.settling import settle, undetermined
from crawler.facts import SiteFacts

_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
_CHINESE_YEAR = re.compile(r"二[〇○零O0]([一二三四][〇○零O0一二三四五六七八九]|[〇○零O0][〇○零O0一二三四五六七八九])")
_SUBJECT = r"\s*(关于|20\d\d|二[〇○零]|政府信息|政务公开|信息公开)"
"""What stands right behind the name of the body whose report it is."""
MOST_PAGES = 12
"""Pages at most that are kept as evidence of an absence."""
_DIGITS = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding a missing year: the last due one, and each earlier one since the site opened.

    Monitored on 2026-02-15, a department owes the report of 2025 (due 2026-01-31), a government that of 2024
    (2025's is due on 2026-03-31). A report without a year in its title is that of the year before it was published.
    """
    view = derived.of(facts)
    last = _last_due(facts, view.today, thresholds)
    first = max(facts.site.opened.year, integer(thresholds, "first_year")) if facts.site.opened else last
    if first > last:
        return Verdict(State.NOT_APPLICABLE, f"不适用：网站 {first} 年开设，年报尚未到发布期限")
    found = set(_years_found(facts, view))
    missing = [year for year in range(last, first - 1, -1) if year not in found]
    if missing and 0 in found:
        return undetermined("有年报的标题未写明年度，不能断定哪一年缺失")
    doubt = _doubt(facts, view) if missing else ""
    if doubt:
        return undetermined(f"未见 {_listed(missing)} 年度报告，但{doubt}")
    span = f"{first}—{last} 年" if first < last else f"{last} 年"
    return settle(
        findings=[_finding(facts, view, year, last) for year in missing],
        doubts=(),
        failed=f"应有 {span}的年度报告，缺少 {_listed(missing)}",
        passed=f"已发布 {span}的政府信息公开工作年度报告",
    )


def _last_due(facts: SiteFacts, today: date, thresholds: Thresholds) -> int:
    """The newest year whose report's deadline has passed."""
    government = facts.unit.kind in lexicon.words("bodies", "governments")
    month, day = text(thresholds, "government_deadline" if government else "department_deadline").split("-")
    return today.year - (1 if today > date(today.year, int(month), int(day)) else 2)


def _years_found(facts: SiteFacts, view: SiteView) -> Iterator[int]:
    """Years that a report of the site's own body was found for; 0 stands for a report whose year is not known."""
    wanted, unwanted = lexicon.pattern("entries", "annual_report"), lexicon.pattern("entries", "not_an_entry")
    entrance = lexicon.pattern("entries", "annual_report_entrance")
    for title, day, is_report in _titles(facts, view):
        if not wanted.search(title) or unwanted.search(title) or _is_of_another_body(facts, title):
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


def _is_of_another_body(facts: SiteFacts, title: str) -> bool:
    """Whether a portal's page is the report of one of its departments or townships.

    On 云溪县人民政府网: 云溪县教育局2025年… → another's; 云溪县2025年…, 2025年… → its own.
    """
    own = re.escape(facts.unit.name.removesuffix("人民政府"))
    if facts.site.kind != "portal" or re.search(f"{own}(人民政府)?(办公室)?{_SUBJECT}", title):
        return False
    return lexicon.pattern("entries", "other_body").search(title) is not None


def _doubt(facts: SiteFacts, view: SiteView) -> str:
    """Why a report that was not found may yet be there; "" where it would have been found."""
    if view.gap:
        return view.gap
    entrance = lexicon.pattern("entries", "annual_report_entrance")
    for column in facts.columns:
        if entrance.search(column.name) and (column.unread or column.embedded or not column.complete):
            return f"栏目“{column.name}”未能完整读取"
    for mention in view.mentions:
        if len(mention.text) <= 16 and entrance.search(mention.text):
            if not derived.is_own(facts, mention.url):
                return f"“{mention.text}”设在站外（{derived.host(mention.url)}），本次没有采集"
            if mention.url in view.failures:
                return f"“{mention.text}”指向的页面本次未能打开"
    return ""


def _listed(years: list[int]) -> str:
    return "、".join(str(year) for year in years)


def _looked_at(facts: SiteFacts, view: SiteView) -> tuple[str, ...]:
    """The home page and the pages of the site's own entrances to its reports: where the report was looked for."""
    entrance = lexicon.pattern("entries", "annual_report_entrance")
    columns = (column for column in facts.columns if entrance.search(column.name))
    listed = [url for column in columns for url in (column.pages or (column.url,))]
    named = [mention.url for mention in view.mentions if len(mention.text) <= 16 and entrance.search(mention.text)]
    return tuple(dict.fromkeys((facts.site.home_url, *listed, *named)))[:MOST_PAGES]


def _finding(facts: SiteFacts, view: SiteView, year: int, last: int) -> Finding:
    return Finding(
        url=facts.site.home_url,
        message=f"未找到 {year} 年政府信息公开工作年度报告",
        location="政府信息公开年报",
        quote=f"{year} 年政府信息公开工作年度报告",
        observed={"year": year, "is_last_due": year == last},
        severity=Severity.MAJOR if year == last else Severity.MINOR,
        evidence_urls=_looked_at(facts, view),
    )


CHECK = Check(
    id="disclosure.annual-report-missing",
    title="未发布年报",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="行政机关应当按期公布上一年度政府信息公开工作年度报告，接受社会监督。",
    rectify="在“政府信息公开年报”栏目发布缺少年度的报告；历年报告应当集中、长期保留。",
    measured="以监测时间点判断最近一个已到期的年度（部门 1 月 31 日、政府 3 月 31 日），在全部页面、列表和链接的标题中"
    "查找该年度报告；登记了网站开设日期的，同时查找开设以来各年度。",
    limits="采集不完整、年报栏目未读完或设在站外平台、标题未写明年度时为未能判定；门户网站上所属部门、"
    "乡镇的年报不计为本级年报；"
    "以图片作标题的读不出。",
    clause="政府信息公开条例（国令第711号）第四十九条、第五十条；国办公开办函〔2021〕30号",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("disclosure.annual-report-missing"),
)
