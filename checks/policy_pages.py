"""What the family of policy documents and interpretations keeps of a site's pages, in the one pass over them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from checks.gathering import Gatherer
from checks.papers import Paper, is_interpretation
from checks.policies import DOCUMENTS, INTERPRETATIONS, Policies
from crawler.facts import ColumnFact, DateSource, ListItem, PageFact, PageKind, SiteFacts


class PolicyPages(Gatherer):
    """Keeps the pages that columns of documents and interpretations list, those below them, and interpretations that
    stand elsewhere.
    """

    def __init__(self, facts: SiteFacts) -> None:
        super().__init__(facts)
        self._columns = [column for column in facts.columns if column.type in (DOCUMENTS, INTERPRETATIONS)]
        self._listed: dict[str, tuple[ListItem, str]] = {}
        self._above: dict[str, str] = {}
        for column in self._columns:
            self._above |= dict.fromkeys((column.url, *column.pages), column.type)
            for item in column.items:
                if item.url:
                    self._listed.setdefault(item.url, (item, column.type))
        self._seen: dict[str, Paper] = {}

    def see(self, page: PageFact) -> None:
        """Keeps what a document or an interpretation tells; a list page is neither."""
        if page.kind not in (PageKind.ARTICLE, PageKind.DOCUMENT):
            return
        item, column = self._listed.get(page.url, (None, ""))
        column = column or next((self._above[crumb.url] for crumb in page.breadcrumb if crumb.url in self._above), "")
        title = page.heading or page.label("ArticleTitle") or (item.title if item else "") or page.title
        if not column and (page.policy is None or not is_interpretation(title)):
            return
        shown = page.published
        self._seen[page.url] = Paper(
            url=page.url,
            title=title,
            column=column,
            # an address may tell another day than the page does
            day=shown.value if shown and shown.source is not DateSource.URL else None,
            listed=item.date.value if item and item.date else None,
            source=page.source,
            document=page.document,
            policy=page.policy,
            unread="页面由脚本填充" if page.scripted and not page.rendered else "",
        )

    def columns(self, kind: str) -> tuple[ColumnFact, ...]:
        """The site's columns of this type."""
        return tuple(column for column in self._columns if column.type == kind)

    def papers(self) -> Iterator[Paper]:
        """Every text of the family: those seen, then those that lists name and whose pages were not."""
        yield from self._seen.values()
        for url, (item, column) in self._listed.items():
            if url not in self._seen:
                day = item.date.value if item.date else None
                yield Paper(url, item.title, column, None, day, unread="页面未能查看")

    @cached_property
    def policies(self) -> Policies:
        """Documents and interpretations with what belongs together, put together once."""
        return Policies.of(self.facts, self.papers())
