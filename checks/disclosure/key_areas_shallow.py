"""disclosure.key-areas-shallow: columns of 重点领域 in which next to nothing but news of activities stands."""

from __future__ import annotations

from collections.abc import Iterator

from checks import lexicon
from checks.columns import unseen
from checks.columns import words as named
from checks.model import JSON, Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settings import integer, number
from checks.settling import settle, share
from crawler.facts import ColumnFact, ListItem, SiteFacts

_SHOWN = 5


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One candidate a column: of its entries and those of the columns below it, the share of news reaches the line."""
    columns = tuple(_of_key_areas(facts))
    if not columns:
        return Verdict(State.NOT_APPLICABLE, "不适用：未见重点领域栏目，是否缺失由 disclosure.key-areas-missing 判定")
    findings: list[Finding] = []
    doubts: list[str] = []
    news = entries = 0
    for column in columns:
        items = tuple(_entries(column, facts))
        told = [item for item in items if is_news(item.title)]
        news, entries = news + len(told), entries + len(items)
        if len(items) < integer(thresholds, "items_min"):
            reason = unseen(column)
            doubts.append(f"{named(column)}{reason or f'只读到 {len(items)} 条，不足以判断'}")
        elif len(told) >= len(items) * number(thresholds, "news_share"):
            findings.append(_finding(column, items, told))
    return settle(
        findings=findings,
        doubts=doubts,
        failed=f"重点领域栏目 {len(columns)} 个，其中 {len(findings)} 个几乎只有动态信息",
        passed=f"重点领域栏目 {len(columns)} 个，均有动态以外的公开内容",
        measurements=(share("重点领域栏目动态信息占比", news, entries),),
    )


def is_news(title: str) -> bool:
    """Whether a title tells an activity and names nothing that must be disclosed.

    「县领导调研义务教育工作」 → news; 「2026年义务教育招生方案」, 「关于征地补偿安置方案的公告」 → not.
    """
    if lexicon.pattern("key_areas", "substance").search(title):
        return False
    return lexicon.pattern("key_areas", "activity").search(title) is not None


def _of_key_areas(facts: SiteFacts) -> Iterator[ColumnFact]:
    wanted, unwanted = lexicon.pattern("entries", "key_areas"), lexicon.pattern("entries", "not_an_entry")
    for column in facts.columns:
        if wanted.search(column.name) and not unwanted.search(column.name):
            yield column


def _entries(column: ColumnFact, facts: SiteFacts) -> Iterator[ListItem]:
    """The entries of a column, and of the columns that it leads to, each once."""
    below = set(column.children)
    held = dict.fromkeys(column.items)
    for other in facts.columns:
        if other is not column and (other.url in below or below & set(other.pages)):
            held.update(dict.fromkeys(other.items))
    return iter(held)


def _finding(column: ColumnFact, items: tuple[ListItem, ...], told: list[ListItem]) -> Finding:
    shown: list[JSON] = [item.title for item in told[:_SHOWN]]
    return Finding(
        url=column.url,
        message=f"{named(column)}共 {len(items)} 条信息，其中 {len(told)} 条是工作动态，如“{told[0].title}”",
        location=named(column),
        quote=column.name,
        observed={"items": len(items), "news": len(told), "examples": shown},
        severity=Severity.MINOR,
        evidence_urls=column.pages[:3] or (column.url,),
    )


CHECK = Check(
    id="disclosure.key-areas-shallow",
    title="重点领域专栏只有动态",
    subject=Subject.SITE,
    mode=Mode.CONFIRMED,
    why="重点领域公开的是政策、标准、清单、资金、结果等事项信息，只发工作动态等于没有公开。",
    rectify="按重点领域公开事项标准补充政策依据、办理标准、名单、资金分配、执行结果等内容，动态信息移至新闻栏目。",
    measured="读取重点领域栏目及其下级栏目的条目标题，按用词区分工作动态（调研、召开、推进……）与公开事项（公告、"
    "名单、方案、预算……），"
    "动态占比达到界线的列为可疑，由人工确认。",
    limits="只看标题，不读正文；条目过少或列表未能读取时为未能判定；没有重点领域栏目的不适用。",
    clause="安政办函〔2020〕10号（重点领域专栏只是动态信息）",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("disclosure.key-areas-shallow"),
)
