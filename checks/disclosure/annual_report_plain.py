"""disclosure.annual-report-plain: whether the newest 年报 has a picture, a chart or a 图解."""

from __future__ import annotations

from checks import derived, lexicon, reports
from checks.model import Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settling import undetermined
from crawler.facts import SiteFacts
from crawler.facts.disclosure import ReportKind


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass by what stands in the report's page or by a 图解 of it elsewhere; the format's own tables do not count."""
    own = list(reports.newest(reports.own_reports(facts, ReportKind.ANNUAL)))
    if not own:
        return undetermined("没有读到政府信息公开工作年度报告")
    report = own[0]
    year = reports.year_of(report)
    same = [one for one in own if reports.year_of(one) == year]
    for one in same:
        if one.content is not None and one.content.illustrations:
            return Verdict(State.PASS, f"“{one.title}”配有图片、图表或图解：{one.content.illustrations[0]}")
    view = derived.of(facts)
    illustrated = view.find(
        lexicon.pattern("entries", "illustrated_report"), lexicon.pattern("entries", "not_a_picture")
    )
    if hit := next((hit for hit in illustrated if not year or str(year) in hit.text), None):
        return Verdict(State.PASS, f"已提供年报图解：“{hit.text}”（{hit.url}）")
    unread = next((one for one in same if one.content is None or one.content.unread), None)
    if unread is not None:
        reason = unread.content.unread if unread.content else "是附件或正文没有取得，未读取内容"
        return undetermined(f"“{unread.title}”{reason}（{unread.url}）")
    if view.gap:
        return undetermined(f"年报页面没有图片、图表，但{view.gap}，不能断定没有另发图解")
    finding = Finding(
        url=report.url,
        message=f"年报“{report.title}”只有文字和格式表格，没有图片、图表或图解",
        location=f"“{report.title}”",
        quote=report.title,
        observed={"year": year},
        severity=Severity.MINOR,
        evidence_urls=(report.url,),
    )
    return Verdict(State.FAIL, finding.message, (finding,))


CHECK = Check(
    id="disclosure.annual-report-plain",
    title="年报形式单一",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="年报内容运用图片、图表、图解等形式展示，群众才看得懂、愿意看。",
    rectify="在年报中配统计图、信息图，或者同步发布年报图解、视频。",
    measured="查看本机关最近一个年度年报的页面有无图片、图表、视频或图解链接，"
    "并在全站标题和链接中查找该年报的图解；统一格式规定的数据表不算。",
    limits="附件、嵌入页面中的年报未读，为未能判定；图标以外的任何图片都算，不评价其内容；只看最近一个年度。",
    clause="安政办函〔2018〕50号（年报内容未运用图片、图表、图解等多种形式展示）",
    judge=judge,
    needs=("home",),
)
