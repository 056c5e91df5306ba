"""availability.unreachable: whether the home page opens, by a week of spaced probes, as the clause asks.

Without a week of them, a few visits of this run are all there is: then nothing is ever more than a matter for review.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from checks import lexicon
from checks.model import JSON, Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.probe_week import Counted, Day, Week, week_of
from checks.settings import integer, number
from checks.settling import share, undetermined
from crawler.facts import BEIJING, Outcome, ProbeFact, SiteFacts

SHARE = "首页未打开次数占比"
_LISTED = 200
"""Failed visits that a finding lists at most."""


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """By the week's probes where there are enough of them, else by this run's visits."""
    week = week_of(facts.history, facts.site.maintenance, facts.as_of, thresholds)
    days, least = integer(thresholds, "days_min"), integer(thresholds, "daily_probes_min")
    if week.sampled(least) >= days and week.visits >= integer(thresholds, "visits_min"):
        return _of_week(facts, week, thresholds)
    return _of_run(facts, thresholds, _why_not_the_week(week, thresholds))


# --------------------------------------------------------------------------- by a week of probes


def _of_week(facts: SiteFacts, week: Week, thresholds: Thresholds) -> Verdict:
    """Fail from 5 % on. Where not one visit of a week was let in, we may be shut out: a person looks from elsewhere."""
    visits, failed, slow = week.visits, len(week.unopened), integer(thresholds, "slow_seconds")
    measured = (share(SHARE, failed, visits),)
    sums = (
        f"监测时间点前 {len(week.days)} 天间隔访问首页，计 {visits} 次，"
        f"超过 {slow} 秒或未能打开 {failed} 次，占 {failed / visits:.1%}"
    )
    apart = _left_out(week)
    if failed and failed >= number(thresholds, "failed_share") * visits:
        message = f"{sums}（{_causes(week.unopened, slow)}）{apart}"
        finding = _finding(facts, week, message, thresholds)
        if failed == visits:
            return Verdict(
                State.NEEDS_REVIEW,
                f"{message}。一次也没有打开，不能排除本机地址被对方屏蔽，请从其他网络核实",
                (finding,),
                measured,
            )
        return Verdict(State.FAIL, message, (finding,), measured)
    if failed and failed >= number(thresholds, "warn_share") * visits:
        sums += "，接近单项否决线，请关注"
    return Verdict(State.PASS, sums + apart, measurements=measured)


def _left_out(week: Week) -> str:
    words = {
        Counted.MAINTENANCE: "维护时段内",
        Counted.OWN_NETWORK: "对照网址不通或未配置",
        Counted.UNTOLD: "被拦截等不能说明能否打开",
    }
    told = [f"{text} {count} 次" for what, text in words.items() if (count := week.total(what))]
    return f"；另有{'、'.join(told)}，不计入" if told else ""


def _causes(unopened: Sequence[ProbeFact], slow: int) -> str:
    causes = Counter(f"超过 {slow} 秒" if probe.outcome.is_seen else probe.outcome.label for probe in unopened)
    return "、".join(f"{cause} {count} 次" for cause, count in causes.most_common())


def _finding(facts: SiteFacts, week: Week, message: str, thresholds: Thresholds) -> Finding:
    listed: list[JSON] = [
        {
            "at": probe.at.astimezone(BEIJING).isoformat(timespec="seconds"),
            "outcome": probe.outcome.value,
            "seconds": round(probe.elapsed_ms / 1000, 1),
            "reason": probe.reason,
        }
        for probe in week.unopened[:_LISTED]
    ]
    days: list[JSON] = [_row(day) for day in week.days]
    return Finding(
        url=facts.site.home_url,
        message=message,
        location="网站首页",
        problem_url=facts.site.home_url,
        observed={
            "visits": week.visits,
            "unopened": len(week.unopened),
            "failed_share": str(number(thresholds, "failed_share")),
            "days": days,
            "failures": listed,
        },
        severity=Severity.VETO,
        confirmations=len(week.unopened),
        evidence_urls=(facts.site.home_url,),
    )


def _row(day: Day) -> dict[str, JSON]:
    """One day's arithmetic: `visits` is opened + unopened, the denominator."""
    start, end = (moment.astimezone(BEIJING).isoformat(timespec="minutes") for moment in (day.start, day.end))
    return {"from": start, "to": end, "visits": day.visits, **{what.value: day.counts[what] for what in Counted}}


