"""link.broken: addresses that the site points to and that do not open, after confirmation."""

from __future__ import annotations

from checks import derived, lexicon
from checks.model import JSON, Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settings import integer
from checks.settling import settle, share
from checks.visits import confirmed, failure_words, pending, times_word, visit_times
from crawler.facts import LinkFact, Parent, Resource, SiteFacts

_THINGS = {
    Resource.PAGE: "链接",
    Resource.ATTACHMENT: "链接",
    Resource.IMAGE: "图片",
    Resource.SCRIPT: "脚本",
    Resource.STYLE: "样式",
    Resource.FRAME: "嵌入页面",
    Resource.MEDIA: "音视频",
}


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding a dead address, whatever the number of pages that bear it.

    Only visits that all failed in one class confirm it: 404, 404 → a finding; 404 alone, or 404 and 超时 → 待核实.
    A visit that was blocked, wanted a login or opened never counts against the site.
    """
    visits_min, listed = integer(thresholds, "visits_min"), integer(thresholds, "parents_listed")
    findings: list[Finding] = []
    unconfirmed = 0
    for link in facts.failures:
        if not link.url or not link.parents:
            continue
        if confirmed(link, visits_min):
            findings.append(_finding(link, _home_urls(facts), listed))
        elif pending(link):
            unconfirmed += 1
    doubts = [f"{unconfirmed} 个地址访问失败但尚未核实"] if unconfirmed else []
    gap = derived.gap_of(facts)
    if gap:
        doubts.append(gap)
    inside = sum(finding.observed["scope"] == "internal" for finding in findings)
    reached, blocked = facts.coverage.attempted, facts.coverage.blocked
    return settle(
        findings=findings,
        doubts=doubts,
        failed=f"访问本站地址 {reached} 个，错链 {inside} 个；另有站外错链 {len(findings) - inside} 个",
        passed=f"访问本站地址 {reached} 个及站外链接，没有错链"
        + (f"（{blocked} 个被拦截或需登录，不作判定）" if blocked else ""),
        measurements=(share("错断链占比", inside, reached),),
    )


def _home_urls(facts: SiteFacts) -> frozenset[str]:
    return frozenset({facts.site.home_url, facts.home.url if facts.home else facts.site.home_url})


def _finding(link: LinkFact, homes: frozenset[str], listed: int) -> Finding:
    on_home = next((parent for parent in link.parents if parent.url in homes), None)
    parent = on_home or link.parents[0]
    last = link.visits[-1]
    thing = _THINGS[link.resource]
    parents: list[JSON] = [{"url": p.url, "text": p.text, "region": p.region.value} for p in link.parents[:listed]]
    return Finding(
        url=parent.url,
        message=f"{thing}“{_name(link, parent)}”{times_word(len(link.visits))}访问"
        f"（{visit_times(link.visits)}）{failure_words(link.visits)}",
        location=f"{parent.region.label.replace('链接', thing)}“{_name(link, parent)}”",
        quote=parent.text,
        problem_url=link.url,
        observed={
            "status": last.status,
            "outcome": last.outcome.value,
            "reason": last.reason,
            "scope": "internal" if link.internal else "external",
            "resource": link.resource.value,
            "on_homepage": on_home is not None,
            "parents": parents,
            "parent_count": len(link.parents),
        },
        severity=Severity.MAJOR if on_home else Severity.MINOR,
        confirmations=len(link.visits),
        evidence_urls=(link.url, parent.url),
    )


def _name(link: LinkFact, parent: Parent) -> str:
    """What a reader knows the link by: its words, else the last part of its address."""
    return parent.text or link.url.rstrip("/").rsplit("/", 1)[-1]


CHECK = Check(
    id="link.broken",
    title="错链（死链）",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="点击后无法打开的链接、图片和附件使公众得不到所需信息，首页上的尤为明显。",
    rectify="更正链接地址、恢复或重新上传文件；对方已撤销的站外页面，删除该链接。"
    "同一模板引出的错链改一处即可全部消除。",
    measured="本站页面上的链接、图片、样式、脚本、附件及站外链接逐一访问；至少两次访问且均以同类方式失败"
    "（404、服务器错误、域名无法解析、超时、返回 200 而内容为“页面不存在”等）才列为问题，同一地址只列一次，"
    "附全部所在页面。",
    limits="被防护拦截、需登录、只失败过一次、各次失败原因不同或其中一次能打开的，一律不列；"
    "站外网站可能只对本系统所在网络不可达，整改前请人工打开确认。",
    clause="国办秘函〔2019〕19号 扣分指标“功能设计—可用性”；国办发〔2017〕47号 附件（链接有效）",
    judge=judge,
    needs=("visits",),
    thresholds=lexicon.thresholds("link.broken"),
)
