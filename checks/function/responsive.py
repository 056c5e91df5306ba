"""function.responsive: whether sampled pages fit a phone's screen."""

from __future__ import annotations

from collections.abc import Iterator

from checks import lexicon
from checks.displays import listed, shown, why_not
from checks.model import Check, Finding, Mode, Subject, Thresholds, Verdict
from checks.settings import integer
from checks.settling import settle, share, undetermined
from crawler.facts import DisplayFact, SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding for pages without a viewport, one for pages that are wider than the screen; both count their pages.

    A page that seems to send phones elsewhere is neither: we do not pass for a phone and see another page than one.
    """
    pages = shown(facts)
    if not pages:
        return undetermined("；".join(why_not(facts)))
    told = [page for page in pages if not page.switches]
    tolerance = integer(thresholds, "tolerance_px")
    bare = [page for page in told if page.viewport is None]
    wide = [page for page in told if page.viewport is not None and page.page_width > page.phone_width + tolerance]
    doubts = why_not(facts)
    doubts += [f"{page.url} 可能另给手机提供页面（{page.switches[:60]}）" for page in pages if page.switches]
    unfit = len(bare) + len(wide)
    findings = tuple(_findings(bare, wide, len(told)))
    return settle(
        findings=findings,
        doubts=doubts,
        failed="；".join(finding.message for finding in findings),
        passed=f"抽查 {len(told)} 个页面，在 {told[0].phone_width if told else 0} 像素宽的屏幕上均无须横向滚动",
        measurements=(share("移动端适配页面占比", len(told) - unfit, len(told)),),
    )


def _findings(bare: list[DisplayFact], wide: list[DisplayFact], of: int) -> Iterator[Finding]:
    if bare:
        yield _finding(bare, "未设置移动端视口", f"抽查 {of} 个页面，{len(bare)} 个没有设置移动端视口（viewport）")
    if wide:
        widest = max(wide, key=lambda page: (page.page_width, page.url))
        message = (
            f"抽查 {of} 个页面，{len(wide)} 个在 {widest.phone_width} 像素宽的屏幕上须横向滚动，"
            f"最宽 {widest.page_width} 像素（{widest.url}）"
        )
        yield _finding(wide, "横向溢出", message)


def _finding(pages: list[DisplayFact], name: str, message: str) -> Finding:
    return Finding(
        url=pages[0].url,
        message=message,
        location="手机屏幕显示",
        quote=name,
        observed={
            "pages": len(pages),
            "listed": listed(pages),
            "widths": {page.url: page.page_width for page in pages},
            "wide": list(pages[0].wide),
        },
        evidence_urls=tuple(page.url for page in pages),
    )


CHECK = Check(
    id="function.responsive",
    title="移动适配",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="多数群众用手机访问；页面不适配时字小难认，须左右拖动才能看全。",
    rectify="设置 viewport 并按屏幕宽度排版，过宽的表格、图片和导航在窄屏上收缩或换行；或另设手机版并自动跳转。",
    measured="访问结束时由浏览器打开首页、一个栏目页和一篇稿件，按 390 像素宽的手机屏幕显示，"
    "看有无 viewport、内容是否宽出屏幕；过宽的重新载入再量一次。",
    limits="只抽查三类页面各一个；采集程序不冒充手机，页面上有另给手机提供页面的迹象时为未能判定；"
    "被页面自身裁掉、无法滚动到的内容不算；浏览器不可用或样式未能载入的为未能判定。",
    clause="国办发〔2017〕47号 附件《网页设计规范》（多终端访问，待核）；限值为本系统暂定",
    judge=judge,
    thresholds=lexicon.thresholds("function.responsive"),
)
