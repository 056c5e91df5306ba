"""disclosure.validity-unmarked: own policy documents whose pages do not say whether they hold (有效性)."""

from __future__ import annotations

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
from crawler.facts.documents import Validity


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding for all unmarked documents of the unit.

    有效, 已修改, 已废止, 失效 on the page or behind the title are marks, and so is a term that the text states
    (有效期五年): a reader can tell. 有效性 with no value is none.
    """
    documents = derived.gathered(facts, PolicyPages).policies.documents
    own = [one.paper for one in documents if one.level.is_own]
    if not own:
        return undetermined(_nothing(len(documents)) or absent(facts, DOCUMENTS))
    read = [paper for paper in own if not paper.unread and not _is_unfilled(paper)]
    marked = [paper for paper in read if _mark(paper)]
    unmarked = [paper for paper in read if not _mark(paper)]
    doubts = unread_doubt(own, "文件")
    scripted = [paper for paper in own if not paper.unread and _is_unfilled(paper)]
    if scripted:
        doubts.append(f"{len(scripted)} 份文件的要素由脚本填写，未能读取（如“{scripted[0].title}”）")
    unknown = sum(one.level is Level.UNKNOWN for one in documents)
    if unknown:
        doubts.append(f"{unknown} 份文件未写明发文机关，不能断定是否本级文件")
    stated = sum(paper.document is not None and paper.document.validity is Validity.STATED for paper in marked)
    findings = (
        [
            over_pages(
                unmarked,
                message=f"{len(read)} 份本级政策文件中，{len(unmarked)} 份未标注有效性（有效、修改、废止、失效）",
                location="政策文件页",
                listed=integer(thresholds, "pages_listed"),
                observed={"documents": len(read), "marked": len(marked), "stated_in_text": stated},
            )
        ]
        if unmarked
        else []
    )
    return settle(
        findings=findings,
        doubts=doubts if unmarked else [*doubts, *column_doubts(facts, DOCUMENTS)],
        failed=f"查看 {len(read)} 份本级政策文件，{len(unmarked)} 份未标注有效性",
        passed=f"查看 {len(read)} 份本级政策文件，均标注了有效性",
        measurements=(share("标注有效性的文件占比", len(marked), len(read)),),
    )


def _mark(paper: Paper) -> bool:
    return paper.document is not None and paper.document.validity is not None


def _is_unfilled(paper: Paper) -> bool:
    """A script fills the table, and neither the title nor the text says it instead."""
    return paper.document is not None and bool(paper.document.unfilled) and paper.document.validity is None


def _nothing(documents: int) -> str:
    return f"政策文件栏目中的 {documents} 份文件均不能断定为本级文件" if documents else ""


CHECK = Check(
    id="disclosure.validity-unmarked",
    title="未标注文件有效性",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="文件已经修改、废止或失效而网页没有标明，办事企业和群众会依据不再执行的规定行事。",
    rectify="在每份文件的要素表或标题后标明“有效”“已修改”“已废止”“失效”，文件清理后及时更新标注。",
    measured="查看政策文件类栏目列出的、由本单位及其所属部门印发（含转发）的文件页，"
    "在要素表、标题末尾和正文中查找有效性、有效期的标注；"
    "已废止、失效的标注与有效一样计为已标注，正文写明有效期的也计为已标注。",
    limits="只看政策文件类栏目列出的文稿，按文号或标题文种认定为文件，会议、人事、招投标、公示、征求意见等不计；"
    "上级文件的转载不计；不能断定是否本级的、要素表由脚本填写而未渲染的、页面未能查看的为未能判定；"
    "只在附件里写明的读不出；标注是否属实不在此判断。",
    clause="国办发〔2017〕47号（文件修改、废止、失效应当标注）；国办公开办函〔2019〕61号；安政办函〔2018〕50号",
    judge=judge,
    needs=("columns",),
    thresholds=lexicon.thresholds("disclosure.validity-unmarked"),
)
