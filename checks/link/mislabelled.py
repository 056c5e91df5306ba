"""link.mislabelled: entries of lists whose page is about something else."""

from __future__ import annotations

from checks import derived
from checks.labelling import Mislabelled, TargetNames
from checks.model import Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settling import settle
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding an entry whose words share not even two neighbouring characters with any name of its page."""
    names = derived.gathered(facts, TargetNames)
    gap = derived.of(facts).gap
    if not names.compared and not gap:
        return Verdict(State.UNDETERMINED, "未能判定：没有可与列表文字比较的稿件页")
    findings = [_finding(one) for one in names.mislabelled]
    return settle(
        findings=findings,
        doubts=[f"{gap}，未取得的页面没有比较"] if gap else [],
        failed=f"比较 {names.compared} 条列表信息与其页面标题，{len(findings)} 条毫无共同之处，需人工核对",
        passed=f"比较 {names.compared} 条列表信息与其页面标题，未见内容不符",
    )


def _finding(one: Mislabelled) -> Finding:
    shown = "”“".join(dict.fromkeys(one.names))
    return Finding(
        url=one.column,
        message=f"列表文字“{one.text}”链接到的页面标题为“{shown}”，两者毫无共同之处",
        location=f"列表链接“{one.text}”",
        quote=one.text,
        problem_url=one.url,
        observed={"text": one.text, "names": list(one.names)},
        severity=Severity.MINOR,
        evidence_urls=(one.column, one.url),
    )


CHECK = Check(
    id="link.mislabelled",
    title="链接内容不符",
    subject=Subject.SITE,
    mode=Mode.CONFIRMED,
    why="链接文字与打开的内容不是一回事，公众找不到所需信息。",
    rectify="把链接改到与文字相符的页面，或改正链接文字。",
    measured="栏目列表中每条信息的文字与所指稿件页的标题、ArticleTitle 标签和当前位置逐一比较，"
    "没有任何两个相邻的字或字母、数字词相同的，列为待人工核对。",
    limits="少于六个汉字的文字、“更多”“查看”“附件”等用语、外文、图片链接不比较；页面标题只写网站名称的、附件和站外页面不比较；"
    "换一种说法的标题可能被列出，内容不同而标题有字相同的不会列出。",
    clause="国办秘函〔2019〕19号 扣分指标“功能设计—可用性”；国办发〔2017〕47号 附件（链接准确）",
    judge=judge,
    needs=("columns",),
)
