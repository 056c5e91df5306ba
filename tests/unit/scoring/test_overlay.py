"""A place's ruleset over a shipped one: each change is made, told and has its reason; whatever cannot hold is refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml

from checks.registry import CHECKS
from scoring.difference import HEAD, differences
from scoring.errors import InvalidRuleset, RulesetError, UnknownRuleset
from scoring.model import Ties
from scoring.ruleset import Ruleset, load

BASE = "ankang-2019-website"
HEADS = """
    id: yunxi-2026-website
    version: "1"
    title: 云溪县2026年政府网站评估指标
    system: yunxi-website
    source: 云政办〔2026〕3号
    effective: {since: 2026-01-01}
    applies_to: {subject: site, kinds: [portal, department]}
"""
NEW = """
      - add:
          id: A99
          name: 公开专栏管理
          kind: manual
          points: 4
          rule: 按专栏管理情况评分
          clause: 云政办〔2026〕3号 第六条
          provenance: printed
        under: A
        reason: 云政办〔2026〕3号 第六条
"""


def file(folder: Path, rest: str, *, name: str = "local.yaml", extends: str = BASE) -> Path:
    path = folder / name
    path.write_text(f"{dedent(HEADS)}extends: {extends}\n{dedent(rest)}", encoding="utf-8")
    return path


def loaded(path: Path) -> Ruleset:
    return load(path, CHECKS.keys())


def ids(ruleset: Ruleset) -> list[str]:
    return [indicator.id for _, indicator in ruleset.indicators()]


def test_what_is_not_changed_is_the_base(tmp_path: Path) -> None:
    changes = f"changes:\n      - {{remove: A5, reason: 另行考核}}{NEW}".replace("\n      ", "\n  ")
    ruleset = loaded(file(tmp_path, changes))
    base = load(BASE, CHECKS.keys())
    assert (ruleset.id, ruleset.title, ruleset.extends) == ("yunxi-2026-website", "云溪县2026年政府网站评估指标", BASE)
    assert ruleset.maximum.value == base.maximum.value == 100
    assert set(ids(base)) - set(ids(ruleset)) == {"A5"} and set(ids(ruleset)) - set(ids(base)) == {"A99"}
    assert ruleset.changes == (
        "删除 A5 依申请公开渠道（另行考核）",
        "增加 A99 公开专栏管理（云政办〔2026〕3号 第六条）",
    )


def test_named_keys_are_replaced_and_told(tmp_path: Path) -> None:
    ruleset = loaded(file(tmp_path, "changes:\n  - {set: D3, to: {rule: 错链每个扣分, cap: 2}, reason: 第五条}\n"))
    (changed,) = [indicator for _, indicator in ruleset.indicators() if indicator.id == "D3"]
    assert changed.rule == "错链每个扣分"
    assert ruleset.changes[0].startswith("修改 D3 链接可用：规则 ") and "上限 无 → 2（第五条）" in ruleset.changes[0]
    (first, *rest) = differences(load(BASE, CHECKS.keys()), ruleset)
    assert first.where == HEAD
    assert [(one.how, one.where) for one in rest] == [("修改", "D3 链接可用")]
    assert {(key, after) for key, _, after in rest[0].keys} == {("规则", "错链每个扣分"), ("上限", "2")}


def test_a_place_may_rank_equal_scores_otherwise(tmp_path: Path) -> None:
    ties = "ties: {style: through, clause: 云政办〔2026〕3号 附表, provenance: printed}\n"
    change = (
        "changes:\n  - {remove: A5, reason: 另行考核}\n  - {set: A4, to: {name: 改名}, reason: 第一条}"
        + NEW.replace("\n      ", "\n  ")
    )
    ruleset = loaded(file(tmp_path, f"{ties}{change}"))
    assert ruleset.ties and ruleset.ties.style is Ties.THROUGH
    base = load(BASE, CHECKS.keys())
    assert base.ties and base.ties.style is Ties.SHARED
    first = differences(base, ruleset)[0]
    assert first.where == HEAD and "同分名次" in {key for key, _, _ in first.keys}


def test_sums_that_no_longer_close_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidRuleset, match="二级指标合计 36 分，不等于 40 分"):
        loaded(file(tmp_path, "changes:\n  - {remove: A5, reason: 另行考核}\n"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ("changes: []", "须列出至少一项改动"),
        ("changes:\n  - {set: D3, to: {cap: 2}}", "须写明依据"),
        ("changes:\n  - {set: Z9, to: {cap: 2}, reason: 某条}", "没有“Z9”"),
        ("changes:\n  - {set: D3, reason: 某条}", "须在 to 中写明"),
        ("changes:\n  - {set: D3, to: {id: D4}, reason: 某条}", "不能改 id"),
        ("changes:\n  - {set: D3, to: {caps: 2}, reason: 某条}", "不认识的键“caps”"),
        ("changes:\n  - {drop: D3, reason: 某条}", "须写 set、remove 或 add 之一"),
        ("changes:\n  - {remove: D3, why: x, reason: 某条}", "不认识的键“why”"),
        ("changes:\n  - {add: {id: D3}, under: D, reason: 某条}", "已有编号“D3”"),
        ("changes:\n  - {add: {id: D99}, under: Q, reason: 某条}", "没有“Q”"),
        ("changes:\n  - {add: {id: D99}, under: bonuses, reason: 某条}", "没有加分部分"),
        ("changes:\n  - {remove: A5, reason: 某条}\ndimensions: []", "不能整段替换"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused_with_its_place(tmp_path: Path, changes: str, reason: str) -> None:
    with pytest.raises(InvalidRuleset, match=reason) as refused:
        loaded(file(tmp_path, changes))
    assert all(refusal.file == "local.yaml" for refusal in refused.value.refusals)


def test_an_overlay_speaks_for_itself(tmp_path: Path) -> None:
    path = file(tmp_path, "changes:\n  - {set: D3, to: {cap: 2}, reason: 某条}\n")
    data: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    del data["effective"], data["source"]
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(InvalidRuleset, match="effective：地方指标体系须自行写明此项"):
        loaded(path)


def test_overlays_stand_on_overlays_but_not_on_themselves(tmp_path: Path) -> None:
    file(tmp_path, "changes:\n  - {set: D3, to: {cap: 2}, reason: 第一层}\n", name="first.yaml")
    second = file(tmp_path, "changes:\n  - {set: D3, to: {cap: 1}, reason: 第二层}\n", extends="first.yaml")
    text = second.read_text("utf-8").replace("yunxi-2026-website", "yunxi-2026-b").replace("yunxi-website", "yunxi-b")
    second.write_text(text, encoding="utf-8")
    ruleset = loaded(second)
    (changed,) = [indicator for _, indicator in ruleset.indicators() if indicator.id == "D3"]
    assert changed.model_dump()["cap"]["value"] == Decimal(1)
    assert ruleset.changes == ("修改 D3 链接可用：上限 2 → 1（第二层）",)
    itself = file(tmp_path, "changes:\n  - {set: D3, to: {cap: 2}, reason: 某条}\n", extends="local.yaml")
    with pytest.raises(InvalidRuleset, match="互相依据"):
        loaded(itself)
    with pytest.raises(UnknownRuleset):
        loaded(file(tmp_path, "changes: []", extends="nobody-2019"))
    with pytest.raises(RulesetError):
        loaded(file(tmp_path, "changes: []", extends="gone.yaml"))


def test_changes_without_a_base_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bare.yaml"
    path.write_text(f"{dedent(HEADS)}changes: []\n", encoding="utf-8")
    with pytest.raises(InvalidRuleset, match="只有写明 extends"):
        loaded(path)


def test_a_ruleset_does_not_differ_from_itself_and_two_do() -> None:
    old, new = (load(name, CHECKS.keys()) for name in ("ankang-2017-website", BASE))
    assert differences(old, old) == ()
    hows = {one.how for one in differences(old, new)}
    assert hows == {"增加", "删除", "修改"}
    there, back = differences(old, new), differences(new, old)
    assert {one.where for one in there if one.how == "增加"} == {one.where for one in back if one.how == "删除"}
