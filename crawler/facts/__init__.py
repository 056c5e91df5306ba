"""The crawler's vocabulary: what was registered, what was visited, what was seen.

Facts carry no judgement. Everything here is a frozen struct that goes to storage as JSON and comes
back equal; every date carries its value, its source and a quote.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from crawler.facts.accounts import NO_HISTORY, AccountHistory, AccountLink, PostText
from crawler.facts.accounts import AccountFetch as AccountFetch
from crawler.facts.accounts import AccountOutcome as AccountOutcome
from crawler.facts.accounts import AccountProfile as AccountProfile
from crawler.facts.accounts import MenuEntry as MenuEntry
from crawler.facts.accounts import PostFact as PostFact
from crawler.facts.availability import Maintenance as Maintenance
from crawler.facts.behaviour import ForeignPage, PageLook, ScriptFact, Suspect
from crawler.facts.disclosure import DisclosureFacts
from crawler.facts.display import Barrier as Barrier
from crawler.facts.display import DisplayFact as DisplayFact
from crawler.facts.documents import DocumentFact, PolicyText
from crawler.facts.history import History
from crawler.facts.ipv6 import Ipv6Fact as Ipv6Fact
from crawler.facts.participation import ParticipationFacts
from crawler.facts.services import ServiceFacts
from crawler.facts.texts import NO_ATTACHMENTS, Attachments, TextHit
from crawler.facts.timing import PageTiming as PageTiming
from crawler.facts.timing import Yardstick as Yardstick
from crawler.facts.tls import ChainFault as ChainFault
from crawler.facts.tls import TlsFact as TlsFact

BEIJING = ZoneInfo("Asia/Shanghai")
"""The only zone a person reads here; every stored datetime is aware."""


# --------------------------------------------------------------------------- registry (台账)


class ColumnOverride(Struct, frozen=True):
    """A registered correction to what column discovery finds; it always wins."""

    url: str
    name: str
    type: str = ""


class Pace(Struct, frozen=True):
    """How gently one host is visited. Seconds between requests and requests at a time."""

    interval: float = 1.0
    connections: int = 2


class Site(Struct, frozen=True):
    """网站. `aliases` are further hosts (host or host:port) that are the site's own."""

    unit: str
    name: str
    home_url: str
    site_code: str = ""
    kind: str = "department"
    status: str = "running"
    aliases: tuple[str, ...] = ()
    columns: tuple[ColumnOverride, ...] = ()
    ignore_robots: bool = False
    pace: Pace = Pace()
    opened: date | None = None
    maintenance: tuple[Maintenance, ...] = ()


class AccountSourceSpec(Struct, frozen=True):
    """Where an account's posts are read: a source kind of `crawler.accounts` and its settings."""

    kind: str
    settings: Mapping[str, str] = field(default_factory=dict)


class Account(Struct, frozen=True):
    """政务新媒体账号. `subject` is the registered 认证主体."""

    unit: str
    platform: str
    name: str
    platform_id: str
    subject: str = ""
    status: str = "running"
    source: AccountSourceSpec | None = None

    @property
    def key(self) -> str:
        """The account's stable address in findings: `platform:platform_id`."""
        return f"{self.platform}:{self.platform_id}"


class Unit(Struct, frozen=True):
    """单位 with all that is registered of it. `requires` names what it must have: site, wechat, weibo.

    `supervises` says that it is in charge of other units' sites and owes the report on supervising them.
    """

    code: str
    name: str
    kind: str = "department"
    parent: str = ""
    contact: str = ""
    requires: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
    accounts: tuple[Account, ...] = ()
    supervises: bool = False


# --------------------------------------------------------------------------- visiting


