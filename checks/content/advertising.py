"""content.advertising: pictures that float over a page or stand in advertising slots and lead to commerce."""

from __future__ import annotations

from checks import derived, hosts
from checks.model import JSON, Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settling import settle, undetermined
from crawler.facts import Resource, SiteFacts
from crawler.facts.behaviour import Banner

_PLACES = {"floating": "漂浮", "slot": "广告位"}


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding an advertised address or advertising network, with the pages that bear it."""
    looks = [look for look in facts.looks if not look.unseen]
    if not looks:
        return undetermined("首页和抽查页面的内容没有留存或由脚本生成，无法查看")
    borne: dict[str, tuple[Banner, list[str]]] = {}
    for look in looks:
        for banner in look.banners:
            if hosts.is_commercial(derived.host(banner.url)):
                borne.setdefault(banner.url, (banner, []))[1].append(look.url)
    findings = [_of_banner(banner, pages) for banner, pages in borne.values()]
    findings += _networks(facts)
    gap = derived.gap_of(facts)
    return settle(
        findings=findings,
        doubts=[gap] if gap else [],
        failed=f"查看首页和抽查内页共 {len(looks)} 个页面，发现 {len(findings)} 处疑似商业广告，需人工核对",
        passed=f"查看首页和抽查内页共 {len(looks)} 个页面，未见商业广告",
    )


def _of_banner(banner: Banner, pages: list[str]) -> Finding:
    urls: list[JSON] = list(dict.fromkeys(pages))
    words = f"“{banner.text}”" if banner.text else ""
    return Finding(
        url=pages[0],
        message=f"{_PLACES.get(banner.place, '')}图片{words}链接到商业网站 {derived.host(banner.url)}，"
        f"出现在 {len(urls)} 个页面",
        location=f"{_PLACES.get(banner.place, '')}图片",
        quote=banner.text,
        problem_url=banner.url,
        observed={"place": banner.place, "markup": banner.quote, "picture": banner.picture, "pages": urls},
        severity=Severity.MAJOR,
        evidence_urls=(pages[0],),
    )


def _networks(facts: SiteFacts) -> list[Finding]:
    """Scripts and frames of advertising networks, wherever on the site they stand."""
    home = facts.home.url if facts.home is not None else facts.site.home_url
    found: dict[str, str] = {}
    for link in facts.links():
        if link.resource in (Resource.SCRIPT, Resource.FRAME) and hosts.stands_in(
            derived.host(link.url), "advertising"
        ):
            found.setdefault(derived.host(link.url), link.url)
    return [
        Finding(
            url=home,
            message=f"页面加载了广告联盟 {name} 的代码",
            location="网页脚本",
            problem_url=url,
            observed={"place": "network", "network": name},
            severity=Severity.MAJOR,
            evidence_urls=(home,),
        )
        for name, url in found.items()
    ]


CHECK = Check(
    id="content.advertising",
    title="商业广告",
    subject=Subject.SITE,
    mode=Mode.CONFIRMED,
    why="政府网站刊登商业广告，有损公信力，也容易被当作政府推荐。",
    rectify="撤下广告图片、漂浮窗和广告联盟代码；确属公益或政府活动的，人工核对时注明。",
    measured="首页和抽查内页中漂浮在页面上或位于广告位（按元素名称、样式和漂浮脚本识别）的图片，链接到商业网站的；"
    "以及全站加载的广告联盟脚本。同一地址只列一次，注明页面数。",
    limits="政府、教育、公益域名和主要新闻媒体不算商业网站；没有链接的图片、文字广告、视频贴片看不出；IP 地址不列；"
    "银行、通信等公共服务企业的链接可能被列出，需人工核对。",
    clause="国办发〔2017〕47号（不得刊登商业广告）；国办发〔2017〕47号 附件（不得链接商业广告）",
    judge=judge,
    needs=("home",),
)
