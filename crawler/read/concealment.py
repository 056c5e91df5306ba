"""Signs in a page's own markup that somebody else may have put there: hidden links, frames of no size, scripts.

Only links and frames that lead to hosts of nobody's government are looked at, and of those only what hides them: the
style of the element or of what it stands in, and the rules of the page's own `<style>` blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from crawler.facts.behaviour import Sign, Suspect
from crawler.read.lexicon import any_pattern, table
from crawler.read.outline import Script

_GOVERNMENT = re.compile(
    r"(?:https?:)?//(?:[^/?#]*[.@])?(?:gov\.cn|conac\.cn|12377\.cn)(?::\d+)?(?:[/?#]|\Z)", re.IGNORECASE
)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_NAMED = re.compile(r"[.#][\w\-]+\Z")
_COLOUR = re.compile(r"(?<![\w-])color:(#?[\w]+(?:\([\d,.%]+\))?)")
_GROUND = re.compile(r"background(?:-color)?:(#?[\w]+(?:\([\d,.%]+\))?)(?:;|$)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DEEPEST = 60
_LONGEST_QUOTE = 200
_MOST = 50
"""Signs kept of one page; one is enough to look."""
_TINY = 5
_FAST = 300
"""Pixels at a step beyond which nobody can read a marquee."""
_LONGEST_SCRIPT = 20_000
_LONGEST_STYLE = 200_000


class Hiding(NamedTuple):
    """How an element hides what it holds: an id of the data file, the markup that says so, and whether it is strong."""

    means: str
    quote: str
    strong: bool


@lru_cache(maxsize=16384)
def is_watched(href: str) -> bool:
    """Whether an absolute address leads to a host of no government, so that a link to it may matter."""
    return not _GOVERNMENT.match(href)


def suspects_of(links: Iterable[LexborNode], styles: Iterable[LexborNode], scripts: Iterable[Script]) -> list[Suspect]:
    """The signs of one page; `links` are the anchors and frames that lead to watched hosts."""
    found: list[Suspect] = []
    rules: Mapping[str, Hiding] | None = None
    known: dict[int, Hiding | None] = {}
    for node in links:
        if rules is None:
            rules = _rules(styles)
        sign = _of_frame(node) if node.tag in ("iframe", "frame") else _of_link(node, rules, known)
        if sign is not None:
            found.append(sign)
        if len(found) >= _MOST:
            break
    found.extend(_of_scripts(scripts))
    return found


def _of_link(node: LexborNode, rules: Mapping[str, Hiding], known: dict[int, Hiding | None]) -> Suspect | None:
    hiding = _hiding(node, rules, known)
    if hiding is None:
        return None
    text = " ".join(node.text().split())[:_LONGEST_QUOTE]
    href = node.attributes.get("href") or ""
    if not hiding.strong and not any_pattern("concealment", "spam").search(f"{text} {href}"):
        return None
    if not text and node.css_first("img") is None:
        return None  # an anchor of nothing shows nothing to anybody
    return Suspect(Sign.HIDDEN_LINK, href, text, hiding.means, hiding.quote)


def _hiding(node: LexborNode, rules: Mapping[str, Hiding], known: dict[int, Hiding | None]) -> Hiding | None:
    """What hides an element: itself or what it stands in; the strongest wins, then the nearest.

    `known` remembers it of every container on the way, for the links of a list stand in one.
    """
    passed: list[tuple[int, Hiding | None]] = []
    at: LexborNode | None = node
    best: Hiding | None = None
    while at is not None and at.tag not in ("body", "html") and len(passed) < _DEEPEST:
        if at.mem_id in known:
            best = known[at.mem_id]
            break
        passed.append((at.mem_id, _own_hiding(at, rules)))
        at = at.parent
    for identity, own in reversed(passed):
        best = known[identity] = _stronger(own, best)
    return best


def _stronger(one: Hiding | None, other: Hiding | None) -> Hiding | None:
    if one is None or other is None:
        return one or other
    return other if other.strong and not one.strong else one


def _own_hiding(node: LexborNode, rules: Mapping[str, Hiding]) -> Hiding | None:
    attributes = node.attributes
    if not attributes:
        return None
    found: Hiding | None = None
    style = attributes.get("style")
    if style:
        found = style_hides(style)
    if "hidden" in attributes:
        found = found or Hiding("not-shown", "hidden", strong=False)
    if node.tag == "marquee":
        found = _stronger(found, _marquee(attributes))
    if rules:
        names = [f".{name}" for name in (attributes.get("class") or "").split()]
        if attributes.get("id"):
            names.append(f"#{attributes['id']}")
        for name in names:
            found = _stronger(found, rules.get(name))
    return found


def _marquee(attributes: Mapping[str, str | None]) -> Hiding | None:
    """A marquee too small or too fast to be read."""
    shown = {name: _number(attributes.get(name)) for name in ("width", "height", "scrollamount")}
    sizes = [shown[name] for name in ("width", "height")]
    if any(size is not None and size <= _TINY for size in sizes) or (shown["scrollamount"] or 0) >= _FAST:
        quote = " ".join(f'{name}="{attributes[name]}"' for name in shown if attributes.get(name))
        return Hiding("zero-size", f"<marquee {quote}>", strong=True)
    return None


@lru_cache(maxsize=4096)
def style_hides(style: str) -> Hiding | None:
    """How a style hides, None where it does not: `position:absolute;left:-9999px` strongly, `display:none` weakly."""
    bare = "".join(style.split()).lower()
    if "display:none" in bare:  # whatever else it says, a menu or a tab may be waiting
        return Hiding("not-shown", style.strip()[:_LONGEST_QUOTE], strong=False)
    for strength in ("strong", "weak"):
        for means, pattern in _patterns(strength).items():
            if pattern.search(bare):
                return Hiding(means, style.strip()[:_LONGEST_QUOTE], strong=strength == "strong")
    ink, ground = _COLOUR.search(bare), _GROUND.search(bare)
    if ink and ground and ink[1] == ground[1]:
        return Hiding("same-colour", style.strip()[:_LONGEST_QUOTE], strong=True)
    return None


def _rules(styles: Iterable[LexborNode]) -> Mapping[str, Hiding]:
    """Class names and ids that the page's own style blocks hide, by plain selectors; all rules of a name together."""
    return _rules_of("\n".join(style.text() for style in styles))


