"""领导之窗: which leaders a site introduces, and which of photo, résumé, post and division of work it gives of each.

Few pages, loosely made: read with BeautifulSoup. Where persons cannot be told apart, the answer is None, not "missing".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from bs4 import Tag

from crawler.facts import ColumnFact, LeaderFact, PageFact, RunFacts
from crawler.read.lexicon import any_pattern, words
from crawler.read.mainpart import main_of, pictures_of, soup_of
from crawler.read.urls import join

_NAME = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff·\s\u3000]{0,6}[\u4e00-\u9fff]")
_NAME_LABEL = re.compile(r"^[\s\u3000]*姓[\s\u3000]*名[\s\u3000]*([:：]|$)")
_HAN = re.compile(r"[\u4e00-\u9fff·]+")
_MOST_PAGES = 60
_BLOCK = ("li", "dl", "tr", "td", "div", "section", "article")
_LONGEST_CARD = 4000
_TINY = 40
_FEWEST = 20


def leaders_of(
    columns: Iterable[ColumnFact], pages: Iterable[PageFact], run: RunFacts
) -> tuple[LeaderFact, ...] | None:
    """The leaders of a site; None where no leaders column was reached, its pages are scripted, or no person is told."""
    own = [column for column in columns if column.type == "leaders" and column.pages]
    if not own:
        return None
    scripted = {page.url for page in pages if page.scripted and not page.rendered}
    found: dict[str, LeaderFact] = {}
    for column in own:
        for url in column.pages:
            body = run.body(url)
            if body is None or url in scripted:
                continue
            for leader in _of_page(body, url, run):
                known = found.get(leader.name)
                found[leader.name] = _joined(known, leader) if known else leader
    return tuple(found.values()) or None


def _of_page(body: bytes, url: str, run: RunFacts) -> Iterator[LeaderFact]:
    """The persons of one page: those it links to by name, else those it introduces itself."""
    main = main_of(soup_of(body))
    anchors = [(anchor, name) for anchor in main.find_all("a", href=True) if (name := _name_in(anchor))]
    cards = _Cards(anchors)
    linked = False
    for anchor, name in anchors[:_MOST_PAGES]:
        target = join(url, str(anchor.get("href") or ""))
        own = run.body(target) if target and target != url else None
        card = cards.of(anchor, name)
        if own is not None:
            linked = True
            yield _joined(_facts(name, target, main_of(soup_of(own)), target), _facts(name, target, card, url))
        elif card is not None and _says_enough(card):
            linked = True
            yield _facts(name, url, card, url)
    if not linked:
        yield from _introduced(main, url)


def _introduced(main: Tag, url: str) -> Iterator[LeaderFact]:
    """Persons whom a page introduces without pages of their own: blocks that begin with a name and say enough."""
    named = list(_labelled(main))
    for node in main.find_all(["h1", "h2", "h3", "h4", "strong", "b", "dt", "p", "span", "td", "a"]):
        text = _squeezed(node.get_text(" ", strip=True))
        name = _as_name(text)
        if name:
            named.append((node, name))
    cards = _Cards(named)
    for node, name in named:
        card = cards.of(node, name)
        if card is not None and _says_enough(card):
            yield _facts(name, url, card, url)


def _labelled(main: Tag) -> Iterator[tuple[Tag, str]]:
    """Names behind the word 姓名 (`姓名：张三`, `<b>姓名：</b>张三<br>`, a cell and the next)."""
    for label in main.find_all(string=_NAME_LABEL):
        rest = _squeezed(str(label)).partition("名")[2].lstrip(":：")
        following = label.find_next(string=lambda text: bool(text and text.strip(" \u3000:：\r\n\t")))
        name = rest or _squeezed(str(following or "")).strip(":：")
        if label.parent is not None and 2 <= len(name) <= 4 and _HAN.fullmatch(name):
            yield label.parent, name


class _Cards:
    """Which blocks of a page are about which persons."""

    def __init__(self, named: list[tuple[Tag, str]]) -> None:
        self._about: dict[int, set[str]] = {}
        for node, name in named:
            for parent in node.parents:
                self._about.setdefault(id(parent), set()).add(name)

    def of(self, node: Tag, name: str) -> Tag | None:
        """The largest block around a name that is about that person alone."""
        card: Tag | None = None
        for parent in node.parents:
            if self._about.get(id(parent), set()) - {name} or len(parent.get_text(strip=True)) > _LONGEST_CARD:
                break
            if parent.name in _BLOCK:
                card = parent
        return card


def _facts(name: str, url: str, node: Tag | None, page: str) -> LeaderFact:
    """Which elements a piece of a page gives."""
    if node is None:
        return LeaderFact(name, url, photo=False, resume=False, post=False, duties=False)
    text = node.get_text("\n", strip=True)
    return LeaderFact(
        name=name,
        url=url,
        photo=any(pictures_of(node, page)),
        resume=bool(any_pattern("leaders", "resume").search(text)),
        post=bool(any_pattern("leaders", "post_labels").search(text)) or any(map(_is_post, text.split("\n"))),
        duties=bool(any_pattern("leaders", "duties").search(text)),
    )


def _is_post(line: str) -> bool:
    """A short line that names a post held now, not one of a résumé."""
    return len(line) <= _TINY and bool(_posts().search(line)) and not any_pattern("leaders", "past").search(line)


def _joined(one: LeaderFact, other: LeaderFact) -> LeaderFact:
    return LeaderFact(
        one.name,
        one.url,
        photo=one.photo or other.photo,
        resume=one.resume or other.resume,
        post=one.post or other.post,
        duties=one.duties or other.duties,
    )


def _says_enough(card: Tag) -> bool:
    """A block tells of a person where it gives at least a post and one more element."""
    text = card.get_text("\n", strip=True)
    told = (any_pattern("leaders", "resume").search(text), any_pattern("leaders", "duties").search(text))
    return bool(_posts().search(text)) and any(told) and len(text) >= _FEWEST


def _name_in(anchor: Tag) -> str:
    """The person's name in a link's words: alone, or before or after a post."""
    text = anchor.get_text(" ", strip=True) or str(anchor.get("title") or "")
    if not text:
        image = anchor.find("img")
        text = str(image.get("alt") or "") if isinstance(image, Tag) else ""
    return _as_name(_squeezed(text)) or next(
        (name for part in re.split(r"[\s:：，,、|]+", text) if (name := _as_name(part))), ""
    )


def _as_name(text: str) -> str:
    """The text as a name of two to four characters; "" where it is none."""
    plain = re.sub(r"(?:同志|简历|简介|个人简历)$", "", text)
    if not 2 <= len(plain) <= 4 or not _HAN.fullmatch(plain) or plain in words("leaders", "not_names"):
        return ""
    if plain[0] not in _surnames() or _posts().search(plain):
        return ""
    return plain


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u3000]+", "", text)


@cache
def _posts() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in words("leaders", "posts")))


@cache
def _surnames() -> frozenset[str]:
    return frozenset("".join(words("leaders", "surnames")))
