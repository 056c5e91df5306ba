"""The registry's vocabulary as read from data/registry_columns.yaml: tables, columns, accepted words."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

import yaml
from msgspec import Struct

DATA = Path(__file__).with_name("data") / "registry_columns.yaml"

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|[\s*_.\-]")


class Column(Struct, frozen=True):
    """One column. `key` is its name in YAML and English tables; `values` names its words, `default` the blank's id.

    A `rare` column is left out of templates and may be added to a table by hand.
    """

    key: str
    headings: tuple[str, ...]
    required: bool
    values: str
    default: str
    many: bool
    rare: bool
    example: str
    width: int
    note: str

    @property
    def heading(self) -> str:
        """The heading that a template bears."""
        return self.headings[0]


class Table(Struct, frozen=True):
    """One table: a sheet of a workbook, a CSV file, or a list of a YAML registry. `noun` is what one row is."""

    key: str
    names: tuple[str, ...]
    files: tuple[str, ...]
    noun: str
    optional: bool
    columns: Mapping[str, Column]

    @property
    def name(self) -> str:
        """The sheet's name in a template."""
        return self.names[0]

    def column_of(self, heading: str) -> Column | None:
        """The column a heading means; spaces, full-width forms, asides in brackets and marks of duty are ignored."""
        wanted = folded(heading)
        for column in self.columns.values():
            if wanted in {folded(name) for name in (*column.headings, column.key)}:
                return column
        return None

    def nearest(self, heading: str) -> str:
        """The first heading of the column most like this one, "" where none is."""
        names = {folded(name): column.heading for column in self.columns.values() for name in column.headings}
        return names.get(nearest(folded(heading), names), "")


class SourceRule(Struct, frozen=True):
    """The platforms that a kind of account source can read (empty: all) and the settings it cannot do without.

    `numeric_id` says that it finds an account by digits alone.
    """

    platforms: tuple[str, ...]
    needs: tuple[str, ...]
    numeric_id: bool


class Vocabulary(Struct, frozen=True):
    """All of the data file. `values` maps a vocabulary's name to its ids and the words accepted for each."""

    tables: Mapping[str, Table]
    values: Mapping[str, Mapping[str, tuple[str, ...]]]
    sources: Mapping[str, SourceRule]

    def meaning(self, values: str, word: str) -> str:
        """The id a word stands for in a vocabulary, "" where it stands for none."""
        return _meanings(values).get(folded(word), "")

    def shown(self, values: str) -> tuple[str, ...]:
        """The words of a vocabulary as offered to a reader, one for each id."""
        return tuple(words[0] for words in self.values[values].values())

    def table_named(self, name: str) -> Table | None:
        """The table that a sheet of this name holds."""
        wanted = folded(name)
        for table in self.tables.values():
            if wanted in {folded(known) for known in (*table.names, table.key)}:
                return table
        return None


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """A heading or word without case, width, spaces, brackets and their contents, for comparing."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return _ASIDE.sub("", plain) or re.sub(r"\s", "", plain)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like this one, "" where none is alike enough to be what was meant."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)), "")


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of the packaged data file, read once."""
    raw = yaml.safe_load(DATA.read_text("utf-8"))
    return Vocabulary(
        tables=MappingProxyType({key: _table(key, entry) for key, entry in raw["tables"].items()}),
        values=MappingProxyType(
            {
                name: MappingProxyType({identifier: tuple(words) for identifier, words in entries.items()})
                for name, entries in raw["values"].items()
            }
        ),
        sources=MappingProxyType(
            {
                kind: SourceRule(
                    platforms=tuple(entry.get("platforms", ())),
                    needs=tuple(entry.get("needs", ())),
                    numeric_id=bool(entry.get("numeric_id", False)),
                )
                for kind, entry in raw["sources"].items()
            }
        ),
    )


@cache
def _meanings(values: str) -> Mapping[str, str]:
    """The id for each folded word of one vocabulary; where two share a word the first has it."""
    found: dict[str, str] = {}
    for identifier, words in vocabulary().values[values].items():
        for word in (identifier, *words):
            found.setdefault(folded(word), identifier)
    return found


def _table(key: str, entry: Mapping[str, object]) -> Table:
    columns = entry["columns"]
    assert isinstance(columns, dict)
    return Table(
        key=key,
        names=_words(entry["names"]),
        files=_words(entry["files"]),
        noun=str(entry["noun"]),
        optional=bool(entry.get("optional", False)),
        columns=MappingProxyType({name: _column(name, settings) for name, settings in columns.items()}),
    )


def _column(key: str, entry: Mapping[str, object]) -> Column:
    return Column(
        key=key,
        headings=_words(entry["headings"]),
        required=bool(entry.get("required", False)),
        values=str(entry.get("values", "")),
        default=str(entry.get("default", "")),
        many=bool(entry.get("many", False)),
        rare=bool(entry.get("rare", False)),
        example=str(entry["example"]),
        width=int(str(entry["width"])),
        note=str(entry["note"]),
    )


def _words(entry: object) -> tuple[str, ...]:
    assert isinstance(entry, list)
    return tuple(str(word) for word in entry)