@lru_cache(maxsize=64)
def _rules_of(text: str) -> Mapping[str, Hiding]:
    """The rules of a text of styles, remembered: a site's pages bear the same."""
    text = _COMMENT.sub("", text[:_LONGEST_STYLE]).partition("@media")[0]
    bodies: dict[str, list[str]] = {}
    for selectors, body in _RULE.findall(text):
        for selector in selectors.split(","):
            name = selector.strip()
            if _NAMED.match(name):
                bodies.setdefault(name, []).append(body.strip().rstrip(";"))
    hidden = {}
    for name, parts in bodies.items():
        hides = style_hides(";".join(parts))
        if hides is not None:
            hidden[name] = Hiding(hides.means, f"{name} {{{hides.quote}}}"[:_LONGEST_QUOTE], hides.strong)
    return hidden


def _of_frame(node: LexborNode) -> Suspect | None:
    attributes = node.attributes
    sizes = [_number(attributes.get(name)) for name in ("width", "height")]
    hides = style_hides(attributes.get("style") or "")
    if not any(size is not None and size <= 1 for size in sizes) and hides is None:
        return None
    shown = " ".join(f'{name}="{attributes[name]}"' for name in ("width", "height", "style") if attributes.get(name))
    return Suspect(
        Sign.ZERO_FRAME, attributes.get("src") or "", "", "zero-size", f"<{node.tag} {shown}>"[:_LONGEST_QUOTE]
    )


def _of_scripts(scripts: Iterable[Script]) -> Iterator[Suspect]:
    for script in scripts:
        text = script.text
        # plain searches, for most scripts of a page hold none of these
        if not (
            "referrer" in text or "userAgent" in text or "document.write" in text
            or "\\x" in text or "unescape" in text or "fromCharCode" in text or "decodeURI" in text
        ):  # fmt: skip
            continue
        for means, needs in _script_needs():
            if not all(any(word in text for word in group) for group in needs):
                continue
            found = _patterns("scripts")[means].search(text[:_LONGEST_SCRIPT])
            if found:
                quote = " ".join(found[0].split())[:_LONGEST_QUOTE]
                yield Suspect(Sign.SCRIPT, "", "", means, quote)
                break


def _number(written: str | None) -> float | None:
    found = re.match(r"\s*(\d+(?:\.\d+)?)\s*(?:px)?\s*\Z", written or "")
    return float(found[1]) if found else None


@cache
def _script_needs() -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    needs = table("concealment")["script_needs"]
    return tuple((means, tuple(tuple(group) for group in groups)) for means, groups in needs.items())


@cache
def _patterns(key: str) -> dict[str, re.Pattern[str]]:
    return {
        means: re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
        for means, patterns in table("concealment")[key].items()
    }
