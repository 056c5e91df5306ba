"""How the city's server answers one address: ready bytes, and the ways a healthy server may look ill for a moment."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from demo.model import AS_OF
from demo.rendering import rendered


class Behaviour(StrEnum):
    """What the server does besides sending the answer.

    `head-403` and `head-405` refuse HEAD alone; `slow` waits two seconds; `flaky` gives 503 and `busy` 429 with
    Retry-After to the first request of the address, and the answer from then on.
    """

    PLAIN = "plain"
    HEAD_403 = "head-403"
    HEAD_405 = "head-405"
    SLOW = "slow"
    FLAKY = "flaky"
    BUSY = "busy"


HTML = "text/html; charset=utf-8"


class Answer(Struct, frozen=True):
    """Status, bytes and headers of one address."""

    status: int = 200
    body: bytes = b""
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    behaviour: Behaviour = Behaviour.PLAIN
    modified: datetime = AS_OF

    @property
    def etag(self) -> str:
        """A strong validator of the bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


def redirect(location: str, status: int = 302) -> Answer:
    """A redirect to an absolute address or a path."""
    return Answer(status, b"", HTML, (("Location", location),))


def wall() -> Answer:
    """The challenge of a web application firewall: 412, a script and a cookie, and no content."""
    headers = (("Set-Cookie", "4hP44ZykCTt5S=0.a1b2c3; Path=/; HttpOnly"), ("Server", "******"))
    return Answer(412, rendered("errors/wall.html").encode(), HTML, headers)


def login() -> Answer:
    """A page for those who have an account."""
    return Answer(401, rendered("errors/login.html").encode(), HTML, (("WWW-Authenticate", 'Bearer realm="yanjiang"'),))


def plain_error(status: int, words: str) -> Answer:
    """An error page as a bare web server gives it."""
    return Answer(status, rendered("errors/plain.html", status=status, words=words).encode())
