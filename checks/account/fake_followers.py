"""account.fake-followers: followers that jump without a post, or many followers of whom nobody ever reacts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

from checks import lexicon
from checks.model import JSON, Check, Finding, Measurement, Mode, Severity, Subject, Thresholds, Verdict
from checks.post_listing import Listing, listing
from checks.posting import account_words, kept_standing
from checks.settings import integer, number
from checks.settling import amount, settle, undetermined
from checks.window import beijing_day, window
from crawler.facts import BEIJING, AccountFacts, AccountOutcome
from crawler.facts.accounts import FollowerCount


def judge(facts: AccountFacts, thresholds: Thresholds) -> Verdict:
    """A candidate for each jump that no post explains, and one where followers are many and reactions none."""
    span = window(facts.as_of, thresholds, "series_days")
    series = [one for one in _series(facts) if one.day >= span.start]
    if not series:
        return undetermined("各来源没有给出粉丝数")
    first, last = series[0], series[-1]
    measured = [amount("粉丝数", last.count, "人")]
    doubts, findings = [], []
    if last.day > first.day:
        grown, base = Decimal(last.count - first.count), Decimal(first.count)
        measured.append(Measurement("粉丝增长率", grown / base if base else None, grown, base))
    else:
        doubts.append("只有一天的粉丝数，不能判断增减")
    for before, after in pairwise(series):
        if _is_jump(before, after, thresholds):
            if _posted_between(facts, before.day, after.day):
                continue
            if _is_whole(facts, before.day, after.day):
                findings.append(_jump(facts, before, after, series))
            else:
                doubts.append(f"{before.day} 至 {after.day} 粉丝数大增，其间是否发布不明")
    found = listing(facts, window(facts.as_of, thresholds, "reaction_days"))
    if found is not None and last.count >= integer(thresholds, "followers_min"):
        findings += _silent(facts, found, last, series, thresholds)
    sentence = f"{account_words(facts)}粉丝数 {last.count}（{last.day}），{first.day} 为 {first.count}"
    return settle(
        findings=findings,
        doubts=doubts,
        failed=f"{sentence}；{'；'.join(finding.message for finding in findings)}，待人工确认",
        passed=f"{sentence}，没有异常增长",
        measurements=measured,
    )


def _series(facts: AccountFacts) -> list[FollowerCount]:
    """Followers by day, oldest first: what was kept, and over it what this inspection's sources say.

    An inspection may look after its monitoring time point: its own look counts, on the day on which it was taken.
    """
    by_day = {one.day: one.count for one in facts.history.followers}
    for fetch in facts.fetches:
        told = fetch.outcome is AccountOutcome.FETCHED and fetch.profile and fetch.profile.followers is not None
        if told and fetch.profile and fetch.profile.followers is not None:
            by_day[beijing_day(fetch.fetched_at)] = fetch.profile.followers
    return [FollowerCount(day, count) for day, count in sorted(by_day.items())]


def _is_jump(before: FollowerCount, after: FollowerCount, thresholds: Thresholds) -> bool:
    grown = after.count - before.count
    return (
        (after.day - before.day).days <= integer(thresholds, "jump_days")
        and grown >= integer(thresholds, "jump_min")
        and Decimal(grown) >= number(thresholds, "jump_share_min") * before.count
    )


_LEAD = timedelta(days=3)
"""How long before a jump a post may still have caused it."""


def _posted_between(facts: AccountFacts, start: date, end: date) -> bool:
    posts = [post for fetch in facts.fetches for post in fetch.posts]
    posts += [one.post for one in kept_standing(facts)]
    return any(start - _LEAD <= beijing_day(post.published_at) <= end for post in posts)


def _is_whole(facts: AccountFacts, start: date, end: date) -> bool:
    """Whether a listing of now is whole over the days before a jump, so that no post in them is believed."""
    opening = datetime.combine(start - _LEAD, time.min, BEIJING)
    return any(fetch.spans(opening) and beijing_day(fetch.until) >= end for fetch in facts.fetches)


def _jump(facts: AccountFacts, before: FollowerCount, after: FollowerCount, series: Sequence[FollowerCount]) -> Finding:
    words = f"{before.day} 至 {after.day} 粉丝数由 {before.count} 增至 {after.count}，其间没有发布信息"
    return _finding(facts, f"粉丝数突增 {after.day}", words, series)


def _silent(
    facts: AccountFacts, found: Listing, last: FollowerCount, series: Sequence[FollowerCount], thresholds: Thresholds
) -> list[Finding]:
    """One finding where every post tells likes, shares and comments, and they are none over enough posts."""
    counts = [(post.likes, post.shares, post.comments) for post in found.posts]
    if len(counts) < integer(thresholds, "posts_min") or any(
        count is None or count > 0 for one in counts for count in one
    ):
        return []
    words = f"粉丝数 {last.count}，近 {found.window.words}发布的 {len(counts)} 条信息没有点赞、转发和评论"
    return [_finding(facts, "有粉丝无互动", words, series)]


def _finding(facts: AccountFacts, part: str, words: str, series: Sequence[FollowerCount]) -> Finding:
    shown: list[JSON] = [[one.day.isoformat(), one.count] for one in series]
    return Finding(
        url=facts.account.key,
        message=f"{account_words(facts)}{words}",
        location=account_words(facts),
        quote=part,
        observed={
            "platform": facts.account.platform,
            "unit_kind": facts.unit.kind,
            "part": part.split(" ")[0],
            "series": shown,
        },
        severity=Severity.MINOR,
        evidence_urls=tuple(fetch.url for fetch in facts.fetches if fetch.url),
    )


CHECK = Check(
    id="account.fake-followers",
    title="疑似购买粉丝",
    subject=Subject.ACCOUNT,
    mode=Mode.CONFIRMED,
    why="购买“僵尸粉”、数据造假是政务新媒体的形式主义，浪费财政资金并损害公信力。",
    rectify="停止购买粉丝和刷量，如实说明增长原因，清理虚假粉丝。",
    measured="取历次检查记录的每日粉丝数：两次记录之间大幅增长而其间没有发布信息的，以及粉丝较多而期限内信息均无点赞、转发、评论的，"
    "附粉丝数序列列出。",
    limits="只列出供人工确认，线下推广、平台推荐、账号合并也会带来突增；来源不提供粉丝数的、只有一天记录的、增长期间是否发布不明的"
    "为未能判定；平台以“万”为单位显示的粉丝数不精确。",
    clause="国办秘函〔2019〕19号 政务新媒体单项否决“互动回应差”（购买“粉丝”等弄虚作假）",
    judge=judge,
    thresholds=lexicon.thresholds("account.fake-followers"),
)
