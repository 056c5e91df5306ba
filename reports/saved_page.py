"""A captured page as a copy that can be read offline and does nothing.

It is decoded to UTF-8, marked, and forbidden to load or run anything. It is for the eye: what is evidence are the
original bytes, which stand beside it unchanged.
"""

from __future__ import annotations

import codecs
import re
from datetime import datetime
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser

from reports.wording import stamp

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"
_UNSTOPPED = "script, iframe, frame, object, embed, link, base, meta[http-equiv], meta[charset]"
"""Elements a page's own policy does not wholly stop (refresh, prefetching of names) or that are dead under it."""
_DOCTYPE = re.compile(r"\A\s*(?:<!--.*?-->\s*)*<!doctype[^>]*>", re.IGNORECASE | re.DOTALL)


def harmless(body: bytes, *, url: str, at: datetime, charset: str, digest: str) -> bytes:
    """The page as UTF-8 that loads nothing, runs nothing and goes nowhere by itself, with a banner comment on top.

    Scripts, frames, plug-ins, refreshes and prefetches are taken out, and a content security policy forbids the rest
    (event handlers, `javascript:` addresses, outside images and styles). The policy stands before the page's own
    first tag, where no attribute of the page can swallow it; a parser then takes it into the head. A byte order
    mark settles the charset, and a doctype is kept where there was one, so that the page is laid out as it was.
    """
    text = decoded(body, charset)
    tree = LexborHTMLParser(text)
    for node in tree.css(_UNSTOPPED):
        node.decompose()
    root = tree.root
    page = root.html if root is not None else ""
    top = (
        ("<!DOCTYPE html>" if _DOCTYPE.match(text.removeprefix("\ufeff")) else "")
        + f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        + f"<!-- saved by xuncha | url {_comment(url)} | at {stamp(at)} | sha256 {digest} -->\n"
    )
    return codecs.BOM_UTF8 + f"{top}{page}\n".encode("utf-8", "replace")


def decoded(body: bytes, charset: str) -> str:
    """The bytes as text; GB2312 and GBK are read as their superset, what is no text encoding as UTF-8."""
    name = "gb18030" if charset.lower() in ("gb2312", "gbk", "gb_2312-80", "x-gbk") else charset
    try:
        return body.decode(name, errors="replace")
    except LookupError:
        return body.decode("utf-8", errors="replace")


def _comment(text: str) -> str:
    """Text that cannot end a comment: percent-encoded, hyphens too."""
    return quote(text, safe=":/?&=#%+,;@~_.", errors="replace").replace("-", "%2D")
