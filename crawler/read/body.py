"""The main text of a page: the container that holds most of what is said outside links, navigation and footer."""

from __future__ import annotations

import re

from msgspec import Struct

from crawler.read.lexicon import any_of
from crawler.read.outline import Box, Line, Outline
from crawler.read.zones import Zone

_HOLDERS = frozenset(("div", "td", "section", "article", "main", "form", "center", "body"))
_SHARE = 0.6
_LEAST = 40
_PARAGRAPH = 40
_GOES_ON = 8
_SHORTEST_TITLE = 4
_LONGEST_TITLE = 100
_LONGEST_BYLINE = 200
_NEAR_TITLE = 8
_LONGEST_BESIDE = 8
_PARTS = re.compile(
    r"\s*[_|｜]+\s*|\s+[-–—]+\s*|\s*[-–—]+\s+|\s*--+\s*|-(?=[^-]{2,20}(?:网|政府|局|委|厅|办|站|院|中心)\Z)"
)
_DAY = re.compile(r"(?:19|20)\d\d\s?[-./年]\s?\d{1,2}\s?[-./月]\s?\d{1,2}")
_ORGANS = "政府|办公室|办公厅|局|厅|委员会|院|部|中心|国务院"
_ORGAN = re.compile(rf"(?:{_ORGANS})\Z")
_SITE = re.compile(rf"(?:{_ORGANS}|网|网站|门户)\Z")
_PAGER = re.compile(
    r"(?:首\s*页|上\s*一?\s*页|下\s*一?\s*页|尾\s*页|末\s*页|共\s*\d+\s*[页条]|第\s*\d+\s*[页/]|每页|转到|跳转|当前|\d+|[/\s,，:：|>«»‹›\[\]()（）条页记录共到第])+\Z"
)


class Body(Struct, frozen=True):
    """Where the main text stands in the outline and how many plain characters it has.

    `first` and `last` bound its texts, `links` its links (ends exclusive). `named` says that the container bears
    the name that a site builder gives to an article's text.
    """

    first: int
    last: int
    links: tuple[int, int]
    length: int
    named: bool


NO_BODY = Body(1 << 30, 0, (0, 0), 0, named=False)


def body_of(page: Outline) -> Body:
    """The main text; NO_BODY where the page says next to nothing outside links."""
    named = [box for box in page.boxes if box.hint.body and box.plain_end > box.plain]
    if named:
        box = max(named, key=lambda one: one.plain_end - one.plain)
        return _span(box, named=True)
    total = sum(len(line.text) - line.linked for line in page.lines if line.zone is Zone.MAIN)
    if total < _LEAST:
        return NO_BODY
    best: Box | None = None
    for box in page.boxes:
        size = box.plain_end - box.plain
        if size >= _SHARE * total and box.zone is Zone.MAIN and box.tag in _HOLDERS:
            # boxes close from within, so the first that is large enough is the innermost
            best = box
            break
    return _span(best, named=False) if best is not None else NO_BODY


def prose_of(page: Outline, lists: list[tuple[int, int]]) -> tuple[int, int]:
    """Characters outside links and outside the page's own list: of long lines, which make a text, and of all lines."""
    prose = rest = 0
    for line in page.lines:
        own = len(line.text) - line.linked
        if not own or line.zone is not Zone.MAIN:
            continue
        if not any(first <= line.first < last for first, last in lists):
            rest += own
            if own >= _PARAGRAPH:
                prose += own
    return prose, rest


def residue(page: Outline, skip: frozenset[str]) -> int:
    """Characters of plain text in the main part that are neither headings, pagers, notices nor the words in `skip`."""
    total = 0
    for line in page.lines:
        if line.zone is not Zone.MAIN or line.heading:
            continue
        own = len(line.text) - line.linked
        if own < 2 or line.text in skip or _PAGER.match(line.text) or any_of("phrases", "notice").search(line.text):
            continue
        total += own
    return total


