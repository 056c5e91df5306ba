"""identity.error-report: whether the pages bear the entry 我为政府网站找错, and whether it leads to the right place."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from checks import lexicon
from checks.footer import judge_mark, tried_pages
from checks.model import Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """A missing entry is a fault; so is an entry that names another site's code."""
    presence = judge_mark(facts, "error_report", "“我为政府网站找错”入口")
    wrong = _wrong_entries(facts)
    if not wrong:
        return presence
    findings = (*wrong, *presence.findings)
    return Verdict(State.FAIL, "；".join(finding.message for finding in findings), findings, presence.measurements)


def _wrong_entries(facts: SiteFacts) -> tuple[Finding, ...]:
    """One finding for each entry whose address names a site code that is not the registered one.

    Registered 6109990001, entry …?site_code=6109990002 → wrong. An address without a code is not judged: the
    platform tells the site from the page that leads to it.
    """
    registered = facts.site.site_code.lower()
    findings: dict[str, Finding] = {}
    for page in tried_pages(facts) if registered else ():
        entry = page.marks.error_report
        named = _code_in(entry)
        if named and named.lower() != registered and entry not in findings:
            findings[entry] = Finding(
                url=page.url,
                message=f"“我为政府网站找错”入口所带的网站标识码为“{named}”，与登记的“{facts.site.site_code}”不一致",
                location="页面底部功能区",
                quote=named,
                problem_url=entry,
                observed={"shown": named, "registered": facts.site.site_code},
                severity=Severity.MINOR,
                evidence_urls=(page.url,),
            )
    return tuple(findings.values())


def _code_in(entry: str) -> str:
    """The site code that an entry's address carries; "" where it carries none."""
    wanted = lexicon.words("error_report", "code_parameters")
    values = parse_qs(urlsplit(entry).query)
    return next((value[0].strip() for key, value in values.items() if key.lower() in wanted), "")


CHECK = Check(
    id="identity.error-report",
    title="无“我为政府网站找错”入口",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="“我为政府网站找错”是公众监督政府网站的统一渠道，首页和内页均应设置。",
    rectify="按统一要求在首页和全部内页底部放置“我为政府网站找错”图标及链接，链接中的标识码应为本网站的标识码。",
    measured="在首页和抽查内页的底部查找该入口；入口地址带有网站标识码的，与台账登记的比对。",
    limits="入口由脚本写入的，以能识别的脚本地址为准；页脚由脚本生成的为未能判定；不实际提交留言。",
    clause="国办秘函〔2019〕19号 扣分指标“功能设计—‘我为政府网站找错’入口”；国办发〔2017〕47号（底部功能区）",
    judge=judge,
    needs=("home",),
)
