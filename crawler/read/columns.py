"""栏目: lists put together over their pages, named, typed and placed in the site.

A column is every page that holds a list, with the further pages of that list, and every page that the navigation
leads to and that holds none: it may be empty, or an entrance to others.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from crawler.facts import ColumnFact, ColumnOverride, Link, ListItem, PageFact, PageKind, Region
from crawler.read.column_types import is_telling, type_of
from crawler.read.coverage import reaches_back
from crawler.read.urls import host_of, normalise

_INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|aspx?|jsp|php)$", re.IGNORECASE)
_ORIGIN = re.compile(r"https?://(?:www\.)?")
_FOLDERS = ("/", ".html", ".htm", ".shtml")
"""How an entry stands in the navigation whose columns stand in a folder of its name."""
_SEPARATORS = re.compile(r"\s*(?:[|_｜—]|-{1,2}|\s–\s)\s*")
_HOME_CRUMBS = re.compile(r"首\s*页|主页|home|网站$|门户", re.IGNORECASE)


class Place(Struct):
    """What is known of the site when its columns are put together.

    `navigation` maps the canonical addresses that the home page's navigation leads to, to the words there.
    `links_of` gives a page's links, `overrides` are the registry's corrections. `blocks` maps the canonical addresses
    that 更多 leads to from the lists of the home page and of columns, to the words over those lists.
    """

    home: PageFact | None
    navigation: Mapping[str, str]
    links_of: Callable[[str], tuple[Link, ...]]
    overrides: tuple[ColumnOverride, ...] = ()
    as_of: datetime | None = None
    blocks: Mapping[str, str] = field(default_factory=dict)


def canonical(url: str) -> str:
    """One address for a directory and its index page, for http and https, for a host and its `www` twin.

    `http://www.a.example/gg/index.html` and `https://a.example/gg/` are one column: `//a.example/gg/`.
    """
    return _ORIGIN.sub("//", _INDEX.sub("/", url), count=1)


def column_facts(pages: Iterable[PageFact], place: Place) -> tuple[ColumnFact, ...]:
    """The columns of a site, in the order of `pages`: its list pages and what its navigation leads to."""
    host = host_of(place.home.url) if place.home else ""
    known: dict[str, PageFact] = {}
    for page in pages:
        key = canonical(page.url)
        if key not in known or _weight(page, host) > _weight(known[key], host):
            known[key] = page
    overrides = {canonical(normalise(one.url)): one for one in place.overrides}
    chains = _chains(known)
    label_use = Counter(label for chain in chains if (label := (known[chain[0]].label("ColumnName") or "").strip()))
    addresses = {key: chain[0] for chain in chains for key in chain}
    columns = _distinct(
        [_column([known[key] for key in chain], known, place, overrides, label_use, addresses) for chain in chains],
        overrides,
    )
    found = {canonical(column.url) for column in columns}
    missing = [
        ColumnFact(normalise(one.url), one.name, one.type, complete=False, unread="台账登记的栏目页面未能读取")
        for key, one in overrides.items()
        if key and key not in found and key not in addresses
    ]
    return tuple(columns + missing)


def _entry_of(item: ListItem) -> tuple[object, ...]:
    """What makes two entries the same, however their day is written: 2026-08-03 and 2026-08-03 09:00."""
    return item.title, canonical(item.url), item.date.value if item.date else None


def _entries(chain: list[PageFact]) -> tuple[ListItem, ...]:
    """The entries of a list over its pages, each where it stands first."""
    found: dict[tuple[object, ...], ListItem] = {}
    for page in chain:
        for item in page.items:
            found.setdefault(_entry_of(item), item)
    return tuple(found.values())


def _weight(page: PageFact, host: str) -> tuple[int, bool, int]:
    """Of several pages under one address the one with the most entries is taken, then one on the home page's host."""
    return len(page.items), host_of(page.url) == host, -len(page.url)


def _distinct(columns: list[ColumnFact], overrides: Mapping[str, ColumnOverride]) -> list[ColumnFact]:
    """Without the columns all of whose entries another of the same name lists: one list under several addresses.

    /list.aspx?id=3 with all its pages, /list.aspx?id=3&page=1 with the first: the one that lists more stays, of equals
    the one with the shorter address. What the registry names stays in any case.
    """
    kept: dict[str, None] = {}
    holders: dict[tuple[str, object], frozenset[object]] = {}
    for column in sorted(columns, key=lambda one: (-len(one.items), len(one.url), one.url)):
        entries = [_entry_of(item) for item in column.items]
        if entries and canonical(column.url) not in overrides:
            holder = holders.get((column.name, entries[0]))
            if holder is not None and holder.issuperset(entries):
                continue
        kept[column.url] = None
        held = frozenset(entries)
        for entry in entries:
            holders.setdefault((column.name, entry), held)
    return [column for column in columns if column.url in kept]


