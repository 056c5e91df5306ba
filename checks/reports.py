"""What a site owes in reports and what it has published: years and quarters that are due, and who answers for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from checks import columns, derived, lexicon
from checks.derived import Mention, SiteView
from checks.model import Finding, Measurement, Severity, State, Thresholds, Verdict
from checks.settings import integer, text
from checks.settling import amount, undetermined
from crawler.facts import SiteFacts
from crawler.facts.disclosure import ReportFact, ReportKind

MOST_PAGES = 12
"""Pages at most that are kept as evidence of an absence."""
_SUBJECT = r"\s*(关于|20\d\d|二[〇○零]|政府信息|政务公开|信息公开|政府网站|门户网|网站)"
"""What stands right behind the name of the body whose report it is."""
_GOVERNMENT = re.compile(r"(.{2,24}?(?:人民政府|办公厅)(?:办公[厅室])?)关于")
_SHORT = 16
_ENTRIES = {
    ReportKind.ANNUAL: "annual_report",
    ReportKind.SITE: "site",
    ReportKind.SUPERVISION: "supervision",
    ReportKind.SELF_CHECK: "self_check",
}
"""The keys of data/entries.yaml under whose patterns links name reports."""
_LIST_TYPES = ("", "notice", "news", "annual-report", "special-topic")
"""Types of columns in whose lists a report may stand."""
_SAME_DAY = 2
"""Reports of other years with the same day that make it the day of a site's moving, not of publication."""


class Due(Struct, frozen=True):
    """The newest report of a kind whose deadline has passed. `quarter` is 0 for a yearly one.

    A quarter's result counts where it names the quarter, or was published after `since`, the deadline before.
    `entrance` is the key of data/entries.yaml under whose names its column stands, `missing` the check of its absence.
    """

    kind: ReportKind
    words: str
    year: int
    deadline: date
    entrance: str
    missing: str
    quarter: int = 0
    since: date = date.min


def yearly(kind: ReportKind, name: str, today: date, month_day: str, *, entrance: str, missing: str) -> Due:
    """The report on the newest year whose deadline (month-day of the next year) lies before `today`."""
    month, day = (int(part) for part in month_day.split("-"))
    year = today.year - (1 if today > date(today.year, month, day) else 2)
    return Due(kind, f"{year} 年{name}", year, date(year + 1, month, day), entrance, missing)


def quarterly(kind: ReportKind, name: str, today: date, thresholds: Thresholds, *, entrance: str, missing: str) -> Due:
    """The result whose deadline (a day of each quarter's second month) lies before `today`.

    On 2026-11-20 that is the fourth quarter's, due on 2026-11-10; on 2026-11-10 it is the third's, due on 2026-08-10.
    """
    month, day = integer(thresholds, "month_of_quarter"), integer(thresholds, "day_of_month")
    deadlines = [
        (date(year, 3 * quarter - 3 + month, day), quarter)
        for year in (today.year - 1, today.year)
        for quarter in (1, 2, 3, 4)
    ]
    past = [pair for pair in deadlines if pair[0] < today]
    (deadline, quarter), since = past[-1], past[-2][0]
    words = f"{deadline.year} 年第{'一二三四'[quarter - 1]}季度{name}"
    return Due(kind, words, deadline.year, deadline, entrance, missing, quarter, since)


def annual_due(facts: SiteFacts, thresholds: Thresholds) -> Due:
    """The 年报 that is due: a department's and a government's deadlines differ."""
    government = facts.unit.kind in lexicon.words("bodies", "governments")
    month_day = text(thresholds, "government_deadline" if government else "department_deadline")
    return yearly(
        ReportKind.ANNUAL,
        "政府信息公开工作年度报告",
        derived.of(facts).today,
        month_day,
        entrance="annual_report_entrance",
        missing="disclosure.annual-report-missing",
    )


def is_of_another_body(facts: SiteFacts, title: str) -> bool:
    """Whether a portal's page is the report of one of its departments or townships.

    On 云溪县人民政府网: 云溪县教育局2025年… → another's; 云溪县2025年…, 2025年… → its own.
    """
    own = re.escape(facts.unit.name.removesuffix("人民政府"))
    if facts.site.kind != "portal" or re.search(f"{own}(人民政府)?(办公室)?{_SUBJECT}", title):
        return False
    return lexicon.pattern("entries", "not_our_body").search(title) is not None


