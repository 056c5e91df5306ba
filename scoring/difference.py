"""What differs between two rulesets: their heads, and by id all that they hold, from dimensions to bonuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from scoring.display import plain
from scoring.overlay import KEYS
from scoring.ruleset import Ruleset

HEAD = "基本信息"
_HEAD_KEYS = (
    *("version", "title", "source", "effective", "applies_to", "maximum", "qualified_from", "ties", "thresholds"),
)


class Difference(Struct, frozen=True):
    """One thing that is not the same: `how` (增加, 删除, 修改), `where`, and its keys as (key, before, after)."""

    how: str
    where: str
    keys: tuple[tuple[str, str, str], ...] = ()


def differences(old: Ruleset, new: Ruleset) -> tuple[Difference, ...]:
    """What the second has otherwise than the first, in the order of the second, what is gone at the end."""
    return tuple(_differences(old, new))


def _differences(old: Ruleset, new: Ruleset) -> Iterator[Difference]:
    before, after = old.model_dump(), new.model_dump()
    if keys := _changed(before, after, _HEAD_KEYS):
        yield Difference("修改", HEAD, keys)
    known, wanted = dict(_items(old)), dict(_items(new))
    for place, item in wanted.items():
        if place not in known:
            yield Difference("增加", _name(item))
        elif keys := _changed(known[place], item, tuple(dict.fromkeys((*known[place], *item)))):
            yield Difference("修改", _name(item), keys)
    for place, item in known.items():
        if place not in wanted:
            yield Difference("删除", _name(item))


def _items(ruleset: Ruleset) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that bears an id, by it; indicators with the section they stand in."""
    for dimension in ruleset.dimensions:
        yield dimension.id, dimension.model_dump(exclude={"indicators"})
    for gate in ruleset.gates:
        yield gate.id, gate.model_dump()
    if ruleset.bonuses:
        yield "加分", {"name": "规则", **ruleset.bonuses.model_dump(exclude={"indicators"}), "id": "加分"}
    for section, indicator in ruleset.indicators():
        yield indicator.id, {**indicator.model_dump(), "section": section}


def _changed(
    before: Mapping[str, Any], after: Mapping[str, Any], keys: tuple[str, ...]
) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (KEYS.get(key, key), _shown(before.get(key)), _shown(after.get(key)))
        for key in keys
        if before.get(key) != after.get(key)
    )


def _name(item: Mapping[str, Any]) -> str:
    return f"{item['id']} {item.get('name') or item.get('words') or ''}".strip()


def _shown(value: object) -> str:
    """A value in one line: amounts by their number, lists and mappings item by item."""
    if value is None or value in ("", (), [], {}):
        return "无"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Mapping):
        if "value" in value:
            return _shown(value["value"])
        return "，".join(
            f"{KEYS.get(key, key)} {_shown(held)}" for key, held in value.items() if held not in (None, "", (), [], {})
        )
    if isinstance(value, list | tuple):
        return "；".join(_shown(held) for held in value)
    return str(getattr(value, "label", value))
