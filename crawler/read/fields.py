"""Labelled texts: what a page writes under names it is known to use: `联系电话：0915-…`, `<th>办理地点</th><td>…</td>`,
a heading 申请条件 with paragraphs below it, a row of names over a row of values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from crawler.read.outline import Line, Outline
from crawler.read.zones import Zone

_FRAME = (Zone.FOOTER, Zone.NAVIGATION, Zone.BREADCRUMB, Zone.HEADER)
_COUNTING = (
    r"(?:第?[一二三四五六七八九十]{1,3}[、.．条]|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,2}[、.．)）]|[①-⑳])"
)
_BEFORE = re.compile(rf"[\s\u3000·•●■▪◆◇▶►★※*>\-—]*(?:{_COUNTING}\s*)?")
_OPENING = "【[〔「《(（"
_REST = r"(?:[（(][^（）()]{1,20}[）)])?\s*"
_CLOSED = re.compile(r"\s*[】\]〕」》)）]\s*[:：]?")
_MARKED = re.compile(rf"{_REST}[:：]")
_ALONE = re.compile(rf"{_REST}(?:(?<=\s)|$)")
_COLON = re.compile("[:：]")
_BOUNDS = " \u3000；;。，,|｜）)】]"
_BLANK = re.compile(r"[\s\u3000]+")
_LONGEST_BARE = 200
_SHORT = 2
"""A name of so few characters is one only with a colon or in brackets: 回复 alone is a button."""
_SUBSTANCE = re.compile(r"\w")
_BARE_RUN = 3
_SHORTEST_HEADING = 4


class Vocabulary(Struct, frozen=True):
    """The names that are looked for: `names` maps each to the fields it stands for, () where it only ends others."""

    names: Mapping[str, tuple[str, ...]]
    longest: int
    initials: frozenset[str]
    stop: re.Pattern[str]

    @classmethod
    def of(cls, fields: Mapping[str, Iterable[str]], others: Iterable[str], stops: Iterable[str]) -> Vocabulary:
        """A vocabulary of fields with their names, other names, and words behind which nothing belongs to a field."""
        names: dict[str, tuple[str, ...]] = dict.fromkeys(others, ())
        for key, words in fields.items():
            for word in words:
                names[word] = (*names.get(word, ()), key)
        stop = re.compile("|".join(map(re.escape, stops)) or r"(?!)")
        return cls(names, max(map(len, names)), frozenset(name[0] for name in names), stop)

    def fields_of(self, name: str) -> tuple[str, ...]:
        """The fields that a name as written stands for; () where it stands for none."""
        return self.names.get(_BLANK.sub("", name), ())

    def beginning(self, text: str) -> tuple[str, bool, int] | None:
        """The name at a line's beginning, whether it stands without a mark, and where the text behind it starts."""
        counted = _BEFORE.match(text)
        at = counted.end() if counted else 0
        boxed = text[at : at + 1] in _OPENING and at < len(text)
        at += boxed
        if text[at : at + 1] not in self.initials:
            return None
        for name, end in self._names_at(text, at):
            if boxed:
                if closed := _CLOSED.match(text, end):
                    return name, False, closed.end()
            elif marked := _MARKED.match(text, end):
                return name, False, marked.end()
            elif len(name) > _SHORT and (alone := _ALONE.match(text, end)):
                return name, True, alone.end()
        return None

    def inner(self, text: str, start: int) -> Iterator[tuple[str, int, int]]:
        """Names with a colon further on in a line, behind a blank or a stop: the name, its place, the colon's end."""
        for colon in _COLON.finditer(text, start):
            tail = text[max(start, colon.start() - self.longest - 2) : colon.start()]
            plain = tail.rstrip()
            for length in range(min(self.longest, len(plain)), 0, -1):
                name = plain[-length:]
                at = max(start, colon.start() - self.longest - 2) + len(plain) - length
                if name in self.names and (at == start or text[at - 1] in _BOUNDS):
                    yield name, at, colon.end()
                    break

    def _names_at(self, text: str, at: int) -> list[tuple[str, int]]:
        """The names that begin at a place, their characters set apart or not, the longest first, with their ends."""
        found: list[tuple[str, int]] = []
        name = ""
        for end in range(at, min(len(text), at + self.longest * 3)):
            if text[end].isspace():
                continue
            name += text[end]
            if len(name) > self.longest:
                break
            if name in self.names:
                found.append((name, end + 1))
        return found[::-1]


