"""The marks that the foot of every page must bear (底部功能区), tried on the home page and on sampled inner pages."""

from __future__ import annotations

from collections.abc import Iterator

from checks import derived
from checks.model import JSON, Finding, Severity, Verdict
from checks.settling import settle, share
from crawler.facts import PageFact, SiteFacts


def judge_mark(facts: SiteFacts, mark: str, name: str) -> Verdict:
    """One finding where the home page or an inner page lacks the mark; `mark` is a field of FooterMarks.

    A foot that a script writes proves nothing by what it lacks, nor does a page that only a browser shows and none did.
    """
    pages = tuple(tried_pages(facts))
    lacking = [page for page in pages if not getattr(page.marks, mark)]
    missing = [page for page in lacking if not page.marks.scripted and (page.rendered or not page.scripted)]
    unknown = len(lacking) - len(missing)
    return settle(
        findings=[_finding(facts, missing, len(pages), mark, name)] if missing else [],
        doubts=[f"{unknown} 个页面的页脚由脚本或框架生成，未能读取"] if unknown else [],
        failed=f"查看首页和 {len(pages) - 1} 个内页，其中 {len(missing)} 个页面底部缺少{name}",
        passed=f"查看首页和 {len(pages) - 1} 个内页，底部均有{name}",
        measurements=(share(f"有{name}的页面占比", len(pages) - len(lacking), len(pages)),),
    )


def tried_pages(facts: SiteFacts) -> Iterator[PageFact]:
    """The home page and the sampled inner pages that were seen, each once, on the site's own hosts; no frames."""
    known: set[str] = set(derived.of(facts).frames)
    if facts.home:
        known.discard(facts.home.url)
    for page in ((facts.home,) if facts.home else ()) + facts.sample:
        if page.outcome.is_seen and page.url not in known and (page is facts.home or derived.is_own(facts, page.url)):
            known.add(page.url)
            yield page


def _finding(facts: SiteFacts, missing: list[PageFact], tried: int, mark: str, name: str) -> Finding:
    on_home = missing[0] is facts.home
    inner = len(missing) - on_home
    urls: list[JSON] = [page.url for page in missing]
    where = [f"首页底部缺少{name}"] if on_home else []
    if inner:
        lack = "也缺少" if on_home else f"底部缺少{name}"
        where.append(f"抽查的 {tried - 1} 个内页中有 {inner} 个{lack}")
    return Finding(
        url=missing[0].url,
        message="；".join(where),
        location="页面底部功能区",
        observed={"mark": mark, "on_homepage": on_home, "pages": urls, "page_count": len(missing)},
        severity=Severity.MINOR,
        evidence_urls=(missing[0].url,),
    )
