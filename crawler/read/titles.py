"""The title of a page of another host, from its beginning: what it is today, whatever it was when it was linked."""

from __future__ import annotations

import re
from html import unescape

from crawler.read.charset import decode

_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_LONGEST = 200


def title_of(body: bytes, content_type: str) -> str:
    """The title in one line, at most 200 characters; "" where the bytes hold none."""
    if b"<title" not in body[:16_384].lower():
        return ""
    found = _TITLE.search(decode(body, content_type).text)
    return " ".join(unescape(found[1]).split())[:_LONGEST] if found else ""
