"""Sites of a few pages, served on free ports of loopback for as long as a test looks at them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from crawler.fetch.browser import system_chromium
from tests.integration.inspecting.conftest import Xuncha
from tests.integration.rendering.pages import AS_OF

Answer = tuple[int, dict[str, str], bytes]
Serve = Callable[..., "Served"]


class Served:
    """A running site: its address and every request it was asked, as (method, path, headers)."""

    def __init__(self, server: ThreadingHTTPServer, asked: list[tuple[str, str, dict[str, str]]]) -> None:
        self.port = server.server_address[1]
        self.home = f"http://127.0.0.1:{self.port}/"
        self.asked = asked

    def count(self, path: str, method: str = "GET") -> int:
        """How often a path was asked for."""
        return sum(asked[:2] == (method, path) for asked in self.asked)


@contextmanager
def serving(
    pages: Mapping[str, str | bytes | Answer], answer: Callable[[str, Mapping[str, str]], Answer | None] | None = None
) -> Iterator[Served]:
    """Serves pages by path (with query); `answer` may answer first by path and headers. All else is 404."""
    asked: list[tuple[str, str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.command, self.path, dict(self.headers)))
            found = answer(self.path, self.headers) if answer else None  # type: ignore[arg-type]
            status, headers, body = found or _answer(pages.get(self.path))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Silent: tests read `asked`."""

        def handle(self) -> None:
            with suppress(ConnectionError):  # a killed browser leaves in the middle of a word
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Served(server, asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(page: str | bytes | Answer | None) -> Answer:
    if page is None:
        return 404, {"Content-Type": "text/html; charset=utf-8"}, "<title>404</title><p>页面不存在</p>".encode()
    if isinstance(page, tuple):
        return page
    body = page.encode() if isinstance(page, str) else page
    kind = "text/html" if body.lstrip().startswith(b"<") else "application/javascript"
    return 200, {"Content-Type": f"{kind}; charset=utf-8"}, body


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts sites that run until the test ends."""
    with ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(serving(*args, **options))


@pytest.fixture(autouse=True, scope="session")
def _needs_a_browser() -> None:
    if system_chromium() is None:
        pytest.skip("no Chromium on this machine")


def inspected(folder: Path, site: Mapping[str, str], *words: str, out: str = "out", **variables: str) -> Path:
    """The outbox of an inspection of a site of these pages, as of the day they were written for.

    `variables` are set in the environment of the command.
    """
    with serving(site) as served:
        registry = (
            "units:\n  - code: a\n    name: 云溪县人民政府\n    kind: county\n    sites:\n"
            f"      - {{name: 云溪县人民政府, home_url: '{served.home}', kind: portal, pace: {{interval: 0, connections: 8}}}}\n"
            f"canaries: ['{served.home}']\n"
        )
        (folder / "r.yaml").write_text(registry, "utf-8")
        said = ["inspect", "--registry", "r.yaml", "--allow-private", "--as-of", f"{AS_OF} 17:00", "--out", out]
        Xuncha(folder, **variables)(*said, *words)
    return folder / out
