"""identity.domain: whether the site's domain name is one that a government site may have."""

from __future__ import annotations

from checks import derived
from checks.model import Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settling import undetermined
from crawler.facts import SiteFacts

_SUFFIX = ".gov.cn"


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """By the registered home page alone; a test or intranet site known by its IP address cannot be told.

    www.yunxi.gov.cn and jyj.yunxi.gov.cn are right; yunxi.gov.cn lacks its host's name; www.yunxi.com is no .gov.cn;
    a portal begins with www.
    """
    host = derived.host(facts.site.home_url)
    if not derived.is_named_host(host):
        return undetermined(f"以 IP 地址或本机名登记（{host}），无法判断域名")
    if not host.isascii() or any(label.startswith("xn--") for label in host.split(".")):
        return undetermined(f"以中文域名登记（{host}），请同时登记英文域名")
    fault = _fault(host, facts.site.kind == "portal")
    if not fault:
        return Verdict(State.PASS, f"域名“{host}”符合规范")
    finding = Finding(
        url=facts.site.home_url,
        message=f"域名“{host}”{fault}",
        location="网站域名",
        quote=host,
        observed={"host": host},
        severity=Severity.MINOR,
        evidence_urls=(facts.site.home_url,),
    )
    return Verdict(State.FAIL, finding.message, (finding,))


def _fault(host: str, portal: bool) -> str:
    if not host.endswith(_SUFFIX):
        return "不是以 .gov.cn 结尾"
    if "." not in host.removesuffix(_SUFFIX):
        return "缺少主机名，应为 www.□.gov.cn 或 ○.□.gov.cn 的形式"
    if portal and not host.startswith("www."):
        return "不符合门户网站 www.□.gov.cn 的形式"
    return ""


CHECK = Check(
    id="identity.domain",
    title="域名不规范",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="政府网站使用统一的 .gov.cn 域名，是公众辨别真伪的首要标志。",
    rectify="申请并启用符合规范的 .gov.cn 域名：门户网站为 www.□.gov.cn，部门网站为 ○.□.gov.cn；"
    "不规范的域名做好跳转后停用。",
    measured="以台账登记的网站首页地址判断域名的结尾和结构。",
    limits="以 IP 地址、本机名或中文域名登记的为未能判定；不判断拼音或英文缩写是否恰当，也不查域名注册信息。",
    clause="国办发〔2017〕47号（域名结构）；国办秘函〔2019〕19号 扣分指标“功能设计—域名名称”",
    judge=judge,
)
