"""disclosure.leader-incomplete: leaders whose photo, résumé, post or division of work is not given."""

from __future__ import annotations

from checks.model import JSON, Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settling import settle, share, undetermined
from crawler.facts import LeaderFact, SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding a leader, naming the elements that are absent."""
    leaders = facts.leaders or ()
    if not leaders:
        return undetermined("领导信息页面没有读出人员")
    findings = [_finding(leader, absent) for leader in leaders if (absent := _absent(leader))]
    return settle(
        findings=findings,
        doubts=(),
        failed=f"读出领导 {len(leaders)} 人，其中 {len(findings)} 人的信息不完整",
        passed=f"读出领导 {len(leaders)} 人，照片、简历、现任职务、分工均完整",
        measurements=(share("领导信息完整率", len(leaders) - len(findings), len(leaders)),),
    )


def _absent(leader: LeaderFact) -> tuple[str, ...]:
    given = {"照片": leader.photo, "简历": leader.resume, "现任职务": leader.post, "分工": leader.duties}
    return tuple(element for element, there in given.items() if not there)


def _finding(leader: LeaderFact, absent: tuple[str, ...]) -> Finding:
    lacking: list[JSON] = list(absent)
    return Finding(
        url=leader.url,
        message=f"“{leader.name}”的领导信息缺少{'、'.join(absent)}",
        location=f"领导信息“{leader.name}”",
        quote=leader.name,
        observed={"leader": leader.name, "missing": lacking},
        severity=Severity.MINOR,
        evidence_urls=(leader.url,),
    )


CHECK = Check(
    id="disclosure.leader-incomplete",
    title="领导信息不完整",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="领导信息应当完整、准确，便于公众了解和监督。",
    rectify="按人补齐照片、简历、现任职务和分工；人事变动后及时更新。",
    measured="逐人查看领导信息页面是否给出照片、简历、现任职务、分工四项。",
    limits="四项以图片形式给出的读不出；没有读出人员或页面由脚本填充时为未能判定；不核对内容是否准确。",
    clause="国办秘函〔2019〕19号 扣分指标“领导信息”；安政办函〔2018〕50号（领导之窗要素）",
    judge=judge,
    needs=("leaders",),
)
