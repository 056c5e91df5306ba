"""disclosure.departments-incomplete: 内设机构 whose head, duty or telephone is not given."""

from __future__ import annotations

from checks.model import JSON, Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settling import settle, share, undetermined
from crawler.facts import SiteFacts
from crawler.facts.disclosure import DepartmentFact

_SHOWN = 6


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding a page, naming each department with what it lacks."""
    departments = facts.disclosure.departments or ()
    if not departments:
        return undetermined("没有取得内设机构页面，或页面上的机构无法区分")
    lacking: dict[str, list[tuple[DepartmentFact, tuple[str, ...]]]] = {}
    for department in departments:
        if absent := _absent(department):
            lacking.setdefault(department.url, []).append((department, absent))
    faulty = sum(map(len, lacking.values()))
    return settle(
        findings=[_finding(url, rows) for url, rows in lacking.items()],
        doubts=(),
        failed=f"读出内设机构 {len(departments)} 个，其中 {faulty} 个的信息不全",
        passed=f"读出内设机构 {len(departments)} 个，负责人、职责、联系电话均齐全",
        measurements=(share("内设机构信息完整率", len(departments) - faulty, len(departments)),),
    )


def _absent(department: DepartmentFact) -> tuple[str, ...]:
    given = {"负责人": department.head, "职责": department.duty, "联系电话": department.telephone}
    return tuple(name for name, value in given.items() if not value)


def _finding(url: str, rows: list[tuple[DepartmentFact, tuple[str, ...]]]) -> Finding:
    told = [f"{department.name}缺{'、'.join(absent)}" for department, absent in rows]
    more = f"等 {len(told)} 个" if len(told) > _SHOWN else ""
    observed: dict[str, JSON] = {department.name: list(absent) for department, absent in rows}
    return Finding(
        url=url,
        message=f"内设机构信息不全：{'；'.join(told[:_SHOWN])}{more}",
        location="内设机构",
        quote="内设机构",
        observed={"departments": observed, "count": len(rows)},
        severity=Severity.MINOR,
        evidence_urls=(url,),
    )


CHECK = Check(
    id="disclosure.departments-incomplete",
    title="内设机构信息不全",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="机构职能、负责人、联系方式属主动公开内容，公众应能找到办事的科室和人。",
    rectify="逐个公布内设机构的负责人姓名、主要职责、联系电话；人事变动后及时更新。",
    measured="读取内设机构页面（表格，或以机构名称起头的段落，及其链接的各机构页面），逐个查看负责人、职责、"
    "联系电话三项；"
    "全页只有一个电话的，视为各机构共用。",
    limits="页面有图片、由脚本生成或机构无法区分时为未能判定；少于两个机构的页面不判断；不核对内容是否准确。",
    clause="政府信息公开条例（国令第711号）第二十条；安政办函〔2018〕50号（内设机构负责人信息不全面）",
    judge=judge,
    needs=("home",),
)
