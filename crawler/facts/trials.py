"""What a visit tried over the network beside reading pages (试访)."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from crawler.facts.behaviour import ScriptFact
from crawler.facts.display import DisplayFact
from crawler.facts.ipv6 import Ipv6Fact
from crawler.facts.texts import NO_ATTACHMENTS, Attachments
from crawler.facts.timing import Yardstick
from crawler.facts.tls import TlsFact
from crawler.facts.visits import Outcome


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
