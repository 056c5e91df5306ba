"""A site whose lists and footer are written by scripts; `/api/channel/list` holds the items."""

from __future__ import annotations

from dataclasses import dataclass

from demo.makes.make import Make
from demo.model import Article, Column


@dataclass(frozen=True, slots=True)
class Scripted(Make):
    """Articles and standing texts are static; scripted columns share one shell page."""

    name: str = "scripted"
    fits_phones: bool = True
    page_size: int = 20
    search_path: str = "/web/search.html"
    search_field: str = "keyword"
    sitemap_path: str = "/web/map.html"
    about_path: str = "/web/contact.html"

    def column(self, column: Column, page: int = 1, pages: int = 1) -> str:
        """`/web/list.html?channel=gzdt` where a script fills it, else `/web/xxgk/index.html`."""
        if column.scripted:
            return f"/web/list.html?channel={column.slug}"
        return f"/web/{column.slug}/index{f'_{page}' if page > 1 else ''}.html"

    def article(self, article: Article) -> str:
        """`/web/article/20261118/1023.html`."""
        return f"/web/article/{article.published:%Y%m%d}/{article.number}.html"

    def data(self, column: Column, page: int) -> str:
        """The address of a scripted column's items as JSON."""
        return f"/api/channel/list?code={column.slug}&page={page}"