def _chains(known: dict[str, PageFact]) -> list[list[str]]:
    """Each list's pages in reading order, first page first.

    A page that embeds a list (in a frame, or from data that its script asks for) is followed by that list's pages: a
    page without a list of its own, or one whose list the script turns. Two pages may embed the same list.
    """
    further = {key: [canonical(url) for url in page.next_pages] for key, page in known.items()}
    named = Counter(target for targets in further.values() for target in set(targets))
    filled = {key: _embedded(page, known) for key, page in known.items() if page.embedded}
    inner = {target for targets in filled.values() for target in targets}
    taken: set[str] = set()
    chains = {key: _chain(key, [*targets, *further[key]], further, known, set()) for key, targets in filled.items()}
    for chain in chains.values():
        taken.update(chain)
    for head in sorted(known, key=lambda key: _rank(known[key], named[key])):
        if head not in taken and head not in inner and not known[head].reply:
            chains[head] = _chain(head, further[head], further, known, taken)
    return [chains[key] for key in known if key in chains]


def _embedded(page: PageFact, known: Mapping[str, PageFact]) -> list[str]:
    """The embedded lists that were read and are the page's own.

    Beside a list in the page that is one which begins with the same entries; where a script fills the page's list, what
    its frames hold is another.
    """
    targets = [target for url in page.embedded if (target := canonical(url)) in known and known[target].items]
    shown = {item.title for item in page.items}
    return [
        target
        for target in targets
        if (known[target].reply or not page.scripted)
        and (not shown or sum(item.title in shown for item in known[target].items) * 2 >= len(known[target].items))
    ]


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
    items = _entries(chain)
    override = next((found for page in chain if (found := overrides.get(canonical(page.url)))), None)
    name = override.name if override else _name(first, place, label_use)
    kind = (override.type if override else "") or _type(name, first, place)
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
    """The label, unless many columns bear the same or it names the column above.

    Then the breadcrumb, the words that lead here (navigation, the words over a list with 更多), the heading, the title.
    """
    label = (page.label("ColumnName") or "").strip()
    steps = _steps(page, place)
    last = steps[-1] if steps else ""
    if is_telling(label) and not (last and (label_use[label] >= 3 or label in steps[:-1])):
        return label
    key = canonical(page.url)
    title = _SEPARATORS.split(page.title)[0].strip() if page.title else ""
    words = (last, place.navigation.get(key, ""), place.blocks.get(key, ""), page.heading, title)
    return next((name for name in words if is_telling(name)), "")


def _type(name: str, page: PageFact, place: Place) -> str:
    """What the name tells; else what the label ColumnType tells, or the words that lead here."""
    key = canonical(page.url)
    words = (name, page.label("ColumnType") or "", place.navigation.get(key, ""), place.blocks.get(key, ""))
    return next((kind for word in words if (kind := type_of(word))), "")


def _steps(page: PageFact, place: Place) -> list[str]:
    """The columns that the breadcrumb names, this one last; without 首页, 列表 and the site's own name."""
    home = canonical(place.home.url) if place.home else ""
    site = {place.home.title.strip(), place.home.label("SiteName") or ""} if place.home else set()
    steps: list[str] = []
    for crumb in page.breadcrumb:
        name = crumb.name.strip()
        is_home = bool(_HOME_CRUMBS.search(name)) or name in site or (crumb.url and canonical(crumb.url) == home)
        if is_telling(name) and not is_home and steps[-1:] != [name]:
            steps.append(name)
    return steps


def _level(page: PageFact, key: str, place: Place) -> int:
    """As deep as the breadcrumb goes; without one, one below the navigation's entry whose folder the column stands in.

    A menu that unfolds leads to 政务公开 (/zwgk/, level 1) and to its 通知公告 (/zwgk/tzgg/, level 2) alike.
    """
    steps = _steps(page, place)
    if steps:
        return min(len(steps), 9)
    above = _above(key, place)
    if above or key in place.navigation:
        return min(above + 1, 9)
    return 1 if page.depth <= 1 else 2


def _above(key: str, place: Place) -> int:
    """How many entries of the navigation stand above an address, by their folders: /zwgk.htm above /zwgk/tzgg.htm."""
    home = canonical(place.home.url) if place.home else ""
    path = key.partition("?")[0]
    count, end = 0, path.rstrip("/").rfind("/")
    while end > len("//"):
        folder = path[:end]
        if folder + "/" != home and any(f"{folder}{ending}" in place.navigation for ending in _FOLDERS):
            count += 1
        end = folder.rfind("/")
    return count


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
    turned = next((page.unfollowed for page in chain if page.unfollowed and not _embedded(page, known)), "")
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
