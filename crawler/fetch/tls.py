"""The certificate of the host that a home page is served from, gathered at the end of a visit (availability.tls)."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

import certifi
import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import AuthorityInformationAccessOID
from msgspec.structs import replace
from OpenSSL import crypto
from service_identity import CertificateError, VerificationError
from service_identity.cryptography import verify_certificate_hostname, verify_certificate_ip_address

from crawler.clock import now
from crawler.facts import BEIJING, ChainFault, TlsFact
from crawler.fetch.handshake import NO_CHECK_TIME, Handshake, NoHandshake, handshake
from crawler.fetch.policy import AddressPolicy, literal
from crawler.fetch.received import receive

_SELF_SIGNED, _SELF_SIGNED_IN_CHAIN = 18, 19
_NO_ISSUER = frozenset({2, 20, 21})
"""X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT(_LOCALLY), …_VERIFY_LEAF_SIGNATURE: the chain as sent ends too soon."""
_DEEPEST = 3
_LARGEST = 65_536
_SECONDS = 20.0


async def certificate(
    policy: AddressPolicy, client: httpx.AsyncClient, url: str, *, gap: float, roots: str = ""
) -> TlsFact | None:
    """What a home page's https host shows; None for a page that is not served over https.

    Where something is amiss it is looked at twice, `gap` seconds apart, for several machines may answer for one name.
    `roots` is a file of certificates that are trusted beside Mozilla's list; `client` fetches an intermediate left out.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return None
    place = parts.hostname, parts.port or 443
    trusted = [certifi.where(), *filter(None, [roots])]
    first = await _look(policy, client, *place, trusted)
    if first.error or not _is_amiss(first):
        return first
    await asyncio.sleep(gap)
    second = await _look(policy, client, *place, trusted)
    if (second.sha256, second.fault, second.matches) != (first.sha256, first.fault, first.matches):
        return TlsFact(*place, first.at, error=second.error or "两次握手取得的证书不同，可能由多台服务器应答")
    return replace(first, looks=2)


def _is_amiss(fact: TlsFact) -> bool:
    in_time = (
        fact.not_before is not None and fact.not_after is not None and fact.not_before <= fact.at <= fact.not_after
    )
    return not in_time or not fact.matches or fact.fault is not ChainFault.NONE


async def _look(
    policy: AddressPolicy, client: httpx.AsyncClient, host: str, port: int, roots: Sequence[str]
) -> TlsFact:
    at = now()
    try:
        shaken = await handshake(policy, host, port, roots=roots, seconds=_SECONDS)
    except NoHandshake as why:
        return TlsFact(host, port, at, error=str(why))
    own = shaken.certificates[0]
    fault, note = await _fault(shaken, client, roots)
    return TlsFact(
        host=host,
        port=port,
        at=at,
        subject=own.subject.rfc4514_string(),
        issuer=own.issuer.rfc4514_string(),
        serial=f"{own.serial_number:x}",
        sha256=own.fingerprint(hashes.SHA256()).hex(),
        not_before=own.not_valid_before_utc.astimezone(BEIJING),
        not_after=own.not_valid_after_utc.astimezone(BEIJING),
        names=tuple(_names(own)),
        matches=_matches(own, host),
        fault=fault,
        note=note,
        protocol=shaken.protocol,
    )


def _names(own: x509.Certificate) -> Iterator[str]:
    try:
        found = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return
    yield from found.get_values_for_type(x509.DNSName)
    yield from (str(address) for address in found.get_values_for_type(x509.IPAddress))


def _matches(own: x509.Certificate, host: str) -> bool:
    address = literal(host)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a certificate without alternative names matches nothing, as in browsers
            if address is None:
                verify_certificate_hostname(own, host)
            else:
                verify_certificate_ip_address(own, str(address))
    except (VerificationError, CertificateError, ValueError):
        return False
    return True


async def _fault(shaken: Handshake, client: httpx.AsyncClient, roots: Sequence[str]) -> tuple[ChainFault, str]:
    numbers = [number for number, _ in shaken.errors]
    if not numbers:
        return ChainFault.NONE, ""
    if _SELF_SIGNED in numbers:
        return ChainFault.SELF_SIGNED, ""
    if _SELF_SIGNED_IN_CHAIN in numbers:
        return ChainFault.UNKNOWN_ROOT, ""
    if _NO_ISSUER.intersection(numbers):
        whole = await _completes(shaken.certificates, client, roots)
        return (ChainFault.INCOMPLETE if whole else ChainFault.UNKNOWN_ROOT), ""
    return ChainFault.OTHER, f"OpenSSL 校验结果 {'、'.join(str(number) for number in dict.fromkeys(numbers))}"


async def _completes(sent: tuple[x509.Certificate, ...], client: httpx.AsyncClient, roots: Sequence[str]) -> bool:
    """Whether the certificates that the sent ones name as their issuers lead to a trusted root."""
    chain = list(sent)
    for _ in range(_DEEPEST):
        top = _top(chain)
        fetched = [one for url in _issuers_of(top) for one in await _fetched(client, url)]
        if not fetched:
            return False
        chain += fetched
        if _is_trusted(chain, roots):
            return True
    return False


def _top(chain: list[x509.Certificate]) -> x509.Certificate:
    """The last certificate that is reached from the first over the names of issuers."""
    top, left = chain[0], list(chain[1:])
    while (above := next((one for one in left if one.subject == top.issuer), None)) is not None:
        top = above
        left.remove(above)
    return top


def _issuers_of(certificate: x509.Certificate) -> Iterator[str]:
    """Where a certificate says that its issuer's can be had (caIssuers)."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return
    for way in access:
        if way.access_method == AuthorityInformationAccessOID.CA_ISSUERS:
            location = way.access_location
            if isinstance(location, x509.UniformResourceIdentifier) and location.value.startswith("http"):
                yield location.value


async def _fetched(client: httpx.AsyncClient, url: str) -> list[x509.Certificate]:
    try:
        answer = await receive(client, url, most=_LARGEST, seconds=_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL):
        return []
    for read in (_one_der, _one_pem, pkcs7.load_der_pkcs7_certificates):
        try:
            return list(read(answer.body))
        except ValueError:
            continue
    return []


def _one_der(body: bytes) -> Iterable[x509.Certificate]:
    return [x509.load_der_x509_certificate(body)]


def _one_pem(body: bytes) -> Iterable[x509.Certificate]:
    return [x509.load_pem_x509_certificate(body)]


def _is_trusted(chain: list[x509.Certificate], roots: Sequence[str]) -> bool:
    store = crypto.X509Store()
    store.set_flags(NO_CHECK_TIME)
    for file in roots:
        store.load_locations(file)
    own, *others = (crypto.X509.from_cryptography(one) for one in chain)
    try:
        crypto.X509StoreContext(store, own, others).verify_certificate()
    except crypto.X509StoreContextError:
        return False
    return True
