"""Puts a file's lines together to the tables that are meant: over pages, repeated heads and columns side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from scoring.circulars.heads import columns_of, is_head, repeated
from scoring.circulars.table import SCORES, Column, Content, Line, Role, Row, Section, Table
from scoring.circulars.titles import Trail
from scoring.circulars.words import folded, in_place_of_score, name_of, number, words

_SHOWN = 40


def content_of(sections: Sequence[Section]) -> Content:
    """The tables and paragraphs of a file's sections; what looks like a table and cannot be read is a note."""
    tables: list[Table] = []
    paragraphs: list[str] = []
    notes: list[str] = []
    for section in sections:
        _Reader(section.name, tables, paragraphs, notes).read(section.lines)
    seen: Counter[str] = Counter()
    for at, table in enumerate(tables):
        seen[table.title] += 1
        if (times := seen[table.title]) > 1:
            tables[at] = replace(table, title=f"{table.title}（第 {times} 张表）")
    return Content(tuple(tables), tuple(paragraphs), tuple(notes))


class _Reader:
    """One section, from its top."""

    def __init__(self, name: str, tables: list[Table], paragraphs: list[str], notes: list[str]) -> None:
        self._trail = Trail(name)
        self._tables, self._paragraphs, self._notes = tables, paragraphs, notes
        self._open: _Gathered | None = None
        self._lost = False

    def read(self, lines: Sequence[Line]) -> None:
        for line in lines:
            if len(line.filled) == 1:
                self._paragraphs.append(line.filled[0].strip())
                self._trail.read(line.filled[0])
            elif line.filled:
                self._row(line)
        self._close()

    def _row(self, line: Line) -> None:
        if self._open is not None and self._open.is_lower_head(line):
            self._open.lower_head(line)
        elif is_head(line.cells):
            self._lost = False
            if self._open is not None and self._open.continues(line.cells, self._trail.title):
                self._open.turn_page()
                return
            self._close()
            self._open = _Gathered(self._trail, line)
        elif self._open is None or (line.opens and not self._open.fits(line)):
            self._close()
            if line.opens or not self._lost:
                self._unknown(line, line.filled)
            self._lost = True
        elif self._open.restarts(line):
            head, lower = self._open.head, self._open.lower
            self._close()
            self._open = _Gathered(self._trail, head)
            if lower is not None:
                self._open.lower_head(lower)
            self._open.take(line)
        else:
            self._open.take(line)

    def _close(self) -> None:
        if self._open is not None:
            table = self._open.table()
            if table is not None:
                self._tables.append(table)
            else:
                self._unknown(self._open.head, self._open.head.filled)
        self._open = None

    def _unknown(self, line: Line, cells: Sequence[str]) -> None:
        text = " ".join(name_of(cell) for cell in cells)
        text = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
        self._notes.append(f"未能识别的表格，未核对：第 {line.number} 行起，“{self._trail.title}”（{text}）")


class _Gathered:
    """The lines of one table so far."""

    def __init__(self, trail: Trail, head: Line) -> None:
        self.head = head
        self._title, self._headings = trail.title, trail.headings
        self._cells = list(head.cells)
        self._rows: list[Line] = []
        self._fresh = True
        self.lower: Line | None = None
        self._shape()

    def _shape(self) -> None:
        cells = self._cells
        while len(cells) > 2 and not cells[-1].strip():
            cells = cells[:-1]
        columns = columns_of(cells)
        times = repeated(columns)
        self._width = len(columns) // times
        self._columns = columns_of(cells[: self._width])
        self._page: list[list[Line]] = [[] for _ in range(times)]

    def continues(self, cells: Sequence[str], title: str) -> bool:
        """The head of a next page under the same heading, whatever its spaces and its lines."""
        return title == self._title and _same(cells, self.head.cells)

    def turn_page(self) -> None:
        self._flush()
        self._fresh = True

    def restarts(self, line: Line) -> bool:
        """The first row under a repeated head is number one: another table with the same head."""
        return self._fresh and bool(self._rows) and self._number(line) == 1

    def fits(self, line: Line) -> bool:
        """A row that begins a table of the file and goes on with this one, which needs no head again."""
        wide = self._width * len(self._page)
        return abs(len(line.cells) - wide) <= 1 and (not self._ranking or self._number(line) is not None)

    @property
    def _ranking(self) -> list[int]:
        return [at for at, column in enumerate(self._columns) if column.role in (Role.RANK, Role.SERIAL)]

    def _number(self, line: Line) -> object:
        return next((rank_of(line.cells[at]) for at in self._ranking if at < len(line.cells)), None)

    def take(self, line: Line) -> None:
        self._fresh = False
        if len(self._page) == 1:
            self._page[0].append(line)
            return
        for at, part in enumerate(self._page):
            cells = line.cells[at * self._width : (at + 1) * self._width]
            part.append(replace(line, cells=cells))

    def lower_head(self, line: Line) -> None:
        if self._rows:
            return  # repeated with the head of a next page
        self.lower = line
        self._cells = _joined(self._cells, [*line.cells, *[""] * len(self._cells)])
        self._shape()

    def is_lower_head(self, line: Line) -> bool:
        """The second line of a head: words below groups of columns, nothing below the rank's and the name's."""
        if self._fresh and self.lower is not None and _same(self.lower.cells, line.cells):
            return True
        if not self._fresh or line.opens or self._rows or any(number(cell) is not None for cell in line.filled):
            return False
        named = [at for at, column in enumerate(self._columns) if column.role in (Role.RANK, Role.SERIAL, Role.NAME)]
        return not any(line.cells[at].strip() for at in named if at < len(line.cells))

    def _flush(self) -> None:
        for part in self._page:
            while part and len(part[-1].filled) <= len([at for at in self._ranking if at < len(part[-1].cells)]):
                part.pop()  # the empty places of a form, numbered or not
            self._rows += [line for line in part if line.filled]
            part.clear()

    def table(self) -> Table | None:
        """The table, None where its columns do not say what they are."""
        self._flush()
        columns, lines = self._with_maxima(self._columns, self._rows)
        columns = _numeric(columns, lines)
        known = {column.role for column in columns}
        counts = known & {Role.TOTAL, Role.COUNT} or any(column.maximum is not None for column in columns)
        if not counts or not known & {Role.NAME, Role.RANK, Role.SERIAL}:
            return None
        rows = [row for row in (_row(columns, line) for line in lines) if row is not None]
        numbered = tuple(replace(row, number=at) for at, row in enumerate(rows, start=1))
        return Table(self._title, self._headings, columns, numbered)

    def _with_maxima(
        self, columns: tuple[Column, ...], lines: Sequence[Line]
    ) -> tuple[tuple[Column, ...], Sequence[Line]]:
        """Maxima that stand in a row of their own (满分) below the head."""
        if not lines or folded(lines[0].filled[0]) not in words().maxima_rows:
            return columns, lines
        cells = [*lines[0].cells, *[""] * len(columns)]
        told = [
            replace(column, maximum=number(cell)) if column.maximum is None and column.role in SCORES else column
            for column, cell in zip(columns, cells, strict=False)
        ]
        return tuple(told), lines[1:]


