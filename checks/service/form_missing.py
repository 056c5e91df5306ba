"""service.form-missing: guides that ask for a form and give none to download."""

from __future__ import annotations

from checks.model import JSON, Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.offering import away_words, entries, only_elsewhere
from checks.settling import settle, share, undetermined
from crawler.facts import SiteFacts
from crawler.facts.services import ServiceGuideFact


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding a guide. A form that is had at the window or made online is not asked for as a download."""
    known = facts.services
    if known is None or not known.guides:
        away = only_elsewhere(facts, "service")
        return undetermined(f"办事服务{away_words(away)}" if away else "没有读到办事指南")
    asking = [guide for guide in known.guides if guide.forms and not guide.form_source]
    if not asking:
        return Verdict(State.NOT_APPLICABLE, f"不适用：读出的办事指南 {len(known.guides)} 个，均未要求提交须下载的表格")
    lacking = [guide for guide in asking if not guide.downloads]
    shelves = entries(facts, "form_download") if lacking else ()
    doubts = [f"设有“{shelves[0].text}”，{len(lacking)} 个事项的表格未能逐一对应"] if shelves else []
    doubts += [f"“{guide.title}”{guide.opaque}" for guide in lacking if guide.opaque and not shelves]
    failing = [] if shelves else [guide for guide in lacking if not guide.opaque]
    settled = len(asking) - (len(lacking) - len(failing))
    return settle(
        findings=[_finding(guide) for guide in failing],
        doubts=doubts,
        failed=f"要求提交表格的办事指南 {len(asking)} 个，其中 {len(failing)} 个没有提供表格下载",
        passed=f"要求提交表格的办事指南 {len(asking)} 个，均提供表格下载",
        measurements=(share("表格样表提供率", settled - len(failing), settled),),
    )


def _finding(guide: ServiceGuideFact) -> Finding:
    names: list[JSON] = list(guide.forms)
    return Finding(
        url=guide.url,
        message=f"办事指南“{guide.title}”要求提交“{guide.forms[0]}”，但没有提供下载",
        location=f"办事指南“{guide.title}”",
        quote=guide.title,
        observed={"item": guide.title, "forms": names},
        severity=Severity.MINOR,
        evidence_urls=(guide.url,),
    )


CHECK = Check(
    id="service.form-missing",
    title="无表格样表",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="要求提交的表格应当可以下载，并附样表，免得群众为一张表跑一趟。",
    rectify="在办事指南中提供空白表格和填写样表的下载链接；网上填报或窗口领取的，应当写明。",
    measured="办事指南的办理材料中写有申请表、登记表等表格的，查看同一页面有没有文件或“下载”“样表”等链接。",
    limits="写明窗口领取、网上填报、自拟的不要求下载；另设“表格下载”栏目的、页面以图片或附件给出内容的，为未能判定；"
    "不核对下载的是否就是该表格。",
    clause="国办秘函〔2019〕19号 扣分指标“表格样表”；国办发〔2015〕15号 附件“附件下载”",
    judge=judge,
    needs=("home",),
)
