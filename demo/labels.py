"""The `<meta>` labels of a page (国办发〔2017〕47号 附件: 网页标签), less those that the plan leaves out."""

from __future__ import annotations

from demo.model import Article, Column, SitePlan

Labels = tuple[tuple[str, str], ...]
_TYPES = {
    "news": "工作动态",
    "notice": "通知公告",
    "policy": "政策文件",
    "interpretation": "解读回应",
    "response": "解读回应",
    "annual-report": "信息公开年报",
    "service": "办事服务",
    "letters": "互动交流",
    "consultation": "互动交流",
    "interview": "互动交流",
}


def home_labels(site: SitePlan) -> Labels:
    """The labels of the home page."""
    return _kept(site, (*_site(site), *_column("首页", f"{site.name}首页", "首页")))


def column_labels(site: SitePlan, column: Column) -> Labels:
    """The labels of a column's page or a standing text."""
    return _kept(
        site,
        (*_site(site), *_column(column.name, f"{site.name}{column.name}栏目", _TYPES.get(column.kind, column.name))),
    )


def article_labels(site: SitePlan, article: Article) -> Labels:
    """The labels of an article; an undated one has no PubDate."""
    own = [
        ("ArticleTitle", article.title),
        ("ContentSource", article.source),
        ("Keywords", f"{site.area};{article.column.name}"),
    ]
    if article.dated:
        own.insert(1, ("PubDate", article.stamp))
    column = _column(
        article.column.name,
        f"{site.name}{article.column.name}栏目",
        _TYPES.get(article.column.kind, article.column.name),
    )
    return _kept(site, (*_site(site), *column, *own, ("Description", article.paragraphs[0][:60])))


def _site(site: SitePlan) -> Labels:
    return (("SiteName", site.marks.page_title), ("SiteDomain", site.host), ("SiteIDCode", site.site_code))


def _column(name: str, about: str, kind: str) -> Labels:
    return (
        ("ColumnName", name),
        ("ColumnDescription", about),
        ("ColumnKeywords", f"{name};政务公开"),
        ("ColumnType", kind),
    )


def _kept(site: SitePlan, labels: Labels) -> Labels:
    return tuple(
        (name, "" if name in site.empty_labels else value) for name, value in labels if name not in site.missing_labels
    )
