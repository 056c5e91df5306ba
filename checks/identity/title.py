"""identity.title: whether the site calls itself by its registered name."""

from __future__ import annotations

import re

from checks import lexicon
from checks.footer import tried_pages
from checks.model import Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settling import settle, undetermined
from crawler.facts import SiteFacts

_MARKS = re.compile(r"[\W_]+")


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """The home page's `<title>` must hold the name, and a label SiteName must be it, less the words for a website.

    Registered 云溪县人民政府网: 首页-云溪县人民政府 → right; 云溪概览 → not; SiteName 云溪信息港 → not.
    """
    home, name = facts.home, facts.site.name
    if home is None or not core(name):
        return undetermined("台账未登记网站名称" if home else "未取得首页内容")
    accepted = {core(name), core(facts.unit.name)} - {""}
    findings = []
    doubts = []
    if not any(one in core(home.title) for one in accepted):
        if home.scripted and not home.rendered:
            doubts.append("首页由脚本生成，标题未能读取")
        else:
            findings.append(_finding(home.url, "首页标题（title）", home.title, name))
    shown: dict[str, str] = {}
    for page in tried_pages(facts):
        label = (page.label("SiteName") or "").strip()
        if label and core(label) not in accepted:
            shown.setdefault(label, page.url)
    findings += [_finding(url, "页面标签 SiteName", label, name) for label, url in shown.items()]
    return settle(
        findings=findings,
        doubts=doubts,
        failed="；".join(finding.message for finding in findings),
        passed=f"首页标题“{home.title}”与登记名称“{name}”一致",
    )


def core(name: str) -> str:
    """A name without blanks, marks and the words for a website at its end: 云溪县人民政府门户网站 → 云溪县人民政府."""
    bare = _MARKS.sub("", name)
    suffix = lexicon.pattern("names", "website_words")
    while (shorter := suffix.sub("", bare)) != bare:
        bare = shorter
    return bare


def _finding(url: str, place: str, shown: str, registered: str) -> Finding:
    words = f"为“{shown}”，与登记的网站名称“{registered}”不一致" if shown.strip() else "为空"
    return Finding(
        url=url,
        message=f"{place}{words}",
        location=place,
        quote=shown,
        observed={"shown": shown, "registered": registered},
        severity=Severity.MINOR,
        evidence_urls=(url,),
    )


CHECK = Check(
    id="identity.title",
    title="网站名称不规范",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="政府网站应以本地区、本部门的规范名称命名，名称不一致会使公众难以辨别。",
    rectify="将首页标题和各页面的 SiteName 标签改为登记的网站名称；名称确已变更的，及时更新登记。",
    measured="首页 <title> 应包含登记的网站名称或单位全称，SiteName 标签应与之一致；"
    "比较时不计“网站”“门户网站”等字样和标点。",
    limits="台账未登记名称、首页标题由脚本生成的为未能判定；页头图片中的名称读不出。",
    clause="国办发〔2017〕47号（网站名称、网页标签 SiteName）；国办秘函〔2019〕19号 扣分指标“功能设计—域名名称”",
    judge=judge,
    needs=("home",),
)
