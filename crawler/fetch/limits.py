"""How far one crawl may go, and how it introduces itself.

Every bound against sites without end has its name here; reaching one is told as it is and is never a site's fault.
"""

from __future__ import annotations

from msgspec import Struct

USER_AGENT = "Mozilla/5.0 (compatible; Xuncha/0.2; +{contact}) government website inspection"
"""Names us throughout; `contact` is the office's own page or mail address from the configuration."""
REDIRECTS = 6
"""Hops of one request."""
ROBOTS_BYTES = 512_000
"""So much of a robots.txt is read; RFC 9309 §2.5 asks for at least 500 KiB."""
PAGE_TAGS = 100_000
"""Elements of a page that is read, also of one that a browser has made."""
OFFSITE_BYTES = 16_384
"""So much of a foreign page is looked at: enough for a firewall's words."""
VISITOR = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
}
"""The headers of a visitor's browser, sent at every look: without them a site may answer in another language."""


class Limits(Struct, frozen=True):
    """Budgets of one site's crawl. Seconds, bytes and counts; a crawl that meets one ends with its reason.

    `confirm_gap` is the least time between two looks at an address that failed; `looks` how many looks at most.
    `timeout` bounds a whole request from its start to its last byte. `page_tags` bounds the elements of a page that is
    read (the largest page of a public site seen so far has some 20,000). `same_shape` is how many addresses of one
    shape may be under way or have brought nothing new before the others of that shape are left alone
    (crawler/fetch/traps.py). `retry_after` is the longest pause that a server's 429 or 503 is granted.
    `attachments` are read by their text, each of at most `attachment_bytes`, all within `attachment_seconds`.
    Of a browser: `rendered` pages that scripts fill, `rendered_samples` more for footers that scripts write, `sights`
    of addresses before they are called dead, `displays` of pages that are measured (3 at most; 0 leaves that out),
    `screenshots` of faults. `unjudged_hosts` are foreign hosts, each with all that lies below it, to which the office
    wants no link judged (beside crawler/data/unjudged_hosts.yaml).
    """

    pages: int = 2_000
    depth: int = 12
    seconds: float = 4 * 3600
    resources: int = 6_000
    page_bytes: int = 10 * 1024 * 1024
    page_tags: int = PAGE_TAGS
    same_shape: int = 40
    timeout: float = 30
    retry_after: float = 60
    confirm_gap: float = 30
    looks: int = 3
    rendered: int = 30
    rendered_samples: int = 10
    sights: int = 6
    displays: int = 3
    screenshots: int = 4
    probes: int = 3
    probe_gap: float = 20
    search_titles: int = 4
    attachments: int = 30
    attachment_bytes: int = 10 * 1024 * 1024
    attachment_seconds: float = 900
    contact: str = "contact-not-configured"
    unjudged_hosts: tuple[str, ...] = ()

    @property
    def user_agent(self) -> str:
        """The User-Agent header of every request."""
        return USER_AGENT.format(contact=self.contact)
