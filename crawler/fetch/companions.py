"""Whom a spider asks on its visit: the off-site queue, a browser, and our own network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from crawler.facts import FetchOutcome, Resource
from crawler.fetch.tab import Sight


class OffSite(Protocol):
    """Where links to other hosts are sent; their outcomes come to the log from there."""

    def submit(self, url: str, referer: str, resource: Resource, earlier: Sequence[FetchOutcome] = ()) -> None:
        """Queues a distinct address; `earlier` are the looks of a run that is gone on with."""


class Renderer(Protocol):
    """A browser that shows what a visitor sees."""

    async def see(
        self, url: str, *, referer: str = "", inlined: Callable[[str], bool] = lambda _: False
    ) -> Sight | None:
        """What is to be seen at an address after scripts; None where the browser could not tell.

        `inlined` says of a frame's address whether its document is put in its place.
        """


class OwnNetwork(Protocol):
    """Whether we ourselves are on the net."""

    async def is_up(self) -> bool | None:
        """None where no canaries are configured."""
