"""What only a YAML registry can get wrong, with the line it is on."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.registry import load
from tests.unit.registry.offices import YAML, lines_of, problems_of, write_yaml

LINES = [
    # what is replaced, by what, and for each problem: lines after the replaced text, item, reason
    ("home_url:", "home_ulr:", [(-1, "home_url", "必填，不能为空"), (0, "home_ulr", "未知的键，是否应为“home_url”？")]),
    ("    name: 云溪县人民政府\n", "", [(-1, "name", "必填，不能为空")]),
    ("canaries:", "canary:", [(0, "canary", "未知的键，是否应为“canaries”？")]),
    ("units:", "unit:", [(-2, "units", "缺少此项"), (0, "unit", "未知的键，是否应为“units”？")]),
    ("interval: 0.2", "intervall: 0.2", [(0, "pace.intervall", "未知的键，是否应为“pace.interval”？")]),
    ("kind: county", "kind: county\n    kind: department", [(1, "kind", "与第 6 行的键重复")]),
    ("kind: county", "kind: {a: b}", [(0, "kind", "应为一个值，不能是“键: 值”")]),
    ("kind: county", "kind: [county]", [(0, "kind", "此处只能填一个值，不能是列表（county）")]),
    ("kind: county", "kind: !!binary aGVsbG8=", [(0, "kind", "不支持 YAML 标签（tag:yaml.org,2002:binary）")]),
    (
        "kind: county",
        "kind: !!python/name:os.system ''",
        [(0, "kind", "不支持 YAML 标签（tag:yaml.org,2002:python/name:os.system）")],
    ),
    ("kind: county", "<<: {kind: county}", [(0, "<<", "不支持合并键，请逐项写明")]),
    ("requires: [site, wechat, weibo]", "requires: [site, [wechat]]", [(0, "requires", "列表中不能再有列表")]),
    (
        "requires: [site, wechat, weibo]",
        "requires:\n      - site\n      - radio",
        [(2, "requires", "不是可填的值；可填 网站、微信、微博（radio）")],
    ),
    ("pace: {interval: 0.2, connections: 4}", "pace: gentle", [(0, "pace", "应为“键: 值”（gentle）")]),
    ("source: {kind: feed, ", "source: {", [(-4, "source.kind", "必填，因为填了来源的其他项")]),
    (
        '"6109990001"',
        "06109990001",
        [(0, "site_code", "不是有效标识码：应为 10 位数字，或 bm 加 8 位数字（06109990001）")],
    ),
    (
        '"6109990001"',
        "0123456701",
        [(0, "site_code", "未加引号的数字会被改变写法（丢失前导零、变成小数或其他进制）：请加引号（0123456701）")],
    ),
    (
        '"6109990001"',
        "6109990001.0",
        [(0, "site_code", "未加引号的数字会被改变写法（丢失前导零、变成小数或其他进制）：请加引号（6109990001.0）")],
    ),
    (
        "code: 610900",
        "code: 0x95000",
        [(0, "code", "未加引号的数字会被改变写法（丢失前导零、变成小数或其他进制）：请加引号（0x95000）")],
    ),
    ("name: 云溪市水务局\n", "name: yes\n", [(0, "name", "未加引号，会被读作是或否：请加引号（yes）")]),
    ("as_of: 2026-11-01 18:00", "as_of: yesterday", [(0, "as_of", "不是日期，应写成 2017-03-01（yesterday）")]),
    ("http://other.example/", "other", [(0, "canaries", "不是有效网址，应以 http:// 或 https:// 开头（other）")]),
    (
        "http://127.0.0.11:8100\n",
        "http://water.yunxi.example/\n",
        [
            (5, "pace.interval", "间隔小于 1 秒只允许用于本机回环地址（0.2）"),
            (5, "pace.connections", "并发连接数大于 2 只允许用于本机回环地址（4）"),
        ],
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), LINES)
def test_a_wrong_item_is_named_by_line_and_key(
    tmp_path: Path, old: str, new: str, expected: list[tuple[int, str, str]]
) -> None:
    line = YAML[: YAML.index(old)].count("\n") + 1
    lines = lines_of(write_yaml(tmp_path, YAML.replace(old, new, 1)))
    wanted = [f"文件 台账.yaml，第 {line + after} 行，“{key}”项：{reason}" for after, key, reason in expected]
    assert lines == wanted


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("units: [", 1, "不是有效的 YAML"),
        ("units:\n\t- code: a\n", 2, "不是有效的 YAML"),
        ("units:\n  - code: *nobody\n", 2, "不是有效的 YAML"),
        ("units: []\n---\nunits: []\n", 2, "一个文件中只能有一份台账（多余的 ---）"),
        ("# 空\n", 0, "文件没有内容"),
        ("- code: a\n", 1, "最外层应为“键: 值”，包含 units"),
        ("units: []\n", 1, "没有任何单位"),
        ("units:\n", 1, "没有任何单位"),
        ("units: {code: a}\n", 1, "应为列表，每项以短横线开头"),
        ("units:\n  - a\n", 2, "列表中的每一项应为“键: 值”"),
        ("units: " + "[" * 30 + "]" * 30, 1, "嵌套超过 20 层"),
        ("units: " + "[" * 50_000, 1, "嵌套超过 20 层"),
        ("units: &u\n  - *u\n", 2, "别名引用了它自身所在的内容"),
        ("units: [&a \x01]", 0, "不是有效的 YAML"),
    ],
)
def test_a_text_of_the_wrong_shape_is_refused(tmp_path: Path, text: str, line: int, reason: str) -> None:
    problems = problems_of(write_yaml(tmp_path, text))
    assert [(problem.row, problem.reason) for problem in problems] == [(line, reason)]


def test_aliases_that_multiply_are_refused_before_they_are_followed(tmp_path: Path) -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 12)]
    path = write_yaml(tmp_path, "\n".join([*levels, "units: *a11"]))
    assert [(problem.row, problem.reason) for problem in problems_of(path)] == [(7, "内容过多（别名展开后超过上限）")]


def test_digits_without_quotes_are_taken_as_they_are_written(tmp_path: Path) -> None:
    text = YAML.replace('"6109990001"', "6109990001").replace('"5500000001"', "5500000001")
    assert load(write_yaml(tmp_path, text)).units == load(write_yaml(tmp_path, YAML, "b.yaml")).units


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (YAML.encode("utf-16"), "编码为 UTF-16，只接受 UTF-8 和 GB18030，请另存后再试"),
        (YAML.encode("utf-16-le"), "不是文本文件，或编码不是 UTF-8、GB18030"),
        (
            "units:\n  - name: 雲溪縣人民政府辦公室資訊公開網站\n".encode("big5"),
            "编码不像 UTF-8 或 GB18030（读出的多为生僻字），请另存为 UTF-8 后再试",
        ),
        (b"units:\n  - name: \xff\xff\n", "编码不是 UTF-8 或 GB18030（第 2 行起无法识别），请另存后再试"),
    ],
)
def test_another_encoding_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "台账.yaml"
    path.write_bytes(data)
    assert lines_of(path) == [f"文件 台账.yaml：{reason}"]
