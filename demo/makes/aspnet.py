"""An ASP.NET site: everything is told by the query, some links bear a session id, 200 for what is not there."""

from __future__ import annotations

from dataclasses import dataclass

from demo.makes.make import Make
from demo.model import Article, Column, Leader, Shape


@dataclass(frozen=True, slots=True)
class AspNet(Make):
    """`list.aspx?cid=`, `page.aspx?cid=` for standing texts, `content.aspx?id=` for articles."""

    name: str = "aspnet"
    leaders_on_one_page: bool = True
    page_size: int = 10
    search_path: str = "/search.aspx"
    search_field: str = "key"
    sitemap_path: str = "/sitemap.aspx"
    about_path: str = "/page.aspx?cid=900"

    def column(self, column: Column, page: int = 1, pages: int = 1) -> str:
        """`/list.aspx?cid=12`, then `/list.aspx?cid=12&page=2`."""
        if column.shape in (Shape.LIST, Shape.HUB):
            return f"/list.aspx?cid={column.number}" + (f"&page={page}" if page > 1 else "")
        return f"/page.aspx?cid={column.number}"

    def article(self, article: Article) -> str:
        """`/content.aspx?id=1023`."""
        return f"/content.aspx?id={article.number}"

    def leader(self, column: Column, leader: Leader) -> str:
        """All persons stand on the column's page."""
        return self.column(column)
