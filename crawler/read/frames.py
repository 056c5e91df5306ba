"""Frames put in their places: of a page and the documents in its frames, the one page that a person sees."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.read.urls import join

MARK = "data-framed"
"""The attribute by which a frame element names its document."""
_REFERENCES = (
    ("a[href]", "href"),
    ("area[href]", "href"),
    ("img[src]", "src"),
    ("iframe[src]", "src"),
    ("script[src]", "src"),
    ("form[action]", "action"),
)
_LEFT_ALONE = re.compile(r"\s*(?:#|javascript:|data:|mailto:|tel:|\Z)", re.IGNORECASE)


class Framed(Struct, frozen=True):
    """The document in a frame: the address that its own references are read from, and its markup."""

    base: str
    html: str


def compose(html: str, inner: Mapping[str, Framed], *, base: str = "") -> str:
    """The page with each frame's document behind the frame element that bears its name in `data-framed`.

    References of a framed document are made absolute, so that they mean what they meant in the frame. A frameset
    becomes a body of its documents in their order. `base` is written as the page's base element where it has none.
    A page without frames and base comes back as it was given.
    """
    if not inner and not base:
        return html
    tree = LexborHTMLParser(html)
    if base and tree.head is not None and tree.css_first("base[href]") is None:
        tree.head.insert_child(_first(f'<base href="{_escaped(base)}">', "base"))
    if tree.css_first("frameset") is not None:
        head = tree.head.html if tree.head is not None else ""
        names = [(node.attributes.get(MARK) or "") for node in tree.css("frame")]
        parts = [_part(inner[name]) for name in names if name in inner]
        return f"<!DOCTYPE html><html>{head}<body>{''.join(parts)}</body></html>"
    for node in tree.css(f"iframe[{MARK}]"):
        framed = inner.get(node.attributes.get(MARK) or "")
        if framed is not None:
            node.insert_after(_first(_part(framed), "div"))
            node.decompose()
    return tree.html or html


def _part(framed: Framed) -> str:
    """A framed document's body as a part of another page; its scripts have run and are left out."""
    tree = LexborHTMLParser(framed.html)
    written = tree.css_first("base[href]")
    base = join(framed.base, written.attributes.get("href") or "") if written is not None else framed.base
    for selector, name in _REFERENCES:
        for node in tree.css(selector):
            value = node.attributes.get(name) or ""
            if not _LEFT_ALONE.match(value):
                node.attrs[name] = join(base or framed.base, value) or value
    for node in tree.css("script:not([src]), style"):
        node.decompose()
    body = tree.body
    return f'<div class="framed">{body.inner_html if body is not None else ""}</div>'


def _first(markup: str, tag: str) -> LexborNode:
    """The first element of that name in a piece of markup."""
    found = LexborHTMLParser(markup).css_first(tag)
    if found is None:
        raise ValueError(f"no {tag} in the markup")
    return found


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
