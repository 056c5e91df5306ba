"""Documents that stand in frames: a column whose list stands in an iframe is that column, with that list.

Where no browser put the frame in its place, its own page was read all the same, for frames are visited like pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from crawler.facts import PageFact, Resource, RunFacts

_ANCHORS = frozenset({"a", "area"})


def framed_alone(run: RunFacts) -> frozenset[str]:
    """The addresses that stand in frames and that no link leads to: parts of other pages, no pages of their own."""
    frames = {link.url for _, link in run.links() if link.resource is Resource.FRAME and link.url}
    if not frames:
        return frozenset()
    return frozenset(frames - {link.url for _, link in run.links() if link.tag in _ANCHORS and link.url in frames})


def joined(pages: Iterable[PageFact], framed: Mapping[str, PageFact]) -> list[PageFact]:
    """Columns with the lists of the frames that they embed.

    A framed list that could not be put in its place stays beside them, for its column to go on with.
    """
    whole = [with_frames(page, framed) for page in pages]
    wanted = {url for page in whole for url in page.embedded}
    return [*whole, *(page for url, page in framed.items() if url in wanted and page.items)]


def with_frames(page: PageFact, framed: Mapping[str, PageFact]) -> PageFact:
    """A page with the list of the frames that it embeds, where it shows none itself and all of them were read."""
    if page.items or not page.embedded:
        return page
    inner = [framed[url] for url in page.embedded if url in framed]
    if len(inner) < len(page.embedded) or any(part.scripted and not part.rendered for part in inner):
        return page
    items = tuple(dict.fromkeys(item for part in inner for item in part.items))
    if not items:
        return page
    further = (*page.next_pages, *(url for part in inner for url in part.next_pages))
    return replace(page, items=items, next_pages=tuple(dict.fromkeys(further)), embedded=(), notice="", scripted=False)
