"""What is said of a registry that holds, before anybody relies on what it leads to (提示)."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.facts import Unit
from crawler.read.scope import shared_hosts

_NAMED = 5
"""Sites named in one line; the rest are counted."""


def cautions(units: Sequence[Unit]) -> list[str]:
    """One line for each host that several running sites call their own."""
    found = shared_hosts(site for unit in units for site in unit.sites)
    once = {sites: host for host, sites in found.items()}  # a name and its www twin lead to the same sites
    return [
        f"提示：{len(sites)} 个网站共用主机 {host}（{_listed([site.name or site.home_url for site in sites])}）。"
        "网站按主机划分，其中每一个都会检查整个主机，同一问题会分别计入各个网站。请只登记一个，或登记各自的域名。"
        for sites, host in once.items()
    ]


def _listed(names: Sequence[str]) -> str:
    more = "等" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more
