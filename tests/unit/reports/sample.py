"""A fictional inspection of six units with hundreds of problems, hostile strings among them. Never shipped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from msgspec import Struct

from checks.model import (
    CheckResult,
    Finding,
    Measurement,
    Mode,
    Severity,
    StampedFinding,
    State,
    Subject,
    Target,
    fingerprint,
)
from crawler.facts import BEIJING, Coverage
from reports.problems import (
    History,
    InspectionView,
    Life,
    NamedTarget,
    RulesetRef,
    RunFigures,
    UnitProblems,
    unit_problems,
)
from scoring.model import DimensionScore, Kind, Provenance, Scorecard, ScoreTrace

AS_OF = datetime(2026, 11, 20, 0, 0, tzinfo=BEIJING)
STARTED = datetime(2026, 11, 19, 22, 0, tzinfo=BEIJING)
ENDED = datetime(2026, 11, 20, 5, 41, 7, tzinfo=BEIJING)
FORMULA = '=HYPERLINK("http://evil.example/","点此")'
SCRIPT = '<script>alert("x")</script><img src=http://evil.example/p.png onerror=alert(1)>'
CONTROL = "栏目\x00\x07\x1b[31m名称\u202e\ud800结束"
LONG_URL = "http://www.yunxi.example/list?" + "p=0123456789&" * 384
SCRIPT_URL = "javascript:alert(document.cookie)"
WEBSITE, NEWMEDIA = "city-2019-website", "cn-2019-newmedia"


class Text(Struct, frozen=True):
    title: str
    rectify: str
    mode: Mode = Mode.AUTOMATIC


CHECKS = {
    "link.broken": Text("错链（死链）", "修复或删除失效链接；确需保留的附件请重新上传并核对地址。"),
    "update.column-stale": Text("栏目不更新", "明确栏目责任处室和更新周期，确无内容保障的栏目予以整合或关停。"),
    "update.column-empty": Text("空白栏目", "补充内容；暂无内容的栏目不得对外显示。"),
    "update.homepage-stale": Text("首页不更新", "保障首页信息至少每两周更新一次。"),
    "update.date-irregular": Text("发布时间不规范", "统一为“年-月-日 时:分”格式，并使列表与正文一致。"),
    "disclosure.guide-incomplete": Text("指南要素不全", "对照《政府信息公开条例》第十二条补齐要素。"),
    "disclosure.annual-report-late": Text("年报发布逾期", "按期发布政府信息公开工作年度报告。"),
    "participation.reply-overdue": Text("留言超期未答复", "限期答复网民留言，并公开答复内容。"),
    "service.guide-incomplete": Text("办事指南要素缺失", "补齐设定依据、申请条件、办理材料、办理流程等要素。"),
    "identity.site-code": Text("网站标识码缺失", "在页面底部功能区清晰列明网站标识码。"),
    "function.search": Text("站内搜索", "修复站内搜索，使标题检索可用。"),
    "content.typo": Text("错别字", "核实并更正；严格执行“三审三校”。", Mode.CONFIRMED),
    "content.privacy": Text("泄露个人隐私", "立即对个人信息作去标识化处理，并清除缓存。"),
    "account.stale": Text("内容不更新", "保障账号至少每两周更新一次，无力维护的及时注销。"),
    "account.unverified": Text("未认证", "完成账号主体认证。"),
    "availability.ipv6": Text("IPv6", "支持 IPv6 访问。"),
}
CLAUSES = {
    "link.broken": "《政府网站与政务新媒体检查指标》（国办秘函〔2019〕19号）扣分指标“链接可用性”",
    "update.column-stale": "国办秘函〔2019〕19号 单项否决指标“信息更新”",
    "participation.reply-overdue": "国办秘函〔2019〕19号 单项否决指标“互动回应差”",
    "disclosure.guide-incomplete": "《中华人民共和国政府信息公开条例》第十二条",
    "account.stale": "国办秘函〔2019〕19号 政务新媒体单项否决指标",
}
UNITS = (
    ("yunxi-county", "云溪县人民政府", 137),
    ("lanting-county", "兰亭县人民政府", 64),
    ("city-edu", "临江市教育局/体育局", 88),
    ("city-water", "临江市水利局", 0),
    ("city-water-2", "临江市水利局", 9),
    ("development-zone", "临江高新技术产业开发区管理委员会", 41),
)


def view(*, name: str = "临江市2026年第四季度政府网站与政务新媒体检查") -> InspectionView:
    """The whole inspection; a new object at each call, equal to the last."""
    units = tuple(_unit(place, code, title, many) for place, (code, title, many) in enumerate(UNITS))
    return InspectionView(
        id="2026Q4-01",
        name=name,
        kind="quarterly",
        as_of=AS_OF,
        started=STARTED,
        ended=ENDED,
        rulesets=(
            RulesetRef(WEBSITE, "2026.1", "临江市政府网站绩效评估指标（网站类）"),
            RulesetRef(NEWMEDIA, "2019.1", "政务新媒体检查指标"),
        ),
        tool_version="0.1.0",
        units=units,
        runs=tuple(_runs(units)),
    )


def site(code: str) -> Target:
    return Target(code, f"http://www.{code}.example/", Subject.SITE)


def account(code: str) -> Target:
    return Target(code, f"wechat:gh_{code}", Subject.ACCOUNT)


def _unit(place: int, code: str, name: str, many: int) -> UnitProblems:
    targets = [
        NamedTarget(site(code), f"{name}网站"),
        NamedTarget(account(code), f"{name.removesuffix('人民政府')}发布"),
    ]
    findings = list(_findings(code, many))
    if place == 0:
        findings += list(_hostile(code))
    vetoed = place == 2
    if vetoed:
        findings += list(_overdue(code))
    history = {
        stamped.fingerprint: History(Life.PERSISTING, AS_OF - timedelta(days=91))
        for number, stamped in enumerate(findings)
        if number % 3 == 0
    }
    evidence = {
        f"http://www.{code}.example/zwgk/a{number}.html": [f"evidence/{number:012x}.html"] for number in range(20)
    }
    return unit_problems(
        code,
        name,
        targets,
        _results(code, findings, place),
        _cards(code, name, place, vetoed),
        checks=CHECKS,
        history=history,
        as_of=AS_OF,
        evidence=evidence,
        fixed=None if place == 3 else 12 + place,
    )


def _stamp(target: Target, check: str, finding: Finding, state: State = State.FAIL) -> StampedFinding:
    clause = CLAUSES.get(check, "《政府网站发展指引》（国办发〔2017〕47号）")
    return StampedFinding(check, target, state, finding, clause, fingerprint(check, target, finding))


def _findings(code: str, many: int) -> Iterator[StampedFinding]:
    base = f"http://www.{code}.example"
    here, feed = site(code), account(code)
    for number in range(many):
        page = f"{base}/zwgk/a{number}.html"
        if number % 4 == 0 or number % 7 == 3:
            target = f"{base}/files/{2020 + number % 6}/附件{number}.doc"
            yield _stamp(
                here,
                "link.broken",
                Finding(
                    url=page,
                    message=f"链接“附件{number}”于 2026-11-19 22:14 与 2026-11-20 03:40 两次访问均返回 404",
                    location=f"正文链接“附件{number}”",
                    quote=f"附件{number}",
                    problem_url=target,
                    observed={"status": 404, "scope": "internal", "resource": "attachment", "on_homepage": False},
                    severity=Severity.MAJOR if number % 8 == 0 else Severity.MINOR,
                    confirmations=2,
                ),
            )
        elif number % 4 == 1:
            days = 200 + number
            yield _stamp(
                here,
                "update.column-stale",
                Finding(
                    url=f"{base}/lm{number}/",
                    message=f"栏目“政策文件{number}”最近一条信息发布于 2026-04-{1 + number % 28:02d}，"
                    f"距监测时间点 {days} 天，超过 6 个月的更新期限",
                    location="栏目列表第 1 条",
                    quote=f"关于印发《云溪县政务公开工作要点》的通知（{number}）",
                    observed={"days": days, "limit_days": 183},
                    severity=Severity.MAJOR,
                ),
            )
        elif number % 4 == 2:
            finding = Finding(
                url=page,
                message="疑似错别字：“按装”应为“安装”",
                location="正文第 3 段",
                quote="完成太阳能路灯按装工作",
                observed={"found": "按装", "suggested": "安装"},
            )
            yield _stamp(here, "content.typo", finding, State.NEEDS_REVIEW)
        elif number == 15:
            finding = Finding(
                url=feed.address,
                message="最近一次发文为 2026-10-28，距监测时间点 23 天",
                observed={"days": 23},
                severity=Severity.VETO,
            )
            yield _stamp(feed, "account.stale", finding)
        else:
            yield _stamp(
                here,
                "service.guide-incomplete",
                Finding(
                    url=page,
                    message="办事指南缺少“设定依据”“办理流程”2 类要素",
                    location="办事指南正文",
                    quote=f"事项名称：办理事项第 {number} 号",
                    observed={"missing": ["设定依据", "办理流程"]},
                ),
            )


def _overdue(code: str) -> Iterator[StampedFinding]:
    for number in (1, 2):
        yield _stamp(
            site(code),
            "participation.reply-overdue",
            Finding(
                url=f"http://www.{code}.example/hd/m{number}.html",
                message=f"编号 2026070{number} 的有效留言提交于 2026-07-0{number}，至监测时间点 138 天未公开答复",
                location="网民留言列表",
                quote="咨询农村供水工程入户时间",
                severity=Severity.VETO,
                observed={"days": 138},
            ),
        )


def _hostile(code: str) -> Iterator[StampedFinding]:
    here = site(code)
    page = f"http://www.{code}.example/zwgk/a1.html"
    yield _stamp(here, "link.broken", Finding(url=LONG_URL, message="过长地址两次访问均返回 404", problem_url=LONG_URL))
    yield _stamp(
        here, "link.broken", Finding(url=page, message=FORMULA, location="+1", quote="@SUM(1)", problem_url="-2")
    )
    yield _stamp(here, "link.broken", Finding(url=page, message=SCRIPT, quote=SCRIPT, problem_url=SCRIPT_URL))
    yield _stamp(here, "update.column-empty", Finding(url=page, message=CONTROL, location=CONTROL))
    middle = f"http://www.{code}.example/search?q=" + "%E4%BA%91%E6%BA%AA" * 60
    yield _stamp(
        here, "link.broken", Finding(url=middle, message="较长地址两次访问均返回 404", problem_url=middle + '"x y')
    )


def _results(code: str, findings: list[StampedFinding], place: int) -> Iterator[CheckResult]:
    for target in (site(code), account(code)):
        mine = [stamped for stamped in findings if stamped.target == target]
        for check in CHECKS:
            if check.startswith("account.") is not (target.kind is Subject.ACCOUNT):
                continue
            found = tuple(stamped for stamped in mine if stamped.check == check)
            coverage = Coverage(attempted=412, reached=403, blocked=9)
            if found:
                state = State.FAIL if any(item.state is State.FAIL for item in found) else State.NEEDS_REVIEW
                yield CheckResult(check, target, state, f"发现 {len(found)} 项", found, _measured(check), coverage)
            elif check == "availability.ipv6":
                yield CheckResult(check, target, State.UNDETERMINED, "本机没有 IPv6 网络，未能判定", coverage=coverage)
            elif check == "function.search" and place % 2:
                summary = "搜索请求被对方防护拦截，未能判定"
                coverage = Coverage(4, 0, 4, 0, "被拦截")
                yield CheckResult(check, target, State.UNDETERMINED, summary, coverage=coverage)
            elif check == "identity.site-code" and place == 1:
                yield CheckResult(check, target, State.ERROR, "检查程序出错：ValueError")
            elif check == "account.unverified" and place == 4:
                yield CheckResult(check, target, State.NOT_CHECKED, "须由人工填报，尚未填报")
            else:
                yield CheckResult(check, target, State.PASS, "未发现问题", (), _measured(check), coverage, {"days": 14})


def _measured(check: str) -> tuple[Measurement, ...]:
    if check != "link.broken":
        return ()
    return (Measurement("死链比例", Decimal(7) / Decimal(403), Decimal(7), Decimal(403), "%"),)


def _runs(units: tuple[UnitProblems, ...]) -> Iterator[RunFigures]:
    for place, unit in enumerate(units):
        for item in unit.targets:
            on_site = item.target.kind is Subject.SITE
            yield RunFigures(
                target=item.target,
                name=item.name,
                pages=812 * (place + 1) if on_site else 0,
                links=20_417 * (place + 1) if on_site else 0,
                blocked=9 if on_site else 0,
                exit_reason="被拦截" if place == 1 else "完成",
                wall_seconds=1834.52 + place,
                cpu_seconds=61.3,
            )


def _cards(code: str, name: str, place: int, vetoed: bool) -> Iterator[Scorecard]:
    traces = tuple(_traces(place, vetoed))
    dimensions = tuple(
        DimensionScore(
            dimension,
            sum((t.points for t in traces if t.dimension == dimension), Decimal(0)),
            sum((t.attainable for t in traces if t.dimension == dimension), Decimal(0)),
            sum((t.score for t in traces if t.dimension == dimension and t.score is not None), Decimal(0)),
        )
        for dimension in ("政府信息公开", "解读回应参与", "服务公开", "平台建设", "制度建设与组织保障")
    )
    yield Scorecard(
        target=site(code),
        name=f"{name}网站",
        ruleset=WEBSITE,
        version="2026.1",
        title="临江市政府网站绩效评估指标（网站类）",
        verdict="不合格" if vetoed else "合格",
        total=sum((part.score for part in dimensions), Decimal(0)),
        attainable=sum((part.attainable for part in dimensions), Decimal(0)),
        maximum=Decimal(100),
        assumed_points=Decimal(46),
        dimensions=dimensions,
        traces=traces,
        undetermined=tuple(t.indicator for t in traces if t.state is State.UNDETERMINED),
        vetoed=vetoed,
    )
    stale = place in (0, 1)
    yield Scorecard(
        target=account(code),
        name=f"{name.removesuffix('人民政府')}发布",
        ruleset=NEWMEDIA,
        version="2019.1",
        title="政务新媒体检查指标",
        verdict="不合格" if stale else "合格",
        total=Decimal(0),
        attainable=Decimal(0),
        maximum=Decimal(0),
        assumed_points=Decimal(0),
        dimensions=(),
        traces=(
            ScoreTrace(
                "account.update", "内容不更新", "单项否决", Kind.VETO, Decimal(0),
                State.FAIL if stale else State.PASS, Decimal(0), Decimal(0),
                "监测时间点前 2 周内无更新的，单项否决", "国办秘函〔2019〕19号", Provenance.PRINTED,
                {"findings": 1}, "已确认问题 1 项 ≥ 1 项" if stale else "已确认问题 0 项 < 1 项", ("account.stale",),
            ),
        ),
        undetermined=(),
        vetoed=stale,
    )  # fmt: skip


def _traces(place: int, vetoed: bool) -> Iterator[ScoreTrace]:
    yield ScoreTrace(
        "veto.reply", "互动回应差", "单项否决", Kind.VETO, Decimal(0), State.FAIL if vetoed else State.PASS, Decimal(0),
        Decimal(0), "监测时间点前 1 年内，对网民有效留言超过 3 个月未答复的，单项否决",
        "国办秘函〔2019〕19号 单项否决指标", Provenance.PRINTED, {"findings": 2 if vetoed else 0},
        "已确认问题 2 项 ≥ 1 项" if vetoed else "已确认问题 0 项 < 1 项", ("participation.reply-overdue",),
    )  # fmt: skip
    rows = (
        ("政府信息公开", "信息公开指南", 10, Kind.DEDUCT, "disclosure.guide-incomplete"),
        ("政府信息公开", "政府信息公开工作年度报告", 15, Kind.DEDUCT, "disclosure.annual-report-late"),
        ("政府信息公开", "栏目更新", 15, Kind.DEDUCT, "update.column-stale"),
        ("解读回应参与", "留言答复", 10, Kind.DEDUCT, "participation.reply-overdue"),
        ("服务公开", "办事指南要素", 20, Kind.RATIO, "service.guide-incomplete"),
        ("平台建设", "链接可用性", 12, Kind.DEDUCT, "link.broken"),
        ("平台建设", "站内搜索", 8, Kind.PRESENCE, "function.search"),
        ("制度建设与组织保障", "组织保障", 10, Kind.MANUAL, ""),
    )
    for number, (dimension, name, points, kind, check) in enumerate(rows):
        full = Decimal(points)
        lost = min(Decimal((place * 3 + number) % 7) / Decimal(3), full)
        unknown = check == "function.search" and place % 2 == 1
        manual = kind is Kind.MANUAL and place == 4
        state = State.UNDETERMINED if unknown else State.NOT_CHECKED if manual else State.FAIL if lost else State.PASS
        none = unknown or manual
        yield ScoreTrace(
            f"i{number}", name, dimension, kind, full, state, None if none else full - lost,
            Decimal(0) if none else full, "每处扣 0.33 分，最多扣完为止" if kind is Kind.DEDUCT else "按比例得分",
            CLAUSES.get(check, "《政府网站发展指引》（国办发〔2017〕47号）"),
            Provenance.ASSUMED if number % 2 else Provenance.PRINTED,
            {"points": full, "lost": lost}, "" if none else f"{points} − min({lost:.2f}, {points}) = {full - lost:.2f}",
            (check,) if check else (), (),
            "搜索请求被对方防护拦截" if unknown else "尚未填报" if manual else "",
        )  # fmt: skip
