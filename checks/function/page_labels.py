"""function.page-labels: whether pages bear the required `<meta>` labels, filled and true to the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from checks import derived, lexicon
from checks.footer import tried_pages
from checks.identity.title import core
from checks.model import JSON, Check, Finding, Mode, Severity, Subject, Thresholds, Verdict
from checks.settling import settle, share, undetermined
from crawler.facts import DateSource, PageFact, PageKind, SiteFacts

_BLANKS = re.compile(r"[\W_]+")


class _Labels(Struct, frozen=True):
    """What is wrong with one page's labels: absent, empty, and at odds with the page (label → how)."""

    page: PageFact
    required: int
    absent: tuple[str, ...]
    empty: tuple[str, ...]
    wrong: tuple[tuple[str, str], ...]

    @property
    def right(self) -> int:
        """How many of the required labels stand there filled."""
        return self.required - len(self.absent) - len(self.empty)


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding for each set of labels that are absent, empty or wrong, with all pages of the sample that show it.

    The head of a page is its template's: five articles without PubDate are one fault. A label may stand twice: a filled
    one counts. A page whose head a script writes tells nothing if it has no labels.
    """
    tried = [page for page in tried_pages(facts) if page.kind is not PageKind.OTHER]
    if not tried:
        return undetermined("没有取得首页、栏目页或稿件页")
    unknown = [page for page in tried if page.scripted and not page.rendered and not page.labels]
    read = [_read(facts, page) for page in tried if page not in unknown]
    alike: dict[tuple[object, ...], list[_Labels]] = {}
    for labels in read:
        if labels.absent or labels.empty or labels.wrong:
            alike.setdefault((labels.absent, labels.empty, labels.wrong), []).append(labels)
    findings = [_finding(members) for members in alike.values()]
    faulty = sum(map(len, alike.values()))
    doubts = [f"{len(unknown)} 个页面由脚本生成，未能读取"] if unknown else []
    return settle(
        findings=findings,
        doubts=doubts,
        failed=f"查看 {len(read)} 个页面，其中 {faulty} 个页面的标签不规范",
        passed=f"查看 {len(read)} 个页面，必选标签齐全且与页面一致",
        measurements=(share("网页标签填写率", sum(r.right for r in read), sum(r.required for r in read)),),
    )


def _read(facts: SiteFacts, page: PageFact) -> _Labels:
    required = lexicon.words("labels", "all") + _of_kind(page)
    values: dict[str, list[str]] = {}
    for name, value in page.labels:
        values.setdefault(name.lower(), []).append(value.strip())
    absent = tuple(name for name in required if name.lower() not in values)
    empty = tuple(name for name in required if name.lower() in values and not any(values[name.lower()]))
    filled = {name: next(filter(None, values[name.lower()])) for name in required if name not in (*absent, *empty)}
    return _Labels(page, len(required), absent, empty, tuple(_at_odds(facts, page, filled)))


def _of_kind(page: PageFact) -> tuple[str, ...]:
    if page.kind in (PageKind.HOME, PageKind.COLUMN, PageKind.ARTICLE):
        return lexicon.words("labels", page.kind.value)
    return ()


def _at_odds(facts: SiteFacts, page: PageFact, filled: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Labels whose value differs from what the page or the registry says; only what is plain is called wrong."""
    code = filled.get("SiteIDCode", "")
    if code and facts.site.site_code and code.lower() != facts.site.site_code.lower():
        yield "SiteIDCode", f"为“{code}”，登记的标识码为“{facts.site.site_code}”"
    name = filled.get("SiteName", "")
    if name and core(facts.site.name) and core(name) not in {core(facts.site.name), core(facts.unit.name)}:
        yield "SiteName", f"为“{name}”，登记的网站名称为“{facts.site.name}”"
    host, domain = derived.host(facts.site.home_url), filled.get("SiteDomain", "")
    if domain and derived.is_named_host(host) and _bare_host(domain) != _bare_host(host):
        yield "SiteDomain", f"为“{domain}”，网站域名为“{host}”"
    title = _squeezed(filled.get("ArticleTitle", ""))
    shown = [_squeezed(words) for words in (page.heading, page.title) if words]
    if title and shown and not any(title in words or words in title for words in shown if words):
        yield "ArticleTitle", f"为“{filled['ArticleTitle']}”，页面标题为“{page.heading or page.title}”"
    yield from _date_at_odds(page, filled.get("PubDate", ""))


