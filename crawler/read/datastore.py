"""大汉 jpage: lists whose entries stand in the page as data or come as a reply.

`<script type="text/xml"><datastore><recordset><record><![CDATA[<li>…</li>]]></record>…`
"""

from __future__ import annotations

import re
from html import unescape

from msgspec import Struct

_HREF = re.compile(r"href\s*=\s*['\"]([^'\"]+)['\"]", re.IGNORECASE)
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)\s*</totalrecord>|totalRecord\s*[:=]\s*['\"]?(\d+)", re.IGNORECASE)


class Datastore(Struct, frozen=True):
    """The entries of a data island or reply as one piece of HTML, their number, the total it tells and where more

    come from. `whole` says that there is nothing beside them: the answer to a script's request, and no page.
    """

    html: str
    records: int
    total: int
    more: str
    whole: bool = False


def datastore_of(text: str) -> Datastore | None:
    """The data island in a page or reply; None where there is none."""
    if "<record>" not in text and "<datastore>" not in text:
        return None
    records = [_bare(piece) for piece in _between(text, "<record>", "</record>")]
    following = next(
        (found for group in _between(text, "<nextgroup>", "</nextgroup>") if (found := _HREF.search(group))), None
    )
    total = _TOTAL.search(text)
    return Datastore(
        html="<div>" + "".join(_list_item(record) for record in records) + "</div>",
        records=len(records),
        total=int(total[1] or total[2]) if total else 0,
        more=unescape(following[1]) if following else "",
        whole=text.lstrip()[:11].lower() == "<datastore>",
    )


def _between(text: str, opening: str, closing: str) -> list[str]:
    """What stands between each opening and the closing behind it."""
    if closing not in text:
        return []
    cut = (piece.partition(closing) for piece in text.split(opening)[1:])
    return [inner for inner, closed, _ in cut if closed]


def _bare(record: str) -> str:
    return record.strip().removeprefix("<![CDATA[").removesuffix("]]>")


def _list_item(record: str) -> str:
    """A record as an entry of its own; a table row is kept as one."""
    start = record.lstrip()[:4].lower()
    if start.startswith("<tr"):
        return f"<table>{record}</table>"
    return record if start.startswith("<li") else f"<li>{record}</li>"
