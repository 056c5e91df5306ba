"""Whom a spider asks on its visit: the off-site queue, a browser, our own network, and what the last visit knew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from crawler.facts import FetchOutcome, Resource
from crawler.fetch.log import KnownPage, Place
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


Take = Callable[[str, Place, FetchOutcome], None]
"""Is handed an address that has not changed, where it was found, and the visit that told so."""


class LastVisit(Protocol):
    """What is known from the last visit, and who asks whether it still holds."""

    @property
    def waiting(self) -> bool:
        """Whether somebody is to be asked."""

    def page(self, url: str) -> KnownPage | None:
        """The page that is known under that address."""

    def takes(self, url: str, place: Place) -> bool:
        """Queues an address to be asked; False where it must be visited in full."""

    async def work_off(self, take: Take, stop: Callable[[], bool]) -> list[tuple[str, Place]]:
        """Asks all that wait, also those that `take` queues; answers whom to visit in full."""


class NoLastVisit:
    """A first or a full visit: nobody is asked."""

    waiting = False

    def page(self, url: str) -> KnownPage | None:
        """No page is known."""
        return None

    def takes(self, url: str, place: Place) -> bool:
        """Every address is visited in full."""
        return False

    async def work_off(self, take: Take, stop: Callable[[], bool]) -> list[tuple[str, Place]]:
        """Nothing to do."""
        return []
