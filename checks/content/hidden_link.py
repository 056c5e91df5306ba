"""content.hidden-link: links to foreign hosts that the page's own style keeps out of sight."""

from __future__ import annotations

from checks import derived
from checks.behaviour import Borne, Signs
from checks.model import JSON, Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settling import settle
from crawler.facts import SiteFacts
from crawler.facts.behaviour import Sign

MEANS = {
    "off-screen": "被移到屏幕之外",
    "zero-size": "尺寸或字号为零",
    "same-colour": "文字与背景同色",
    "not-shown": "被设为不显示",
}


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding an address with all pages that bear it."""
    signs = derived.gathered(facts, Signs)
    by_url: dict[str, list[Borne]] = {}
    for borne in signs.of(Sign.HIDDEN_LINK):
        by_url.setdefault(borne.suspect.url, []).append(borne)
    findings = [_finding(url, found) for url, found in by_url.items()]
    gap = derived.of(facts).gap
    return settle(
        findings=findings,
        doubts=[f"{gap}，未取得的页面没有查看"] if gap else [],
        failed=f"查看 {signs.pages} 个页面，发现 {len(findings)} 个隐藏的站外链接，需人工核对",
        passed=f"查看 {signs.pages} 个页面，网页代码中未见隐藏的站外链接",
    )


def _finding(url: str, found: list[Borne]) -> Finding:
    suspect = found[0].suspect
    pages: list[JSON] = list(dict.fromkeys(page for borne in found for page in borne.pages))
    count = len(pages) if len(found) > 1 else found[0].count
    first = min((str(page) for page in pages), key=lambda page: (len(page), page))
    return Finding(
        url=first,
        message=f"指向站外的链接“{suspect.text or url}”{MEANS.get(suspect.means, '被隐藏')}"
        f"（{suspect.quote}），出现在 {count} 个页面",
        location="网页代码",
        quote=suspect.text,
        problem_url=url,
        observed={"means": suspect.means, "markup": suspect.quote, "pages": pages, "page_count": count},
        severity=Severity.VETO,
        evidence_urls=(first,),
    )


CHECK = Check(
    id="content.hidden-link",
    title="隐藏链接（暗链）",
    subject=Subject.SITE,
    mode=Mode.CONFIRMED,
    why="暗链多是网站被入侵后植入的，用来给赌博、色情等网站引流，说明网站存在安全漏洞，属单项否决的严重情形。",
    rectify="立即删除，查清植入途径并修补漏洞；同一模板中的暗链改一处后，仍应逐页核对是否清除。",
    measured="网页代码中指向非政府主机的链接：所在元素（或其上级元素，含本页样式块的规则）被移到屏幕之外、尺寸为零、"
    "滚动区小到看不见或文字与背景同色的；仅被设为不显示、字号为零的，只在文字或地址含赌博、色情等用语时列出。同一地址只列一次，注明页面数。",
    limits="只看网页自身的代码和样式块，不看外部样式表；浏览器渲染后的页面只看不显示的链接；相同的页头页脚只读一次，"
    "页面数可能偏少；无障碍提示、选项卡等正当隐藏可能被列出，需人工核对。",
    clause="国办秘函〔2019〕19号 政府网站单项否决“安全、泄密事故等严重问题”④；国办发〔2017〕47号（不得有暗链）",
    judge=judge,
    needs=("pages",),
)
