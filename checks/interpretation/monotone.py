"""interpretation.monotone: interpretations that are all words: no picture, table, video, questions or interview."""

from __future__ import annotations

from collections import Counter

from checks import derived, lexicon
from checks.document_doubts import absent, column_doubts, unread_doubt
from checks.issuers import Issuers, Level
from checks.model import Check, Finding, Measurement, Mode, State, Subject, Thresholds, Verdict
from checks.papers import Paper, is_interpretation
from checks.policies import INTERPRETATIONS, is_of_other_kind
from checks.policy_pages import PolicyPages
from checks.settings import integer
from checks.settling import share, undetermined
from checks.window import window
from crawler.facts import SiteFacts
from crawler.facts.documents import Medium

FORMS = (
    Medium.PICTURE,
    Medium.CHART,
    Medium.TABLE,
    Medium.VIDEO,
    Medium.AUDIO,
    Medium.QUESTIONS,
    Medium.INTERVIEW,
)
"""The forms beside plain text (国办发〔2016〕80号: 数字化、图表图解、音频、视频、动漫、专家解读、访谈)."""


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding where every interpretation of the window that is the unit's own is nothing but text."""
    family = derived.gathered(facts, PolicyPages)
    span = window(facts.as_of, thresholds, "window_months")
    texts = [
        paper
        for paper in family.policies.interpretations
        if (day := paper.released) and span.holds(day) and not is_of_other_kind(paper)
    ]
    own = _own(facts, texts)
    read = [paper for paper in own if not paper.unread and paper.policy is not None]
    forms = {paper.url: forms_of(paper) for paper in read}
    measures = _measured(forms)
    least = integer(thresholds, "texts_min")
    varied = [paper for paper in read if forms[paper.url]]
    told = "、".join(f"{medium.label} {count} 篇" for medium, count in _counted(forms))
    if varied:
        return Verdict(State.PASS, f"查看本级解读 {len(read)} 篇，其中有{told}", measurements=measures)
    doubts = [*unread_doubt(own, "解读"), *column_doubts(facts, INTERPRETATIONS)]
    if doubts:
        return undetermined(doubts[0], measures)
    if not family.policies.interpretations:
        return undetermined(absent(facts, INTERPRETATIONS))
    if len(read) < least:
        return Verdict(State.NOT_APPLICABLE, f"不适用：{span.words}内本级解读 {len(read)} 篇，少于 {least} 篇")
    column = next(iter(family.columns(INTERPRETATIONS)), None)
    url = column.url if column else read[0].url
    message = f"{span.words}内的 {len(read)} 篇本级解读均为纯文字，没有图片、图表、音视频、问答、访谈等形式"
    finding = Finding(
        url=url,
        message=message,
        location="政策解读",
        quote="解读形式单一",
        observed={"texts": len(read), "listed": [{"url": one.url, "title": one.title} for one in read[:200]]},
        evidence_urls=(url, *(one.url for one in read[:5])),
    )
    return Verdict(State.FAIL, message, (finding,), measures)


def forms_of(paper: Paper) -> tuple[Medium, ...]:
    """The forms that an interpretation takes beside text: by its page, and by a title that says 图解 or 答记者问."""
    shown = set(paper.policy.media) if paper.policy else set()
    title = paper.title
    if any(word in title for word in ("图解", "一图", "读懂", "漫画", "动漫", "长图", "海报")):
        shown.add(Medium.PICTURE)
    if any(word in title for word in ("问答", "答记者问", "一问一答", "答疑")):
        shown.add(Medium.QUESTIONS)
    if any(word in title for word in ("视频", "微课", "动画")):
        shown.add(Medium.VIDEO)
    return tuple(medium for medium in FORMS if medium in shown)


def _own(facts: SiteFacts, texts: list[Paper]) -> list[Paper]:
    """The unit's own: those of its own documents, and those that neither name nor come from another body."""
    policies, issuers = derived.gathered(facts, PolicyPages).policies, Issuers.of(facts)
    of_own = {pair.interpretation.url for pair in policies.pairs if pair.document.level.is_own}
    of_others = {pair.interpretation.url for pair in policies.pairs} - of_own
    return [
        paper
        for paper in texts
        if paper.url in of_own
        or (
            is_interpretation(paper.title)
            and paper.url not in of_others
            and issuers.level(paper.title.lstrip("《【[ "), None) is Level.OWN
        )
    ]


def _counted(forms: dict[str, tuple[Medium, ...]]) -> list[tuple[Medium, int]]:
    counts = Counter(medium for shown in forms.values() for medium in shown)
    return [(medium, counts[medium]) for medium in FORMS if counts[medium]]


def _measured(forms: dict[str, tuple[Medium, ...]]) -> tuple[Measurement, ...]:
    total = len(forms)
    varied = sum(bool(shown) for shown in forms.values())
    return (
        share("多种形式解读占比", varied, total),
        *(share(f"解读形式占比：{medium.label}", count, total) for medium, count in _counted(forms)),
    )


CHECK = Check(
    id="interpretation.monotone",
    title="解读形式单一",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="照搬文件条文的文字解读群众看不懂、记不住，图表、视频、问答和访谈更便于理解。",
    rectify="根据文件内容选用图解、图表、音视频、问答、访谈、新闻发布会等形式，不以文字稿代替全部解读。",
    measured="查看窗口内本级解读的正文是否有图片、图表、表格、音视频、问答，标题是否为图解、答记者问、访谈等；"
    "只要有一篇不是纯文字即为符合。",
    limits="上级解读的转载不计；装饰性图标、分享二维码不算图片；图片与内容是否相关不能识别；"
    "页面未能查看或由脚本填充的，可能有其他形式，为未能判定。",
    clause="国办发〔2016〕80号（解读形式）；安政办函〔2018〕50号（解读形式单一）",
    judge=judge,
    needs=("columns",),
    thresholds=lexicon.thresholds("interpretation.monotone"),
)