class Labelled(Struct):
    """A name as written with the text that belongs to it; `shown` says that a picture or a file stands there."""

    name: str
    fields: tuple[str, ...]
    bare: bool
    first: int
    pieces: list[str] = field(default_factory=list)
    shown: bool = False

    @property
    def value(self) -> str:
        """The text, one line a line; "" where there is none."""
        text = "\n".join(self.pieces)
        return text.strip() if _SUBSTANCE.search(text) else ""

    @property
    def is_given(self) -> bool:
        """Whether anything stands under the name."""
        return self.shown or bool(self.value)


def labelled(page: Outline, vocabulary: Vocabulary) -> list[Labelled]:
    """The names that the page's own part bears, in order, each with what stands under it."""
    found: list[Labelled] = []
    current: Labelled | None = None
    for line in own_lines(page):
        parts = list(_parts(line, vocabulary))
        if not parts:
            if current is not None and vocabulary.stop.match(line.text):
                current = None
            elif current is not None:
                current.pieces.append(line.text)
            continue
        for name, bare, rest in parts:
            current = Labelled(name, vocabulary.fields_of(name), bare, line.first)
            found.append(current)
            if rest:
                current.pieces.append(rest)
    _mark_shown(page, found)
    _share_rows(found)
    return found


def own_lines(page: Outline) -> Iterator[Line]:
    """The lines of the page without its frame; hidden blocks (tabs, folds) are among them."""
    return (line for line in page.lines if line.zone not in _FRAME)


def heading_of(page: Outline) -> str:
    """The page's own heading: not that of its side or frame; "" where it has none."""
    headings = (line.text for line in page.lines if line.heading and line.zone is Zone.MAIN)
    return next((text for text in headings if len(text) >= _SHORTEST_HEADING), "")


def _parts(line: Line, vocabulary: Vocabulary) -> Iterator[tuple[str, bool, str]]:
    """The names of one line, whether each stands without a mark, and the text behind each up to the next."""
    text = line.text
    begun = vocabulary.beginning(text)
    if begun is None:
        return
    name, bare, start = begun
    if bare and len(text) - start > _LONGEST_BARE:
        return
    for following, at, end in vocabulary.inner(text, start):
        yield name, bare, text[start:at].strip()
        name, bare, start = following, False, end
    yield name, bare, text[start:].strip()


def _mark_shown(page: Outline, found: list[Labelled]) -> None:
    """Notes the names under which a picture, a frame or a linked file stands."""
    marks = sorted(raw.first for raw in page.links if raw.tag in ("img", "iframe", "embed", "object") and not raw.idle)
    at = 0
    for index, one in enumerate(found):
        end = found[index + 1].first if index + 1 < len(found) else one.first + 200
        while at < len(marks) and marks[at] < one.first:
            at += 1
        one.shown = at < len(marks) and marks[at] <= end and (marks[at] < end or index + 1 == len(found))


def _share_rows(found: list[Labelled]) -> None:
    """A row of names over a row of values: 办理地点 | 办理时间 | 联系电话, then as many values, all under the last."""
    run: list[Labelled] = []
    for one in found:
        if one.bare and not one.pieces:
            run.append(one)
            continue
        if one.bare and len(run) + 1 >= _BARE_RUN and len(one.pieces) > len(run):
            values = one.pieces
            for number, name in enumerate(run):
                name.pieces.append(values[number])
            one.pieces = values[len(run) :]
        run = []