def is_a_superiors(facts: SiteFacts, title: str) -> bool:
    """Whether the result of a self-check is that of a government above, reprinted.

    On 云溪县人民政府网: 江西省人民政府办公厅关于2026年第三季度… → another's; 云溪县人民政府办公室关于… → its own.
    """
    found = _GOVERNMENT.match(title)
    if found is None or found[1] in facts.unit.name:
        return False
    return facts.unit.name.removesuffix("人民政府") not in found[1]


def own_reports(facts: SiteFacts, kind: ReportKind) -> tuple[ReportFact, ...]:
    """The reports of a kind that are the site's own body's and were not published after the time point."""
    today = derived.of(facts).today
    return tuple(
        report
        for report in facts.disclosure.reports
        if report.kind is kind
        and _is_own(facts, report.title, kind)
        and (report.published is None or report.published <= today)
    )


def _is_own(facts: SiteFacts, title: str, kind: ReportKind) -> bool:
    if is_of_another_body(facts, title):
        return False
    return kind is not ReportKind.SELF_CHECK or not is_a_superiors(facts, title)


def year_of(report: ReportFact) -> int:
    """The year that a report is about: as its title says, else the one before it was published; 0 where not known."""
    return report.year or (report.published.year - 1 if report.published else 0)


def answering(facts: SiteFacts, due: Due) -> tuple[ReportFact, ...]:
    """The reports that answer what is due."""
    return tuple(report for report in own_reports(facts, due.kind) if _answers(report, due))


def _answers(report: ReportFact, due: Due) -> bool:
    if not due.quarter:
        return year_of(report) == due.year
    if report.year == due.year and report.quarter == due.quarter:
        return True
    return report.published is not None and report.published > due.since


def judge_missing(facts: SiteFacts, due: Due) -> Verdict:
    """Pass where a report answers what is due; fail where none does and it would have been found."""
    if not_yet := _before_opening(facts, due):
        return not_yet
    found = answering(facts, due)
    if found:
        return Verdict(State.PASS, f"已发布 {due.words}：“{found[0].title}”（{found[0].url}）")
    view = derived.of(facts)
    if mention := _mention(facts, view, due):
        if mention.url in view.failures:
            return undetermined(f"“{mention.text}”指向的页面本次未能打开（{mention.url}）")
        return Verdict(State.PASS, f"已提供 {due.words}：“{mention.text}”（{mention.url}）")
    if any(not one.published and not (one.quarter or one.year) for one in own_reports(facts, due.kind)):
        return undetermined(f"未见 {due.words}，但有未写明年度、季度和日期的同类报告")
    if reason := doubt(facts, view, due.entrance):
        return undetermined(f"未见 {due.words}，但{reason}")
    return Verdict(State.FAIL, f"未找到 {due.words}（应于 {due.deadline} 前发布）", (_missing(facts, view, due),))


def judge_late(facts: SiteFacts, due: Due) -> Verdict:
    """Fail where the first report that answers was published after the deadline."""
    if not_yet := _before_opening(facts, due):
        return not_yet
    found = answering(facts, due)
    dated = sorted(((report.published, report) for report in found if report.published), key=lambda pair: pair[0])
    if dated and dated[0][0] <= due.deadline:
        day, report = dated[0]
        told = f"{due.words}于 {day} 发布，期限为 {due.deadline}（{report.url}）"
        return Verdict(State.PASS, told, (), _days(day, due))
    if len(dated) < len(found):
        return undetermined(f"{due.words}没有注明发布日期（{found[0].url}）")
    if not dated:
        view = derived.of(facts)
        if mention := _mention(facts, view, due):
            return undetermined(f"“{mention.text}”没有读到发布日期（{mention.url}）")
        if reason := doubt(facts, view, due.entrance):
            return undetermined(f"未见 {due.words}，{reason}")
        return Verdict(State.NOT_APPLICABLE, f"不适用：未见 {due.words}，是否缺失由 {due.missing} 判定")
    day, report = dated[0]
    same = {year_of(one) for one in own_reports(facts, due.kind) if one.published == day and year_of(one) != due.year}
    if not due.quarter and len(same) >= _SAME_DAY:
        return undetermined(f"{due.words}与另外 {len(same)} 个年度的同日（{day}）发布，疑为网站改版迁移的日期")
    told = f"{due.words}逾期 {(day - due.deadline).days} 天发布"
    return Verdict(State.FAIL, told, (_late(report, day, due),), _days(day, due))


