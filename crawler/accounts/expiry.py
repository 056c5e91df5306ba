"""When logins end, as far as they say so themselves: both of Weibo's cookies do (`ALF`), other secrets do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from crawler.accounts import weibo_mobile, weibo_web
from crawler.facts import Unit

_TELLING = frozenset({weibo_web.KIND, weibo_mobile.KIND})


class Login(Struct, frozen=True):
    """A variable that accounts of a registry name. `ends` None: it does not say, or is not there."""

    kind: str
    variable: str
    accounts: int
    is_there: bool
    ends: datetime | None


def expiry_of(kind: str, secret: str) -> datetime | None:
    """When a login of that kind of source ends; None where it does not say."""
    return weibo_web.expiry(secret) if kind in _TELLING else None


def logins_of(units: Iterable[Unit], known: Mapping[str, str]) -> tuple[Login, ...]:
    """Every login that the accounts of these units name, in their order, one for each kind of source and variable."""
    named: dict[tuple[str, str], int] = {}
    for account in (account for unit in units for account in unit.accounts):
        if account.source is not None:
            for key, value in account.source.settings.items():
                if key.endswith("_env"):
                    place = (account.source.kind, str(value))
                    named[place] = named.get(place, 0) + 1
    return tuple(
        Login(kind, variable, accounts, bool(known.get(variable)), expiry_of(kind, known.get(variable, "")))
        for (kind, variable), accounts in named.items()
    )
