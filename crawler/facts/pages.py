"""What was read on a page: its kind, links, dates, marks and texts, and the page itself."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from crawler.facts.behaviour import Suspect
from crawler.facts.documents import DocumentFact, PolicyText
from crawler.facts.texts import TextHit
from crawler.facts.visits import Outcome, Resource


class PageKind(StrEnum):
    """What a page is to a reader. `document` is a standing text (指南, 概况), `article` a dated one."""

    HOME = "home"
    COLUMN = "column"
    ARTICLE = "article"
    DOCUMENT = "document"
    OTHER = "other"


class DateSource(StrEnum):
    """Where a publication date was read, strongest first."""

    LABEL = "label"
    LABELLED_TEXT = "labelled-text"
    STRUCTURED = "structured"
    LIST = "list"
    URL = "url"
    TEXT = "text"


class PublishedDate(Struct, frozen=True):
    """A date as read: `value`, the clock time if shown (`HH:MM` or `HH:MM:SS`), and the words it was read from."""

    value: date
    source: DateSource
    quote: str
    clock: str = ""


class Region(StrEnum):
    """Where on the page a link stands."""

    NAVIGATION = "navigation"
    BREADCRUMB = "breadcrumb"
    LIST = "list"
    BODY = "body"
    FOOTER = "footer"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The region in Chinese, as the start of a finding's location."""
        return _REGION_LABELS[self]


_REGION_LABELS = {
    Region.NAVIGATION: "导航链接",
    Region.BREADCRUMB: "当前位置链接",
    Region.LIST: "列表链接",
    Region.BODY: "正文链接",
    Region.FOOTER: "页脚链接",
    Region.OTHER: "页面链接",
}


class Link(Struct, frozen=True):
    """A link as it stands in a page. `url` is absolute and without fragment, or "" where it leads nowhere.

    `text` is what a reader sees: anchor text, else title, alt or the file name. `tag` is the element's name, `pager`
    for the next page of a list whose address was computed from its paging script, `request` for the data that a
    script asks for.
    """

    href: str
    url: str
    text: str
    tag: str
    region: Region
    resource: Resource


class ListItem(Struct, frozen=True):
    """An entry of a list as a person sees it."""

    title: str
    url: str
    date: PublishedDate | None = None
    pinned: bool = False


class Crumb(Struct, frozen=True):
    """One step of 当前位置."""

    name: str
    url: str = ""


class SearchForm(Struct, frozen=True):
    """A site search entry: the form's address, method and the name of its text field, with its fixed fields."""

    action: str
    method: str
    field: str
    fixed: tuple[tuple[str, str], ...] = ()


class FooterMarks(Struct, frozen=True):
    """The marks a page's footer bears; "" where absent. `scripted` says the footer is written by a script,
    so that an absent mark is not known to be missing.
    """

    icp: str = ""
    police_filing: str = ""
    site_code: str = ""
    badge: str = ""
    organiser: str = ""
    contact: str = ""
    sitemap: str = ""
    error_report: str = ""
    scripted: bool = False


class PageFact(Struct, frozen=True):
    """All that is kept of one page. Lengths are characters of visible text; `body_length` is the main text alone.

    `labels` are the `<meta name=…>` labels in page order (a label may stand twice). `dates` are all sources that gave
    a publication date, strongest first; `published` is the one that holds. `blocks` are the lists of the home page or
    a column whose 更多 leads to a column: the words over each, and that address. `notice` quotes a phrase such as
    内容建设中, `missing` one such as 您访问的页面不存在 on a short page. `scripted` says that the main content (a
    list, a text) is left to scripts, so that its absence proves nothing. `embedded` are addresses of frames or data
    requests that may fill a list we do not see, or turn its pages. `unfollowed` are the words of a pager whose
    further pages no address leads to (ASP.NET __doPostBack), so that the list is known to go on unread. `reply` says
    that this is the data which a script asks for, and no page that a reader opens. `suspects` are signs in its markup
    that somebody else may have put there. `etag` and `last_modified` are the headers by which the server can be asked
    whether the page has changed, "" where it sends none. `document` and `policy` are None where the page bears no sign
    of a policy document or an interpretation. `hits` are places of the main text where a word of the
    lexicons or a private number stands.
    """

    url: str
    fetched_at: datetime
    outcome: Outcome
    kind: PageKind
    status: int = 200
    content_type: str = ""
    charset_declared: str = ""
    charset_used: str = ""
    title: str = ""
    heading: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    published: PublishedDate | None = None
    dates: tuple[PublishedDate, ...] = ()
    source: str = ""
    breadcrumb: tuple[Crumb, ...] = ()
    blocks: tuple[Crumb, ...] = ()
    items: tuple[ListItem, ...] = ()
    next_pages: tuple[str, ...] = ()
    unfollowed: str = ""
    marks: FooterMarks = FooterMarks()
    search_forms: tuple[SearchForm, ...] = ()
    text_length: int = 0
    body_length: int = 0
    notice: str = ""
    missing: str = ""
    embedded: tuple[str, ...] = ()
    scripted: bool = False
    rendered: bool = False
    reply: bool = False
    depth: int = 0
    sha256: str = ""
    etag: str = ""
    last_modified: str = ""
    links: tuple[Link, ...] = ()
    document: DocumentFact | None = None
    policy: PolicyText | None = None
    suspects: tuple[Suspect, ...] = ()
    hits: tuple[TextHit, ...] = ()

    def label(self, name: str) -> str | None:
        """The first label of that name, compared without case; None where the page has none."""
        wanted = name.lower()
        return next((value for key, value in self.labels if key.lower() == wanted), None)
