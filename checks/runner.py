"""Runs the checks of one target over its facts and stamps what they found.

A needed fact that is absent gives 未能判定 with the reason; an exception inside a check gives 出错 with the reason and
is logged. Nothing is ever dropped to an empty list of findings.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from checks import derived, posting
from checks.model import (
    CheckResult,
    Finding,
    Mode,
    Severity,
    StampedFinding,
    State,
    Subject,
    Target,
    Thresholds,
    Verdict,
    fingerprint,
)
from checks.registry import AnyCheck, get, of_subject
from checks.settings import merge
from crawler.facts import Account, AccountFacts, AccountOutcome, Coverage, Site, SiteFacts, Unit, UnitFacts

AnyFacts = SiteFacts | AccountFacts | UnitFacts

log = logging.getLogger(__name__)

_WITH_FINDINGS = (State.FAIL, State.NEEDS_REVIEW)
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def run(
    facts: AnyFacts, *, checks: Collection[str] | None = None, thresholds: Mapping[str, Thresholds] | None = None
) -> tuple[CheckResult, ...]:
    """One result per check of the facts' subject, in the registry's order.

    `checks` narrows them by id (ids of another subject are passed over, so that one list serves all targets);
    `thresholds` are overrides by check id. UnknownCheck and BadThreshold are raised before anything is judged.
    """
    overrides = thresholds or {}
    for known in {*(checks or ()), *overrides}:
        get(known)
    target = target_of(facts)
    chosen = [check for check in of_subject(target.kind) if checks is None or check.id in checks]
    configs = [merge(check.id, check.thresholds, overrides.get(check.id, {})) for check in chosen]
    coverage = _coverage_of(facts)
    with derived.shared():
        return tuple(_apply(c, facts, config, target, coverage) for c, config in zip(chosen, configs, strict=True))


def target_of(facts: AnyFacts) -> Target:
    """What the results are about: the home page, `platform:id`, or the unit's code."""
    if isinstance(facts, SiteFacts):
        return Target(facts.unit.code, facts.site.home_url, Subject.SITE)
    if isinstance(facts, AccountFacts):
        return Target(facts.unit.code, facts.account.key, Subject.ACCOUNT)
    return Target(facts.unit.code, facts.unit.code, Subject.UNIT)


def _apply(check: AnyCheck, facts: AnyFacts, config: Thresholds, target: Target, coverage: Coverage) -> CheckResult:
    verdict = _judged(check, facts, config, target)
    if check.mode is Mode.CONFIRMED and verdict.state is State.FAIL:
        verdict = Verdict(State.NEEDS_REVIEW, verdict.summary, verdict.findings, verdict.measurements)
    return CheckResult(
        check=check.id,
        target=target,
        state=verdict.state,
        summary=verdict.summary,
        findings=tuple(_stamped(check, target, verdict)),
        measurements=verdict.measurements,
        coverage=coverage,
        config=config,
    )


def _judged(check: AnyCheck, facts: AnyFacts, config: Thresholds, target: Target) -> Verdict:
    """The check's verdict, or why there is none."""
    if retired := out_of_service(_registered(facts)):
        return Verdict(State.NOT_APPLICABLE, retired)
    judge: Callable[[Any, Thresholds], Verdict] = check.judge
    try:
        lacking = [reason for need in check.needs if (reason := _absence(need, facts))]
        if lacking:
            return Verdict(State.UNDETERMINED, f"未能判定：{'；'.join(lacking)}")
        verdict = judge(facts, config)
        if bool(verdict.findings) != (verdict.state in _WITH_FINDINGS):
            raise ValueError(f"状态“{verdict.state.label}”与 {len(verdict.findings)} 条问题不相符")
    except Exception as error:  # a fault of ours in one check must neither end the run nor read as clean
        log.exception("check %s on %s ended in an error", check.id, target.address)
        return Verdict(State.ERROR, f"检查程序出错，未作判断：{type(error).__name__}：{error}")
    return verdict


def _stamped(check: AnyCheck, target: Target, verdict: Verdict) -> Iterator[StampedFinding]:
    """The findings in an order of their own, each fault once."""
    seen: set[str] = set()
    for finding in sorted(verdict.findings, key=_order):
        identity = fingerprint(check.id, target, finding)
        if identity not in seen:
            seen.add(identity)
            yield StampedFinding(check.id, target, verdict.state, finding, check.clause, identity)


