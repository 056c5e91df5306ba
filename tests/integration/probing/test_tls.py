"""Certificates as real servers show them: what is told of each, and what an inspection makes of one."""

from __future__ import annotations

import asyncio
import warnings
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from checks.model import State
from checks.runner import run
from crawler.facts import ChainFault, Site, TlsFact
from crawler.fetch.client import visiting_client
from crawler.fetch.limits import Limits
from crawler.fetch.policy import AddressPolicy
from crawler.fetch.tls import certificate
from tests.integration.inspecting.conftest import Xuncha, lines
from tests.integration.inspecting.test_own_network import closed_port
from tests.integration.probing.authority import DAY, NOW, Issued, https, issued, plain
from tests.unit.checks.sites import site

ROOT = issued("Test Root", authority=True)
MIDDLE = issued("Test Intermediate", ROOT, authority=True)


@pytest.fixture
def roots(tmp_path: Path) -> str:
    """A list of trusted roots that holds the test's own."""
    path = tmp_path / "roots.pem"
    path.write_bytes(ROOT.pem())
    return str(path)


def seen(url: str, roots: str) -> TlsFact:
    async def look() -> TlsFact | None:
        policy = AddressPolicy(allow_private=True)
        async with visiting_client(policy, Limits()) as client:
            return await certificate(policy, client, url, gap=0.01, roots=roots)

    fact = asyncio.run(look())
    assert fact is not None
    return fact


def state_of(fact: TlsFact, url: str) -> State:
    (result,) = run(site(site=Site("a", "甲", url), tls=fact), checks={"availability.tls"})
    return result.state


def test_a_sound_certificate(tmp_path: Path, roots: str) -> None:
    own = issued("good", MIDDLE)
    with https(tmp_path, own, MIDDLE.certificate) as url:
        fact = seen(url, roots)
    assert (fact.error, fact.fault, fact.matches, fact.looks) == ("", ChainFault.NONE, True, 1)
    assert (fact.subject, fact.issuer, fact.names) == ("CN=good", "CN=Test Intermediate", ("127.0.0.1",))
    assert state_of(fact, url) is State.PASS


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (issued("a", ROOT, end=NOW - DAY), "证书已过期"),
        (issued("b", ROOT, start=NOW + DAY), "证书尚未生效"),
        (issued("c", ROOT, hosts=("www.songxi.gov.cn", "*.songxi.gov.cn")), "证书域名不符"),
        (issued("d"), "自签名证书"),
        (issued("e", end=NOW - DAY), "自签名证书"),
    ],
)
def test_faults_are_told_by_their_kind(tmp_path: Path, roots: str, own: Issued, words: str) -> None:
    with https(tmp_path, own) as url:
        fact = seen(url, roots)
    (result,) = run(site(site=Site("a", "甲", url), tls=fact), checks={"availability.tls"})
    assert result.state is State.FAIL and fact.looks == 2
    assert words in [stamped.finding.quote for stamped in result.findings]
    if own.certificate.subject.rfc4514_string() != "CN=e":
        assert len(result.findings) == 1


def test_an_intermediate_left_out_is_proved_by_fetching_it(tmp_path: Path, roots: str) -> None:
    with plain(MIDDLE.certificate.public_bytes(serialization.Encoding.DER)) as place:
        with https(tmp_path, issued("short", MIDDLE, issuer_at=place)) as url:
            fact = seen(url, roots)
        with https(tmp_path, issued("short", MIDDLE, issuer_at=place, end=NOW - DAY)) as url:
            late = seen(url, roots)
    assert (fact.fault, state_of(fact, url)) == (ChainFault.INCOMPLETE, State.FAIL)
    assert late.fault is ChainFault.INCOMPLETE


def test_an_issuer_that_cannot_be_had_is_for_a_person(tmp_path: Path, roots: str) -> None:
    stranger = issued("Other Root", authority=True)
    with https(tmp_path, issued("short", MIDDLE)) as url:
        without = seen(url, roots)
    with https(tmp_path, issued("foreign", stranger), stranger.certificate) as url:
        foreign = seen(url, roots)
    with plain(b"<html>404</html>") as place, https(tmp_path, issued("x", MIDDLE, issuer_at=place)) as url:
        nothing = seen(url, roots)
    for fact in (without, foreign, nothing):
        assert (fact.fault, state_of(fact, url)) == (ChainFault.UNKNOWN_ROOT, State.NEEDS_REVIEW)


def test_an_old_protocol_is_no_expired_certificate(tmp_path: Path, roots: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with https(tmp_path, issued("old", ROOT), versions="old") as url:
            fact = seen(url, roots)
    assert state_of(fact, url) in (State.PASS, State.UNDETERMINED)
    assert fact.protocol == "TLSv1" if not fact.error else "本机加密库" in fact.error


def test_no_handshake_says_why(tmp_path: Path, roots: str) -> None:
    with https(tmp_path, issued("odd", ROOT), versions="foreign") as url:
        odd = seen(url, roots)
    with plain(b"hello") as url:
        bare = seen(url.replace("http:", "https:"), roots)
    with closed_port() as port:
        closed = seen(f"https://127.0.0.1:{port}/", roots)
    assert "本机加密库" in odd.error and "不是加密服务" in bare.error and "未能建立" in closed.error
    assert {state_of(fact, "https://127.0.0.1/") for fact in (odd, bare, closed)} == {State.UNDETERMINED}


def test_a_private_host_is_refused_by_the_policy(tmp_path: Path, roots: str) -> None:
    async def look(url: str) -> TlsFact | None:
        policy = AddressPolicy(allow_private=False)
        async with visiting_client(policy, Limits()) as client:
            return await certificate(policy, client, url, gap=0, roots=roots)

    with https(tmp_path, issued("good", ROOT)) as url:
        fact = asyncio.run(look(url))
    assert fact is not None and "内网" in fact.error
    assert asyncio.run(look("http://127.0.0.1/")) is None


def test_an_inspection_tells_of_a_self_signed_certificate(tmp_path: Path) -> None:
    with https(tmp_path, issued("self")) as home, plain(b"canary", "text/plain") as canary:
        registry = (
            f"canaries: ['{canary}']\nunits:\n  - code: a\n    name: 甲局\n    sites:\n"
            f"      - {{name: 甲局网站, home_url: '{home}', pace: {{interval: 0, connections: 8}}}}\n"
        )
        (tmp_path / "r.yaml").write_text(registry, "utf-8")
        Xuncha(tmp_path)("inspect", "--registry", "r.yaml", "--allow-private", "--no-render", "--out", "out")
    (finding,) = [row for row in lines(tmp_path / "out/findings.jsonl") if row["check"] == "availability.tls"]
    assert (finding["state"], finding["quote"], finding["confirmations"]) == ("fail", "自签名证书", 2)
    assert len(finding["observed"]["sha256"]) == 64
