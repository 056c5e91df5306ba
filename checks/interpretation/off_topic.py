"""interpretation.off-topic: columns of interpretations that hold texts of another kind; candidates for a person."""

from __future__ import annotations

from checks import derived, lexicon
from checks.document_doubts import absent, column_doubts, unread_doubt
from checks.model import Check, Finding, Mode, Subject, Thresholds, Verdict
from checks.papers import Paper
from checks.policies import INTERPRETATIONS, is_of_other_kind
from checks.policy_pages import PolicyPages
from checks.settings import integer
from checks.settling import settle, share, undetermined
from checks.template_fault import over_pages
from crawler.facts import ColumnFact, SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One candidate a column: its texts whose title tells news or a notice and whose page names no document."""
    family = derived.gathered(facts, PolicyPages)
    papers = {paper.url: paper for paper in family.papers()}
    findings: list[Finding] = []
    doubts: list[str] = []
    looked = strange = 0
    for column in family.columns(INTERPRETATIONS):
        listed = [papers[item.url] for item in column.items if item.url in papers]
        other = [paper for paper in listed if is_of_other_kind(paper)]
        looked += sum(not paper.unread for paper in listed)
        strange += len(other)
        doubts += unread_doubt([paper for paper in listed if _may_be_other(paper)], "稿件")
        if len(other) >= integer(thresholds, "items_min"):
            findings.append(_finding(column, other, len(listed), integer(thresholds, "pages_listed")))
    if not findings and not looked:
        return undetermined(doubts[0] if doubts else absent(facts, INTERPRETATIONS))
    return settle(
        findings=findings,
        doubts=[] if findings else [*doubts, *column_doubts(facts, INTERPRETATIONS)],
        failed=f"查看政策解读栏目的 {looked} 篇稿件，{strange} 篇疑似与栏目主旨不符",
        passed=f"查看政策解读栏目的 {looked} 篇稿件，未见与栏目主旨不符的情形",
        measurements=(share("与栏目主旨不符的解读占比", strange, looked),),
    )


def _may_be_other(paper: Paper) -> bool:
    """A title of another kind on a page that was not seen."""
    return bool(
        lexicon.pattern("policies", "other_kind").search(paper.title)
        and not lexicon.pattern("policies", "interpretive").search(paper.title)
    )


def _finding(column: ColumnFact, other: list[Paper], total: int, listed: int) -> Finding:
    return over_pages(
        other,
        message=f"栏目“{column.name}”的 {total} 篇稿件中，{len(other)} 篇疑似与政策解读无关（如“{other[0].title}”）",
        location=f"栏目“{column.name}”",
        listed=listed,
        observed={"column": column.url, "items": total},
        quote=column.name,
    )


CHECK = Check(
    id="interpretation.off-topic",
    title="解读内容与栏目主旨不符",
    subject=Subject.SITE,
    mode=Mode.CONFIRMED,
    why="以会议、活动报道充作政策解读，栏目名不副实，公众找不到真正的解读。",
    rectify="把与政策解读无关的稿件移到相应栏目，政策解读栏目只发布解读材料。",
    measured="政策解读栏目的稿件，标题为会议、调研、活动、招聘、采购等，没有解读类字样，"
    "且其页面没有提到任何文件名称的，列为可疑，交人工复核。",
    limits="只看标题文种和页面是否提到文件，不理解内容；少于一定条数不列；稿件页未能查看的不作判断。",
    clause="安政办函〔2018〕50号（政策解读内容与栏目主旨不符）",
    judge=judge,
    needs=("columns",),
    thresholds=lexicon.thresholds("interpretation.off-topic"),
)
