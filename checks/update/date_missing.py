"""update.date-missing: articles and lists that do not say when they were published."""

from __future__ import annotations

from collections.abc import Iterator

from checks import columns, derived, lexicon
from checks.model import JSON, Check, Finding, Mode, State, Subject, Thresholds, Verdict
from checks.settings import integer
from checks.settling import settle, share
from crawler.facts import ColumnFact, SiteFacts

_LISTED = 200


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding an article whose own page shows no date, one a list none of whose entries does.

    Where the articles of one column show none, `template_min` and more, it is the template's fault: one finding.
    """
    view = derived.of(facts)
    lists = [column for column in columns.distinct(facts.columns) if columns.must_show_dates(column) and column.items]
    if not view.articles and not lists and not view.unrendered:
        return Verdict(State.UNDETERMINED, "未能判定：没有取得稿件页，也没有取得信息类栏目的列表")
    bare = [column for column in lists if _is_undated(column, integer(thresholds, "list_items_min"))]
    findings = list(_of_articles(facts, view, integer(thresholds, "template_min")))
    findings += [_of_list(column) for column in bare]
    doubts = [f"{view.unrendered} 个稿件页由脚本填充，未能读取"] if view.unrendered else []
    if view.gap:
        doubts.append(f"{view.gap}，未取得的页面没有查看")
    return settle(
        findings=findings,
        doubts=doubts,
        failed=f"查看 {view.articles} 个稿件页和 {len(lists)} 个信息类栏目列表，"
        f"未注明发布时间的稿件 {len(view.undated)} 个、列表 {len(bare)} 个",
        passed=f"查看 {view.articles} 个稿件页和 {len(lists)} 个信息类栏目列表，均注明了发布时间",
        measurements=(share("未注明时间的稿件占比", len(view.undated), view.articles),),
    )


def _of_articles(facts: SiteFacts, view: derived.SiteView, template_min: int) -> Iterator[Finding]:
    """The findings of single articles, and of columns whose articles lack a date alike."""
    column_of = {item.url: column for column in facts.columns for item in column.items if item.url}
    by_column: dict[str, list[derived.Heading]] = {}
    for page in view.undated:
        column = column_of.get(page.url)
        by_column.setdefault(column.url if column else "", []).append(page)
    for url, pages in by_column.items():
        if url and len(pages) >= template_min:
            yield _of_template(column_of[pages[0].url], pages)
        else:
            yield from map(_of_article, pages)


def _of_article(page: derived.Heading) -> Finding:
    return Finding(
        url=page.url,
        message=f"稿件“{page.title}”未注明发布时间" if page.title else "稿件页未注明发布时间",
        location="稿件页",
        quote=page.title,
        observed={"kind": "article"},
        evidence_urls=(page.url,),
    )


def _of_template(column: ColumnFact, pages: list[derived.Heading]) -> Finding:
    first = min(pages, key=lambda page: (len(page.url), page.url))
    urls: list[JSON] = [page.url for page in pages[:_LISTED]]
    return Finding(
        url=first.url,
        message=f"{columns.words(column)}的 {len(pages)} 个稿件页均未注明发布时间，如“{first.title}”",
        location="稿件页",
        quote=first.title,
        observed={"kind": "template", "column": column.name, "pages": urls, "page_count": len(pages)},
        evidence_urls=(first.url, column.url),
    )


def _is_undated(column: ColumnFact, items_min: int) -> bool:
    return len(column.items) >= items_min and not any(item.date for item in column.items)


def _of_list(column: ColumnFact) -> Finding:
    return Finding(
        url=column.url,
        message=f"{columns.words(column)}的列表共 {len(column.items)} 条信息，均未注明发布时间",
        location=columns.words(column),
        quote=column.name,
        observed={"kind": "list", "items": len(column.items)},
        evidence_urls=column.pages or (column.url,),
    )


CHECK = Check(
    id="update.date-missing",
    title="未注明发布时间",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="未注明发布时间的信息，公众无从判断其时效，检查中视为不更新。",
    rectify="在稿件页标题下方和栏目列表中注明发布时间，格式为 YYYY-MM-DD 或 YYYY-MM-DD HH:MM。",
    measured="稿件页的标签、标注时间、结构化数据和正文均读不出发布时间的，逐篇列出，"
    "同一栏目达到规定篇数的视为模板问题，合并为一条；"
    "动态要闻、通知公告、政策文件、政策解读类栏目的列表全部条目均无时间的，列出该栏目。",
    limits="指南、概况等常设文本不要求注明；以图片形式显示的时间读不出；由脚本填充而未能读取的页面为未能判定。",
    clause="国办发〔2017〕47号 附件“网页设计规范”（发布时间）；国办发〔2015〕15号 附件注（未注明发布时间的视为不更新）",
    judge=judge,
    needs=("pages",),
    thresholds=lexicon.thresholds("update.date-missing"),
)
