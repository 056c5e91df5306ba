"""Columns (栏目) with their dated entries, and the persons of 领导之窗."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from crawler.facts.pages import ListItem


class ColumnFact(Struct, frozen=True):
    """栏目: its list read back over its pages, newest first as printed. `level` is 1 for 一级栏目.

    `complete` says the list was read to its end or past the longest window any check asks for;
    `unread` says why not. `type` is an id of the column lexicon ("" where the name tells nothing).
    """

    url: str
    name: str
    type: str = ""
    level: int = 1
    items: tuple[ListItem, ...] = ()
    pages: tuple[str, ...] = ()
    body_length: int = 0
    notice: str = ""
    embedded: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    complete: bool = True
    unread: str = ""

    @property
    def newest(self) -> date | None:
        """The latest date printed in the list; pinned items count, for they are items too."""
        return max((item.date.value for item in self.items if item.date), default=None)


class LeaderFact(Struct, frozen=True):
    """One person of 领导之窗 and which of the four elements the page gives (standards.md §6.2)."""

    name: str
    url: str
    photo: bool
    resume: bool
    post: bool
    duties: bool
