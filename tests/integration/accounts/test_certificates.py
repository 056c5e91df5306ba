"""A source that carries logins is asked only where its certificate proves who it is; elsewhere it is a gap, no fault."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from crawler.fetch.client import platform_client, visiting_client
from crawler.fetch.limits import Limits
from crawler.fetch.policy import AddressPolicy
from tests.integration.probing.authority import https, issued


def _status(client: httpx.AsyncClient, url: str) -> int:
    async def asked() -> int:
        async with client:
            return (await client.get(url)).status_code

    return asyncio.run(asked())


def test_only_a_certificate_that_is_trusted_is_spoken_to(tmp_path: Path) -> None:
    policy = AddressPolicy(allow_private=True)
    root = issued("云溪根证书", authority=True)
    (tmp_path / "roots.pem").write_bytes(root.pem())
    with https(tmp_path, issued("feeds.example", root)) as url:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            _status(platform_client(policy, Limits()), url)
        assert _status(platform_client(policy, Limits(), str(tmp_path / "roots.pem")), url) == 200
        assert _status(visiting_client(policy, Limits()), url) == 200
    elsewhere = issued("feeds.example", root, hosts=("10.9.8.7",))
    with https(tmp_path, elsewhere) as url, pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        _status(platform_client(policy, Limits(), str(tmp_path / "roots.pem")), url)
