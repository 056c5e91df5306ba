"""Certificates made for tests: a root, an intermediate, and servers of every fault, on free ports of loopback."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from msgspec import Struct

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)


class Issued(Struct, frozen=True):
    """A certificate with its key and the certificates above it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    above: tuple[x509.Certificate, ...] = ()

    def pem(self, *more: x509.Certificate) -> bytes:
        return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (self.certificate, *more))


def issued(
    name: str,
    by: Issued | None = None,
    *,
    hosts: tuple[str, ...] = ("127.0.0.1",),
    start: dt.datetime = NOW - 30 * DAY,
    end: dt.datetime = NOW + 90 * DAY,
    authority: bool = False,
    issuer_at: str = "",
) -> Issued:
    """A certificate signed by another, or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        names = [x509.IPAddress(ipaddress.ip_address(h)) if h[0].isdigit() else x509.DNSName(h) for h in hosts]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    if issuer_at:
        place = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(issuer_at)
        )
        builder = builder.add_extension(x509.AuthorityInformationAccess([place]), critical=False)
    above = (by.certificate, *by.above) if by else ()
    return Issued(builder.sign(by.key if by else key, hashes.SHA256()), key, above)


class _Page(BaseHTTPRequestHandler):
    body = "<html><title>云溪县人民政府</title><p>首页</p></html>".encode()
    kind = "text/html; charset=utf-8"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", self.kind)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(self.body)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A handshake that was broken off is what these tests are about."""


@contextmanager
def _running(server: ThreadingHTTPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def https(folder: Path, own: Issued, *sent: x509.Certificate, versions: str = "") -> Iterator[str]:
    """A server that shows this certificate and sends these with it; `versions` "old" speaks TLS 1.0 alone."""
    chain, key = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(own.pem(*sent))
    key.write_bytes(
        own.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if versions == "old":
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    if versions == "foreign":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("ECDHE-RSA-AES128-GCM-SHA256")  # a suite that a certificate of this kind can never use
    context.load_cert_chain(chain, key)
    server = _Server(("127.0.0.1", 0), _Page)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    with _running(server) as port:
        yield f"https://127.0.0.1:{port}/"


@contextmanager
def plain(body: bytes, kind: str = "application/pkix-cert") -> Iterator[str]:
    """A server without encryption that hands out these bytes."""
    page = type("Handed", (_Page,), {"body": body, "kind": kind})
    with _running(_Server(("127.0.0.1", 0), page)) as port:
        yield f"http://127.0.0.1:{port}/"
