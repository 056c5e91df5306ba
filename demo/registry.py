"""The registry (台账) of the city, in the shape that `xuncha inspect --registry` reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from demo.content import table
from demo.model import AS_OF, SitePlan
from demo.site_plan import Hosts

AccountEntries = Callable[[str], list[dict[str, Any]]]
"""The registry entries of a unit's accounts, by the unit's code."""


def registry(sites: Iterable[SitePlan], hosts: Hosts, accounts: AccountEntries) -> dict[str, Any]:
    """Units with their sites and accounts; `pace` without a pause is permitted on loopback only."""
    held = list(sites)
    return {
        "as_of": AS_OF.isoformat(),
        "canaries": [hosts.address(host, "/canary") for host in (*hosts.canaries, hosts.control)],
        "hosts": [
            *(f"{site.host}={way}" for site in held for way in site.ways),
            *(f"{hosts.control}={way}" for way in (hosts.canaries[0], "::1")),
        ],
        "units": [
            {
                "code": unit["code"],
                "name": unit["name"],
                "kind": unit["kind"],
                "requires": ["site", "wechat", "weibo"],
                "supervises": unit.get("supervises", False),
                "sites": [_site(site) for site in held if site.unit == unit["code"]],
                "accounts": accounts(unit["code"]),
            }
            for unit in table("city")["units"]
        ],
    }


def _site(site: SitePlan) -> dict[str, Any]:
    return {
        "name": site.name,
        "home_url": site.home_url,
        "site_code": site.site_code,
        "kind": site.kind,
        "opened": site.opened,
        "pace": {"interval": 0, "connections": 8},
    }
