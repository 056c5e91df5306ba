"""What stands on each page of a site: turns a plan into template names and contexts, path by path."""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from demo.labels import Labels, article_labels, column_labels, home_labels
from demo.makes import MAKES
from demo.model import AS_OF, Article, Column, Leader, Mention, MentionKind, Section, Shape, SitePlan
from demo.site_plan import Hosts

CALENDAR_MONTHS = 60
"""How far the calendar leads into the future; a crawler without budgets reads them all."""

_TITLES = {
    "trs": "{page}_{site}",
    "hanweb": "{site} {page}",
    "gbk_table": "{page}",
    "visualsite": "{page}-{site}",
    "aspnet": "{page}-{site}",
    "scripted": "{page} - {site}",
}


class Place(Struct, frozen=True):
    """A name that leads somewhere; `on` marks where the reader is."""

    text: str
    href: str
    on: bool = False


class Entry(Struct, frozen=True):
    """A list entry as it is printed."""

    title: str
    href: str
    day: str
    pinned: bool = False


class Block(Struct, frozen=True):
    """A column as a box on another page."""

    name: str
    href: str
    slug: str = ""
    entries: tuple[Entry, ...] = ()
    children: tuple[Place, ...] = ()


class Page(Struct, frozen=True):
    """One page to be rendered. `context` holds paths, not yet links; `column` and `article` say what it shows."""

    path: str
    template: str
    name: str
    labels: Labels
    crumbs: tuple[Place, ...]
    context: dict[str, Any] = field(default_factory=dict)
    column: Column | None = None
    article: Article | None = None
    modified: datetime = AS_OF
    walled: bool = False

    @property
    def is_home(self) -> bool:
        """Whether this is the home page."""
        return self.template == "home"


def session(here: str) -> str:
    """The session id that an ASP.NET site writes into links of the page at `here`."""
    return hashlib.sha256(here.encode()).hexdigest()[:24]


