"""availability.tls: whether a browser takes the certificate under which the home page is served."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from checks import lexicon
from checks.model import Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settings import integer
from checks.settling import amount, undetermined
from crawler.facts import BEIJING, ChainFault, SiteFacts, TlsFact


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Fail for what is wrong whoever looks; needs-review for what another list of trusted roots may take."""
    address = facts.home.url if facts.home else facts.site.home_url
    if not address.startswith("https:"):
        return Verdict(State.NOT_APPLICABLE, "不适用：首页没有使用加密连接（https）")
    fact = facts.tls
    if fact is None:
        return undetermined("本次没有取得证书")
    if fact.error or fact.not_before is None or fact.not_after is None:
        return undetermined(f"未能取得证书：{fact.error or '内容不全'}")
    days = (fact.not_after - fact.at) // timedelta(days=1)
    measured = (amount("证书剩余有效天数", days, "天"),)
    told = [_finding(facts, fact, *fault) for fault in _faults(fact, fact.not_before, fact.not_after)]
    if told:
        return Verdict(State.FAIL, "；".join(finding.message for finding in told), tuple(told), measured)
    doubt = _doubt(fact)
    if doubt:
        return Verdict(State.NEEDS_REVIEW, doubt, (_finding(facts, fact, "证书不受信任", doubt),), measured)
    sentence = f"证书有效，到期日 {_day(fact.not_after)}，还有 {days} 天"
    if days < integer(thresholds, "warn_days"):
        sentence += "，请及时更换"
    return Verdict(State.PASS, sentence, measurements=measured)


def _faults(fact: TlsFact, start: datetime, end: datetime) -> Iterator[tuple[str, str]]:
    """What is wrong, as its name and a sentence."""
    if end < fact.at:
        yield "证书已过期", f"证书已于 {_day(end)} 过期"
    if start > fact.at:
        yield "证书尚未生效", f"证书自 {_day(start)} 起才生效"
    if not fact.matches:
        names = "、".join(fact.names[:5]) or "未列出任何域名"
        more = f"等 {len(fact.names)} 个" if len(fact.names) > 5 else ""
        yield "证书域名不符", f"证书不是颁发给 {fact.host} 的（证书所列：{names}{more}）"
    if fact.fault is ChainFault.SELF_SIGNED:
        yield "自签名证书", "证书为自签名，浏览器不予信任"
    if fact.fault is ChainFault.INCOMPLETE:
        yield "证书链不完整", "服务器没有下发中间证书，部分浏览器和手机无法确认证书有效"


def _doubt(fact: TlsFact) -> str:
    if fact.fault is ChainFault.UNKNOWN_ROOT:
        return f"证书的签发机构（{fact.issuer}）不在 Mozilla 的信任列表中，其他浏览器是否信任请核实"
    if fact.fault is ChainFault.OTHER:
        return f"证书链未通过校验（{fact.note}），请用浏览器核实"
    return ""


def _finding(facts: SiteFacts, fact: TlsFact, name: str, message: str) -> Finding:
    return Finding(
        url=facts.site.home_url,
        message=message,
        location=f"{fact.host}:{fact.port} 的证书",
        quote=name,
        observed={
            "subject": fact.subject,
            "issuer": fact.issuer,
            "serial": fact.serial,
            "sha256": fact.sha256,
            "not_before": fact.not_before.isoformat() if fact.not_before else None,
            "not_after": fact.not_after.isoformat() if fact.not_after else None,
            "names": list(fact.names[:50]),
            "protocol": fact.protocol,
            "seen_at": fact.at.isoformat(),
        },
        severity=Severity.MAJOR,
        confirmations=fact.looks,
        evidence_urls=(facts.site.home_url,),
    )


def _day(moment: datetime) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d")


CHECK = Check(
    id="availability.tls",
    title="证书问题",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="证书过期、域名不符或不受信任时，浏览器会先拦下访问者并提示不安全，与打不开无异。",
    rectify="更换有效的证书，域名须与网站一致，并在服务器上一并部署中间证书；临近到期的及时续期。",
    measured="首页使用 https 时，访问结束后与其主机握手，读取证书的有效期、所列域名和证书链；"
    "有问题的隔一段时间再握手一次，两次一致才算。信任以 Mozilla 的根证书列表为准；"
    "缺中间证书的，按证书所载地址取回后能通过的，才判证书链不完整。",
    limits="首页只用 http 的不适用；国密等本机加密库不支持的协议为未能判定；"
    "签发机构不在 Mozilla 列表中的只列为待人工复核；不检查吊销状态；有效期以本机时钟为准。",
    clause="本系统暂定：未见公开文件对证书的单独条款，与国办秘函〔2019〕19号“可用性”同类",
    judge=judge,
    thresholds=lexicon.thresholds("availability.tls"),
)
