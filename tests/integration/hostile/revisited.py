"""`unshare -rmn python -m tests.integration.hostile.revisited FOLDER`: a second night in a network of its own.

Everything was read the night before. Then the same bytes are asked for again by names that have moved into the
private network meanwhile, by private addresses in every spelling, and over redirects. Prints one JSON object: for
each address whether it counted as unchanged, and what the server was asked for.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from array import array
from pathlib import Path

from crawler.facts import FetchOutcome, Pace, PageKind, Resource
from crawler.fetch.limits import Limits
from crawler.fetch.log import Baseline, KnownPage, Place
from crawler.fetch.policy import AddressPolicy
from crawler.fetch.revisits import Revisits
from tests.integration.hostile.secluded import METADATA, PRIVATE, PUBLIC, furnish
from tests.integration.hostile.server import Exchange, HostileServer, Scene

KIND = "text/html; charset=utf-8"
BODY = "<html><body><p>与昨夜相同</p></body></html>"
MOVED = {
    "stays": (PUBLIC,),
    "moved": ("127.0.0.1",),
    "moved-to-metadata": (METADATA,),
    "moved-in-part": (PUBLIC, PRIVATE),
}
"""Where the names of the site lead on the second night; on the first all led to the public address."""


async def _same(x: Exchange) -> None:
    await x.page(BODY, "200 OK", f"Content-Type: {KIND}")


async def _away(x: Exchange) -> None:
    await x.page(BODY, "302 Found", f"Location: {x.query['to']}", f"Content-Type: {KIND}")


def name_of(host: str) -> str:
    """The name under which a host of MOVED is asked."""
    return f"{host}.yunxi.example"


async def asked(urls: dict[str, str]) -> dict[str, bool]:
    """Which of these pages, all known with the bytes that the server gives, count as unchanged."""
    page = KnownPage(1, PageKind.ARTICLE, hashlib.sha256(BODY.encode()).hexdigest(), "", "", KIND, (), array("I"))
    baseline = Baseline(pages=dict.fromkeys(urls.values(), page), resources={})
    unchanged: set[str] = set()

    def take(url: str, place: Place, visit: FetchOutcome) -> None:
        unchanged.add(url)

    async with Revisits(baseline, Pace(0, 4), Limits(timeout=5), AddressPolicy(allow_private=False)) as revisits:
        for url in urls.values():
            assert revisits.takes(url, Place(1, Resource.PAGE, ""))
        await revisits.work_off(take, lambda: False)
    return {name: url in unchanged for name, url in urls.items()}


def main(folder: Path) -> None:
    """Plays two nights, tells of the second."""
    furnish(folder)
    hosts = folder / "hosts"
    with HostileServer() as server:
        server.play(Scene((), {"/same/": _same, "/secret/": _same, "/away/": _away}))
        port = server.port
        os.environ["http_proxy"] = f"http://{PUBLIC}:{port}"  # nobody's business
        named = {host: f"http://{name_of(host)}:{port}/same/{host}" for host in MOVED}
        hosts.write_text("".join(f"{PUBLIC} {name_of(host)}\n" for host in MOVED))
        first = asyncio.run(asked(named))
        server.asked.clear()
        hosts.write_text("".join(f"{address} {name_of(host)}\n" for host, to in MOVED.items() for address in to))
        inner = {
            "loopback": f"http://127.0.0.1:{port}/secret/loopback",
            "number": f"http://2130706433:{port}/secret/number",
            "six": f"http://[::1]:{port}/secret/six",
            "mapped": f"http://[::ffff:127.0.0.1]:{port}/secret/mapped",
            "private": f"http://{PRIVATE}:{port}/secret/private",
            "localhost": f"http://localhost:{port}/secret/localhost",
            "disguised": f"http://{PUBLIC}:{port}@127.0.0.1:{port}/secret/disguised",
        }
        away = {f"redirect to {name}": f"http://{PUBLIC}:{port}/away/?to={url}" for name, url in inner.items()}
        second = asyncio.run(asked({**named, **inner, **away}))
        print(json.dumps({"first": first, "second": second, "asked": dict(server.asked)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
