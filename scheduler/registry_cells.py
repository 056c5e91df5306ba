"""Rows as any format gives them, and the reader that takes typed values out of one row while noting every fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TypeVar

from msgspec import Struct, field

from scheduler import registry_values as values
from scheduler.errors import RegistryProblem
from scheduler.registry_columns import Column, Table, nearest, vocabulary
from scheduler.registry_values import Raw, Unfit

Value = TypeVar("Value")

_SEPARATORS = re.compile(r"[、，,；;\s]+")


class Cell(Struct, frozen=True):
    """One value as it was written. `label` is its heading or key as the file has it.

    `parts` are the entries of a YAML list; `plain` is the type an unquoted YAML scalar would be read as; `fault`
    says why the reader could not take a value at all (a formula never calculated, an error value).
    """

    raw: Raw
    label: str
    row: int
    parts: tuple[Cell, ...] | None = None
    plain: str = ""
    fault: str = ""

    @property
    def shown(self) -> str:
        """The value as a message repeats it."""
        if self.parts is not None:
            return "、".join(part.shown for part in self.parts)
        return "" if self.raw is None else str(self.raw)


class Row(Struct, frozen=True, eq=False):
    """One row of one table, or one mapping of a YAML registry. `owner` is the YAML mapping it stands in.

    `labels` gives for each column that the file has its heading there; `noun` is what a column is called (列 or 项).
    """

    table: Table
    file: str
    sheet: str
    number: int
    cells: Mapping[str, Cell]
    labels: Mapping[str, str] = field(default_factory=dict)
    owner: Row | None = None
    noun: str = "列"

    def has(self, key: str) -> bool:
        """The file has this column; one that a sheet lacks is a fault of its heading row, not of each row."""
        return self.noun == "项" or key in self.labels

    def label(self, key: str) -> str:
        """What this file calls a column."""
        return self.labels.get(key, key if self.noun == "项" else self.table.columns[key].heading)


class RowReader:
    """Takes typed values out of one row. A value that does not fit is noted in `problems` and read as blank."""

    def __init__(self, row: Row, problems: list[RegistryProblem]) -> None:
        self.row = row
        self._problems = problems

    def refuse(self, key: str, reason: str, cell: Cell | None = None) -> None:
        """Note a fault of one column of this row."""
        place = cell or self.row.cells.get(key)
        self._problems.append(
            RegistryProblem(
                file=self.row.file,
                sheet=self.row.sheet,
                row=place.row if place else self.row.number,
                column=place.label if place else self.row.label(key),
                reason=reason,
                value=place.shown if place else "",
                noun=self.row.noun,
            )
        )

    def name(self, key: str) -> str:
        """Free words, "" where blank."""
        return self._one(key, values.name_of, "")

    def code(self, key: str) -> str:
        """A unit's code."""
        return self._one(key, values.code_of, "")

    def site_code(self, key: str) -> str:
        """A 网站标识码."""
        return self._one(key, values.site_code_of, "")

    def identifier(self, key: str) -> str:
        """A platform's identifier of an account."""
        return self._one(key, values.identifier_of, "")

    def url(self, key: str) -> str:
        """An absolute address."""
        return self._one(key, values.url_of, "")

    def text(self, key: str) -> str:
        """Text that other code gives its meaning."""
        return self._one(key, values.text_of, "")

    def day(self, key: str) -> date | None:
        """A day."""
        return self._one(key, values.date_of, None, is_text=False)

    def moment(self, key: str) -> datetime | None:
        """A moment with its zone."""
        return self._one(key, values.moment_of, None, is_text=False)

    def opening(self, key: str) -> datetime | None:
        """A moment with its zone at which something begins."""
        return self._one(key, values.opening_of, None, is_text=False)

    def stamp(self, key: str) -> str:
        """A day or a moment, as text of one form; "" where blank."""
        return self._one(key, values.stamp_of, "", is_text=False)

    def figure(self, key: str) -> str:
        """A number of zero or more, as text; "" where blank."""
        number = self.number(key)
        return "" if number is None else f"{number:g}"

    def number(self, key: str) -> float | None:
        """A number of zero or more."""
        return self._one(key, values.number_of, None, is_text=False)

    def choice(self, key: str) -> str:
        """The id of one of the column's words, its default where blank."""
        column = self.row.table.columns[key]
        return self._one(key, lambda raw: _meaning(column, raw), "") or column.default

    def choices(self, key: str) -> tuple[str, ...]:
        """The ids of several of the column's words, each once, in order."""
        column = self.row.table.columns[key]
        return self._many(key, lambda raw: _meaning(column, raw))

    def hosts(self, key: str) -> tuple[str, ...]:
        """Hosts, each once, in order."""
        return self._many(key, values.host_of)

    def urls(self, key: str) -> tuple[str, ...]:
        """Addresses, each once, in order."""
        return self._many(key, values.url_of)

    def led_hosts(self, key: str) -> tuple[str, ...]:
        """Names with an address each, `name=address`, each once, in order."""
        return self._many(key, values.led_host_of)

    def flag(self, key: str) -> bool:
        """是 or 否; blank is 否."""
        column = self.row.table.columns[key]

        def read(raw: Raw) -> str:
            return _meaning(column, str(int(raw)) if isinstance(raw, bool) else raw)

        return self._one(key, read, "", is_text=False) == "yes"

    def _one(self, key: str, read: Callable[[Raw], Value], blank: Value, *, is_text: bool = True) -> Value:
        cell = self.row.cells.get(key)
        if cell is None:
            value = blank
        elif cell.parts is not None:
            self.refuse(key, "此处只能填一个值，不能是列表")
            return blank
        else:
            try:
                _refuse_fault(cell, is_text=is_text)
                value = read(cell.raw)
            except Unfit as unfit:
                self.refuse(key, str(unfit))
                return blank
        if value == blank and self.row.table.columns[key].required and self.row.has(key):
            self.refuse(key, "必填，不能为空")
        return value

    def _many(self, key: str, read: Callable[[Raw], str]) -> tuple[str, ...]:
        cell = self.row.cells.get(key)
        if cell is None:
            return ()
        if cell.parts is not None:
            parts = cell.parts
        elif isinstance(cell.raw, str) and not cell.fault:
            words = (word for word in _SEPARATORS.split(cell.raw) if word)
            parts = tuple(Cell(word, cell.label, cell.row) for word in words)
        else:
            parts = (cell,)
        found: dict[str, None] = {}
        for part in parts:
            try:
                _refuse_fault(part, is_text=True)
                value = read(part.raw)
            except Unfit as unfit:
                self.refuse(key, str(unfit), part)
                continue
            if value in found:
                self.refuse(key, "重复", part)
            elif value:
                found[value] = None
        return tuple(found)


def _meaning(column: Column, raw: Raw) -> str:
    word = values.name_of(raw)
    if not word:
        return ""
    known = vocabulary()
    if identifier := known.meaning(column.values, word):
        return identifier
    offered = known.values[column.values]
    near = nearest(word.casefold(), [*offered, *(name for words in offered.values() for name in words)])
    hint = f"，是否应为“{near}”" if near else ""
    raise Unfit(f"不是可填的值{hint}；可填 {'、'.join(known.shown(column.values))}")


def _refuse_fault(cell: Cell, *, is_text: bool) -> None:
    """Raise Unfit for what the reader could not take, and for unquoted YAML that other readers take otherwise."""
    if cell.fault:
        raise Unfit(cell.fault)
    if not is_text or not cell.plain or not isinstance(cell.raw, str):
        return
    if cell.plain == "bool":
        raise Unfit("未加引号，会被读作是或否：请加引号")
    if cell.plain == "float" or (cell.plain == "int" and not re.fullmatch(r"0|[1-9]\d*", cell.raw)):
        raise Unfit("未加引号的数字会被改变写法（丢失前导零、变成小数或其他进制）：请加引号")
