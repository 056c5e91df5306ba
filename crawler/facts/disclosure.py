"""What is read of 政府信息公开: guides, departments, reports of every kind, the content of annual reports."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct


class ReportKind(StrEnum):
    """What a report is about: 政府信息公开年报, 网站工作年度报表, 网站监管年度报表, 季度自查结果."""

    ANNUAL = "annual"
    SITE = "site"
    SUPERVISION = "supervision"
    SELF_CHECK = "self-check"


class GuideFact(Struct, frozen=True):
    """政府信息公开指南: the fields of Art. 12 that its text gives, each with the words it was told from.

    `unread` says in Chinese why a field that is not in `fields` may stand where we do not read (a picture, an
    attachment, a script); "" where the whole text was read. `length` is the text's characters.
    """

    url: str
    title: str
    fields: tuple[tuple[str, str], ...] = ()
    length: int = 0
    unread: str = ""


class ReportSection(Struct, frozen=True):
    """One of the six sections of an annual report: its name in the format, its heading as printed, its length.

    `length` counts the characters under the heading, tables included; a picture counts as one.
    """

    name: str
    heading: str
    length: int


class ApplicationsRow(Struct, frozen=True):
    """One of the four rows that must balance: `name` as we call it, `label` as printed, a number a column.

    A blank cell is 0 and `blank` says that the whole row was blank; a cell that is no number is None.
    """

    name: str
    label: str
    values: tuple[int | None, ...]
    blank: bool = False


class ApplicationsTable(Struct, frozen=True):
    """收到和处理政府信息公开申请情况: the four rows that must balance, over `columns` (自然人 … 总计)."""

    columns: tuple[str, ...]
    rows: tuple[ApplicationsRow, ...]

    def row(self, name: str) -> ApplicationsRow | None:
        """The row of that name: 本年新收, 上年结转, 办结, 结转下年."""
        return next((row for row in self.rows if row.name == name), None)


class ReportContent(Struct, frozen=True):
    """What stands in an annual report's page. `illustrations` quotes the first few pictures, charts and 图解 links.

    `unread` says in Chinese why part of it may stand where we do not read; "" where the whole text was read.
    """

    length: int = 0
    sections: tuple[ReportSection, ...] = ()
    applications: ApplicationsTable | None = None
    illustrations: tuple[str, ...] = ()
    unread: str = ""


class ReportFact(Struct, frozen=True):
    """One report as a list or its own page names it. `year` and `quarter` are 0 where the title does not tell them.

    `published` is the earlier of the days that the list and the page give, None where neither does. `attachment` says
    that its address is a file, which is not read. `content` is None where it was not looked into.
    """

    kind: ReportKind
    url: str
    title: str
    year: int = 0
    quarter: int = 0
    published: date | None = None
    attachment: bool = False
    content: ReportContent | None = None


class DepartmentFact(Struct, frozen=True):
    """内设机构: its head, duty and telephone as printed; "" where the page does not give them."""

    name: str
    url: str
    head: str = ""
    duty: str = ""
    telephone: str = ""


class DisclosureFacts(Struct, frozen=True):
    """信息公开 of one site. `guides` are the guides read; `departments` is None where none could be told apart."""

    guides: tuple[GuideFact, ...] = ()
    reports: tuple[ReportFact, ...] = ()
    departments: tuple[DepartmentFact, ...] | None = None
