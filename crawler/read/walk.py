"""One walk over one parsed page, iterative and linear: ten thousand nested elements cost what they should."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.read.behaviour import acting_links, choice_links, is_bound, picture_links, stands_for
from crawler.read.breadcrumb import is_way
from crawler.read.concealment import is_watched, suspects_of
from crawler.read.fragments import FragmentMemory, is_keepable
from crawler.read.outline import Box, Fragment, Line, Outline, RawForm, RawLink, Script
from crawler.read.urls import place_of
from crawler.read.zones import NO_HINT, Zone, hint_of, zone_under

_PLAIN = frozenset(
    ("html", "head", "span", "b", "i", "em", "strong", "font", "u", "s", "small", "big", "sub", "sup", "label",
     "ucaptitle", "ucapcontent", "o:p", "ins", "del", "mark", "q", "cite", "abbr", "acronym", "code", "bdi",
     "bdo", "tt", "strike")
)  # fmt: skip
"""Elements that are walked through as if they were not there."""
_ACTIVE = frozenset(
    ("a", "br", "img", "iframe", "frame", "video", "audio", "source", "embed", "title", "time", "script",
     "link", "meta", "base", "area", "input", "select", "svg")
)  # fmt: skip
_FILLABLE = frozenset(("div", "ul", "ol", "table", "tbody", "dl", "section"))
_STEPS = frozenset(("li", "td", "dd", "p", "h1", "h2", "h3", "h4", "label"))
_CELLS = frozenset(("li", "td", "th", "dt"))
_LITTLE = 80
_LONGEST_WAY = 300
_LANDMARKS = frozenset(("nav", "menu", "footer", "header", "aside"))
_OWN_PARTS = frozenset(("header", "footer"))
_MUTE = frozenset(
    ("style", "noscript", "template", "math", "textarea", "object", "applet", "datalist",
     "-comment", "-doctype")
)  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_PLACES = frozenset(("iframe", "frame", "video", "audio", "source", "embed"))
_WHERE_AM_I = re.compile(
    r"(?:当前|您(?:现在)?(?:所)?在?的?|现在的?|你(?:现在)?(?:所)?在?的?|所在)\s*的?\s*位\s*置|^\s*位置\s*[:：]"
)
_DATED = re.compile(r"(?<!\d)(?:\d{4}\s?[-—./／年]\s?\d{1,2}|\d{1,2}\s?[-/／月]\s?\d{1,2})(?!\d)")
_DIGIT = re.compile(r"\d")
_REPEATED = (Zone.NAVIGATION, Zone.FOOTER)
_ROOTED = re.compile(r"https?:|/|#|javascript:|\Z", re.IGNORECASE)
_NOWHERE = re.compile(r"\s*(?:#|javascript:|\Z)", re.IGNORECASE)
_ABSOLUTE = ("http://", "https://", "//", "HTTP")
_LONGEST_DATED = 80
_FIELDS = frozenset(("", "text", "search"))


def outline(html: str, *, hints: bool = True, memory: FragmentMemory | None = None, url: str = "") -> Outline:
    """The outline of a page.

    `hints` off ignores class names, for pages whose wrapper is named like a footer. With a `memory`, what it knows
    for a page at `url` is not walked again.
    """
    tree = LexborHTMLParser(html)
    root = tree.root
    page = Outline()
    if root is not None:
        walk = _Walk(page, hints, memory if memory is not None and memory.is_worthwhile else None, url)
        walk.run(root)
        page.suspects = suspects_of(walk.watched, walk.styles, page.scripts)
    return page


class _Begun(NamedTuple):
    """A fragment that is being walked: its container, what stood around it, its markup, the labels seen before it."""

    box: Box
    outer: Box
    page: Outline
    markup: str
    labels: int


class _Walk:
    """The state of one walk."""

    def __init__(self, page: Outline, hints: bool, memory: FragmentMemory | None, url: str) -> None:
        self.top = page
        self.page = page
        self.hints = hints
        self.memory = memory
        self.url = url
        self.begun: _Begun | None = None
        self.root = Box("html", "", "", Zone.MAIN, None, NO_HINT, 0, 0, 0, 0, 0)
        self.box = self.root
        self.spoken: Box | None = None
        self.pieces: list[str] = []
        self.line_first = 0
        self.line_links = 0
        self.heading = False
        self.link: RawLink | None = None
        self.form: RawForm | None = None
        self.title: list[str] | None = None
        self.origin = place_of(url)[0] if url else "\0"
        self.watched: list[LexborNode] = []
        self.styles: list[LexborNode] = []

    def run(self, root: LexborNode) -> None:
        """Visit every node once, in document order."""
        stack: list[tuple[LexborNode, Box | str | None]] = []
        pieces = self.pieces
        node: LexborNode | None = root.first_child
        while node is not None:
            tag = node.tag or ""
            child: LexborNode | None = None
            closing: Box | str | None = None
            if tag == "-text":
                raw = node.text_content or ""
                if not raw.isspace():
                    self._text(raw)
                elif pieces:
                    pieces.append(" ")
            elif tag in _PLAIN:
                child = node.first_child
            elif tag in _ACTIVE:
                closing = self._element(tag, node)
                if closing is not None:
                    child = node.first_child
                    if child is None:
                        self._close(closing)
            elif tag not in _MUTE:
                closing = self._block(tag, node)
                if closing is not None:
                    child = node.first_child
                    if child is None:
                        self._close(closing)
            elif tag == "style":
                self.styles.append(node)
            if child is not None:
                stack.append((node, closing))
                node = child
                continue
            following = node.next
            while following is None and stack:
                node, closing = stack.pop()
                if closing is not None:
                    self._close(closing)
                following = node.next
            node = following
        if pieces:
            self._flush()
        self._end(self.root)

    # ------------------------------------------------------------------ elements

    def _element(self, tag: str, node: LexborNode) -> Box | str | None:
        """Read an element that is no block; what its end is told by, None where nothing inside is looked at."""
        if tag == "a":
            attributes = node.attributes
            self._anchor(tag, attributes)
            href = attributes.get("href")
            if href and href.startswith(_ABSOLUTE) and not href.startswith(self.origin) and is_watched(href):
                self.watched.append(node)
            return tag
        if tag == "br":
            if self.pieces:
                self._flush()
        elif tag == "img" or tag in _PLACES:
            attributes = node.attributes
            self._resource(tag, attributes)
            if tag in ("video", "audio"):
                return tag
            if tag in ("iframe", "frame"):
                source = (attributes.get("src") or "").strip()
                if source.startswith(_ABSOLUTE) and not source.startswith(self.origin) and is_watched(source):
                    self.watched.append(node)
        elif tag == "title":
            if self.title is None and not self.top.title:
                self.title = []
            return tag
        elif tag == "time":
            self.top.times.append(node.attributes.get("datetime") or "")
            return tag
        else:
            self._void(tag, node)
        return None

    def _block(self, tag: str, node: LexborNode) -> Box | None:
        """Enter a block: its container; None where what it holds is known already."""
        if self.pieces:
            self._flush()
        attributes = node.attributes
        names = identity = ""
        hint = NO_HINT
        if attributes:
            names = attributes.get("class") or ""
            identity = attributes.get("id") or ""
        if (names or identity or tag in _LANDMARKS) and (self.hints or tag in _LANDMARKS):
            # header and footer within an entry or an article are its own, not the page's
            own = tag in _OWN_PARTS and _is_within_part(self.box)
            hint = hint_of("div" if own else tag, names, identity)
        outer = self.box
        page = self.page
        zone = outer.zone if hint.zone is None else zone_under(outer.zone, hint.zone)
        if outer is self.spoken and not (tag in _STEPS or (tag in ("ul", "ol") and outer.links == len(page.links))):
            # 当前位置 stands bare in a container that goes on with something else
            zone = Zone.MAIN if hint.zone is None else hint.zone
        around = page
        begins = zone in _REPEATED and self.begun is None
        markup = ""
        if begins:
            markup = (node.html or "") if self.memory is not None else ""
            if self._recall(markup):
                return None
            page = self.page = Outline()
        box = self.box = Box(
            tag, names, identity, zone, None if begins else outer, hint, len(page.links), len(page.texts),
            len(page.dated), page.plain, page.link_chars,
        )  # fmt: skip
        if begins:
            self.begun = _Begun(box, outer, around, markup, len(self.top.labels))
        if tag in _HEADINGS:
            self.heading = True
        elif tag == "form":
            method = (attributes.get("method") or "get").strip().lower()
            self.form = RawForm(attributes.get("action") or "", method, zone, f"{names} {identity}")
            page.forms.append(self.form)
        if attributes and ("onclick" in attributes or "data-href" in attributes):
            acting_links(self._raw, tag, node, attributes)
        return box

    def _recall(self, markup: str) -> bool:
        """Takes a fragment from memory instead of walking it; False where it is not known."""
        if self.memory is None:
            return False
        fragment = self.memory.find(markup, *place_of(self.url, self.top.base))
        if fragment is None:
            return False
        self.page.absorb(fragment)
        return True

    def _finish(self, begun: _Begun) -> None:
        """Ends a fragment and goes on with the page."""
        inner, self.page, self.box = self.page, begun.page, begun.outer
        if any(line.zone is Zone.BREADCRUMB or (line.linked and is_way(line)) for line in inner.lines):
            for line in inner.lines:
                if line.linked and is_way(line):
                    line.zone = Zone.BREADCRUMB
            self.page.graft(inner)
            return
        whole = self.form is None and len(self.top.labels) == begun.labels and is_keepable(begun.markup)
        self.page.absorb(
            Fragment(
                markup=begun.markup if whole else "",
                inner=inner,
                lines=inner.lines,
                scripts=inner.scripts,
                forms=inner.forms,
                hollow=inner.hollow,
                plain=inner.plain,
                link_chars=inner.link_chars,
                relative=any(raw.onclick or not _ROOTED.match(raw.href) for raw in inner.links),
            )
        )

    def _close(self, closing: Box | str) -> None:
        if isinstance(closing, Box):
            if self.pieces:
                self._flush()
            if closing.tag in _HEADINGS:
                self.heading = False
            elif closing.tag == "form" and self.form is not None and self.form.fields:
                self.form = None
            self._end(closing)
            if self.begun is not None and self.begun.box is closing:
                self._finish(self.begun)
                self.begun = None
            elif closing.parent is not None:
                self.box = closing.parent
        elif closing == "a":
            if self.link is not None:
                self.link.last = len(self.page.texts)
                self.link = None
        elif closing == "title" and self.title is not None:
            self.top.title = " ".join("".join(self.title).split())
            self.title = None

    def _end(self, box: Box) -> None:
        page = self.page
        box.links_end = len(page.links)
        if box is self.spoken and box.tag in _CELLS and box.links_end == box.links and box.parent is not None:
            # the words stand in a cell of their own: the steps are in the cells beside it
            box.parent.zone = Zone.BREADCRUMB
        if box.zone is Zone.BREADCRUMB and page.plain - box.plain > _LONGEST_WAY:
            self._give_back(box)
        box.plain_end = page.plain
        if box.links_end > box.links or box.plain_end - box.plain > 40:
            box.texts_end = len(page.texts)
            box.dates_end = len(page.dated)
            box.link_chars_end = page.link_chars
            if box.parent is not None:
                page.boxes.append(box)
                if box.links_end > box.links:
                    box.parent.kids.append(box)
        elif box.tag in _FILLABLE and (box.names or box.identity) and box.texts == len(page.texts):
            page.hollow.append((box.names, box.identity, box.zone.value))

    def _give_back(self, box: Box) -> None:
        """A container with a text in it is no breadcrumb, whatever it is named; a line of steps in it stays one."""
        page = self.page
        zone = Zone.MAIN if box.parent is None or box.parent.zone is Zone.BREADCRUMB else box.parent.zone
        box.zone = zone
        for inner in reversed(page.boxes):
            if inner.texts < box.texts:
                break
            inner.zone = zone if inner.zone is Zone.BREADCRUMB else inner.zone
        for raw in page.links[box.links :]:
            raw.zone = zone if raw.zone is Zone.BREADCRUMB else raw.zone
        for line in page.lines[bisect_left(page.line_starts, box.texts) :]:
            if line.zone is Zone.BREADCRUMB and not (_WHERE_AM_I.search(line.text) or is_way(line)):
                line.zone = zone

    # ------------------------------------------------------------------ text

    def _text(self, raw: str) -> None:
        if self.title is not None:
            self.title.append(raw)
            return
        text = " ".join(raw.split())
        page = self.page
        index = len(page.texts)
        if not self.pieces:
            self.line_first = index
        self.pieces.append(f"{' ' if raw[0].isspace() else ''}{text}{' ' if raw[-1].isspace() else ''}")
        size = len(text)
        if self.link is None:
            page.owner.append(-1)
            page.plain += size
        else:
            page.owner.append(len(page.links) - 1)
            page.link_chars += size
            self.line_links += size
        page.texts.append(text)
        if size <= _LONGEST_DATED and _DIGIT.search(text) and _DATED.search(text):
            page.dated.append(index)
        if size < 60 and self.link is None and "位" in text and self.hints and _WHERE_AM_I.search(text):
            self._mark_breadcrumb()

    def _mark_breadcrumb(self) -> None:
        """The words 当前位置 make their container a breadcrumb, whatever it is named, if little stands before them."""
        box = self.box
        inside = box.parent is not None or (self.begun is not None and self.begun.box is box)
        if inside and self.page.plain - box.plain < _LITTLE:
            box.zone = Zone.BREADCRUMB
            self.spoken = box

    def _flush(self) -> None:
        text = " ".join("".join(self.pieces).split())
        self.pieces.clear()
        if text:
            page = self.page
            page.line_starts.append(self.line_first)
            page.lines.append(Line(text, self.box.zone, self.line_first, self.line_links, self.heading))
        self.line_links = 0

    # ------------------------------------------------------------------ links and the head

    def _anchor(self, tag: str, attributes: dict[str, str | None]) -> None:
        href = attributes.get("href")
        if self.link is not None:
            self.link.last = len(self.page.texts)
        if href is None and not attributes.get("onclick"):
            self.link = None
            return
        self.link = self._raw(tag, href or "", attributes)
        self.box.kids.append(self.link)

    def _raw(self, tag: str, href: str, attributes: Mapping[str, str | None]) -> RawLink:
        box = self.box
        size = len(self.page.texts)
        link = RawLink(tag, href, attributes.get("title") or "", attributes.get("alt") or "", box.zone, box, size, size)
        if _NOWHERE.match(href):
            link.idle = True
            link.onclick = attributes.get("onclick") or ""
            link.bound = is_bound(tag, attributes)
            link.stands_for = stands_for(attributes) if link.bound else ""
        self.page.links.append(link)
        return link

    def _resource(self, tag: str, attributes: dict[str, str | None]) -> None:
        source = (attributes.get("src") or "").strip()
        alt = attributes.get("alt") or attributes.get("title") or ""
        if self.link is not None and tag == "img":
            self.link.alt = self.link.alt or alt
        if not source or source.startswith("data:"):
            return
        open_link = self.link
        raw = self._raw(tag, source, attributes)
        raw.alt = alt
        raw.inner = open_link is not None

    def _void(self, tag: str, node: LexborNode) -> None:
        attributes = node.attributes
        page = self.top
        if tag == "meta":
            content = " ".join((attributes.get("content") or "").split())
            name = (attributes.get("name") or "").strip()
            if name:
                page.labels.append((name, content))
            elif attributes.get("property") or attributes.get("itemprop"):
                page.properties.append(((attributes.get("property") or attributes.get("itemprop") or ""), content))
            elif (attributes.get("http-equiv") or "").strip().lower() == "refresh":
                page.refresh = page.refresh or content
        elif tag == "script":
            self._script(node, attributes)
        elif tag == "link":
            if "stylesheet" in (attributes.get("rel") or "").lower() and attributes.get("href"):
                self._raw(tag, attributes.get("href") or "", attributes)
        elif tag == "base":
            page.base = page.base or (attributes.get("href") or "").strip()
        elif tag == "area":
            if attributes.get("href") is not None:
                self._raw(tag, attributes.get("href") or "", attributes)
        elif tag == "select":
            choice_links(self._raw, node, attributes)
        elif tag == "svg":
            picture_links(self._raw, node)
        elif "onclick" in attributes:
            acting_links(self._raw, tag, node, attributes)
        elif self.form is not None:
            kind = (attributes.get("type") or "").strip().lower()
            value = attributes.get("value") or ""
            self.form.fields.append((kind, attributes.get("name") or "", value, attributes.get("id") or ""))
            if kind not in ("hidden", "checkbox", "radio"):
                self.form.words += f" {value} {attributes.get('placeholder') or ''} {attributes.get('alt') or ''}"

    def _script(self, node: LexborNode, attributes: dict[str, str | None]) -> None:
        source = (attributes.get("src") or "").strip()
        if source:
            self._raw("script", source, attributes)
            return
        inner = node.first_child
        text = (inner.text_content or "") if inner is not None else ""
        if text and not text.isspace():
            self.page.scripts.append(Script(text, self.box.zone, (attributes.get("type") or "").lower()))


def _is_within_part(box: Box) -> bool:
    """Whether a container stands in an article, an entry of a list, or a section that is not the page's own frame."""
    at: Box | None = box
    while at is not None and at.parent is not None:
        if at.tag in ("article", "li") or (
            at.tag == "section" and at.parent.parent is not None and at.parent.tag != "body"
        ):
            return True
        at = at.parent
    return False