class Outcome(StrEnum):
    """How one request ended (outcomes.md §13). `label` is what an official reads.

    TOO_LARGE and UNREAD are answers that we could not or would not read to their end (too many bytes or elements, too
    slow, no valid HTTP, an encoding nobody asked for): they are gaps of ours and support nothing.
    """

    OWN_NETWORK = "own_network"
    BLOCKED = "blocked"
    LOGIN_REQUIRED = "login_required"
    DNS_FAILED = "dns_failed"
    TLS_FAILED = "tls_failed"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    RESET = "reset"
    SERVER_ERROR = "server_error"
    GONE = "gone"
    SOFT_404 = "soft_404"
    REDIRECT_LOOP = "redirect_loop"
    CLIENT_ERROR = "client_error"
    TOO_LARGE = "too_large"
    UNREAD = "unread"
    EMPTY_SHELL = "empty_shell"
    REDIRECTED = "redirected"
    OK = "ok"
    NOT_VISITED = "not_visited"

    @property
    def label(self) -> str:
        """The class in Chinese."""
        return _OUTCOME_LABELS[self]

    @property
    def is_failure(self) -> bool:
        """The class may support "broken" once it is confirmed; blocked and the like never do."""
        return self in FAILURES

    @property
    def is_seen(self) -> bool:
        """A page was received whose content may be judged."""
        return self in (Outcome.OK, Outcome.REDIRECTED)


FAILURES = frozenset(
    {
        Outcome.DNS_FAILED,
        Outcome.TLS_FAILED,
        Outcome.REFUSED,
        Outcome.TIMEOUT,
        Outcome.RESET,
        Outcome.SERVER_ERROR,
        Outcome.GONE,
        Outcome.SOFT_404,
        Outcome.REDIRECT_LOOP,
    }
)

_OUTCOME_LABELS = {
    Outcome.OWN_NETWORK: "本机网络故障",
    Outcome.BLOCKED: "被拦截",
    Outcome.LOGIN_REQUIRED: "需登录",
    Outcome.DNS_FAILED: "域名无法解析",
    Outcome.TLS_FAILED: "证书或加密连接失败",
    Outcome.REFUSED: "拒绝连接",
    Outcome.TIMEOUT: "访问超时",
    Outcome.RESET: "连接中断",
    Outcome.SERVER_ERROR: "服务器错误",
    Outcome.GONE: "页面不存在",
    Outcome.SOFT_404: "页面不存在（返回200）",
    Outcome.REDIRECT_LOOP: "循环跳转",
    Outcome.CLIENT_ERROR: "请求未被接受",
    Outcome.TOO_LARGE: "内容过大未读",
    Outcome.UNREAD: "应答未能读取",
    Outcome.EMPTY_SHELL: "脚本页面未渲染",
    Outcome.REDIRECTED: "跳转",
    Outcome.OK: "正常",
    Outcome.NOT_VISITED: "未访问",
}


class Resource(StrEnum):
    """What kind of thing an address is, told from the link that names it."""

    PAGE = "page"
    ATTACHMENT = "attachment"
    IMAGE = "image"
    SCRIPT = "script"
    STYLE = "style"
    FRAME = "frame"
    MEDIA = "media"


class FetchOutcome(Struct, frozen=True):
    """One visit of one address. `attempt` counts visits of the same address within a run, from 1.

    `title` is the title of a page of another host, for what it has become since it was linked.
    """

    requested_url: str
    final_url: str
    at: datetime
    outcome: Outcome
    status: int | None = None
    reason: str = ""
    attempt: int = 1
    method: str = "GET"
    elapsed_ms: int = 0
    content_type: str = ""
    redirects: tuple[str, ...] = ()
    resource: Resource = Resource.PAGE
    title: str = ""


Header = tuple[str, str]
"""A header's name and value, as it was sent or received."""


class Hop(Struct, frozen=True):
    """One answer that led on: a redirect by status and `location`, or a page that refreshed itself (`location` "").

    `at` is when it came, `address` the IP address it came from ("" where not known).
    """

    url: str
    at: datetime
    status: int
    location: str = ""
    method: str = "GET"
    sent: tuple[Header, ...] = ()
    headers: tuple[Header, ...] = ()
    address: str = ""


