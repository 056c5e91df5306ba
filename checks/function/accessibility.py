"""function.accessibility: serious barriers that axe-core finds on sampled pages, and the 无障碍/适老 entry."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import lexicon
from checks.displays import LISTED, listed, shown, why_not
from checks.model import JSON, Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settling import amount, settle
from crawler.facts import Barrier, DisplayFact, Resource, SiteFacts

_GRAVE = {"critical": "严重", "serious": "较重"}
"""The impacts that count, as axe-core names them."""


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding a broken rule, with its elements and pages; one for a missing entry where the home page was shown."""
    pages = [page for page in shown(facts) if page.barriers is not None]
    doubts = why_not(facts)
    missing, doubt = _entry(facts)
    if doubt:
        doubts.append(doubt)
    broken = tuple(_broken(pages))
    elements = sum(barrier.count for page in pages for barrier in page.barriers or () if barrier.impact in _GRAVE)
    return settle(
        findings=(*broken, *missing),
        doubts=doubts,
        failed="；".join(
            [f"抽查 {len(pages)} 个页面，有 {len(broken)} 类较重以上的无障碍问题（共 {elements} 处）"] * bool(broken)
            + [finding.message for finding in missing]
        ),
        passed=f"抽查 {len(pages)} 个页面，没有较重以上的无障碍问题，首页设有无障碍或适老入口",
        measurements=(amount("无障碍问题类数", len(broken), "类"), amount("无障碍问题处数", elements, "处"))
        if pages
        else (),
    )


def _broken(pages: list[DisplayFact]) -> Iterator[Finding]:
    found: dict[str, list[tuple[DisplayFact, Barrier]]] = {}
    for page in pages:
        for barrier in page.barriers or ():
            if barrier.impact in _GRAVE:
                found.setdefault(barrier.rule, []).append((page, barrier))
    for rule, places in sorted(found.items()):
        name = lexicon.table("accessibility")["rules"].get(rule, f"违反规则 {rule}")
        elements = sum(barrier.count for _, barrier in places)
        impact = "critical" if any(barrier.impact == "critical" for _, barrier in places) else "serious"
        bearers = [page for page, _ in places]
        examples: list[JSON] = [example for _, barrier in places for example in barrier.examples]
        yield Finding(
            url=bearers[0].url,
            message=f"{name}（{_GRAVE[impact]}）：抽查的 {len(pages)} 个页面中 {len(bearers)} 个有，共 {elements} 处",
            location="页面元素",
            quote=name,
            observed={
                "rule": rule,
                "impact": impact,
                "elements": elements,
                "pages": len(bearers),
                "listed": listed(bearers),
                "examples": examples[:LISTED],
                "engine": bearers[0].engine,
            },
            severity=Severity.MINOR,
            evidence_urls=tuple(page.url for page in bearers),
        )


def _entry(facts: SiteFacts) -> tuple[tuple[Finding, ...], str]:
    """The finding of a missing entry, or why it cannot be told; neither where there is one."""
    home = facts.home
    if home is None or not home.outcome.is_seen:
        return (), "未取得首页，不知有无无障碍或适老入口"
    wanted = lexicon.pattern("accessibility", "entry")
    if any(wanted.search(link.text) for link in home.links):
        return (), ""
    page = next((page for page in shown(facts) if page.url == home.url), None)
    if page is None:
        return (), "首页未能在浏览器中显示，不知有无无障碍或适老入口"
    if any(wanted.search(words) for words in page.controls):
        return (), ""
    script = _script_of_entry(facts)
    if script:
        return (), f"首页未见无障碍或适老入口的文字，但载有可能提供该功能的脚本（{script}）"
    message = "首页没有无障碍浏览或适老版的入口"
    finding = Finding(
        url=home.url,
        message=message,
        location="网站首页",
        quote="无障碍或适老入口",
        observed={"controls": len(page.controls)},
        evidence_urls=(home.url,),
    )
    return (finding,), ""


def _script_of_entry(facts: SiteFacts) -> str:
    """A script of the home page whose address says that it may bring the entry; "" where there is none."""
    sign: re.Pattern[str] = lexicon.pattern("accessibility", "entry_scripts")
    links = facts.home.links if facts.home else ()
    return next((link.url for link in links if link.resource is Resource.SCRIPT and sign.search(link.url)), "")


CHECK = Check(
    id="function.accessibility",
    title="无障碍与适老",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="视力、肢体有障碍的人和老年人也要用政府网站；读屏软件读不出、键盘到不了的内容，对他们等于没有。",
    rectify="按所列元素补上替代文字、标签和语言，提高对比度；在首页显著位置设无障碍浏览和适老版入口。",
    measured="访问结束时由浏览器打开首页、一个栏目页和一篇稿件，用 axe-core 按 WCAG 2.1 A、AA 级规则检查，"
    "严重（critical）和较重（serious）的每条规则列一条，注明页面数和元素数；"
    "另在首页的链接、按钮和图片文字中找无障碍、适老入口。",
    limits="只抽查三类页面各一个，不检查框架内的内容；自动工具只能发现一部分无障碍问题，没有发现不等于没有；"
    "入口只有图片而没有文字、由脚本加入的，可能认不出，此时为未能判定；浏览器不可用的为未能判定。",
    clause="国办公开办函〔2021〕28号 适老化与无障碍改造；GB/T 37668-2019（规则以 axe-core 为准）",
    judge=judge,
)
