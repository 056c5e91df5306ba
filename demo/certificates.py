"""The certificates of the city's sites under https, signed by an authority of its own and made anew at every start."""

from __future__ import annotations

import datetime as dt
import ssl
import tempfile
from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_DAYS = {"valid": (-30, 335), "expired": (-395, -30)}
"""From when to when a certificate is valid, in days from the real now: browsers know no monitoring time point."""


class Authority:
    """The city's certificate authority; `pem` is what has to be trusted beside the lists of browsers."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("砚江市示范证书机构（虚构）")
        self._own = self._signed(self._name, self._key, _DAYS["valid"], authority=True, hosts=())
        self.pem = self._own.public_bytes(serialization.Encoding.PEM)

    def context(self, host: str, kind: str) -> ssl.SSLContext:
        """What a server needs to serve a host under a `valid` or an `expired` certificate."""
        key = ec.generate_private_key(ec.SECP256R1())
        own = self._signed(_named(host), key, _DAYS[kind], authority=False, hosts=(host,))
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:  # the library takes files alone
            chain = Path(folder, "chain.pem")
            chain.write_bytes(own.public_bytes(serialization.Encoding.PEM) + secret)
            context.load_cert_chain(chain)
        return context

    def _signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        days: tuple[int, int],
        *,
        authority: bool,
        hosts: Iterable[str],
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + dt.timedelta(days=days[0]))
            .not_valid_after(now + dt.timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        names = [x509.DNSName(host) for host in hosts]
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self._key, hashes.SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
