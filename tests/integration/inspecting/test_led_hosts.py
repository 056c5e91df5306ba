"""A site under a name that no name server knows: the registry leads it to an address, and everyone who visits goes there."""

import json
from collections.abc import Iterator

import pytest

from tests.integration.inspecting.conftest import Xuncha, lines
from tests.integration.inspecting.living_site import LivingSite, living_site

NAME = "www.yunxi.example"
ARTICLES = range(1, 7)


@pytest.fixture
def site(xuncha: Xuncha) -> Iterator[LivingSite]:
    with living_site() as living:
        living.home = living.home.replace("127.0.0.1", NAME)
        for number in ARTICLES:
            living.article(number)
        living.lists(ARTICLES)
        del living.answers["/files/3.pdf"]
        (xuncha.folder / "r.yaml").write_text(living.registry() + f"hosts: [{NAME}=127.0.0.1]\n", "utf-8")
        yield living


def test_two_nights_and_a_probe_by_name(xuncha: Xuncha, site: LivingSite) -> None:
    words = ("inspect", "--registry", "r.yaml", "--allow-private", "--no-render", "--kind", "nightly", "--out")
    targets = []
    for out in ("first", "second"):
        xuncha(*words, out)
        told = json.loads((xuncha.folder / out / "run.json").read_text("utf-8"))["targets"]
        targets += [target for target in told if target["target_kind"] == "site"]
        found = [
            row["problem_url"] for row in lines(xuncha.folder / out / "findings.jsonl") if row["check"] == "link.broken"
        ]
        assert found == [f"{site.home}files/3.pdf"]
    assert [target["exit_reason"] for target in targets] == ["完成", "完成"]
    assert targets[1]["unchanged"] == len(ARTICLES) + 2, "what is asked over libcurl goes the same way"
    results = {row["check"]: row for row in lines(xuncha.folder / "first/results.jsonl")}
    assert f"域名 {NAME} 按台账登记的地址（127.0.0.1）访问" in results["link.broken"]["coverage"]["note"]
    assert results["identity.domain"]["state"] == "fail"
    assert results["availability.ipv6"]["state"] == "undetermined"
    probed = json.loads(xuncha("probe", "--registry", "r.yaml", "--once", "--allow-private", "--json").stdout)
    assert [(probe["url"], probe["outcome"]) for probe in probed["probes"]] == [(site.home, "ok")]


def test_an_address_behind_a_name_is_judged_like_any_other(xuncha: Xuncha, site: LivingSite) -> None:
    for words in (("inspect", "--no-render"), ("probe", "--once")):
        assert "--allow-private" in xuncha(*words, "--registry", "r.yaml", code=2).stderr
    assert site.asked() == []
