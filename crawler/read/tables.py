"""Tables as rows of cells, for the few pages whose facts stand in columns under a head."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.read.charset import decode

_CELLS = frozenset(("td", "th"))
_MOST_ROWS = 2_000


class Row(Struct, frozen=True):
    """One row: its cells' texts, blanks squeezed, and for each cell the address of its first link, or ""."""

    texts: tuple[str, ...]
    links: tuple[str, ...]


def cell_tables(body: bytes) -> Iterator[list[Row]]:
    """Every table of a page and every list of rows (`ul > li` with elements side by side), of two rows at least."""
    tree = LexborHTMLParser(decode(body, "").text)
    for table in tree.css("table"):
        if len(table.css("table")) > 1:  # a layout, not a table
            continue
        rows = [_row(node) for node in table.css("tr")[:_MOST_ROWS]]
        if len(rows) > 1:
            yield rows
    for listing in tree.css("ul, ol"):
        entries = [child for child in listing.iter() if child.tag == "li"]
        if len(entries) > 1:
            yield [_row(node) for node in entries[:_MOST_ROWS]]


def _row(node: LexborNode) -> Row:
    """The cells of a table's row; of a list's entry the elements in it."""
    cells = list(node.iter())
    if node.tag == "li" and len(cells) == 1:
        cells = list(cells[0].iter()) or cells
    return Row(
        tuple(" ".join(cell.text(separator=" ").split()) for cell in cells),
        tuple(_link(cell) for cell in cells),
    )


def _link(cell: LexborNode) -> str:
    anchor = cell if cell.tag == "a" else cell.css_first("a[href]")
    return ((anchor.attributes.get("href") or "") if anchor is not None else "").strip()
