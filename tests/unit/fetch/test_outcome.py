"""The classifier's precedence, response by response and exception by exception."""

import httpx
import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from crawler.facts import FAILURES, Outcome
from crawler.fetch.outcome import of_exception, of_response
from crawler.fetch.policy import REFUSAL, AddressRefused

HOME = "http://www.a.example/"


def _outcome(status: int, *, body: bytes = b"<html>", final: str = "", **headers: str) -> Outcome:
    requested = "http://www.a.example/x.html"
    return of_response(
        status=status,
        headers={key.replace("_", "-"): value for key, value in headers.items()},
        body=body,
        requested=requested,
        final=final or requested,
        home=HOME,
        own_hosts=frozenset({"www.a.example"}),
    ).outcome


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.OK),
        (206, Outcome.OK),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (500, Outcome.SERVER_ERROR),
        (503, Outcome.SERVER_ERROR),
        (401, Outcome.LOGIN_REQUIRED),
        (400, Outcome.CLIENT_ERROR),
        (405, Outcome.CLIENT_ERROR),
        (403, Outcome.BLOCKED),
        (412, Outcome.BLOCKED),
        (418, Outcome.BLOCKED),
        (429, Outcome.BLOCKED),
        (432, Outcome.BLOCKED),
        (521, Outcome.BLOCKED),
    ],
)
def test_statuses(status: int, outcome: Outcome) -> None:
    assert _outcome(status) is outcome


@pytest.mark.parametrize(
    "body",
    [
        b"<script>document.cookie='__jsl_clearance=1'</script>",
        b"<script>$_ts=window['$_ts'];</script>",
        "<title>网站安全狗</title>".encode("gb18030"),
        "您的访问被拦截".encode(),
    ],
)
@pytest.mark.parametrize("status", [200, 404, 503])
def test_a_firewall_page_is_blocked_whatever_its_status(body: bytes, status: int) -> None:
    assert _outcome(status, body=body) is Outcome.BLOCKED


def test_an_article_about_firewalls_is_a_page() -> None:
    article = ("<html><p>" + "防护知识：__jsl_clearance 是什么。" * 2000 + "</p></html>").encode()
    assert _outcome(200, body=article) is Outcome.OK


def test_a_header_mark_blocks() -> None:
    assert _outcome(503, cf_mitigated="challenge") is Outcome.BLOCKED


def test_landing_places() -> None:
    assert _outcome(200, final=HOME) is Outcome.REDIRECTED
    assert _outcome(200, final="http://elsewhere.example/") is Outcome.REDIRECTED
    assert _outcome(200, final="http://www.a.example/y.html") is Outcome.OK
    assert _outcome(200, final="http://www.a.example/login.jsp") is Outcome.LOGIN_REQUIRED


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (CannotResolveHostError("x"), Outcome.DNS_FAILED),
        (DownloadConnectionRefusedError("x"), Outcome.REFUSED),
        (DownloadTimeoutError("x"), Outcome.TIMEOUT),
        (DownloadCancelledError("x"), Outcome.TOO_LARGE),
        (ResponseDataLossError("x"), Outcome.RESET),
        (DownloadFailedError("connection lost"), Outcome.RESET),
        (DownloadFailedError("[('SSL routines', '', 'certificate verify failed')]"), Outcome.TLS_FAILED),
        (IgnoreRequest("max redirections reached"), Outcome.REDIRECT_LOOP),
        (IgnoreRequest(REFUSAL), Outcome.NOT_VISITED),
        (AddressRefused(REFUSAL), Outcome.NOT_VISITED),
        (httpx.ConnectTimeout("x"), Outcome.TIMEOUT),
        (httpx.ConnectError("name resolution failed: x"), Outcome.DNS_FAILED),
        (httpx.ConnectError("All connection attempts failed"), Outcome.REFUSED),
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]"), Outcome.TLS_FAILED),
        (httpx.ReadError("x"), Outcome.RESET),
        (httpx.RemoteProtocolError("Server disconnected without sending a response."), Outcome.RESET),
        (httpx.RemoteProtocolError("peer closed connection without sending complete message body"), Outcome.UNREAD),
        (httpx.RemoteProtocolError("illegal status line"), Outcome.UNREAD),
        (httpx.PoolTimeout("x"), Outcome.NOT_VISITED),
        (IgnoreRequest("its body exceeded DOWNLOAD_MAXSIZE (9 B) during decompression."), Outcome.TOO_LARGE),
        (httpx.TooManyRedirects("x"), Outcome.REDIRECT_LOOP),
        (ValueError("a bug of ours"), Outcome.NOT_VISITED),
    ],
)
def test_exceptions(error: Exception, outcome: Outcome) -> None:
    assert of_exception(error).outcome is outcome


def test_blocked_and_login_are_never_failures() -> None:
    assert not FAILURES & {
        Outcome.BLOCKED,
        Outcome.LOGIN_REQUIRED,
        Outcome.OWN_NETWORK,
        Outcome.CLIENT_ERROR,
        Outcome.TOO_LARGE,
        Outcome.UNREAD,
        Outcome.NOT_VISITED,
        Outcome.EMPTY_SHELL,
    }
