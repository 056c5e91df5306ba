"""What was seen of the certificate under which a home page is served."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class ChainFault(StrEnum):
    """Why the chain of a certificate is not trusted, validity in time and names aside.

    SELF_SIGNED: the certificate vouches for itself. INCOMPLETE: the server leaves out an intermediate certificate that
    the certificate names and that leads to a trusted root. UNKNOWN_ROOT: nothing we could find leads to a root of
    Mozilla's list; another list may hold it. OTHER: what else the library holds against it.
    """

    NONE = ""
    SELF_SIGNED = "self-signed"
    INCOMPLETE = "incomplete"
    UNKNOWN_ROOT = "unknown-root"
    OTHER = "other"


class TlsFact(Struct, frozen=True):
    """One host's certificate. `error` says in Chinese why none was had; all that follows it is then empty.

    `names` are those it is made out for, `matches` says whether the host's is among them, by the rules of browsers.
    `note` are the library's words for `fault` OTHER. `looks` counts the handshakes that brought the same.
    """

    host: str
    port: int
    at: datetime
    error: str = ""
    subject: str = ""
    issuer: str = ""
    serial: str = ""
    sha256: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None
    names: tuple[str, ...] = ()
    matches: bool = False
    fault: ChainFault = ChainFault.NONE
    note: str = ""
    protocol: str = ""
    looks: int = 1
