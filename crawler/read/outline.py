"""The outline of a page: its lines of text, its links as written, its containers and scripts, as one walk leaves them.

Everything else in this room reads the Outline; nothing but the walk touches the tree.
"""

from __future__ import annotations

from msgspec import Struct, field

from crawler.facts import Link
from crawler.facts.behaviour import Suspect
from crawler.read.zones import Hint, Zone


class RawLink(Struct):
    """A link as written. `first`/`last` bound its texts in `Outline.texts`; `box` is the container it stands in.

    `idle` says that its address leads nowhere by itself, `bound` that it has behaviour then, `stands_for` the address
    that a `data-href` or the like gives it; `inner` marks a picture inside a link.
    """

    tag: str
    href: str
    title: str
    alt: str
    zone: Zone
    box: Box
    first: int
    last: int
    onclick: str = ""
    idle: bool = False
    bound: bool = False
    inner: bool = False
    stands_for: str = ""


class Box(Struct):
    """A block container: what it spans in the flat lists (links, texts, dated texts) and where it stands."""

    tag: str
    names: str
    identity: str
    zone: Zone
    parent: Box | None
    hint: Hint
    links: int
    texts: int
    dates: int
    plain: int
    link_chars: int
    links_end: int = 0
    texts_end: int = 0
    dates_end: int = 0
    plain_end: int = 0
    link_chars_end: int = 0
    kids: list[Box | RawLink] = field(default_factory=list)
    grouped: bool = False


class Line(Struct):
    """A run of text between two block boundaries; `linked` counts its characters inside links."""

    text: str
    zone: Zone
    first: int
    linked: int
    heading: bool


class RawForm(Struct):
    """A form as written with its fields as (type, name, value, id)."""

    action: str
    method: str
    zone: Zone
    names: str
    fields: list[tuple[str, str, str, str]] = field(default_factory=list)
    words: str = ""


class Script(Struct):
    """An inline script's text, the zone it stands in and its type."""

    text: str
    zone: Zone
    kind: str


class Fragment(Struct):
    """A part of a site's frame, navigation or footer, that stands on many pages in the same words.

    It is walked into an outline of its own, `inner`, until its links are made; then only they are kept. `markup` is
    what it is known again by, "" where it must not be.
    """

    markup: str
    inner: Outline | None
    lines: list[Line]
    scripts: list[Script]
    forms: list[RawForm]
    hollow: list[tuple[str, str, str]]
    plain: int
    link_chars: int
    relative: bool = False
    links: list[Link] = field(default_factory=list)
    marked: dict[str, Link] = field(default_factory=dict)


class Outline(Struct):
    """What one walk leaves.

    `texts` are the pieces of visible text, `owner` the index of the link each stands in, `dated` those that look like
    dates. `hollow` are containers without text, as (class, id, zone): what a script may fill. `fragments` are the
    navigation and footer, each with the number of `links` before it; their links and texts stand in none of the lists.
    """

    title: str = ""
    base: str = ""
    refresh: str = ""
    labels: list[tuple[str, str]] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)
    links: list[RawLink] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    dated: list[int] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    line_starts: list[int] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    scripts: list[Script] = field(default_factory=list)
    forms: list[RawForm] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    hollow: list[tuple[str, str, str]] = field(default_factory=list)
    plain: int = 0
    link_chars: int = 0
    fragments: list[tuple[int, Fragment]] = field(default_factory=list)
    suspects: list[Suspect] = field(default_factory=list)

    def absorb(self, fragment: Fragment) -> None:
        """Takes in a fragment: its lines, scripts and forms are the page's, its links stand apart."""
        self.fragments.append((len(self.links), fragment))
        self.line_starts.extend([len(self.texts)] * len(fragment.lines))
        self.lines.extend(fragment.lines)
        self.scripts.extend(fragment.scripts)
        self.forms.extend(fragment.forms)
        self.hollow.extend(fragment.hollow)
        self.plain += fragment.plain
        self.link_chars += fragment.link_chars

    def graft(self, other: Outline) -> None:
        """Takes in another outline behind what is here, as if it had been walked as a part of this page."""
        links, texts, dates = len(self.links), len(self.texts), len(self.dated)
        for box in other.boxes:
            box.links += links
            box.links_end += links
            box.texts += texts
            box.texts_end += texts
            box.dates += dates
            box.dates_end += dates
            box.plain += self.plain
            box.plain_end += self.plain
        for raw in other.links:
            raw.first += texts
            raw.last += texts
        for line in other.lines:
            line.first += texts
            self.line_starts.append(line.first)
        self.boxes.extend(other.boxes)
        self.lines.extend(other.lines)
        self.owner.extend(owner + links if owner >= 0 else -1 for owner in other.owner)
        self.links.extend(other.links)
        self.dated.extend(index + texts for index in other.dated)
        self.texts.extend(other.texts)
        self.scripts.extend(other.scripts)
        self.forms.extend(other.forms)
        self.hollow.extend(other.hollow)
        self.plain += other.plain
        self.link_chars += other.link_chars
