"""account.menu-broken: an entry of the account's menu leads to a page that does not open."""

from __future__ import annotations

from checks import lexicon
from checks.model import Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.posting import account_words
from checks.settings import integer
from checks.settling import settle, undetermined
from crawler.facts import AccountFacts
from crawler.facts.accounts import AccountLink

MENU = "菜单"
_BROKEN = ("gone", "faulty")


def judge(facts: AccountFacts, thresholds: Thresholds) -> Verdict:
    """One finding an entry that was seen broken by enough looks; what was blocked or not read is a doubt."""
    told = [fetch.profile.menus for fetch in facts.fetches if fetch.profile and fetch.profile.menus is not None]
    if not told:
        return undetermined("各来源没有给出菜单")
    named = {entry.url for menus in told for entry in menus if entry.url}
    if not named:
        return Verdict(State.NOT_APPLICABLE, "不适用：菜单没有链接入口")
    entries = [link for link in facts.links or () if link.place == MENU]
    least = integer(thresholds, "looks_min")
    findings, doubts = [], []
    for link in entries:
        if link.outcome in _BROKEN and link.attempts >= least:
            findings.append(_finding(facts, link))
        elif link.outcome != "good":
            doubts.append(f"“{link.words}”{link.reason or '没有读到'}")
    unopened = len(named - {link.url for link in entries})
    if unopened > 0:
        doubts.append(f"另有 {unopened} 个入口没有打开" if entries else f"{unopened} 个入口都没有打开")
    return settle(
        findings=findings,
        doubts=doubts,
        failed=f"{account_words(facts)}菜单 {len(named)} 个链接入口中 {len(findings)} 个失效",
        passed=f"{account_words(facts)}菜单 {len(named)} 个链接入口均可打开",
    )


def _finding(facts: AccountFacts, link: AccountLink) -> Finding:
    return Finding(
        url=facts.account.key,
        message=f"{account_words(facts)}菜单“{link.words}”打不开：{link.reason}（{link.attempts} 次访问结果一致）",
        location=f"{account_words(facts)}菜单“{link.words}”",
        quote=link.words,
        problem_url=link.url,
        observed={
            "platform": facts.account.platform,
            "unit_kind": facts.unit.kind,
            "outcome": link.outcome,
            "status": link.status,
            "attempts": link.attempts,
            "at": link.at.isoformat(timespec="seconds") if link.at else None,
        },
        severity=Severity.MINOR,
        confirmations=link.attempts,
        evidence_urls=(link.url,),
    )


CHECK = Check(
    id="account.menu-broken",
    title="菜单链接失效",
    subject=Subject.ACCOUNT,
    mode=Mode.AUTOMATIC,
    why="菜单和办事入口是公众通过政务新媒体办事的主要途径，打不开即服务不可用。",
    rectify="更新或撤下失效的菜单入口，定期逐项点击检查。",
    measured="逐个打开数据来源给出的菜单链接（数量有上限），两次访问均为不存在、出错或内容已被删除的列为失效。",
    limits="来源不给出菜单的为未能判定；只回复消息、没有地址的入口和小程序不检查；要求验证、登录的和没有打开的入口不作判断；"
    "不判断打开的页面能否办成事。",
    clause="国办秘函〔2019〕19号（政务新媒体提供的服务不可用）；国办发〔2018〕123号（便民服务）；安政办函〔2020〕10号（服务）",
    judge=judge,
    thresholds=lexicon.thresholds("account.menu-broken"),
)
