"""栏目: lists put together over their pages, named, typed and placed in the site.

A column is every page that holds a list, with the further pages of that list, and every page that the navigation
leads to and that holds none: it may be empty, or an entrance to others.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.facts import ColumnFact, ColumnOverride, Link, ListItem, PageFact, PageKind, Region
from crawler.read.column_types import is_telling, type_of
from crawler.read.coverage import reaches_back
from crawler.read.urls import normalise

_INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|aspx?|jsp|php)$", re.IGNORECASE)
_SEPARATORS = re.compile(r"\s*(?:[|_｜—]|-{1,2}|\s–\s)\s*")
_HOME_CRUMBS = re.compile(r"首\s*页|主页|home|网站$|门户", re.IGNORECASE)


@dataclass(slots=True)
class Place:
    """What is known of the site when its columns are put together.

    `navigation` maps the canonical addresses that the home page's navigation leads to, to the words there.
    `links_of` gives a page's links, `overrides` are the registry's corrections.
    """

    home: PageFact | None
    navigation: Mapping[str, str]
    links_of: Callable[[str], tuple[Link, ...]]
    overrides: tuple[ColumnOverride, ...] = ()
    as_of: datetime | None = None


def canonical(url: str) -> str:
    """One address for a directory and its index page, so that `/gg/` and `/gg/index.html` are one column."""
    return _INDEX.sub("/", url)


def column_facts(pages: Iterable[PageFact], place: Place) -> tuple[ColumnFact, ...]:
    """The columns of a site, in the order of `pages`: its list pages and what its navigation leads to."""
    known: dict[str, PageFact] = {}
    for page in pages:
        key = canonical(page.url)
        if key not in known or (len(page.items), -len(page.url)) > (len(known[key].items), -len(known[key].url)):
            known[key] = page
    overrides = {canonical(normalise(one.url)): one for one in place.overrides}
    chains = _chains(known)
    label_use = Counter(label for chain in chains if (label := (known[chain[0]].label("ColumnName") or "").strip()))
    addresses = {key: chain[0] for chain in chains for key in chain}
    columns = [
        _column([known[key] for key in chain], known, place, overrides, label_use, addresses) for chain in chains
    ]
    found = {canonical(column.url) for column in columns}
    missing = [
        ColumnFact(normalise(one.url), one.name, one.type, complete=False, unread="台账登记的栏目页面未能读取")
        for key, one in overrides.items()
        if key and key not in found and key not in addresses
    ]
    return tuple(columns + missing)


def _chains(known: dict[str, PageFact]) -> list[list[str]]:
    """Each list's pages in reading order, first page first.

    A page without a list of its own that embeds one (in a frame, or from data that its script asks for) is followed by
    that list's pages; two pages may embed the same list.
    """
    further = {key: [canonical(url) for url in page.next_pages] for key, page in known.items()}
    named = Counter(target for targets in further.values() for target in set(targets))
    filled = {
        key: [target for url in page.embedded if (target := canonical(url)) in known and known[target].items]
        for key, page in known.items()
        if page.embedded and not page.items
    }
    inner = {target for targets in filled.values() for target in targets}
    taken: set[str] = set()
    chains: dict[str, list[str]] = {key: _chain(key, targets, further, known, set()) for key, targets in filled.items()}
    for chain in chains.values():
        taken.update(chain)
    for head in sorted(known, key=lambda key: _rank(known[key], named[key])):
        if head not in taken and head not in inner and not known[head].reply:
            chains[head] = _chain(head, further[head], further, known, taken)
    return [chains[key] for key in known if key in chains]


def _chain(
    head: str, onward: Iterable[str], further: Mapping[str, list[str]], known: Mapping[str, PageFact], taken: set[str]
) -> list[str]:
    """The pages that a list goes on with, none of them twice; `taken` grows by them."""
    taken.add(head)
    chain = [head]
    waiting = deque(onward)
    while waiting:
        key = waiting.popleft()
        if key in taken or key not in known:
            continue
        taken.add(key)
        chain.append(key)
        waiting.extend(further[key])
    return chain


def _rank(page: PageFact, named: int) -> tuple[bool, int, int, str]:
    """First pages before further ones: not named by a pager, nearer to home, shorter address."""
    return (named > 0 and _looks_further(page.url), page.depth, len(page.url), page.url)


def _looks_further(url: str) -> bool:
    return bool(re.search(r"[_\-/=]\d+(?:\.s?html?)?$|page", url, re.IGNORECASE))


def _column(
    chain: list[PageFact],
    known: Mapping[str, PageFact],
    place: Place,
    overrides: Mapping[str, ColumnOverride],
    label_use: Counter[str],
    addresses: Mapping[str, str],
) -> ColumnFact:
    first = chain[0]
    key = canonical(first.url)
    items = tuple(dict.fromkeys(item for page in chain for item in page.items))
    override = overrides.get(key)
    name = override.name if override else _name(first, place, label_use)
    kind = (override.type if override else "") or type_of(name) or type_of(first.label("ColumnType") or "")
    unread = _unread(chain, known, items, place)
    children = _children(first, key, place, addresses) if len(items) < 2 or _level(first, key, place) == 1 else ()
    return ColumnFact(
        url=first.url,
        name=name,
        type=kind,
        level=_level(first, key, place),
        items=items,
        pages=tuple(page.url for page in chain),
        body_length=sum(page.body_length for page in chain) if not items else 0,
        notice=first.notice if not items else "",
        embedded=() if items or (first.rendered and not first.embedded) else first.embedded,
        children=children,
        complete=not unread,
        unread=unread,
    )


def _name(page: PageFact, place: Place, label_use: Counter[str]) -> str:
    """The label, unless many columns bear the same; then the breadcrumb, the navigation, the heading, the title."""
    label = (page.label("ColumnName") or "").strip()
    steps = [crumb.name for crumb in page.breadcrumb if is_telling(crumb.name)]
    last = steps[-1] if steps and len(steps) >= 1 and not _HOME_CRUMBS.search(steps[-1]) else ""
    if is_telling(label) and (label_use[label] < 3 or not last):
        return label
    linked = place.navigation.get(canonical(page.url), "")
    title = _SEPARATORS.split(page.title)[0].strip() if page.title else ""
    return next((name for name in (last, linked, page.heading, title) if is_telling(name)), "")


def _level(page: PageFact, key: str, place: Place) -> int:
    """1 where the home page's navigation leads here or the breadcrumb has one step behind 首页."""
    if key in place.navigation:
        return 1
    steps = [crumb for crumb in page.breadcrumb if crumb.name and not _HOME_CRUMBS.search(crumb.name)]
    if steps:
        return max(1, min(len(steps), 9))
    return 1 if page.depth <= 1 else 2


