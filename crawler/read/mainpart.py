"""A kept page looked at once more with BeautifulSoup: its main part, its lines as a reader sees them, its pictures.

For the few pages whose content is judged in detail (leaders, guides, reports, departments), never for every page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from crawler.read.charset import decode
from crawler.read.zones import Zone, hint_of

PICTURE = "\ufffc"
"""What stands in a line for a picture."""

_TINY = 40
_PASTED = 2000
_ORNAMENT = re.compile(
    r"icon|logo|arrow|dot|line|bg|btn|ewm|qr|print|close|blank|space|^(?:pdf|docx?|xlsx?|wps|zip|rar|word|excel)\.\w+$"
)
_BREAKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "fieldset",
        "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "main", "ol", "option", "p", "pre", "section",
        "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip


def soup_of(body: bytes) -> BeautifulSoup:
    """The page without its scripts and styles."""
    soup = BeautifulSoup(decode(body, "").text, "lxml")
    for node in soup(["script", "style", "noscript"]):
        node.decompose()
    return soup


def main_of(soup: BeautifulSoup) -> Tag:
    """The page without its header, navigation, breadcrumb and footer."""
    for node in soup.find_all(True):
        if node.decomposed:
            continue
        names = node.get("class")
        classes = " ".join(names) if isinstance(names, list) else str(names or "")
        hint = hint_of(node.name, classes, str(node.get("id") or ""))
        if hint.zone in (Zone.FOOTER, Zone.NAVIGATION, Zone.HEADER, Zone.BREADCRUMB):
            node.decompose()
    return soup.body or soup


def plain(text: str) -> str:
    """Text with full-width letters, digits and signs made plain and its blanks made single."""
    return re.sub(r"[\s\u200b\ufeff]+", " ", unicodedata.normalize("NFKC", text)).strip()


def lines_of(main: Tag, page: str) -> list[str]:
    """The lines of a part of a page in `plain` form: a block, a cell or a line break ends one.

    A picture that is no ornament stands as PICTURE in its line: `<p><b>一、</b>总体情况</p><p><img></p>` gives
    「一、总体情况」 and one line of PICTURE.
    """
    found: list[list[str]] = [[]]
    _walk(main, page, found)
    return [line for parts in found if (line := plain("".join(parts)))]


def _walk(node: Tag, page: str, found: list[list[str]]) -> None:
    for child in node.children:
        if isinstance(child, Tag):
            breaks = child.name in _BREAKS
            if breaks:
                found.append([])
            if child.name == "img" and is_picture(child, page):
                found[-1].append(PICTURE)
            _walk(child, page, found)
            if breaks:
                found.append([])
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            found[-1].append(str(child))


def pictures_of(main: Tag, page: str) -> Iterator[Tag]:
    """The pictures of a part of a page that are no ornaments."""
    return (image for image in main.find_all("img") if is_picture(image, page))


def is_picture(image: Tag, page: str) -> bool:
    """A picture that is no ornament: not tiny, and not named like an icon. One loaded late counts as well."""
    source = next((str(image[name]) for name in ("data-src", "data-original", "src") if image.get(name)), "")
    if source.startswith("data:"):
        return len(source) > _PASTED
    if not source or _ORNAMENT.search(urljoin(page, source).rpartition("/")[2].lower()):
        return False
    size = re.match(r"\d+", str(image.get("width") or ""))
    return not size or int(size[0]) >= _TINY
