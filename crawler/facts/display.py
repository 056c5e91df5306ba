"""How a page stands in a browser: on a phone's width, and to those who cannot see or point."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Barrier(Struct, frozen=True):
    """One rule of axe-core that a page breaks: its id and impact, so many elements, and the markup of a few of them."""

    rule: str
    impact: str
    count: int
    examples: tuple[str, ...] = ()


class DisplayFact(Struct, frozen=True):
    """One page as a browser showed it. `error` says in Chinese why it tells nothing; all that follows is then empty.

    `viewport` is what the page asks of a phone's viewport, None where it asks nothing. `phone_width` is the width in
    CSS pixels of the phone that was stood in for, `page_width` how wide the page then was to scroll, and `wide` the
    markup of elements that stand out. `switches` quotes a sign that phones are sent another page than we are.
    `barriers` is None where they were not looked for, else what `engine` found; `controls` are the words of what can
    be clicked, on the home page alone.
    """

    url: str
    at: datetime
    error: str = ""
    viewport: str | None = None
    phone_width: int = 0
    page_width: int = 0
    wide: tuple[str, ...] = ()
    switches: str = ""
    barriers: tuple[Barrier, ...] | None = None
    engine: str = ""
    controls: tuple[str, ...] = ()
