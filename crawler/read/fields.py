"""Labelled texts: what a page writes under names it is known to use: `联系电话：0915-…`, `<th>办理地点</th><td>…</td>`,
a heading 申请条件 with paragraphs below it, a row of names over a row of values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from crawler.read.outline import Line, Outline
from crawler.read.zones import Zone

_FRAME = (Zone.FOOTER, Zone.NAVIGATION, Zone.BREADCRUMB, Zone.HEADER)
_COUNTING = (
    r"(?:第?[一二三四五六七八九十]{1,3}[、.．条]|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,2}[、.．)）]|[①-⑳])"
)
_BEFORE = rf"[\s\u3000·•●■▪◆◇▶►★※*>\-—]*(?:{_COUNTING}\s*)?"
_SHORT = 2
"""A name of so few characters is one only with a colon or in brackets: 回复 alone is a button."""
_SUBSTANCE = re.compile(r"\w")
_BARE_RUN = 3


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that are looked for: `names` maps each to the fields it stands for, () where it only ends others."""

    names: Mapping[str, tuple[str, ...]]
    stops: tuple[str, ...]
    at_start: re.Pattern[str]
    inside: re.Pattern[str]
    stop: re.Pattern[str]

    @classmethod
    def of(cls, fields: Mapping[str, Iterable[str]], others: Iterable[str], stops: Iterable[str]) -> Vocabulary:
        """A vocabulary of fields with their names, other names, and words behind which nothing belongs to a field."""
        names: dict[str, tuple[str, ...]] = dict.fromkeys(others, ())
        for key, words in fields.items():
            for word in words:
                names[word] = (*names.get(word, ()), key)
        ordered = sorted(names, key=len, reverse=True)
        any_name = "|".join(_spaced(name) for name in ordered)
        long_name = "|".join(_spaced(name) for name in ordered if len(name) > _SHORT)
        rest = r"(?:[（(][^（）()]{1,20}[）)])?"
        return cls(
            names,
            tuple(stops),
            re.compile(
                rf"{_BEFORE}(?:[【\[〔「《(（]\s*(?P<boxed>{any_name})\s*[】\]〕」》)）]\s*[:：]?"
                rf"|(?P<colon>{any_name}){rest}\s*[:：]|(?P<bare>{long_name}){rest}(?=\s|$))"
            ),
            re.compile(rf"(?<=[\s\u3000；;。，,|｜）)】\]])(?P<name>{any_name})\s*[:：]"),
            re.compile("|".join(map(re.escape, stops)) or r"(?!)"),
        )

    def fields_of(self, name: str) -> tuple[str, ...]:
        """The fields that a name as written stands for; () where it stands for none."""
        return self.names.get(re.sub(r"[\s\u3000]+", "", name), ())


@dataclass(slots=True)
class Labelled:
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


def _parts(line: Line, vocabulary: Vocabulary) -> Iterator[tuple[str, bool, str]]:
    """The names of one line, whether each stands without a mark, and the text behind each up to the next."""
    text = line.text
    begun = vocabulary.at_start.match(text)
    if begun is None:
        return
    bare = begun["bare"] is not None
    name, start = begun["boxed"] or begun["colon"] or begun["bare"], begun.end()
    if bare and len(text) - start > 200:
        return
    for inner in vocabulary.inside.finditer(text, max(0, start - 1)):
        if inner.start() < start:
            continue
        yield name, bare, text[start : inner.start()].strip()
        name, bare, start = inner["name"], False, inner.end()
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


def _spaced(name: str) -> str:
    """A pattern of a name whose characters may stand apart: 地　址."""
    return r"[\s\u3000]*".join(map(re.escape, name))
