"""How far one crawl may go, and how it introduces itself."""

from __future__ import annotations

from dataclasses import dataclass

USER_AGENT = "Mozilla/5.0 (compatible; Xuncha/0.1; +{contact}) government website inspection"
"""Names us throughout; `contact` is the office's own page or mail address from the configuration."""

VISITOR = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
}
"""The headers of a visitor's browser, sent at every look: without them a site may answer in another language."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Budgets of one site's crawl. Seconds, bytes and counts; a crawl that meets one ends with its reason.

    `confirm_gap` is the least time between two looks at an address that failed; `looks` how many looks at most.
    """

    pages: int = 2_000
    depth: int = 12
    seconds: float = 4 * 3600
    resources: int = 6_000
    page_bytes: int = 10 * 1024 * 1024
    timeout: float = 30
    confirm_gap: float = 30
    looks: int = 3
    rendered: int = 30
    probes: int = 3
    probe_gap: float = 20
    search_titles: int = 4
    contact: str = "contact-not-configured"

    @property
    def user_agent(self) -> str:
        """The User-Agent header of every request."""
        return USER_AGENT.format(contact=self.contact)
