"""Mail servers and webhooks on loopback: they take, refuse, hang, drip and break off."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography.hazmat.primitives import serialization

from tests.integration.probing.authority import Issued, issued

ROOT = issued("Test Root", authority=True)
HANGS_UP = b"(hangs up)"
"""For an answer of a `Speaker`: it closes the connection instead."""


class Mailbox:
    """What a mail server took. `refuse` are recipients that it does not know; `data_answer` what it says to a text."""

    def __init__(
        self,
        *,
        refuse: tuple[str, ...] = (),
        refusal: str = "450 busy, try again later",
        data_answer: str = "250 taken",
    ) -> None:
        self.refuse, self.refusal, self.data_answer = refuse, refusal, data_answer
        self.envelopes: list[Envelope] = []
        self.logins = 0

    @property
    def mails(self) -> list[EmailMessage]:
        found = [message_from_bytes(one.original_content or b"", policy=default) for one in self.envelopes]
        assert all(isinstance(one, EmailMessage) for one in found)
        return found  # the policy makes them so

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data_answer.startswith("250"):
            self.envelopes.append(envelope)
        return self.data_answer


def context_for(folder: Path, own: Issued | None = None) -> ssl.SSLContext:
    """A server's certificate, one for 127.0.0.1 under our test root; writes `roots.pem` beside."""
    own = own or issued("127.0.0.1", ROOT)
    key = own.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "mail.pem").write_bytes(own.pem() + key)
    (folder / "roots.pem").write_bytes(ROOT.pem())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "mail.pem")
    return context


@contextmanager
def mail_server(
    box: Mailbox, *, tls: ssl.SSLContext | None = None, implicit: bool = False, password: str = ""
) -> Iterator[int]:
    """A real SMTP server; with `tls` it wants STARTTLS, or speaks TLS from the first byte where `implicit`, with

    `password` the login `office`.
    """

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        box.logins += 1
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"office", password.encode())
        return AuthResult(success=good, handled=False)

    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=_free_port(),
        ssl_context=tls if implicit else None,
        tls_context=None if implicit else tls,
        require_starttls=tls is not None and not implicit,
        auth_required=bool(password),
        auth_require_tls=not implicit,  # it asks for STARTTLS alone
        authenticator=authenticate,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that does what `talk` says with each connection, in a thread of its own."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                one, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=_quietly, args=(talk, one), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def _quietly(talk: Callable[[socket.socket], None], one: socket.socket) -> None:
    with one:
        try:
            talk(one)
        except OSError:
            return


class Speaker:
    """A mail server that answers each command as it is told to and keeps every byte that it hears."""

    def __init__(
        self,
        answers: Mapping[bytes, bytes],
        *,
        greets: bytes = b"220 ready\r\n",
        offers: str = "",
        waits: Mapping[bytes, float] | None = None,
    ) -> None:
        self.waits = waits or {}
        self.answers = {b"EHLO": f"250-here\r\n250 {offers or 'SIZE'}\r\n".encode(), **answers}
        self.greets = greets
        self.heard = b""

    def __call__(self, one: socket.socket) -> None:
        one.sendall(self.greets)
        is_text = False
        for line in one.makefile("rb"):
            self.heard += line
            if is_text:
                is_text = line != b".\r\n"
                word = b"." if not is_text else b""
            else:
                word = line.split()[0].upper()
                is_text = word == b"DATA"
            if word:
                answer = self.answers.get(word, b"354 go on\r\n" if word == b"DATA" else b"250 OK\r\n")
                time.sleep(self.waits.get(word, 0.0))
                if answer == HANGS_UP:
                    return
                if not answer:
                    time.sleep(30)
                one.sendall(answer)


class Hook:
    """What a webhook was sent, and how it answers."""

    def __init__(self, status: int = 200, answer: object = None) -> None:
        self.status, self.answer = status, answer
        self.bodies: list[Any] = []
        self.paths: list[str] = []


@contextmanager
def webhook(hook: Hook, *, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A real HTTP server; its address with a key in it, as a robot's has."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.bodies.append(json.loads(body))
            hook.paths.append(self.path)
            answer = json.dumps(hook.answer).encode()
            self.send_response(hook.status)
            self.send_header("Content-Length", str(len(answer)))
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}/send?key=s3cr3t-key"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        port: int = one.getsockname()[1]
        return port
