"""当前位置: the way from the home page to this one, as the page prints it."""

from __future__ import annotations

import re

from crawler.facts import Crumb
from crawler.read.outline import Line, Outline
from crawler.read.urls import join
from crawler.read.zones import Zone

_WORDS = re.compile(r"^.{0,12}?位\s*置\s*(?:是|为|在)?\s*[:：]?\s*")
_MARKS = r"[\s>›»＞→⇒▶|｜/\\\-－–—·•・:：]+"
_EDGES = re.compile(rf"\A{_MARKS}|{_MARKS}\Z")
_SPLIT = re.compile(r"\s*(?:[>›»＞→|｜/\\]|--?>|\s[-–—]\s)+\s*")
_FROM_HOME = re.compile(r"(?:网站|本站)?首\s*页\s*(?:[>›»＞→]|--?>)")
_LONGEST = 60


def breadcrumb(page: Outline, url: str, charset: str) -> tuple[Crumb, ...]:
    """The steps in order; the last may be plain text without an address. Empty where the page prints none."""
    crumbs: list[Crumb] = []
    reached = 0
    apart = True
    for number, line in enumerate(page.lines):
        if line.zone is not Zone.BREADCRUMB:
            if len(crumbs) > 1:
                break
            continue
        last = page.line_starts[number + 1] if number + 1 < len(page.lines) else len(page.texts)
        for index in range(max(line.first, reached), last):
            owner = page.owner[index]
            if owner >= 0:
                link = page.links[owner]
                name = " ".join(page.texts[link.first : link.last])
                reached = link.last
                apart = False
                if index < link.first + 1 and len(name) <= _LONGEST:
                    crumbs.append(Crumb(name, join(url, link.href, charset)))
                continue
            plain = _WORDS.sub("", page.texts[index])
            if plain is not page.texts[index] and len(plain) < len(page.texts[index]):
                crumbs.clear()  # what stood before the words was another part that is named like one
            if crumbs and not apart and plain == crumbs[-1].name:
                continue  # the head of the menu beside it says the column's name again
            apart = True
            names = [_EDGES.sub("", name) for name in _SPLIT.split(plain)]
            crumbs.extend(Crumb(name) for name in names if name and len(name) <= _LONGEST)
    return tuple(crumbs) or _unnamed(page, url, charset)


def is_way(line: Line) -> bool:
    """Whether a line begins with 首页 and goes on with an arrow."""
    text = line.text
    return "首" in text[:4] and len(text) <= _LONGEST * 2 and bool(_FROM_HOME.match(text))


def _unnamed(page: Outline, url: str, charset: str) -> tuple[Crumb, ...]:
    """The steps of a line that begins with 首页 and goes on with arrows: 首页 > 政务公开 > 通知公告."""
    for number, line in enumerate(page.lines):
        if line.zone is Zone.FOOTER or not is_way(line):
            continue
        last = page.line_starts[number + 1] if number + 1 < len(page.lines) else len(page.texts)
        crumbs: list[Crumb] = []
        reached = line.first
        for index in range(line.first, last):
            if index < reached:
                continue
            owner = page.owner[index]
            if owner >= 0:
                link = page.links[owner]
                reached = max(link.last, index + 1)
                crumbs.append(Crumb(" ".join(page.texts[link.first : reached]), join(url, link.href, charset)))
            else:
                crumbs.extend(Crumb(name) for name in _SPLIT.split(page.texts[index]) if name and len(name) <= _LONGEST)
        if len(crumbs) > 1 and (crumbs[0].url or not line.linked):
            return tuple(crumbs)
    return ()
