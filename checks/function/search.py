"""function.search: whether the site has a search of its own that finds what the site has published."""

from __future__ import annotations

from checks import lexicon
from checks.footer import tried_pages
from checks.model import Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settling import settle, share, undetermined
from crawler.facts import SearchTrial, SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """No form and no entry → fail; a sampled title that a result page we saw does not list → a finding each."""
    if facts.search is None:
        return _by_entry(facts)
    told = [trial for trial in facts.search if trial.found or (trial.outcome.is_seen and not trial.scripted)]
    if not told:
        return undetermined(_why_untold(facts.search))
    findings = [_finding(facts, trial) for trial in told if not trial.found]
    untold = len(facts.search) - len(told)
    hits = len(told) - len(findings)
    return settle(
        findings=findings,
        doubts=[f"{untold} 个标题的结果页未能读取"] if untold else [],
        failed=f"以 {len(told)} 个已发布的标题试用站内搜索，结果首页未见其中 {len(findings)} 个",
        passed=f"以 {len(told)} 个已发布的标题试用站内搜索，均在结果首页找到",
        measurements=(share("站内搜索命中率", hits, len(told)),),
    )


def _by_entry(facts: SiteFacts) -> Verdict:
    """What can be said without a trial: whether there is a search at all."""
    pages = tuple(tried_pages(facts))
    if any(page.search_forms for page in pages):
        return undetermined("设有站内搜索，但本次未能试用")
    entry = lexicon.pattern("search_entry", "patterns")
    links = [*facts.navigation, *(link for page in pages for link in page.links)]
    named = next((link for link in links if entry.search(link.text)), None)
    if named:
        return undetermined(f"设有站内搜索入口“{named.text}”，但本次未能试用")
    if any(page.scripted or (page.embedded and not page.rendered) for page in pages):
        return undetermined("未见站内搜索，但有页面由脚本或嵌入页面填充，未能完整读取")
    message = f"首页和抽查的 {len(pages) - 1} 个内页均未提供站内搜索"
    finding = Finding(
        url=facts.site.home_url,
        message=message,
        location="首页",
        observed={"pages": len(pages)},
        severity=Severity.MAJOR,
        evidence_urls=(facts.site.home_url,),
    )
    return Verdict(State.FAIL, message, (finding,))


def _why_untold(trials: tuple[SearchTrial, ...]) -> str:
    if not trials:
        return "没有取得可供抽查的标题"
    if any(trial.scripted for trial in trials):
        return "搜索结果页由脚本填充，未能读取"
    return f"搜索结果页未能打开（{trials[0].outcome.label}）"


def _finding(facts: SiteFacts, trial: SearchTrial) -> Finding:
    return Finding(
        url=trial.search_url or facts.site.home_url,
        message=f"站内搜索已发布的标题“{trial.title}”，结果首页未找到该信息",
        location="站内搜索结果首页",
        quote=trial.title,
        problem_url=trial.expected_url,
        observed={"title": trial.title, "search_url": trial.search_url},
        severity=Severity.MINOR,
        evidence_urls=(trial.search_url, trial.expected_url),
    )


CHECK = Check(
    id="function.search",
    title="站内搜索不可用",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="站内搜索是公众查找政府信息的主要途径，搜不到已发布的信息等于没有公开。",
    rectify="在首页和内页显著位置提供站内搜索；及时更新索引，使已发布信息能以标题检索到并排在结果首页。",
    measured="在首页和内页查找搜索框或搜索入口；随机取若干已发布信息的标题检索，看结果首页是否列出该信息。",
    limits="结果页打不开、需登录、被拦截或由脚本填充的为未能判定；以脚本实现、"
    "没有表单和入口文字的搜索框可能识别不出；不评价排序和智能提示。",
    clause="国办秘函〔2019〕19号 扣分指标“功能设计—搜索功能”",
    judge=judge,
    needs=("home",),
)
