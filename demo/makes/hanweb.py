"""In the manner of 大汉 (Hanweb): `/col/col12/index.html`, `/art/2026/11/18/art_12_345.html`."""

from __future__ import annotations

from dataclasses import dataclass

from demo.makes.make import Make
from demo.model import Article, Column


@dataclass(frozen=True, slots=True)
class Hanweb(Make):
    """Addresses by column number; the home page prints dates without a year."""

    name: str = "hanweb"
    home_day: str = "%m-%d"
    page_size: int = 18
    search_path: str = "/jsearch/search.html"
    search_field: str = "q"
    sitemap_path: str = "/col/col2/index.html"
    about_path: str = "/col/col3/index.html"

    def column(self, column: Column, page: int = 1, pages: int = 1) -> str:
        """`/col/col12/index.html`, then `/col/col12/index_2.html`."""
        return f"/col/col{column.number}/index{f'_{page}' if page > 1 else ''}.html"

    def article(self, article: Article) -> str:
        """`/art/2026/11/8/art_12_345.html`: month and day without a leading zero."""
        day = article.published
        return f"/art/{day.year}/{day.month}/{day.day}/art_{article.column.number}_{article.number}.html"
