"""An old site in GBK: table layout, charset only in `<meta>`, relative links, leaders in one table."""

from __future__ import annotations

from dataclasses import dataclass

from demo.makes.make import Make
from demo.model import Article, Column, Shape


@dataclass(frozen=True, slots=True)
class GbkTable(Make):
    """Flat folders by column; addresses carry no date."""

    name: str = "gbk_table"
    charset: str = "gbk"
    charset_in_header: bool = False
    relative_links: bool = True
    leaders_on_one_page: bool = True
    page_size: int = 12
    search_path: str = "/search.asp"
    search_field: str = "keyword"
    sitemap_path: str = "/sitemap.htm"
    about_path: str = "/about.htm"

    def column(self, column: Column, page: int = 1, pages: int = 1) -> str:
        """`/tzgg/list.htm`, `/tzgg/list2.htm`; a standing text is `/dwgk/index.htm`."""
        if column.shape is not Shape.LIST:
            return f"/{column.slug}/index.htm"
        return f"/{column.slug}/list{page if page > 1 else ''}.htm"

    def article(self, article: Article) -> str:
        """`/tzgg/show1234.htm`."""
        return f"/{article.column.slug}/show{article.number}.htm"
