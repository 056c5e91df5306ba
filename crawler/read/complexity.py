"""Whether a page would hold up the parser: told from its bytes, in one pass, before anything is parsed.

Lexbor looks at all attributes of an element for each further one: 5,000 cost 0.1 s, 40,000 half a minute.
"""

from __future__ import annotations

import re

MOST_ATTRIBUTES = 1_000
"""Attributes of one element; templates with many data fields have some fifty."""
SMALL = 64 * 1024
"""Bytes of a page that cannot hold many enough for it to matter."""
_LONG = 4_000
_ELEMENT = re.compile(
    rb"<(?:!--.*?(?:-->|\Z)"
    rb"|(?P<raw>script|style|textarea|title|xmp)\b(?P<head>[^>]*+)>.*?(?:</(?=(?P=raw))|\Z)"
    rb"|[a-z](?:[^>\"']*+(?:\"[^\"]*+\"|'[^']*+')?+)*+)",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(rb"[^\s\"'>/=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]*))?")


def too_complex(body: bytes, most_tags: int) -> str:
    """What the page has too many of (元素 or 属性), "" where it may be parsed."""
    if body.count(b"<") > most_tags:
        return "元素"
    if len(body) <= SMALL:
        return ""
    if b"\0" in body[:4096]:
        body = body.replace(b"\0", b"")
    for found in _ELEMENT.finditer(body):
        element = found["head"] if found["raw"] else found[0]
        if len(element) > _LONG and not element.startswith(b"<!--") and _has_too_many(element):
            return "属性"
    return ""


def _has_too_many(element: bytes) -> bool:
    return any(count > MOST_ATTRIBUTES for count, _ in enumerate(_ATTRIBUTE.finditer(element), 1))
