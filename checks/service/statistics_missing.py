"""service.statistics-missing: whether figures of services (办事统计) are given, and not older than three months."""

from __future__ import annotations

import re

from checks import columns, derived, lexicon
from checks.columns import freshness
from checks.model import Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.offering import away_words, columns_of, entries, only_elsewhere
from checks.presence import judge_presence
from checks.settling import settle, undetermined
from checks.window import window
from crawler.facts import ColumnFact, SiteFacts

_OF_LETTERS = re.compile("留言|来信|信件|信箱|诉求")


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass on figures in the window; fail where the newest are older, or nothing names any and enough was seen."""
    own = [one for one in columns.distinct(columns_of(facts, "service-statistics")) if not _OF_LETTERS.search(one.name)]
    listed = [column for column in own if column.items]
    if listed:
        return _judged_by_list(facts, listed, thresholds)
    platforms = (one for one in entries(facts, "service") if not derived.is_own(facts, one.url))
    away = only_elsewhere(facts, "service_statistics") or next(platforms, None)
    if away:
        return undetermined(f"未见办事统计，但{away_words(away)}")
    hidden = next((column for column in own if columns.unseen(column) or column.unread), None)
    if hidden is not None:
        return undetermined(f"{columns.words(hidden)}{columns.unseen(hidden) or hidden.unread}")
    if not entries(facts, "service") and facts.services is None:
        return Verdict(State.NOT_APPLICABLE, "不适用：本站没有办事服务，由 service.missing 判定")
    return judge_presence(
        facts, "service_statistics", "办事统计", unwanted="not_an_offer", platform="service", severity=Severity.MINOR
    )


def _judged_by_list(facts: SiteFacts, own: list[ColumnFact], thresholds: Thresholds) -> Verdict:
    view = derived.of(facts)
    span = window(facts.as_of, thresholds, "stale_months")
    found = [(fresh.day, column) for column in own if (fresh := freshness(column.items, view)).day is not None]
    if not found:
        return undetermined(f"{columns.words(own[0])}的数据没有注明时间")
    day, column = max(found, key=lambda pair: (pair[0], pair[1].url))
    assert day is not None
    finding = Finding(
        url=column.url,
        message=f"办事统计最新数据发布于 {day}，距监测时间点 {span.end} 超过 {span.words}",
        location=columns.words(column),
        quote=column.name,
        observed={"stale": True, "newest": day.isoformat(), "age_days": (span.end - day).days},
        severity=Severity.MINOR,
        evidence_urls=(column.url,),
    )
    stale = not span.holds(day)
    hidden = [columns.unseen(one) for one in own if columns.unseen(one)] if stale else []
    return settle(
        findings=[] if hidden or not stale else [finding],
        doubts=hidden,
        failed=finding.message,
        passed=f"办事统计最新数据发布于 {day}",
    )


CHECK = Check(
    id="service.statistics-missing",
    title="无办事统计",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="办事统计反映服务的数量和办结情况，应当定期公开。",
    rectify="开设“办事统计”栏目，至少每 3 个月公布一次受理量、办结量等数据。",
    measured="查找办事统计、办件公示等栏目和入口；有列表的，看最新一条是否在监测时间点前 3 个月之内。",
    limits="统计设在站外政务服务平台、由脚本生成或数据未注明时间的，为未能判定；没有办事服务的网站不适用。"
    "栏目超期不更新同时由 update.column-stale 列出，评分时不应重复扣分。",
    clause="国办秘函〔2019〕19号 扣分指标“办事统计”；安政办函〔2020〕10号（公开各级办事统计数据）",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("service.statistics-missing"),
)
