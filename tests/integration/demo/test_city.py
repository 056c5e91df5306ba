"""The city's files: registry and ground truth; and that two cities are the same."""

from __future__ import annotations

import json
import socket
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import yaml

from demo.city import City
from demo.content import table
from demo.model import AS_OF, Shape
from demo.press import Press
from demo.site_plan import hosts, plan_city
from demo.truth import SITE_CHECKS
from tests.integration.demo.conftest import PLACES, opened_client, served


def truth_of(city: City) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(city.truth_path.read_text(encoding="utf-8"))
    return loaded


def test_the_registry_names_every_site(city: City, client: httpx.Client) -> None:
    registry = yaml.safe_load(city.registry_path.read_text(encoding="utf-8"))
    assert datetime.fromisoformat(registry["as_of"]) == AS_OF
    assert len(registry["units"]) == 6
    assert {"code", "name", "kind", "requires", "sites", "accounts"} <= set(registry["units"][0])
    sites = [site for unit in registry["units"] for site in unit["sites"]]
    assert len(sites) == 8
    assert len({site["site_code"] for site in sites}) == 8
    assert all(len(site["site_code"]) == 10 for site in sites)
    assert all(site["pace"] == {"interval": 0, "connections": 8} for site in sites)
    led = {led.partition("=")[0] for led in registry["hosts"]}
    for site in sites:
        host = urlsplit(site["home_url"]).hostname
        assert host.startswith("127.0.0.") or host in led
        assert host.endswith(("-demo.gov.cn", ".example")) == (host in led)
    assert all(led.partition("=")[2].startswith("127.0.0.") or led.endswith("=::1") for led in registry["hosts"])
    *plain, named = registry["canaries"]
    assert len(plain) == 3
    for canary in plain:
        assert client.get(canary).status_code == 200
    assert urlsplit(named).hostname in led
    assert sum(len(unit["accounts"]) for unit in registry["units"]) >= 10


def test_the_down_site_refuses(city: City) -> None:
    down = next(site for site in city.sites if site.down)
    with socket.socket() as probe:
        assert probe.connect_ex((down.place, down.port)) != 0


def test_truth_names_pages_that_are_served(city: City, client: httpx.Client) -> None:
    known = {press.site.address(path) for press in city.presses.values() for path in press.pages}
    targets = {site.home_url for site in city.sites}
    down = {site.home_url for site in city.sites if site.down}
    for row in truth_of(city)["rows"]:
        if row["check"].startswith("account."):
            assert row["target"]
            continue
        assert row["target"] in targets
        assert row["check"] in SITE_CHECKS
        assert row["expect"] in ("fail", "needs-review", "pass", "undetermined", "not-applicable")
        assert row["match"] in ("url", "problem", "quote", "target")
        assert row["why"]
        assert row["match"] != "problem" or row["problem_url"]
        assert row["match"] != "quote" or row["quote"]
        if row["target"] not in down:
            assert {row["url"], *row.get("urls", ())} <= known, row


def test_every_check_has_a_fault_and_a_healthy_twin(city: City) -> None:
    rows = truth_of(city)["rows"]
    faults = Counter(row["check"] for row in rows if row["expect"] in ("fail", "needs-review"))
    healthy = Counter(row["check"] for row in rows if row["expect"] == "pass")
    # no city that is inspected once can show a forged date: tests/integration/inspecting/test_forged_dates.py does
    none_planted = ("disclosure.leaders-missing", "update.date-forged")
    for check in SITE_CHECKS:
        assert check in none_planted or faults[check] >= 1, check
        assert check == "availability.unreachable" or healthy[check] >= 1, check


