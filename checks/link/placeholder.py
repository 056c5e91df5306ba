"""link.placeholder: entries of navigation and lists that lead nowhere."""

from __future__ import annotations

from checks import derived, lexicon
from checks.model import JSON, Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settings import integer
from checks.settling import settle
from crawler.facts import Parent, Region, SiteFacts

_ENTRIES = frozenset({Region.NAVIGATION, Region.LIST})


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding for each distinct text and href, with the pages that bear it.

    Only words that promise a place count: 政务公开 → `#` is a fault; 上一页, 关闭 and the like are controls.
    """
    controls = lexicon.pattern("controls", "patterns")
    entries: dict[tuple[str, str], dict[str, Parent]] = {}
    for link in facts.placeholders:
        for parent in link.parents:
            text = "".join(parent.text.split())
            if parent.region in _ENTRIES and text and not controls.fullmatch(text):
                entries.setdefault((text, link.href), {}).setdefault(parent.url, parent)
    listed = integer(thresholds, "parents_listed")
    findings = [_finding(href, tuple(parents.values()), facts, listed) for (_, href), parents in entries.items()]
    gap = derived.gap_of(facts)
    return settle(
        findings=findings,
        doubts=[gap] if gap else [],
        failed=f"导航和列表中有 {len(findings)} 个入口没有链接到任何页面",
        passed="导航和列表中没有无效链接",
    )


def _finding(href: str, parents: tuple[Parent, ...], facts: SiteFacts, listed: int) -> Finding:
    homes = {facts.site.home_url, facts.home.url if facts.home else facts.site.home_url}
    on_home = next((parent for parent in parents if parent.url in homes), None)
    # Not the first one found: the finding's identity must not hang on the order of a crawl.
    parent = on_home or min(parents, key=lambda known: (len(known.url), known.url))
    pages: list[JSON] = [known.url for known in parents[:listed]]
    return Finding(
        url=parent.url,
        message=f"{parent.region.label}“{parent.text}”的地址为“{href}”，点击后没有打开任何页面"
        f"（出现在 {len(parents)} 个页面）",
        location=f"{parent.region.label}“{parent.text}”",
        quote=parent.text,
        observed={
            "href": href,
            "region": parent.region.value,
            "on_homepage": on_home is not None,
            "pages": pages,
            "page_count": len(parents),
        },
        severity=Severity.MINOR,
        evidence_urls=(parent.url,),
    )


CHECK = Check(
    id="link.placeholder",
    title="无效链接",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="导航或列表中的入口点击后没有反应，等于没有提供相应内容。",
    rectify="为入口补上正确的地址；没有内容可链接的，去掉该入口。",
    measured="导航区和列表区中，地址为空、“#”或“javascript:void(0)”等且没有其他行为的链接；"
    "同一文字和地址只列一次，注明所在页面数。",
    limits="正文和页脚中的占位链接、翻页与关闭等操作按钮不计；由脚本另行绑定行为的链接无法完全识别，请人工点击确认。",
    clause="国办秘函〔2019〕19号 扣分指标“功能设计—可用性”；国办发〔2017〕47号 附件（链接有效）",
    judge=judge,
    needs=("pages",),
    thresholds=lexicon.thresholds("link.placeholder"),
)
