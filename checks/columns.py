"""What is asked of a column (栏目) by its type, and how new it is; shared by the checks of updating."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from checks import lexicon
from checks.derived import SiteView
from crawler.facts import ColumnFact, ListItem


class Freshness(Struct, frozen=True):
    """How new a list is at the monitoring time point.

    `newest` is the entry of the latest day that is not after the time point; `later` says that entries after it
    were seen, `unknown` how many entries have no date in the list and no page that was seen.
    """

    newest: ListItem | None
    day: date | None
    later: bool
    unknown: int


def freshness(items: tuple[ListItem, ...], view: SiteView) -> Freshness:
    """The freshness of entries; an undated entry has the day its own page shows.

    A pinned old entry above new ones changes nothing: 置顶 2019-01-01, 2026-11-18, 2026-11-02 → 2026-11-18.
    """
    dated = [(day, item) for item in items if (day := view.day_of(item))]
    past = [(day, item) for day, item in dated if day <= view.today]
    day, newest = max(past, key=lambda pair: pair[0], default=(None, None))
    unknown = sum(item.date is None and item.url not in view.published for item in items)
    return Freshness(newest, day, len(past) < len(dated), unknown)


def distinct(columns: Iterable[ColumnFact]) -> tuple[ColumnFact, ...]:
    """Columns without those that are one list under several addresses, by name and entries; the shortest address stays.

    /gg/list.aspx?id=3 and /gg/list.aspx?id=3&session=ab12 with the same entries are one column, and one fault.
    """
    shortest: dict[object, ColumnFact] = {}
    for column in columns:
        entries = tuple((item.title, item.date.value if item.date else None) for item in column.items)
        key = (column.name, entries) if entries else column.url
        known = shortest.get(key)
        if known is None or (len(column.url), column.url) < (len(known.url), known.url):
            shortest[key] = column
    return tuple(shortest.values())


def is_newest_first(items: tuple[ListItem, ...]) -> bool:
    """Whether a list runs from new to old, so that its first page holds its newest entry; pinned entries aside."""
    days = [item.date.value for item in items if item.date and not item.pinned]
    return not days or days[0] >= days[-1]


def deadline_key(column: ColumnFact) -> str:
    """The threshold of update.column-stale that a column is under."""
    rules = lexicon.table("columns")
    if column.level > 1 and column.type in rules["first_level_only"]:
        return "other_months"
    return str(rules["deadlines"].get(column.type, "other_months"))


def exemption(column: ColumnFact) -> str:
    """Why a column is not judged by its updates, in Chinese; "" where it is."""
    exempt: Mapping[str, str] = lexicon.table("columns")["exempt"]
    return exempt.get(column.type, "")


def must_show_dates(column: ColumnFact) -> bool:
    """Whether each entry of the column's list must bear a publication time."""
    return column.type in lexicon.words("columns", "dated_lists")


def publishes(column: ColumnFact, view: SiteView) -> bool:
    """Whether a column's entries are articles: by its type, a date in its list, or the pages of all its entries."""
    if must_show_dates(column) or any(item.date for item in column.items):
        return True
    return bool(column.items) and all(item.url in view.written for item in column.items)


def words(column: ColumnFact) -> str:
    """A column as it is named in a message."""
    return f"栏目“{column.name}”" if column.name else "未命名栏目"


def unseen(column: ColumnFact) -> str:
    """Why part of a column's list may be hidden from us, in Chinese; "" where all of it was to be seen."""
    if column.embedded:
        return "列表由嵌入页面或脚本填充"
    if "脚本" in column.unread or "渲染" in column.unread:
        return column.unread
    return ""
