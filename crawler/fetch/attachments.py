"""Opens a few of a site's attachments after its crawl and looks for words and private numbers in their text.

Documents are read in a process of its own (crawler/documents/process.py). Only the site's own hosts are asked, at its
pace; what was not opened or not read says so.
"""

from __future__ import annotations

import asyncio
import hashlib
import heapq
import re
import time
from collections.abc import Callable, Mapping

import httpx
from msgspec import Struct
from msgspec.structs import replace

from crawler.clock import now
from crawler.documents.process import DocumentReader
from crawler.documents.text import DocumentText
from crawler.facts import Link, Outcome, Resource, RunFacts
from crawler.facts.texts import AttachmentFact, Attachments, TextHit
from crawler.fetch.limits import VISITOR, Limits
from crawler.fetch.log import RunLog
from crawler.fetch.outcome import of_exception
from crawler.fetch.received import Received, receive
from crawler.read.urls import host_of
from crawler.words.wordbook import Wordbook, gathered

_READABLE = re.compile(r"\.(?:pdf|docx|xlsx)\b", re.IGNORECASE)


class Chosen(Struct, frozen=True):
    """An attachment to open, its link's words, and the page that names it."""

    url: str
    name: str
    page: str


def chosen(
    run: RunFacts, own_hosts: frozenset[str], permits: Callable[[str], bool], most: int
) -> tuple[int, tuple[Chosen, ...]]:
    """How many readable attachments the site's pages name, and the `most` with the smallest hash of their address.

    The same ones whatever the order of the crawl. What failed to answer is a matter of links.
    """
    last = {visit.requested_url: visit for visit in run.visits() if visit.resource is Resource.ATTACHMENT}
    failed = {url for url, visit in last.items() if not visit.outcome.is_seen}
    links: dict[str, tuple[int, Link]] = {}
    for number, link in run.links():
        if link.resource is not Resource.ATTACHMENT or not _READABLE.search(f"{link.url} {link.text}"):
            continue
        if host_of(link.url) in own_hosts and link.url not in failed and permits(link.url):
            links.setdefault(link.url, (number, link))
    picked = heapq.nsmallest(most, links, key=lambda url: hashlib.sha256(url.encode()).digest())
    parents = run.parents([links[url][0] for url in picked])
    return len(links), tuple(
        Chosen(url, links[url][1].text.strip() or url.rsplit("/", 1)[-1], min(parents[links[url][0]], default=""))
        for url in picked
    )


async def read_attachments(
    run: RunFacts,
    documents: DocumentReader,
    client: httpx.AsyncClient,
    words: Wordbook,
    *,
    own_hosts: frozenset[str],
    permits: Callable[[str], bool],
    limits: Limits,
    interval: float,
    log: RunLog,
    known: Mapping[str, AttachmentFact],
) -> Attachments:
    """Opens the chosen attachments one after the other; the log keeps the bytes of those that something stands in.

    What the last visit read (`known`) is asked for, and read again only where it has changed.
    """
    named, some = await asyncio.to_thread(chosen, run, own_hosts, permits, limits.attachments)
    until = time.monotonic() + limits.attachment_seconds
    tried = []
    for one in some:
        if time.monotonic() > until:
            tried.append(AttachmentFact(one.url, one.name, one.page, unread="读取附件的时间用完"))
            continue
        tried.append(await _open(one, documents, client, words, own_hosts, limits, log, known.get(one.url)))
        await asyncio.sleep(interval)
    return Attachments(named, tuple(tried))


async def _open(
    one: Chosen,
    documents: DocumentReader,
    client: httpx.AsyncClient,
    words: Wordbook,
    own_hosts: frozenset[str],
    limits: Limits,
    log: RunLog,
    known: AttachmentFact | None,
) -> AttachmentFact:
    fact = AttachmentFact(one.url, one.name, one.page)
    if known is not None and known.hits:  # its bytes are evidence, and each run keeps its own
        known = None
    at = now()
    try:
        answer = await receive(
            client,
            one.url,
            most=limits.attachment_bytes,
            seconds=limits.timeout,
            headers=_headers(one, known),
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return replace(fact, unread=of_exception(error).outcome.label)
    if known is not None and answer.status == 304:
        return replace(known, name=one.name, page=one.page)
    if reason := _refusal(answer, own_hosts):
        return replace(fact, unread=reason)
    fact = replace(
        fact,
        sha256=hashlib.sha256(answer.body).hexdigest(),
        etag=answer.headers.get("etag", ""),
        last_modified=answer.headers.get("last-modified", ""),
    )
    if known is not None and known.sha256 == fact.sha256:
        return replace(fact, kind=known.kind, characters=known.characters, unread=known.unread)
    document = await documents.read(answer.body)
    if not document.settled:
        fact = replace(fact, sha256="")
    hits = hits_of(document, words)
    if hits:
        log.capture(one.url, 1, at, answer.status, answer.kept_headers, answer.body, exchange=answer.exchange)
    return replace(fact, kind=document.kind, characters=document.characters, hits=hits, unread=document.unread)


def _headers(one: Chosen, known: AttachmentFact | None) -> dict[str, str]:
    """What is sent: where the link stands, and what the last visit was told to ask with."""
    asked = {
        "Referer": one.page,
        "If-None-Match": known.etag if known else "",
        "If-Modified-Since": known.last_modified if known else "",
    }
    return {**VISITOR, **{name: value for name, value in asked.items() if value}}


def _refusal(answer: Received, own_hosts: frozenset[str]) -> str:
    """Why an answer is not the attachment; "" where it may be."""
    if host_of(answer.final) not in own_hosts:
        return "跳转到其他网站"
    ending = answer.ending(home="", own_hosts=own_hosts)
    if ending.outcome in (Outcome.OK, Outcome.REDIRECTED):
        return ""
    return ending.reason or ending.outcome.label


def hits_of(document: DocumentText, words: Wordbook) -> tuple[TextHit, ...]:
    """What stands in a document, each hit with its place."""
    return gathered(replace(hit, place=part.place) for part in document.parts for hit in words.hits(part.text))
