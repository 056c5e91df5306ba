"""How the city's server speaks HTTP."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import httpx

from demo.city import City
from tests.integration.demo.conftest import PLACES


def home(city: City) -> str:
    return city.presses["qingyan"].site.home_url


def talk(city: City, request: bytes) -> bytes:
    parts = urlsplit(home(city))
    with socket.create_connection((PLACES[parts.hostname or ""], parts.port), timeout=10) as connection:
        connection.sendall(request)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    return received


def test_head_gives_the_headers_of_get(city: City, client: httpx.Client) -> None:
    for press in city.presses.values():
        got = client.get(press.site.home_url, headers={"Accept-Encoding": "identity"})
        head = client.head(press.site.home_url, headers={"Accept-Encoding": "identity"})
        assert head.content == b""
        for name in ("content-type", "content-length", "etag", "last-modified"):
            assert head.headers[name] == got.headers[name]


def test_an_unchanged_page_is_not_sent_again(city: City, client: httpx.Client) -> None:
    first = client.get(home(city))
    by_tag = client.get(home(city), headers={"If-None-Match": first.headers["etag"]})
    by_time = client.get(home(city), headers={"If-Modified-Since": first.headers["last-modified"]})
    assert (by_tag.status_code, by_time.status_code) == (304, 304)
    assert client.get(home(city), headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get(home(city), headers={"If-Modified-Since": "not a date"}).status_code == 200


def test_gzip_where_it_is_asked_for(city: City, client: httpx.Client) -> None:
    packed = client.get(home(city), headers={"Accept-Encoding": "gzip"})
    plain = client.get(home(city), headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert packed.num_bytes_downloaded < plain.num_bytes_downloaded


def test_requests_may_come_together_and_in_pieces(city: City) -> None:
    one = b"GET /robots.txt HTTP/1.1\r\nHost: a\r\n\r\n"
    last = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    received = talk(city, one + one + last)
    assert received.count(b"HTTP/1.1 404 Not Found") == 2
    assert received.count(b"HTTP/1.1 200 OK") == 1
    assert received.endswith(b"</html>")


def test_http_1_0_closes(city: City) -> None:
    assert b"Connection: close" in talk(city, b"GET / HTTP/1.0\r\n\r\n")


def test_a_posted_body_is_read_past(city: City) -> None:
    received = talk(
        city,
        b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloGET /favicon.ico HTTP/1.1\r\nConnection: close\r\n\r\n",
    )
    assert b"405 Method Not Allowed" in received
    assert b"image/svg+xml" in received


def test_a_walled_column_answers_with_a_challenge(city: City, client: httpx.Client) -> None:
    press = city.presses["touzi"]
    walled = [path for path, page in press.pages.items() if page.walled]
    assert len(walled) > 10
    response = client.get(press.site.address(walled[0]))
    assert response.status_code == 412
    assert "$_ts" in response.text
    assert "set-cookie" in response.headers
