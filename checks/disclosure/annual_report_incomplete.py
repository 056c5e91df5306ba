"""disclosure.annual-report-incomplete: what the newest 年报 lacks or leaves empty; a table that does not balance."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from checks import lexicon, reports
from checks.model import JSON, Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settings import integer
from checks.settling import settle, share, undetermined
from crawler.facts import SiteFacts
from crawler.facts.disclosure import ApplicationsTable, ReportContent, ReportFact, ReportKind

SECTIONS = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况",
    "存在的主要问题及改进情况",
    "其他需要报告的事项",
)
ROWS = ("本年新收", "上年结转", "办结", "结转下年")
_TOTAL = "总计"


class Sum(Struct, frozen=True):
    """One column's arithmetic: 本年新收 + 上年结转 against 办结 + 结转下年."""

    column: str
    received: int
    carried: int
    closed: int
    pending: int

    @property
    def holds(self) -> bool:
        """Whether both sides are equal."""
        return self.received + self.carried == self.closed + self.pending

    @property
    def words(self) -> str:
        """The arithmetic as it is shown: 「自然人：本年新收 12 + 上年结转 1 = 13，办结 11 + 结转下年 1 = 12」."""
        left, right = self.received + self.carried, self.closed + self.pending
        return (
            f"{self.column}：本年新收 {self.received} + 上年结转 {self.carried} = {left}，"
            f"办结 {self.closed} + 结转下年 {self.pending} = {right}"
        )


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Looks at the newest report of the site's own body; what is in files, pictures and frames is not known."""
    own = list(reports.newest(reports.own_reports(facts, ReportKind.ANNUAL)))
    if not own:
        return undetermined("没有读到政府信息公开工作年度报告")
    read = next(((one, one.content) for one in own if one.content is not None), None)
    if read is None or reports.year_of(read[0]) < reports.year_of(own[0]):
        return undetermined(f"“{own[0].title}”是附件或正文没有取得，未读取内容（{own[0].url}）")
    report, content = read
    if reports.year_of(report) < integer(thresholds, "format_since_year"):
        return Verdict(State.NOT_APPLICABLE, f"不适用：最近的年报（“{report.title}”）早于统一格式施行")
    findings: list[Finding] = []
    doubts: list[str] = []
    found = {section.name: section for section in content.sections}
    absent = [name for name in SECTIONS if name not in found]
    empty = [name for name in SECTIONS if name in found and not found[name].length]
    if absent and (content.unread or len(found) < integer(thresholds, "sections_told_min")):
        reason = content.unread or f"只认出 {len(found)} 个部分的标题"
        doubts.append(f"未见{'、'.join(absent)}，但{reason}（{report.url}）")
        absent = []
    if absent or empty:
        findings.append(_of_sections(report, absent, empty))
    sums = tuple(sums_of(content.applications)) if content.applications else ()
    if broken := [one for one in sums if not one.holds]:
        findings.append(_of_table(report, broken, len(sums)))
    elif not sums:
        doubts += _without_table(report, content)
    told = f"“{report.title}”"
    return settle(
        findings=findings,
        doubts=doubts,
        failed=f"{told}{'；'.join(finding.message.partition('”')[2] for finding in findings)}",
        passed=f"{told}六个部分齐全，申请情况表 {len(sums)} 列勾稽关系成立",
        measurements=(share("年报内容完整率", len(SECTIONS) - len(absent) - len(empty), len(SECTIONS)),),
    )


def sums_of(table: ApplicationsTable) -> Iterator[Sum]:
    """The columns whose four numbers are known. A 总计 left blank beside filled columns is not known to be 0.

    | 本年新收 | 12 | | 12 |, | 办结 | 12 | | | → the column 总计 is passed over; a row that is blank throughout is not
    known either, save 上年结转 and 结转下年, where nothing is what most have.
    """
    rows = [table.row(name) for name in ROWS]
    received, carried, closed, pending = rows
    if received is None or carried is None or closed is None or pending is None or received.blank or closed.blank:
        return
    for at, column in enumerate(table.columns):
        numbers = [row.values[at] for row in (received, carried, closed, pending)]
        left_blank = column == _TOTAL and any(
            not row.values[at] and any(row.values[:at]) for row in (received, carried, closed, pending)
        )
        if not left_blank and all(number is not None for number in numbers):
            yield Sum(column, *(number or 0 for number in numbers))


def _without_table(report: ReportFact, content: ReportContent) -> list[str]:
    """Why the arithmetic was not tried, where a reader may expect it."""
    if content.applications is not None:
        return [f"申请情况表有空白或无法读出的数字，未核对勾稽关系（{report.url}）"]
    return [f"没有读出申请情况表，未核对勾稽关系（{report.url}）"]


def _of_sections(report: ReportFact, absent: list[str], empty: list[str]) -> Finding:
    parts = ([f"缺少{'、'.join(absent)}"] if absent else []) + ([f"{'、'.join(empty)}没有内容"] if empty else [])
    missing: list[JSON] = list(absent)
    blank: list[JSON] = list(empty)
    return Finding(
        url=report.url,
        message=f"年报“{report.title}”{'，'.join(parts)}",
        location=f"“{report.title}”",
        quote=report.title,
        observed={"missing": missing, "empty": blank, "year": reports.year_of(report)},
        severity=Severity.MINOR,
        evidence_urls=(report.url,),
    )


def _of_table(report: ReportFact, broken: list[Sum], columns: int) -> Finding:
    shown: list[JSON] = [one.words for one in broken]
    return Finding(
        url=report.url,
        message=f"年报“{report.title}”申请情况表勾稽关系不成立：{'；'.join(one.words for one in broken)}",
        location="三、收到和处理政府信息公开申请情况",
        quote="本年新收政府信息公开申请数量",
        observed={"arithmetic": shown, "columns": columns, "year": reports.year_of(report)},
        severity=Severity.MINOR,
        evidence_urls=(report.url,),
    )


CHECK = Check(
    id="disclosure.annual-report-incomplete",
    title="年报内容不全",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="年报有统一格式，部分缺失或数据对不上，公众无法据此监督。",
    rectify="按统一格式补齐六个部分；申请情况表按“本年新收+上年结转=办结+结转下年”核对各列后更正。",
    measured="读取本机关最近一个年度年报的正文：六个部分的标题及其下的内容；申请情况表逐列核对勾稽关系，"
    "算式写在问题里。空白格按 0 计。",
    limits="附件、图片、嵌入页面中的年报未读，为未能判定；认出的部分过少时不判缺失；总计列留空、整行留空的不核对；"
    "只看最近一个年度；"
    "2019 年度以前的年报不适用统一格式。",
    clause="政府信息公开条例（国令第711号）第五十条；国办公开办函〔2021〕30号（勾稽关系）",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("disclosure.annual-report-incomplete"),
)
