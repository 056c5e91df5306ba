"""account.reach-low: how far the posts reach: posts a day, reads, likes, shares, comments, and an index of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from checks import lexicon
from checks.model import Check, Finding, Measurement, Mode, Severity, Subject, Thresholds, Verdict
from checks.post_listing import FIGURES, Listing, listing, pace
from checks.posting import account_words, why_unproved
from checks.reach_index import reach_index
from checks.settings import number
from checks.settling import settle, undetermined
from checks.window import window
from crawler.facts import AccountFacts

_LIMITS = {
    "posts_per_day_min": ("日均发布条数", "条"),
    "reads_per_post_min": ("篇均阅读数", "次"),
    "index_min": ("传播指数", ""),
}
"""Thresholds with the measurement each is held against; 0 asks for nothing."""


def judge(facts: AccountFacts, thresholds: Thresholds) -> Verdict:
    """Measure over a whole listing. A fault only where a threshold is set and the figure it asks for is told."""
    span = window(facts.as_of, thresholds, "reach_days")
    found = listing(facts, span)
    if found is None:
        return undetermined(why_unproved(facts, span))
    measured = (*pace(found), *_averages(found))
    words = [f"{account_words(facts)}{found.words}", f"日均发布 {_plain(measured[0].value)} 条"]
    untold = [word for name, (word, figure) in FIGURES.items() if found.posts and not found.told(figure)]
    words += [f"{one.name} {_plain(one.value)}" for one in measured if one.name.startswith("篇均")]
    if untold:
        words.append(f"来源不提供{'、'.join(untold)}数")
    index = reach_index(facts.account.platform, found)
    if index is not None:
        measured = (*measured, Measurement("传播指数", index.value))
        words.append(f"{index.name} {index.value}{f'（{index.left_out}）' if index.left_out else ''}")
    by_name = {one.name: one.value for one in measured}
    findings, doubts = [], []
    for key, (name, unit) in _LIMITS.items():
        least = number(thresholds, key)
        value = by_name.get(name)
        if not least:
            continue
        if value is None:
            doubts.append(f"{name}无法测量")
        elif value < least:
            findings.append(
                _finding(facts, found, name, f"{name}为 {_plain(value)}{unit}，低于 {least}{unit}", by_name)
            )
    if len(untold) == len(FIGURES) and not findings:
        return undetermined("，".join(words), measured)
    sentence = "，".join(words)
    return settle(findings=findings, doubts=doubts, failed=sentence, passed=sentence, measurements=measured)


def _averages(found: Listing) -> tuple[Measurement, ...]:
    """Counts a post over the posts of which they are told, and the best post's reads."""
    measured = []
    for name, (word, figure) in FIGURES.items():
        counts = found.told(figure)
        if counts:
            total, posts = Decimal(sum(counts)), Decimal(len(counts))
            measured.append(Measurement(f"篇均{word}数", total / posts, total, posts, "次"))
        if counts and name == "reads":
            measured.append(Measurement("最高阅读数", Decimal(max(counts)), unit="次"))
    return tuple(measured)


def _finding(
    facts: AccountFacts, found: Listing, name: str, words: str, values: Mapping[str, Decimal | None]
) -> Finding:
    told = {key: float(value) for key, value in values.items() if value is not None}
    return Finding(
        url=facts.account.key,
        message=f"{account_words(facts)}近 {found.window.words}{words}",
        location=account_words(facts),
        quote=name,
        observed={
            "platform": facts.account.platform,
            "unit_kind": facts.unit.kind,
            "figure": name,
            "source": found.source,
            **told,
        },
        severity=Severity.MINOR,
    )


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


CHECK = Check(
    id="account.reach-low",
    title="传播力低",
    subject=Subject.ACCOUNT,
    mode=Mode.AUTOMATIC,
    why="发布频率和阅读、点赞、转发、评论数反映政务新媒体的信息是否为公众所看到。",
    rectify="结合群众需求改进选题和表达，保持稳定的发布频率，与上级和本地账号联动传播。",
    measured="自监测时间点倒推一个月，取一个完整的信息列表，测量日均发布条数、最长发布间隔、篇均和最高阅读数、篇均点赞、转发、评论数，"
    "并按公开的公式计算传播指数（微信 WCI V14.2，微博影响力指数，公式和来源见 checks/data/reach.yaml）。",
    limits="只作测量，检查单位设定阈值后才列为问题；来源不提供的数一律不计，不作零；缺项的指数与公开榜单不可比；"
    "列表未完整读到期限之前的，以及来源不提供任何传播数的，为未能判定。",
    clause="安政办函〔2020〕10号（传播率）；国办发〔2018〕123号（提升传播力）",
    judge=judge,
    needs=("posts",),
    thresholds=lexicon.thresholds("account.reach-low"),
)
