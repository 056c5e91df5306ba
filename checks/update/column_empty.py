"""update.column-empty: columns that hold nothing, or only say that they are being built."""

from __future__ import annotations

from checks import columns, derived, lexicon
from checks.model import Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settings import integer
from checks.settling import settle, share
from crawler.facts import ColumnFact, SiteFacts

_BARE_MIN = 2
"""How many bare columns may speak for a script; a single one is a matter of its own."""


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding an empty column; a column that may be filled by what we do not see is a doubt."""
    view = derived.of(facts)
    findings: list[Finding] = []
    doubts: list[str] = []
    readable = _are_lists_readable(facts)
    for column in facts.columns:
        if column.items or column.children:
            continue
        hidden = columns.unseen(column) or column.unread
        if column.notice and not column.unread and column.body_length <= integer(thresholds, "notice_body_chars"):
            findings.append(_finding(column, f"{columns.words(column)}没有内容，页面显示“{column.notice}”"))
        elif column.body_length >= integer(thresholds, "body_chars") or view.below.get(column.url) is False:
            continue  # a text, or an entrance to other pages
        elif doubt := hidden or _doubt(column, view, readable):
            doubts.append(f"{columns.words(column)}（{doubt}）")
        else:
            words = f"正文 {column.body_length} 字" if column.body_length else "也没有正文"
            findings.append(_finding(column, f"{columns.words(column)}没有任何信息条目，{words}"))
    if view.gap:
        doubts.append(f"{view.gap}，可能还有未发现的栏目")
    total = len(facts.columns)
    return settle(
        findings=findings,
        doubts=doubts,
        failed=f"查看 {total} 个栏目，其中 {len(findings)} 个为空白",
        passed=f"查看 {total} 个栏目，没有空白栏目",
        measurements=(share("空白栏目占比", len(findings), total),),
    )


def _doubt(column: ColumnFact, view: derived.SiteView, readable: bool) -> str:
    """Why a column that shows nothing may yet hold something, in Chinese; "" where it cannot."""
    if column.url in view.below:
        return "其下有稿件，但栏目页没有读到条目"
    return "" if readable else "多数信息类栏目都没有读到条目，列表可能由脚本填充"


def _are_lists_readable(facts: SiteFacts) -> bool:
    """Whether the site's lists could be read at all.

    Where most of the columns that publish show nothing, a script that we did not notice fills them: 5 of 5 columns
    without an entry → not readable; 1 of 5 → that one is empty.
    """
    due = [column for column in facts.columns if columns.must_show_dates(column) and not column.children]
    bare = sum(not column.items and not column.notice for column in due)
    return bare < _BARE_MIN or bare * 2 <= len(due)


def _finding(column: ColumnFact, message: str) -> Finding:
    return Finding(
        url=column.url,
        message=message,
        location=columns.words(column),
        quote=column.notice or column.name,
        observed={
            "column": column.name,
            "type": column.type,
            "level": column.level,
            "body_chars": column.body_length,
            "notice": column.notice,
        },
        severity=Severity.MAJOR,
        evidence_urls=column.pages or (column.url,),
    )


CHECK = Check(
    id="update.column-empty",
    title="空白栏目",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="空白栏目达到 5 个属单项否决情形；开设而不维护的栏目损害政府公信力。",
    rectify="充实栏目内容；暂时无法保障的，先行隐藏或并入其他栏目，不得以“内容建设中”等字样代替。",
    measured="栏目页没有信息条目、没有下级栏目或页面、正文少于规定字数，或只有“内容建设中”等字样。",
    limits="列表由脚本或嵌入页面填充而未能读取的栏目为未能判定，不计空白；只有图片的栏目可能正文字数不足，"
    "请复核时留意。",
    clause="国办秘函〔2019〕19号 政府网站单项否决“栏目不更新”③；国办发〔2017〕47号",
    judge=judge,
    needs=("columns",),
    thresholds=lexicon.thresholds("update.column-empty"),
)
