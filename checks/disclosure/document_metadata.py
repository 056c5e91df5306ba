"""disclosure.document-metadata: policy documents whose pages lack 文号, 发文机关, 成文日期, 发布日期 or 索引号."""

from __future__ import annotations

from collections import Counter

from checks import derived, lexicon
from checks.document_doubts import absent, column_doubts, unread_doubt
from checks.issuers import Level
from checks.model import Check, Mode, Subject, Thresholds, Verdict
from checks.papers import Paper
from checks.policies import DOCUMENTS
from checks.policy_pages import PolicyPages
from checks.settings import integer
from checks.settling import settle, share, undetermined
from checks.template_fault import over_pages
from crawler.facts import SiteFacts
from crawler.facts.documents import DocumentFact

ELEMENTS = ("文号", "发文机关", "成文日期", "发布日期", "索引号")


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding for all documents that lack an element, wherever on the page it might stand.

    A table that says 文号：无 gives the element; the title's first words give the issuer, 落款 the issuer and the day.
    """
    documents = derived.gathered(facts, PolicyPages).policies.documents
    papers = [one.paper for one in documents if one.level.is_own or (one.level is Level.UNKNOWN and one.from_us)]
    unknown = [one.paper for one in documents if one.level is Level.UNKNOWN and not one.from_us]
    if not papers:
        return undetermined(_whose(len(unknown)) or absent(facts, DOCUMENTS))
    read = [paper for paper in papers if not paper.unread and not (paper.document and paper.document.unfilled)]
    least = integer(thresholds, "missing_min")
    lacking = {paper.url: lacks for paper in read if len(lacks := missing_of(paper)) >= least}
    faulty = [paper for paper in read if paper.url in lacking]
    doubts = unread_doubt(papers, "文件")
    scripted = [paper for paper in papers if not paper.unread and paper.document and paper.document.unfilled]
    if scripted:
        doubts.append(f"{len(scripted)} 份文件的要素由脚本填写，未能读取（如“{scripted[0].title}”）")
    if unknown:
        doubts.append(_whose(len(unknown)))
    counted = Counter(name for lacks in lacking.values() for name in lacks)
    words = "、".join(f"{name} {counted[name]} 份" for name in ELEMENTS if counted[name])
    findings = (
        [
            over_pages(
                faulty,
                message=f"{len(read)} 份政策文件中，{len(faulty)} 份要素不全：缺{words}",
                location="政策文件页",
                listed=integer(thresholds, "pages_listed"),
                notes={url: f"缺{'、'.join(lacks)}" for url, lacks in lacking.items()},
                observed={"documents": len(read), "lacking": {name: counted[name] for name in ELEMENTS}},
            )
        ]
        if faulty
        else []
    )
    complete = sum(not missing_of(paper) for paper in read)
    return settle(
        findings=findings,
        doubts=doubts if faulty else [*doubts, *column_doubts(facts, DOCUMENTS)],
        failed=f"查看 {len(read)} 份政策文件，{len(faulty)} 份要素不全",
        passed=f"查看 {len(read)} 份政策文件，文号、发文机关、成文日期、发布日期、索引号齐全",
        measurements=(share("要素齐全的文件占比", complete, len(read)),),
    )


def _whose(count: int) -> str:
    return f"{count} 份文件未写明发文机关和来源，不能断定是否本级文件" if count else ""


def missing_of(paper: Paper) -> tuple[str, ...]:
    """The elements that a document's page gives nowhere, in Chinese."""
    document = paper.document or DocumentFact()
    given = (
        document.number,
        document.issuer,
        document.written,
        document.published or paper.day,
        document.index,
    )
    return tuple(name for name, value in zip(ELEMENTS, given, strict=True) if value is None)


CHECK = Check(
    id="disclosure.document-metadata",
    title="文件要素不全",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="缺少文号、发文机关、成文日期等要素的文件，公众无法引用、核对和检索。",
    rectify="在文件页设要素表，逐份补齐索引号、文号、发文机关、成文日期、发布日期；没有文号的注明“无”。",
    measured="查看政策文件类栏目列出的文件页，在要素表、标题、标题下方、落款和页面标签中逐项查找，"
    "任何一处给出即为具备；“文号：无”视为具备。",
    limits="只看政策文件类栏目列出的文稿，按文号或标题文种认定为文件；上级和其他机关的文件不计，"
    "没有发文机关而来源为本单位的计入，来源也不明的为未能判定；"
    "要素表由脚本填写而未渲染的、页面未能查看的为未能判定；只在图片或附件里的读不出；要素是否准确不在此判断。",
    clause="政府信息公开条例（国令第711号）第十二条（目录的索引、名称、生成日期）；国办公开办函〔2019〕61号",
    judge=judge,
    needs=("columns",),
    thresholds=lexicon.thresholds("disclosure.document-metadata"),
)
