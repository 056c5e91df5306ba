"""Registries of a fictional city, written to disk in every format for the tests that read them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

from scheduler.registry import RegistryErrors, RegistryProblem, load

Table = Sequence[Sequence[object]]

UNITS = (
    ("单位代码", "单位名称", "单位类别", "上级单位", "联系人", "应开设", "负责网站监管"),
    ("yunxi-county", "云溪县人民政府", "县区", "", "政务公开科", "网站、微信、微博", "是"),
    ("610900", "云溪市水务局", "部门", "云溪市人民政府", "", "", ""),
)
SITES = (
    (
        "单位代码",
        "网站名称",
        "首页网址",
        "网站标识码",
        "网站类别",
        "网站状态",
        "其他域名",
        "开通日期",
        "不受 robots 限制",
        "访问间隔（秒）",
        "并发连接数",
    ),
    (
        "yunxi-county",
        "云溪县人民政府网",
        "http://127.0.0.11:8100",
        "6109990001",
        "门户网站",
        "",
        "a.yunxi.example、b.yunxi.example:8080",
        "2016-05-01",
        "否",
        "0.2",
        "4",
    ),
    (
        "610900",
        "云溪市水务局网",
        "https://water.yunxi.example/index.html",
        "bm64130001",
        "",
        "临时下线",
        "",
        "",
        "是",
        "",
        "",
    ),
)
ACCOUNTS = (
    (
        "单位代码",
        "平台",
        "账号名称",
        "平台账号",
        "认证主体",
        "账号状态",
        "数据来源",
        "来源网址",
        "来源文件",
        "接口地址",
    ),
    (
        "yunxi-county",
        "微信",
        "云溪发布",
        "gh_yunxi01",
        "云溪县人民政府办公室",
        "",
        "订阅源",
        "http://127.0.0.11:8201/1.json",
        "",
        "",
    ),
    ("yunxi-county", "微博", "云溪发布", "5500000001", "", "", "微博移动端", "", "", "http://127.0.0.11:8202/"),
    ("610900", "weibo", "云溪水务", "5500000002", "", "注销", "表格", "", "export/posts.csv", ""),
    ("610900", "抖音", "云溪水务", "0055012", "", "", "", "", "", ""),
)
COLUMNS = (
    ("首页网址", "栏目网址", "栏目名称", "栏目类型"),
    ("http://127.0.0.11:8100/", "/xxgk/zcwj/", "政策文件", "policy-document"),
    ("http://127.0.0.11:8100/", "http://127.0.0.11:8100/xwzx/", "云溪动态", ""),
)
SETTINGS = (
    ("项目", "值"),
    ("对照网址", "http://canary.example/"),
    ("对照网址", "http://other.example/"),
    ("监测时间点", "2026-11-01 18:00"),
)
MAINTENANCE = (
    ("首页网址", "开始时间", "结束时间", "事由"),
    ("http://127.0.0.11:8100/", "2026-10-30", "2026-10-31", "机房搬迁"),
    ("http://127.0.0.11:8100/", "2026-10-28 22:00", "2026-10-29 06:30", ""),
)
SHEETS: Mapping[str, Table] = {
    "单位": UNITS,
    "网站": SITES,
    "账号": ACCOUNTS,
    "栏目": COLUMNS,
    "维护": MAINTENANCE,
    "设置": SETTINGS,
}

YAML = """\
canaries: [http://canary.example/, http://other.example/]
as_of: 2026-11-01 18:00
units:
  - code: yunxi-county
    name: 云溪县人民政府
    kind: county
    contact: 政务公开科
    requires: [site, wechat, weibo]
    supervises: true
    sites:
      - name: 云溪县人民政府网
        home_url: http://127.0.0.11:8100
        site_code: "6109990001"
        kind: portal
        aliases: [a.yunxi.example, "b.yunxi.example:8080"]
        opened: 2016-05-01
        pace: {interval: 0.2, connections: 4}
        columns:
          - {url: /xxgk/zcwj/, name: 政策文件, type: policy-document}
          - {url: "http://127.0.0.11:8100/xwzx/", name: 云溪动态}
        maintenance:
          - {start: 2026-10-30, end: 2026-10-31, reason: 机房搬迁}
          - {start: 2026-10-28 22:00, end: "2026-10-29T06:30"}
    accounts:
      - platform: wechat
        name: 云溪发布
        platform_id: gh_yunxi01
        subject: 云溪县人民政府办公室
        source: {kind: feed, url: "http://127.0.0.11:8201/1.json"}
      - {platform: weibo, name: 云溪发布, platform_id: "5500000001", source: {kind: weibo-mobile, base_url: "http://127.0.0.11:8202"}}
  - code: 610900
    name: 云溪市水务局
    parent: 云溪市人民政府
    sites:
      - name: 云溪市水务局网
        home_url: https://water.yunxi.example/index.html
        site_code: bm64130001
        status: offline-temporary
        ignore_robots: true
    accounts:
      - platform: weibo
        name: 云溪水务
        platform_id: 5500000002
        status: closed
        source: {kind: table, path: export/posts.csv}
      - {platform: douyin, name: 云溪水务, platform_id: "0055012"}
"""


def edited(table: Table, row: int, column: str, value: object) -> Table:
    """The table with one cell changed; rows count from 1, the heading row being the first."""
    at = list(table[0]).index(column)
    return [
        [value if (number, place) == (row, at) else cell for place, cell in enumerate(record)]
        for number, record in enumerate(table, 1)
    ]


def without(table: Table, column: str) -> Table:
    """The table without one of its columns."""
    at = list(table[0]).index(column)
    return [[*record[:at], *record[at + 1 :]] for record in table]


def write_yaml(folder: Path, text: str, name: str = "台账.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def write_xlsx(folder: Path, sheets: Mapping[str, Table], name: str = "台账.xlsx") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, table in sheets.items():
        sheet = book.create_sheet(title)
        for record in table:
            sheet.append(list(record))
    path = folder / name
    book.save(path)
    return path


def write_csv(folder: Path, sheets: Mapping[str, Table], encoding: str = "utf-8-sig") -> Path:
    for title, table in sheets.items():
        with (folder / f"{title}.csv").open("w", encoding=encoding, newline="") as target:
            csv.writer(target).writerows(table)
    return folder


def problems_of(path: Path) -> tuple[RegistryProblem, ...]:
    """The problems for which a registry is refused; empty where it is not."""
    try:
        load(path)
    except RegistryErrors as errors:
        return errors.problems
    return ()


def lines_of(path: Path) -> list[str]:
    """The problems as they are printed."""
    return [str(problem) for problem in problems_of(path)]
