"""Transfers: bare requests over libcurl on the running event loop, to the address that the policy has checked.

For thousands of small questions a night: a tenth of a millisecond each. A transfer is one request and one answer:
no redirect is followed, no cookie kept, no proxy used. Certificates are a check of their own (availability.tls).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import pycurl
from msgspec import Struct

from crawler.fetch.policy import REFUSAL, AddressPolicy, AddressRefused

_RESOLVED_FOR = 60
"""Seconds for which a host's checked address serves."""

Write = Callable[[bytes], int | None]
"""Is handed each piece of a body as it was before it was compressed; 0 ends the transfer."""


class TransferFailed(Exception):
    """No whole answer came: refused, reset, too slow, not decodable, or ended by who reads it."""


class Answer(Struct, frozen=True):
    """What an answer says of itself; `content_type` "" where it says nothing."""

    status: int
    content_type: str


class Transfers:
    """A client; an async context. `timeout` bounds a whole transfer in seconds."""

    def __init__(self, policy: AddressPolicy, headers: Mapping[str, str], timeout: float) -> None:
        self._policy, self._timeout = policy, timeout
        self._headers = [f"{name}: {value}" for name, value in headers.items()]
        self._addresses: dict[str, tuple[str, float]] = {}
        self._idle: list[pycurl.Curl] = []
        self._multi = pycurl.AsyncCurlMulti()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._multi.aclose()
        for curl in self._idle:
            curl.close()

    async def get(self, url: str, headers: Sequence[str], write: Write) -> Answer:
        """The answer to GET, its body written.

        Raises TransferFailed; AddressRefused or httpx.ConnectError; ValueError for what is no address or header.
        """
        return await self._transfer(url, headers, (pycurl.HTTPGET, 1), write)

    async def head(self, url: str) -> Answer:
        """The answer to HEAD. Raises as `get`."""
        return await self._transfer(url, (), (pycurl.NOBODY, 1), len)

    async def _transfer(self, url: str, headers: Sequence[str], method: tuple[int, int], write: Write) -> Answer:
        address = await self._checked_address(url)
        curl = self._idle.pop() if self._idle else self._made()
        try:
            curl.setopt(pycurl.URL, url)
            curl.setopt(*method)
            curl.setopt(pycurl.HTTPHEADER, [*self._headers, *headers])
            # Whatever host libcurl reads out of the URL, it is the checked address that it connects to.
            curl.setopt(pycurl.CONNECT_TO, [address])
            curl.setopt(pycurl.WRITEFUNCTION, write)
            await self._multi.perform(curl)
            kind = curl.getinfo_raw(pycurl.CONTENT_TYPE) or b""
            answer = Answer(curl.getinfo(pycurl.RESPONSE_CODE), kind.decode("latin-1"))
        except pycurl.error as error:
            self._idle.append(curl)
            raise TransferFailed(*error.args) from error
        self._idle.append(curl)  # not where the wait was cancelled: libcurl lets go of that one later
        return answer

    async def _checked_address(self, url: str) -> str:
        """Where a URL's host may be connected to, as CONNECT_TO has it. Raises AddressRefused, httpx.ConnectError."""
        origin = "/".join(url.split("/", 3)[:3])
        known = self._addresses.get(origin)
        if known is not None and time.monotonic() < known[1]:
            return known[0]
        if not self._policy.permits_url(url):
            raise AddressRefused(REFUSAL)
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = await self._policy.resolve(parts.hostname or "", port)
        to = f"::[{address}]:{port}" if ":" in address else f"::{address}:{port}"
        self._addresses[origin] = to, time.monotonic() + _RESOLVED_FOR
        return to

    def _made(self) -> pycurl.Curl:
        curl = pycurl.Curl()
        for option, value in (
            (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
            (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
            (pycurl.PATH_AS_IS, 1),
            (pycurl.FOLLOWLOCATION, 0),
            (pycurl.PROXY, ""),  # nor one that the environment names
            (pycurl.NETRC, pycurl.NETRC_IGNORED),
            (pycurl.SSL_VERIFYPEER, 0),
            (pycurl.SSL_VERIFYHOST, 0),
            (pycurl.ACCEPT_ENCODING, ""),  # whatever libcurl can decode
            (pycurl.TIMEOUT_MS, int(self._timeout * 1000)),
            (pycurl.BUFFERSIZE, 128 * 1024),  # most pages in one piece
            (pycurl.NOSIGNAL, 1),
        ):
            curl.setopt(option, value)
        return curl
