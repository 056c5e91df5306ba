"""A relative redirect of a named host stays with the name: the address that was checked is only connected to."""

import asyncio
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from crawler.fetch.policy import AddressPolicy, GuardedTransport

NAME = "www.yunxi.example"


class _Moved(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(302 if self.path == "/moved" else 200)
        if self.path == "/moved":
            self.send_header("Location", "/page")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def test_a_relative_redirect_stays_with_the_name() -> None:
    async def asked(port: int) -> httpx.Response:
        transport = GuardedTransport(AddressPolicy(allow_private=True, hosts={NAME: ("127.0.0.1",)}))
        async with httpx.AsyncClient(transport=transport, trust_env=False, follow_redirects=True) as client:
            return await client.get(f"http://{NAME}:{port}/moved")

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Moved)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        port = server.server_address[1]
        answer = asyncio.run(asked(port))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert str(answer.url) == f"http://{NAME}:{port}/page"
    assert [str(hop.url) for hop in answer.history] == [f"http://{NAME}:{port}/moved"]
