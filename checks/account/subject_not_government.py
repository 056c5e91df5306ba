"""account.subject-not-government: the account's verified subject (认证主体) is no government body."""

from __future__ import annotations

import re

from checks import lexicon
from checks.model import Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.posting import account_words
from checks.settling import undetermined
from crawler.facts import AccountFacts

_MARKS = re.compile(r"[\s\W_]+")


def judge(facts: AccountFacts, thresholds: Thresholds) -> Verdict:
    """By the subject that a platform names. The registered one is the unit's own word: it may accuse, it cannot acquit.

    云溪县教育局 → a government body; 云溪县某某文化传媒有限公司 → not; 云溪之声 → nobody can tell. The end
    of a name tells what it is: 云溪县公司登记管理局 is a bureau.
    """
    named = [
        (fetch.source, fetch.profile.verified_subject)
        for fetch in facts.fetches
        if fetch.profile and fetch.profile.verified_subject
    ]
    source, subject = named[0] if named else ("台账", facts.account.subject)
    if not subject:
        return undetermined("各来源没有给出认证主体，台账也未登记")
    core = core_of(subject)
    own = {_bare(facts.unit.name), _bare(facts.account.subject)} - {""}
    words = f"{account_words(facts)}的认证主体为“{subject}”（{source}）"
    if is_other(core):
        finding = Finding(
            url=facts.account.key,
            message=f"{words}，不是政府机构",
            location=account_words(facts),
            quote=subject,
            observed={
                "platform": facts.account.platform,
                "unit_kind": facts.unit.kind,
                "subject": subject,
                "source": source,
            },
            severity=Severity.MAJOR,
        )
        return Verdict(State.FAIL, finding.message, (finding,))
    if not named:
        return undetermined(f"平台没有给出认证主体；{words}，未经平台印证")
    if core in own or lexicon.pattern("subjects", "government").search(core):
        return Verdict(State.PASS, f"{words}，属政府机构")
    return undetermined(f"{words}，从名称不能断定是否为政府机构")


def core_of(subject: str) -> str:
    """A subject without marks and without the platform's own words: 云溪县教育局官方微博 → 云溪县教育局."""
    return lexicon.pattern("subjects", "platform_words").sub("", _bare(subject))


def is_other(core: str) -> bool:
    """Whether a name is a company's, an association's or a person's."""
    return lexicon.pattern("subjects", "other").search(core) is not None


def _bare(name: str) -> str:
    return _MARKS.sub("", name)


CHECK = Check(
    id="account.subject-not-government",
    title="主体非政府机构",
    subject=Subject.ACCOUNT,
    mode=Mode.AUTOMATIC,
    why="政务新媒体应当由政府机关或承担行政职能的事业单位主办，以企业或个人为主体的账号无法保证权威和安全。",
    rectify="以本单位为主体重新认证或迁移账号；由第三方运维的，主体仍应为本单位。",
    measured="取平台给出的认证主体，按名称用语判断是否为政府机构；平台未给出而台账登记为企业、社会组织或个人的，同样列出。",
    limits="名称看不出性质的、平台没有给出认证主体的为未能判定（台账登记的主体为单位自述）；不判断主体与主办单位是否为同一机构。",
    clause="国办发〔2018〕123号（主办主体）；安政办函〔2018〕50号 附件3、附件4；安政办函〔2020〕10号",
    judge=judge,
)
