"""update.date-irregular: dates in another form than the prescribed one, at odds with the list, or in the future."""

from __future__ import annotations

from checks import columns, derived
from checks.dating import MOST, Odd, Pages, PrintedDates, list_forms
from checks.model import JSON, Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settling import settle, share
from crawler.facts import SiteFacts

_PLACES = {"list": "栏目列表", "article": "稿件页"}


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding a form and place, whatever the number of pages; one for all articles at odds; one a future date."""
    dates = derived.gathered(facts, PrintedDates)
    lists = sum(any(item.date for item in column.items) for column in facts.columns)
    if not dates.articles and not lists:
        return Verdict(State.UNDETERMINED, "未能判定：没有取得注明发布时间的稿件页或列表")
    by_list: dict[str, Pages] = {}
    for form, url, quote in list_forms(facts):
        by_list.setdefault(form, Pages()).add(url, quote, MOST)
    findings = [_of_form("list", form, pages) for form, pages in by_list.items()]
    findings += [_of_form("article", form, pages) for form, pages in dates.forms.items()]
    if dates.differing:
        findings.append(_of_differing(sorted(dates.differing, key=lambda odd: (len(odd.url), odd.url))))
    future = {odd.url: odd for odd in dates.future}
    for column in facts.columns:
        for item in column.items:
            if item.date and item.date.value > dates.latest and columns.must_show_dates(column):
                future.setdefault(item.url or column.url, Odd(column.url, item.title, item.date.quote, item.date.value))
    findings += [_of_future(odd) for odd in future.values()]
    gap = derived.of(facts).gap
    irregular = sum(pages.count for pages in dates.forms.values())
    return settle(
        findings=findings,
        doubts=[f"{gap}，未取得的页面没有查看"] if gap else [],
        failed=f"查看 {dates.articles} 个稿件页和 {lists} 个栏目列表："
        f"格式不规范的稿件 {irregular} 个、列表形式 {len(by_list)} 种，"
        f"稿件与列表不一致 {len(dates.differing)} 个，晚于监测时间 {len(future)} 个",
        passed=f"查看 {dates.articles} 个稿件页和 {lists} 个栏目列表，发布时间格式规范、前后一致",
        measurements=(share("发布时间规范的稿件占比", dates.articles - irregular, dates.articles),),
    )


def _of_form(place: str, form: str, pages: Pages) -> Finding:
    _, url, quote = pages.first or (0, "", "")
    urls: list[JSON] = list(pages.urls)
    return Finding(
        url=url,
        message=f"{_PLACES[place]}的发布时间{form}（如“{quote}”），共 {pages.count} 个页面；"
        "应为 YYYY-MM-DD 或 YYYY-MM-DD HH:MM",
        location=_PLACES[place],
        quote=form,
        observed={"kind": "form", "place": place, "example": quote, "pages": urls, "page_count": pages.count},
        severity=Severity.MINOR,
        evidence_urls=(url,),
    )


def _of_differing(odd: list[Odd]) -> Finding:
    first = odd[0]
    urls: list[JSON] = [one.url for one in odd[:MOST]]
    return Finding(
        url=first.url,
        message=f"{len(odd)} 篇稿件页面上的发布时间与列表不一致，如“{first.title}”列表为“{first.listed}”、"
        f"页面为“{first.shown}”",
        location="稿件页与栏目列表",
        quote=first.shown,
        observed={
            "kind": "differing",
            "listed": first.listed,
            "shown": first.shown,
            "pages": urls,
            "page_count": len(odd),
        },
        severity=Severity.MINOR,
        evidence_urls=(first.url,),
    )


def _of_future(odd: Odd) -> Finding:
    return Finding(
        url=odd.url,
        message=f"“{odd.title}”的发布时间“{odd.shown}”晚于监测时间",
        location="发布时间",
        quote=odd.shown,
        observed={"kind": "future", "day": odd.day.isoformat(), "title": odd.title},
        severity=Severity.MAJOR,
        evidence_urls=(odd.url,),
    )


CHECK = Check(
    id="update.date-irregular",
    title="发布时间不规范",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="发布时间格式不一、前后矛盾或晚于当前，公众无法判断信息的先后和时效，也不利于检索和监管。",
    rectify="在模板中统一使用 YYYY-MM-DD 或 YYYY-MM-DD HH:MM；稿件页与列表使用同一时间；更正晚于当前的时间。"
    "同一模板改一处即可消除同类问题。",
    measured="读取栏目列表和稿件页标题附近显示的发布时间：按书写形式归类，同一形式只列一次并注明页面数；"
    "列表写明年份而与稿件页标注的发布时间不是同一天的，合并列出；晚于监测时间点和访问当日的，逐篇列出。",
    limits="只认得列出的几种不规范形式，其他写法不列；分开排版的“日”与“年月”不列；首页列表不查；"
    "稿件页只注明更新、成文、印发等其他日期的不与列表比较；图片中的时间读不出。",
    clause="国办发〔2017〕47号 附件“网页设计规范”（时间格式）；安政办函〔2018〕50号 通报（规范发布时间）",
    judge=judge,
    needs=("pages",),
)
