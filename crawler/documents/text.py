"""A document's text by its places, or why it was not read."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

MOST_CHARACTERS = 500_000
"""Characters of one document that are read."""
SIZE = 8
"""Bytes in which a length is told between the two processes, most significant first."""
MOST_PARTS = 20_000
"""Pages, rows or paragraphs of one document that are read."""


OUT_OF_TIME, DIED = "读取超时", "读取时程序异常结束"


class Part(Struct, frozen=True):
    """A piece of a document and its place as a reader finds it: 第 2 页, 工作表“名单”第 3 行, 第 5 段."""

    place: str
    text: str


class DocumentText(Struct, frozen=True):
    """What was read of a document. `unread` says in Chinese why it is nothing or not all, "" where it is all."""

    kind: str
    parts: tuple[Part, ...] = ()
    unread: str = ""

    @property
    def settled(self) -> bool:
        """Whether the same bytes would be read alike another time."""
        return not self.unread.startswith((OUT_OF_TIME, DIED))

    @property
    def characters(self) -> int:
        """How many characters were read."""
        return sum(len(part.text) for part in self.parts)


class Unreadable(Exception):
    """A document that cannot be read; its text is the reason in Chinese."""


def within_bounds(kind: str, parts: Iterable[Part], unread: str = "") -> DocumentText:
    """The document of these parts, cut off where the bounds are met."""
    kept: list[Part] = []
    room = MOST_CHARACTERS
    for part in parts:
        if len(kept) >= MOST_PARTS or len(part.text) > room:
            unread = unread or f"内容过多，只读到{part.place}"
            break
        room -= len(part.text)
        kept.append(part)
    return DocumentText(kind, tuple(kept), unread)
