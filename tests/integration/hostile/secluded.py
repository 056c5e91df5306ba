"""`unshare -rmn python -m tests.integration.hostile.secluded FOLDER`: an inspection in a network of its own.

There a public address, a private one and the metadata address of clouds are all this machine's, and names lead where
a hosts file says. The site tries to send the worker, which may visit public addresses alone, into its own network.
Prints one JSON object: how each address ended, what was accused, and what the server was asked for.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from crawler.read.urls import normalise
from tests.integration.hostile.running import inspect_address
from tests.integration.hostile.server import Exchange, HostileServer, Scene

PUBLIC, PUBLIC_TOO, PRIVATE, METADATA = "192.175.48.7", "192.175.48.8", "10.0.0.8", "169.254.169.254"
"""The public ones are of AS112 (RFC 7535), which IANA's registry calls globally reachable and nobody's site uses."""
HOSTS = f"127.0.0.1 localhost\n127.0.0.1 inner.yunxi.example\n{METADATA} meta.yunxi.example\n{PUBLIC_TOO} other.yunxi.example\n"


def furnish(folder: Path) -> None:
    """Addresses and names of the secluded network."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in (PUBLIC, PUBLIC_TOO, PRIVATE, METADATA):
        subprocess.run(["ip", "addr", "add", f"{address}/32", "dev", "lo"], check=True)
    names = folder / "hosts"
    names.write_text(HOSTS)
    subprocess.run(["mount", "--bind", str(names), "/etc/hosts"], check=True)


async def _away(x: Exchange) -> None:
    """Sends the visitor to the address that the query names."""
    await x.page("", "302 Found", f"Location: {x.query['to']}")


async def _refresh(x: Exchange) -> None:
    await x.page(f'<html><head><meta http-equiv="refresh" content="0;url={x.query["to"]}"></head></html>')


async def _secret(x: Exchange) -> None:
    await x.page("<html><body><p>内部资料</p></body></html>")


def main(folder: Path) -> None:
    """Plays, inspects, tells."""
    furnish(folder)
    with HostileServer() as server:
        port = server.port
        home = f"http://{PUBLIC}:{port}"
        inner = {
            "loopback": f"http://127.0.0.1:{port}/secret/loopback",
            "number": f"http://2130706433:{port}/secret/number",
            "six": f"http://[::1]:{port}/secret/six",
            "mapped": f"http://[::ffff:127.0.0.1]:{port}/secret/mapped",
            "metadata": f"http://{METADATA}:{port}/secret/metadata",
            "private": f"http://{PRIVATE}:{port}/secret/private",
            "name": f"http://inner.yunxi.example:{port}/secret/name",
            "meta-name": f"http://meta.yunxi.example:{port}/secret/meta-name",
            "localhost": f"http://localhost:{port}/secret/localhost",
        }
        tried = {
            **{f"link to {name}": url for name, url in inner.items()},
            **{f"redirect to {name}": f"{home}/away/?to={url}" for name, url in inner.items()},
            **{f"refresh to {name}": f"{home}/refresh/?to={url}" for name, url in inner.items()},
            **{f"off-site redirect to {name}": f"http://other.yunxi.example:{port}/away/?to={url}" for name, url in inner.items()},
            "document redirect": f"{home}/away/x.doc?to={inner['loopback']}",
            "redirect to a file": f"{home}/away/?to=file:///etc/passwd",
        }  # fmt: skip
        scene = Scene(
            tuple((url, name) for name, url in tried.items()),
            {"/away/": _away, "/refresh/": _refresh, "/secret/": _secret},
        )
        server.play(scene)
        left = inspect_address(server, f"{home}/", folder, allow_private=False)
        print(
            json.dumps(
                {
                    "exit_reason": left.row.exit_reason,
                    "healthy": sorted(left.healthy),
                    "ends": {
                        name: [(visit.outcome.value, visit.reason) for visit in left.visits.get(normalise(url), ())]
                        for name, url in tried.items()
                    },
                    "captured": [url for url in left.pages if "secret" in url],
                    "accused": sorted({problem or url for _, url, problem in left.accusations}),
                    "asked": dict(left.asked),
                }
            )
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
