"""What one behaviour is, and what a truthful inspection says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from crawler.facts import Outcome
from tests.integration.hostile.server import Handler, Scene


class Told(Struct, frozen=True):
    """What is told of an address: one of these outcomes at its last visit, with these words in the reason."""

    outcomes: frozenset[Outcome]
    reason: str = ""


def told(*outcomes: Outcome, reason: str = "") -> Told:
    """A shorthand."""
    return Told(frozenset(outcomes), reason)


class Behaviour(Struct, frozen=True):
    """One way to be hostile.

    `expected` maps addresses to what is told of them; `most` bounds the requests below `prefix`; `accuses` are the
    addresses that may truthfully be called broken; `home` says whether the healthy pages can be reached at all;
    `exit_reason` and `note` are (the beginning of, words in) what the coverage tells; `prepare` makes
    what takes long to make before the clock runs.
    """

    name: str
    title: str
    links: tuple[str, ...]
    routes: Mapping[str, Handler]
    expected: Mapping[str, Told] = field(default_factory=dict)
    most: int = 12
    prefix: str = ""
    accuses: tuple[str, ...] = ()
    intact: bool = True
    exit_reason: str = "完成"
    note: str = ""
    prepare: Callable[[], object] | None = None

    @property
    def scene(self) -> Scene:
        """What the server plays."""
        return Scene(tuple((link, f"{self.title}入口") for link in self.links), self.routes)

    @property
    def below(self) -> str:
        """The beginning of this behaviour's own paths."""
        return self.prefix or f"/{self.name}/"
