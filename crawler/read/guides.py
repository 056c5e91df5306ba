"""办事指南: which of the eight classes of elements a site's service guides give, read from a bounded number of pages.

A guide whose elements stand in a picture or a document is told as such: it cannot be said what it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from itertools import pairwise

from crawler.facts import ColumnFact, RunFacts
from crawler.facts.services import ELEMENTS, ServiceFacts, ServiceGuideFact, ServiceListFact
from crawler.read.chosen import chosen
from crawler.read.fields import Labelled, Vocabulary, heading_of, labelled
from crawler.read.lexicon import any_of, any_pattern, table, words
from crawler.read.outline import Outline
from crawler.read.tables import cell_tables
from crawler.read.urls import extension_of, join
from crawler.read.zones import Zone

_MOST_GUIDES = 40
_MOST_LISTS = 6
_FEWEST_TOLD = 2
_TELLING = frozenset(("设定依据", "申请条件", "办理材料", "办理流程"))
"""A page is a guide where it names two classes, one of these among them: an address and a telephone stand anywhere."""
_DOCUMENTS = frozenset(["doc", "docx", "wps", "pdf", "ofd", "xls", "xlsx", "et", "zip", "rar", "rtf", "ppt", "pptx"])
_BODY = (Zone.MAIN, Zone.SIDE)
_FEWEST_NAMES = 3
_TALK = re.compile("解读|通知|公告|关于|会议")
_LONGEST_NAME = 60


def services_of(
    columns: Iterable[ColumnFact],
    titles: Mapping[str, str],
    run: RunFacts,
    outlined: Callable[[str], Outline | None],
) -> ServiceFacts | None:
    """The guides and lists that a site's service columns lead to; None where it has no such column.

    `titles` are the headings of pages that may be published lists, by address. `outlined` gives the outline of a
    recorded page, None where the page was not kept.
    """
    held = list(columns)
    own = [column for column in held if column.type == "service"]
    lists = tuple(_lists(held, titles, run))
    if not own and not lists:
        return None
    guides: dict[tuple[str, str], ServiceGuideFact] = {}
    untold: list[str] = []
    unseen = 0
    others = {item.url for column in held if column.type not in ("service", "") for item in column.items}
    others |= {column.url for column in held}
    pages = {
        item.url: (column.url, item.title)
        for column in own
        for item in column.items
        if item.url and item.url not in others
    }
    pages |= {column.url: (column.url, "") for column in own if not column.items}
    listed = chosen(pages, _MOST_GUIDES)
    for url in listed:
        page = outlined(url)
        if page is None:
            unseen += 1
            continue
        column, title = pages[url]
        read = _guides(page, url, column, title)
        if not read and url != column:
            untold.append(url)
        for guide in read:
            guides.setdefault((guide.url, guide.title), guide)
    return ServiceFacts(tuple(guides.values()), tuple(untold), _unread(own, pages, listed, unseen), lists)


def _unread(own: list[ColumnFact], pages: Collection[str], listed: list[str], unseen: int) -> str:
    """Why there may be guides that were not read; "" where there are none."""
    if len(listed) < len(pages):
        return f"办事栏目共列出 {len(pages)} 个页面，抽查了 {len(listed)} 个"
    if unseen:
        return f"有 {unseen} 个办事栏目的页面未能读取"
    return next((f"栏目“{one.name}”{one.unread or '由嵌入页面填充'}" for one in own if one.unread or one.embedded), "")


def _guides(page: Outline, url: str, column: str, listed: str) -> list[ServiceGuideFact]:
    """The guides of one page: several where the name of an item stands in it several times.

    `listed` is the title under which a list names the page, "" where none does.
    """
    found = labelled(page, _vocabulary())
    starts = [index for index, one in enumerate(found) if "事项名称" in one.fields]
    bounds = [0, *starts[1:], len(found)] if len(starts) > 1 else [0, len(found)]
    parts = [found[first:end] for first, end in pairwise(bounds)]
    read = [guide for part in parts if (guide := _guide(page, part, url, column, listed)) is not None]
    return read if len(parts) == 1 or len(read) > 1 else read[:1]


def _guide(page: Outline, found: list[Labelled], url: str, column: str, listed: str) -> ServiceGuideFact | None:
    """One guide; None where too few of its elements are named for it to be one."""
    named = {field for one in found for field in one.fields}
    if len(named) < _FEWEST_TOLD or not named & _TELLING:
        return None
    named_so = next((one.value for one in found if "事项名称" in one.fields and one.value), "")
    title = named_so.split("\n")[0].rstrip("。；;，, ") or listed or _title(page)
    given = {field for one in found for field in one.fields if one.is_given}
    if title:
        given.add("事项名称")
    materials = "\n".join(one.value for one in found if "办理材料" in one.fields)
    elsewhere = any_pattern("guides", "form_elsewhere").search(materials)
    return ServiceGuideFact(
        url=url,
        title=title[:_LONGEST_NAME],
        column=column,
        given=tuple(element for element in ELEMENTS if element in given),
        opaque=_opaque(page, sum(one.shown and not one.value for one in found)),
        forms=tuple(dict.fromkeys(hit[0].strip("《》") for hit in _forms().finditer(materials))),
        downloads=tuple(_downloads(page)),
        form_source=elsewhere[0] if elsewhere else "",
    )


def _title(page: Outline) -> str:
    """The page's own heading, else its title's first part."""
    return heading_of(page) or re.split(r"[_|｜—-]", page.title)[0].strip()


def _opaque(page: Outline, placed: int) -> str:
    """What of the page is no text: pictures that are no ornaments, an embedded document, a linked one of the guide.

    `placed` pictures stand under a name of their own (办理流程 and its chart) and leave nothing open.
    """
    pictures = 0
    for raw in page.links:
        if raw.zone not in _BODY:
            continue
        file = raw.href.split("?")[0].rpartition("/")[2].lower()
        if raw.tag == "img":
            pictures += not raw.inner and bool(file) and not any_pattern("guides", "ornaments").search(file)
        elif raw.tag in ("iframe", "embed", "object"):
            return "页面嵌有其他文件"
        elif raw.tag == "a" and _is_document(raw.href):
            text = "".join(page.texts[raw.first : raw.last]) or raw.title
            if not any_of("guides", "downloads").search(text):
                return f"另有附件“{text[:30]}”"
    return "页面含图片" if pictures > placed else ""


def _is_document(href: str) -> bool:
    return extension_of(join("http://guide/", href)) in _DOCUMENTS


def _downloads(page: Outline) -> Iterable[str]:
    """The words of the links by which a form may be had: files, and links that speak of forms."""
    wanted = any_of("guides", "downloads")
    for raw in page.links:
        if raw.tag != "a" or raw.zone not in _BODY:
            continue
        text = "".join(page.texts[raw.first : raw.last]).strip() or raw.title
        if _is_document(raw.href) or wanted.search(text):
            yield text[:_LONGEST_NAME]


def _lists(columns: list[ColumnFact], titles: Mapping[str, str], run: RunFacts) -> Iterable[ServiceListFact]:
    """Published lists of items whose tables name them."""
    titled = any_pattern("guides", "list_titles")
    found = {url: title for url, title in titles.items() if titled.search(title) and not _TALK.search(title)}
    found |= {column.url: column.name for column in columns if titled.search(column.name)}
    found |= {
        item.url: item.title
        for column in columns
        if column.url in found or column.type not in ("news", "policy-interpretation")
        for item in column.items
        if item.url and titled.search(item.title) and not _TALK.search(item.title)
    }
    for url in chosen(found, _MOST_LISTS):
        body = run.body(url)
        names = tuple(_names(body)) if body else ()
        if len(names) >= _FEWEST_NAMES:
            yield ServiceListFact(url, found[url], names)


def _names(body: bytes) -> Iterable[str]:
    """The names of items in a list's tables: the cells below a head such as 事项名称."""
    heads = words("guides", "list_names")
    seen: set[str] = set()
    for rows in cell_tables(body):
        at = next((index for index, cell in enumerate(rows[0].texts) if cell in heads), None)
        for row in rows[1:] if at is not None else ():
            if at is not None and len(row.texts) == len(rows[0].texts):
                name = row.texts[at]
                if 2 <= len(name) <= _LONGEST_NAME and name not in seen:
                    seen.add(name)
                    yield name


@cache
def _vocabulary() -> Vocabulary:
    known = table("guides")
    return Vocabulary.of(known["elements"], known["others"], known["stops"])


@cache
def _forms() -> re.Pattern[str]:
    return any_pattern("guides", "forms")
