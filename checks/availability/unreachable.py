"""availability.unreachable in its one-shot form: what a few spaced visits of this run say of the home page.

The veto wants 7 days of 20 visits each, so nothing here is ever more than a matter for review.
"""

from __future__ import annotations

from collections import Counter

from checks import lexicon
from checks.model import Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settings import integer, number
from checks.settling import share, undetermined
from crawler.facts import BEIJING, Outcome, ProbeFact, SiteFacts

_ONCE = "本次为一次性检查，单项否决须连续 7 天、每天 20 次以上间隔访问方可认定"


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Opened → pass; failed often enough while the canaries answered → needs-review; else undetermined.

    15 s and more count as failed. Visits that were blocked, and those while our own network was down, tell nothing.
    """
    slow = integer(thresholds, "slow_seconds") * 1000
    opened = [probe for probe in facts.probes if probe.outcome.is_seen and probe.elapsed_ms < slow]
    failed = [probe for probe in facts.probes if probe not in opened and _is_failure(probe, slow)]
    sure = [probe for probe in failed if probe.canaries_ok]
    if not opened and not sure:
        return undetermined(_why_untold(facts.probes, failed))
    judged = len(opened) + len(sure)
    measured = (share("unopened_share", len(sure), judged),)
    unsure = len(failed) - len(sure)
    if sure and judged < integer(thresholds, "samples_min"):
        return undetermined(f"仅有 {judged} 次有效访问，不足以判断", measured)
    if len(sure) >= number(thresholds, "failed_share") * judged and sure:
        finding = _finding(facts, sure, judged)
        return Verdict(State.NEEDS_REVIEW, f"{finding.message}。{_ONCE}", (finding,), measured)
    slowest = max(probe.elapsed_ms for probe in opened) / 1000
    sentence = f"访问首页 {judged} 次，打开 {len(opened)} 次，最慢 {slowest:.1f} 秒"
    if len(sure) >= number(thresholds, "warn_share") * judged and sure:
        sentence += f"，未打开 {len(sure)} 次，请关注"
    if unsure:
        sentence += f"；另有 {unsure} 次失败时未能确认本机网络正常，不计"
    return Verdict(State.PASS, f"{sentence}。{_ONCE}", measurements=measured)


def _is_failure(probe: ProbeFact, slow: int) -> bool:
    return probe.outcome.is_failure or (probe.outcome.is_seen and probe.elapsed_ms >= slow)


def _why_untold(probes: tuple[ProbeFact, ...], failed: list[ProbeFact]) -> str:
    if failed:
        down = any(probe.canaries_ok is False for probe in failed)
        return "首页未能打开，但" + ("同时本机网络异常" if down else "没有对照站点可确认本机网络是否正常")
    return f"首页访问结果为{'、'.join(sorted({probe.outcome.label for probe in probes}))}"


def _finding(facts: SiteFacts, sure: list[ProbeFact], judged: int) -> Finding:
    causes = Counter(Outcome.TIMEOUT if probe.outcome.is_seen else probe.outcome for probe in sure)
    told = "、".join(f"{outcome.label} {count} 次" for outcome, count in sorted(causes.items()))
    times = "、".join(probe.at.astimezone(BEIJING).strftime("%m-%d %H:%M") for probe in sure[:5])
    return Finding(
        url=facts.site.home_url,
        message=f"访问首页 {judged} 次，未打开 {len(sure)} 次（{told}；{times}{'等' if len(sure) > 5 else ''}）",
        location="网站首页",
        problem_url=facts.site.home_url,
        observed={
            "visits": judged,
            "unopened": len(sure),
            "outcomes": {outcome.value: count for outcome, count in sorted(causes.items())},
        },
        severity=Severity.VETO,
        confirmations=len(sure),
        evidence_urls=(facts.site.home_url,),
    )


CHECK = Check(
    id="availability.unreachable",
    title="站点无法访问",
    subject=Subject.SITE,
    mode=Mode.CONFIRMED,
    why="网站打不开，其他一切无从谈起；一周内打不开的次数占比达到 5% 属单项否决情形。",
    rectify="检查域名解析、服务器、网络和防护设备；计划内停机请事先登记临时下线。",
    measured="本次检查中间隔访问首页若干次，15 秒内打开为成功；失败时同时访问对照站点，确认不是本机网络故障。",
    limits="一次性检查只能提示，不能认定单项否决（须连续 7 天、每天 20 次以上）；被拦截、"
    "对照站点不通或未配置的为未能判定；"
    "访问来自单一网络，可能与其他网络不同。",
    clause="国办秘函〔2019〕19号 政府网站单项否决“站点无法访问”",
    judge=judge,
    needs=("probes",),
    thresholds=lexicon.thresholds("availability.unreachable"),
)
