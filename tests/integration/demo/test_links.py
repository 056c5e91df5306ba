"""An independent walk over everything the pages link to: what is dead is in the truth, and nothing else is."""

from __future__ import annotations

import json
from urllib.parse import quote, urljoin, urlsplit

import httpx
import pytest
from bs4 import BeautifulSoup

from demo.city import City
from demo.model import Article
from tests.integration.demo.conftest import opened_client, served

SOFT = "您访问的页面不存在或已被删除"


def links_of(body: bytes, charset: str, page: str) -> set[str]:
    """Absolute addresses of all that a visitor follows or sees; not what stands in comments and scripts."""
    soup = BeautifulSoup(body.decode(charset), "lxml")
    found = {str(tag[name]) for name in ("href", "src") for tag in soup.select(f"[{name}]")}
    wanted = {href for href in found if not href.startswith(("#", "javascript:", "mailto:"))}
    return {quote(urljoin(page, href).partition("#")[0], safe="%/:?&=+,;@~!*'()[]") for href in wanted}


def ending(client: httpx.Client, address: str) -> str:
    """dead, closed (a wall or a login) or open, after two tries and a GET."""
    for _ in range(2):
        try:
            response = client.get(address, follow_redirects=True)
        except httpx.TooManyRedirects:
            return "dead"
        except httpx.ConnectError:
            return "dead"
        if response.status_code in (401, 412):
            return "closed"
        if response.status_code == 200 and SOFT not in response.text:
            return "open"
    return "dead"


def test_dead_addresses_are_exactly_those_of_the_truth(city: City, client: httpx.Client) -> None:
    truth = json.loads(city.truth_path.read_text(encoding="utf-8"))
    seen: dict[str, set[str]] = {}
    for press in city.presses.values():
        for path, page in press.pages.items():
            address = press.site.address(path)
            if page.walled or path.startswith("/private/"):
                continue
            body = client.get(address).content
            for link in links_of(body, press.make.charset, address):
                seen.setdefault(link, set()).add(address)
    private = tuple(truth["never_visit"])
    known = {
        press.site.address(path)
        for press in city.presses.values()
        for path, page in press.pages.items()
        if not page.walled
    }
    endings = {link: ending(client, link) for link in seen if link not in known and not link.startswith(private)}

    rows = [row for row in truth["rows"] if row["check"] == "link.broken" and row.get("problem_url")]
    due = {row["problem_url"] for row in rows if row["expect"] == "fail"}
    dead = {link for link, how in endings.items() if how == "dead"}
    assert dead == due
    for row in rows:
        if row["problem_url"] in due:
            assert seen[row["problem_url"]] >= set(row["urls"]) - {row["target"]}, row
            assert row["url"] in seen[row["problem_url"]]
        elif row["problem_url"] in endings:
            assert endings[row["problem_url"]] == ("closed" if row["expect"] == "undetermined" else "open"), row


def test_addresses_in_comments_and_scripts_are_no_links(city: City, client: httpx.Client) -> None:
    hidden = [link for link in city.links if link.mention.kind in ("comment", "script")]
    assert len(hidden) == 2
    for link in hidden:
        assert link.expect == "pass"
        assert isinstance(link.holder, Article)
        page = city.presses[link.site.key].make.article(link.holder)
        address = link.site.address(page)
        body = client.get(address).content
        assert link.path.encode() in body
        assert link.address not in links_of(body, "utf-8", address)
        assert client.get(link.address).status_code == 404


def test_what_robots_disallows_was_linked_but_is_counted_when_visited(city: City, client: httpx.Client) -> None:
    site = city.presses["shuiwu"].site
    private = site.address("/private/index.htm")
    assert "private/index.htm" in client.get(site.address("/xxgk.htm")).text
    before = city.requests(private)
    client.get(private)
    assert city.requests(private) == before + 1
    assert city.requested(site)["/private/index.htm"] == before + 1


@pytest.mark.parametrize(("key", "first"), [("songxi", 503), ("touzi", 503)])
def test_a_flaky_address_fails_once(tmp_path_factory: pytest.TempPathFactory, key: str, first: int) -> None:
    with served(tmp_path_factory.mktemp("flaky")) as fresh, opened_client() as client:
        link = next(link for link in fresh.links if link.site.key == key and link.answer == "flaky")
        assert [client.get(link.address).status_code for _ in range(3)] == [first, 200, 200]
        if key == "songxi":
            busy = next(link for link in fresh.links if link.answer == "busy")
            refused = client.head(busy.address)
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
            assert client.get(busy.address).status_code == 200


def test_attachments_that_only_refuse_head(city: City, client: httpx.Client) -> None:
    links = [link for link in city.links if link.answer.startswith("head-")]
    assert len(links) >= 4
    for link in links:
        assert client.head(link.address).status_code == int(link.answer.removeprefix("head-"))
        response = client.get(link.address)
        assert response.status_code == 200
        assert "html" not in response.headers["content-type"]


def test_chinese_names_answer_in_either_encoding(city: City, client: httpx.Client) -> None:
    links = [link for link in city.links if any("一" <= sign <= "鿿" for sign in link.path)]
    assert len(links) >= 5
    for link in links:
        for encoding in ("utf-8", "gbk"):
            address = f"{link.address.partition('://')[0]}://{urlsplit(link.address).netloc}{quote(link.path, safe='/?=&', encoding=encoding)}"
            assert client.get(address).status_code == 200, address


def test_a_slow_page_is_slow_but_there(city: City, client: httpx.Client) -> None:
    link = next(link for link in city.links if link.answer == "slow")
    with pytest.raises(httpx.ReadTimeout):
        client.get(link.address, timeout=0.5)
    assert client.get(link.address).status_code == 200
