"""link.unsafe: links to hosts that have become something else, or that the office has named."""

from __future__ import annotations

from checks import derived, hosts, lexicon
from checks.behaviour import improper
from checks.model import JSON, Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settling import settle
from crawler.facts import Link, Resource, SiteFacts
from crawler.facts.behaviour import ForeignPage


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding an address: what the look saw, or the list it stands in. A title that speaks about it is none."""
    words: dict[str, Link] = {}
    for link in facts.links():
        if link.resource is Resource.PAGE and link.url and not derived.is_own(facts, link.url):
            known = words.get(link.url)
            if known is None or (not known.text and link.text):
                words[link.url] = link
    seen = {page.url: page for page in facts.foreign}
    findings: list[Finding] = []
    unseen = 0
    for url, link in words.items():
        name = derived.host(url)
        page = seen.get(url)
        how = "主管部门名单中的网站" if hosts.is_blocked(name) else _how(page) if page else ""
        if how:
            findings.append(_finding(facts, url, link, page, how))
        elif page is None and hosts.is_nongovernment(name):
            unseen += 1
    told = sum(hosts.is_nongovernment(derived.host(url)) for url in words)
    doubts = [gap] if (gap := derived.gap_of(facts)) else []
    if unseen and unseen * 2 > told:
        doubts.append(f"{told} 个非政府站外链接中有 {unseen} 个没有看到页面标题")
    return settle(
        findings=findings,
        doubts=doubts,
        failed=f"查看站外链接 {len(words)} 个，其中 {len(findings)} 个指向的页面可疑，需人工核对",
        passed=f"查看站外链接 {len(words)} 个，未见指向停放、出售、赌博、色情页面或名单所列网站",
    )


def _how(page: ForeignPage) -> str:
    """What the look saw, in Chinese; "" where nothing is wrong with it."""
    if hosts.stands_in(derived.host(page.final_url), "parking"):
        return f"转到域名停放、交易服务（{derived.host(page.final_url)}）"
    if lexicon.pattern("tampering", "for_sale").search(page.title):
        return f"页面标题为“{page.title}”，域名正在出售或已过期"
    return f"页面标题为“{page.title}”，疑似赌博、色情内容" if improper(page.title) else ""


def _finding(facts: SiteFacts, url: str, link: Link, page: ForeignPage | None, how: str) -> Finding:
    home = facts.home
    on_home = home is not None and any(known.url == url for known in home.links)
    title: JSON = page.title if page else ""
    return Finding(
        url=home.url if home is not None else facts.site.home_url,
        message=f"{'首页' if on_home else '站内页面'}的链接“{link.text}”指向的网站：{how}",
        location=f"{link.region.label}“{link.text}”",
        quote=link.text,
        problem_url=url,
        observed={"title": title, "final_url": page.final_url if page else "", "on_homepage": on_home},
        severity=Severity.MAJOR,
        evidence_urls=(home.url,) if home is not None and on_home else (),
    )


CHECK = Check(
    id="link.unsafe",
    title="不安全外链",
    subject=Subject.SITE,
    mode=Mode.CONFIRMED,
    why="外部网站的域名过期后常被他人抢注，政府网站上的旧链接会把公众带到赌博、色情或诈骗页面，属单项否决的严重情形。",
    rectify="立即删除该链接；排查全站同一地址的链接，今后定期核对站外链接。",
    measured="站外链接指向的非政府网站逐一访问，读取其标题和最终地址：标题含赌博、色情用语或域名出售、过期字样，转到域名停放服务，"
    "或主机在主管部门名单（checks/data/blocklist.yaml）中的，列为待人工核对。",
    limits="只看标题和最终地址，不看正文和图片；谈论打击、整治的标题不列；只对特定地区、设备或搜索来路显示的内容看不到；"
    "打不开的站外链接属错链。",
    clause="国办秘函〔2019〕19号 政府网站单项否决“安全、泄密事故等严重问题”③；国办发〔2017〕47号 附件（外部链接）",
    judge=judge,
    needs=("home",),
)