def _why_not_the_week(week: Week, thresholds: Thresholds) -> str:
    """Why this is no more than a one-off, as the end of a sentence."""
    days, least = integer(thresholds, "days_min"), integer(thresholds, "daily_probes_min")
    once = f"单项否决须连续 {days} 天、每天 {least} 次以上间隔访问方可认定"
    made = sum(day.counts.total() for day in week.days)
    if not made:
        return f"本次为一次性检查，{once}（xuncha probe）"
    enough, visits = week.sampled(least), week.visits
    return f"现有探测记录 {made} 次，其中 {enough} 天满 {least} 次，可计 {visits} 次，不足以认定：{once}"


# --------------------------------------------------------------------------- by a few visits of this run


def _of_run(facts: SiteFacts, thresholds: Thresholds, once: str) -> Verdict:
    """Opened → pass; failed often enough while the canaries answered → needs-review; else undetermined.

    Visits that were blocked, and those while our own network was down, tell nothing.
    """
    if not facts.probes:
        return undetermined(f"本次没有进行可用性访问。{once}")
    slow = integer(thresholds, "slow_seconds") * 1000
    opened = [probe for probe in facts.probes if probe.outcome.is_seen and probe.elapsed_ms < slow]
    failed = [probe for probe in facts.probes if probe not in opened and _is_failure(probe, slow)]
    sure = [probe for probe in failed if probe.canaries_ok]
    if not opened and not sure:
        return undetermined(_why_untold(facts.probes, failed))
    judged = len(opened) + len(sure)
    measured = (share(SHARE, len(sure), judged),)
    unsure = len(failed) - len(sure)
    if sure and judged < integer(thresholds, "samples_min"):
        return undetermined(f"仅有 {judged} 次有效访问，不足以判断", measured)
    if len(sure) >= number(thresholds, "failed_share") * judged and sure:
        finding = _one_off(facts, sure, judged)
        return Verdict(State.NEEDS_REVIEW, f"{finding.message}。{once}", (finding,), measured)
    slowest = max(probe.elapsed_ms for probe in opened) / 1000
    sentence = f"访问首页 {judged} 次，打开 {len(opened)} 次，最慢 {slowest:.1f} 秒"
    if len(sure) >= number(thresholds, "warn_share") * judged and sure:
        sentence += f"，未打开 {len(sure)} 次，请关注"
    if unsure:
        sentence += f"；另有 {unsure} 次失败时未能确认本机网络正常，不计"
    return Verdict(State.PASS, f"{sentence}。{once}", measurements=measured)


def _is_failure(probe: ProbeFact, slow: int) -> bool:
    return probe.outcome.is_failure or (probe.outcome.is_seen and probe.elapsed_ms >= slow)


def _why_untold(probes: tuple[ProbeFact, ...], failed: list[ProbeFact]) -> str:
    if failed:
        down = any(probe.canaries_ok is False for probe in failed)
        return "首页未能打开，但" + ("同时本机网络异常" if down else "没有对照站点可确认本机网络是否正常")
    return f"首页访问结果为{'、'.join(sorted({probe.outcome.label for probe in probes}))}"


def _one_off(facts: SiteFacts, sure: list[ProbeFact], judged: int) -> Finding:
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
    mode=Mode.AUTOMATIC,
    why="网站打不开，其他一切无从谈起；一周内打不开的次数占比达到 5% 属单项否决情形。",
    rectify="检查域名解析、服务器、网络和防护设备；计划内停机请登记维护时段（可以事后补登），较长的停机登记临时下线。",
    measured="以持续探测（xuncha probe）的记录为准：监测时间点前 7 天，每 24 小时至少 20 次间隔访问首页，"
    "15 秒内打开为成功；失败时前后都有对照网址应答才计为未打开，维护时段内的访问不计入分母，"
    "每天的次数列在问题的观测值中。"
    "没有足够记录时，只看本次检查中的几次间隔访问，至多列为待人工复核。",
    limits="被拦截、对照网址不通或未配置、加密连接被本机加密库拒绝、循环跳转的访问不计入；与被拦截相邻的无应答也不计入；"
    "一周内一次也没有打开的，可能是本机地址被屏蔽，列为待人工复核；"
    "访问来自单一网络，可能与其他网络不同，认定前宜从另一网络核对。",
    clause="国办秘函〔2019〕19号 政府网站单项否决“站点无法访问”",
    judge=judge,
    thresholds=lexicon.thresholds("availability.unreachable"),
)
