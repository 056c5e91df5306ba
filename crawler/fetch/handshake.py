"""One TLS handshake that refuses nothing: it brings the certificates a server sends and what the library says of them.

Whatever a certificate's faults, and however old the protocol, what was seen is told; who judges is not here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import httpx
from cryptography import x509
from msgspec import Struct
from OpenSSL import SSL, crypto

from crawler.fetch.policy import REFUSAL, AddressPolicy, AddressRefused, literal

NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME: whether a certificate is in time is judged by its dates."""
_PIECE = 65_536


class NoHandshake(Exception):
    """No certificate was had; the text says why, in Chinese."""


class Handshake(Struct, frozen=True):
    """The certificates as sent, the host's own first; `errors` are OpenSSL's verdicts as (number, depth)."""

    certificates: tuple[x509.Certificate, ...]
    errors: tuple[tuple[int, int], ...]
    protocol: str


async def handshake(policy: AddressPolicy, host: str, port: int, *, roots: Sequence[str], seconds: float) -> Handshake:
    """Shakes hands with a host. `roots` are files of trusted certificates. Raises NoHandshake."""
    errors: list[tuple[int, int]] = []
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await _connected(policy, host, port)
            try:
                connection = _connection(host, roots, errors)
                await _shaken(connection, reader, writer)
            finally:
                writer.close()
    except AddressRefused:
        raise NoHandshake(REFUSAL) from None
    except TimeoutError:
        raise NoHandshake(f"{seconds:g} 秒内未能建立加密连接") from None
    except SSL.Error as error:
        raise NoHandshake(_words(error)) from None
    except (OSError, httpx.ConnectError) as error:
        told = "域名无法解析" if isinstance(error, httpx.ConnectError) else "连接未能建立或中断"
        raise NoHandshake(told) from None
    sent = connection.get_peer_cert_chain(as_cryptography=True) or []
    if not sent:
        raise NoHandshake("对方没有出示证书")
    return Handshake(tuple(sent), tuple(errors), connection.get_protocol_version_name())


async def _connected(policy: AddressPolicy, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    address = literal(host)
    if address is not None and not policy.permits(host, (address,)):
        raise AddressRefused(REFUSAL)
    place = str(address) if address is not None else await policy.resolve(host, port)
    return await asyncio.open_connection(place, port)


def _connection(host: str, roots: Sequence[str], errors: list[tuple[int, int]]) -> SSL.Connection:
    """A client that takes every protocol and cipher the library still knows, and notes what verification says."""

    def note(_: SSL.Connection, certificate: crypto.X509, number: int, depth: int, ok: int) -> bool:
        if not ok:
            errors.append((number, depth))
        return True

    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(SSL.TLS1_VERSION)
    context.set_cipher_list(b"ALL:@SECLEVEL=0")
    context.set_options(SSL.OP_LEGACY_SERVER_CONNECT)
    for file in roots:
        context.load_verify_locations(file)
    store = context.get_cert_store()
    if store is not None:
        store.set_flags(NO_CHECK_TIME)
    context.set_verify(SSL.VERIFY_PEER, note)
    connection = SSL.Connection(context, None)
    connection.set_connect_state()
    if literal(host) is None:
        connection.set_tlsext_host_name(host.encode("ascii"))
    return connection


async def _shaken(connection: SSL.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        try:
            connection.do_handshake()
        except SSL.WantReadError:
            await _flush(connection, writer)
            data = await reader.read(_PIECE)
            if not data:
                raise ConnectionResetError("closed within the handshake") from None
            connection.bio_write(data)
        else:
            await _flush(connection, writer)
            return


async def _flush(connection: SSL.Connection, writer: asyncio.StreamWriter) -> None:
    while True:
        try:
            writer.write(connection.bio_read(_PIECE))
        except SSL.WantReadError:
            break
    await writer.drain()


def _words(error: SSL.Error) -> str:
    """What the library says, after what it means to a reader."""
    reasons = "、".join(str(part[-1]) for part in error.args[0] if part) if error.args else ""
    if "wrong version number" in reasons or "http request" in reasons or "packet length" in reasons:
        return f"对方端口上不是加密服务（{reasons}）"
    return f"与对方没有本机加密库支持的共同协议或算法，或对方拒绝握手（{reasons or '未说明原因'}）"
