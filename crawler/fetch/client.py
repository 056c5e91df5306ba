"""The clients of whoever asks outside a crawl's engine: links to other sites, probes, searches; and platforms."""

from __future__ import annotations

import ssl

import httpx

from crawler.fetch.limits import REDIRECTS, Limits
from crawler.fetch.policy import AddressPolicy, GuardedTransport


def visiting_client(policy: AddressPolicy, limits: Limits) -> httpx.AsyncClient:
    """A client that names us and takes any certificate: certificates are a check of their own (availability.tls).

    Links are not judged by what a reader clicks away.
    """
    return _client(policy, limits, verify=False)


def platform_client(policy: AddressPolicy, limits: Limits, roots: str = "") -> httpx.AsyncClient:
    """The client of account sources, which carries logins: it speaks only to whoever proves that he is the platform.

    `roots` is a file of certificates that the office trusts beside Mozilla's list (a feed service of its own).
    """
    context = httpx.create_ssl_context()
    if roots:
        context.load_verify_locations(roots)
    return _client(policy, limits, verify=context)


def _client(policy: AddressPolicy, limits: Limits, *, verify: ssl.SSLContext | bool) -> httpx.AsyncClient:
    transport = GuardedTransport(policy, http2=True, verify=verify, limits=httpx.Limits(max_connections=64))
    return httpx.AsyncClient(
        transport=transport,
        headers={"User-Agent": limits.user_agent},
        timeout=limits.timeout,
        max_redirects=REDIRECTS,
        trust_env=False,
    )