def test_faults_of_the_truth_are_those_the_plan_meant(city: City) -> None:
    """The truth works out what is stale, empty and undated; the plan's `plant` marks say what was meant to be."""
    rows = [row for row in truth_of(city)["rows"] if row["expect"] == "fail"]
    for check in ("update.column-stale", "update.column-empty"):
        told = {row["url"] for row in rows if row["check"] == check}
        meant = {
            press.site.address(press.make.column(column))
            for press in city.presses.values()
            for column in press.site.walk()
            if column.plant == check or (check == "update.column-stale" and column.kind == "undated-topic")
        }
        assert told == meant
    undated = {row["target"] for row in rows if row["check"] == "update.date-missing"}
    assert undated == {city.presses[key].site.home_url for key in ("caiyun", "shuiwu")}


def test_limits_are_missed_by_a_wide_margin(city: City) -> None:
    """No column stands so near its limit that another way of counting months would change the truth."""
    months = {2: (59, 62), 3: (89, 92), 6: (181, 184), 12: (365, 366)}
    limits = {
        "news": (14,),
        "notice": (*months[6], *months[12]),
        "policy": (*months[6], *months[12]),
        "interpretation": months[6],
        "service-statistics": months[3],
        "letters": months[2],
    }
    for press in city.presses.values():
        for column in press.site.walk():
            ages = [(AS_OF.date() - article.published.date()).days for article in column.articles if article.dated]
            if ages and column.shape is Shape.LIST:
                for limit in limits.get(column.kind, months[12]):
                    assert abs(min(ages) - limit) >= 3, (press.site.key, column.name, min(ages))


def test_articles_that_show_no_time_do_not_tell_one_in_their_text(city: City) -> None:
    undated = [a for press in city.presses.values() for a in press.site.articles() if not a.dated]
    assert len(undated) == 10
    for article in undated:
        text = article.title + "".join(article.paragraphs)
        assert not any(sign in text for sign in ("年1", "月1", "月2", "20", "日，"))


def test_titles_are_told_apart_within_a_site(city: City) -> None:
    for press in city.presses.values():
        titles = [article.title for article in press.site.articles()]
        assert len(titles) == len(set(titles))


def test_no_site_hints_at_what_it_lacks(city: City, client: httpx.Client) -> None:
    """The words of a missing entry stand nowhere on the site, so that "missing" is true in every reading."""
    for key, words in (
        ("shuiwu", "公开指南"),
        ("caiyun", "依申请公开"),
        ("songxi", "网站地图"),
        ("songxi", "网站找错"),
    ):
        press = city.presses[key]
        for path in press.pages:
            text = client.get(press.site.address(path)).content.decode(press.make.charset)
            assert words not in text, (key, path)


def test_two_generations_are_the_same_bytes() -> None:
    def printed() -> dict[str, tuple[int, bytes]]:
        sites, around = plan_city(8100), hosts(8100)
        presses = [Press(site, sites, around) for site in sites if not site.down]
        return {
            press.site.address(path): (answer.status, answer.body)
            for press in presses
            for path, answer in press.answers().items()
        }

    assert printed() == printed()


def test_a_second_city_takes_another_port(city: City, tmp_path: Path) -> None:
    with served(tmp_path / "other") as other:
        assert other.port != city.port
        with opened_client() as client:
            response = client.get(other.presses["qingyan"].site.home_url)
        assert response.status_code == 200


def test_the_wanted_port_is_left_where_it_is_taken(city: City, tmp_path: Path) -> None:
    import asyncio

    async def start() -> int:
        second = City(tmp_path / "second", city.port)
        await second.start()
        await second.stop()
        return second.port

    assert asyncio.run(start()) not in (0, city.port)


def test_names_are_fictional_and_hosts_are_loopback(city: City, client: httpx.Client) -> None:
    """No page leads out of this machine."""
    for press in city.presses.values():
        for path in press.pages:
            text = client.get(press.site.address(path)).content.decode(press.make.charset)
            for piece in text.split('href="http')[1:] + text.split('src="http')[1:]:
                host = urlsplit("http" + piece.partition('"')[0]).hostname or ""
                assert host.startswith("127.0.0.") or host in (*PLACES, "localhost"), piece[:80]
    assert table("city")["city"] == "砚江市"
