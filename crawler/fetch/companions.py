"""Whom a spider asks on its visit: the off-site queue, a browser, and our own network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from crawler.facts import FetchOutcome, Resource


class OffSite(Protocol):
    """Where links to other hosts are sent; their outcomes come to the log from there."""

    def submit(self, url: str, referer: str, resource: Resource, earlier: Sequence[FetchOutcome] = ()) -> None:
        """Queues a distinct address; `earlier` are the looks of a run that is gone on with."""


class Renderer(Protocol):
    """A browser that shows what a visitor sees."""

    async def render(self, url: str) -> bytes | None:
        """The page's HTML after scripts, UTF-8; None where the browser could not tell."""


class OwnNetwork(Protocol):
    """Whether we ourselves are on the net."""

    async def is_up(self) -> bool | None:
        """None where no canaries are configured."""
