"""availability.ipv6: whether the home page's host has an AAAA record and answers over it."""

from __future__ import annotations

from checks import derived
from checks.model import Check, Finding, Mode, State, Subject, Thresholds, Verdict
from checks.settling import undetermined
from crawler.facts import Ipv6Fact, SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Fail where there is no record, or where there is one and nobody answers; each was held against a control."""
    address = facts.home.url if facts.home else facts.site.home_url
    if not derived.is_named_host(derived.host(address)):
        return Verdict(State.NOT_APPLICABLE, "不适用：首页网址使用的是 IP 地址，没有域名")
    fact = facts.ipv6
    if fact is None:
        return undetermined("本次没有查询 IPv6")
    if fact.error:
        known = f"域名{_record(fact)}（{fact.addresses[0]}），但" if fact.addresses else ""
        return undetermined(f"{known}{fact.error}")
    if not fact.addresses:
        return _failed(facts, fact, f"域名 {fact.host} 没有 IPv6（AAAA）解析记录", "没有 IPv6 解析记录")
    if not fact.answered:
        shown = "、".join(fact.addresses[:3])
        message = f"域名 {fact.host} {_record(fact)}（{shown}），但两次通过 IPv6 访问均无应答"
        return _failed(facts, fact, message, "IPv6 无应答")
    return Verdict(State.PASS, f"域名 {fact.host} {_record(fact)}（{fact.addresses[0]}），通过 IPv6 有应答")


def _record(fact: Ipv6Fact) -> str:
    return "由台账指向 IPv6 地址" if fact.registered else "有 IPv6 解析记录"


def _failed(facts: SiteFacts, fact: Ipv6Fact, message: str, name: str) -> Verdict:
    finding = Finding(
        url=facts.site.home_url,
        message=message,
        location="域名解析",
        quote=name,
        observed={
            "host": fact.host,
            "addresses": list(fact.addresses),
            "answered": fact.answered,
            "seen_at": fact.at.isoformat(),
        },
        confirmations=2,
        evidence_urls=(facts.site.home_url,),
    )
    return Verdict(State.FAIL, message, (finding,))


CHECK = Check(
    id="availability.ipv6",
    title="IPv6 改造",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="政府网站须完成 IPv6 改造，使只有 IPv6 的用户也能访问。",
    rectify="为域名添加 AAAA 记录，并确认服务器、防火墙和加速服务放行 IPv6 访问。",
    measured="访问结束后查询首页域名的 AAAA 记录，有记录的再通过 IPv6 访问一次首页；"
    "没有记录或无应答的隔一段时间再看一次，并以对照网址确认本机的域名解析和 IPv6 网络正常。",
    limits="本机没有 IPv6 网络、域名解析过滤或合成 IPv6 记录、对照网址不通的为未能判定；只看首页域名，"
    "不检查二级、三级链接的 IPv6 支持度；由台账指向登记地址的域名不查询域名解析，只看登记的 IPv6 地址，"
    "没有登记的为未能判定。",
    clause="国办秘函〔2019〕19号 扣分指标“IPv6改造”",
    judge=judge,
)
