"""The same registry in YAML, XLSX and CSV is the same registry."""

from __future__ import annotations

import contextlib
from datetime import date, datetime
from pathlib import Path

import pytest

from crawler.facts import BEIJING, Account, AccountSourceSpec, ColumnOverride, Maintenance, Pace, Site, Unit
from scheduler.registry import load
from tests.unit.registry.offices import (
    ACCOUNTS,
    SETTINGS,
    SHEETS,
    SITES,
    UNITS,
    YAML,
    Table,
    write_csv,
    write_xlsx,
    write_yaml,
)


def units_in(folder: Path) -> tuple[Unit, ...]:
    county = Unit(
        code="yunxi-county",
        name="云溪县人民政府",
        kind="county",
        contact="政务公开科",
        requires=("site", "wechat", "weibo"),
        supervises=True,
        sites=(
            Site(
                unit="yunxi-county",
                name="云溪县人民政府网",
                home_url="http://127.0.0.11:8100/",
                site_code="6109990001",
                kind="portal",
                aliases=("a.yunxi.example", "b.yunxi.example:8080"),
                opened=date(2016, 5, 1),
                pace=Pace(interval=0.2, connections=4),
                columns=(
                    ColumnOverride("http://127.0.0.11:8100/xxgk/zcwj/", "政策文件", "policy-document"),
                    ColumnOverride("http://127.0.0.11:8100/xwzx/", "云溪动态"),
                ),
                maintenance=(
                    Maintenance(
                        datetime(2026, 10, 30, tzinfo=BEIJING),
                        datetime(2026, 10, 31, 23, 59, 59, tzinfo=BEIJING),
                        "机房搬迁",
                    ),
                    Maintenance(
                        datetime(2026, 10, 28, 22, tzinfo=BEIJING), datetime(2026, 10, 29, 6, 30, tzinfo=BEIJING)
                    ),
                ),
            ),
        ),
        accounts=(
            Account(
                unit="yunxi-county",
                platform="wechat",
                name="云溪发布",
                platform_id="gh_yunxi01",
                subject="云溪县人民政府办公室",
                source=AccountSourceSpec("feed", {"url": "http://127.0.0.11:8201/1.json"}),
            ),
            Account(
                unit="yunxi-county",
                platform="weibo",
                name="云溪发布",
                platform_id="5500000001",
                source=AccountSourceSpec("weibo-mobile", {"base_url": "http://127.0.0.11:8202/"}),
            ),
        ),
    )
    bureau = Unit(
        code="610900",
        name="云溪市水务局",
        parent="云溪市人民政府",
        sites=(
            Site(
                unit="610900",
                name="云溪市水务局网",
                home_url="https://water.yunxi.example/index.html",
                site_code="bm64130001",
                status="offline-temporary",
                ignore_robots=True,
            ),
        ),
        accounts=(
            Account(
                unit="610900",
                platform="weibo",
                name="云溪水务",
                platform_id="5500000002",
                status="closed",
                source=AccountSourceSpec("table", {"path": str(folder / "export/posts.csv")}),
            ),
            Account(unit="610900", platform="douyin", name="云溪水务", platform_id="0055012"),
        ),
    )
    return county, bureau


def write(folder: Path, form: str) -> Path:
    match form:
        case "yaml":
            return write_yaml(folder, YAML)
        case "yaml-gb18030":
            path = folder / "台账.yml"
            path.write_text(YAML, "gb18030")
            return path
        case "xlsx":
            return write_xlsx(folder, SHEETS)
        case "csv-folder":
            return write_csv(folder, SHEETS)
        case "csv-file":
            return write_csv(folder, SHEETS, "utf-8") / "网站.csv"
        case _:
            return write_csv(folder, SHEETS, "gb18030")


@pytest.mark.parametrize("form", ["yaml", "yaml-gb18030", "xlsx", "csv-folder", "csv-file", "csv-gb18030"])
def test_every_format_gives_the_same_registry(tmp_path: Path, form: str) -> None:
    (tmp_path / "yaml").mkdir()
    registry = load(write(tmp_path, form))
    assert registry.units == units_in(tmp_path)
    assert registry.canaries == ("http://canary.example/", "http://other.example/")
    assert registry.as_of == datetime(2026, 11, 1, 18, tzinfo=BEIJING)
    assert registry.digest == load(write(tmp_path / "yaml", "yaml")).digest