def heading_of(page: Outline, article_title: str) -> tuple[str, int]:
    """The visible heading and its line number: the title as the page shows it; ("", -1) where it shows none.

    What the label ArticleTitle says comes first, then a line that is the first part of the page's title or goes on
    from it, then the first heading. A page whose title names the site alone tells its heading by its place: the line
    above 发布时间：… 来源：…, as a reader would take it.
    """
    lines = page.lines
    wanted = _squeezed(article_title)
    title = _squeezed(page.title)
    first = _own_part(page.title)
    begun: tuple[str, int] = ("", -1)
    ended: tuple[str, int] = ("", -1)
    first_heading: tuple[str, int] = ("", -1)
    organ: tuple[str, int] = ("", -1)
    for number, line in enumerate(lines):
        if line.zone in (Zone.FOOTER, Zone.BREADCRUMB, Zone.NAVIGATION) or line.linked * 2 > len(line.text):
            continue
        text = line.text
        if len(text) > 200:
            continue
        squeezed = _squeezed(text)
        if len(squeezed) < 2:
            continue
        if wanted:
            if squeezed == wanted or (len(squeezed) >= 6 and _is_part(squeezed, wanted)):
                joined = _joined(lines, number, wanted)
                if joined != text or len(squeezed) >= len(wanted) or not _ORGAN.search(squeezed):
                    return _before_day(joined, len(wanted)), number
                # 发文机关 in a table above: the title begins with the same words
                organ = organ if organ[1] >= 0 else (text, number)
        elif line.zone is not Zone.HEADER:
            if squeezed in (first, title) or (line.heading and title.startswith(squeezed)):
                return text, number
            if len(first) >= _GOES_ON and squeezed.startswith(first):
                cut = _before_day(text, len(first))
                if len(cut) < len(text) or len(squeezed) <= 2 * len(first) + _GOES_ON:
                    return cut, number
            if begun[1] < 0 and len(squeezed) >= 4 and title.startswith(squeezed):
                joined = _joined(lines, number, title)
                if joined != text or not _ORGAN.search(squeezed):
                    begun = (joined, number)
                else:
                    organ = organ if organ[1] >= 0 else (text, number)
            if len(squeezed) >= _GOES_ON and title.endswith(squeezed):
                ended = (text, number)
        if line.heading and line.zone is Zone.MAIN and first_heading[1] < 0 and not _is_beside(squeezed):
            first_heading = (text, number)
    found = begun if begun[1] >= 0 else first_heading
    if found[1] < 0:
        found = ended if ended[1] >= 0 else organ if organ[1] >= 0 else _above_dateline(lines)
    return found


def _own_part(title: str) -> str:
    """The part of a page's title that is its own: the first, or the last where the site stands in front."""
    parts = [_squeezed(part) for part in _PARTS.split(title.strip())]
    if len(parts) > 1 and len(parts[-1]) >= _GOES_ON and _SITE.search(parts[0]) and not _SITE.search(parts[-1]):
        return parts[-1]
    return parts[0]


def _is_beside(squeezed: str) -> bool:
    """A heading over what stands beside the matter: 相关解读, 热点推荐."""
    return len(squeezed) <= _LONGEST_BESIDE and bool(any_of("phrases", "beside").search(squeezed))


def _above_dateline(lines: list[Line]) -> tuple[str, int]:
    """The line directly above the one line that tells a publication's day and something beside it (来源, 浏览).

    Where there are several such lines, they are a list's.
    """
    found: tuple[str, int] = ("", -1)
    for number, line in enumerate(lines):
        if (
            line.zone is not Zone.MAIN
            or len(line.text) > _LONGEST_BYLINE
            or not _DAY.search(line.text)
            or not any_of("date_labels", "beside").search(line.text)
        ):
            continue
        if found[1] >= 0 or not number:
            return "", -1
        above = lines[number - 1]
        if (
            above.zone is not Zone.MAIN
            or not _SHORTEST_TITLE <= len(above.text) <= _LONGEST_TITLE
            or above.linked * 2 > len(above.text)
        ):
            return "", -1
        found = (above.text, number - 1)
    return found


def _joined(lines: list[Line], number: int, wanted: str) -> str:
    """A heading that is broken over lines, put together again as far as the title goes."""
    text = lines[number].text
    for line in lines[number + 1 : number + 4]:
        longer = _squeezed(text + line.text)
        if not wanted.startswith(longer):
            break
        text += line.text
    return text


def _before_day(text: str, size: int) -> str:
    """A heading without the day of publication that stands in one element with it, behind `size` characters."""
    if len(text) <= size:
        return text
    seen = 0
    for at, character in enumerate(text):
        if seen >= size:
            found = _DAY.search(text, at)
            return text[:at].rstrip() if found and found.start() - at <= _NEAR_TITLE else text
        seen += not character.isspace()
    return text


def _is_part(squeezed: str, wanted: str) -> bool:
    return wanted.startswith(squeezed) or squeezed.startswith(wanted)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _span(box: Box, *, named: bool) -> Body:
    return Body(box.texts, box.texts_end, (box.links, box.links_end), box.plain_end - box.plain, named)
