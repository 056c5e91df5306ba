"""What is put on record beside the bytes of a capture (访问记录): who asked what, when and how, and what was answered.

A statement is evidence of its own kind, `headers`: JSON text kept under its own hash, which names the hash of the
body it belongs to. From the two the capture can be had again after the run's spool is gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from crawler.facts import Exchange, FetchOutcome, Header
from storage.bodies import Capture
from storage.encoding import text_of

PICTURES = frozenset({"png", "screenshot"})
"""The kinds of capture that are pictures of a page."""


class Statement(Struct, frozen=True):
    """One capture as it is put on record. `capture` is its kind; `visits` are the visits of the address so far.

    `body_sha256` is the evidence id of the body, "" where there is none. `client` is the User-Agent that asked.
    """

    url: str
    at: datetime
    attempt: int
    status: int | None
    capture: str
    client: str
    headers: tuple[Header, ...]
    visits: tuple[FetchOutcome, ...]
    exchange: Exchange = Exchange()
    body_sha256: str = ""
    body_bytes: int = 0

    def capture_with(self, body: bytes) -> Capture:
        """The capture that this was made of."""
        return Capture(self.url, self.attempt, self.at, self.status, self.headers, body, self.capture, self.exchange)


def statement_of(capture: Capture, visits: Sequence[FetchOutcome], client: str) -> Statement:
    """What is put on record of a capture; the body is named by its hash where it has one."""
    return Statement(
        url=capture.url,
        at=capture.at,
        attempt=capture.attempt,
        status=capture.status,
        capture=capture.kind,
        client=client,
        headers=capture.headers,
        visits=tuple(visit for visit in visits if visit.attempt <= capture.attempt),
        exchange=capture.exchange,
        body_sha256=hashlib.sha256(capture.body).hexdigest() if capture.body else "",
        body_bytes=len(capture.body),
    )


def encoded(statement: Statement) -> bytes:
    """A statement's bytes, of which the hash is taken."""
    return text_of(statement).encode()


decoded = msgspec.json.Decoder(Statement).decode
"""A kept statement from its bytes. Raises msgspec.ValidationError for what is none."""
