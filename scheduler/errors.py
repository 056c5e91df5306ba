"""The errors of this room.

SchedulerError
├── RegistryErrors      a registry (台账) that cannot be used, with every RegistryProblem found in it
├── TemplateNotWritten  a template's file cannot be made, or is there already
├── SheetRefused        a sheet that came back from a person, with every RegistryProblem found in it
├── ReviewRefused       decisions that cannot be taken, with every reason
├── RectificationRefused  a notice, a reply or a closing that cannot be taken, with every reason
├── BackupRefused       a backup that cannot be made there, or not be restored
├── RetentionRefused    a rule of retention that cannot be used
└── NoQueue             the distributed queue cannot be used
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

SHOWN_VALUE = 80
"""Characters of an offending value that a message repeats."""


class RegistryProblem(Struct, frozen=True):
    """One fault. `row` counts as the file's own program shows it: lines of a YAML file, rows of a sheet (a blank
    CSV row counts), from 1; 0 where the fault is the whole file's. `sheet`, `column` and `value` are "" where
    there is none. `noun` is what `column` is called in such a file: 列, or 项 in YAML.
    """

    file: str
    sheet: str
    row: int
    column: str
    reason: str
    value: str = ""
    noun: str = "列"

    def __str__(self) -> str:
        """「文件 台账.xlsx，工作表“网站”，第 7 行，“首页网址”列：不是有效网址（htp://…）」."""
        place = [f"文件 {self.file}"]
        if self.sheet:
            place.append(f"工作表“{self.sheet}”")
        if self.row:
            place.append(f"第 {self.row} 行")
        if self.column:
            place.append(f"“{printable(self.column)}”{self.noun}")
        value = f"（{printable(self.value)}）" if self.value else ""
        return f"{'，'.join(place)}：{self.reason}{value}"


class SchedulerError(Exception):
    """Whatever this room refuses; its text is one or more lines that an official can read."""


class RegistryErrors(SchedulerError):
    """A registry that cannot be used, with all that is wrong with it; printed one problem a line."""

    def __init__(self, problems: Iterable[RegistryProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class BackupRefused(SchedulerError):
    """A backup that cannot be made where it is wanted, or that is not fit to be restored; nothing is left half."""


class RetentionRefused(SchedulerError):
    """A rule of retention that cannot be used; nothing is removed by it."""


class TemplateNotWritten(SchedulerError):
    """A registry's template that was not written: whatever was at its place before is as it was."""


class SheetRefused(SchedulerError):
    """A sheet that came back filled in and cannot be taken; printed one problem a line."""

    def __init__(self, problems: Iterable[RegistryProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ReviewRefused(SchedulerError):
    """Decisions that cannot be taken; printed one reason a line."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


class RectificationRefused(SchedulerError):
    """A notice, a reply or a closing that cannot be taken; printed one reason a line."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


class NoQueue(SchedulerError):
    """The distributed queue cannot be used: no PostgreSQL, or none that answers."""


def printable(text: str) -> str:
    """The text cut to SHOWN_VALUE characters, with whatever could not be seen or would break the line escaped."""
    cut = text if len(text) <= SHOWN_VALUE else text[:SHOWN_VALUE] + "…"
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in cut)
