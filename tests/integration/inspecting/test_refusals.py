"""What cannot be done is said in one line with exit code 2, and nothing is written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.inspecting.conftest import Xuncha

GOOD = """units:
  - code: a
    name: 甲县人民政府
    kind: county
    sites:
      - {name: 甲县人民政府网, home_url: "http://www.a.example.gov.cn/", kind: portal}
"""


def test_a_wrong_registry_is_refused_whole(xuncha: Xuncha) -> None:
    (xuncha.folder / "台账.yaml").write_text(GOOD.replace("kind: county", "kind: castle"), "utf-8")
    done = xuncha("inspect", "--registry", "台账.yaml", code=2)
    assert "台账.yaml" in done.stderr and "第 4 行" in done.stderr and "castle" in done.stderr
    assert sorted(path.name for path in xuncha.folder.iterdir()) == ["台账.yaml"]


def test_a_missing_registry_is_said(xuncha: Xuncha) -> None:
    assert "不存在" in xuncha("inspect", "--registry", "无.yaml", code=2).stderr


def test_an_unknown_ruleset_lists_the_known_ones(xuncha: Xuncha) -> None:
    (xuncha.folder / "r.yaml").write_text(GOOD, "utf-8")
    done = xuncha("inspect", "--registry", "r.yaml", "--ruleset", "cn-1919", code=2)
    assert "cn-1919" in done.stderr and "cn-2019-website" in done.stderr
    assert not (xuncha.folder / "xuncha-data").exists()


def test_an_unknown_check_lists_the_known_ones(xuncha: Xuncha) -> None:
    done = xuncha("checks", "show", "link.dead", code=2)
    assert "link.dead" in done.stderr and "link.broken" in done.stderr


def test_an_unknown_unit_lists_the_known_ones(xuncha: Xuncha) -> None:
    (xuncha.folder / "r.yaml").write_text(GOOD, "utf-8")
    done = xuncha("inspect", "--registry", "r.yaml", "--units", "b", code=2)
    assert "b" in done.stderr and "a" in done.stderr


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/", "http://localhost/", "http://[::1]/", "http://2130706433/", "10.0.0.8"]
)
def test_private_addresses_are_refused(url: str, xuncha: Xuncha) -> None:
    done = xuncha("check", url, code=2)
    assert "--allow-private" in done.stderr
    assert list(xuncha.folder.iterdir()) == []


def test_private_addresses_of_a_registry_are_refused(xuncha: Xuncha, city: tuple[Path, Path]) -> None:
    done = xuncha("inspect", "--registry", str(city[0]), code=2)
    assert "--allow-private" in done.stderr
    assert list(xuncha.folder.iterdir()) == []


def test_a_wrong_time_is_refused(xuncha: Xuncha) -> None:
    assert "31 月" in xuncha("check", "http://www.a.example/", "--as-of", "31 月", code=2).stderr


def test_nothing_could_be_inspected(xuncha: Xuncha, narrowed: Callable[..., list[str]]) -> None:
    """A wrong address of an account's table ends that target alone."""
    table = xuncha.folder / "r.yaml"
    table.write_text(
        "units:\n  - code: a\n    name: 甲局\n    kind: department\n    accounts:\n"
        "      - {platform: wechat, name: 甲发布, platform_id: gh_a, source: {kind: table, path: 无.csv}}\n",
        "utf-8",
    )
    done = xuncha("accounts", "check", "--registry", "r.yaml", "--out", "out", code=3)
    assert "无.csv" in (xuncha.folder / "out/run.json").read_text("utf-8"), done.stdout
