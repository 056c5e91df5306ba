"""Documents that stand in frames: a column whose list stands in an iframe is that column, with that list.

Where no browser put the frame in its place, its own page was read all the same, for frames are visited like pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from crawler.facts import PageFact, Resource, RunFacts

_ANCHORS = frozenset({"a", "area"})


def framed_alone(run: RunFacts) -> frozenset[str]:
    """The addresses that stand in frames and that no link leads to: parts of other pages, no pages of their own."""
    return unlinked(run, frozenset(link.url for _, link in run.links() if link.resource is Resource.FRAME and link.url))


def unlinked(run: RunFacts, frames: frozenset[str]) -> frozenset[str]:
    """Those of the addresses in frames that no link leads to."""
    if not frames:
        return frames
    return frozenset(frames - {link.url for _, link in run.links() if link.tag in _ANCHORS and link.url in frames})


def framed_lists(pages: Iterable[PageFact], framed: Mapping[str, PageFact], frames: Set[str]) -> list[PageFact]:
    """Of the documents in frames the lists that columns embed, for those columns to go on with.

    `frames` are the addresses of `framed_alone`, `framed` those of them that were read. A column one of whose frames
    was not read, or left open what it shows, gets none: the newest entries may stand there.
    """
    wanted: set[str] = set()
    for page in pages:
        inner = [url for url in page.embedded if url in frames]
        if all(url in framed and (framed[url].rendered or not framed[url].scripted) for url in inner):
            wanted.update(inner)
    return [page for url, page in framed.items() if url in wanted and page.items]
