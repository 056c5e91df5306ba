"""Whether a home page's host can be reached over IPv6."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Ipv6Fact(Struct, frozen=True):
    """The host's AAAA records, and whether it answered over one of them.

    `error` says in Chinese what could not be told. No `addresses` and no `error`: there is no record. `answered` is
    None where it was not or could not be asked. `registered` says that the registry names the addresses (域名指向).
    """

    host: str
    at: datetime
    addresses: tuple[str, ...] = ()
    answered: bool | None = None
    error: str = ""
    registered: bool = False