def _unread(chain: list[PageFact], known: Mapping[str, PageFact], items: tuple[ListItem, ...], place: Place) -> str:
    """Why the list may go on beyond what was read; "" where it was read to its end or far enough."""
    first = chain[0]
    if not items and not first.rendered and first.scripted:
        return "列表由脚本生成，未渲染"
    if not items and first.embedded:
        return "列表在嵌入的页面中，未读取"
    if place.as_of is not None and reaches_back(items, place.as_of.date()):
        return ""
    if any(canonical(url) not in known for page in chain for url in page.next_pages):
        return f"共读取 {len(chain)} 页，后续页面未读取"
    turned = next((page.unfollowed for page in chain if page.unfollowed), "")
    return f"共读取 {len(chain)} 页，后续页面没有独立网址（{turned}），未能读取" if turned else ""


def _children(page: PageFact, key: str, place: Place, addresses: Mapping[str, str]) -> tuple[str, ...]:
    """Columns that the page's own part links to; elsewhere than in its list, those of the navigation do not count."""
    found: dict[str, None] = {}
    home = canonical(place.home.url) if place.home else ""
    for link in place.links_of(page.url):
        if link.tag != "a" or not link.url or link.region not in (Region.LIST, Region.BODY, Region.OTHER):
            continue
        target = canonical(link.url)
        head = addresses.get(target)
        if head is None or head == key or target == home:
            continue
        if link.region is Region.LIST or target not in place.navigation:
            found[link.url] = None
    return tuple(found)


def is_candidate(page: PageFact, navigation: Mapping[str, str]) -> bool:
    """Whether a page is a column, or stands where the navigation promises one."""
    if page.kind is PageKind.COLUMN:
        return True
    if page.kind is PageKind.HOME:
        return False
    return canonical(page.url) in navigation


def without_body(page: PageFact) -> PageFact:
    """A page that the navigation leads to, as a column without a list."""
    return page if page.kind is PageKind.COLUMN else replace(page, items=())