def _date_at_odds(page: PageFact, label: str) -> Iterator[tuple[str, str]]:
    if not label:
        return
    if not lexicon.pattern("labels", "pub_date").fullmatch(label):
        yield "PubDate", f"为“{label}”，格式应为 YYYY-MM-DD HH:MM"
    labelled = next((d for d in page.dates if d.source is DateSource.LABEL), None)
    visible = next((d for d in page.dates if d.source is DateSource.LABELLED_TEXT), None)
    if labelled and visible and labelled.value != visible.value:
        yield "PubDate", f"为“{label}”，页面显示“{visible.quote}”"


def _bare_host(domain: str) -> str:
    bare = domain.strip().lower().removeprefix("http://").removeprefix("https://").split("/")[0].split(":")[0]
    return bare.removeprefix("www.")


def _squeezed(text: str) -> str:
    return _BLANKS.sub("", text)


def _finding(alike: list[_Labels]) -> Finding:
    """The finding of pages with the same fault; it stands on the first of them."""
    labels = alike[0]
    parts = []
    if labels.absent:
        parts.append(f"缺少 {'、'.join(labels.absent)}")
    if labels.empty:
        parts.append(f"{'、'.join(labels.empty)} 为空")
    parts += [f"{name} {how}" for name, how in labels.wrong]
    absent: list[JSON] = list(labels.absent)
    empty: list[JSON] = list(labels.empty)
    pages: list[JSON] = [member.page.url for member in alike]
    kinds = "、".join(dict.fromkeys(_KINDS.get(member.page.kind, "页面") for member in alike))
    count = f"（抽查中有 {len(alike)} 个页面相同）" if len(alike) > 1 else ""
    return Finding(
        url=labels.page.url,
        message=f"页面标签{'；'.join(parts)}{count}",
        location=f"页面标签（{kinds}）",
        observed={
            "kind": labels.page.kind.value,
            "missing": absent,
            "empty": empty,
            "wrong": dict(labels.wrong),
            "pages": pages,
            "page_count": len(alike),
        },
        severity=Severity.MINOR,
        evidence_urls=(labels.page.url,),
    )


_KINDS = {PageKind.HOME: "首页", PageKind.COLUMN: "栏目页", PageKind.ARTICLE: "内容页", PageKind.DOCUMENT: "内容页"}

CHECK = Check(
    id="function.page-labels",
    title="页面标签不规范",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="规范的页面标签是政府网站信息被准确检索、归集和监管的基础。",
    rectify="在网站模板中按规范设置网站、栏目、内容标签，逐页填写真实值；同一模板改一处即可消除同类问题。",
    measured="查看首页和抽查的栏目页、内容页：必选标签是否设置、是否为空、是否与页面和登记一致（标识码、"
    "网站名称、域名、标题、发布时间）。"
    "标签名不区分大小写，同名标签有一个填写即可；各页缺少、为空、不符的标签相同的合并为一条，注明页面数。",
    limits="可选标签（Keywords、Author 等）不计；内容页的栏目标签由栏目继承，不要求；"
    "由脚本生成而未读到标签的页面为未能判定；"
    "以 IP 地址登记的网站不核对 SiteDomain。",
    clause="国办发〔2017〕47号 附件“网页设计规范”（网页标签）；国办秘函〔2019〕19号 扣分指标“功能设计—页面标签”",
    judge=judge,
    needs=("home",),
)