class Exchange(Struct, frozen=True):
    """What went over the wire beside an answer's headers and body; "" and () where it is not known.

    `url` is the address of the last request of the chain and `sent` its headers; `hops` are the answers before it.
    `address` is the IP address that was connected to, or that the name resolved to where there was no connection.
    `encoding` is the Content-Encoding that was taken off the body, `length` the body's bytes on the wire. `is_cut`
    says that only the beginning of the body is kept. Without an answer, `error` is the exception's kind and `words`
    its text. `note` says in Chinese what else must be known to read it, such as what the canaries answered.
    """

    url: str = ""
    method: str = "GET"
    sent: tuple[Header, ...] = ()
    sent_body: str = ""
    address: str = ""
    protocol: str = ""
    hops: tuple[Hop, ...] = ()
    encoding: str = ""
    length: int | None = None
    is_cut: bool = False
    error: str = ""
    words: str = ""
    note: str = ""


# --------------------------------------------------------------------------- pages


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


# --------------------------------------------------------------------------- what a run leaves behind


class Pages(Protocol):
    """The pages of a run, streamed again at each call; links are left out (see LinkFact)."""

    def __call__(self, *kinds: PageKind) -> Iterator[PageFact]:
        """Pages of these kinds in order of discovery; all pages where none is named."""
        ...


class RunFacts(Protocol):
    """One site's run as it was recorded. A link is recorded once, with a number of its own, however many bear it."""

    @property
    def pages(self) -> Pages:
        """The pages, without their links."""
        ...

    def visits(self) -> Iterator[FetchOutcome]:
        """Every visit in order of time."""
        ...

    def visits_to(self, urls: Collection[str]) -> Mapping[str, tuple[FetchOutcome, ...]]:
        """For each of these requested addresses its visits in order of time."""
        ...

    def links(self) -> Iterator[tuple[int, Link]]:
        """Every distinct link with its number."""
        ...

    def parents(self, links: Collection[int]) -> Mapping[int, tuple[str, ...]]:
        """For each of these links the addresses of all pages that bear it, in order of discovery."""
        ...

    def links_of(self, url: str) -> tuple[Link, ...]:
        """The links of one page in page order; empty where the page is not recorded."""
        ...

    def body(self, url: str) -> bytes | None:
        """The bytes of a recorded page: as a browser showed it where one did, else as received; None if not kept."""
        ...


# --------------------------------------------------------------------------- what a site adds up to


class Coverage(Struct, frozen=True):
    """How much of a target was seen, so that no gap reads as clean. Counts are distinct addresses.

    `unrendered` are pages that scripts fill and that no browser has shown, for want of one or of budget.
    """

    attempted: int = 0
    reached: int = 0
    blocked: int = 0
    failed: int = 0
    truncated_by: str = ""
    note: str = ""
    unrendered: int = 0

    @property
    def is_whole(self) -> bool:
        """Nothing was cut off and nothing was blocked."""
        return not self.truncated_by and not self.blocked


class ColumnFact(Struct, frozen=True):
    """栏目: its list read back over its pages, newest first as printed. `level` is 1 for 一级栏目.

    `complete` says the list was read to its end or past the longest window any check asks for;
    `unread` says why not. `type` is an id of the column lexicon ("" where the name tells nothing).
    """

    url: str
    name: str
    type: str = ""
    level: int = 1
    items: tuple[ListItem, ...] = ()
    pages: tuple[str, ...] = ()
    body_length: int = 0
    notice: str = ""
    embedded: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    complete: bool = True
    unread: str = ""

    @property
    def newest(self) -> date | None:
        """The latest date printed in the list; pinned items count, for they are items too."""
        return max((item.date.value for item in self.items if item.date), default=None)


class Parent(Struct, frozen=True):
    """A page on which a link stands, with its words and place."""

    url: str
    text: str
    region: Region
    tag: str = "a"


class LinkFact(Struct, frozen=True):
    """One address that did not end well, or a link that leads nowhere (`url` is ""), with every parent page.

    `visits` are all visits of this run in order; `href` is the link as written, for links that lead nowhere.
    """

    url: str
    resource: Resource
    internal: bool
    visits: tuple[FetchOutcome, ...]
    parents: tuple[Parent, ...]
    href: str = ""


class LeaderFact(Struct, frozen=True):
    """One person of 领导之窗 and which of the four elements the page gives (standards.md §6.2)."""

    name: str
    url: str
    photo: bool
    resume: bool
    post: bool
    duties: bool