def doubt(facts: SiteFacts, view: SiteView, entrance: str) -> str:
    """Why a report that was not found may yet be there; "" where it would have been found."""
    if view.gap:
        return view.gap
    names = lexicon.pattern("entries", entrance)
    for column in facts.columns:
        if names.search(column.name) and (column.unread or column.embedded or not column.complete):
            return f"栏目“{column.name}”未能完整读取"
        if entrance != "annual_report_entrance" and column.type in _LIST_TYPES and columns.unseen(column):
            return f"栏目“{column.name}”的{columns.unseen(column)}"
    for mention in view.named(names, _SHORT):
        if not derived.is_own(facts, mention.url):
            return f"“{mention.text}”设在站外（{derived.host(mention.url)}），本次没有采集"
        if mention.url in view.failures:
            return f"“{mention.text}”指向的页面本次未能打开"
    return ""


def looked_at(facts: SiteFacts, view: SiteView, entrance: str) -> tuple[str, ...]:
    """The home page and the pages of the site's own entrances to its reports: where the report was looked for."""
    names = lexicon.pattern("entries", entrance)
    listed = [url for column in facts.columns if names.search(column.name) for url in (column.pages or (column.url,))]
    named = [mention.url for mention in view.named(names, _SHORT)]
    return tuple(dict.fromkeys((facts.site.home_url, *listed, *named)))[:MOST_PAGES]


def newest(reports: tuple[ReportFact, ...]) -> Iterator[ReportFact]:
    """The reports, newest year first."""
    return iter(sorted(reports, key=lambda report: -year_of(report)))


def _before_opening(facts: SiteFacts, due: Due) -> Verdict | None:
    opened = facts.site.opened
    if opened is None or (opened <= due.deadline if due.quarter else opened.year <= due.year):
        return None
    return Verdict(State.NOT_APPLICABLE, f"不适用：网站 {opened} 开设，{due.words}不在其应发布之列")


def _mention(facts: SiteFacts, view: SiteView, due: Due) -> Mention | None:
    """A link whose words name what is due, where no list or page of the site does."""
    found = view.find(lexicon.pattern("entries", _ENTRIES[due.kind]), lexicon.pattern("entries", "not_a_report"))
    return next((one for one in found if _names(one.text, due) and _is_own(facts, one.text, due.kind)), None)


def _names(title: str, due: Due) -> bool:
    """Whether a link's words name the year, and the quarter where there is one."""
    if str(due.year) not in title:
        return False
    return not due.quarter or bool(re.search(f"[{'一二三四'[due.quarter - 1]}{due.quarter}]\\s*季", title))


def _days(day: date, due: Due) -> tuple[Measurement, ...]:
    return (amount("逾期天数", max(0, (day - due.deadline) // timedelta(days=1)), "天"),)


def _missing(facts: SiteFacts, view: SiteView, due: Due) -> Finding:
    return Finding(
        url=facts.site.home_url,
        message=f"未找到 {due.words}，应于 {due.deadline} 前发布",
        location="网站首页及各级栏目",
        quote=due.words,
        observed={"year": due.year, "quarter": due.quarter or None, "deadline": due.deadline.isoformat()},
        severity=Severity.MAJOR,
        evidence_urls=looked_at(facts, view, due.entrance),
    )


def _late(report: ReportFact, day: date, due: Due) -> Finding:
    days = (day - due.deadline).days
    return Finding(
        url=report.url,
        message=f"{due.words}于 {day} 发布，超过期限 {due.deadline} {days} 天",
        location=f"“{report.title}”",
        quote=report.title,
        observed={
            "year": due.year,
            "quarter": due.quarter or None,
            "published": day.isoformat(),
            "deadline": due.deadline.isoformat(),
            "days": days,
        },
        severity=Severity.MINOR,
        evidence_urls=(report.url,),
    )
