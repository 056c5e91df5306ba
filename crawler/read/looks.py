"""A closer look at a few pages: how they are shared, how they lead to other hosts, which pictures float over them.

It reads the kept bytes of the home page and the sample again, after the crawl: ten pages a site, whatever its size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.facts import PageFact, RunFacts
from crawler.facts.behaviour import Banner, ForeignLink, PageLook, ScriptFact
from crawler.read.charset import decode
from crawler.read.lexicon import any_pattern, lower_patterns
from crawler.read.urls import host_of, join

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ESCAPED = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_OVERLAID = re.compile(r"position:(?:fixed|absolute)")
_HIGHEST = 7
_LONGEST = 120
_MOST_LINKS = 400


def looks_of(pages: Iterable[PageFact], run: RunFacts, own: frozenset[str]) -> tuple[PageLook, ...]:
    """The looks at those pages whose bytes were kept, in their order."""
    found = []
    for page in pages:
        body = run.body(page.url) if page.outcome.is_seen else None
        if body is not None:
            found.append(look_at(page, decode(body, page.content_type).text, own))
    return tuple(found)


def look_at(page: PageFact, html: str, own: frozenset[str]) -> PageLook:
    """One page. Links are told by their addresses as a browser would open them."""
    tree = LexborHTMLParser(html)
    base_node = tree.css_first("base[href]")
    base = join(page.url, base_node.attributes.get("href") or "") if base_node is not None else page.url
    foreign: dict[tuple[str, str], ForeignLink] = {}
    banners: dict[tuple[str, str], Banner] = {}
    floats = bool(_first(html, "floating_scripts"))
    for node in tree.css("a[href]"):
        url = join(base or page.url, node.attributes.get("href") or "")
        if not url or host_of(url) in own:
            continue
        banner = _banner(node, url, base or page.url, floats=floats)
        if banner is not None:
            banners.setdefault((banner.url, banner.picture), banner)
        link = ForeignLink(url, _words_of(node), _is_guarded(node))
        if len(foreign) < _MOST_LINKS:
            foreign.setdefault((link.url, link.text), link)
    shown = _COMMENT.sub("", html)
    return PageLook(
        url=page.url,
        kind=page.kind.value,
        sharing=_quote(shown, "share_marks") or _quote(shown, "share_words"),
        prompt=_quote(unescaped(shown), "prompt"),
        handles=_handled_by(tree),
        foreign=tuple(foreign.values()),
        banners=tuple(banners.values()),
        scripts=tuple(dict.fromkeys(_scripts(tree, base or page.url))),
        unseen=page.scripted and not page.rendered,
    )


def script_fact(url: str, text: str | None) -> ScriptFact:
    """What a script does, told from its text; None where it could not be had whole."""
    if text is None:
        return ScriptFact(url, read=False)
    plain = unescaped(text)
    sharing = _quote(url, "share_file") or _quote(plain, "share_in_script")
    return ScriptFact(url, True, sharing, _quote(plain, "prompt"), _quote(plain, "handles"))


def is_library(url: str) -> bool:
    """Whether a script is a public library or a counter by its address."""
    return any_pattern("behaviour", "libraries").search(url.partition("?")[0]) is not None


def unescaped(text: str) -> str:
    r"""The text with its `\uXXXX` escapes read, so that words in a script are found."""
    if "\\u" not in text:
        return text
    return _ESCAPED.sub(lambda found: "".join(chr(int(code, 16)) for code in found[0].split("\\u")[1:]), text)


def _handled_by(tree: LexborHTMLParser) -> str:
    """What an inline script does about links of other hosts; "" where none does."""
    for node in tree.css("script:not([src])"):
        found = _quote(node.text(), "handles")
        if found:
            return found
    return ""


def _scripts(tree: LexborHTMLParser, base: str) -> Iterator[str]:
    for node in tree.css("script[src]"):
        url = join(base, (node.attributes.get("src") or "").strip())
        if url and not is_library(url):
            yield url


def _is_guarded(node: LexborNode) -> bool:
    attributes = node.attributes
    if any(name.startswith("on") for name in attributes):
        return True
    named = " ".join(filter(None, (attributes.get("class"), attributes.get("id"), attributes.get("rel"))))
    return any_pattern("behaviour", "guards").search(named) is not None


def _banner(node: LexborNode, url: str, base: str, *, floats: bool) -> Banner | None:
    """A linked picture that floats over the page or stands in an advertising slot."""
    picture = node.css_first("img")
    if picture is None:
        return None
    at: LexborNode | None = node
    for _ in range(_HIGHEST):
        if at is None or at.tag in ("body", "html"):
            return None
        attributes = at.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip()
        style = "".join((attributes.get("style") or "").lower().split())
        place = ""
        if any_pattern("behaviour", "floating").search(names) or (floats and _OVERLAID.search(style)):
            place = "floating"
        elif any_pattern("behaviour", "slots").search(names):
            place = "slot"
        if place:
            source = join(base, picture.attributes.get("src") or "")
            quote = f"<{at.tag} {names or style}>"[:_LONGEST]
            return Banner(url, source, _words_of(node), place, quote)
        at = at.parent
    return None


def _words_of(node: LexborNode) -> str:
    text = " ".join(node.text().split())
    if not text:
        picture = node.css_first("img")
        shown = picture.attributes if picture is not None else {}
        text = node.attributes.get("title") or shown.get("alt") or shown.get("title") or ""
    return text[:_LONGEST]


def _quote(text: str, key: str) -> str:
    found = _first(text, key)
    return " ".join(found.split())[:_LONGEST]


def _first(text: str, key: str) -> str:
    """What one of a list's expressions finds in a page or a script, as it stands there; "" where none does."""
    lower = text.lower()
    for pattern in lower_patterns("behaviour", key):
        if found := pattern.search(lower):
            return text[found.start() : found.end()] if len(lower) == len(text) else found[0]
    return ""
