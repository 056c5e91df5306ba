"""The crawler's vocabulary: what was registered, what was visited, what was seen.

Facts carry no judgement. Everything here is a frozen struct that goes to storage as JSON and comes
back equal; every date carries its value, its source and a quote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from crawler.facts.accounts import NO_HISTORY, AccountHistory, AccountLink, PostText
from crawler.facts.accounts import AccountFetch as AccountFetch
from crawler.facts.accounts import AccountOutcome as AccountOutcome
from crawler.facts.accounts import AccountProfile as AccountProfile
from crawler.facts.accounts import MenuEntry as MenuEntry
from crawler.facts.accounts import PostFact as PostFact
from crawler.facts.availability import Maintenance as Maintenance
from crawler.facts.behaviour import ForeignPage, PageLook, ScriptFact
from crawler.facts.columns import ColumnFact as ColumnFact
from crawler.facts.columns import LeaderFact as LeaderFact
from crawler.facts.coverage import Coverage as Coverage
from crawler.facts.disclosure import DisclosureFacts
from crawler.facts.display import Barrier as Barrier
from crawler.facts.display import DisplayFact as DisplayFact
from crawler.facts.history import History
from crawler.facts.ipv6 import Ipv6Fact as Ipv6Fact
from crawler.facts.links import LinkFact as LinkFact
from crawler.facts.links import Parent as Parent
from crawler.facts.pages import Crumb as Crumb
from crawler.facts.pages import DateSource as DateSource
from crawler.facts.pages import FooterMarks as FooterMarks
from crawler.facts.pages import Link as Link
from crawler.facts.pages import ListItem as ListItem
from crawler.facts.pages import PageFact as PageFact
from crawler.facts.pages import PageKind as PageKind
from crawler.facts.pages import PublishedDate as PublishedDate
from crawler.facts.pages import Region as Region
from crawler.facts.pages import SearchForm as SearchForm
from crawler.facts.participation import ParticipationFacts
from crawler.facts.registered import Account as Account
from crawler.facts.registered import AccountSourceSpec as AccountSourceSpec
from crawler.facts.registered import ColumnOverride as ColumnOverride
from crawler.facts.registered import Pace as Pace
from crawler.facts.registered import Site as Site
from crawler.facts.registered import Unit as Unit
from crawler.facts.runs import Pages as Pages
from crawler.facts.runs import RunFacts as RunFacts
from crawler.facts.runs import no_links as no_links
from crawler.facts.runs import pages_of as pages_of
from crawler.facts.services import ServiceFacts
from crawler.facts.texts import NO_ATTACHMENTS, Attachments
from crawler.facts.timing import PageTiming as PageTiming
from crawler.facts.timing import Yardstick as Yardstick
from crawler.facts.tls import ChainFault as ChainFault
from crawler.facts.tls import TlsFact as TlsFact
from crawler.facts.trials import ProbeFact as ProbeFact
from crawler.facts.trials import SearchTrial as SearchTrial
from crawler.facts.trials import Trials as Trials
from crawler.facts.visits import FAILURES as FAILURES
from crawler.facts.visits import Exchange as Exchange
from crawler.facts.visits import FetchOutcome as FetchOutcome
from crawler.facts.visits import Header as Header
from crawler.facts.visits import Hop as Hop
from crawler.facts.visits import Outcome as Outcome
from crawler.facts.visits import Resource as Resource

BEIJING = ZoneInfo("Asia/Shanghai")
"""The only zone a person reads here; every stored datetime is aware."""


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
