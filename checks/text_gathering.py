"""What the checks of texts keep of all pages: the places where a word of the lexicons or a private number stands."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from checks.gathering import Gatherer
from crawler.facts import PageFact, SiteFacts
from crawler.facts.texts import TextHit


class Text(Struct, frozen=True):
    """Where hits stand: a page, with the day it was published if that is known, or a place in an attachment.

    `shown_on` are the words for it, `page` is the page that names an attachment.
    """

    url: str
    published: date | None
    shown_on: str = "正文"
    page: str = ""


class TextGatherer(Gatherer):
    """Keeps the hits of all pages, and how many pages there were to read."""

    def __init__(self, facts: SiteFacts) -> None:
        super().__init__(facts)
        self.pages = 0
        self.found: list[tuple[Text, TextHit]] = [
            (Text(attachment.url, None, f"附件“{attachment.name}”{hit.place}", attachment.page), hit)
            for attachment in facts.attachments.tried
            for hit in attachment.hits
        ]

    def see(self, page: PageFact) -> None:
        """Takes a page's hits; what a script asks for is no page that a reader opens."""
        if page.reply:
            return
        self.pages += 1
        if page.hits:
            text = Text(page.url, page.published.value if page.published else None)
            self.found += [(text, hit) for hit in page.hits]