class PageList:
    """All pages of one site."""

    def __init__(self, site: SitePlan, neighbours: Iterable[SitePlan], hosts: Hosts) -> None:
        self.site = site
        self.make = MAKES[site.make]
        self.hosts = hosts
        self.friends = tuple(
            (other.name, other.home_url) for other in neighbours if other is not site and not other.down
        )

    def __iter__(self) -> Iterator[Page]:
        yield self.home()
        for column in self.site.walk():
            yield from self.column_pages(column)
            yield from (self.article(article) for article in column.articles if not article.gone)
        yield self.about()
        if self.site.marks.sitemap:
            yield self.sitemap()
        yield from self.calendar_pages()
        yield from self.private_pages()

    # ------------------------------------------------------------------ pages

    def home(self) -> Page:
        """The home page: the newest items of the chosen columns, as far as it has been brought up to date."""
        stale = AS_OF - timedelta(days=self.site.home_lag_days)
        blocks = []
        for position, slug in enumerate(self.site.home_columns):
            column = self.site.column(slug)
            shown = [a for a in column.articles if a.dated and not a.pinned and a.published <= stale]
            entries = tuple(
                replace(self.entry(a), day=a.published.strftime(self.make.home_day))
                for a in shown[: 9 if position == 0 else 7]
            )
            blocks.append(Block(column.name, self.make.column(column), column.slug, entries))
        features = tuple(Place(c.name, self.make.column(c)) for c in self.site.columns if not c.in_navigation)
        context = {"blocks": blocks, "features": features, "friends": self.friends[:4]}
        if self.site.calendar:
            context["calendar"] = self.make.calendar(f"{AS_OF:%Y-%m}")
        return Page("/", "home", "首页", home_labels(self.site), (), context)

    def column_pages(self, column: Column) -> Iterator[Page]:
        """The pages of one column, and those that hang on it."""
        common = {"side": self.side(column), "side_name": (column.parent or column).name}
        here = self.make.column(column)
        base = Page(
            here,
            "list",
            column.name,
            column_labels(self.site, column),
            self.crumbs(column),
            common,
            column,
            walled=column.walled,
        )
        match column.shape:
            case Shape.LIST:
                yield from self.list_pages(base, column)
            case Shape.HUB:
                hidden = "/private/index.htm" if self.site.robots == "private" and column.slug == "xxgk" else ""
                yield replace(base, template="hub", context={**common, "groups": self.groups(column), "hidden": hidden})
            case Shape.DOCUMENT:
                yield replace(base, template="document", context={**common, "sections": column.sections})
            case Shape.LEADERS:
                yield replace(base, template="leaders", context={**common, "leaders": self.leader_cards(column)})
                if not self.make.leaders_on_one_page:
                    yield from self.leader_pages(base, column)
            case Shape.FRAME:
                frame = self.make.frame(column)
                yield replace(base, context={**common, "frame": frame, "entries": ()})
                yield replace(
                    base, path=frame, template="frame", context={"entries": self.entries(column, column.articles)}
                )
            case Shape.BLANK | Shape.BUILDING:
                yield replace(base, context={**common, "entries": (), "notice": column.kind})

    def list_pages(self, base: Page, column: Column) -> Iterator[Page]:
        """The pages of a list, newest first; a scripted list has one shell."""
        shown = sorted(column.articles, key=lambda article: not article.pinned)
        pages = 1 if column.scripted else self.make.pages(column)
        for number in range(1, pages + 1):
            size = self.make.page_size
            entries = self.entries(column, shown[(number - 1) * size : number * size])
            if number == 1 and self.site.placeholder_column == column.slug:
                entries = (
                    *entries[:3],
                    Entry(self.site.placeholder_entry, "javascript:void(0)", entries[3].day),
                    *entries[3:],
                )
            context = {**base.context, "entries": entries, "pager": self.pager(column, number, pages)}
            yield replace(base, path=self.make.column(column, number, pages), context=context)

    def leader_pages(self, base: Page, column: Column) -> Iterator[Page]:
        """A page for each person."""
        for leader, card in zip(self.site.leaders, self.leader_cards(column), strict=True):
            crumbs = (*self.crumbs(column)[:-1], Place(column.name, base.path), Place(leader.name, ""))
            yield replace(
                base,
                path=card["href"],
                template="leader",
                name=leader.name,
                crumbs=crumbs,
                context={**base.context, "leader": card},
            )

    def article(self, article: Article) -> Page:
        """The page of one article."""
        column = article.column
        rank = column.articles.index(article)
        near = column.articles
        crumbs = (*self.crumbs(column)[:-1], Place(column.name, self.make.column(column)), Place("正文", ""))
        picture = "" if article.picture is None else self.picture(article.picture)
        context = {
            "article": article,
            "elements": article.elements,
            "related_words": "相关解读" if article.elements else "政策原文",
            "related": tuple(Place(words, self.make.article(other)) for words, other in article.related),
            "picture": picture,
            "before": self.entry(near[rank - 1]) if rank else None,
            "after": self.entry(near[rank + 1]) if rank + 1 < len(near) else None,
            "side": self.side(column),
            "side_name": (column.parent or column).name,
            "more": Place(column.name, self.make.column(column)),
        }
        if self.make.name == "aspnet":
            context["more"] = Place(
                column.name, f"{self.make.column(column)}&sessionid={session(self.make.article(article))}"
            )
        here = self.make.article(article)
        labels = article_labels(self.site, article)
        return Page(
            here, "article", article.title, labels, crumbs, context, column, article, article.published, column.walled
        )

    def standing(self, path: str, name: str, sections: Sequence[Section]) -> Page:
        """A standing text that no column holds."""
        column = Column(0, name, "", "", Shape.DOCUMENT)
        crumbs = (Place("首页", "/"), Place(name, ""))
        return Page(
            path, "document", name, column_labels(self.site, column), crumbs, {"sections": tuple(sections)}, column
        )

    def about(self) -> Page:
        """联系我们."""
        lines = (
            f"{self.site.unit_name}欢迎社会各界对网站建设提出意见和建议。",
            "工作时间：工作日上午8:30—12:00，下午2:00—5:30。",
        )
        contact = (f"联系电话：{self.site.marks.contact}",) if self.site.marks.contact else ()
        return self.standing(self.make.about_path, "联系我们", (Section("", (*lines, *contact)),))

    def sitemap(self) -> Page:
        """网站地图: all columns."""
        column = Column(0, "网站地图", "", "", Shape.HUB)
        groups = tuple(
            Block(
                c.name,
                self.make.column(c),
                children=tuple(Place(k.name, self.make.column(k)) for k in list(c.walk())[1:]),
            )
            for c in self.site.columns
        )
        crumbs = (Place("首页", "/"), Place("网站地图", ""))
        return Page(
            self.make.sitemap_path,
            "hub",
            column.name,
            column_labels(self.site, column),
            crumbs,
            {"groups": groups},
            column,
        )

    def calendar_pages(self) -> Iterator[Page]:
        """The months of the calendar, each leading to the next."""
        if not self.site.calendar:
            return
        column = Column(0, self.site.calendar, "", "", Shape.DOCUMENT)
        for step in range(CALENDAR_MONTHS):
            month = _month(step)
            context = {
                "month_name": f"{month.year}年{month.month}月",
                "weeks": calendar.Calendar().monthdayscalendar(month.year, month.month),
                "previous": self.make.calendar(f"{_month(step - 1):%Y-%m}") if step else "",
                "following": self.make.calendar(f"{_month(step + 1):%Y-%m}") if step + 1 < CALENDAR_MONTHS else "",
            }
            crumbs = (Place("首页", "/"), Place(self.site.calendar, ""))
            path = self.make.calendar(f"{month:%Y-%m}")
            yield Page(path, "calendar", self.site.calendar, column_labels(self.site, column), crumbs, context, column)

    def private_pages(self) -> Iterator[Page]:
        """Pages that robots.txt asks not to visit; the dead link on them must therefore stay unknown."""
        if self.site.robots == "private":
            inside = (Section("", ("本栏目仅供内部工作人员使用。",)),)
            index = self.standing("/private/index.htm", "内部学习园地", inside)
            if index.column:
                index.column.mentions += [
                    Mention(MentionKind.LINK, "学习笔记", "/private/note.htm"),
                    Mention(MentionKind.LINK, "往期资料", "/private/2018.htm"),
                ]
            yield index
            yield self.standing("/private/note.htm", "学习笔记", inside)

    # ------------------------------------------------------------------ parts

    def entry(self, article: Article) -> Entry:
        """An article as a list entry."""
        return Entry(article.listed_title or article.title, self.make.article(article), article.day, article.pinned)

    def entries(self, column: Column, articles: Iterable[Article]) -> tuple[Entry, ...]:
        """Articles as list entries; none where a script is to fetch them."""
        return () if column.scripted else tuple(self.entry(article) for article in articles)

    def groups(self, column: Column) -> tuple[Block, ...]:
        """The sub-columns of a hub, with their newest items where the hub shows any."""
        return tuple(
            Block(
                child.name,
                self.make.column(child),
                entries=self.entries(child, child.articles[: column.latest]),
                children=tuple(Place(kid.name, self.make.column(kid)) for kid in child.children),
            )
            for child in column.children
        )

    def side(self, column: Column) -> tuple[Place, ...]:
        """The menu beside a page: the column's siblings, or its children on the first level."""
        listed = column.parent.children if column.parent else column.children
        return tuple(Place(c.name, self.make.column(c), c is column) for c in listed)

    def crumbs(self, column: Column) -> tuple[Place, ...]:
        """当前位置 down to a column, which itself is not linked."""
        above = tuple(Place(step.name, self.make.column(step)) for step in column.trail[:-1])
        return (Place("首页", "/"), *above, Place(column.name, ""))

    def pager(self, column: Column, number: int, pages: int) -> tuple[tuple[str, str], ...]:
        """上一页, numbers, 下一页 as words and paths ("" for the page itself); empty where there is one page."""
        if pages == 1:
            return ()

        def to(page: int, words: str) -> tuple[str, str]:
            return words, self.make.column(column, page, pages) if page != number else ""

        numbers = tuple(to(page, str(page)) for page in range(1, pages + 1))
        before = (to(number - 1, "上一页"),) if number > 1 else ()
        after = (to(number + 1, "下一页"),) if number < pages else ()
        return (*before, *numbers, *after)

    def leader_cards(self, column: Column) -> tuple[dict[str, str], ...]:
        """The people with the addresses of their pages and photographs."""
        return tuple(self._card(column, leader) for leader in self.site.leaders)

    def _card(self, column: Column, leader: Leader) -> dict[str, str]:
        photo = f"/images/leader{leader.number}.png" if leader.photo else ""
        href = self.make.leader(column, leader)
        return {
            "name": leader.name,
            "post": leader.post,
            "resume": leader.resume,
            "duties": leader.duties,
            "photo": photo,
            "href": href,
        }

    def picture(self, index: int) -> str:
        """The address of a picture in an article; the one after the landscapes is a chart."""
        return "/images/chart.png" if index == 6 else f"/images/p{index + 1}.png"

    def title(self, page: Page) -> str:
        """What stands in the page's `<title>`."""
        if page.is_home:
            return self.site.marks.page_title
        return _TITLES[self.site.make].format(page=page.name, site=self.site.marks.page_title)

    def navigation(self, here: Column | None) -> tuple[Place, ...]:
        """The site's main navigation; `here` marks the branch that the page belongs to."""
        branch = here.trail[0] if here else None
        places = [Place(c.name, self.make.column(c), c is branch) for c in self.site.columns if c.in_navigation]
        if self.site.placeholder_navigation:
            places.append(Place(self.site.placeholder_navigation, "#"))
        return (Place("首页", "/", here is None), *places)


def _month(step: int) -> date:
    count = AS_OF.year * 12 + AS_OF.month - 1 + step
    return date(count // 12, count % 12 + 1, 1)
