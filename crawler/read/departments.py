"""内设机构: which departments a unit introduces, and the head, duty and telephone that are given of each.

Told from a table with a head, or from blocks that begin with a department's name. Where departments cannot be told
apart, the answer is None, not "missing".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise

from bs4 import Tag
from msgspec.structs import replace

from crawler.facts import PageFact, RunFacts
from crawler.facts.disclosure import DepartmentFact
from crawler.read.lexicon import any_pattern, table, words
from crawler.read.mainpart import PICTURE, lines_of, main_of, plain, soup_of
from crawler.read.urls import join

_MOST_LINKED = 40
_QUOTED = 60
_FEWEST = 2
_ELEMENTS = ("head", "duty", "telephone")


def departments_of(pages: Iterable[tuple[PageFact, bytes]], run: RunFacts) -> tuple[DepartmentFact, ...] | None:
    """The departments of a site over its pages of 内设机构; None where none could be told apart."""
    found: dict[str, DepartmentFact] = {}
    for page, body in pages:
        if page.scripted and not page.rendered:
            continue
        named = any(any_pattern("disclosure", "departments_alone").search(name) for name in (page.heading, page.title))
        for one in _of_page(page.url, main_of(soup_of(body)), run, named=named):
            known = found.get(one.name)
            found[one.name] = _joined(known, one) if known else one
    return tuple(found.values()) if len(found) >= _FEWEST else None


def _of_page(url: str, main: Tag, run: RunFacts, *, named: bool) -> list[DepartmentFact]:
    """A page's departments; a telephone that stands for all of them is given to all. None beside a picture.

    A page that is not `named` for its departments alone (机构职能) is believed by its tables only.
    """
    lines = lines_of(main, url)
    if any(PICTURE in line for line in lines):
        return []
    tabled = [one for grid in main.find_all("table") for one in _of_table(grid, url)]
    told = tabled if tabled or not named else list(_linked(main, url, run)) or list(_of_lines(lines, url))
    # under the last paragraph's department stands what closes the page, such as a telephone for all
    own = any(one.telephone for one in (tabled or told[:-1]))
    shared = "" if own else _given("telephone_texts", " ".join(lines))
    return [replace(one, telephone=one.telephone or shared) for one in told]


def _of_table(grid: Tag, url: str) -> Iterator[DepartmentFact]:
    """The rows of a table whose head names the departments' column and at least one of the elements'."""
    if grid.find("table"):
        return
    rows = [[plain(cell.get_text(" ")) for cell in row.find_all(["td", "th"])] for row in grid.find_all("tr")]
    for number, row in enumerate(rows[:3]):
        places = _places(row)
        if "name" in places and len(places) > 1:
            for cells in rows[number + 1 :]:
                if len(cells) == len(row) and _is_name(_squeezed(cells[places["name"]])):
                    given = {key: cells[at][:_QUOTED] for key, at in places.items()}
                    yield DepartmentFact(
                        _squeezed(given.pop("name")), url, **{key: _value(text) for key, text in given.items()}
                    )
            return


def _places(row: list[str]) -> dict[str, int]:
    """Which cell of a table's head stands over what."""
    places: dict[str, int] = {}
    for key in (*_ELEMENTS, "name"):
        pattern = any_pattern("disclosure", f"{key}_columns")
        at = next((at for at, cell in enumerate(row) if at not in places.values() and pattern.search(cell)), None)
        if at is not None and len(row[at]) <= 12:
            places[key] = at
    return places


def _value(text: str) -> str:
    return "" if text.strip(" -—–/无") == "" else text


def _linked(main: Tag, url: str, run: RunFacts) -> Iterator[DepartmentFact]:
    """Departments that a page links to by name and whose own pages were visited."""
    anchors = [
        (anchor, name) for anchor in main.find_all("a", href=True) if _is_name(name := _squeezed(anchor.get_text()))
    ]
    for anchor, name in anchors[:_MOST_LINKED]:
        target = join(url, str(anchor["href"]))
        own = run.body(target) if target and target != url else None
        if own is not None:
            lines = lines_of(main_of(soup_of(own)), target)
            if not any(PICTURE in line for line in lines):
                yield _told(name, target, "\n".join(lines))


def _of_lines(lines: list[str], url: str) -> Iterator[DepartmentFact]:
    """Departments each of which begins a line of its own: its name alone, or before a colon, a full stop or a blank."""
    starts = [(at, name) for at, line in enumerate(lines) if (name := _heading(line))]
    for (at, name), (end, _) in pairwise((*starts, (len(lines), ""))):
        text = "\n".join(lines[at:end])[len(name) :]
        yield _told(name, url, text)


def _heading(line: str) -> str:
    """The department that a line begins with: 「（一）办公室。负责文电…」 → 办公室; "" for any other line."""
    bare = re.sub(r"^[(（]?[一二三四五六七八九十\d]{1,3}[)）、.]?\s*", "", line)
    head = re.split(r"[::。，,\s(（]", bare, maxsplit=1)[0]
    return head if _is_name(head) else ""


def _told(name: str, url: str, text: str) -> DepartmentFact:
    return DepartmentFact(
        name,
        url,
        head=_given("head_texts", text),
        duty=_given("duty_texts", text),
        telephone=_given("telephone_texts", text),
    )


def _given(key: str, text: str) -> str:
    found = any_pattern("disclosure", key).search(text)
    return text[found.start() : found.end() + 20].replace("\n", " ")[:_QUOTED] if found else ""


def _joined(one: DepartmentFact, other: DepartmentFact) -> DepartmentFact:
    given: Mapping[str, str] = {key: getattr(one, key) or getattr(other, key) for key in _ELEMENTS}
    return replace(one, **given)


def _is_name(text: str) -> bool:
    return len(text) >= _FEWEST and text not in words("disclosure", "not_departments") and bool(_name().fullmatch(text))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u3000]+", "", text)


@cache
def _name() -> re.Pattern[str]:
    return re.compile(table("disclosure")["department_name"])
