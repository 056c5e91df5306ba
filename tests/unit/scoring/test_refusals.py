"""What the loader refuses, one by one, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from scoring.errors import InvalidRuleset, Refusal, UnknownRuleset, UnreadableRuleset
from scoring.ruleset import available, load, parse
from tests.unit.scoring.samples import CHECKS, deduct, indicator, mapping, ruleset, veto

Change = Callable[[dict[str, Any]], None]


def sample() -> dict[str, Any]:
    bonus = {
        "cap": 4,
        "above": 8,
        "clause": "条款",
        "provenance": "printed",
        "indicators": [indicator("P1", "bonus", 4)],
    }
    condition = {"label": "空白栏目", "at_least": 5, "of": [{"check": "update.column-empty"}]}
    gate = {"id": "G1", "words": "未开设", "rule": "规则", "clause": "条款", "provenance": "printed", "counts": ["X"]}
    parts = [{"check": "function.search", "label": "搜索", "points": 3}]
    measure = {"check": "function.search", "name": "占比"}
    return mapping(
        deduct("A1", 5),
        indicator("A2", "presence", 3, parts=parts),
        indicator("A3", "ratio", 2, ratio={"measure": measure, "tiers": [{"at_least": 1, "points": 2}]}),
        vetoes=[veto("V1", condition)],
        gates=[gate],
        bonuses=bonus,
    )


def at(data: dict[str, Any], place: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = data["dimensions"][0]["indicators"][place]
    return found


def test_the_sample_itself_is_sound() -> None:
    assert parse(sample(), CHECKS, file="own.yaml").id == "trial"


CASES: dict[str, tuple[Change, str, str]] = {
    "unknown style of ties": (
        lambda data: data.update(ties={"style": "dense", "clause": "附件3", "provenance": "printed"}),
        "ties",
        "“ties.style”的值“dense”须为 'through' or 'shared' 之一",
    ),
    "ties without a clause": (
        lambda data: data.update(ties={"style": "through", "provenance": "printed"}),
        "ties",
        "缺少键“ties.clause”",
    ),
    "unknown check": (
        lambda data: at(data)["items"][0].update(check="link.brokn"),
        "A1 指标A1",
        "没有检查项“link.brokn”，是否为“link.broken”",
    ),
    "unknown check of a veto": (
        lambda data: data["vetoes"][0]["any"][0]["of"][0].update(check="zzz"),
        "V1 否决V1",
        "没有检查项“zzz”",
    ),
    "unknown check of a gate": (
        lambda data: data["gates"][0].update(any=[{"label": "未开设", "at_least": 1, "of": [{"check": "zzz"}]}]),
        "G1 未开设",
        "没有检查项“zzz”",
    ),
    "unknown check of thresholds": (
        lambda data: data.update(thresholds={"zzz": {"days": 3}}),
        "thresholds",
        "没有检查项“zzz”",
    ),
    "unknown key of an indicator": (lambda data: at(data).update(weight=3), "A1 指标A1", "不认识的键“weight”"),
    "unknown key of an item": (lambda data: at(data)["items"][0].update(max=3), "A1 指标A1", "不认识的键“max”"),
    "unknown key of the file": (lambda data: data.update(colour="红"), "colour", "不认识的键“colour”"),
    "missing key": (lambda data: at(data).pop("clause"), "A1 指标A1", "缺少键“clause”"),
    "no provenance": (lambda data: at(data).pop("provenance"), "A1 指标A1", "缺少键“provenance”"),
    "empty rule": (lambda data: at(data).update(rule=""), "A1 指标A1", "“rule”不能为空"),
    "no items": (lambda data: at(data).update(items=[]), "A1 指标A1", "“items”不能为空"),
    "unknown kind": (
        lambda data: at(data).update(kind="guess"),
        "A1 指标A1",
        "kind 须为 deduct、presence、ratio、manual 之一",
    ),
    "unknown provenance": (
        lambda data: at(data).update(provenance="rumour"),
        "A1 指标A1",
        "“provenance”的值“rumour”须为 'printed', 'derived' or 'assumed' 之一",
    ),
    "negative points": (lambda data: at(data).update(points=-5), "A1 指标A1", "“points.value”不能小于 0"),
    "indicators do not sum": (lambda data: at(data).update(points=6), "X 维度", "二级指标合计 11 分，不等于 10 分"),
    "dimensions do not sum": (
        lambda data: data.update(maximum=100),
        "dimensions",
        "各一级指标合计 10 分，不等于满分 100 分",
    ),
    "parts do not sum": (
        lambda data: at(data, 1)["parts"][0].update(points=2),
        "A2 指标A2",
        "各部分合计 2 分，不等于 3 分",
    ),
    "cap below an item": (
        lambda data: at(data).update(cap=Decimal("0.5")),
        "A1 指标A1",
        "扣分上限 0.5 低于“错链”每处扣分 1",
    ),
    "item above the points": (
        lambda data: at(data)["items"][0].update(per_item=6),
        "A1 指标A1",
        "扣分上限 5 低于“错链”每处扣分 6",
    ),
    "cap above the points": (lambda data: at(data).update(cap=6), "A1 指标A1", "扣分上限 6 高于分值 5"),
    "item that costs nothing": (lambda data: at(data)["items"][0].update(per_item=0), "A1 指标A1", "“错链”每处扣 0 分"),
    "label twice": (
        lambda data: at(data).update(items=[*at(data)["items"], at(data)["items"][0]]),
        "A1 指标A1",
        "名称“错链”出现两次",
    ),
    "bonus cap below a bonus": (
        lambda data: data["bonuses"].update(cap=3),
        "P1 指标P1",
        "加分上限 3 低于该项分值 4",
    ),
    "bonus cap out of reach": (lambda data: data["bonuses"].update(cap=9), "bonuses", "各加分项合计不足加分上限 9 分"),
    "tiers out of order": (
        lambda data: at(data, 2)["ratio"].update(tiers=[{"at_least": 1, "points": 2}, {"at_least": 2, "points": 1}]),
        "A3 指标A3",
        "各档须从高到低排列，分值随之递减",
    ),
    "tiers below the points": (
        lambda data: at(data, 2)["ratio"].update(tiers=[{"at_least": 1, "points": 1}]),
        "A3 指标A3",
        "最高档 1 分，不等于分值 2 分",
    ),
    "id twice": (lambda data: at(data).update(id="V1"), "V1", "编号“V1”出现两次"),
    "veto without conditions": (
        lambda data: data["vetoes"][0].update(any=[]),
        "V1 否决V1",
        "没有否决条件；由人工判定的须写明 manual: true",
    ),
    "veto without a line": (
        lambda data: data["vetoes"][0]["any"][0].pop("at_least"),
        "V1 否决V1",
        "条件“空白栏目”的 at_least 须不小于 1",
    ),
    "veto that counts nothing": (
        lambda data: data["vetoes"][0]["any"][0].pop("of"),
        "V1 否决V1",
        "条件“空白栏目”须有 of 或 share 之一",
    ),
    "gate on an unknown dimension": (
        lambda data: data["gates"][0].update(counts=["Z"]),
        "G1 未开设",
        "counts 中没有这样的一级指标：Z",
    ),
    "dates the wrong way round": (
        lambda data: data.update(effective={"since": "2026-01-01", "until": "2025-01-01"}),
        "effective",
        "until 早于 since",
    ),
    "scored kind that is no kind": (
        lambda data: data.update(applies_to={"subject": "site", "kinds": ["portal"], "scored": ["school"]}),
        "applies_to",
        "scored 中的“school”不在 kinds 之列",
    ),
    "where with an unknown key": (
        lambda data: at(data)["items"][0].update(where={"days": {"over": 3}}),
        "A1 指标A1",
        "“where”：where 的“days”有不认识的键“over”",
    ),
    "where that is empty": (
        lambda data: at(data)["items"][0].update(where={"days": {}}),
        "A1 指标A1",
        "“where”：where 的“days”没有条件",
    ),
    "where with bounds that cross": (
        lambda data: at(data)["items"][0].update(where={"days": {"min": 3, "max": 1}}),
        "A1 指标A1",
        "“where”：where 的“days”的 min 大于 max",
    ),
    "where that is no mapping": (
        lambda data: at(data)["items"][0].update(where="days"),
        "A1 指标A1",
        "“where”：where 须为“属性: 值”的映射",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_ruleset_is_refused_with_file_place_and_reason(case: str) -> None:
    change, where, reason = CASES[case]
    data = sample()
    change(data)
    with pytest.raises(InvalidRuleset) as refused:
        parse(data, CHECKS, file="own.yaml")
    assert Refusal("own.yaml", where, reason) in refused.value.refusals


def test_all_refusals_are_told_at_once() -> None:
    data = sample()
    at(data).update(points=6, cap=7)
    with pytest.raises(InvalidRuleset) as refused:
        parse(data, CHECKS, file="own.yaml")
    assert str(refused.value).splitlines() == [
        "own.yaml：X 维度：二级指标合计 11 分，不等于 10 分",
        "own.yaml：A1 指标A1：扣分上限 7 高于分值 6",
    ]


def test_an_unknown_id_lists_the_known_ones() -> None:
    with pytest.raises(UnknownRuleset, match=r"没有指标体系“cn-2031”；现有：.*cn-2019-website"):
        load("cn-2031", CHECKS)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"id: trial\nversion: [1, 2\n", "第 3 行：不是有效的 YAML"),
        (b"id: a\nid: b\n", "第 2 行：不是有效的 YAML（键“id”出现两次）"),
        (b"- a\n- b\n", "文件内容不是“键: 值”的映射"),
        ("题".encode("gb18030"), "不是 UTF-8 编码"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: bytes, reason: str) -> None:
    file = tmp_path / "own.yaml"
    file.write_bytes(text)
    with pytest.raises(UnreadableRuleset) as refused:
        load(file, CHECKS)
    assert str(refused.value).startswith(f"own.yaml：{reason}")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRuleset, match="文件不存在或不可读"):
        load(tmp_path / "none.yaml", CHECKS)


def written(folder: Path, name: str, **rest: Any) -> Path:
    """A ruleset of that id as a file; numbers without fractions, so that any YAML writer will do."""
    data = mapping(deduct("A1", 5), id=name, maximum=5, **rest)
    data["dimensions"][0]["points"] = 5
    file = folder / f"{name}.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return file


def test_two_of_one_system_may_not_be_in_force_on_one_day(tmp_path: Path) -> None:
    old = written(tmp_path, "old", effective={"since": "2025-01-01", "until": "2026-01-01"})
    new = written(tmp_path, "new", effective={"since": "2026-01-01"})
    reason = "与同一体系的“old”（2025-01-01 至 2026-01-01，old.yaml）施行日期重叠"
    with pytest.raises(InvalidRuleset) as refused:
        load(new, CHECKS)
    assert refused.value.refusals == (Refusal("new.yaml", "effective", reason),)
    written(tmp_path, "old", effective={"since": "2025-01-01", "until": "2025-12-31"})
    assert [load(file, CHECKS).id for file in (old, new)] == ["old", "new"]
    other = written(tmp_path, "other", effective={"since": "2026-06-01"}, system="another")
    assert load(str(other), CHECKS).system == "another"


def test_a_folder_is_listed_by_its_sound_heads(tmp_path: Path) -> None:
    written(tmp_path, "b-rules")
    written(tmp_path, "a-rules", title="甲")
    (tmp_path / "broken.yaml").write_text("id: [", encoding="utf-8")
    (tmp_path / "headless.yaml").write_text("id: x\neffective: {since: 2026-01-01}\n", encoding="utf-8")
    assert [(info.id, info.title) for info in available(tmp_path)] == [("a-rules", "甲"), ("b-rules", "试行指标")]


def test_fractions_of_a_file_are_exact(tmp_path: Path) -> None:
    text = written(tmp_path, "fractions").read_text(encoding="utf-8").replace("per_item: 1", "per_item: 0.1")
    (tmp_path / "fractions.yaml").write_text(text, encoding="utf-8")
    first = load(tmp_path / "fractions.yaml", CHECKS).dimensions[0].indicators[0]
    assert [figure.value for figure in first.figures()] == [Decimal(5), Decimal("0.1")]


def test_a_ruleset_names_the_checks_that_must_run() -> None:
    assert ruleset(deduct("A1", 5)).checks == {"link.broken"}
    assert parse(sample(), CHECKS, file="own.yaml").checks == {"link.broken", "function.search", "update.column-empty"}


def test_thresholds_are_kept_as_the_file_has_them() -> None:
    rules = ruleset(deduct("A1", 5), thresholds={"update.column-stale": {"news_days": 10, "share": Decimal("0.5")}})
    assert rules.thresholds == {"update.column-stale": {"news_days": 10, "share": 0.5}}


def test_a_ruleset_goes_out_as_json_and_comes_back() -> None:
    where = {"type": ["news", "notice"], "level": 1, "days": {"min": 3, "max": 9}, "place": {"not_in": ["x"]}}
    item = {"check": "link.broken", "label": "错链", "per_item": Decimal("0.1"), "where": where}
    rules = ruleset(deduct("A1", 5, item))
    dumped = rules.model_dump(mode="json")
    assert dumped["dimensions"][0]["indicators"][0]["items"][0]["where"] == {
        "type": ["news", "notice"],
        "level": "1",
        "days": {"min": "3", "max": "9"},
        "place": {"not_in": ["x"]},
    }
    assert parse(rules.model_dump(), CHECKS, file="own.yaml") == rules
