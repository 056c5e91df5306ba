"""identity.site-code: whether the foot of the pages bears the site's registered 政府网站标识码."""

from __future__ import annotations

import re

from checks import lexicon
from checks.footer import judge_mark, tried_pages
from checks.model import Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settings import text
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """A code that stands there is compared first: a wrong one is a fault of its own, beside pages that lack any."""
    presence = judge_mark(facts, "site_code", "政府网站标识码")
    wrong = _wrong_codes(facts, re.compile(text(thresholds, "format"), re.IGNORECASE))
    if not wrong:
        return presence
    findings = (*wrong, *presence.findings)
    sentence = "；".join(finding.message for finding in findings)
    return Verdict(State.FAIL, sentence, findings, presence.measurements)


def _wrong_codes(facts: SiteFacts, form: re.Pattern[str]) -> tuple[Finding, ...]:
    """One finding for each code that is not the registered one, or is no code where none is registered."""
    registered = facts.site.site_code
    first_seen: dict[str, str] = {}
    for page in tried_pages(facts):
        if page.marks.site_code:
            first_seen.setdefault(page.marks.site_code.strip(), page.url)
    findings = []
    for code, url in first_seen.items():
        if registered and code.lower() != registered.lower():
            message = f"页面底部的政府网站标识码为“{code}”，与登记的“{registered}”不一致"
        elif not registered and not form.fullmatch(code):
            message = f"页面底部的政府网站标识码“{code}”不是 10 位数字或 bm 加 8 位数字"
        else:
            continue
        findings.append(
            Finding(
                url=url,
                message=message,
                location="页面底部功能区",
                quote=code,
                observed={"shown": code, "registered": registered},
                severity=Severity.MINOR,
                evidence_urls=(url,),
            )
        )
    return tuple(findings)


CHECK = Check(
    id="identity.site-code",
    title="缺少或错误的政府网站标识码",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="标识码是政府网站的唯一编号，公众纠错和监管统计都以它为准。",
    rectify="在首页和全部内页底部标明本网站的标识码，并与全国政府网站信息报送系统中登记的一致。",
    measured="在首页和抽查内页的底部查找网站标识码，并与台账登记的标识码比对；台账未登记的只核对格式。",
    limits="以图片显示的读不出；页脚由脚本生成的为未能判定；台账登记有误时会误报，请先核对台账。",
    clause="国办发〔2017〕47号（底部功能区）；国办秘函〔2019〕19号 扣分指标“功能设计—网站标识”",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("identity.site-code"),
)
