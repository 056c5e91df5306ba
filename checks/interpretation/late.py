"""interpretation.late: interpretations published more than 3 working days after their documents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from checks import derived, lexicon
from checks.document_doubts import absent, column_doubts
from checks.model import Check, Finding, Mode, State, Subject, Thresholds, Verdict
from checks.policies import DOCUMENTS, INTERPRETATIONS, Pair
from checks.policy_pages import PolicyPages
from checks.settings import integer
from checks.settling import settle, share, undetermined
from checks.window import window
from checks.working_days import UnknownYear, working_days
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding a document of the unit whose first interpretation came late; one without any is not late but bare.

    Of two days of a document's publication the later counts, of several interpretations the earliest.
    """
    family = derived.gathered(facts, PolicyPages)
    span = window(facts.as_of, thresholds, "window_months")
    own = {one.paper.url for one in family.policies.own(span)}
    if not family.policies.documents:
        return undetermined(absent(facts, DOCUMENTS))
    limit = integer(thresholds, "working_days")
    findings: list[Finding] = []
    doubts: list[str] = []
    in_time = 0
    for pairs in _by_document(family.policies.pairs):
        if pairs[0].document.paper.url not in own:
            continue
        released = _released(pairs[0])
        days = sorted(day for pair in pairs if (day := pair.interpretation.released))
        title = pairs[0].document.paper.title
        if released is None or not days:
            doubts.append(f"“{title}”或其解读没有可用的发布日期")
            continue
        count = working_days(released, days[0])
        if isinstance(count, UnknownYear):
            doubts.append(f"“{title}”：{count.words}")
        elif count <= limit:
            in_time += 1
        elif len(days) < len(pairs):
            doubts.append(f"“{title}”的另一篇解读没有可用的发布日期")
        elif sure := [pair for pair in pairs if pair.is_sure and pair.interpretation.released == days[0]]:
            findings.append(_finding(sure[0], released, days[0], count, limit))
        else:
            doubts.append(f"“{title}”最早的一篇解读只提到该文件，不能断定是对它的解读")
    judged = in_time + len(findings)
    if not findings:
        doubts += column_doubts(facts, INTERPRETATIONS)
    if not judged and not doubts:
        return Verdict(State.NOT_APPLICABLE, f"不适用：{span.words}内发布的本级文件均没有找到解读")
    return settle(
        findings=findings,
        doubts=doubts,
        failed=f"{judged} 份有解读的本级文件中，{len(findings)} 份的解读超过 {limit} 个工作日",
        passed=f"{judged} 份有解读的本级文件，解读均在 {limit} 个工作日内发布",
        measurements=(share("3个工作日内解读占比", in_time, judged),),
    )


def _by_document(pairs: Iterable[Pair]) -> list[list[Pair]]:
    found: dict[str, list[Pair]] = {}
    for pair in pairs:
        found.setdefault(pair.document.paper.url, []).append(pair)
    return list(found.values())


def _released(pair: Pair) -> date | None:
    """The later of the days that the document's page and its list give."""
    paper = pair.document.paper
    told = paper.document.published.value if paper.document and paper.document.published else None
    return max((day for day in (told, paper.day, paper.listed) if day), default=None)


def _finding(pair: Pair, released: date, interpreted: date, count: int, limit: int) -> Finding:
    document, text = pair.document.paper, pair.interpretation
    return Finding(
        url=text.url,
        message=f"文件“{document.title}”{released} 发布，解读“{text.title}”{interpreted} 才发布，"
        f"相隔 {count} 个工作日，超过 {limit} 个工作日",
        location="政策解读",
        quote=text.title,
        observed={
            "document": document.url,
            "document_published": released.isoformat(),
            "interpretation_published": interpreted.isoformat(),
            "working_days": count,
            "limit": limit,
        },
        evidence_urls=(text.url, document.url),
    )


CHECK = Check(
    id="interpretation.late",
    title="解读不及时",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="文件公布后迟迟没有解读，误读和疑问已经产生，解读的作用大打折扣。",
    rectify="解读材料与文件同步起草、同步审签，最迟在文件公开后 3 个工作日内发布。",
    measured="窗口内发布的本级文件与标题写明其名称（或互有链接）的解读之间的工作日数，文件取较晚的发布日期、解读取最早的一篇；"
    "法定节假日不计、调休上班日计入，发布当日不计。",
    limits="没有解读的文件由“本级文件解读比例低”判定；解读只提到该文件的、没有发布日期的、"
    "节假日安排尚不掌握的年度为未能判定；一份文件修订后再次解读的，按最早一篇计算。",
    clause="安政办函〔2018〕50号（政策文件正式出台3日内公开解读材料）；安政办函〔2020〕10号；国办发〔2016〕80号",
    judge=judge,
    needs=("columns",),
    thresholds=lexicon.thresholds("interpretation.late"),
)
