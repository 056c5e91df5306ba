"""What the words of a page or an attachment show: wrong forms, wrong statements, private numbers."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct


class TextKind(StrEnum):
    """What a hit is about: 错别字, 表述, 个人隐私."""

    TYPO = "typo"
    WORDING = "wording"
    PRIVACY = "privacy"


class TextHit(Struct, frozen=True):
    """A place in a text. `entry` is the wrong form as it stands there, or the rule of a private number.

    `sentence` is the sentence around it, private values masked to the same length; `offset` and `length` are characters
    within it. `since` is the day from which the form is wrong (None: always), `note` what the entry says of itself.
    `count` are the places of the text that are alike. `place` tells where in an attachment (第 2 页).
    """

    kind: TextKind
    entry: str
    sentence: str
    offset: int
    length: int
    correction: str = ""
    since: date | None = None
    note: str = ""
    source: str = ""
    count: int = 1
    place: str = ""


class AttachmentFact(Struct, frozen=True):
    """An attachment that was opened, or tried to be. `name` are the words of the link on `page` that leads to it.

    `kind` is pdf, docx or xlsx as its bytes say, `characters` how many were read. `unread` says in Chinese why it was
    not read, or not to its end; "" where it was. `sha256` is that of the bytes where a second look at them would say
    the same, with the `etag` and `last_modified` that they came with.
    """

    url: str
    name: str
    page: str
    kind: str = ""
    characters: int = 0
    hits: tuple[TextHit, ...] = ()
    unread: str = ""
    sha256: str = ""
    etag: str = ""
    last_modified: str = ""


class Attachments(Struct, frozen=True):
    """The attachments of a site: how many of a kind that can be read its pages name, and those that were tried."""

    named: int = 0
    tried: tuple[AttachmentFact, ...] = ()


NO_ATTACHMENTS = Attachments()
"""None named and none tried."""
