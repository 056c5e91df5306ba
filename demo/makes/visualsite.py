"""In the manner of 博达 (VisualSiteBuilder): `/xwzx/swyw.htm`, then `/xwzx/swyw/2.htm`; `/info/1011/2345.htm`."""

from __future__ import annotations

from dataclasses import dataclass

from demo.makes.make import Make
from demo.model import Article, Column


@dataclass(frozen=True, slots=True)
class VisualSite(Make):
    """List pages are numbered from the oldest (1) upwards, so that page 2 of 5 is `4.htm`; links are relative."""

    name: str = "visualsite"
    relative_links: bool = True
    page_size: int = 12
    search_path: str = "/ssjg.jsp"
    search_field: str = "wbkeyword"
    sitemap_path: str = "/wzdt.htm"
    about_path: str = "/lxwm.htm"

    def column(self, column: Column, page: int = 1, pages: int = 1) -> str:
        """`/xwzx/swyw.htm`, then `/xwzx/swyw/{pages - 1}.htm` downwards."""
        stem = "/" + "/".join(step.slug for step in column.trail)
        return f"{stem}.htm" if page == 1 else f"{stem}/{pages - page + 1}.htm"

    def article(self, article: Article) -> str:
        """`/info/1011/2345.htm`."""
        return f"/info/{1000 + article.column.number}/{article.number}.htm"