def _same(cells: Sequence[str], others: Sequence[str]) -> bool:
    """They say the same, whatever their spaces."""
    return [folded(cell) for cell in cells if cell.strip()] == [folded(cell) for cell in others if cell.strip()]


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """One head of two lines. 得分 and 排名 below a group are the group's; the total's are the table's."""
    known, group, cells = words(), "", []
    for above, below in zip(upper, lower, strict=False):
        group = above if above.strip() else group
        under, over = folded(below), folded(group)
        if not under:
            cells.append(above)
        elif under not in (*known.subtotals, *known.ranks) or not over:
            cells.append(below)
        elif over in known.totals:
            cells.append(group if under in known.subtotals else below)
        else:
            cells.append(group + below)
    return cells


def rank_of(text: str) -> int | None:
    """The whole number of 3, 第3名, 暂列3; None for anything else."""
    plain = folded(text).removeprefix("暂列").removeprefix("第").removesuffix("名").removesuffix("位")
    value = number(plain)
    return int(value) if value is not None and value == value.to_integral_value() else None


def _numeric(columns: tuple[Column, ...], lines: Sequence[Line]) -> tuple[Column, ...]:
    """Columns whose head looks like a part of the score and whose cells do not are words beside it.

    Not so where the head prints a maximum: a part that few could be judged by is a part.
    """
    told = []
    for at, column in enumerate(columns):
        cells = [line.cells[at] for line in lines if at < len(line.cells) and line.cells[at].strip()]
        scores = [cell for cell in cells if number(cell) is not None]
        is_score = (
            column.role is not Role.PART or column.maximum is not None or bool(scores and len(scores) * 2 >= len(cells))
        )
        told.append(column if is_score else replace(column, role=Role.ASIDE))
    return tuple(told)


def _row(columns: Sequence[Column], line: Line) -> Row | None:
    """The row of a unit; None for averages and sums, and for what has neither a name nor a number."""
    cells = [*line.cells, *[""] * (len(columns) - len(line.cells))]
    if any(folded(cell).endswith(words().aggregates) for cell in line.filled[:2]):
        return None
    named = "".join(name_of(cells[at]) for at in _where(columns, Role.NAME))
    if not named and not any(cells[at].strip() for at in _where(columns, Role.RANK, Role.SERIAL)):
        return None
    scores = list(_where(columns, *SCORES))
    said = [at for at in scores if in_place_of_score(cells[at])]
    for total in _where(columns, Role.TOTAL):
        if said and number(cells[total]) is None:  # merged cells have put it elsewhere in the row
            after = [at for at in range(said[0], len(cells)) if number(cells[at]) is not None]
            if after:
                cells[total], cells[after[-1]] = cells[after[-1]], cells[total]
    remarked = any(cells[at].strip() for at in _where(columns, Role.REMARK))
    worded = bool(said) or (remarked and any(not cells[at].strip() for at in scores))
    return Row(0, line.number, named, tuple(cells[: len(columns)]), worded)


def _where(columns: Sequence[Column], *roles: Role) -> Iterator[int]:
    return (at for at, column in enumerate(columns) if column.role in roles)
