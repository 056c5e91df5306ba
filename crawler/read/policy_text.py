"""What a document or an interpretation (解读) shows of its fellows: links to them, their 《names》, its own media."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from crawler.facts import Resource
from crawler.facts.documents import Medium, PolicyText, Related
from crawler.read.body import NO_BODY, Body
from crawler.read.lexicon import any_of, any_pattern, table, words
from crawler.read.outline import Line, Outline, RawLink
from crawler.read.urls import join, resource_of
from crawler.read.zones import Zone

_FRAME = (Zone.NAVIGATION, Zone.FOOTER, Zone.BREADCRUMB)
_MOST_RELATED = 40
_MOST_NAMED = 8
_NAMED_LINES = 12
_NAME = re.compile(r"《([^《》]{3,90}(?:《[^《》]{2,60}》[^《》]{0,40})?)》")
_LONGEST_OVER = 40
_UNDER_WORDS = 8
"""Texts below the words 相关解读 within which their links stand."""
_ROWS = 4
_LONGEST_NAMES = 400


def is_named(names: str) -> bool:
    """Whether a page's name, column and breadcrumb make it a document, an interpretation or an answer to concerns."""
    return any(word in names for word in words("documents", "names"))


def has_sign(text: str) -> bool:
    """Whether a page's text bears a sign of a document's elements; few words, searched as they stand, for speed."""
    return any(sign in text for sign in words("documents", "signs"))


def policy_text(page: Outline, heading: str, body: Body, base: str, charset: str, *, rendered: bool) -> PolicyText:
    """The links, names and media of one page. `base` is the address that its links are relative to."""
    related, unfilled = _related(page, body, base, charset, rendered=rendered)
    return PolicyText(related, _named(page, heading, body), _media(page, heading, body, base), unfilled)


def _related(page: Outline, body: Body, base: str, charset: str, *, rendered: bool) -> tuple[tuple[Related, ...], str]:
    """Links in the text, links under words such as 相关解读, and links whose words name a document; and those words
    where nothing stands under them and a script may fill it, or that a script of the page says.
    """
    spans: list[tuple[int, int]] = []
    unfilled = ""
    for line in page.lines:
        if line.zone in _FRAME or len(line.text) - line.linked > _LONGEST_OVER:
            continue
        over = any_pattern("documents", "related").search(line.text)
        if over is None:
            continue
        span = (line.first, line.first + _UNDER_WORDS)
        spans.append(span)
        alone = line.linked * 2 < len(line.text) and len(line.text) <= len(over[0]) + 4
        if alone and not any(span[0] <= raw.first < span[1] and raw.tag == "a" for raw in page.links):
            unfilled = unfilled or over[0]
    found: dict[str, Related] = {}
    for number, raw in enumerate(page.links):
        if raw.tag != "a" or raw.zone in _FRAME or raw.idle or not raw.href:
            continue
        text = _words_of(page, raw)
        inside = body.links[0] <= number < body.links[1]
        if not (
            inside
            or any(first <= raw.first < last for first, last in spans)
            or any_pattern("documents", "leads").search(text)
        ):
            continue
        url = join(base, raw.href, charset)
        if url and len(found) < _MOST_RELATED:
            found.setdefault(url, Related(text[:120], url))
    if rendered:
        return tuple(found.values()), ""
    if not unfilled:
        written = any_of("documents", "related_scripts")
        said = next((hit for script in page.scripts if (hit := written.search(script.text))), None)
        return tuple(found.values()), said[0] if said else ""
    scripted = bool(page.scripts) or any(raw.tag == "script" for raw in page.links)
    return tuple(found.values()), unfilled if scripted else ""


def _words_of(page: Outline, raw: RawLink) -> str:
    return " ".join(page.texts[raw.first : raw.last]) or raw.title or raw.alt


def _named(page: Outline, heading: str, body: Body) -> tuple[str, ...]:
    """The names in 《…》 of the title, then of the text's first lines."""
    texts = [heading, page.title]
    texts += [line.text for line in list(_inside(page, body))[:_NAMED_LINES]]
    found: dict[str, None] = {}
    for text in texts:
        if "《" in text:
            found |= dict.fromkeys(" ".join(name.split()) for name in _NAME.findall(text))
    return tuple(found)[:_MOST_NAMED]


def _inside(page: Outline, body: Body) -> Iterator[Line]:
    if body is NO_BODY:
        return (line for line in page.lines if line.zone is Zone.MAIN)
    return (line for line in page.lines if body.first <= line.first < body.last and line.zone not in _FRAME)


def _media(page: Outline, heading: str, body: Body, base: str) -> tuple[Medium, ...]:
    """What the text shows beside words; pictures that are ornaments do not count."""
    found: set[Medium] = set()
    for raw in page.links[body.links[0] : body.links[1]] if body is not NO_BODY else page.links:
        if raw.zone in _FRAME:
            continue
        if raw.tag == "img":
            if not _ornament().search(raw.href):
                is_chart = any_pattern("documents", "chart").search(f"{raw.href} {raw.alt} {raw.title}")
                found.add(Medium.CHART if is_chart else Medium.PICTURE)
        elif raw.tag in ("video", "source", "embed", "iframe", "frame"):
            found.add(Medium.VIDEO)
        elif raw.tag == "audio":
            found.add(Medium.AUDIO)
        elif raw.tag == "a":
            kind = resource_of(join(base, raw.href), raw.tag) if raw.href else Resource.PAGE
            if kind is Resource.ATTACHMENT:
                found.add(Medium.ATTACHMENT)
            elif kind is Resource.IMAGE:
                found.add(Medium.PICTURE)
            elif kind is Resource.MEDIA:
                found.add(Medium.VIDEO)
    if _has_table(page, body):
        found.add(Medium.TABLE)
    asked = any_pattern("documents", "questions")
    lines = [line.text for line in _inside(page, body)]
    if any(asked.search(text) for text in lines if len(text) < _LONGEST_NAMES):
        found.add(Medium.QUESTIONS)
    if any_pattern("documents", "interview").search(heading):
        found.add(Medium.INTERVIEW)
    return tuple(medium for medium in Medium if medium in found)


def _has_table(page: Outline, body: Body) -> bool:
    """A table within the text that holds some cells and is not what the whole text stands in."""
    if body is NO_BODY:
        return False
    size = body.last - body.first
    return any(
        box.tag == "table"
        and body.first <= box.texts
        and box.texts_end <= body.last
        and _ROWS <= box.texts_end - box.texts < size
        for box in page.boxes
    )


@cache
def _ornament() -> re.Pattern[str]:
    return re.compile(str(table("documents")["ornament"]), re.IGNORECASE)