def _order(finding: Finding) -> tuple[int, str, str, str, str, str]:
    """Gravest first, then by address; whatever order a crawl or a check had, the same findings come out alike."""
    place = (finding.url, finding.problem_url, finding.location, finding.quote, finding.message)
    return (_RANK[finding.severity], *place)


def _coverage_of(facts: AnyFacts) -> Coverage:
    if isinstance(facts, SiteFacts):
        return facts.coverage
    if isinstance(facts, AccountFacts):
        outcomes = [fetch.outcome for fetch in facts.fetches]
        return Coverage(
            attempted=len(outcomes),
            reached=outcomes.count(AccountOutcome.FETCHED),
            blocked=outcomes.count(AccountOutcome.BLOCKED),
            failed=sum(outcome not in (AccountOutcome.FETCHED, AccountOutcome.BLOCKED) for outcome in outcomes),
            note=posting.gone_words(facts),
        )
    return Coverage()


def out_of_service(registered: Site | Account | Unit) -> str:
    """Why nothing is asked at present of what is registered so; "" where it is in service."""
    if isinstance(registered, Unit) or registered.status == "running":
        return ""
    kind = "网站" if isinstance(registered, Site) else "账号"
    return f"不适用：{kind}登记状态为{_STATUS.get(registered.status, registered.status)}"


def _registered(facts: AnyFacts) -> Site | Account | Unit:
    if isinstance(facts, SiteFacts):
        return facts.site
    return facts.account if isinstance(facts, AccountFacts) else facts.unit


_STATUS = {"offline-temporary": "临时下线", "merged": "已整合迁移", "closed": "已关停"}


# --------------------------------------------------------------------------- which facts are absent, and why


def _no_home(facts: SiteFacts) -> str:
    if facts.home is None:
        cut = facts.coverage.truncated_by
        return f"未取得首页内容（{cut}）" if cut else "未取得首页内容"
    return "" if facts.home.outcome.is_seen else f"未取得首页内容（{facts.home.outcome.label}）"


def _no_posts(facts: AccountFacts) -> str:
    """Nothing was read now, and nothing that an earlier inspection read still stands."""
    if posting.kept_standing(facts):
        return ""
    if not facts.fetches:
        return "未登记数据来源，没有获取"
    if any(fetch.outcome is AccountOutcome.FETCHED for fetch in facts.fetches):
        return ""
    told = (f"{f.source}：{f.outcome.label}{f'（{f.reason}）' if f.reason else ''}" for f in facts.fetches)
    return f"各来源均未获取成功（{'；'.join(told)}）"


_SITE_NEEDS: Mapping[str, Callable[[SiteFacts], str]] = {
    "home": _no_home,
    "columns": lambda facts: "" if facts.columns else "未发现栏目",
    "visits": lambda facts: "" if facts.coverage.attempted or facts.failures else "本次没有访问任何地址",
    "pages": lambda facts: "" if next(facts.pages(), None) else "没有取得任何页面",
    "leaders": lambda facts: "未取得领导信息页面或无法识别" if facts.leaders is None else "",
}
_ACCOUNT_NEEDS: Mapping[str, Callable[[AccountFacts], str]] = {"posts": _no_posts}
_UNIT_NEEDS: Mapping[str, Callable[[UnitFacts], str]] = {}

NEEDS: Mapping[Subject, Collection[str]] = {
    Subject.SITE: tuple(_SITE_NEEDS),
    Subject.ACCOUNT: tuple(_ACCOUNT_NEEDS),
    Subject.UNIT: tuple(_UNIT_NEEDS),
}
"""The kinds of facts that a check of each subject may name in `needs`."""


def _absence(need: str, facts: AnyFacts) -> str:
    """Why a kind of facts is absent, in Chinese; "" where it is there. KeyError where no such kind is known."""
    if isinstance(facts, SiteFacts):
        return _SITE_NEEDS[need](facts)
    if isinstance(facts, AccountFacts):
        return _ACCOUNT_NEEDS[need](facts)
    return _UNIT_NEEDS[need](facts)
