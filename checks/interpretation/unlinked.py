"""interpretation.unlinked: documents and their interpretations whose pages do not lead to each other."""

from __future__ import annotations

from collections.abc import Sequence

from checks import derived, lexicon
from checks.document_doubts import absent, column_doubts
from checks.model import Check, Mode, State, Subject, Thresholds, Verdict
from checks.policies import DOCUMENTS, INTERPRETATIONS, Pair
from checks.policy_pages import PolicyPages
from checks.settings import integer
from checks.settling import settle, share, undetermined
from checks.template_fault import over_pages
from checks.window import window
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """At most one finding a direction: from the documents' pages and from the interpretations'.

    Where one of several interpretations is linked, the document's page leads to its interpretation.
    """
    family = derived.gathered(facts, PolicyPages)
    span = window(facts.as_of, thresholds, "window_months")
    pairs = [
        pair
        for pair in family.policies.pairs
        if pair.is_sure
        and pair.document.level.is_own
        and (day := pair.interpretation.released) is not None
        and span.holds(day)
    ]
    if not pairs:
        if not family.policies.documents or not family.policies.interpretations:
            missing = DOCUMENTS if not family.policies.documents else INTERPRETATIONS
            return undetermined(absent(facts, missing))
        doubts = column_doubts(facts, INTERPRETATIONS)
        if doubts:
            return undetermined(doubts[0])
        return Verdict(State.NOT_APPLICABLE, f"不适用：{span.words}内没有对本级文件的解读")
    documents = _by_document(pairs)
    without = [group[0].document.paper for group in documents if all(pair.forward is False for pair in group)]
    lonely = {pair.interpretation.url: pair.interpretation for pair in pairs if pair.backward is False}
    for pair in pairs:
        if pair.backward is not False:
            lonely.pop(pair.interpretation.url, None)
    unread = sum(pair.forward is None or pair.backward is None for pair in pairs)
    whole = sum(bool(pair.forward and pair.backward) for pair in pairs)
    listed = integer(thresholds, "pages_listed")
    texts = {pair.interpretation.url for pair in pairs}
    forth = f"{len(documents)} 份有解读的本级文件中，{len(without)} 份的文件页没有链接到解读"
    back = f"{len(texts)} 篇本级文件的解读中，{len(lonely)} 篇没有链接到所解读的文件"
    findings = [
        over_pages(papers, message=message, location=quote[:3], listed=listed, quote=quote)
        for papers, message, quote in (
            (without, forth, "文件页未链接解读"),
            (list(lonely.values()), back, "解读页未链接文件"),
        )
        if papers
    ]
    return settle(
        findings=findings,
        doubts=[f"{unread} 对文件和解读的页面未能读取或由脚本填充"] if unread else [],
        failed=f"{len(pairs)} 对文件与解读中，互相链接的 {whole} 对",
        passed=f"{len(pairs)} 对文件与解读均互相链接",
        measurements=(share("文件与解读相互关联占比", whole, len(pairs)),),
    )


def _by_document(pairs: Sequence[Pair]) -> list[list[Pair]]:
    found: dict[str, list[Pair]] = {}
    for pair in pairs:
        found.setdefault(pair.document.paper.url, []).append(pair)
    return list(found.values())


CHECK = Check(
    id="interpretation.unlinked",
    title="解读与文件未关联",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="文件和解读分散在不同栏目，看到文件的人找不到解读，看到解读的人找不到原文。",
    rectify="在文件页设“相关解读”，在解读页设“政策原文”，逐篇互相链接。",
    measured="对标题写明本级文件名称的解读，分别查看文件页是否链接到解读、解读页是否链接到文件："
    "正文链接、“相关解读”“政策原文”等栏的链接，以及写有对方名称的链接均算；一份文件有多篇解读的，链接到其中一篇即可。",
    limits="解读设在站外的，只查看文件页一侧；“相关解读”等栏由脚本填充而未渲染的、页面未能查看的为未能判定；"
    "上级文件的解读不要求关联。",
    clause="国办秘函〔2019〕19号 扣分指标“政策解读”（解读稿与政策文件相互关联）；国办发〔2017〕47号",
    judge=judge,
    needs=("columns",),
    thresholds=lexicon.thresholds("interpretation.unlinked"),
)
