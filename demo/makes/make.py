"""What every make of site has: an address for each thing of the plan, a charset, a search form."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from demo.model import Article, Column, Leader, Shape


@dataclass(frozen=True, slots=True)
class Make(ABC):
    """A make of website. `name` is also the folder of its templates; paths are unquoted and root-relative.

    `relative_links`: links are written relative to the page. `charset_in_header`: else only the page's `<meta>` tells.
    `fits_phones`: its pages have a viewport and fit a phone's screen. `for_all`: they bear no grave accessibility
    barrier, and an entry to the accessible version. `leaders_on_one_page`: 领导之窗 is one page with all persons.
    `home_day`: how the home page prints an item's date.
    """

    name: str
    charset: str = "utf-8"
    charset_in_header: bool = True
    relative_links: bool = False
    leaders_on_one_page: bool = False
    fits_phones: bool = False
    for_all: bool = False
    home_day: str = "%Y-%m-%d"
    page_size: int = 15
    search_path: str = "/search.html"
    search_field: str = "q"
    sitemap_path: str = "/wzdt.html"
    about_path: str = "/about.html"

    @abstractmethod
    def column(self, column: Column, page: int = 1, pages: int = 1) -> str:
        """The address of a column's page, counted from 1; page 1 is how the column is linked."""

    @abstractmethod
    def article(self, article: Article) -> str:
        """The address of an article."""

    def leader(self, column: Column, leader: Leader) -> str:
        """The address of a person's page; the column's own where all stand on one page."""
        home = self.column(column)
        if self.leaders_on_one_page:
            return home
        return f"{home.removesuffix('index.html').removesuffix('.htm').rstrip('/')}/ld{leader.number}.html"

    def frame(self, column: Column) -> str:
        """The address of the framed list of a column of shape `frame`."""
        return f"{self.column(column).rsplit('/', 1)[0]}/frame.html"

    def calendar(self, month: str) -> str:
        """The address of a month (`2026-11`) of the endless calendar."""
        return f"/hdrl/{month}.html"

    def pages(self, column: Column) -> int:
        """How many pages a column's list has."""
        if column.shape is not Shape.LIST:
            return 1
        return max(1, -(-len(column.articles) // self.page_size))
