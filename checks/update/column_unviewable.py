"""update.column-unviewable: columns most of whose entries lead to pages that do not open."""

from __future__ import annotations

from checks import columns, derived, lexicon
from checks.model import JSON, Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settings import integer, number
from checks.settling import settle, share
from checks.visits import confirmed, pending
from crawler.facts import ColumnFact, LinkFact, SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding a column. The share is counted over all its entries that lead somewhere, seen or not.

    10 entries, 5 of them confirmed 404 → a finding; 2 of 2 → none, for a column of two tells little; 4 of 10 confirmed
    and 2 that failed once → a doubt.
    """
    view = derived.of(facts)
    least, line = integer(thresholds, "broken_min"), number(thresholds, "broken_share")
    visits_min = integer(thresholds, "visits_min")
    findings: list[Finding] = []
    doubts: list[str] = []
    judged = 0
    for column in columns.distinct(facts.columns):
        urls = tuple(dict.fromkeys(item.url for item in column.items if item.url))
        if not urls:
            continue
        judged += 1
        failed = [view.failures[url] for url in urls if url in view.failures]
        broken = [link for link in failed if confirmed(link, visits_min)]
        unsettled = sum(pending(link) for link in failed) - len(broken)
        if len(broken) >= least and len(broken) >= line * len(urls):
            findings.append(_finding(column, broken, len(urls), integer(thresholds, "listed")))
        elif unsettled and len(failed) >= least and len(failed) >= line * len(urls):
            doubts.append(f"{columns.words(column)}（{unsettled} 条信息访问失败但尚未核实）")
    if view.gap:
        doubts.append(f"{view.gap}，未取得的页面没有查看")
    return settle(
        findings=findings,
        doubts=doubts,
        failed=f"查看 {judged} 个有信息条目的栏目，其中 {len(findings)} 个的内容大多不能打开",
        passed=f"查看 {judged} 个有信息条目的栏目，内容均可浏览或仅有个别错链",
        measurements=(share("内容不能浏览的栏目占比", len(findings), judged),),
    )


def _finding(column: ColumnFact, broken: list[LinkFact], items: int, listed: int) -> Finding:
    pages: list[JSON] = [link.url for link in broken[:listed]]
    return Finding(
        url=column.url,
        message=f"{columns.words(column)}的 {items} 条信息中有 {len(broken)} 条打不开（经核实），栏目内容不能浏览",
        location=columns.words(column),
        quote=column.name,
        observed={
            "column": column.name,
            "items": items,
            "broken": len(broken),
            "pages": pages,
            "page_count": len(broken),
        },
        severity=Severity.MAJOR,
        confirmations=min(len(link.visits) for link in broken),
        evidence_urls=(column.url, *(link.url for link in broken[:3])),
    )


CHECK = Check(
    id="update.column-unviewable",
    title="栏目内容不能浏览",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="栏目列出标题而内容打不开，与没有公开无异。",
    rectify="恢复栏目下的页面，或更正列表中的地址；整批失效多因改版迁移，改好地址规则即可全部恢复。",
    measured="栏目列表中的信息条目逐一访问；经核实打不开的达到规定条数，且占全部条目的比例达到规定比例的，列出该栏目。",
    limits="只失败过一次、各次原因不同、被拦截或需登录的条目不计为打不开；分页未读完的栏目只按已读到的条目计算，"
    "未访问的条目计入总数而不计为打不开。",
    clause="安政办函〔2018〕50号、安政办函〔2020〕10号 通报（栏目内容不能浏览）；国办发〔2017〕47号 附件（链接有效）",
    judge=judge,
    needs=("columns",),
    thresholds=lexicon.thresholds("update.column-unviewable"),
)
