"""The registry's vocabulary (台账): units with their sites and accounts, as they were registered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct, field

from crawler.facts.availability import Maintenance


class ColumnOverride(Struct, frozen=True):
    """A registered correction to what column discovery finds; it always wins."""

    url: str
    name: str
    type: str = ""


class Pace(Struct, frozen=True):
    """How gently one host is visited. Seconds between requests and requests at a time."""

    interval: float = 1.0
    connections: int = 2


class Site(Struct, frozen=True):
    """网站. `aliases` are further hosts (host or host:port) that are the site's own."""

    unit: str
    name: str
    home_url: str
    site_code: str = ""
    kind: str = "department"
    status: str = "running"
    aliases: tuple[str, ...] = ()
    columns: tuple[ColumnOverride, ...] = ()
    ignore_robots: bool = False
    pace: Pace = Pace()
    opened: date | None = None
    maintenance: tuple[Maintenance, ...] = ()


class AccountSourceSpec(Struct, frozen=True):
    """Where an account's posts are read: a source kind of `crawler.accounts` and its settings."""

    kind: str
    settings: Mapping[str, str] = field(default_factory=dict)


class Account(Struct, frozen=True):
    """政务新媒体账号. `subject` is the registered 认证主体."""

    unit: str
    platform: str
    name: str
    platform_id: str
    subject: str = ""
    status: str = "running"
    source: AccountSourceSpec | None = None

    @property
    def key(self) -> str:
        """The account's stable address in findings: `platform:platform_id`."""
        return f"{self.platform}:{self.platform_id}"


class Unit(Struct, frozen=True):
    """单位 with all that is registered of it. `requires` names what it must have: site, wechat, weibo.

    `supervises` says that it is in charge of other units' sites and owes the report on supervising them.
    """

    code: str
    name: str
    kind: str = "department"
    parent: str = ""
    contact: str = ""
    requires: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
    accounts: tuple[Account, ...] = ()
    supervises: bool = False
