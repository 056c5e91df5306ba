"""A ruleset that extends another: what a place changes of a shipped 指标体系, item by item and each with its reason.

    extends: ankang-2019-website
    changes:
      - {set: D3, to: {points: 4}, reason: 县政办〔2026〕3号 第五条}
      - {remove: A5, reason: …}
      - {add: {id: A9, name: …}, under: A, reason: …}

`set` replaces the named keys of what bears that id (a veto, gate, dimension, indicator, deduction or bonus), `remove`
takes it out, `add` puts it last under a dimension's id, or under vetoes, gates, dimensions, deductions or bonuses. All
other keys of the file (title, maximum, effective …) replace those of the base. The whole is then read and refused like
any ruleset.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from scoring.errors import InvalidRuleset, Refusal

EXTENDS, CHANGES = "extends", "changes"
SECTIONS = ("vetoes", "gates", "dimensions", "deductions", "bonuses")
OWN = ("id", "version", "title", "system", "source", "effective", "applies_to")
"""What an overlay must say for itself: it is a ruleset of its own, in force on days of its own."""
KEYS = {
    "version": "版本",
    "title": "名称",
    "source": "来源",
    "effective": "施行日期",
    "applies_to": "适用对象",
    "maximum": "满分",
    "qualified_from": "合格线",
    "ties": "同分名次",
    "style": "编排",
    "thresholds": "检查项阈值",
    "name": "名称",
    "words": "名称",
    "kind": "方式",
    "points": "分值",
    "rule": "规则",
    "clause": "依据",
    "provenance": "分值来源",
    "section": "所属",
    "cap": "上限",
    "above": "进入加分的分数线",
    "since": "自",
    "until": "至",
    "subject": "对象",
    "kinds": "网站类别",
    "platforms": "平台",
    "scored": "计分的类别",
    "items": "扣分事项",
    "parts": "得分事项",
    "tiers": "分档",
    "label": "事项",
    "check": "检查项",
    "per_item": "每处扣",
    "where": "限于",
}
"""The keys of a ruleset's file in Chinese; what is not here is told by its key."""
_FORMS: dict[str, frozenset[str]] = {
    "set": frozenset({"set", "to", "reason"}),
    "remove": frozenset({"remove", "reason"}),
    "add": frozenset({"add", "under", "reason"}),
}


def laid_over(base: Mapping[str, object], overlay: Mapping[str, object], file: str) -> dict[str, object]:
    """The whole mapping of a ruleset that extends `base`; `changes` then tells in Chinese what was changed.

    Raises InvalidRuleset with every change that cannot be made.
    """
    whole: dict[str, Any] = deepcopy({key: value for key, value in base.items() if key not in (EXTENDS, CHANGES)})
    refusals = [Refusal(file, key, "地方指标体系须自行写明此项") for key in OWN if key not in overlay]
    refusals += [
        Refusal(file, key, "地方指标体系不能整段替换，请在 changes 中逐项改动") for key in SECTIONS if key in overlay
    ]
    whole |= {key: value for key, value in overlay.items() if key not in (*SECTIONS, CHANGES)}
    told: list[str] = []
    changes = overlay.get(CHANGES)
    if not isinstance(changes, list) or not changes:
        refusals.append(Refusal(file, CHANGES, "须列出至少一项改动"))
        changes = []
    for number, change in enumerate(changes, start=1):
        try:
            told.append(_made(whole, change))
        except ValueError as error:
            refusals.append(Refusal(file, f"{CHANGES} 第 {number} 项", str(error)))
    if refusals:
        raise InvalidRuleset(refusals)
    return whole | {CHANGES: told}


def _made(whole: dict[str, Any], change: object) -> str:
    """Makes one change; answers it in Chinese. Raises ValueError with the reason why it cannot be made."""
    form = next((name for name in _FORMS if isinstance(change, dict) and name in change), "")
    if not isinstance(change, dict) or not form:
        raise ValueError("须写 set、remove 或 add 之一")
    if extra := set(change) - _FORMS[form]:
        raise ValueError(f"不认识的键“{'、'.join(sorted(map(str, extra)))}”")
    reason = str(change.get("reason") or "").strip()
    if not reason:
        raise ValueError("须写明依据（reason）")
    if form == "add":
        return f"增加 {_added(whole, change)}（{reason}）"
    wanted = str(change[form])
    holder, item = _found(whole, wanted)
    if form == "remove":
        holder.remove(item)
        return f"删除 {_name(item)}（{reason}）"
    keys = change.get("to")
    if not isinstance(keys, dict) or not keys:
        raise ValueError("set 须在 to 中写明要改的键")
    if "id" in keys or "indicators" in keys:
        raise ValueError("set 不能改 id 和 indicators")
    moved = [f"{KEYS.get(key, key)} {_brief(item.get(key))} → {_brief(value)}" for key, value in keys.items()]
    item |= keys
    return f"修改 {_name(item)}：{'，'.join(moved)}（{reason}）"


def _added(whole: dict[str, Any], change: dict[str, Any]) -> str:
    item, under = change["add"], str(change.get("under") or "")
    if not isinstance(item, dict) or not item.get("id"):
        raise ValueError("add 须是一项完整的指标，写明 id")
    if any(known.get("id") == item["id"] for _, known in _items(whole)):
        raise ValueError(f"已有编号“{item['id']}”")
    _list_of(whole, under).append(deepcopy(item))
    return _name(item)


def _list_of(whole: dict[str, Any], under: str) -> list[dict[str, Any]]:
    """The list that an added item goes to: a section's by its key, a dimension's by its id."""
    if under == "bonuses":
        if not isinstance(whole.get("bonuses"), dict):
            raise ValueError("所依据的指标体系没有加分部分")
        held: list[dict[str, Any]] = whole["bonuses"]["indicators"]
        return held
    if under in SECTIONS:
        own: list[dict[str, Any]] = whole.setdefault(under, [])
        return own
    for dimension in whole.get("dimensions") or ():
        if dimension.get("id") == under:
            indicators: list[dict[str, Any]] = dimension["indicators"]
            return indicators
    raise ValueError(f"under 须是一级指标的编号或 {'、'.join(SECTIONS)} 之一，没有“{under}”")


def _found(whole: dict[str, Any], wanted: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    for holder, item in _items(whole):
        if item.get("id") == wanted:
            return holder, item
    raise ValueError(f"所依据的指标体系中没有“{wanted}”")


def _items(whole: dict[str, Any]) -> Iterator[tuple[list[dict[str, Any]], dict[str, Any]]]:
    """Everything that bears an id, with the list that holds it."""
    lists = [whole.get(section) or [] for section in SECTIONS if section != "bonuses"]
    lists += [dimension.get("indicators") or [] for dimension in whole.get("dimensions") or ()]
    lists.append((whole.get("bonuses") or {}).get("indicators") or [])
    for held in lists:
        for item in held:
            yield held, item


def _name(item: Mapping[str, Any]) -> str:
    return f"{item['id']} {item.get('name') or item.get('words') or ''}".strip()


def _brief(value: object) -> str:
    """A value short enough for a line."""
    if value is None:
        return "无"
    return "（见文件）" if isinstance(value, dict | list) else str(value)