class SearchTrial(Struct, frozen=True):
    """One sampled title looked up through the site's search. `outcome` tells whether the result page was seen."""

    title: str
    expected_url: str
    search_url: str
    outcome: Outcome
    found: bool
    scripted: bool = False


class ProbeFact(Struct, frozen=True):
    """One spaced visit of the home page for availability. `canaries_ok` None means none were configured or asked.

    `reason` says in words why it did not open, "" where it did.
    """

    url: str
    at: datetime
    outcome: Outcome
    elapsed_ms: int
    canaries_ok: bool | None = None
    reason: str = ""


class Trials(Struct, frozen=True):
    """What a visit tried over the network beside reading pages (试访). None: not tried, or nothing to try it on."""

    probes: tuple[ProbeFact, ...] = ()
    search: tuple[SearchTrial, ...] | None = None
    tls: TlsFact | None = None
    ipv6: Ipv6Fact | None = None
    yardstick: Yardstick | None = None
    scripts: tuple[ScriptFact, ...] | None = None
    displays: tuple[DisplayFact, ...] | None = None
    attachments: Attachments = NO_ATTACHMENTS


def pages_of(pages: Iterable[PageFact]) -> Pages:
    """A Pages over pages that are already in memory."""
    kept = tuple(pages)

    def stream(*kinds: PageKind) -> Iterator[PageFact]:
        return (page for page in kept if not kinds or page.kind in kinds)

    return stream


def no_links() -> Iterator[Link]:
    """The links of a site of which none were recorded."""
    return iter(())


class SiteFacts(Struct, frozen=True):
    """All that the checks may know of one site in one run. Only `pages` and `links` are unbounded, and streamed.

    `links` gives every distinct link of the site's pages, for entries that stand on inner pages alone.
    `sample` are the inner pages (columns and articles) that per-page requirements are tried on.
    `leaders` and `search` are None where what they are read from was not reached or could not be told; `participation`
    and `services` where the site has no column of theirs.
    `history` are the availability probes of the days before the time point, whoever inspected then.
    `looks` are closer looks at the home page and the sample, `scripts` the scripts they load (None: not read),
    `foreign` the pages of other hosts that links lead to and that told their title, `earlier` what earlier runs knew.
    `attachments` are the few that were opened.
    """

    unit: Unit
    site: Site
    as_of: datetime
    coverage: Coverage
    pages: Pages
    home: PageFact | None = None
    sample: tuple[PageFact, ...] = ()
    columns: tuple[ColumnFact, ...] = ()
    failures: tuple[LinkFact, ...] = ()
    placeholders: tuple[LinkFact, ...] = ()
    navigation: tuple[Link, ...] = ()
    leaders: tuple[LeaderFact, ...] | None = None
    search: tuple[SearchTrial, ...] | None = None
    probes: tuple[ProbeFact, ...] = ()
    links: Callable[[], Iterator[Link]] = no_links
    participation: ParticipationFacts | None = None
    services: ServiceFacts | None = None
    disclosure: DisclosureFacts = field(default_factory=DisclosureFacts)
    history: tuple[ProbeFact, ...] = ()
    tls: TlsFact | None = None
    timings: tuple[PageTiming, ...] = ()
    yardstick: Yardstick | None = None
    looks: tuple[PageLook, ...] = ()
    scripts: tuple[ScriptFact, ...] | None = None
    foreign: tuple[ForeignPage, ...] = ()
    earlier: History | None = None
    displays: tuple[DisplayFact, ...] | None = None
    ipv6: Ipv6Fact | None = None
    attachments: Attachments = NO_ATTACHMENTS


# --------------------------------------------------------------------------- accounts


class AccountFacts(Struct, frozen=True):
    """All that the checks may know of one account.

    `links` were followed after the posts were read; None where none could be. `texts` are what was read of the posts
    of the window.
    """

    unit: Unit
    account: Account
    as_of: datetime
    fetches: tuple[AccountFetch, ...] = ()
    history: AccountHistory = NO_HISTORY
    links: tuple[AccountLink, ...] | None = None
    texts: tuple[PostText, ...] = ()


class UnitFacts(Struct, frozen=True):
    """All that the checks may know of a unit as a whole: its registration."""

    unit: Unit
    as_of: datetime
