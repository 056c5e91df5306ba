"""The errors of lexicon files.

WordsError
└── WordbookErrors  a lexicon file that cannot be used, with every WordbookProblem found in it
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

_SHOWN = 60


class WordbookProblem(Struct, frozen=True):
    """One fault. `row` counts from 1 as the file's own program shows it, 0 where the whole file is at fault."""

    file: str
    row: int
    column: str
    reason: str
    value: str = ""

    def __str__(self) -> str:
        """「文件 词库.csv，第 7 行，“正确写法”列：与错误写法相同（部署）」."""
        place = [f"文件 {self.file}"]
        if self.row:
            place.append(f"第 {self.row} 行")
        if self.column:
            place.append(f"“{self.column}”列")
        shown = self.value if len(self.value) <= _SHOWN else self.value[:_SHOWN] + "…"
        shown = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in shown)
        return f"{'，'.join(place)}：{self.reason}{f'（{shown}）' if shown else ''}"


class WordsError(Exception):
    """Whatever this room refuses; its text is one or more lines that an official can read."""


class WordbookErrors(WordsError):
    """A lexicon file that cannot be used, with all that is wrong with it; printed one problem a line."""

    def __init__(self, problems: Iterable[WordbookProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
