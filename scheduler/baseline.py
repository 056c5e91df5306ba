"""What a nightly visit may take over from the one before: pages whose bytes are the same say what they said.

A page's reading depends on more than its bytes: on the program and the lexicons that read it, on the site's home
address and own hosts, on the day up to which dates are believed, and on the year that a date without one is given. A
baseline is therefore an earlier run of the same program, lexicons, address and hosts in the same year, and every site
is read in full again after two to four weeks, each on a night of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zlib import crc32

from checks.model import JSON, Target
from crawler.facts import BEIJING, FetchOutcome, Outcome, Resource, Trials
from crawler.fetch.log import Baseline, KnownPage
from crawler.read.urls import host_of
from storage.run_view import RunView
from storage.runs import Runs

_SHORTEST, _SPREAD = 14, 15
"""Days for which a full reading serves, and over how many more the sites are spread."""


def reading_settings(own_hosts: frozenset[str], lexicons: str) -> dict[str, JSON]:
    """What a run keeps of what its pages were read with, for the next one to compare; `lexicons` is their digest."""
    return {"own_hosts": [*sorted(own_hosts)], "lexicons": lexicons}


def base_of(
    runs: Runs, target: Target, reading: Mapping[str, JSON], tool_version: str, as_of: datetime, now: datetime
) -> int | None:
    """The run to stand on; None where the site is to be read in full. The target's address is the home address.

    A run whose bytes lie on another machine is none: nothing of its pages could be shown or read again here.
    """
    last = runs.latest(target, tool_version)
    if last is None or not reading.items() <= last.settings.items() or not runs.has_bodies(last.id):
        return None
    view = runs.view(last.id)
    whole = runs.get(view.line[-1]) if view.line else last
    serves = timedelta(days=_SHORTEST + crc32(target.address.encode()) % _SPREAD)
    today = max(as_of, now).astimezone(BEIJING)
    day = whole.started.astimezone(BEIJING)
    return last.id if timedelta() <= today - day < serves and day.year == today.year else None


def baseline_of(view: RunView, own_hosts: frozenset[str], trials: Trials) -> Baseline:
    """The pages of a run that stand for themselves, its links, its own resources and foreign addresses that answered

    well, and what was read of its attachments.
    """
    pages = {
        fact.url: KnownPage(
            number=number,
            kind=fact.kind,
            sha256=fact.sha256,
            etag=fact.etag,
            last_modified=fact.last_modified,
            content_type=fact.content_type,
            next_pages=fact.next_pages,
            links=links,
        )
        for number, fact, links in view.numbered_pages()
        if fact.outcome is Outcome.OK and fact.status == 200 and not (fact.rendered or fact.scripted or fact.embedded)
    }
    last: dict[str, FetchOutcome] = {}
    foreign: dict[str, FetchOutcome] = {}
    for visit in view.visits():
        if host_of(visit.requested_url) not in own_hosts:
            foreign[visit.requested_url] = visit
        elif visit.resource not in (Resource.PAGE, Resource.FRAME):
            last[visit.requested_url] = visit
    return Baseline(
        pages=pages,
        links={link: number for number, link in view.numbered_links()},
        resources={
            url: visit.content_type
            for url, visit in last.items()
            if visit.outcome is Outcome.OK and visit.status == 200 and visit.final_url == url
        },
        attachments={read.url: read for read in trials.attachments.tried if read.sha256},
        offsite={url: visit for url, visit in foreign.items() if visit.outcome.is_seen},
    )
