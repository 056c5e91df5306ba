"""A served city, shared by the tests that only read it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from demo.city import City
from demo.site_plan import plan_city

PLACES = {site.host: site.place for site in plan_city(0)}
"""Where the city's named sites are: no name server knows them."""


class _ByPlace(httpx.HTTPTransport):
    """Connects to where a site of the city is, under the name that was asked."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        url = request.url.copy_with(host=PLACES.get(host, host))
        extensions = {**request.extensions, "sni_hostname": host}
        headers, stream = request.headers, request.stream
        return super().handle_request(
            httpx.Request(request.method, url, headers=headers, stream=stream, extensions=extensions)
        )


def opened_client(timeout: float = 20) -> httpx.Client:
    """A client that finds the city's sites and takes any certificate."""
    return httpx.Client(transport=_ByPlace(verify=False), timeout=timeout)


@contextmanager
def served(folder: Path) -> Iterator[City]:
    """A city on a free port, in a loop of its own."""
    city = City(folder, base_port=0, pauses=False)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(city.start(), loop).result(120)
        yield city
    finally:
        asyncio.run_coroutine_threadsafe(city.stop(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with served(tmp_path_factory.mktemp("city")) as running:
        yield running


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    with opened_client() as opened:
        yield opened
