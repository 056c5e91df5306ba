"""The address policy where Scrapy connects: on every hop of a redirect chain, and when a name is resolved."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.resolver import CachingThreadedResolver, dnscache
from twisted.internet.defer import succeed
from twisted.internet.error import DNSLookupError

from crawler.fetch.policy import REFUSAL, AddressPolicy

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver under a policy. A refused name fails as a look-up error that says so."""

    policy: AddressPolicy

    @classmethod
    def under(
        cls, policy: AddressPolicy, reactor: Any, *, cache_size: int = 10_000, timeout: float = 20
    ) -> GuardedResolver:
        """A resolver for the worker's reactor; `timeout` in seconds."""
        resolver = cls(reactor, cache_size, timeout)
        resolver.policy = policy
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:
        """The address of a name, or DNSLookupError."""
        led = self.policy.led_to(name)
        if led:
            dnscache[name] = led[0]  # where a request that fails is told to have gone (exchange.py)
        found = succeed(led[0]) if led else super().getHostByName(name, timeout)
        return found.addCallback(self._permitted, name)

    def _permitted(self, address: str, name: str) -> str:
        if not self.policy.permits(name, (ipaddress.ip_address(address),)):
            raise DNSLookupError(REFUSAL)
        return address


class AddressGuardMiddleware:
    """Turns away requests whose URL spells out a private address, on every hop of a redirect chain."""

    def __init__(self, policy: AddressPolicy) -> None:
        self.policy = policy

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuardMiddleware:
        """Scrapy's constructor; the policy comes by the setting XUNCHA_POLICY."""
        return cls(crawler.settings["XUNCHA_POLICY"])

    def process_request(self, request: Request) -> None:
        """Refuses by IgnoreRequest, which ends in the request's errback."""
        if not self.policy.permits_url(request.url):
            raise IgnoreRequest(REFUSAL)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Says of a name that was refused when it was resolved that we refused it: Twisted tells only that it failed.

        Raises IgnoreRequest, which ends in the request's errback.
        """
        if isinstance(exception, CannotResolveHostError) and urlsplit(request.url).hostname in self.policy.refused:
            raise IgnoreRequest(REFUSAL) from exception
