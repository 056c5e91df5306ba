"""The plan of the fictional city: what each site consists of and what is wrong with it.

Pages, registry and ground truth are all made from these objects, so that they cannot disagree.
Paths are site-relative and unquoted (`/files/申报表.docx`); only `SitePlan.address` makes an address of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from urllib.parse import quote

from msgspec import Struct, field

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
AS_OF = datetime(2026, 11, 20, 17, 0, tzinfo=BEIJING)
"""监测时间点 of the demo. Everything in the city is dated relative to it, never to the wall clock."""


class Shape(StrEnum):
    """How a column's page is filled."""

    LIST = "list"
    HUB = "hub"
    DOCUMENT = "document"
    LEADERS = "leaders"
    FRAME = "frame"
    BLANK = "blank"
    BUILDING = "building"


class MentionKind(StrEnum):
    """How an address stands in a page. Only what a visitor could follow or see may be called broken."""

    LINK = "link"
    ATTACHMENT = "attachment"
    IMAGE = "image"
    STYLE = "style"
    COMMENT = "comment"
    SCRIPT = "script"
    MARKUP = "markup"
    """The text is markup as somebody wrote it into the page."""


class Mention(Struct, frozen=True):
    """An address written into a page: `href` as it stands there, with the words around it."""

    kind: MentionKind
    text: str
    href: str


class Elements(Struct, frozen=True):
    """The elements (要素) of a document as (name, value), and the form in which the make writes them."""

    form: str
    rows: tuple[tuple[str, str], ...]


class Article(Struct, eq=False):
    """稿件. `published` orders it; where `dated` is false neither its page nor its list entry shows a time.

    `printed`, `listed_day` and `listed_title` stand on the page or in lists instead of what is true; where it is `gone`
    lists still name it, and its page is not there.

    `elements` are those of a policy document; `related` are the interpretations of a document, or the document of an
    interpretation, with the words of the link.
    """

    number: int
    title: str
    published: datetime
    source: str
    paragraphs: tuple[str, ...]
    column: Column
    document_number: str = ""
    picture: int | None = None
    dated: bool = True
    pinned: bool = False
    mentions: list[Mention] = field(default_factory=list)
    elements: Elements | None = None
    related: list[tuple[str, Article]] = field(default_factory=list)
    printed: str = ""
    listed_day: str = ""
    listed_title: str = ""
    gone: bool = False

    @property
    def shown(self) -> str:
        """The publication time as the page prints it."""
        return self.printed or self.stamp

    @property
    def stamp(self) -> str:
        """The publication time as printed: `2026-11-18 09:30`, or "" where none is shown."""
        return f"{self.published:%Y-%m-%d %H:%M}" if self.dated else ""

    @property
    def day(self) -> str:
        """The date as a list prints it: `2026-11-18`, or ""."""
        return self.listed_day or (f"{self.published:%Y-%m-%d}" if self.dated else "")


class Section(Struct, frozen=True):
    """A headed part of a standing text; `rows` is a table whose first row is its head."""

    heading: str = ""
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


class Column(Struct, eq=False):
    """栏目. `kind` is what it publishes, `plant` the check whose fault it bears, `twin` why it only looks faulty."""

    number: int
    name: str
    slug: str
    kind: str
    shape: Shape
    parent: Column | None = None
    children: list[Column] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    sections: tuple[Section, ...] = ()
    in_navigation: bool = True
    latest: int = 0
    scripted: bool = False
    walled: bool = False
    plant: str = ""
    twin: str = ""
    mentions: list[Mention] = field(default_factory=list)

    @property
    def level(self) -> int:
        """1 for a column that hangs on the home page."""
        return 1 if self.parent is None else self.parent.level + 1

    @property
    def trail(self) -> tuple[Column, ...]:
        """The columns from the first level down to this one."""
        return (*(self.parent.trail if self.parent else ()), self)

    def walk(self) -> Iterator[Column]:
        """The column and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


class Leader(Struct, frozen=True):
    """A person of 领导之窗; an element that is "" (or a photo that is not there) is a planted fault."""

    number: int
    name: str
    post: str
    resume: str
    duties: str
    photo: bool = True

    @property
    def lacks(self) -> tuple[str, ...]:
        """The missing elements, in Chinese."""
        present = {"照片": self.photo, "简历": self.resume, "职务": self.post, "分工": self.duties}
        return tuple(name for name, there in present.items() if not there)


class Marks(Struct, frozen=True):
    """What the footer bears (网站标识). "" or False is a planted fault; `page_title` is what the site calls itself."""

    page_title: str
    icp: str
    police_filing: str
    site_code: str
    organiser: str
    contact: str
    badge: bool = True
    sitemap: bool = True
    error_report: bool = True


class SearchState(StrEnum):
    """How the site's search behaves."""

    WORKS = "works"
    NOTHING = "nothing"
    ABSENT = "absent"


class SitePlan(Struct, eq=False):
    """网站. `missing_labels` and `empty_labels` name the `<meta>` labels left out or left empty everywhere.

    `home_markup` is written into the home page as it stands; `shareless` leaves out the bar for sharing, `leave_script`
    loads a script that asks before a reader leaves.

    `host` is what stands in its addresses: a loopback address, or a name that the registry leads to the `ways`, which
    are loopback addresses. `certificate` is `valid` or `expired`, "" without https; on an IPv6 way nobody answers
    unless it `serves_ipv6`.
    """

    key: str
    unit: str
    unit_name: str
    area: str
    name: str
    host: str
    port: int
    make: str
    theme: str
    kind: str
    site_code: str
    opened: str
    marks: Marks
    columns: list[Column] = field(default_factory=list)
    leaders: list[Leader] = field(default_factory=list)
    home_columns: tuple[str, ...] = ()
    home_lag_days: int = 0
    missing_labels: tuple[str, ...] = ()
    empty_labels: tuple[str, ...] = ()
    search: SearchState = SearchState.WORKS
    soft_missing: bool = False
    robots: str = ""
    placeholder_navigation: str = ""
    placeholder_entry: str = ""
    placeholder_column: str = ""
    opener: str = ""
    calendar: str = ""
    annual_years: tuple[int, ...] = ()
    absent_years: tuple[int, ...] = ()
    late_report: str = ""
    annual_faults: tuple[str, ...] = ()
    department_faults: dict[int, str] = field(default_factory=dict)
    supervises: bool = False
    down: bool = False
    pause: float = 0.0
    home_mentions: list[Mention] = field(default_factory=list)
    style_mentions: list[Mention] = field(default_factory=list)
    home_markup: list[str] = field(default_factory=list)
    shareless: bool = False
    leave_script: bool = False
    ways: tuple[str, ...] = ()
    certificate: str = ""
    serves_ipv6: bool = False

    @property
    def place(self) -> str:
        """The IPv4 loopback address where it is served."""
        return self.ways[0] if self.ways else self.host

    @property
    def home_url(self) -> str:
        """The address that the registry names."""
        return self.address("/")

    def address(self, path: str) -> str:
        """The absolute address of a path of this site, percent-encoded in UTF-8."""
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://{self.host}:{self.port}{quote(path, safe='/?&=%:;,+~-._')}"

    def walk(self) -> Iterator[Column]:
        """All columns, parents before children."""
        for column in self.columns:
            yield from column.walk()

    def column(self, slug: str) -> Column:
        """The column of that slug; KeyError where there is none."""
        for column in self.walk():
            if column.slug == slug:
                return column
        raise KeyError(f"{self.key} has no column {slug!r}")

    def articles(self) -> Iterator[Article]:
        """All articles in order of the columns."""
        for column in self.walk():
            yield from column.articles
