"""content.tampered: signs that somebody else has written into the site's pages."""

from __future__ import annotations

from checks import derived, hosts
from checks.behaviour import Borne, Signs, Wording
from checks.model import JSON, Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settling import settle
from crawler.facts import Resource, SiteFacts
from crawler.facts.behaviour import Sign

_SCRIPTS = {
    "by-visitor": "按访问者的来路或浏览器跳转、改写标题",
    "encoded-write": "以编码方式写入或跳转，掩盖内容",
    "hidden-wrapper": "写入隐藏的容器包裹其后的内容",
}


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding a sign: a frame of no size, a script that deceives, words of gambling; foreign scripts beside one.

    A script of an unknown host alone proves nothing, for makers and counters are many; with a deceiving script it does.
    """
    signs = derived.gathered(facts, Signs)
    frames = [borne for borne in signs.of(Sign.ZERO_FRAME) if _is_strange(borne.suspect.url)]
    scripts = signs.of(Sign.SCRIPT)
    findings = [_of_frame(borne) for borne in frames] + [_of_script(borne) for borne in scripts]
    findings += _of_words(signs.wordings)
    if scripts or signs.wordings:
        findings += _foreign_scripts(facts)
    gap = derived.of(facts).gap
    return settle(
        findings=findings,
        doubts=[f"{gap}，未取得的页面没有查看"] if gap else [],
        failed=f"查看 {signs.pages} 个页面，发现 {len(findings)} 处疑似篡改、挂马的迹象，需人工核对",
        passed=f"查看 {signs.pages} 个页面，网页代码中未见篡改、挂马的迹象",
    )


def _is_strange(url: str) -> bool:
    name = derived.host(url)
    return hosts.is_nongovernment(name) and not any(
        hosts.stands_in(name, key) for key in ("known_scripts", "advertising", "public")
    )


def _pages(borne: Borne) -> tuple[list[JSON], str]:
    first = min(borne.pages, key=lambda page: (len(page), page))
    pages: list[JSON] = list(borne.pages)
    return pages, first


def _of_frame(borne: Borne) -> Finding:
    pages, first = _pages(borne)
    return Finding(
        url=first,
        message=f"嵌入了看不见的站外页面 {borne.suspect.url}（{borne.suspect.quote}），出现在 {borne.count} 个页面",
        location="网页代码",
        problem_url=borne.suspect.url,
        observed={"kind": "frame", "markup": borne.suspect.quote, "pages": pages, "page_count": borne.count},
        severity=Severity.VETO,
        evidence_urls=(first,),
    )


def _of_script(borne: Borne) -> Finding:
    pages, first = _pages(borne)
    suspect = borne.suspect
    return Finding(
        url=first,
        message=f"网页脚本{_SCRIPTS.get(suspect.means, '可疑')}（“{suspect.quote}”），出现在 {borne.count} 个页面",
        location="网页脚本",
        quote=suspect.quote,
        observed={"kind": "script", "means": suspect.means, "pages": pages, "page_count": borne.count},
        severity=Severity.VETO,
        evidence_urls=(first,),
    )


def _of_words(wordings: list[Wording]) -> list[Finding]:
    """Pages by their part and words: a template's keywords on all pages are one finding."""
    groups: dict[tuple[str, str], list[Wording]] = {}
    for wording in wordings:
        groups.setdefault((wording.part, wording.words), []).append(wording)
    findings = []
    for (part, words), members in groups.items():
        first = min(members, key=lambda one: (len(one.url), one.url))
        pages: list[JSON] = [one.url for one in members[:200]]
        findings.append(
            Finding(
                url=first.url,
                message=f"{part}为“{words}”，含“{first.hit}”等赌博、色情用语，出现在 {len(members)} 个页面",
                location=part,
                quote=words,
                observed={"kind": "words", "hit": first.hit, "pages": pages, "page_count": len(members)},
                severity=Severity.VETO,
                evidence_urls=(first.url,),
            )
        )
    return findings


def _foreign_scripts(facts: SiteFacts) -> list[Finding]:
    """Scripts of hosts that nobody knows, on a site that bears another sign too."""
    home = facts.home.url if facts.home is not None else facts.site.home_url
    urls = {
        link.url: None
        for link in facts.links()
        if link.resource is Resource.SCRIPT and not derived.is_own(facts, link.url) and _is_strange(link.url)
    }
    return [
        Finding(
            url=home,
            message=f"页面另有篡改迹象，并加载了不明主机的脚本 {url}",
            location="网页脚本",
            problem_url=url,
            observed={"kind": "foreign-script"},
            severity=Severity.VETO,
            evidence_urls=(home,),
        )
        for url in urls
    ]


CHECK = Check(
    id="content.tampered",
    title="疑似篡改挂马",
    subject=Subject.SITE,
    mode=Mode.CONFIRMED,
    why="网页被篡改或挂马会危害公众并造成恶劣影响，属单项否决的严重情形；许多篡改只对搜索引擎显示，平时不易察觉。",
    rectify="立即下线受影响的页面，清除被写入的内容，查清途径、修补漏洞，并向网信、公安部门报告。",
    measured="网页代码中：尺寸为零或不显示的站外嵌入页面；按来路、浏览器跳转或改写标题的脚本，编码写入的脚本；"
    "标题、关键词、描述中的赌博、色情用语；有上述脚本或用语时，一并列出来自不明主机的脚本。同一迹象只列一次，注明页面数。",
    limits="不以搜索引擎或手机的身份访问，只对其显示的篡改，只有留下脚本痕迹时才能发现；谈论打击赌博等的标题不列；"
    "正常的统计、跳转脚本可能被列出，需人工核对。",
    clause="国办秘函〔2019〕19号 政府网站单项否决“安全、泄密事故等严重问题”③④",
    judge=judge,
    needs=("pages",),
)