@pytest.mark.parametrize("form", ["yaml", "xlsx", "csv"])
def test_a_name_may_be_led_to_addresses_and_is_here_where_they_are(tmp_path: Path, form: str) -> None:
    name = "water.yunxi.example"
    if form == "yaml":
        led = f"hosts: [{name}=127.0.0.5, 'WATER.yunxi.example=::1', other.example=10.0.0.1]\n"
        path = write_yaml(tmp_path, led + YAML.replace("http://127.0.0.11:8100\n", f"http://{name}:8100\n"))
    else:
        moved = {"http://127.0.0.11:8100/": f"http://{name}:8100/", "http://127.0.0.11:8100": f"http://{name}:8100"}
        sheets: dict[str, Table] = {
            key: [[moved.get(str(c), c) for c in row] for row in rows] for key, rows in SHEETS.items()
        }
        led_rows = [("域名指向", f"{name}=127.0.0.5、{name}=::1"), ("接入地址", "other.example=10.0.0.1")]
        sheets["设置"] = [*SETTINGS, *led_rows]
        path = write_xlsx(tmp_path, sheets) if form == "xlsx" else write_csv(tmp_path, sheets)
    registry = load(path)
    assert registry.hosts == {name: ("127.0.0.5", "::1"), "other.example": ("10.0.0.1",)}
    assert Pace(0.2, 4) in [site.pace for unit in registry.units for site in unit.sites]  # as fast as loopback may be
    assert registry.digest != load(write(tmp_path, "yaml")).digest


def test_english_names_and_headings_are_accepted(tmp_path: Path) -> None:
    tables = {
        "units": (("code", "name", "kind"), *((row[0], row[1], row[2]) for row in UNITS[1:])),
        "sites": (
            ("unit", "name", "home_url", "pace.interval", "Pace_Connections"),
            *((*row[:3], *row[9:]) for row in SITES[1:]),
        ),
        "accounts": (("unit", "platform", "name", "platform_id"), *(row[:4] for row in ACCOUNTS[1:])),
        "settings": (("key", "value"), ("canaries", "http://canary.example/"), ("as_of", "2026-11-01")),
    }
    (tmp_path / "csv").mkdir()
    from_book = load(write_xlsx(tmp_path, tables))
    from_files = load(write_csv(tmp_path / "csv", tables))
    assert from_book.units == from_files.units
    assert [unit.kind for unit in from_book.units] == ["county", "department"]
    assert from_book.units[0].sites[0].pace == Pace(0.2, 4)
    assert from_book.as_of == datetime(2026, 11, 1, 23, 59, 59, tzinfo=BEIJING)


def test_a_title_above_the_headings_blank_rows_and_spare_sheets_are_left_alone(tmp_path: Path) -> None:
    blank: list[object] = [None] * len(UNITS[0])
    tables: dict[str, Table] = {
        "封面": [["云溪市政府网站台账"]],
        "网站统计": [["县区", 13]],
        **SHEETS,
        "单位": [["云溪市单位名录"], blank, *UNITS[:2], blank, ["", "  ", None], *UNITS[2:], *[blank] * 50],
    }
    assert load(write_xlsx(tmp_path, tables)).units == units_in(tmp_path)


def test_whole_numbers_in_cells_are_taken_where_no_digit_can_be_lost(tmp_path: Path) -> None:
    units = [UNITS[0], UNITS[1], [610900, *UNITS[2][1:]]]
    sites = [
        SITES[0],
        [*SITES[1][:3], 6109990001, *SITES[1][4:7], date(2016, 5, 1), False, 0.2, 4],
        [610900.0, *SITES[2][1:]],
    ]
    accounts = [*ACCOUNTS[:2], [*ACCOUNTS[2][:3], 5500000001, *ACCOUNTS[2][4:]], *ACCOUNTS[3:]]
    settings = [*SETTINGS[:3], ["监测时间点", datetime(2026, 11, 1, 18)]]  # noqa: DTZ001 - a cell has no zone
    sheets = {**SHEETS, "单位": units, "网站": sites, "账号": accounts, "设置": settings}
    registry = load(write_xlsx(tmp_path, sheets))
    assert registry.units == units_in(tmp_path)
    assert registry.as_of == datetime(2026, 11, 1, 18, tzinfo=BEIJING)


def test_the_digest_is_of_the_content_alone(tmp_path: Path) -> None:
    one, other = tmp_path / "a", tmp_path / "b"
    one.mkdir()
    other.mkdir()
    digest = load(write_yaml(one, YAML)).digest
    assert digest == load(write_yaml(other, "# 注释\n" + YAML, "other.yaml")).digest
    assert digest != load(write_yaml(other, YAML.replace("云溪发布", "云溪播报"))).digest
    assert len(digest) == 64


def test_relative_tables_lie_beside_the_registry_however_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_csv(tmp_path, SHEETS)
    with contextlib.chdir(tmp_path):
        registries = [load(path) for path in (Path(), Path("单位.csv"), tmp_path)]
    for registry in registries:
        source = registry.units[1].accounts[0].source
        assert source is not None
        assert Path(source.settings["path"]) == tmp_path / "export/posts.csv"


def test_anchors_may_be_used_for_what_repeats(tmp_path: Path) -> None:
    text = """\
units:
  - code: a
    name: 甲局
    sites: [{name: 甲, home_url: "http://127.0.0.1:1/", pace: &gentle {interval: 0.5}}]
  - code: b
    name: 乙局
    sites: [{name: 乙, home_url: "http://127.0.0.1:2/", pace: *gentle}]
"""
    registry = load(write_yaml(tmp_path, text))
    assert [unit.sites[0].pace.interval for unit in registry.units] == [0.5, 0.5]
