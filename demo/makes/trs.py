"""In the manner of TRS: static HTML5, UTF-8, folders by column, `t20261118_10234.html`, pages `index_1.html`."""

from __future__ import annotations

from dataclasses import dataclass

from demo.makes.make import Make
from demo.model import Article, Column


def _folder(column: Column) -> str:
    return "/" + "/".join(step.slug for step in column.trail) + "/"


@dataclass(frozen=True, slots=True)
class Trs(Make):
    """Columns are folders; the second page of a list is `index_1.html`."""

    name: str = "trs"
    page_size: int = 15
    search_path: str = "/search/index.html"
    search_field: str = "searchword"
    fits_phones: bool = True
    for_all: bool = True

    def column(self, column: Column, page: int = 1, pages: int = 1) -> str:
        """`/xwzx/zwyw/`, then `/xwzx/zwyw/index_1.html`."""
        return _folder(column) + (f"index_{page - 1}.html" if page > 1 else "")

    def article(self, article: Article) -> str:
        """`/xwzx/zwyw/202611/t20261118_10234.html`."""
        return f"{_folder(article.column)}{article.published:%Y%m}/t{article.published:%Y%m%d}_{article.number}.html"
