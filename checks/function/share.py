"""function.share: whether articles can be shared."""

from __future__ import annotations

from checks import derived, lexicon
from checks.model import JSON, Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settings import integer
from checks.settling import settle, share, undetermined
from crawler.facts import PageKind, SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding for the site's template where no sampled article has a share bar, or where some have none.

    A bar that a script makes stands in no page's text: a script that was not read is a doubt, one that shares a pass.
    """
    looks = [look for look in facts.looks if look.kind == PageKind.ARTICLE.value]
    read = [look for look in looks if not look.unseen]
    if len(read) < integer(thresholds, "articles_min"):
        return undetermined(f"只有 {len(read)} 个可读的稿件页，不足以判断")
    lacking = [look for look in read if not look.sharing]
    measured = (share("可分享的稿件占比", len(read) - len(lacking), len(read)),)
    if not lacking:
        return Verdict(State.PASS, f"抽查 {len(read)} 个稿件页，均有分享功能", measurements=measured)
    loaded = {url for look in lacking for url in look.scripts}
    scripts = [script for script in facts.scripts or () if script.url in loaded]
    sharing = next((script for script in scripts if script.sharing), None)
    if sharing:
        return Verdict(State.PASS, f"稿件页的分享功能由脚本提供（{sharing.url}）", measurements=measured)
    unread = [script.url for script in scripts if not script.read]
    if facts.scripts is None or unread or loaded - {script.url for script in scripts}:
        words = f"有 {len(unread)} 个脚本没有读取" if unread else "稿件页的脚本没有读取"
        return undetermined(f"{len(lacking)} 个稿件页未见分享功能，但{words}，可能由脚本生成", measured)
    urls: list[JSON] = [look.url for look in lacking]
    first = min(lacking, key=lambda look: (len(look.url), look.url))
    finding = Finding(
        url=first.url,
        message=f"抽查的 {len(read)} 个稿件页中有 {len(lacking)} 个没有分享功能",
        location="稿件页",
        observed={"pages": urls, "page_count": len(lacking), "tried": len(read)},
        severity=Severity.MINOR,
        evidence_urls=(first.url,),
    )
    gap = derived.gap_of(facts)
    return settle(
        findings=[finding],
        doubts=[gap] if gap else [],
        failed=f"抽查 {len(read)} 个稿件页，其中 {len(lacking)} 个没有分享功能",
        passed="",
        measurements=measured,
    )


CHECK = Check(
    id="function.share",
    title="无分享功能",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="稿件便于转发分享，政府信息才能更快更广地到达公众。",
    rectify="在稿件页模板中加入分享到微信、微博等的功能，改一处即可覆盖全部稿件。",
    measured="抽查的稿件页中查找常见分享组件、分享按钮和“分享到”字样，并查看其加载的本站脚本；都没有的，合并为一条，注明页面数。",
    limits="稿件页的脚本有一个未能读取的为未能判定；页头页脚中的微信、微博二维码不算分享功能；可读的稿件页太少时不作判断。",
    clause="国办发〔2017〕47号 附件“网页设计规范”（稿件页提供分享功能）；安政办函〔2018〕50号 通报（分享转载）",
    judge=judge,
    needs=("pages",),
    thresholds=lexicon.thresholds("function.share"),
)
