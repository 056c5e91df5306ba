"""The client of whoever asks outside a crawl's engine: links to other sites, probes, searches."""

from __future__ import annotations

import httpx

from crawler.fetch.limits import REDIRECTS, Limits
from crawler.fetch.policy import AddressPolicy, GuardedTransport


def visiting_client(policy: AddressPolicy, limits: Limits) -> httpx.AsyncClient:
    """A client that names us and takes any certificate: certificates are a check of their own (availability.tls).

    Links are not judged by what a reader clicks away.
    """
    transport = GuardedTransport(policy, http2=True, verify=False, limits=httpx.Limits(max_connections=64))
    return httpx.AsyncClient(
        transport=transport,
        headers={"User-Agent": limits.user_agent},
        timeout=limits.timeout,
        max_redirects=REDIRECTS,
        trust_env=False,
    )
